package handoff

import (
	"context"
	"fmt"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// Line is one team's queue at a moment. TeamID 0 is what has no team.
type Line struct {
	TeamID            int64
	Waiting           int
	Since             time.Time     // when the one came who waits longest
	Average, Expected time.Duration // of those who wait; of somebody who came now, 0: not known
	Online            int           // on duty for it
}

// Lines reads the queues in scope, those with nobody in it too.
func (d *Desk) Lines(ctx context.Context, from db.Querier, scope conversation.Scope) ([]Line, error) {
	teams, err := d.Teams(ctx, from)
	if err != nil {
		return nil, err
	}
	waiting, err := d.Conversations.Lines(ctx, from, scope)
	if err != nil {
		return nil, err
	}
	lines := []Line{{}}
	for _, t := range teams {
		if scope.Sees(&conversation.Conversation{TeamID: t.ID}) {
			lines = append(lines, Line{TeamID: t.ID})
		}
	}
	for i := range lines {
		l := &lines[i]
		w := waiting[l.TeamID]
		l.Waiting, l.Since, l.Average = w.Waiting, w.Since, w.Average
		if l.Online, err = d.Online(ctx, from, l.TeamID); err != nil {
			return nil, err
		}
		if l.Online > 0 {
			if l.Expected, err = d.expected(ctx, from, l.TeamID, l.Waiting+1, l.Online); err != nil {
				return nil, err
			}
		}
	}
	return lines, nil
}

// SetAway sets a colleague's presence: a lead may, for people of a team of theirs.
func (d *Desk) SetAway(ctx context.Context, tx *db.Tx, actor Agent, agentID int64, p Presence) (Agent, error) {
	if p != Online && p != Away {
		return Agent{}, &conversation.FieldError{Field: "presence", Message: "the presence is online or away"}
	}
	a, err := d.Agent(ctx, tx, agentID)
	if err != nil {
		return a, err
	}
	if !actor.Role.Leads() || !actor.Role.seesAll() && !shareTeam(actor, a) {
		return a, ErrForbidden
	}
	if _, err := tx.Exec(ctx, "UPDATE agents SET presence = ?, presence_at = ?, missed = 0, away_why = ? WHERE id = ? AND presence <> ?",
		string(p), db.Millis(tx.Now), awayByLead, agentID, string(p)); err != nil {
		return a, fmt.Errorf("set presence of agent %d: %w", agentID, err)
	}
	if p == Away {
		if err := d.withdraw(ctx, tx, 0, "agent_id = ?", agentID); err != nil {
			return a, err
		}
	}
	if err := d.cameOrWent(ctx, tx, agentID); err != nil {
		return a, err
	}
	return d.Agent(ctx, tx, agentID)
}

// awayByLead is why an agent is away whom a lead has set so.
const awayByLead = "lead"

func shareTeam(a, b Agent) bool {
	for _, t := range a.TeamIDs {
		for _, o := range b.TeamIDs {
			if t == o {
				return true
			}
		}
	}
	return false
}

// PresentSince reads since when everybody is in the state they are in, as far as it is known.
func (d *Desk) PresentSince(ctx context.Context, from db.Querier) (map[int64]time.Time, error) {
	rows, err := from.Query(ctx, "SELECT id, presence_at, seen_at FROM agents")
	if err != nil {
		return nil, fmt.Errorf("read presence: %w", err)
	}
	defer rows.Close()
	since := map[int64]time.Time{}
	gone := d.DB.Now().Add(-offlineAfter)
	for rows.Next() {
		var id, at, seen int64
		if err := rows.Scan(&id, &at, &seen); err != nil {
			return nil, fmt.Errorf("read presence: %w", err)
		}
		since[id] = db.Time(at)
		if !db.Time(seen).After(gone) {
			since[id] = db.Time(seen)
		}
	}
	return since, rows.Err()
}
