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
	ByRule        Reason = "rule"       // a rule of the administrator's wants it
)

// Valid tells whether it is one of the reasons.
func (r Reason) Valid() bool {
	switch r {
	case Asked, NotUnderstood, Complaint, Anger, Unhelpful, NoBot, Transferred, BadRating, ByRule:
		return true
	default:
		return false
	}
}

func (r Reason) urgent() bool { return r == Complaint || r == Anger || r == BadRating }

// Ask is why a conversation is to go to a human, and what is known of what the customer wants.
type Ask struct {
	Reason           Reason
	Intent, Category string
	Angry            bool
}

// Request asks for a human in a loaded conversation: RequestAs where only the reason is known.
func (d *Desk) Request(ctx context.Context, tx *db.Tx, c *conversation.Conversation, reason Reason) error {
	return d.RequestAs(ctx, tx, c, Ask{Reason: reason})
}

// RequestAs asks for a human in a loaded conversation: it goes into its team's queue and the customer is told the
// place. A complaint or anger goes before the others. When it is queued already the place is told again, at most
// once a minute; when somebody has it nothing is said. Where the queue is full the team's rule holds: a message is taken, another
// team helps out, or the customer is told the other ways and stays with the bot. The conversation is saved with it.
func (d *Desk) RequestAs(ctx context.Context, tx *db.Tx, c *conversation.Conversation, ask Ask) error {
	reason := ask.Reason
	if !reason.Valid() {
		return &conversation.FieldError{Field: "reason", Message: fmt.Sprintf("%q is no reason for a human", reason)}
	}
	raised := reason.urgent() && c.Priority < conversation.High
	if raised {
		c.Priority = conversation.High
	}
	if owner(c) != 0 {
		return d.requestOwned(ctx, tx, c, raised)
	}
	known, err := d.waitOf(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	known.learn(ask)
	if c.Queueing() && known.told > 0 {
		return d.requestAgain(ctx, tx, c, known, ask, raised)
	}
	return d.arrive(ctx, tx, c, known, ask)
}

// learn adds what a request tells.
func (w *wait) learn(ask Ask) {
	if ask.Intent != "" {
		w.intent = ask.Intent
	}
	if ask.Category != "" {
		w.category = ask.Category
	}
	w.angry = w.angry || ask.Angry || ask.Reason == Anger
	w.complaint = w.complaint || ask.Reason == Complaint
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

func (d *Desk) requestAgain(ctx context.Context, tx *db.Tx, c *conversation.Conversation, known wait, ask Ask, raised bool) error {
	if err := d.saveWait(ctx, tx, c.ID, known); err != nil {
		return err
	}
	last, err := d.placeTold(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	if raised {
		c.HandoffReason = string(ask.Reason)
	}
	if tx.Now.Sub(last.at) >= tellEvery {
		line := queued(ask.Reason)
		line.intro = nil
		return d.tellPlace(ctx, tx, c, line)
	}
	if !raised {
		return nil
	}
	d.movedBehind(ctx, tx, c)
	return d.Conversations.Save(ctx, tx, c)
}
