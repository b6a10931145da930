package conversation

import (
	"context"
	"fmt"

	"huiyin/db"
)

// SetSnoozeReason keeps why a conversation was put aside; an empty reason forgets the one before.
func (s *Store) SetSnoozeReason(ctx context.Context, tx *db.Tx, conversationID int64, reason string) error {
	query, args := "DELETE FROM snooze_reasons WHERE conversation_id = ?", []any{conversationID}
	if reason != "" {
		query = "INSERT INTO snooze_reasons (conversation_id, reason) VALUES (?, ?) ON CONFLICT (conversation_id) DO UPDATE SET reason = excluded.reason"
		args = append(args, reason)
	}
	if _, err := tx.Exec(ctx, query, args...); err != nil {
		return fmt.Errorf("keep snooze reason: %w", err)
	}
	return nil
}

// SnoozeReasons reads why some conversations were put aside.
func (s *Store) SnoozeReasons(ctx context.Context, from db.Querier, ids []int64) (map[int64]string, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	list, args := idMarks(ids)
	rows, err := from.Query(ctx, "SELECT conversation_id, reason FROM snooze_reasons WHERE conversation_id IN ("+list+")", args...)
	if err != nil {
		return nil, fmt.Errorf("read snooze reasons: %w", err)
	}
	defer rows.Close()
	found := map[int64]string{}
	for rows.Next() {
		var id int64
		var reason string
		if err := rows.Scan(&id, &reason); err != nil {
			return nil, fmt.Errorf("read snooze reasons: %w", err)
		}
		found[id] = reason
	}
	return found, rows.Err()
}
