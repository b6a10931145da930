package conversation

import (
	"context"
	"fmt"

	"huiyin/db"
)

// Entity is a piece of a customer's message with a meaning of its own, such as an order number. Of a hidden one neither the
// whole text nor a value is kept.
type Entity struct {
	Kind   string `json:"kind"`
	Text   string `json:"text"`
	Value  string `json:"value,omitempty"` // its normal form
	Hidden bool   `json:"hidden,omitempty"`
}

// receive has a message looked at once before anything of it is stored, and makes what is stored of it.
func (s *Store) receive(in *Incoming) error {
	if s.OnArrival != nil && !in.guarded {
		if err := s.OnArrival(in); err != nil {
			return err
		}
		in.guarded = true
	}
	return in.prepare()
}

// Look has a message looked at now, before anything of it, its files too, is stored.
func (s *Store) Look(in *Incoming) error { return s.receive(in) }

// keepOriginal stores the sealed original of a message in which numbers were hidden.
func (s *Store) keepOriginal(ctx context.Context, tx *db.Tx, m Message, in Incoming) error {
	if in.Sealed == "" {
		return nil
	}
	_, err := tx.Exec(ctx, "INSERT INTO message_originals (message_id, sealed, at) VALUES (?, ?, ?)", m.ID, in.Sealed, db.Millis(tx.Now))
	if err != nil {
		return fmt.Errorf("keep original: %w", err)
	}
	return nil
}

// Original reads the sealed original of a message; ErrNotFound when nothing in it was hidden.
func (s *Store) Original(ctx context.Context, from db.Querier, messageID int64) (sealed string, err error) {
	err = from.QueryRow(ctx, "SELECT sealed FROM message_originals WHERE message_id = ?", messageID).Scan(&sealed)
	if db.NoRows(err) {
		return "", fmt.Errorf("original of message %d: %w", messageID, ErrNotFound)
	}
	if err != nil {
		return "", fmt.Errorf("read original: %w", err)
	}
	return sealed, nil
}
