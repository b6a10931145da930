package handoff_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/handoff"
	"huiyin/live"
)

func (r *room) alarms() {
	r.Helper()
	if err := r.SoundAlarms(r.ctx); err != nil {
		r.Fatal(err)
	}
}

// warned is a policy of one clock that warns and escalates.
func warned(steps ...handoff.Escalation) handoff.Policy {
	return handoff.Policy{Name: "Fast", On: true, FirstResponse: 10, WarnMinutes: 2, Escalations: steps}
}

func TestAlarmsGoOffOnceInTheirOrder(t *testing.T) {
	onBoth(t, func(r *room) {
		r.policies(warned(handoff.Escalation{After: 5, Action: handoff.RaisePriority}, handoff.Escalation{Action: handoff.NotifyLead}))
		id := r.queued(handoff.Asked)
		for _, step := range []struct {
			minute int
			want   string
		}{{7, ""}, {8, "warned"}, {9, "warned"}, {10, "warned breached escalated(notify)"}, {14, "warned breached escalated(notify)"},
			{15, "warned breached escalated(notify) escalated(raise)"}, {60, "warned breached escalated(notify) escalated(raise)"}} {
			r.clock.pass(time.Duration(step.minute)*time.Minute - r.clock.Now().Sub(r.clocks(id)[0].StartedAt))
			r.alarms()
			r.alarms()
			if got := r.alarmed(id); got != step.want {
				t.Errorf("after %d minutes: %q, want %q", step.minute, got, step.want)
			}
		}
		if c := r.get(id); c.Priority != conversation.High {
			t.Errorf("priority %s", c.Priority)
		}
		if got := r.kinds(id); got != "queued sla_warned sla_breached sla_escalated sla_escalated " {
			t.Errorf("lines %s", got)
		}
		for _, line := range r.lines(id)[1:] {
			if !line.Private || line.Content.ActivityData["policy"] != "Fast" || line.Content.ActivityData["minutes"] != "10" {
				t.Errorf("the customer must not see %+v", line)
			}
		}
	})
}

// alarmed are the alarms of a conversation that went off.
func (r *room) alarmed(id int64) string {
	r.Helper()
	events, err := r.ClockEvents(r.ctx, r.DB, id)
	if err != nil {
		r.Fatal(err)
	}
	var words []string
	for _, e := range events {
		switch e.What {
		case "warned", "breached":
			words = append(words, e.What)
		case "escalated":
			words = append(words, "escalated("+e.Reason+")")
		}
	}
	return strings.Join(words, " ")
}

func TestWhatFellDueWhileNoNodeLivedGoesOffAfterwards(t *testing.T) {
	onBoth(t, func(r *room) {
		r.policies(warned(handoff.Escalation{Action: handoff.NotifyLead}))
		id := r.queued(handoff.Asked)
		r.clock.pass(24 * time.Hour)
		again := handoff.New(r.DB, &conversation.Store{DB: r.DB}, live.NewHub(nil)) // another process
		if err := again.SoundAlarms(r.ctx); err != nil {
			t.Fatal(err)
		}
		if got := r.alarmed(id); got != "warned breached escalated(notify)" {
			t.Error(got)
		}
	})
}

func TestSeveralNodesSoundAnAlarmOnce(t *testing.T) {
	onBoth(t, func(r *room) {
		r.policies(warned())
		var ids []int64
		for range 5 {
			ids = append(ids, r.queued(handoff.Asked))
		}
		r.clock.pass(8 * time.Minute)
		var nodes sync.WaitGroup
		for range 4 {
			node := handoff.New(r.DB, &conversation.Store{DB: r.DB}, live.NewHub(nil))
			nodes.Go(func() {
				if err := node.SoundAlarms(r.ctx); err != nil {
					t.Error(err)
				}
			})
		}
		nodes.Wait()
		for _, id := range ids {
			if got := r.alarmed(id); got != "warned" {
				t.Errorf("conversation %d: %q", id, got)
			}
		}
	})
}

func TestAPausedClockRaisesNoAlarm(t *testing.T) {
	onBoth(t, func(r *room) {
		r.policies(handoff.Policy{Name: "Whole", On: true, Resolution: 10})
		id := r.held(r.anna)
		r.clock.pass(5 * time.Minute)
		r.replies(id)
		r.clock.pass(time.Hour)
		r.alarms()
		if got := r.alarmed(id); got != "" {
			t.Errorf("while the customer thinks: %q", got)
		}
		if c := r.clocks(id); len(c) != 1 || c[0].Mark(r.clock.Now()) != handoff.MarkPaused || c[0].Left() != 5*time.Minute {
			t.Errorf("%+v", c)
		}
		r.writes(id)
		r.clock.pass(5 * time.Minute)
		r.alarms()
		if got := r.alarmed(id); got != "breached" {
			t.Errorf("after the customer's answer: %q", got)
		}
	})
}

func TestEscalations(t *testing.T) {
	for _, c := range []struct {
		name  string
		step  func(r *room) handoff.Escalation
		check func(r *room, id int64)
	}{
		{"back to the front of the queue", func(*room) handoff.Escalation { return handoff.Escalation{Action: handoff.ToFront} }, func(r *room, id int64) {
			if got := r.get(id); got.AgentID != 0 || got.Priority != conversation.Urgent || !got.Queueing() || r.standing(id).Position != 1 {
				r.Errorf("%+v", got)
			}
		}},
		{"to another team", func(r *room) handoff.Escalation {
			return handoff.Escalation{Action: handoff.ToTeam, TeamID: r.other.ID}
		}, func(r *room, id int64) {
			if got := r.get(id); got.TeamID != r.other.ID || !got.Queueing() {
				r.Errorf("%+v", got)
			}
		}},
		{"to a team that is gone", func(*room) handoff.Escalation { return handoff.Escalation{Action: handoff.ToTeam, TeamID: 99} }, func(r *room, id int64) {
			if got := r.get(id); got.AgentID != r.anna.ID {
				r.Errorf("%+v", got)
			}
		}},
		{"only of other clocks", func(*room) handoff.Escalation {
			return handoff.Escalation{Action: handoff.ToFront, Kinds: []handoff.ClockKind{handoff.Resolution}}
		}, func(r *room, id int64) {
			if got := r.get(id); got.AgentID != r.anna.ID || r.alarmed(id) != "warned breached" {
				r.Errorf("%+v %s", got, r.alarmed(id))
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			onBoth(t, func(r *room) {
				r.policies(warned(c.step(r)))
				first := r.queued(handoff.Asked)
				id := r.held(r.anna)
				r.replies(first) // so that it is not late itself
				r.clock.pass(10 * time.Minute)
				r.queued(handoff.Asked)
				r.alarms()
				c.check(r, id)
				r.sound(first, id)
				if clocks := r.clocks(id); len(clocks) != 1 || clocks[0].BreachedAt.IsZero() {
					t.Errorf("the clock is as it was: %+v", clocks)
				}
			})
		})
	}
}
