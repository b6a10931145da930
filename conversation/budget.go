package conversation

import (
	"context"
	"fmt"
	"time"

	"huiyin/db"
)

// Grant is an allowance to send: so many messages within a time. Another one of the same name takes its place.
type Grant struct {
	Name  string // what opened it, e.g. "message", "menu"
	Sends int    // 0: any number
	For   time.Duration
}

// Budget is what may still be sent to a customer. The zero Budget is an empty one.
type Budget struct {
	Left, Of  int
	Unlimited bool      // any number may be sent until Until
	Until     time.Time // when the last of it lapses; zero: nothing is open
}

// open is an allowance that has not lapsed.
type open struct {
	id, sends, used, until int64
}

func (o open) left() int { return int(o.sends - o.used) }

func (s *Store) openGrants(ctx context.Context, from db.Querier, identityID int64, now time.Time, lock string) ([]open, error) {
	rows, err := from.Query(ctx, "SELECT id, sends, used, expires_at FROM grants WHERE identity_id = ? AND expires_at > ? ORDER BY expires_at, id"+lock,
		identityID, db.Millis(now))
	if err != nil {
		return nil, fmt.Errorf("read send budget: %w", err)
	}
	defer rows.Close()
	var found []open
	for rows.Next() {
		var o open
		if err := rows.Scan(&o.id, &o.sends, &o.used, &o.until); err != nil {
			return nil, fmt.Errorf("read send budget: %w", err)
		}
		found = append(found, o)
	}
	return found, rows.Err()
}

// Budget reads what may still be sent to an identity.
func (s *Store) Budget(ctx context.Context, from db.Querier, identityID int64, now time.Time) (Budget, error) {
	grants, err := s.openGrants(ctx, from, identityID, now, "")
	return sum(grants), err
}

func sum(grants []open) Budget {
	var b Budget
	for _, g := range grants {
		b = b.with(g)
	}
	return b
}

// with adds an allowance; they come in the order in which they lapse.
func (b Budget) with(o open) Budget {
	b.Unlimited = b.Unlimited || o.sends == 0
	if b.Left == 0 { // what is used up does not count beside what is not
		b.Of = 0
	}
	if o.left() > 0 || b.Left == 0 {
		b.Left, b.Of, b.Until = b.Left+o.left(), b.Of+int(o.sends), db.Time(o.until)
	}
	return b
}

// Budgets reads what may still be sent to some identities; each of them is in the result.
func (s *Store) Budgets(ctx context.Context, from db.Querier, identityIDs []int64, now time.Time) (map[int64]Budget, error) {
	budgets := make(map[int64]Budget, len(identityIDs))
	for _, id := range identityIDs {
		budgets[id] = Budget{}
	}
	if len(identityIDs) == 0 {
		return budgets, nil
	}
	list, args := idMarks(identityIDs)
	rows, err := from.Query(ctx, "SELECT identity_id, sends, used, expires_at FROM grants WHERE identity_id IN ("+list+") AND expires_at > ? ORDER BY expires_at, id",
		append(args, db.Millis(now))...)
	if err != nil {
		return nil, fmt.Errorf("read send budgets: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var o open
		if err := rows.Scan(&id, &o.sends, &o.used, &o.until); err != nil {
			return nil, fmt.Errorf("read send budgets: %w", err)
		}
		budgets[id] = budgets[id].with(o)
	}
	return budgets, rows.Err()
}

// follow stores what a customer's message or event brings along: allowances, files to fetch, a response that waits.
func (s *Store) follow(ctx context.Context, tx *db.Tx, identityID int64, m Message, in Incoming) error {
	if in.Leaves {
		if _, err := tx.Exec(ctx, "DELETE FROM grants WHERE identity_id = ?", identityID); err != nil {
			return fmt.Errorf("close send budget: %w", err)
		}
	}
	if in.Grant != nil {
		if err := s.grant(ctx, tx, identityID, m.ConversationID, in); err != nil {
			return err
		}
	}
	if in.Consent != "" {
		if err := s.SetConsent(ctx, tx, m.InboxID, in.Address, in.Consent, in.Text); err != nil {
			return err
		}
	}
	if in.Hold > 0 {
		_, err := tx.Exec(ctx, "UPDATE conversations SET passive_until = ? WHERE id = ?", db.Millis(tx.Now.Add(in.Hold)), m.ConversationID)
		if err != nil {
			return fmt.Errorf("hold for the response: %w", err)
		}
	}
	return s.announce(ctx, tx, m, in.Media)
}

// grant opens an allowance, unless a newer one of its name is open, and lets go what was held back for want of one.
func (s *Store) grant(ctx context.Context, tx *db.Tx, identityID, conversationID int64, in Incoming) error {
	opened := tx.Now
	if !in.SentAt.IsZero() && in.SentAt.Before(opened) {
		opened = in.SentAt
	}
	_, err := tx.Exec(ctx, `INSERT INTO grants (identity_id, name, sends, opened_at, expires_at) VALUES (?, ?, ?, ?, ?)
 ON CONFLICT (identity_id, name) DO UPDATE SET sends = excluded.sends, used = 0, opened_at = excluded.opened_at, expires_at = excluded.expires_at
 WHERE excluded.opened_at >= grants.opened_at`,
		identityID, in.Grant.Name, in.Grant.Sends, db.Millis(opened), db.Millis(opened.Add(in.Grant.For)))
	if err != nil {
		return fmt.Errorf("open send budget: %w", err)
	}
	_, err = tx.Exec(ctx, `UPDATE messages SET delivery = 'queued', reason = '', due_at = ? WHERE delivery = 'held' AND conversation_id IN
 (SELECT o.id FROM conversations c JOIN conversations o ON o.contact_id = c.contact_id WHERE c.id = ? AND o.identity_id = ?)`,
		db.Millis(tx.Now), conversationID, identityID)
	if err != nil {
		return fmt.Errorf("let held messages go: %w", err)
	}
	return nil
}

// Spend takes what a message costs from the allowances of its receiver, the soonest to lapse first, and leaves at least
// keep of them. ok is false, and nothing is taken, when there is not so much.
func (s *Store) Spend(ctx context.Context, tx *db.Tx, p Parcel, cost, keep int) (ok bool, err error) {
	grants, err := s.openGrants(ctx, tx, p.IdentityID, tx.Now, tx.ForUpdate())
	if err != nil {
		return false, err
	}
	need := cost - p.Message.Charged
	b := sum(grants)
	if b.Unlimited {
		return true, nil
	}
	if b.Left-need < keepable(b, keep) {
		return false, nil
	}
	for _, g := range grants {
		n := min(need, g.left())
		if n <= 0 {
			continue
		}
		if _, err := tx.Exec(ctx, "UPDATE grants SET used = used + ? WHERE id = ?", n, g.id); err != nil {
			return false, fmt.Errorf("spend send budget: %w", err)
		}
		need -= n
	}
	if _, err := tx.Exec(ctx, "UPDATE messages SET charged = ? WHERE id = ?", cost, p.Message.ID); err != nil {
		return false, fmt.Errorf("spend send budget: %w", err)
	}
	return true, nil
}

// keepable is how many may be kept back: of an allowance of one there is nothing to keep.
func keepable(b Budget, keep int) int {
	if b.Of <= keep {
		return 0
	}
	return keep
}

// Refund gives back what was charged for parts that the provider did not take.
func (s *Store) Refund(ctx context.Context, tx *db.Tx, p Parcel, charged, taken int) error {
	if _, err := tx.Exec(ctx, "UPDATE messages SET charged = ?, taken = ? WHERE id = ?", taken, taken, p.Message.ID); err != nil {
		return fmt.Errorf("refund send budget: %w", err)
	}
	back := int64(charged - taken)
	grants, err := s.openGrants(ctx, tx, p.IdentityID, tx.Now, tx.ForUpdate())
	if err != nil {
		return err
	}
	for i := len(grants) - 1; i >= 0 && back > 0; i-- {
		n := min(back, grants[i].used)
		if _, err := tx.Exec(ctx, "UPDATE grants SET used = used - ? WHERE id = ?", n, grants[i].id); err != nil {
			return fmt.Errorf("refund send budget: %w", err)
		}
		back -= n
	}
	return nil
}

// Exhaust empties the allowances of an identity, because the provider says that there are none.
func (s *Store) Exhaust(ctx context.Context, tx *db.Tx, identityID int64) error {
	_, err := tx.Exec(ctx, "UPDATE grants SET used = sends, expires_at = CASE WHEN sends = 0 THEN 0 ELSE expires_at END WHERE identity_id = ?", identityID)
	if err != nil {
		return fmt.Errorf("exhaust send budget: %w", err)
	}
	return nil
}
