package conversation

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"time"

	"huiyin/db"
)

// Explained reads the newest explanations of what the bot said to customers.
func (s *Store) Explained(ctx context.Context, from db.Querier, limit int) ([]string, error) {
	rows, err := from.Query(ctx, "SELECT explanation FROM messages WHERE sender = 'bot' AND explanation <> '' ORDER BY id DESC LIMIT ?", limit)
	if err != nil {
		return nil, fmt.Errorf("read explanations: %w", err)
	}
	defer rows.Close()
	var found []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, fmt.Errorf("read explanations: %w", err)
		}
		found = append(found, text)
	}
	return found, rows.Err()
}

// ExplainedTurn is an automatic decision with the message that it is kept with: what the bot said, or the note with which it
// handed the conversation over.
type ExplainedTurn struct {
	MessageID, ConversationID, Seq int64
	At                             time.Time
	Explanation                    string
}

// ExplainedTurns reads automatic decisions of messages before the one with the id given (0: from the newest on), the newest
// first.
func (s *Store) ExplainedTurns(ctx context.Context, from db.Querier, before int64, limit int) ([]ExplainedTurn, error) {
	if before <= 0 {
		before = math.MaxInt64
	}
	rows, err := from.Query(ctx, `SELECT id, conversation_id, seq, created_at, explanation FROM messages
 WHERE sender = 'bot' AND explanation <> '' AND id < ? ORDER BY id DESC LIMIT ?`, before, limit)
	if err != nil {
		return nil, fmt.Errorf("read explanations: %w", err)
	}
	return readExplained(rows)
}

func readExplained(rows *sql.Rows) ([]ExplainedTurn, error) {
	defer rows.Close()
	var found []ExplainedTurn
	for rows.Next() {
		var t ExplainedTurn
		var at int64
		if err := rows.Scan(&t.MessageID, &t.ConversationID, &t.Seq, &at, &t.Explanation); err != nil {
			return nil, fmt.Errorf("read explanations: %w", err)
		}
		t.At = db.Time(at)
		found = append(found, t)
	}
	return found, rows.Err()
}
