package conversation

import (
	"context"
	"fmt"
	"hash/fnv"
	"time"

	"huiyin/db"
)

// Receipt is a provider's later word on a message that it was given.
type Receipt struct {
	ProviderID string   // of the message, or of a part of it
	MessageID  int64    // of ours, where the provider gives it back; else 0
	State      Delivery // Delivered, Read or Failed
	Reason     string
}

var deliveryRank = map[Delivery]int{Held: 0, Queued: 0, Uncertain: 1, Sent: 2, Failed: 3, Delivered: 4, Read: 5}

// subject is the message that a receipt is about.
type subject struct {
	id, conversation, seq int64
	now                   Delivery
	part                  bool // the receipt is about one of its parts
}

const selectSubject = "SELECT m.id, m.conversation_id, m.seq, m.delivery FROM messages m "

// ways in which a receipt's message is found, the likeliest first; each takes the inbox and what names the message.
const (
	byProviderID = selectSubject + "WHERE m.inbox_id = ? AND m.provider_id = ? AND m.provider_id <> ''"
	byPart       = selectSubject + "WHERE m.id = (SELECT p.message_id FROM parts p WHERE p.inbox_id = ? AND p.provider_id = ?)"
	byOtherWay   = selectSubject + `WHERE (SELECT i.inbox_id FROM identities i WHERE i.id = m.via_identity_id) = ?
 AND m.provider_id = ? AND m.via_identity_id <> 0`
	byMessageID = selectSubject + `WHERE ? IN (m.inbox_id, (SELECT i.inbox_id FROM identities i WHERE i.id = m.via_identity_id))
 AND m.id = ? AND m.sender <> 'contact' AND m.private = 0`
)

// Settle applies a receipt; one that says less than is known changes nothing. One that comes before its message is known
// to have been taken is kept until then.
func (s *Store) Settle(ctx context.Context, tx *db.Tx, inboxID int64, r Receipt) error {
	m, found, err := s.subject(ctx, tx, inboxID, r)
	if err != nil {
		return fmt.Errorf("settle receipt: %w", err)
	}
	if !found && r.ProviderID != "" { // its message may just be becoming known, in another transaction
		if err := meet(ctx, tx, inboxID, r.ProviderID); err != nil {
			return err
		}
		if m, found, err = s.subject(ctx, tx, inboxID, r); err != nil {
			return fmt.Errorf("settle receipt: %w", err)
		}
	}
	if !found {
		return s.keepReceipt(ctx, tx, inboxID, r)
	}
	state := r.State
	if m.part {
		if state, err = s.settlePart(ctx, tx, inboxID, r, m); err != nil {
			return err
		}
	}
	return s.apply(ctx, tx, m, state, r.Reason)
}

// meet has a receipt and the message that it is about come one after the other, so that each sees the other.
func meet(ctx context.Context, tx *db.Tx, inboxID int64, providerID string) error {
	key := fnv.New64a()
	_, _ = fmt.Fprintf(key, "receipt %d %s", inboxID, providerID)
	if err := tx.Lock(ctx, int64(key.Sum64())); err != nil {
		return fmt.Errorf("lock receipt: %w", err)
	}
	return nil
}

func (s *Store) subject(ctx context.Context, tx *db.Tx, inboxID int64, r Receipt) (m subject, found bool, err error) {
	for _, way := range []struct {
		query string
		name  any
		known bool
	}{{byPart, r.ProviderID, r.ProviderID != ""}, {byProviderID, r.ProviderID, r.ProviderID != ""},
		{byOtherWay, r.ProviderID, r.ProviderID != ""}, {byMessageID, r.MessageID, r.MessageID != 0}} {
		if !way.known {
			continue
		}
		err := tx.QueryRow(ctx, way.query+tx.ForUpdate(), inboxID, way.name).Scan(&m.id, &m.conversation, &m.seq, &m.now)
		if db.NoRows(err) {
			continue
		}
		m.part = way.query == byPart
		return m, err == nil, err
	}
	return m, false, nil
}

// settlePart notes what became of a part and tells what that makes of the message: delivered with its last part, failed
// with any.
func (s *Store) settlePart(ctx context.Context, tx *db.Tx, inboxID int64, r Receipt, m subject) (Delivery, error) {
	if _, err := tx.Exec(ctx, "UPDATE parts SET state = ? WHERE inbox_id = ? AND provider_id = ?", string(r.State), inboxID, r.ProviderID); err != nil {
		return "", fmt.Errorf("settle part: %w", err)
	}
	var all, done, failed int
	row := tx.QueryRow(ctx, `SELECT COUNT(*), COUNT(CASE WHEN state IN ('delivered', 'read') THEN 1 END), COUNT(CASE WHEN state = 'failed' THEN 1 END)
 FROM parts WHERE message_id = ?`, m.id)
	if err := row.Scan(&all, &done, &failed); err != nil {
		return "", fmt.Errorf("settle part: %w", err)
	}
	switch {
	case failed > 0:
		return Failed, nil
	case done == all:
		return Delivered, nil
	}
	return m.now, nil
}

// apply moves a message and those that went out with it on to a state, unless they are further.
func (s *Store) apply(ctx context.Context, tx *db.Tx, m subject, state Delivery, reason string) error {
	if deliveryRank[state] <= deliveryRank[m.now] {
		return nil
	}
	if state != Failed {
		reason = ""
	}
	_, err := tx.Exec(ctx, `UPDATE messages SET delivery = ?, reason = ?, due_at = NULL, lease_until = 0, lease_token = '', recovered = 0
 WHERE id = ? OR (joined_to = ? AND joined_to <> 0)`, string(state), reason, m.id, m.id)
	if err != nil {
		return fmt.Errorf("settle receipt: %w", err)
	}
	s.note(tx, Event{Kind: EventMessageState, ConversationID: m.conversation, Seq: m.seq})
	return nil
}

// keepReceipt keeps a receipt for a message that is not known to have been taken yet.
func (s *Store) keepReceipt(ctx context.Context, tx *db.Tx, inboxID int64, r Receipt) error {
	if r.ProviderID == "" {
		return fmt.Errorf("message %d: %w", r.MessageID, ErrNotFound)
	}
	_, err := tx.Exec(ctx, `INSERT INTO early_receipts (inbox_id, provider_id, state, reason, at) VALUES (?, ?, ?, ?, ?)
 ON CONFLICT (inbox_id, provider_id) DO UPDATE SET state = excluded.state, reason = excluded.reason, at = excluded.at`,
		inboxID, r.ProviderID, string(r.State), r.Reason, db.Millis(tx.Now))
	if err != nil {
		return fmt.Errorf("keep early receipt: %w", err)
	}
	return nil
}

// taken stores the provider's ids of a message's parts, and applies the receipts that came before.
func (s *Store) taken(ctx context.Context, tx *db.Tx, p Parcel, ids []string) error {
	for _, id := range ids {
		if len(ids) > 1 {
			_, err := tx.Exec(ctx, "INSERT INTO parts (inbox_id, provider_id, message_id, state) VALUES (?, ?, ?, 'sent') ON CONFLICT DO NOTHING", p.Inbox.ID, id, p.Message.ID)
			if err != nil {
				return fmt.Errorf("store part: %w", err)
			}
		}
		if err := meet(ctx, tx, p.Inbox.ID, id); err != nil {
			return err
		}
		r := Receipt{ProviderID: id}
		row := tx.QueryRow(ctx, "SELECT state, reason FROM early_receipts WHERE inbox_id = ? AND provider_id = ?", p.Inbox.ID, id)
		if err := row.Scan(&r.State, &r.Reason); db.NoRows(err) {
			continue
		} else if err != nil {
			return fmt.Errorf("read early receipt: %w", err)
		}
		if _, err := tx.Exec(ctx, "DELETE FROM early_receipts WHERE inbox_id = ? AND provider_id = ?", p.Inbox.ID, id); err != nil {
			return fmt.Errorf("take early receipt: %w", err)
		}
		if err := s.Settle(ctx, tx, p.Inbox.ID, r); err != nil {
			return err
		}
	}
	return nil
}

// PruneReceipts forgets receipts that came before a time and found no message.
func (s *Store) PruneReceipts(ctx context.Context, before time.Time) error {
	return s.DB.Tx(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, "DELETE FROM early_receipts WHERE at < ?", db.Millis(before)); err != nil {
			return fmt.Errorf("forget early receipts: %w", err)
		}
		return nil
	})
}
