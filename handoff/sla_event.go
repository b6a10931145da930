package handoff

import (
	"context"
	"fmt"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// ClockEvent is something that happened to a clock. Reports are made of these alone: target, used and the version of the
// policy are those that held then.
type ClockEvent struct {
	ID, ClockID, ConversationID int64
	Kind                        ClockKind
	What                        string // started, paused, resumed, replanned, warned, breached, escalated, met or cancelled
	At                          time.Time
	PolicyID, PolicyVersion     int64
	Target, Used                time.Duration // of work
	Deadline                    time.Time
	Reason                      string // why it is paused or cancelled; what an escalation did
	TeamID, AgentID             int64  // of the conversation then
	Priority                    conversation.Priority
}

func noteClock(ctx context.Context, tx *db.Tx, c *conversation.Conversation, clock *Clock, what, reason string) error {
	_, err := tx.Insert(ctx, `INSERT INTO sla_events (clock_id, conversation_id, kind, what, at, policy_id, policy_version, target, used, deadline, reason,
 team_id, agent_id, priority) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, clock.ID, clock.ConversationID, string(clock.Kind), what, db.Millis(tx.Now),
		clock.PolicyID, clock.PolicyVersion, clock.Target.Milliseconds(), clock.Used.Milliseconds(), db.Millis(clock.Deadline), reason,
		c.TeamID, c.AgentID, int(c.Priority))
	if err != nil {
		return fmt.Errorf("note clock of conversation %d: %w", clock.ConversationID, err)
	}
	return nil
}

// ClockEvents reads what happened to the clocks of one conversation, in order.
func (d *Desk) ClockEvents(ctx context.Context, from db.Querier, conversationID int64) ([]ClockEvent, error) {
	return queryClockEvents(ctx, from, "conversation_id = ? ORDER BY id", conversationID)
}

// ClockEventsBetween reads what happened to clocks from one time until before another, in order, after the event with
// the id given and no more than limit.
func (d *Desk) ClockEventsBetween(ctx context.Context, from db.Querier, start, end time.Time, after int64, limit int) ([]ClockEvent, error) {
	return queryClockEvents(ctx, from, "at >= ? AND at < ? AND id > ? ORDER BY id LIMIT ?", db.Millis(start), db.Millis(end), after, limit)
}

func queryClockEvents(ctx context.Context, from db.Querier, where string, args ...any) ([]ClockEvent, error) {
	rows, err := from.Query(ctx, `SELECT id, clock_id, conversation_id, kind, what, at, policy_id, policy_version, target, used, deadline, reason, team_id,
 agent_id, priority FROM sla_events WHERE `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read what happened to clocks: %w", err)
	}
	defer rows.Close()
	var found []ClockEvent
	for rows.Next() {
		var e ClockEvent
		var at, target, used, deadline int64
		err := rows.Scan(&e.ID, &e.ClockID, &e.ConversationID, &e.Kind, &e.What, &at, &e.PolicyID, &e.PolicyVersion, &target, &used, &deadline,
			&e.Reason, &e.TeamID, &e.AgentID, &e.Priority)
		if err != nil {
			return nil, fmt.Errorf("read what happened to clocks: %w", err)
		}
		e.At, e.Deadline = db.Time(at), db.Time(deadline)
		e.Target, e.Used = time.Duration(target)*time.Millisecond, time.Duration(used)*time.Millisecond
		found = append(found, e)
	}
	return found, rows.Err()
}

// clocksAtOnce is how many conversations' clocks are read by one query.
const clocksAtOnce = 500

// Clocks reads the clocks that run or are paused in conversations, in each the one that is due first before the others.
func (d *Desk) Clocks(ctx context.Context, from db.Querier, conversationIDs []int64) (map[int64][]Clock, error) {
	all := map[int64][]Clock{}
	for len(conversationIDs) > 0 {
		part := conversationIDs[:min(clocksAtOnce, len(conversationIDs))]
		conversationIDs = conversationIDs[len(part):]
		marks, args := "", make([]any, 0, len(part))
		for i, id := range part {
			if i > 0 {
				marks += ", "
			}
			marks, args = marks+"?", append(args, id)
		}
		found, err := queryClocks(ctx, from, "conversation_id IN ("+marks+") AND state IN ('running', 'paused')"+
			" ORDER BY conversation_id, CASE WHEN state = 'running' THEN 0 ELSE 1 END, deadline, id", args...)
		if err != nil {
			return nil, err
		}
		for _, c := range found {
			all[c.ConversationID] = append(all[c.ConversationID], c)
		}
	}
	return all, nil
}

// Risks reads the running clocks whose time is up before a time, the earliest first. Who may see the conversations is for
// the caller to check.
func (d *Desk) Risks(ctx context.Context, from db.Querier, until time.Time, limit int) ([]Clock, error) {
	return queryClocks(ctx, from, "state = 'running' AND deadline > 0 AND deadline < ? ORDER BY deadline, id LIMIT ?", db.Millis(until), limit)
}
