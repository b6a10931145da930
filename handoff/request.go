package handoff

import (
	"context"
	"fmt"

	"huiyin/conversation"
	"huiyin/db"
)

// Reason is why a conversation went to a human.
type Reason string

// The reasons.
const (
	Asked         Reason = "asked"
	NotUnderstood Reason = "not_understood"
	Complaint     Reason = "complaint"
	Anger         Reason = "anger"
	Unhelpful     Reason = "unhelpful"
	NoBot         Reason = "no_bot"
	Transferred   Reason = "transfer"
	BadRating     Reason = "bad_rating" // the customer was not content once it was over
)

// Valid tells whether it is one of the reasons.
func (r Reason) Valid() bool {
	switch r {
	case Asked, NotUnderstood, Complaint, Anger, Unhelpful, NoBot, Transferred, BadRating:
		return true
	default:
		return false
	}
}

func (r Reason) urgent() bool { return r == Complaint || r == Anger || r == BadRating }

// Request asks for a human in a loaded conversation: it goes into its team's queue and the customer is told the
// place. A complaint or anger goes before the others. When it is queued already the place is told again, at most
// once a minute; when somebody has it nothing is said. The conversation is saved with it.
func (d *Desk) Request(ctx context.Context, tx *db.Tx, c *conversation.Conversation, reason Reason) error {
	if !reason.Valid() {
		return &conversation.FieldError{Field: "reason", Message: fmt.Sprintf("%q is no reason for a human", reason)}
	}
	raised := reason.urgent() && c.Priority < conversation.High
	if raised {
		c.Priority = conversation.High
	}
	switch {
	case owner(c) != 0:
		return d.requestOwned(ctx, tx, c, raised)
	case c.Queueing():
		return d.requestAgain(ctx, tx, c, reason, raised)
	}
	c.HandoffReason = string(reason)
	if c.WaitingSince.IsZero() {
		c.WaitingSince = tx.Now
	}
	return d.enqueue(ctx, tx, c, tx.Now, queued(reason))
}

func queued(reason Reason) activity {
	line := activity{kind: "queued", data: map[string]string{"reason": string(reason)}, intro: func(w words) string { return w.connecting }}
	if reason.urgent() {
		line.intro, line.always = func(w words) string { return w.sorry }, true
	}
	return line
}

func (d *Desk) requestOwned(ctx context.Context, tx *db.Tx, c *conversation.Conversation, raised bool) error {
	if c.Status == conversation.Open && !raised {
		return nil
	}
	c.Status = conversation.Open
	return d.Conversations.Save(ctx, tx, c)
}

func (d *Desk) requestAgain(ctx context.Context, tx *db.Tx, c *conversation.Conversation, reason Reason, raised bool) error {
	last, err := d.placeTold(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	if raised {
		c.HandoffReason = string(reason)
	}
	if tx.Now.Sub(last.at) >= tellEvery {
		line := queued(reason)
		if !last.at.IsZero() {
			line.intro = nil
		}
		return d.tellPlace(ctx, tx, c, line)
	}
	if !raised {
		return nil
	}
	d.movedBehind(ctx, tx, c)
	return d.Conversations.Save(ctx, tx, c)
}
