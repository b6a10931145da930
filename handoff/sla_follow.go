package handoff

import (
	"context"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff/hours"
)

// followClocks brings the clocks of a conversation in line with it, in the transaction that saves it. It looks only at how
// the conversation is now, so whatever changed it, the clocks are right.
func (d *Desk) followClocks(ctx context.Context, tx *db.Tx, c *conversation.Conversation, was conversation.Status) error {
	if c.Status == conversation.Pending && (was == conversation.Pending || was == "") {
		return nil // the bot's alone
	}
	clocks, err := queryClocks(ctx, tx, "conversation_id = ? AND state IN ('running', 'paused') ORDER BY id"+tx.ForUpdate(), c.ID)
	if err != nil {
		return err
	}
	active := map[ClockKind]bool{}
	for i := range clocks {
		if err := d.followClock(ctx, tx, c, &clocks[i]); err != nil {
			return err
		}
		active[clocks[i].Kind] = clocks[i].State.active()
	}
	if c.Status != conversation.Open || c.WaitingSince.IsZero() {
		return nil
	}
	return d.startClocks(ctx, tx, c, active)
}

// wish is what a clock has to do, given how its conversation is: run, pause for a reason, or end.
func wish(kind ClockKind, c *conversation.Conversation) (ClockState, string) {
	switch {
	case c.Status == conversation.Resolved && kind == Resolution:
		return ClockMet, ""
	case c.Status == conversation.Resolved:
		return ClockCancelled, "resolved"
	case kind != Resolution && c.WaitingSince.IsZero() && c.LastSender == conversation.FromAgent:
		return ClockMet, ""
	case c.Status == conversation.Snoozed:
		return ClockPaused, "snoozed"
	case c.Status == conversation.Pending:
		return ClockPaused, "bot"
	case c.WaitingSince.IsZero():
		return ClockPaused, "customer"
	default:
		return ClockRunning, ""
	}
}

func (d *Desk) followClock(ctx context.Context, tx *db.Tx, c *conversation.Conversation, clock *Clock) error {
	plan, err := d.planOf(ctx, tx, clock)
	if err != nil {
		return err
	}
	want, reason := wish(clock.Kind, c)
	if want.active() && (clock.TeamID != c.TeamID || clock.Priority != c.Priority) {
		if plan, err = d.replan(ctx, tx, c, clock, plan); err != nil || !clock.State.active() {
			return err
		}
	}
	var what string
	switch {
	case want == clock.State && reason == clock.PausedFor:
		return nil
	case want == ClockRunning:
		what = "resumed"
		clock.run(plan.policy, plan.calendar, tx.Now)
	case want == ClockPaused && clock.State == ClockPaused:
		clock.PausedFor = reason
		return saveClock(ctx, tx, clock, time.Time{})
	case want == ClockPaused:
		what = "paused"
		clock.pause(plan.calendar, tx.Now, reason)
	default:
		what = string(want)
		clock.end(plan.calendar, tx.Now, want)
	}
	return d.saveAndNote(ctx, tx, c, clock, plan, what, reason)
}

// plan is what a clock goes by.
type plan struct {
	policy   Policy
	calendar *hours.Calendar
}

func (d *Desk) planOf(ctx context.Context, from db.Querier, clock *Clock) (plan, error) {
	p, err := d.PolicyVersion(ctx, from, clock.PolicyID, clock.PolicyVersion)
	if err != nil {
		return plan{}, err
	}
	calendar, err := d.workOf(ctx, from, p, clock.TeamID)
	return plan{p, calendar}, err
}

// workOf is the calendar that a policy counts by for a team.
func (d *Desk) workOf(ctx context.Context, from db.Querier, p Policy, teamID int64) (*hours.Calendar, error) {
	if p.Always {
		return hours.Always(), nil
	}
	return d.Calendar(ctx, from, teamID)
}

// replan finds the policy for a conversation whose team or priority has changed: by another one the clock is planned anew,
// with what it has used so far; without any it is over.
func (d *Desk) replan(ctx context.Context, tx *db.Tx, c *conversation.Conversation, clock *Clock, old plan) (plan, error) {
	p, found, err := d.policyFor(ctx, tx, c)
	if err != nil {
		return old, err
	}
	clock.settle(old.calendar, tx.Now)
	clock.TeamID, clock.Priority = c.TeamID, c.Priority
	if !found || p.target(clock.Kind) == 0 {
		clock.end(old.calendar, tx.Now, ClockCancelled)
		return old, d.saveAndNote(ctx, tx, c, clock, old, string(ClockCancelled), "no_policy")
	}
	next := plan{policy: p}
	if next.calendar, err = d.workOf(ctx, tx, p, c.TeamID); err != nil {
		return old, err
	}
	if p.ID == old.policy.ID && p.Version == old.policy.Version {
		if clock.State == ClockRunning {
			clock.run(p, next.calendar, tx.Now)
		}
	} else {
		clock.plan(p, next.calendar, tx.Now)
	}
	return next, d.saveAndNote(ctx, tx, c, clock, next, "replanned", "")
}

func (d *Desk) policyFor(ctx context.Context, tx *db.Tx, c *conversation.Conversation) (Policy, bool, error) {
	all, err := d.Policies(ctx, tx)
	if err != nil || len(all) == 0 {
		return Policy{}, false, err
	}
	inbox, err := d.Conversations.Inbox(ctx, tx, c.InboxID)
	if err != nil {
		return Policy{}, false, err
	}
	contact, err := d.Conversations.Contact(ctx, tx, c.ContactID)
	if err != nil {
		return Policy{}, false, err
	}
	p, found := firstFit(all, slaCase{tier: contact.Tier(), channel: inbox.Kind, priority: c.Priority, team: c.TeamID})
	return p, found, nil
}

// startClocks starts what is not yet running in a conversation whose customer waits for a person.
func (d *Desk) startClocks(ctx context.Context, tx *db.Tx, c *conversation.Conversation, active map[ClockKind]bool) error {
	responding := active[FirstResponse] || active[NextResponse]
	if responding && active[Resolution] {
		return nil
	}
	p, found, err := d.policyFor(ctx, tx, c)
	if err != nil || !found {
		return err
	}
	calendar, err := d.workOf(ctx, tx, p, c.TeamID)
	if err != nil {
		return err
	}
	if !active[Resolution] {
		if err := d.startClock(ctx, tx, c, Resolution, plan{p, calendar}); err != nil {
			return err
		}
	}
	if responding {
		return nil
	}
	answered, err := d.Conversations.AnsweredByPerson(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	kind := FirstResponse
	if answered {
		kind = NextResponse
	}
	return d.startClock(ctx, tx, c, kind, plan{p, calendar})
}

func (d *Desk) startClock(ctx context.Context, tx *db.Tx, c *conversation.Conversation, kind ClockKind, by plan) error {
	if by.policy.target(kind) == 0 {
		return nil
	}
	clock := &Clock{ConversationID: c.ID, Kind: kind, PolicyID: by.policy.ID, PolicyVersion: by.policy.Version, TeamID: c.TeamID, Priority: c.Priority,
		Target: by.policy.target(kind), StartedAt: tx.Now}
	clock.run(by.policy, by.calendar, tx.Now)
	return d.saveAndNote(ctx, tx, c, clock, by, "started", "")
}

func (d *Desk) saveAndNote(ctx context.Context, tx *db.Tx, c *conversation.Conversation, clock *Clock, by plan, what, reason string) error {
	_, due := clock.alarm(by.policy, by.calendar)
	if err := saveClock(ctx, tx, clock, due); err != nil {
		return err
	}
	return noteClock(ctx, tx, c, clock, what, reason)
}

// CancelClocks ends the clocks of a conversation that goes on elsewhere, such as one that is merged into another; call it
// before the conversation is resolved for that.
func (d *Desk) CancelClocks(ctx context.Context, tx *db.Tx, c *conversation.Conversation, reason string) error {
	clocks, err := queryClocks(ctx, tx, "conversation_id = ? AND state IN ('running', 'paused') ORDER BY id"+tx.ForUpdate(), c.ID)
	if err != nil {
		return err
	}
	for i := range clocks {
		by, err := d.planOf(ctx, tx, &clocks[i])
		if err != nil {
			return err
		}
		clocks[i].end(by.calendar, tx.Now, ClockCancelled)
		if err := d.saveAndNote(ctx, tx, c, &clocks[i], by, string(ClockCancelled), reason); err != nil {
			return err
		}
	}
	return nil
}

// moveHours counts the clocks of teams up to now by the hours that held, and lets them go on by those that hold from now
// on. The calendars are those from before.
func (d *Desk) moveHours(ctx context.Context, tx *db.Tx, before map[int64]*hours.Calendar) error {
	for team, old := range before {
		clocks, err := queryClocks(ctx, tx, "team_id = ? AND state = 'running' ORDER BY id"+tx.ForUpdate(), team)
		if err != nil {
			return err
		}
		for i := range clocks {
			if err := d.moveClock(ctx, tx, &clocks[i], old); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *Desk) moveClock(ctx context.Context, tx *db.Tx, clock *Clock, old *hours.Calendar) error {
	by, err := d.planOf(ctx, tx, clock)
	if err != nil || by.policy.Always {
		return err
	}
	c, err := d.Conversations.Get(ctx, tx, clock.ConversationID)
	if err != nil {
		return err
	}
	clock.settle(old, tx.Now)
	clock.run(by.policy, by.calendar, tx.Now)
	return d.saveAndNote(ctx, tx, c, clock, by, "replanned", "hours")
}
