package handoff

import (
	"context"
	"errors"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// Destination is where a conversation goes that its owner gives back.
type Destination string

// The destinations.
const (
	ToQueue Destination = "queue"
	ToBot   Destination = "bot"
)

// Release gives a conversation back to its team's queue or to the bot. Its owner may, a lead, and when nobody
// has it anybody in scope.
func (d *Desk) Release(ctx context.Context, tx *db.Tx, id int64, agent Agent, to Destination) (*conversation.Conversation, error) {
	c, agent, err := d.take(ctx, tx, id, agent)
	if err != nil {
		return nil, err
	}
	if c.Status == conversation.Resolved {
		return nil, ErrResolved
	}
	switch to {
	case ToQueue:
		err = d.releaseToQueue(ctx, tx, c, agent)
	case ToBot:
		err = d.releaseToBot(ctx, tx, c, agent)
	default:
		err = &conversation.FieldError{Field: "to", Message: "give it back to queue or bot"}
	}
	return c, err
}

func (d *Desk) releaseToQueue(ctx context.Context, tx *db.Tx, c *conversation.Conversation, agent Agent) error {
	if c.Queueing() {
		return nil
	}
	if err := d.end(ctx, tx, c.ID, endReleased); err != nil {
		return err
	}
	return d.enqueue(ctx, tx, c, c.WaitingSince, activity{kind: "released", data: about(agent), intro: func(w words) string { return w.released }})
}

func (d *Desk) releaseToBot(ctx context.Context, tx *db.Tx, c *conversation.Conversation, agent Agent) error {
	if c.Status == conversation.Pending {
		return nil
	}
	inbox, err := d.Conversations.Inbox(ctx, tx, c.InboxID)
	if err != nil && !errors.Is(err, conversation.ErrNotFound) {
		return err
	}
	if !inbox.Bot {
		return &conversation.FieldError{Field: "to", Message: "this inbox has no bot"}
	}
	if err := d.leave(ctx, tx, c, endReleased); err != nil {
		return err
	}
	data, asked := about(agent), c.HandoffReason == string(Asked)
	if asked {
		data["asked"] = "true"
	}
	c.Status, c.AgentID, c.Misunderstood, c.HandoffReason = conversation.Pending, 0, 0, ""
	if asked {
		c.WaitingSince = time.Time{} // the bot would only hand "a human please" over once more
	} else if !c.WaitingSince.IsZero() {
		c.TurnDue = tx.Now
	}
	_, err = d.Conversations.Activity(ctx, tx, c, "bot_resumed", data, wordsFor(c.Language).botResumed)
	return err
}

// leave takes a conversation out of whoever's hands and out of the queue; the caller says what becomes of it.
func (d *Desk) leave(ctx context.Context, tx *db.Tx, c *conversation.Conversation, endReason string) error {
	if err := d.leavesQueue(ctx, tx, c, 0); err != nil {
		return err
	}
	if err := d.end(ctx, tx, c.ID, endReason); err != nil {
		return err
	}
	if err := d.forgetWait(ctx, tx, c.ID); err != nil {
		return err
	}
	return d.forgetPlace(ctx, tx, c.ID)
}
