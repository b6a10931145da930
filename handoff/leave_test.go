package handoff_test

import (
	"errors"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

// maxAway is long enough for a resolved conversation not to be taken up again.
const maxAway = 48 * time.Hour

func (r *room) release(id int64, a handoff.Agent, to handoff.Destination) error {
	return r.DB.Tx(r.ctx, func(tx *db.Tx) error { _, err := r.Release(r.ctx, tx, id, a, to); return err })
}

func (r *room) transfer(id int64, a handoff.Agent, to handoff.Target, note string) error {
	return r.DB.Tx(r.ctx, func(tx *db.Tx) error { _, err := r.Transfer(r.ctx, tx, id, a, to, note); return err })
}

func (r *room) resolve(id int64, a handoff.Agent) error {
	return r.DB.Tx(r.ctx, func(tx *db.Tx) error { _, err := r.Resolve(r.ctx, tx, id, a); return err })
}

func (r *room) reopen(id int64, a handoff.Agent) error {
	return r.DB.Tx(r.ctx, func(tx *db.Tx) error { _, err := r.Reopen(r.ctx, tx, id, a); return err })
}

func field(err error) string {
	var f *conversation.FieldError
	if errors.As(err, &f) {
		return f.Field
	}
	return ""
}

func TestReleaseToTheQueueKeepsTheCustomersPlace(t *testing.T) {
	onBoth(t, func(r *room) {
		id := r.held(r.anna)
		since := r.get(id).WaitingSince
		r.clock.pass(time.Minute)
		behind := r.queued(handoff.Asked)
		if err := r.release(id, r.anna, handoff.ToQueue); err != nil {
			r.Fatal(err)
		}
		if c := r.get(id); c.AgentID != 0 || c.Status != conversation.Open || !c.QueuedAt.Equal(since) {
			r.Errorf("%+v", c)
		}
		if r.standing(id).Position != 1 || r.standing(behind).Position != 2 || r.last(id).Content.Activity != "released" || r.last(id).Private {
			r.Errorf("places %d, %d; %s", r.standing(id).Position, r.standing(behind).Position, r.kinds(id))
		}
		if err := r.release(id, r.anna, handoff.ToQueue); err != nil || r.kinds(id) != "queued claimed released " {
			r.Errorf("twice: %v, %s", err, r.kinds(id))
		}
		r.sound(id)
	})
}

func TestReleaseToTheBot(t *testing.T) {
	onBoth(t, func(r *room) {
		for _, c := range []struct {
			reason handoff.Reason
			turn   bool // the bot answers what still waits
		}{{handoff.NotUnderstood, true}, {handoff.Asked, false}} {
			id := r.queued(c.reason)
			if err := r.claim(id, r.anna, false); err != nil {
				r.Fatal(err)
			}
			if err := r.release(id, r.anna, handoff.ToBot); err != nil {
				r.Fatal(err)
			}
			got := r.get(id)
			if got.Status != conversation.Pending || got.AgentID != 0 || got.HandoffReason != "" || got.TurnDue.IsZero() == c.turn {
				r.Errorf("%s: %+v", c.reason, got)
			}
			if line := r.last(id); line.Content.Activity != "bot_resumed" || line.Private {
				r.Errorf("%s: %+v", c.reason, line)
			}
			if err := r.release(id, r.anna, handoff.ToBot); err != nil || r.kinds(id) != "queued claimed bot_resumed " {
				r.Errorf("twice: %v %s", err, r.kinds(id))
			}
			r.sound(id)
		}
	})
}

func TestReleaseRefuses(t *testing.T) {
	r := onSQLite(t)
	if got := field(r.release(r.held(r.anna), r.anna, "moon")); got != "to" {
		t.Errorf("an unknown destination: %q", got)
	}
	id := r.held(r.anna)
	r.inbox.Bot = false
	r.tx(func(tx *db.Tx) error { return r.Conversations.SaveInbox(r.ctx, tx, r.inbox) })
	if got := field(r.release(id, r.anna, handoff.ToBot)); got != "to" {
		t.Errorf("no bot: %q", got)
	}
	if err := r.resolve(id, r.anna); err != nil {
		t.Fatal(err)
	}
	if err := r.release(id, r.anna, handoff.ToQueue); !errors.Is(err, handoff.ErrResolved) {
		t.Errorf("resolved: %v", err)
	}
}

func TestTransfer(t *testing.T) {
	onBoth(t, func(r *room) {
		id := r.held(r.anna)
		if err := r.transfer(id, r.anna, handoff.Target{AgentID: r.lin.ID}, "knows the case"); err != nil {
			r.Fatal(err)
		}
		if c := r.get(id); c.AgentID != r.lin.ID || c.TeamID != r.team.ID {
			r.Errorf("to an agent: %+v", c)
		}
		line := r.last(id)
		if line.Text != "林晓 is with you now" || line.Content.ActivityData["agent"] != "Anna Chen" || line.Content.ActivityData["to_agent"] != "林晓" {
			r.Errorf("line %+v", line)
		}
		messages, err := r.Conversations.Messages(r.ctx, r.DB, id, conversation.Page{Limit: 1})
		if err != nil || messages[0].Text != "knows the case" || !messages[0].Private || messages[0].AgentID != r.anna.ID {
			r.Errorf("note %+v, %v", messages, err)
		}
		if err := r.transfer(id, r.lin, handoff.Target{TeamID: r.other.ID}, ""); err != nil {
			r.Fatal(err)
		}
		if c := r.get(id); c.AgentID != 0 || c.TeamID != r.other.ID || c.HandoffReason != "transfer" || r.standing(id).Position != 1 {
			r.Errorf("to a team: %+v", c)
		}
		if line := r.last(id); line.Content.Activity != "transferred" || line.Content.ActivityData["team"] != "Network" || line.Private {
			r.Errorf("line %+v", line)
		}
		if got := r.answer(r.claim(id, r.anna, false)); got != "not found" {
			r.Errorf("anna is not of that team: %q", got)
		}
		if err := r.transfer(id, r.mei, handoff.Target{TeamID: r.team.ID, AgentID: r.anna.ID}, ""); err != nil || r.get(id).AgentID != r.anna.ID || r.get(id).TeamID != r.team.ID {
			r.Errorf("to an agent in a team: %v", err)
		}
		r.sound(id)
	})
}

func TestTransferRefuses(t *testing.T) {
	r := onSQLite(t)
	fired := r.hire("Cy", handoff.AgentRole)
	fired.Active = false
	r.tx(func(tx *db.Tx) error { return r.SaveAgent(r.ctx, tx, fired) })
	for _, c := range []struct {
		name, field string
		id          int64
		to          handoff.Target
	}{
		{"nowhere", "agent_id", r.held(r.anna), handoff.Target{}},
		{"no such team", "team_id", r.held(r.anna), handoff.Target{TeamID: 99}},
		{"no such agent", "agent_id", r.held(r.anna), handoff.Target{AgentID: 99}},
		{"an editor", "agent_id", r.held(r.anna), handoff.Target{AgentID: r.editor.ID}},
		{"who has left", "agent_id", r.held(r.anna), handoff.Target{AgentID: fired.ID}},
		{"who has it", "agent_id", r.held(r.anna), handoff.Target{AgentID: r.anna.ID}},
		{"the queue it is in", "team_id", r.queued(handoff.Asked), handoff.Target{TeamID: r.team.ID}},
	} {
		before := r.kinds(c.id)
		if got := field(r.transfer(c.id, r.anna, c.to, "note")); got != c.field || r.kinds(c.id) != before {
			t.Errorf("%s: field %q, lines %s", c.name, got, r.kinds(c.id))
		}
		r.sound(c.id)
	}
}

func TestResolveAndReopen(t *testing.T) {
	onBoth(t, func(r *room) {
		id := r.held(r.anna)
		for range 2 {
			if err := r.resolve(id, r.anna); err != nil {
				r.Fatal(err)
			}
		}
		if c := r.get(id); c.Status != conversation.Resolved || c.AgentID != r.anna.ID || c.Unread != 0 {
			r.Errorf("resolved: %+v", c)
		}
		if line := r.last(id); !line.Private || line.Text != "" || r.kinds(id) != "queued claimed resolved " {
			r.Errorf("%s %+v", r.kinds(id), line)
		}
		for range 2 {
			if err := r.reopen(id, r.lin); err != nil {
				r.Fatal(err)
			}
		}
		if c := r.get(id); c.Status != conversation.Open || c.AgentID != r.lin.ID || r.last(id).Content.Activity != "reopened" {
			r.Errorf("reopened: %+v", c)
		}
		r.sound(id)
		if err := r.resolve(id, handoff.Machine()); err != nil {
			r.Fatal(err)
		}
		if err := r.reopen(id, handoff.Machine()); err != nil || r.standing(id).Position != 1 {
			r.Errorf("reopened by a rule: %v, %+v", err, r.get(id))
		}
		r.sound(id)
	})
}

// The customer's next word after the end goes to the bot first, and to nobody's inbox.
func TestTheBotIsFirstAgainAfterTheEnd(t *testing.T) {
	r := onSQLite(t)
	id := r.says("wang", "zh").ID
	if err := errors.Join(r.claim(id, r.anna, false), r.resolve(id, r.anna)); err != nil {
		t.Fatal(err)
	}
	c := r.says("wang", "zh")
	if c.ID != id || c.Status != conversation.Pending || c.AgentID != 0 || c.TurnDue.IsZero() {
		t.Errorf("%+v", c)
	}
	r.sound(id)
	r.request(id, handoff.Asked)
	if err := r.claim(id, r.lin, false); err != nil {
		t.Error(err)
	}
	r.sound(id)
}

func TestSnoozeAndWake(t *testing.T) {
	onBoth(t, func(r *room) {
		own, free := r.held(r.anna), r.queued(handoff.Asked)
		until := r.clock.Now().Add(time.Hour)
		for _, id := range []int64{own, free} {
			r.tx(func(tx *db.Tx) error { _, err := r.Snooze(r.ctx, tx, id, r.anna, until); return err })
			if c := r.get(id); c.Status != conversation.Snoozed || !c.SnoozedUntil.Equal(until) || r.last(id).Content.ActivityData["until"] != "2026-11-20T10:00:00Z" {
				r.Errorf("snoozed: %+v", c)
			}
			r.sound(id)
		}
		wake := func(id int64) error { return r.DB.Tx(r.ctx, func(tx *db.Tx) error { return r.Wake(r.ctx, tx, id) }) }
		if err := wake(own); err != nil || r.get(own).Status != conversation.Snoozed {
			r.Errorf("woken too early: %v", err)
		}
		r.clock.pass(time.Hour)
		due, err := r.Conversations.DueSnoozes(r.ctx, r.DB, 10)
		if err != nil || len(due) != 2 {
			r.Fatalf("due %v, %v", due, err)
		}
		for _, err := range together(8, func(i int) error { return wake(due[i%2]) }) {
			if err != nil {
				r.Error(err)
			}
		}
		if c := r.get(own); c.Status != conversation.Open || c.AgentID != r.anna.ID || r.kinds(own) != "queued claimed snoozed woken " {
			r.Errorf("own: %+v %s", c, r.kinds(own))
		}
		if c := r.get(free); c.Status != conversation.Open || r.standing(free).Position != 1 || r.kinds(free) != "queued snoozed woken " {
			r.Errorf("free: %+v %s", c, r.kinds(free))
		}
		r.sound(own, free)
	})
}

func TestSnoozeRefuses(t *testing.T) {
	r := onSQLite(t)
	id := r.held(r.anna)
	for _, until := range []time.Time{{}, r.clock.Now(), r.clock.Now().Add(-time.Hour), r.clock.Now().AddDate(2, 0, 0)} {
		err := r.DB.Tx(r.ctx, func(tx *db.Tx) error { _, err := r.Snooze(r.ctx, tx, id, r.anna, until); return err })
		if field(err) != "until" {
			t.Errorf("%s: %v", until, err)
		}
	}
	if err := r.resolve(id, r.anna); err != nil {
		t.Fatal(err)
	}
	err := r.DB.Tx(r.ctx, func(tx *db.Tx) error {
		_, err := r.Snooze(r.ctx, tx, id, r.anna, r.clock.Now().Add(time.Hour))
		return err
	})
	if !errors.Is(err, handoff.ErrResolved) {
		t.Errorf("resolved: %v", err)
	}
}

func TestAssignmentsTellTheWholeStory(t *testing.T) {
	onBoth(t, func(r *room) {
		id := r.held(r.anna)
		steps := []error{
			r.claim(id, r.lin, true),
			r.release(id, r.lin, handoff.ToQueue),
			r.claim(id, r.anna, false),
			r.transfer(id, r.anna, handoff.Target{AgentID: r.lin.ID}, ""),
			r.resolve(id, r.lin),
			r.reopen(id, r.anna),
		}
		if err := errors.Join(steps...); err != nil {
			r.Fatal(err)
		}
		found, err := r.Assignments(r.ctx, r.DB, id)
		if err != nil {
			r.Fatal(err)
		}
		want := []struct {
			agent int64
			end   string
		}{{r.anna.ID, "taken_over"}, {r.lin.ID, "released"}, {r.anna.ID, "transferred"}, {r.lin.ID, "resolved"}, {r.anna.ID, ""}}
		if len(found) != len(want) {
			r.Fatalf("%+v", found)
		}
		for i, a := range found {
			if a.AgentID != want[i].agent || a.EndReason != want[i].end || a.TeamID != r.team.ID || a.EndedAt.IsZero() != (want[i].end == "") ||
				!a.LeaseUntil.Equal(r.clock.Now().Add(time.Minute+handoff.DefaultAbsence)) {
				r.Errorf("%d: %+v", i, a)
			}
		}
	})
}

// A rule passes a conversation on with a note that is nobody's.
func TestTheMachineTransfers(t *testing.T) {
	r := onSQLite(t)
	id := r.held(r.anna)
	if err := r.transfer(id, handoff.Machine(), handoff.Target{TeamID: r.other.ID}, "too long without an answer"); err != nil {
		t.Fatal(err)
	}
	messages, err := r.Conversations.Messages(r.ctx, r.DB, id, conversation.Page{Limit: 2})
	if err != nil || messages[1].Sender != conversation.FromSystem || !messages[1].Private || messages[0].Content.ActivityData["agent"] != "" {
		t.Errorf("%+v, %v", messages, err)
	}
	r.sound(id)
}
