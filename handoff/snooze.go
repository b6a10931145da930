package handoff

import (
	"context"
	"strings"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// maxSnooze bounds how far away a snooze may end, and maxReason how long its reason is, in characters.
const (
	maxSnooze = 366 * 24 * time.Hour
	maxReason = 200
)

// Snooze is how long a conversation is put aside, and why. Without a time it is until the customer writes.
type Snooze struct {
	Until  time.Time
	Reason string
}

func (s Snooze) check(now time.Time) error {
	if !s.Until.IsZero() && (!s.Until.After(now) || s.Until.Sub(now) > maxSnooze) {
		return &conversation.FieldError{Field: "until", Message: "choose a time from now to a year ahead"}
	}
	if len([]rune(s.Reason)) > maxReason {
		return &conversation.FieldError{Field: "reason", Message: "the reason has at most 200 characters"}
	}
	return nil
}

// Snooze puts a conversation aside until a time, or until the customer writes. Who has it keeps it.
func (d *Desk) Snooze(ctx context.Context, tx *db.Tx, id int64, agent Agent, until time.Time) (*conversation.Conversation, error) {
	if until.IsZero() {
		return nil, &conversation.FieldError{Field: "until", Message: "choose a time from now to a year ahead"}
	}
	return d.SnoozeFor(ctx, tx, id, agent, Snooze{Until: until})
}

// SnoozeFor puts a conversation aside as wished. Who has it keeps it.
func (d *Desk) SnoozeFor(ctx context.Context, tx *db.Tx, id int64, agent Agent, s Snooze) (*conversation.Conversation, error) {
	s.Reason = strings.Join(strings.Fields(s.Reason), " ")
	if err := s.check(tx.Now); err != nil {
		return nil, err
	}
	c, agent, err := d.take(ctx, tx, id, agent)
	if err != nil {
		return nil, err
	}
	if c.Status == conversation.Resolved {
		return nil, ErrResolved
	}
	if owner(c) == 0 {
		if err := d.leave(ctx, tx, c, endReleased); err != nil {
			return nil, err
		}
		c.AgentID = 0
	}
	if err := d.Conversations.SetSnoozeReason(ctx, tx, id, s.Reason); err != nil {
		return nil, err
	}
	c.Status, c.SnoozedUntil = conversation.Snoozed, s.Until
	data := about(agent)
	if !s.Until.IsZero() {
		data["until"] = s.Until.UTC().Format(time.RFC3339)
	}
	if s.Reason != "" {
		data["reason"] = s.Reason
	}
	_, err = d.Conversations.Activity(ctx, tx, c, "snoozed", data, "")
	return c, err
}

// Unsnooze brings a snoozed conversation back before its time; one that is not snoozed stays as it is.
func (d *Desk) Unsnooze(ctx context.Context, tx *db.Tx, id int64, agent Agent) (*conversation.Conversation, error) {
	c, agent, err := d.take(ctx, tx, id, agent)
	if err != nil || c.Status != conversation.Snoozed {
		return c, err
	}
	return c, d.awake(ctx, tx, c, about(agent))
}

// Wake brings a snoozed conversation back when its time has come: to its owner, or to the queue. Otherwise it
// changes nothing, so that several nodes may call it.
func (d *Desk) Wake(ctx context.Context, tx *db.Tx, id int64) error {
	c, err := d.Conversations.Load(ctx, tx, id)
	if err != nil {
		return err
	}
	if c.Status != conversation.Snoozed || c.SnoozedUntil.IsZero() || c.SnoozedUntil.After(tx.Now) {
		return nil
	}
	return d.awake(ctx, tx, c, nil)
}

func (d *Desk) awake(ctx context.Context, tx *db.Tx, c *conversation.Conversation, data map[string]string) error {
	c.Status = conversation.Open
	if c.AgentID == 0 {
		c.QueuedAt = c.WaitingSince
		d.movedBehind(ctx, tx, c)
	}
	_, err := d.Conversations.Activity(ctx, tx, c, "woken", data, "")
	return err
}
