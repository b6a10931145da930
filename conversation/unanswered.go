package conversation

import (
	"context"
	"time"

	"huiyin/db"
)

// Unanswered finds conversations of the bot in which it spoke last, within this span of time.
func (s *Store) Unanswered(ctx context.Context, from db.Querier, since, until time.Time, limit int) ([]int64, error) {
	return s.ids(ctx, from, `SELECT c.id FROM conversations c WHERE c.status = ? AND c.last_sender = ? AND c.last_message_at BETWEEN ? AND ?
 AND c.due_at IS NULL ORDER BY c.last_message_at DESC LIMIT ?`, string(Pending), string(FromBot), db.Millis(since), db.Millis(until), limit)
}
