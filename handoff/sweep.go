package handoff

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"huiyin/conversation"
	"huiyin/db"
)

// swept bounds how many conversations one sweep puts back; the next goes on.
const swept = 200

// Sweep puts conversations back to the front of the queue whose owner has been away longer than Absence while the
// customer waits, and those of people who serve no more. Call it every few seconds, on as many nodes as
// there are: what one has put back the others find done.
func (d *Desk) Sweep(ctx context.Context) error {
	ids, err := d.abandoned(ctx)
	if err != nil {
		return err
	}
	var failed error
	for _, id := range ids {
		err := d.DB.Tx(ctx, func(tx *db.Tx) error { return d.requeue(ctx, tx, id) })
		if err != nil && !errors.Is(err, conversation.ErrNotFound) {
			failed = errors.Join(failed, err)
		}
	}
	return errors.Join(failed, d.noticePresence(ctx))
}

// abandoned are the conversations that may have to go back; requeue looks again with the row locked.
func (d *Desk) abandoned(ctx context.Context) ([]int64, error) {
	away, err := d.agentIDs(ctx, "SELECT DISTINCT agent_id FROM assignments WHERE ended_at = 0 AND lease_until <= ?", db.Millis(d.DB.Now()))
	if err != nil {
		return nil, err
	}
	gone, err := d.agentIDs(ctx, "SELECT DISTINCT h.agent_id FROM assignments h JOIN agents a ON a.id = h.agent_id WHERE h.ended_at = 0 AND (a.active = 0 OR a.role = 'editor')")
	if err != nil {
		return nil, err
	}
	var ids []int64
	if len(away) > 0 {
		if ids, err = d.Conversations.WaitingFor(ctx, d.DB, away, swept); err != nil {
			return nil, err
		}
	}
	if len(gone) > 0 {
		left, err := d.Conversations.OpenOf(ctx, d.DB, gone, swept)
		if err != nil {
			return nil, err
		}
		ids = append(ids, left...)
	}
	return ids, nil
}

func (d *Desk) agentIDs(ctx context.Context, query string, args ...any) ([]int64, error) {
	rows, err := d.DB.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read abandoned leases: %w", err)
	}
	defer rows.Close()
	var ids []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("read abandoned leases: %w", err)
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

func (d *Desk) requeue(ctx context.Context, tx *db.Tx, id int64) error {
	c, err := d.Conversations.Load(ctx, tx, id)
	if err != nil || c.Status != conversation.Open || c.AgentID == 0 {
		return err
	}
	a, err := d.Agent(ctx, tx, c.AgentID)
	if err != nil {
		return err
	}
	if a.Active && a.Role.Serves() {
		lapsed, err := d.lapsed(ctx, tx, id)
		if err != nil || !lapsed || c.WaitingSince.IsZero() {
			return err
		}
	}
	if err := d.end(ctx, tx, id, endRequeued); err != nil {
		return err
	}
	return d.enqueue(ctx, tx, c, c.WaitingSince, activity{kind: "requeued", data: about(a), intro: func(w words) string { return w.requeued }, always: true})
}

// lapsed tells whether the lease on a conversation has run out, and keeps it from being renewed meanwhile.
func (d *Desk) lapsed(ctx context.Context, tx *db.Tx, conversationID int64) (bool, error) {
	var until int64
	err := tx.QueryRow(ctx, "SELECT lease_until FROM assignments WHERE conversation_id = ? AND ended_at = 0"+tx.ForUpdate(), conversationID).Scan(&until)
	if db.NoRows(err) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("read lease on conversation %d: %w", conversationID, err)
	}
	return until <= db.Millis(tx.Now), nil
}

// noticePresence shows waiting customers and consoles that somebody has silently gone offline, which no write tells.
func (d *Desk) noticePresence(ctx context.Context) error {
	agents, err := d.Agents(ctx, d.DB)
	if err != nil {
		return err
	}
	var now strings.Builder
	teams := map[int64]bool{0: true}
	for _, a := range agents {
		fmt.Fprintf(&now, "%d %s,", a.ID, a.Presence)
		for _, t := range a.TeamIDs {
			teams[t] = true
		}
	}
	if !d.presenceChanged(now.String()) {
		return nil
	}
	d.Live.Pulse(TopicAgents)
	for t := range teams {
		ids, err := d.Conversations.Queue(ctx, d.DB, t, pulsed)
		if err != nil {
			return err
		}
		d.pulse(ids)
	}
	return nil
}

func (d *Desk) presenceChanged(now string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	changed := d.online != now
	d.online = now
	return changed
}
