package handoff

import (
	"context"
	"fmt"

	"huiyin/conversation"
	"huiyin/db"
)

// TakeMessage tells a customer who waits while nobody works that what they add is kept, and when somebody reads it: once in a
// wait. The conversation keeps its place.
func (d *Desk) TakeMessage(ctx context.Context, tx *db.Tx, c *conversation.Conversation) error {
	known, err := d.waitOf(ctx, tx, c.ID)
	if err != nil || known.noted || !c.Queueing() {
		return err
	}
	known.noted = true
	if err := d.saveWait(ctx, tx, c.ID, known); err != nil {
		return err
	}
	p, err := d.Standing(ctx, tx, c)
	if err != nil {
		return err
	}
	_, err = d.Conversations.Activity(ctx, tx, c, "noted", activity{}.with(p), wordsFor(c.Language).keeps(p))
	return err
}

// keeps says that what a customer adds is kept, and from when on somebody reads it.
func (w words) keeps(p Place) string {
	if p.OpensAt.IsZero() {
		return w.noted
	}
	return fmt.Sprintf(w.notedUntil, p.Opens.in(w.chinese))
}
