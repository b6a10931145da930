package conversation

import (
	"context"
	"fmt"
	"time"

	"huiyin/db"
)

// HeldByInbox counts the open conversations that each agent holds, by inbox.
func (s *Store) HeldByInbox(ctx context.Context, from db.Querier) (map[int64]map[int64]int, error) {
	return s.held(ctx, from, "")
}

// HeldBy counts the open conversations that one agent holds, by inbox.
func (s *Store) HeldBy(ctx context.Context, from db.Querier, agentID int64) (map[int64]int, error) {
	held, err := s.held(ctx, from, " AND agent_id = ?", agentID)
	return held[agentID], err
}

func (s *Store) held(ctx context.Context, from db.Querier, where string, args ...any) (map[int64]map[int64]int, error) {
	rows, err := from.Query(ctx, "SELECT agent_id, inbox_id, SUM(total) FROM tallies WHERE status = 'open' AND agent_id <> 0"+where+
		" GROUP BY agent_id, inbox_id", args...)
	if err != nil {
		return nil, fmt.Errorf("read what agents hold: %w", err)
	}
	defer rows.Close()
	held := map[int64]map[int64]int{}
	for rows.Next() {
		var agent, inbox int64
		var n int
		if err := rows.Scan(&agent, &inbox, &n); err != nil {
			return nil, fmt.Errorf("read what agents hold: %w", err)
		}
		if held[agent] == nil {
			held[agent] = map[int64]int{}
		}
		held[agent][inbox] = n
	}
	return held, rows.Err()
}

// Queued counts who waits in a team's queue, up to a number.
func (s *Store) Queued(ctx context.Context, from db.Querier, teamID int64, upTo int) (int, error) {
	var n int
	err := from.QueryRow(ctx, "SELECT COUNT(*) FROM (SELECT 1 FROM conversations WHERE queue_order <> 0 AND team_id = ? LIMIT ?) q", teamID, upTo).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count queue: %w", err)
	}
	return n, nil
}

// QueuedTeams are the teams in whose queue somebody waits; 0 is that of no team.
func (s *Store) QueuedTeams(ctx context.Context, from db.Querier) ([]int64, error) {
	return s.ids(ctx, from, "SELECT DISTINCT team_id FROM conversations WHERE queue_order <> 0 ORDER BY team_id")
}

// Server is who served a contact, and when that was last.
type Server struct {
	AgentID int64
	At      time.Time
}

// LastServers are the agents who served some contacts last, in conversations that are over.
func (s *Store) LastServers(ctx context.Context, from db.Querier, contactIDs []int64) (map[int64]Server, error) {
	found := map[int64]Server{}
	if len(contactIDs) == 0 {
		return found, nil
	}
	list, args := idMarks(contactIDs)
	rows, err := from.Query(ctx, "SELECT contact_id, agent_id, resolved_at FROM conversations WHERE contact_id IN ("+list+
		") AND status = 'resolved' AND agent_id <> 0 ORDER BY id", args...)
	if err != nil {
		return nil, fmt.Errorf("read who served: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var contact, agent, at int64
		if err := rows.Scan(&contact, &agent, &at); err != nil {
			return nil, fmt.Errorf("read who served: %w", err)
		}
		found[contact] = Server{AgentID: agent, At: db.Time(at)}
	}
	return found, rows.Err()
}

// Reorder weighs the conversations that wait again, a batch of them after an id, since how they are weighed has changed. It
// gives the last id of the batch; 0: there are no more.
func (s *Store) Reorder(ctx context.Context, after int64, limit int) (last int64, err error) {
	err = s.DB.Tx(ctx, func(tx *db.Tx) error {
		last = 0
		ids, err := s.ids(ctx, tx, "SELECT id FROM conversations WHERE queue_order <> 0 AND id > ? ORDER BY id LIMIT ?", after, limit)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := s.reorder(ctx, tx, id); err != nil {
				return err
			}
			last = id
		}
		return nil
	})
	return last, err
}

func (s *Store) reorder(ctx context.Context, tx *db.Tx, id int64) error {
	c, err := s.Load(ctx, tx, id)
	if err != nil {
		return err
	}
	was := c.HeadStart
	if err := s.weigh(ctx, tx, c); err != nil || c.HeadStart == was {
		return err
	}
	return s.Save(ctx, tx, c)
}

// Arrival is that a customer came into a queue.
type Arrival struct {
	ConversationID int64
	At             time.Time
}

// AskedBetween reads when customers came into a queue, each conversation once, for playing a day again. It reads every message of
// that time.
func (s *Store) AskedBetween(ctx context.Context, from db.Querier, since, until time.Time) ([]Arrival, error) {
	rows, err := from.Query(ctx, `SELECT conversation_id, MIN(created_at) FROM messages WHERE sender = 'system' AND created_at >= ? AND created_at < ?
 AND content LIKE '%"activity":"queued"%' GROUP BY conversation_id ORDER BY 2, 1`, db.Millis(since), db.Millis(until))
	if err != nil {
		return nil, fmt.Errorf("read who asked for a person: %w", err)
	}
	defer rows.Close()
	var found []Arrival
	for rows.Next() {
		var a Arrival
		var at int64
		if err := rows.Scan(&a.ConversationID, &at); err != nil {
			return nil, fmt.Errorf("read who asked for a person: %w", err)
		}
		a.At = db.Time(at)
		found = append(found, a)
	}
	return found, rows.Err()
}
