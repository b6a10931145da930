package handoff

import (
	"context"
	"fmt"

	"huiyin/conversation"
	"huiyin/db"
)

// ChoiceLater is the value of the button with which a waiting customer asks to be answered later, where they wrote.
const ChoiceLater = "later"

// ChoicePlace is the value of a button with which a waiting customer asks for the place.
const ChoicePlace = "place"

// tellPlace tells a waiting customer the place with an activity line, and saves the conversation.
func (d *Desk) tellPlace(ctx context.Context, tx *db.Tx, c *conversation.Conversation, line activity) error {
	p, err := d.Standing(ctx, tx, c)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO places_told (conversation_id, told_at, staffed) VALUES (?, ?, ?)
 ON CONFLICT (conversation_id) DO UPDATE SET told_at = excluded.told_at`, c.ID, db.Millis(tx.Now), truth(p.AgentsOnline))
	if err != nil {
		return fmt.Errorf("note the place told: %w", err)
	}
	known, err := d.waitOf(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	known.told = p.Position
	if err := d.saveWait(ctx, tx, c.ID, known); err != nil {
		return err
	}
	d.movedBehind(ctx, tx, c)
	return d.sayPlace(ctx, tx, c, line, p)
}

// sayPlace stores the line, with a button for who would rather not wait where that shows as one.
func (d *Desk) sayPlace(ctx context.Context, tx *db.Tx, c *conversation.Conversation, line activity, p Place) error {
	w := wordsFor(c.Language)
	content := conversation.Content{Activity: line.kind, ActivityData: line.with(p)}
	kind, err := d.kindOf(ctx, tx, c.InboxID)
	if err != nil {
		return err
	}
	if d.manners(kind).Buttons && p.Position > 1 && !p.Later {
		content.Choices = []conversation.Choice{{Label: w.laterButton, Value: ChoiceLater}}
	}
	text := w.place(p)
	if p.Later && p.OpensAt.IsZero() {
		text = w.answeredLater(p)
	}
	_, err = d.Conversations.Reply(ctx, tx, c, conversation.Draft{Sender: conversation.FromSystem, Text: line.before(w, p.AgentsOnline) + text, Content: content})
	return err
}

// TellPlace answers a waiting customer who asks for the place, at most once a minute. It does nothing for who does not wait.
func (d *Desk) TellPlace(ctx context.Context, tx *db.Tx, c *conversation.Conversation) error {
	if !c.Queueing() {
		return nil
	}
	last, err := d.placeTold(ctx, tx, c.ID)
	if err != nil || tx.Now.Sub(last.at) < tellEvery {
		return err
	}
	return d.tellPlace(ctx, tx, c, activity{kind: "place"})
}

// TellPlaceIfMoved tells a waiting customer a place that is better than the one they know, for a channel where saying so costs
// nothing just now.
func (d *Desk) TellPlaceIfMoved(ctx context.Context, tx *db.Tx, c *conversation.Conversation) error {
	if !c.Queueing() {
		return nil
	}
	known, err := d.waitOf(ctx, tx, c.ID)
	if err != nil || known.told == 0 || known.later {
		return err
	}
	ahead, err := d.Conversations.Ahead(ctx, tx, c)
	if err != nil || ahead+1 >= known.told {
		return err
	}
	return d.TellPlace(ctx, tx, c)
}

// AnswerLater notes that a waiting customer would rather be answered later, where they wrote: the place stays, nothing is told live
// any more, and what is promised is said. Asking twice is asking once.
func (d *Desk) AnswerLater(ctx context.Context, tx *db.Tx, c *conversation.Conversation) error {
	if !c.Queueing() {
		return nil
	}
	known, err := d.waitOf(ctx, tx, c.ID)
	if err != nil || known.later {
		return err
	}
	known.later = true
	if err := d.saveWait(ctx, tx, c.ID, known); err != nil {
		return err
	}
	return d.tellPlace(ctx, tx, c, activity{kind: "later"})
}

// nudge tells the first in a team's queue that they are next, once. Who sees the place by themselves, gets letters or asked to
// be answered later is told nothing.
func (d *Desk) nudge(ctx context.Context, team int64) error {
	first, err := d.Conversations.Queue(ctx, d.DB, team, 1)
	if err != nil || len(first) == 0 {
		return err
	}
	known, err := d.waitOf(ctx, d.DB, first[0])
	if err != nil || !known.nudgeable() {
		return err
	}
	return d.DB.Tx(ctx, func(tx *db.Tx) error { return d.nudgeOne(ctx, tx, first[0]) })
}

func (w wait) nudgeable() bool { return w.told > 1 && !w.nudged && !w.later }

func (d *Desk) nudgeOne(ctx context.Context, tx *db.Tx, id int64) error {
	c, err := d.Conversations.Load(ctx, tx, id)
	if err != nil || !c.Queueing() {
		return err
	}
	known, err := d.waitOf(ctx, tx, id)
	if err != nil || !known.nudgeable() {
		return err
	}
	ahead, err := d.Conversations.Ahead(ctx, tx, c)
	if err != nil || ahead > 0 {
		return err
	}
	online, err := d.Online(ctx, tx, c.TeamID)
	if err != nil || online == 0 {
		return err
	}
	known.nudged, known.told = true, 1
	if err := d.saveWait(ctx, tx, id, known); err != nil {
		return err
	}
	kind, err := d.kindOf(ctx, tx, c.InboxID)
	if m := d.manners(kind); err != nil || m.Live || m.Letters {
		return err
	}
	_, err = d.Conversations.Activity(ctx, tx, c, ActivityNext, nil, wordsFor(c.Language).next)
	return err
}

// ActivityNext is the kind of the line that tells who is next. It is worth no message that it cannot have at once.
const ActivityNext = "next"

// waitsAnew forgets what a waiting customer was told in a queue that they leave for another.
func (d *Desk) waitsAnew(ctx context.Context, tx *db.Tx, id int64) error {
	w, err := d.waitOf(ctx, tx, id)
	if err != nil {
		return err
	}
	w.told, w.nudged, w.noted, w.returned, w.been = 0, false, false, false, nil
	return d.saveWait(ctx, tx, id, w)
}
