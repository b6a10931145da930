package handoff

import (
	"context"
	"fmt"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// Clock is a clock on a conversation.
type Clock struct {
	ID, ConversationID      int64
	Kind                    ClockKind
	State                   ClockState
	PolicyID, PolicyVersion int64
	TeamID                  int64
	Priority                conversation.Priority
	Target, Used            time.Duration // of work; Used as of RunningSince
	StartedAt, RunningSince time.Time
	PausedFor               string // snoozed, bot or customer
	WarnAt, Deadline        time.Time
	Alarms                  int // how many have gone off
	WarnedAt, BreachedAt    time.Time
	EndedAt                 time.Time
}

// ClockState is whether a clock runs.
type ClockState string

// The states. The last two are the end.
const (
	ClockRunning   ClockState = "running"
	ClockPaused    ClockState = "paused"
	ClockMet       ClockState = "met"       // what it measured has happened, in time or late
	ClockCancelled ClockState = "cancelled" // what it measured will not happen
)

func (s ClockState) active() bool { return s == ClockRunning || s == ClockPaused }

const clockColumns = `id, conversation_id, kind, state, policy_id, policy_version, team_id, priority, target, used, started_at, running_since,
 paused_for, warn_at, deadline, alarms, warned_at, breached_at, ended_at`

func queryClocks(ctx context.Context, from db.Querier, where string, args ...any) ([]Clock, error) {
	rows, err := from.Query(ctx, "SELECT "+clockColumns+" FROM sla_clocks WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read clocks: %w", err)
	}
	defer rows.Close()
	var found []Clock
	for rows.Next() {
		var c Clock
		var target, used, started, running, warn, deadline, warned, breached, ended int64
		err := rows.Scan(&c.ID, &c.ConversationID, &c.Kind, &c.State, &c.PolicyID, &c.PolicyVersion, &c.TeamID, &c.Priority, &target, &used,
			&started, &running, &c.PausedFor, &warn, &deadline, &c.Alarms, &warned, &breached, &ended)
		if err != nil {
			return nil, fmt.Errorf("read clocks: %w", err)
		}
		c.Target, c.Used = time.Duration(target)*time.Millisecond, time.Duration(used)*time.Millisecond
		c.StartedAt, c.RunningSince, c.WarnAt, c.Deadline = db.Time(started), db.Time(running), db.Time(warn), db.Time(deadline)
		c.WarnedAt, c.BreachedAt, c.EndedAt = db.Time(warned), db.Time(breached), db.Time(ended)
		found = append(found, c)
	}
	return found, rows.Err()
}

// saveClock writes a clock and when its next alarm is due, and takes it from a worker that is at it: what that was to do
// may no longer be right.
func saveClock(ctx context.Context, tx *db.Tx, c *Clock, due time.Time) (err error) {
	var next any
	if !due.IsZero() {
		next = db.Millis(due)
	}
	values := []any{string(c.State), c.PolicyID, c.PolicyVersion, c.TeamID, int(c.Priority), c.Target.Milliseconds(), c.Used.Milliseconds(),
		db.Millis(c.RunningSince), c.PausedFor, db.Millis(c.WarnAt), db.Millis(c.Deadline), c.Alarms, db.Millis(c.WarnedAt), db.Millis(c.BreachedAt),
		db.Millis(c.EndedAt), next}
	if c.ID == 0 {
		c.ID, err = tx.Insert(ctx, `INSERT INTO sla_clocks (state, policy_id, policy_version, team_id, priority, target, used, running_since, paused_for,
 warn_at, deadline, alarms, warned_at, breached_at, ended_at, due_at, conversation_id, kind, started_at)
 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, append(values, c.ConversationID, string(c.Kind), db.Millis(c.StartedAt))...)
	} else {
		_, err = tx.Exec(ctx, `UPDATE sla_clocks SET state = ?, policy_id = ?, policy_version = ?, team_id = ?, priority = ?, target = ?, used = ?,
 running_since = ?, paused_for = ?, warn_at = ?, deadline = ?, alarms = ?, warned_at = ?, breached_at = ?, ended_at = ?, due_at = ?,
 lease_until = 0, lease_token = '', recovered = 0 WHERE id = ?`, append(values, c.ID)...)
	}
	if err != nil {
		return fmt.Errorf("save clock of conversation %d: %w", c.ConversationID, err)
	}
	return nil
}
