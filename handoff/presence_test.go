package handoff_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

func (r *room) presence(a handoff.Agent) handoff.Presence {
	r.Helper()
	got, err := r.Agent(r.ctx, r.DB, a.ID)
	if err != nil {
		r.Fatal(err)
	}
	return got.Presence
}

func (r *room) seen(a handoff.Agent) {
	r.Helper()
	if err := r.Seen(r.ctx, a.ID); err != nil {
		r.Fatal(err)
	}
}

func TestPresence(t *testing.T) {
	onBoth(t, func(r *room) {
		for _, step := range []struct {
			name string
			do   func()
			want handoff.Presence
		}{
			{"new", func() {}, handoff.Offline},
			{"first sign of life", func() { r.seen(r.anna) }, handoff.Online},
			{"59 s later", func() { r.clock.pass(59 * time.Second) }, handoff.Online},
			{"a minute later", func() { r.clock.pass(time.Second) }, handoff.Offline},
			{"back", func() { r.seen(r.anna) }, handoff.Online},
			{"away", func() { _ = r.SetPresence(r.ctx, r.anna.ID, handoff.Away) }, handoff.Away},
			{"away and seen", func() { r.clock.pass(30 * time.Second); r.seen(r.anna) }, handoff.Away},
			{"away and gone", func() { r.clock.pass(time.Minute) }, handoff.Offline},
			{"online", func() { r.online(r.anna) }, handoff.Online},
		} {
			step.do()
			if got := r.presence(r.anna); got != step.want {
				r.Errorf("%s: %s, want %s", step.name, got, step.want)
			}
		}
	})
}

func TestPresenceRefuses(t *testing.T) {
	r := onSQLite(t)
	if got := field(r.SetPresence(r.ctx, r.anna.ID, handoff.Offline)); got != "presence" {
		t.Errorf("offline is nobody's word: %q", got)
	}
	if err := r.SetPresence(r.ctx, 99, handoff.Online); !errors.Is(err, conversation.ErrNotFound) {
		t.Errorf("nobody: %v", err)
	}
	for range 2 {
		if err := r.Seen(r.ctx, 99); !errors.Is(err, conversation.ErrNotFound) {
			t.Errorf("nobody's sign of life: %v", err)
		}
	}
}

func TestSignsOfLifeAreWrittenOnceInFifteenSeconds(t *testing.T) {
	onBoth(t, func(r *room) {
		second := handoff.New(r.DB, r.Conversations, r.Live) // another node
		var writes []time.Time
		for range 40 {
			r.seen(r.anna)
			if err := second.Seen(r.ctx, r.anna.ID); err != nil {
				r.Fatal(err)
			}
			a, err := r.Agent(r.ctx, r.DB, r.anna.ID)
			if err != nil {
				r.Fatal(err)
			}
			if len(writes) == 0 || !writes[len(writes)-1].Equal(a.SeenAt) {
				writes = append(writes, a.SeenAt)
			}
			r.clock.pass(time.Second)
		}
		if len(writes) != 3 {
			r.Errorf("written at %v", writes)
		}
	})
}

func TestOnlineByTeam(t *testing.T) {
	r := onSQLite(t)
	count := func(team int64) int {
		n, err := r.Online(r.ctx, r.DB, team)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	r.online(r.anna, r.mei, r.boss, r.editor)
	if a, b, c := count(r.team.ID), count(r.other.ID), count(0); a != 1 || b != 1 || c != 3 {
		t.Errorf("team %d, other %d, all %d", a, b, c)
	}
}

// Who waits and who works sees at once that somebody came, and at the next sweep that somebody silently went.
func TestPresenceIsSeenByWhoWaits(t *testing.T) {
	r := onSQLite(t)
	id := r.queued(handoff.Asked)
	r.sweep()
	customer, console := r.Live.Subscribe(fmt.Sprint("conversation:", id)), r.Live.Subscribe(handoff.TopicAgents)
	defer customer.Close()
	defer console.Close()
	for _, step := range []struct {
		name string
		do   func()
		want bool
	}{
		{"anna comes", func() { r.seen(r.anna) }, true},
		{"anna is here", func() { r.clock.pass(20 * time.Second); r.seen(r.anna) }, false},
		{"away", func() { _ = r.SetPresence(r.ctx, r.anna.ID, handoff.Away) }, true},
		{"the sweep tells nodes that did not know", r.sweep, true},
		{"nothing new", r.sweep, false},
		{"silently gone", func() { r.clock.pass(time.Minute); r.sweep() }, true},
	} {
		step.do()
		if a, b := pulsed(customer), pulsed(console); a != step.want || b != step.want {
			t.Errorf("%s: customer %v, console %v, want %v", step.name, a, b, step.want)
		}
	}
}

func TestSweepPutsTheForsakenBack(t *testing.T) {
	onBoth(t, func(r *room) {
		r.online(r.anna)
		waiting := r.held(r.anna)
		since := r.get(waiting).WaitingSince
		answered := r.held(r.anna)
		if err := r.reply(answered, r.anna); err != nil {
			r.Fatal(err)
		}
		r.clock.pass(time.Minute)
		other := r.queued(handoff.Asked)
		r.clock.pass(handoff.DefaultAbsence - time.Millisecond)
		r.sweep()
		if r.get(waiting).AgentID != r.anna.ID {
			r.Error("put back too early")
		}
		r.clock.pass(time.Millisecond)
		second := handoff.New(r.DB, r.Conversations, r.Live)
		for _, err := range together(6, func(i int) error { return []*handoff.Desk{r.Desk, second}[i%2].Sweep(r.ctx) }) {
			if err != nil {
				r.Error(err)
			}
		}
		c := r.get(waiting)
		if c.AgentID != 0 || !c.QueuedAt.Equal(since) || r.standing(waiting).Position != 1 || r.standing(other).Position != 2 {
			r.Errorf("put back: %+v", c)
		}
		if r.kinds(waiting) != "queued claimed requeued " || r.last(waiting).Private || r.last(waiting).Content.ActivityData["agent"] != "Anna Chen" {
			r.Errorf("lines %s", r.kinds(waiting))
		}
		if r.get(answered).AgentID != r.anna.ID {
			r.Error("one whose customer does not wait was taken away")
		}
		r.sound(waiting, answered, other)
	})
}

func TestSignsOfLifeKeepALease(t *testing.T) {
	onBoth(t, func(r *room) {
		for name, sign := range map[string]func(id int64){
			"heartbeat": func(int64) { r.seen(r.anna) },
			"away":      func(int64) { _ = r.SetPresence(r.ctx, r.anna.ID, handoff.Away) },
			"claim":     func(id int64) { _ = r.claim(id, r.anna, false) },
		} {
			id := r.held(r.anna)
			for range 3 {
				r.clock.pass(4 * time.Minute)
				sign(id)
				r.sweep()
			}
			if r.get(id).AgentID != r.anna.ID {
				r.Errorf("%s: lost", name)
			}
		}
	})
}

// What somebody held who has left goes back, even when no customer waits.
func TestSweepAfterSomebodyHasLeft(t *testing.T) {
	onBoth(t, func(r *room) {
		r.online(r.anna)
		id, asleep := r.held(r.anna), r.held(r.anna)
		if err := r.reply(id, r.anna); err != nil {
			r.Fatal(err)
		}
		r.tx(func(tx *db.Tx) error {
			_, err := r.Snooze(r.ctx, tx, asleep, r.anna, r.clock.Now().Add(time.Hour))
			return err
		})
		gone := r.anna
		gone.Active = false
		r.tx(func(tx *db.Tx) error { return r.SaveAgent(r.ctx, tx, gone) })
		r.sweep()
		if c := r.get(id); c.AgentID != 0 || r.standing(id).Position != 1 {
			r.Errorf("%+v", c)
		}
		if c := r.get(asleep); c.Status != conversation.Snoozed {
			r.Errorf("woken by the sweep: %+v", c)
		}
		r.clock.pass(time.Hour)
		r.tx(func(tx *db.Tx) error { return r.Wake(r.ctx, tx, asleep) })
		r.sweep()
		if c := r.get(asleep); c.AgentID != 0 || c.Status != conversation.Open {
			r.Errorf("after waking: %+v", c)
		}
		r.sound(id, asleep)
	})
}

func TestSweepAfterSomebodyHasBecomeAnEditor(t *testing.T) {
	r := onSQLite(t)
	r.online(r.anna)
	id := r.held(r.anna)
	moved := r.anna
	moved.Role = handoff.Editor
	r.tx(func(tx *db.Tx) error { return r.SaveAgent(r.ctx, tx, moved) })
	r.sweep()
	if c := r.get(id); c.AgentID != 0 || c.Status != conversation.Open {
		t.Errorf("%+v", c)
	}
	r.sound(id)
}
