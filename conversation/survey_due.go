package conversation

import (
	"context"
	"fmt"
	"time"

	"huiyin/db"
)

// DueSurveys finds the conversations of an inbox that ended within this span of time and whose customer has not been asked;
// one that was rated needs no question.
func (s *Store) DueSurveys(ctx context.Context, from db.Querier, inboxID int64, since, until time.Time, limit int) ([]int64, error) {
	return s.ids(ctx, from, `SELECT c.id FROM conversations c WHERE c.inbox_id = ? AND c.resolved_at <> 0 AND c.resolved_at BETWEEN ? AND ?
 AND NOT EXISTS (SELECT 1 FROM surveys s WHERE s.conversation_id = c.id) ORDER BY c.resolved_at LIMIT ?`,
		inboxID, db.Millis(since), db.Millis(until), limit)
}

// NoteSurvey notes that the customer of a conversation is asked; or, with a reason, why not. first is false, and nothing is
// noted, when that was done before.
func (s *Store) NoteSurvey(ctx context.Context, tx *db.Tx, c *Conversation, scale Scale, reason string) (first bool, err error) {
	state := surveyAsked
	if reason != "" {
		state = surveyLeft
	}
	n, err := tx.Exec(ctx, "INSERT INTO surveys (conversation_id, inbox_id, scale, state, reason, at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		c.ID, c.InboxID, string(scale), state, reason, db.Millis(tx.Now))
	if err != nil {
		return false, fmt.Errorf("note survey: %w", err)
	}
	return n > 0, nil
}

// DropSurvey takes a question back that did not go out.
func (s *Store) DropSurvey(ctx context.Context, tx *db.Tx, conversationID int64, reason string) error {
	_, err := tx.Exec(ctx, "UPDATE surveys SET state = ?, reason = ? WHERE conversation_id = ? AND state = ?", surveyLeft, reason, conversationID, surveyAsked)
	return wrap("drop survey", err)
}

// closeSurvey notes that the customer has answered.
func closeSurvey(ctx context.Context, tx *db.Tx, conversationID int64) error {
	_, err := tx.Exec(ctx, "UPDATE surveys SET state = ?, answered_at = ? WHERE conversation_id = ? AND state = ?",
		surveyAnswered, db.Millis(tx.Now), conversationID, surveyAsked)
	return wrap("close survey", err)
}

// Machine tells whether a conversation's last words of the customer's side came from a machine, such as a notice of absence.
func (s *Store) Machine(ctx context.Context, from db.Querier, conversationID int64) (bool, error) {
	var n int
	err := from.QueryRow(ctx, `SELECT COUNT(*) FROM messages m WHERE m.conversation_id = ? AND m.sender = 'contact' AND m.content LIKE '%"automatic":%'
 AND NOT EXISTS (SELECT 1 FROM messages l WHERE l.conversation_id = m.conversation_id AND l.sender = 'contact' AND l.seq > m.seq)`, conversationID).Scan(&n)
	return n > 0, wrap("look for automatic mail", err)
}

// Unsettled reads the conversations whose rating nobody has drawn the consequences of yet.
func (s *Store) Unsettled(ctx context.Context, from db.Querier, limit int) ([]int64, error) {
	return s.ids(ctx, from, "SELECT conversation_id FROM ratings WHERE settled = 0 ORDER BY conversation_id LIMIT ?", limit)
}

// SettleRating notes that the consequences of a rating are drawn; first is false when they were before.
func (s *Store) SettleRating(ctx context.Context, tx *db.Tx, conversationID int64) (first bool, err error) {
	n, err := tx.Exec(ctx, "UPDATE ratings SET settled = 1 WHERE conversation_id = ? AND settled = 0", conversationID)
	if err != nil {
		return false, fmt.Errorf("settle rating: %w", err)
	}
	return n > 0, nil
}
