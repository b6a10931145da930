package conversation

import (
	"context"
	"fmt"
	"time"

	"huiyin/db"
)

// Pulls are the inboxes whose provider is asked for what came in.
func Pulls() db.Queue { return db.Queue{Table: "pulls"} }

// Pull is a claimed inbox to ask for.
type Pull struct {
	Lease        db.Lease
	Inbox        Inbox
	Cursor, Hint string
	Failure      string // why asking failed last
	rings        int64
}

// StartPulling makes sure that an inbox is asked for.
func (s *Store) StartPulling(ctx context.Context, inboxID int64) error {
	return s.DB.Tx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO pulls (inbox_id, due_at) VALUES (?, ?) ON CONFLICT (inbox_id) DO NOTHING", inboxID, db.Millis(tx.Now))
		if err != nil {
			return fmt.Errorf("start pulling: %w", err)
		}
		return nil
	})
}

// Pulling lists the inboxes that are asked for.
func (s *Store) Pulling(ctx context.Context, from db.Querier) (map[int64]bool, error) {
	rows, err := from.Query(ctx, "SELECT inbox_id FROM pulls")
	if err != nil {
		return nil, fmt.Errorf("read pulls: %w", err)
	}
	defer rows.Close()
	found := map[int64]bool{}
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("read pulls: %w", err)
		}
		found[id] = true
	}
	return found, rows.Err()
}

// Ring has an inbox asked for at once; the hint goes with the next request.
func (s *Store) Ring(ctx context.Context, tx *db.Tx, inboxID int64, hint string) error {
	_, err := tx.Exec(ctx, `INSERT INTO pulls (inbox_id, hint, rings, due_at) VALUES (?, ?, 1, ?)
 ON CONFLICT (inbox_id) DO UPDATE SET hint = excluded.hint, rings = pulls.rings + 1, due_at = excluded.due_at`, inboxID, hint, db.Millis(tx.Now))
	if err != nil {
		return fmt.Errorf("ring for inbox %d: %w", inboxID, err)
	}
	return nil
}

// PullAll has every inbox asked for at once.
func (s *Store) PullAll(ctx context.Context) error {
	return s.DB.Tx(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, "UPDATE pulls SET due_at = ? WHERE due_at > ?", db.Millis(tx.Now), db.Millis(tx.Now)); err != nil {
			return fmt.Errorf("pull all: %w", err)
		}
		return nil
	})
}

// LoadPull loads a claimed inbox with where to go on.
func (s *Store) LoadPull(ctx context.Context, from db.Querier, l db.Lease) (Pull, error) {
	p := Pull{Lease: l}
	var inbox int64
	row := from.QueryRow(ctx, "SELECT inbox_id, cursor, hint, rings, failure FROM pulls WHERE id = ?", l.ID)
	if err := row.Scan(&inbox, &p.Cursor, &p.Hint, &p.rings, &p.Failure); err != nil {
		return Pull{}, fmt.Errorf("load pull %d: %w", l.ID, err)
	}
	found, err := s.queryInboxes(ctx, from, "id = ?", inbox)
	if err != nil || len(found) == 0 {
		return Pull{}, fmt.Errorf("load inbox %d: %w", inbox, orNotFound(err))
	}
	p.Inbox = found[0]
	return p, nil
}

// Pulled stores how far asking has come, in the transaction of what it brought, and when to ask next: at once when
// somebody has rung meanwhile. The zero time is never, unless somebody rings. The hint stays for what is asked for at once.
func (s *Store) Pulled(ctx context.Context, tx *db.Tx, p Pull, cursor string, next time.Time) error {
	if err := Pulls().Finish(ctx, tx, p.Lease, next); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE pulls SET cursor = ?, failure = '', attempts = 0, hint = CASE WHEN rings = ? AND COALESCE(due_at, ?) > ? THEN '' ELSE hint END,
 due_at = CASE WHEN rings = ? THEN due_at ELSE ? END WHERE id = ?`,
		cursor, p.rings, db.Millis(tx.Now)+1, db.Millis(tx.Now), p.rings, db.Millis(tx.Now), p.Lease.ID)
	if err != nil {
		return fmt.Errorf("save cursor of inbox %d: %w", p.Inbox.ID, err)
	}
	return nil
}

// SaveCursor stores how far a listener has come, in the transaction of what it brought, while the inbox is still its.
func (s *Store) SaveCursor(ctx context.Context, tx *db.Tx, p Pull, cursor string) error {
	n, err := tx.Exec(ctx, "UPDATE pulls SET cursor = ?, failure = '' WHERE id = ? AND lease_token = ?", cursor, p.Lease.ID, p.Lease.Token)
	if err != nil {
		return fmt.Errorf("save cursor of inbox %d: %w", p.Inbox.ID, err)
	}
	if n == 0 {
		return db.ErrLeaseLost
	}
	return nil
}

// ListenerTells notes what is wrong with an inbox that is listened to all the same; "" that nothing is.
func (s *Store) ListenerTells(ctx context.Context, tx *db.Tx, p Pull, trouble string) error {
	_, err := tx.Exec(ctx, "UPDATE pulls SET failure = ? WHERE id = ? AND lease_token = ? AND failure <> ?", trouble, p.Lease.ID, p.Lease.Token, trouble)
	return wrap("note trouble", err)
}

// PullFailed notes why asking failed, and when to try again.
func (s *Store) PullFailed(ctx context.Context, tx *db.Tx, p Pull, reason string, next time.Time) error {
	if err := Pulls().Finish(ctx, tx, p.Lease, next); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "UPDATE pulls SET failure = ? WHERE id = ?", reason, p.Lease.ID); err != nil {
		return fmt.Errorf("note failure of inbox %d: %w", p.Inbox.ID, err)
	}
	return nil
}

// StillPulling tells whether the lease is still the caller's and the inbox as it was when it was leased.
func (s *Store) StillPulling(ctx context.Context, from db.Querier, p Pull) (bool, error) {
	var token string
	var updated, archived int64
	row := from.QueryRow(ctx, "SELECT p.lease_token, i.updated_at, i.archived_at FROM pulls p JOIN inboxes i ON i.id = p.inbox_id WHERE p.id = ?", p.Lease.ID)
	if err := row.Scan(&token, &updated, &archived); err != nil {
		return false, fmt.Errorf("look at pull %d: %w", p.Lease.ID, err)
	}
	return token == p.Lease.Token && updated == db.Millis(p.Inbox.UpdatedAt) && archived == 0, nil
}

// Trouble reads why the provider of an inbox could not be asked last; empty when it could, or is not asked.
func (s *Store) Trouble(ctx context.Context, from db.Querier, inboxID int64) (string, error) {
	var reason string
	err := from.QueryRow(ctx, "SELECT failure FROM pulls WHERE inbox_id = ?", inboxID).Scan(&reason)
	if err != nil && !db.NoRows(err) {
		return "", fmt.Errorf("read trouble of inbox %d: %w", inboxID, err)
	}
	return reason, nil
}
