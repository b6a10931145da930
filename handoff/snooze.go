package handoff

import (
	"context"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// maxSnooze bounds how far away a snooze may end.
const maxSnooze = 366 * 24 * time.Hour

// Snooze puts a conversation aside until a time, or until the customer writes. Who has it keeps it.
func (d *Desk) Snooze(ctx context.Context, tx *db.Tx, id int64, agent Agent, until time.Time) (*conversation.Conversation, error) {
	if !until.After(tx.Now) || until.Sub(tx.Now) > maxSnooze {
		return nil, &conversation.FieldError{Field: "until", Message: "choose a time from now to a year ahead"}
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
	c.Status, c.SnoozedUntil = conversation.Snoozed, until
	data := about(agent)
	data["until"] = until.UTC().Format(time.RFC3339)
	_, err = d.Conversations.Activity(ctx, tx, c, "snoozed", data, "")
	return c, err
}

// Wake brings a snoozed conversation back when its time has come: to its owner, or to the queue. Otherwise it
// changes nothing, so that several nodes may call it.
func (d *Desk) Wake(ctx context.Context, tx *db.Tx, id int64) error {
	c, err := d.Conversations.Load(ctx, tx, id)
	if err != nil {
		return err
	}
	if c.Status != conversation.Snoozed || c.SnoozedUntil.After(tx.Now) {
		return nil
	}
	c.Status = conversation.Open
	if c.AgentID == 0 {
		c.QueuedAt = c.WaitingSince
		d.movedBehind(ctx, tx, c)
	}
	_, err = d.Conversations.Activity(ctx, tx, c, "woken", nil, "")
	return err
}
