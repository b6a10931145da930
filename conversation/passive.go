package conversation

import (
	"context"
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

// MarkPassive notes that the response to the callback of the message with this source id carries these messages.
func (s *Store) MarkPassive(ctx context.Context, tx *db.Tx, messages []Message, source string) error {
	for _, m := range messages {
		n, err := tx.Exec(ctx, "UPDATE messages SET delivery = 'sent', reason = '', passive = ?, due_at = NULL, lease_until = 0 WHERE id = ? AND due_at IS NOT NULL AND lease_token = ''",
			source, m.ID)
		if err != nil {
			return fmt.Errorf("mark message %d passive: %w", m.ID, err)
		}
		if n == 0 {
			return db.ErrLeaseLost
		}
		s.note(ctx, tx, Event{Kind: EventMessageState, ConversationID: m.ConversationID, Seq: m.Seq})
	}
	return nil
}

// GivenPassively reads what the response to a callback carried, if that was not before a time.
func (s *Store) GivenPassively(ctx context.Context, from db.Querier, conversationID int64, source string, after time.Time) ([]Message, error) {
	return s.queryMessages(ctx, from, "WHERE m.conversation_id = ? AND m.passive = ? AND m.passive <> '' AND m.created_at > ? ORDER BY m.seq",
		conversationID, source, db.Millis(after))
}

// Unsend puts messages that a response did not carry back into the outbox, due at the time given.
func (s *Store) Unsend(ctx context.Context, tx *db.Tx, messages []Message, due time.Time) error {
	for _, m := range messages {
		_, err := tx.Exec(ctx, "UPDATE messages SET delivery = 'queued', due_at = ? WHERE id = ? AND delivery = 'sent' AND passive <> ''", db.Millis(due), m.ID)
		if err != nil {
			return fmt.Errorf("put message %d back: %w", m.ID, err)
		}
		s.note(ctx, tx, Event{Kind: EventMessageState, ConversationID: m.ConversationID, Seq: m.Seq})
	}
	return nil
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
