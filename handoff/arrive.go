package handoff

import (
	"context"
	"maps"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff/routing"
)

// arrive brings a conversation into a queue, unless that is full and the rule is to say so.
func (d *Desk) arrive(ctx context.Context, tx *db.Tx, c *conversation.Conversation, known wait, ask Ask) error {
	s, err := d.Routing(ctx, tx)
	if err != nil {
		return err
	}
	contact, err := d.Conversations.Contact(ctx, tx, c.ContactID)
	if err != nil {
		return err
	}
	kind, err := d.kindOf(ctx, tx, c.InboxID)
	if err != nil {
		return err
	}
	as := d.caseOf(s.Settings, c, contact, kind, known)
	bot := c.Status == conversation.Pending && ask.Reason != NoBot
	to, err := routing.Arrive(s.Settings, func(team int64) (int, error) { return d.othersQueued(ctx, tx, s.Settings, team, c) }, bot, as)
	if err != nil {
		return err
	}
	if to.Stay {
		return d.tellOtherWays(ctx, tx, c, s.Team(c.TeamID))
	}
	if bot {
		c.BotSeq, c.TurnDue = max(c.LastSeq, 1), time.Time{}
	}
	line := queued(ask.Reason)
	if to.Team != c.TeamID {
		if err := d.helpedOut(ctx, tx, c, &known, to.Team, &line); err != nil {
			return err
		}
	}
	known.later = known.later || to.Later || d.manners(kind).Letters
	if err := d.saveWait(ctx, tx, c.ID, known); err != nil {
		return err
	}
	if to.Later {
		line.data["full"] = "true"
		line.intro, line.always = func(w words) string { return w.full }, true
	}
	if c.WaitingSince.IsZero() {
		c.WaitingSince = tx.Now
	}
	since := c.QueuedAt
	if !c.Queueing() {
		since, c.HandoffReason = tx.Now, string(ask.Reason)
	}
	return d.enqueue(ctx, tx, c, since, line)
}

// othersQueued counts who waits in a team's queue, beside the conversation itself, up to the team's cap.
func (d *Desk) othersQueued(ctx context.Context, tx *db.Tx, s routing.Settings, team int64, c *conversation.Conversation) (int, error) {
	n, err := d.Conversations.Queued(ctx, tx, team, s.Team(team).Cap+1)
	if c.Queueing() && c.TeamID == team {
		n--
	}
	return n, err
}

// helpedOut moves a conversation that has just come to the team that helps out.
func (d *Desk) helpedOut(ctx context.Context, tx *db.Tx, c *conversation.Conversation, known *wait, to int64, line *activity) error {
	team, err := d.Team(ctx, tx, to)
	if err != nil {
		return err
	}
	line.data = maps.Clone(line.data)
	line.data["team"], line.data["overflow"] = team.Name, routing.WhenFull
	known.been, c.TeamID = append(known.been, c.TeamID), to
	return nil
}

// tellOtherWays tells a customer for whom there is no room how else to get help. The bot goes on.
func (d *Desk) tellOtherWays(ctx context.Context, tx *db.Tx, c *conversation.Conversation, t routing.Team) error {
	if err := d.forgetWait(ctx, tx, c.ID); err != nil {
		return err
	}
	_, err := d.Conversations.Activity(ctx, tx, c, "queue_full", nil, wordsFor(c.Language).noRoom(t.Ways(c.Language)))
	return err
}
