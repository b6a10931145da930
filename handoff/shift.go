package handoff

import (
	"context"
	"fmt"
	"strings"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// Shift is when an agent is to work. Whoever has shifts around now is on duty only within them; whoever has none is on duty
// whenever at the desk.
type Shift struct {
	ID, AgentID      int64
	StartsAt, EndsAt time.Time
	Note             string
	WantedBy         int64 // the colleague who is asked to take it over; 0: nobody
	FirstAgentID     int64 // who had it at first, before any swap
}

const (
	// maxShift is how long a shift may be.
	maxShift = 24 * time.Hour

	// rostered is how far from now a shift makes its agent one who works by shifts.
	rostered = 7 * 24 * time.Hour
)

// offShift, put after a condition on agents, leaves those out who work by shifts and have none now. It takes four times.
const offShift = ` AND NOT (EXISTS (SELECT 1 FROM shifts r WHERE r.agent_id = agents.id AND r.ends_at > ? AND r.starts_at < ?)
 AND NOT EXISTS (SELECT 1 FROM shifts n WHERE n.agent_id = agents.id AND n.starts_at <= ? AND n.ends_at > ?))`

// offShiftArgs are the times for offShift.
func offShiftArgs(now time.Time) []any {
	return []any{db.Millis(now.Add(-rostered)), db.Millis(now.Add(rostered)), db.Millis(now), db.Millis(now)}
}

// OffShift are the agents who work by shifts and have none now.
func (d *Desk) OffShift(ctx context.Context, from db.Querier) (map[int64]bool, error) {
	now := d.DB.Now()
	rows, err := from.Query(ctx, `SELECT r.agent_id FROM shifts r WHERE r.ends_at > ? AND r.starts_at < ? GROUP BY r.agent_id
 HAVING SUM(CASE WHEN r.starts_at <= ? AND r.ends_at > ? THEN 1 ELSE 0 END) = 0`, offShiftArgs(now)...)
	if err != nil {
		return nil, fmt.Errorf("read who is off shift: %w", err)
	}
	defer rows.Close()
	off := map[int64]bool{}
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("read who is off shift: %w", err)
		}
		off[id] = true
	}
	return off, rows.Err()
}

// Shifts reads the shifts that touch a time.
func (d *Desk) Shifts(ctx context.Context, from db.Querier, start, end time.Time) ([]Shift, error) {
	return queryShifts(ctx, from, "ends_at > ? AND starts_at < ? ORDER BY starts_at, id", db.Millis(start), db.Millis(end))
}

// Shift reads one.
func (d *Desk) Shift(ctx context.Context, from db.Querier, id int64) (Shift, error) {
	found, err := queryShifts(ctx, from, "id = ?", id)
	if err != nil {
		return Shift{}, err
	}
	if len(found) == 0 {
		return Shift{}, fmt.Errorf("shift %d: %w", id, conversation.ErrNotFound)
	}
	return found[0], nil
}

func queryShifts(ctx context.Context, from db.Querier, where string, args ...any) ([]Shift, error) {
	rows, err := from.Query(ctx, "SELECT id, agent_id, starts_at, ends_at, note, wanted_by, first_agent_id FROM shifts WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read shifts: %w", err)
	}
	defer rows.Close()
	var found []Shift
	for rows.Next() {
		var s Shift
		var start, end int64
		if err := rows.Scan(&s.ID, &s.AgentID, &start, &end, &s.Note, &s.WantedBy, &s.FirstAgentID); err != nil {
			return nil, fmt.Errorf("read shifts: %w", err)
		}
		s.StartsAt, s.EndsAt = db.Time(start), db.Time(end)
		found = append(found, s)
	}
	return found, rows.Err()
}

// PlanShift stores a new shift. An agent has one at a time.
func (d *Desk) PlanShift(ctx context.Context, tx *db.Tx, s Shift) (Shift, error) {
	s.Note = strings.Join(strings.Fields(s.Note), " ")
	switch {
	case !s.EndsAt.After(s.StartsAt) || s.EndsAt.Sub(s.StartsAt) > maxShift:
		return Shift{}, &conversation.FieldError{Field: "ends_at", Message: "a shift ends within a day after it begins"}
	case len([]rune(s.Note)) > maxName:
		return Shift{}, &conversation.FieldError{Field: "note", Message: "write a note of at most 100 characters"}
	}
	if err := d.mayWork(ctx, tx, s, "agent_id"); err != nil {
		return Shift{}, err
	}
	id, err := tx.Insert(ctx, "INSERT INTO shifts (agent_id, starts_at, ends_at, note, first_agent_id, created_at) VALUES (?, ?, ?, ?, ?, ?)",
		s.AgentID, db.Millis(s.StartsAt), db.Millis(s.EndsAt), s.Note, s.AgentID, db.Millis(tx.Now))
	if err != nil {
		return Shift{}, fmt.Errorf("plan shift: %w", err)
	}
	d.presenceMoved(ctx, tx, nil)
	return d.Shift(ctx, tx, id)
}

// mayWork refuses a shift for somebody who does not serve or has another one then.
func (d *Desk) mayWork(ctx context.Context, tx *db.Tx, s Shift, field string) error {
	a, err := d.Agent(ctx, tx, s.AgentID)
	if err != nil {
		return asField(err, field, "there is no such agent")
	}
	if !a.Active || !a.Role.Serves() {
		return &conversation.FieldError{Field: field, Message: a.Name + " does not take conversations"}
	}
	var n int
	err = tx.QueryRow(ctx, "SELECT COUNT(*) FROM shifts WHERE agent_id = ? AND id <> ? AND ends_at > ? AND starts_at < ?",
		s.AgentID, s.ID, db.Millis(s.StartsAt), db.Millis(s.EndsAt)).Scan(&n)
	if err != nil {
		return fmt.Errorf("read shifts: %w", err)
	}
	if n > 0 {
		return &conversation.FieldError{Field: field, Message: a.Name + " has another shift at that time"}
	}
	return nil
}

// DropShift takes a shift out of the roster.
func (d *Desk) DropShift(ctx context.Context, tx *db.Tx, id int64) error {
	n, err := tx.Exec(ctx, "DELETE FROM shifts WHERE id = ?", id)
	if err != nil {
		return fmt.Errorf("drop shift %d: %w", id, err)
	}
	if n == 0 {
		return fmt.Errorf("shift %d: %w", id, conversation.ErrNotFound)
	}
	d.presenceMoved(ctx, tx, nil)
	return nil
}

// AskSwap asks a colleague to take a shift over; whose shift it is may, and a lead. Asking nobody takes the question back.
func (d *Desk) AskSwap(ctx context.Context, tx *db.Tx, id int64, by Agent, colleague int64) (Shift, error) {
	s, err := d.Shift(ctx, tx, id)
	if err != nil {
		return Shift{}, err
	}
	if s.AgentID != by.ID && !by.Role.Leads() {
		return Shift{}, ErrForbidden
	}
	if colleague == s.AgentID {
		return Shift{}, &conversation.FieldError{Field: "agent_id", Message: "it is theirs already"}
	}
	if colleague != 0 {
		wanted := s
		wanted.AgentID = colleague
		if err := d.mayWork(ctx, tx, wanted, "agent_id"); err != nil {
			return Shift{}, err
		}
	}
	if _, err := tx.Exec(ctx, "UPDATE shifts SET wanted_by = ? WHERE id = ?", colleague, id); err != nil {
		return Shift{}, fmt.Errorf("ask for a swap: %w", err)
	}
	d.presenceMoved(ctx, tx, nil)
	return d.Shift(ctx, tx, id)
}

// TakeSwap answers a question to take a shift over: who was asked may, and a lead for them.
func (d *Desk) TakeSwap(ctx context.Context, tx *db.Tx, id int64, by Agent, yes bool) (Shift, error) {
	s, err := d.Shift(ctx, tx, id)
	if err != nil {
		return Shift{}, err
	}
	switch {
	case s.WantedBy == 0:
		return Shift{}, &conversation.FieldError{Field: "id", Message: "nobody is asked to take this shift over"}
	case s.WantedBy != by.ID && !by.Role.Leads():
		return Shift{}, ErrForbidden
	}
	if yes {
		s.AgentID = s.WantedBy
		if err := d.mayWork(ctx, tx, s, "agent_id"); err != nil {
			return Shift{}, err
		}
	}
	if _, err := tx.Exec(ctx, "UPDATE shifts SET agent_id = ?, wanted_by = 0 WHERE id = ?", s.AgentID, id); err != nil {
		return Shift{}, fmt.Errorf("swap shift: %w", err)
	}
	d.presenceMoved(ctx, tx, nil)
	return d.Shift(ctx, tx, id)
}
