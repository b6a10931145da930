package handoff_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

// standard is the policy of most tests: an hour to the first answer, half an hour to the next, a day's work to the end.
func standard() handoff.Policy {
	return handoff.Policy{Name: "Standard", On: true, FirstResponse: 60, NextResponse: 30, Resolution: 480}
}

func (r *room) policies(list ...handoff.Policy) []handoff.Policy {
	r.Helper()
	r.tx(func(tx *db.Tx) error { return r.SavePolicies(r.ctx, tx, list, r.boss.ID) })
	saved, err := r.Policies(r.ctx, r.DB)
	if err != nil {
		r.Fatal(err)
	}
	return saved
}

// trace is what happened to the clocks of a conversation, in few words: "first started 0s, first met 10m0s".
func (r *room) trace(id int64) string {
	r.Helper()
	events, err := r.ClockEvents(r.ctx, r.DB, id)
	if err != nil {
		r.Fatal(err)
	}
	var words []string
	for _, e := range events {
		kind, _, _ := strings.Cut(string(e.Kind), "_")
		word := fmt.Sprintf("%s %s %s", kind, e.What, e.Used)
		if e.Reason != "" {
			word += " (" + e.Reason + ")"
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}

func (r *room) clocks(id int64) []handoff.Clock {
	r.Helper()
	all, err := r.Clocks(r.ctx, r.DB, []int64{id})
	if err != nil {
		r.Fatal(err)
	}
	return all[id]
}

// at sets the clock to a time of the office in Shanghai.
func (r *room) at(text string) {
	r.Helper()
	place, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		r.Fatal(err)
	}
	when, err := time.ParseInLocation("2006-01-02 15:04", text, place)
	if err != nil {
		r.Fatal(err)
	}
	r.clock.pass(when.Sub(r.clock.Now()))
}

func (r *room) does(fn func(tx *db.Tx) error) {
	r.Helper()
	r.tx(fn)
}

func (r *room) replies(id int64) {
	r.Helper()
	if err := r.reply(id, r.anna); err != nil {
		r.Fatal(err)
	}
}

// writes lets the customer of a conversation write again.
func (r *room) writes(id int64) {
	r.Helper()
	c := r.get(id)
	identity, err := r.Conversations.Identity(r.ctx, r.DB, c.IdentityID)
	if err != nil {
		r.Fatal(err)
	}
	r.says(identity.Address, "en")
}

func (r *room) changes(id int64, change func(*conversation.Conversation)) {
	r.Helper()
	r.tx(func(tx *db.Tx) error {
		c, err := r.Conversations.Load(r.ctx, tx, id)
		if err != nil {
			return err
		}
		change(c)
		return r.Conversations.Save(r.ctx, tx, c)
	})
}

func TestClocks(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(r *room) int64
		want string
	}{
		{"a conversation of the bot alone has none", func(r *room) int64 {
			id := r.customer("en").ID
			r.writes(id)
			return id
		}, ""},
		{"answered and resolved", func(r *room) int64 {
			id := r.queued(handoff.Asked)
			r.clock.pass(10 * time.Minute)
			r.replies(id)
			r.clock.pass(time.Minute)
			r.writes(id)
			r.writes(id)
			r.clock.pass(5 * time.Minute)
			r.replies(id)
			r.does(func(tx *db.Tx) error { _, err := r.Resolve(r.ctx, tx, id, r.anna); return err })
			return id
		}, "resolution started 0s, first started 0s, resolution paused 10m0s (customer), first met 10m0s, resolution resumed 10m0s, next started 0s, " +
			"resolution paused 15m0s (customer), next met 5m0s, resolution met 15m0s"},
		{"a claim and a note answer nothing", func(r *room) int64 {
			id := r.held(r.anna)
			r.clock.pass(time.Minute)
			r.changes(id, func(c *conversation.Conversation) { c.Subject = "x" })
			return id
		}, "resolution started 0s, first started 0s"},
		{"over night and the weekend", func(r *room) int64 {
			r.at("2026-11-20 17:45")
			id := r.queued(handoff.Asked)
			r.at("2026-11-23 08:50")
			r.replies(id)
			return id
		}, "resolution started 0s, first started 0s, resolution paused 35m0s (customer), first met 35m0s"},
		{"over a holiday", func(r *room) int64 {
			r.at("2026-11-23 17:45")
			id := r.queued(handoff.Asked)
			r.at("2026-11-25 09:00")
			r.replies(id)
			return id
		}, "resolution started 0s, first started 0s, resolution paused 45m0s (customer), first met 45m0s"},
		{"over the night in which clocks go back", func(r *room) int64 {
			berlin := handoff.Schedule{Name: "Night", Zone: "Europe/Berlin", Week: "sat 22:00-06:00", TeamIDs: []int64{r.team.ID}}
			r.schedule(berlin)
			r.clock.pass(time.Date(2026, 10, 24, 19, 0, 0, 0, time.UTC).Sub(r.clock.Now())) // 21:00 there
			id := r.queued(handoff.Asked)
			r.clock.pass(11 * time.Hour)
			r.replies(id)
			return id
		}, "resolution started 0s, first started 0s, resolution paused 9h0m0s (customer), first met 9h0m0s"},
		{"snoozed until the customer writes", func(r *room) int64 {
			id := r.held(r.anna)
			r.clock.pass(4 * time.Minute)
			r.does(func(tx *db.Tx) error {
				_, err := r.Snooze(r.ctx, tx, id, r.anna, r.clock.Now().Add(time.Hour))
				return err
			})
			r.clock.pass(30 * time.Minute)
			r.writes(id)
			return id
		}, "resolution started 0s, first started 0s, resolution paused 4m0s (snoozed), first paused 4m0s (snoozed), resolution resumed 4m0s, first resumed 4m0s"},
		{"given back to the bot and asked for again", func(r *room) int64 {
			id := r.held(r.anna)
			r.clock.pass(4 * time.Minute)
			r.does(func(tx *db.Tx) error { _, err := r.Release(r.ctx, tx, id, r.anna, handoff.ToBot); return err })
			r.clock.pass(20 * time.Minute)
			r.request(id, handoff.Asked)
			return id
		}, "resolution started 0s, first started 0s, resolution paused 4m0s (bot), first paused 4m0s (bot), resolution resumed 4m0s, first resumed 4m0s"},
		{"resolved without an answer, and reopened by the customer", func(r *room) int64 {
			id := r.held(r.anna)
			r.does(func(tx *db.Tx) error { _, err := r.Resolve(r.ctx, tx, id, r.anna); return err })
			r.clock.pass(time.Hour)
			r.writes(id)
			r.request(id, handoff.Asked)
			return id
		}, "resolution started 0s, first started 0s, resolution met 0s, first cancelled 0s (resolved), resolution started 0s, first started 0s"},
		{"merged into another", func(r *room) int64 {
			id := r.queued(handoff.Asked)
			if err := r.merge(id, r.second(r.get(id)), r.boss); err != nil {
				r.Fatal(err)
			}
			return id
		}, "resolution started 0s, first started 0s, resolution cancelled 0s (merged), first cancelled 0s (merged)"},
		{"transferred to a team that never closes", func(r *room) int64 {
			r.at("2026-11-20 17:50")
			id := r.queued(handoff.Asked)
			r.at("2026-11-20 18:20")
			r.does(func(tx *db.Tx) error {
				_, err := r.Transfer(r.ctx, tx, id, r.boss, handoff.Target{TeamID: r.other.ID}, "")
				return err
			})
			r.at("2026-11-20 18:40")
			if err := r.reply(id, r.mei); err != nil {
				r.Fatal(err)
			}
			return id
		}, "resolution started 0s, first started 0s, resolution replanned 10m0s, first replanned 10m0s, resolution paused 30m0s (customer), first met 30m0s"},
	} {
		t.Run(c.name, func(t *testing.T) {
			onBoth(t, func(r *room) {
				r.schedule(shanghai(r.team.ID))
				r.policies(standard())
				id := c.do(r)
				if got := r.trace(id); got != c.want {
					t.Errorf("\n got %s\nwant %s", got, c.want)
				}
			})
		})
	}
}

func TestTheDeadlineOfAClock(t *testing.T) {
	onBoth(t, func(r *room) {
		r.schedule(shanghai(r.team.ID))
		p := standard()
		p.WarnPercent, p.WarnMinutes = 80, 20
		r.policies(p)
		r.at("2026-11-20 17:30")
		id := r.queued(handoff.Asked)
		c := r.clocks(id)
		if len(c) != 2 || c[0].Kind != handoff.FirstResponse {
			t.Fatalf("%+v", c)
		}
		zone, _ := time.LoadLocation("Asia/Shanghai")
		if got := c[0].Deadline.In(zone).Format("2006-01-02 15:04"); got != "2026-11-23 09:00" {
			t.Errorf("deadline %s", got)
		}
		if got := c[0].WarnAt.In(zone).Format("2006-01-02 15:04"); got != "2026-11-23 08:40" {
			t.Errorf("warns %s", got)
		}
		for at, want := range map[string]handoff.ClockMark{"2026-11-20 17:30": handoff.MarkOK, "2026-11-23 08:40": handoff.MarkWarn, "2026-11-23 09:00": handoff.MarkBreached} {
			r.at(at)
			if got := c[0].Mark(r.clock.Now()); got != want {
				t.Errorf("%s: %s, want %s", at, got, want)
			}
		}
		r.at("2026-11-23 09:00")
		risks, err := r.Risks(r.ctx, r.DB, r.clock.Now().Add(time.Hour), 10)
		if err != nil || len(risks) != 1 || risks[0].ID != c[0].ID {
			t.Errorf("%+v, %v", risks, err)
		}
	})
}

func TestAnotherPriorityPlansAnew(t *testing.T) {
	onBoth(t, func(r *room) {
		urgent := handoff.Policy{Name: "Urgent", On: true, Priorities: []string{"high", "urgent"}, FirstResponse: 15}
		r.policies(urgent, standard())
		id := r.queued(handoff.Asked)
		r.clock.pass(5 * time.Minute)
		r.changes(id, func(c *conversation.Conversation) { c.Priority = conversation.High })
		c := r.clocks(id)
		if len(c) != 1 || c[0].Target != 15*time.Minute || c[0].Deadline.Sub(r.clock.Now()) != 10*time.Minute {
			t.Errorf("%+v", c)
		}
		if got, want := r.trace(id), "resolution started 0s, first started 0s, resolution cancelled 5m0s (no_policy), first replanned 5m0s"; got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	})
}

func TestAChangedPolicyHoldsForNewClocks(t *testing.T) {
	onBoth(t, func(r *room) {
		saved := r.policies(standard())
		old := r.queued(handoff.Asked)
		saved[0].FirstResponse = 10
		again := r.policies(saved...)
		if again[0].ID != saved[0].ID || again[0].Version != 2 {
			t.Fatalf("%+v", again)
		}
		if same := r.policies(again...); same[0].Version != 2 {
			t.Errorf("saved without a change: %+v", same)
		}
		young := r.queued(handoff.Asked)
		if a, b := r.clocks(old)[0], r.clocks(young)[0]; a.Target != time.Hour || a.PolicyVersion != 1 || b.Target != 10*time.Minute || b.PolicyVersion != 2 {
			t.Errorf("%+v\n%+v", a, b)
		}
		r.policies()
		r.replies(old) // by a policy that holds no more
		if got := r.trace(old); !strings.Contains(got, "first met 0s") {
			t.Error(got)
		}
		history, err := r.PolicyHistory(r.ctx, r.DB, saved[0].ID)
		if err != nil || len(history) != 2 || history[1].FirstResponse != 60 {
			t.Errorf("%+v, %v", history, err)
		}
	})
}

func TestChangedHoursMoveTheDeadline(t *testing.T) {
	onBoth(t, func(r *room) {
		s := r.schedule(shanghai(r.team.ID))
		r.policies(standard())
		r.at("2026-11-20 17:30")
		id := r.queued(handoff.Asked)
		r.at("2026-11-20 17:50")
		s.Week = "mon-fri 08:30-20:00"
		if _, err := r.saves(s); err != nil {
			t.Fatal(err)
		}
		if c := r.clocks(id)[0]; c.Deadline.Sub(r.clock.Now()) != 40*time.Minute {
			t.Errorf("%+v", c)
		}
		if got := r.trace(id); !strings.HasSuffix(got, "resolution replanned 20m0s (hours), first replanned 20m0s (hours)") {
			t.Error(got)
		}
	})
}

func TestPoliciesThatAreRefused(t *testing.T) {
	r := onSQLite(t)
	for field, change := range map[string]func(*handoff.Policy){
		"policies[0].name":           func(p *handoff.Policy) { p.Name = " " },
		"policies[0].targets":        func(p *handoff.Policy) { p.FirstResponse, p.NextResponse, p.Resolution = 0, 0, 0 },
		"policies[0].warn":           func(p *handoff.Policy) { p.WarnPercent = 100 },
		"policies[0].priorities":     func(p *handoff.Policy) { p.Priorities = []string{"top"} },
		"policies[0].escalations[0]": func(p *handoff.Policy) { p.Escalations = []handoff.Escalation{{Action: handoff.ToTeam}} },
		"policies[0].escalations":    func(p *handoff.Policy) { p.Escalations = make([]handoff.Escalation, 7) },
		"policies":                   func(p *handoff.Policy) { p.ID = 99 },
	} {
		p := standard()
		change(&p)
		err := r.DB.Tx(r.ctx, func(tx *db.Tx) error { return r.SavePolicies(r.ctx, tx, []handoff.Policy{p}, 0) })
		var wrong *conversation.FieldError
		if !errors.As(err, &wrong) || wrong.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestTheFirstPolicyThatFitsCounts(t *testing.T) {
	r := onSQLite(t)
	r.policies(
		handoff.Policy{Name: "off", FirstResponse: 1},
		handoff.Policy{Name: "mail", On: true, Channels: []string{"email"}, FirstResponse: 2},
		handoff.Policy{Name: "vip", On: true, Tiers: []string{"vip"}, FirstResponse: 3},
		handoff.Policy{Name: "other team", On: true, TeamIDs: []int64{r.other.ID}, FirstResponse: 4},
		handoff.Policy{Name: "web of the team", On: true, Channels: []string{"webchat"}, TeamIDs: []int64{r.team.ID}, FirstResponse: 5},
		standard())
	if c := r.clocks(r.queued(handoff.Asked)); len(c) != 1 || c[0].Target != 5*time.Minute {
		t.Errorf("%+v", c)
	}
}
