package conversation

import (
	"context"
	"fmt"
	"time"

	"huiyin/db"
)

// Consent is whether a customer wants messages at an address of theirs.
type Consent string

// What a customer may say of it.
const (
	OptOut Consent = "out"
	OptIn  Consent = "in" // after an opt-out
)

// SetConsent notes that messages to an address on an inbox are wanted or not; word is how it was said.
func (s *Store) SetConsent(ctx context.Context, tx *db.Tx, inboxID int64, address string, c Consent, word string) error {
	if c != OptOut && c != OptIn {
		return &FieldError{"consent", `must be "out" or "in"`}
	}
	_, err := tx.Exec(ctx, `INSERT INTO consents (inbox_id, address, opted_out, word, at) VALUES (?, ?, ?, ?, ?)
 ON CONFLICT (inbox_id, address) DO UPDATE SET opted_out = excluded.opted_out, word = excluded.word, at = excluded.at`,
		inboxID, address, truth(c == OptOut), preview(word), db.Millis(tx.Now))
	if err != nil {
		return fmt.Errorf("store consent: %w", err)
	}
	return nil
}

// OptedOut tells since when an address on an inbox wants no messages; the zero time is that it does not object.
func (s *Store) OptedOut(ctx context.Context, from db.Querier, inboxID int64, address string) (time.Time, error) {
	var at int64
	err := from.QueryRow(ctx, "SELECT at FROM consents WHERE inbox_id = ? AND address = ? AND opted_out = 1", inboxID, address).Scan(&at)
	if db.NoRows(err) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("read consent: %w", err)
	}
	return db.Time(at), nil
}

// meant takes words about consent for what they are: opting in, which may be any yes, only from who had opted out; and who
// opts out again is not told so again.
func (s *Store) meant(ctx context.Context, from db.Querier, inbox Inbox, in Incoming) (Incoming, error) {
	if in.Consent == "" {
		return in, nil
	}
	since, err := s.OptedOut(ctx, from, inbox.ID, in.Address)
	if err != nil {
		return in, err
	}
	switch out := !since.IsZero(); {
	case in.Consent == OptIn && !out:
		in.Consent, in.Say = "", ""
	case in.Consent == OptOut && out:
		in.Say = ""
	}
	return in, in.prepare()
}
