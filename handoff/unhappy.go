package handoff

import (
	"context"
	"errors"

	"huiyin/conversation"
	"huiyin/db"
)

// TakeUpAgain takes a loaded conversation up again whose customer was not content once it was over: with whoever had it, when
// they are on duty and first is not wanted; else in the queue, before all others. One that the customer has left behind for a
// newer one stays as it is.
func (d *Desk) TakeUpAgain(ctx context.Context, tx *db.Tx, c *conversation.Conversation, first bool) error {
	if c.Status != conversation.Resolved {
		return nil
	}
	if err := d.newest(ctx, tx, c); err != nil {
		if errors.Is(err, conversation.ErrNotOpen) {
			return nil
		}
		return err
	}
	had := c.AgentID
	c.AgentID = 0
	if first || had == 0 {
		return d.queueUnhappy(ctx, tx, c)
	}
	a, err := d.Agent(ctx, tx, had)
	if err != nil {
		return err
	}
	if a.Presence != Online || !a.Role.Serves() || !Scope(a).Sees(c) {
		return d.queueUnhappy(ctx, tx, c)
	}
	c.Priority = max(c.Priority, conversation.High)
	if err := d.assign(ctx, tx, c, a.ID); err != nil {
		return err
	}
	data := about(a)
	data["reason"] = string(BadRating)
	_, err = d.Conversations.Activity(ctx, tx, c, "reopened", data, wordsFor(c.Language).sorry+wordsFor(c.Language).claimed(a.Name))
	return err
}

func (d *Desk) queueUnhappy(ctx context.Context, tx *db.Tx, c *conversation.Conversation) error {
	c.Priority = conversation.Urgent
	return d.Request(ctx, tx, c, BadRating)
}
