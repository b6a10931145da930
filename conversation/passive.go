package conversation

import (
	"context"
	"errors"
	"fmt"
	"time"

	"huiyin/db"
)

// Unleased reads, for a change, the oldest messages of a conversation that are in the outbox; none when one of them is
// being sent.
func (s *Store) Unleased(ctx context.Context, tx *db.Tx, conversationID int64, limit int) ([]Message, error) {
	if _, err := s.Load(ctx, tx, conversationID); err != nil {
		return nil, err
	}
	var busy int
	row := tx.QueryRow(ctx, "SELECT COUNT(*) FROM messages WHERE conversation_id = ? AND due_at IS NOT NULL AND lease_token <> ''", conversationID)
	if err := row.Scan(&busy); err != nil || busy > 0 {
		return nil, err
	}
	return s.Following(ctx, tx, conversationID, 0, limit)
}

// LeasePassive leases messages, which Unleased has read, to the response to the callback of the message with this source id;
// they go together. Like any message whose worker dies over it they are recovered when the lease ends.
func (s *Store) LeasePassive(ctx context.Context, tx *db.Tx, messages []Message, source, mark string, until time.Time) error {
	for i, m := range messages {
		token, joined := mark, int64(0)
		if i > 0 { // nobody else can have those behind a leased one
			token, joined = "", messages[0].ID
		}
		n, err := tx.Exec(ctx, `UPDATE messages SET passive = ?, lease_token = ?, lease_until = ?, joined_to = ?, due_at = ?, attempts = attempts + 1
 WHERE id = ? AND due_at IS NOT NULL AND lease_token = ''`, source, token, db.Millis(until), joined, db.Millis(tx.Now), m.ID)
		if err != nil {
			return fmt.Errorf("lease message %d to a response: %w", m.ID, err)
		}
		if n == 0 {
			return db.ErrLeaseLost
		}
	}
	return nil
}

// Carried notes that a response has carried messages; mark is that of their lease, or empty when an earlier response to the
// same callback was to carry them. It counts also when it comes so late that they were given up as uncertain meanwhile:
// nobody sent them otherwise.
func (s *Store) Carried(ctx context.Context, tx *db.Tx, messages []Message, mark string) error {
	err := s.endPassive(ctx, tx, messages, mark, Sent, nil)
	if errors.Is(err, db.ErrLeaseLost) && mark != "" {
		return s.endPassive(ctx, tx, messages, "", Sent, nil)
	}
	return err
}

// Uncarried puts messages that a response did not carry back into the outbox, due at the time given.
func (s *Store) Uncarried(ctx context.Context, tx *db.Tx, messages []Message, mark string, due time.Time) error {
	return s.endPassive(ctx, tx, messages, mark, Queued, db.Millis(due))
}

func (s *Store) endPassive(ctx context.Context, tx *db.Tx, messages []Message, mark string, state Delivery, due any) error {
	for i, m := range messages {
		if i > 0 {
			mark = ""
		}
		n, err := tx.Exec(ctx, `UPDATE messages SET delivery = ?, reason = '', due_at = ?, lease_until = 0, lease_token = '', recovered = 0, attempts = 0,
 joined_to = CASE WHEN ? = 'queued' THEN 0 ELSE joined_to END, passive = CASE WHEN ? = 'queued' THEN '' ELSE passive END WHERE id = ? AND passive <> '' AND lease_token = ?`, string(state), due, string(state), string(state), m.ID, mark)
		if err != nil {
			return fmt.Errorf("end response with message %d: %w", m.ID, err)
		}
		if n == 0 {
			return db.ErrLeaseLost
		}
		s.note(tx, Event{Kind: EventMessageState, ConversationID: m.ConversationID, Seq: m.Seq})
	}
	return nil
}

// GivenPassively reads what the response to a callback carried, or was to carry.
func (s *Store) GivenPassively(ctx context.Context, from db.Querier, conversationID int64, source string) ([]Message, error) {
	return s.queryMessages(ctx, from, "WHERE m.conversation_id = ? AND m.passive = ? AND m.passive <> '' ORDER BY m.seq", conversationID, source)
}

// EndHold lets what was held for a response go the usual way.
func (s *Store) EndHold(ctx context.Context, tx *db.Tx, conversationID int64) error {
	if _, err := tx.Exec(ctx, "UPDATE conversations SET passive_until = 0 WHERE id = ?", conversationID); err != nil {
		return fmt.Errorf("end hold: %w", err)
	}
	_, err := tx.Exec(ctx, "UPDATE messages SET due_at = ? WHERE conversation_id = ? AND due_at > ? AND attempts = 0 AND delivery = 'queued' AND passive = ''",
		db.Millis(tx.Now), conversationID, db.Millis(tx.Now))
	if err != nil {
		return fmt.Errorf("end hold: %w", err)
	}
	return nil
}
