package handoff

import (
	"context"
	"fmt"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// Presence is whether an agent is at the desk.
type Presence string

// Agents choose Online or Away; Offline is who has given no sign of life for a minute.
const (
	Online  Presence = "online"
	Away    Presence = "away"
	Offline Presence = "offline"
)

func (a Agent) effective(now time.Time) Presence {
	if !a.Active || now.Sub(a.SeenAt) >= offlineAfter {
		return Offline
	}
	return a.Presence
}

// SetPresence is the agent's own word on being at the desk; it is a sign of life too.
func (d *Desk) SetPresence(ctx context.Context, agentID int64, p Presence) error {
	if p != Online && p != Away {
		return &conversation.FieldError{Field: "presence", Message: "the presence is online or away"}
	}
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE agents SET presence_at = CASE WHEN presence <> ? OR seen_at <= ? THEN ? ELSE presence_at END, presence = ?, seen_at = ?, missed = 0,
 away_why = '' WHERE id = ?`, string(p), db.Millis(tx.Now.Add(-offlineAfter)), db.Millis(tx.Now), string(p), db.Millis(tx.Now), agentID)
		if err != nil {
			return fmt.Errorf("set presence: %w", err)
		}
		if n == 0 {
			return fmt.Errorf("agent %d: %w", agentID, conversation.ErrNotFound)
		}
		if p == Away {
			if err := d.withdraw(ctx, tx, 0, "agent_id = ?", agentID); err != nil {
				return err
			}
		}
		return d.cameOrWent(ctx, tx, agentID)
	})
}

// Seen is a sign of life of an agent, such as the console's heartbeat. It prolongs the leases on what the agent
// holds. Most calls cost nothing: one in 15 seconds is written.
func (d *Desk) Seen(ctx context.Context, agentID int64) error {
	now := d.DB.Now()
	if !d.beat(agentID, now) {
		return nil
	}
	if err := d.writeSeen(ctx, agentID); err != nil {
		d.forgetBeat(agentID)
		return err
	}
	return nil
}

func (d *Desk) beat(agentID int64, now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if since := now.Sub(d.beats[agentID]); since >= 0 && since < seenEvery {
		return false
	}
	d.beats[agentID] = now
	return true
}

func (d *Desk) forgetBeat(agentID int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.beats, agentID)
}

func (d *Desk) writeSeen(ctx context.Context, agentID int64) error {
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		var seen int64
		err := tx.QueryRow(ctx, "SELECT seen_at FROM agents WHERE id = ? AND active = 1", agentID).Scan(&seen)
		if db.NoRows(err) {
			return fmt.Errorf("agent %d: %w", agentID, conversation.ErrNotFound)
		}
		if err != nil {
			return fmt.Errorf("note sign of life: %w", err)
		}
		n, err := tx.Exec(ctx, "UPDATE agents SET presence_at = CASE WHEN seen_at <= ? THEN ? ELSE presence_at END, seen_at = ? WHERE id = ? AND seen_at <= ?",
			db.Millis(tx.Now.Add(-offlineAfter)), db.Millis(tx.Now), db.Millis(tx.Now), agentID, db.Millis(tx.Now.Add(-seenEvery)))
		if err != nil {
			return fmt.Errorf("note sign of life: %w", err)
		}
		if n == 0 {
			return nil // another node has just written it
		}
		if tx.Now.Sub(db.Time(seen)) >= offlineAfter {
			return d.cameOrWent(ctx, tx, agentID)
		}
		return d.renewAll(ctx, tx, agentID)
	})
}

// cameOrWent prolongs the agent's leases and lets the customers waiting for the agent's teams see who is on duty.
func (d *Desk) cameOrWent(ctx context.Context, tx *db.Tx, agentID int64) error {
	if err := d.renewAll(ctx, tx, agentID); err != nil {
		return err
	}
	in, err := members(ctx, tx, "agent_id = ?", agentID)
	if err != nil {
		return err
	}
	d.presenceMoved(ctx, tx, append([]int64{0}, in.ofAgent[agentID]...))
	return nil
}

// Online counts who is on duty for a team: its members, or for conversations of no team everybody who serves, as far as they
// are at the desk and not off shift.
func (d *Desk) Online(ctx context.Context, from db.Querier, teamID int64) (int, error) {
	query, args := d.countOnline(teamID)
	var n int
	if err := from.QueryRow(ctx, query, args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("count agents on duty: %w", err)
	}
	return n, nil
}

// countOnline is the query that Online asks.
func (d *Desk) countOnline(teamID int64) (query string, args []any) {
	query = "SELECT COUNT(*) FROM agents WHERE active = 1 AND presence = 'online' AND role <> 'editor' AND seen_at > ?" + offShift
	args = append([]any{db.Millis(d.DB.Now().Add(-offlineAfter))}, offShiftArgs(d.DB.Now())...)
	if teamID != 0 {
		query += " AND id IN (SELECT agent_id FROM team_members WHERE team_id = ?)"
		args = append(args, teamID)
	}
	return query, args
}
