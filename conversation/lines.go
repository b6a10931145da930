package conversation

import (
	"context"
	"fmt"
	"time"

	"huiyin/db"
)

// Line is how one team's queue stands.
type Line struct {
	Waiting int
	Since   time.Time // when the one came who waits longest
	Average time.Duration
}

// Lines reads how the queues in scope stand, by team; 0 is no team.
func (s *Store) Lines(ctx context.Context, from db.Querier, scope Scope) (map[int64]Line, error) {
	var w where
	scope.limit(&w, "c")
	rows, err := from.Query(ctx, "SELECT c.team_id, COUNT(*), MIN(c.queued_at), SUM(c.queued_at) FROM conversations c WHERE c.queue_order <> 0"+w.text+" GROUP BY c.team_id", w.args...)
	if err != nil {
		return nil, fmt.Errorf("read queues: %w", err)
	}
	defer rows.Close()
	lines := map[int64]Line{}
	now := db.Millis(s.DB.Now())
	for rows.Next() {
		var team, n, first, sum int64
		if err := rows.Scan(&team, &n, &first, &sum); err != nil {
			return nil, fmt.Errorf("read queues: %w", err)
		}
		lines[team] = Line{Waiting: int(n), Since: db.Time(first), Average: time.Duration(max(0, now-sum/n)) * time.Millisecond}
	}
	return lines, rows.Err()
}

// QueueIn reads the ids of the waiting conversations in scope in their order, of one team or, with 0, of all.
func (s *Store) QueueIn(ctx context.Context, from db.Querier, scope Scope, teamID int64, limit int) ([]int64, error) {
	var w where
	scope.limit(&w, "c")
	if teamID != 0 {
		w.add("c.team_id = ?", teamID)
	}
	return s.ids(ctx, from, "SELECT c.id FROM conversations c WHERE c.queue_order <> 0"+w.text+" ORDER BY c.queue_order, c.id LIMIT ?", append(w.args, limit)...)
}
