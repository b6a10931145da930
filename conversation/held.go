package conversation

import (
	"context"
	"fmt"

	"huiyin/db"
)

// OpenByAgent reads from the kept counters how many open conversations each agent has.
func (s *Store) OpenByAgent(ctx context.Context, from db.Querier) (map[int64]int64, error) {
	rows, err := from.Query(ctx, "SELECT agent_id, SUM(total) FROM tallies WHERE status = 'open' AND agent_id <> 0 GROUP BY agent_id")
	if err != nil {
		return nil, fmt.Errorf("read load: %w", err)
	}
	defer rows.Close()
	load := map[int64]int64{}
	for rows.Next() {
		var agent, n int64
		if err := rows.Scan(&agent, &n); err != nil {
			return nil, fmt.Errorf("read load: %w", err)
		}
		load[agent] = n
	}
	return load, rows.Err()
}

// WaitingFor reads the ids of the open conversations of some agents in which the customer waits for an answer.
func (s *Store) WaitingFor(ctx context.Context, from db.Querier, agentIDs []int64, limit int) ([]int64, error) {
	return s.ids(ctx, from, "SELECT id FROM conversations WHERE agent_id IN ("+idList(agentIDs)+") AND agent_id <> 0 AND status = 'open' AND waiting_since <> 0 ORDER BY waiting_since LIMIT ?", limit)
}

// Behind reads the ids of the conversations that wait behind the place of c in its team's queue, in their order.
func (s *Store) Behind(ctx context.Context, from db.Querier, c *Conversation, limit int) ([]int64, error) {
	place := c.queueOrder()
	return s.ids(ctx, from, `SELECT id FROM conversations WHERE queue_order <> 0 AND queue_order >= ? AND team_id = ?
 AND (queue_order > ? OR id > ?) ORDER BY queue_order, id LIMIT ?`, place, c.TeamID, place, c.ID, limit)
}

// OpenOf reads the ids of the open conversations of some agents.
func (s *Store) OpenOf(ctx context.Context, from db.Querier, agentIDs []int64, limit int) ([]int64, error) {
	return s.ids(ctx, from, "SELECT id FROM conversations WHERE agent_id IN ("+idList(agentIDs)+") AND agent_id <> 0 AND status = 'open' ORDER BY id LIMIT ?", limit)
}
