package routing_test

import (
	"testing"
	"time"

	"huiyin/handoff/routing"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

const team = 7

// settings are the shipped ones with one team that offers.
func settings(by routing.Strategy, change func(*routing.Settings)) routing.Settings {
	s := routing.Shipped()
	t := routing.ShippedTeam()
	t.Strategy = by
	s.Teams[team] = t
	if change != nil {
		change(&s)
	}
	return s
}

// at makes an agent who is there with nothing to do.
func at(id int64, change ...func(*routing.Agent)) routing.Agent {
	a := routing.Agent{ID: id, Online: true}
	for _, c := range change {
		c(&a)
	}
	return a
}

func used(n int) func(*routing.Agent) { return func(a *routing.Agent) { a.Used = n } }
func idle(d time.Duration) func(*routing.Agent) {
	return func(a *routing.Agent) { a.Since = noon.Add(-d) }
}
func skilled(n int) func(*routing.Agent) {
	return func(a *routing.Agent) { a.Skills = map[string]int{"bills": n} }
}
func speaks(l ...string) func(*routing.Agent) { return func(a *routing.Agent) { a.Languages = l } }
func gone(a *routing.Agent)                   { a.Online = false }
func offered(a *routing.Agent)                { a.Offered = true }
func standIn(id int64) func(*routing.Agent)   { return func(a *routing.Agent) { a.StandIn = id } }
func fullOn(kind string) func(*routing.Agent) {
	return func(a *routing.Agent) { a.Kinds, a.Most = map[string]int{kind: 2}, map[string]int{kind: 2} }
}

func waits(change func(*routing.Case)) routing.Case {
	c := routing.Case{ID: 1, Team: team, Kind: "page", Units: 3, Queued: noon.Add(-time.Minute), Priority: routing.Normal}
	if change != nil {
		change(&c)
	}
	return c
}

func TestDecide(t *testing.T) {
	bills := func(s *routing.Settings) { s.Needs = []routing.Need{{Skill: "bills", Level: 3, Intent: "billing"}} }
	billing := func(c *routing.Case) { c.Intent = "billing" }
	for _, c := range []struct {
		name   string
		by     routing.Strategy
		set    func(*routing.Settings)
		agents []routing.Agent
		of     func(*routing.Case)
		agent  int64
		rule   routing.Rule
	}{
		{"manual offers nothing", routing.Manual, nil, []routing.Agent{at(1)}, nil, 0, routing.BecauseManual},
		{"nobody at all", routing.LeastBusy, nil, nil, nil, 0, routing.BecauseNobody},
		{"nobody is there", routing.LeastBusy, nil, []routing.Agent{at(1, gone)}, nil, 0, routing.BecauseNobody},
		{"everybody is full", routing.LeastBusy, nil, []routing.Agent{at(1, used(10)), at(2, offered)}, nil, 0, routing.BecauseBusy},
		{"the last unit is enough", routing.LeastBusy, nil, []routing.Agent{at(1, used(9))}, nil, 1, routing.ByLeastBusy},
		{"full on the channel", routing.LeastBusy, nil, []routing.Agent{at(1, fullOn("page")), at(2, used(9))}, nil, 2, routing.ByLeastBusy},
		{"full on another channel", routing.LeastBusy, nil, []routing.Agent{at(1, fullOn("mail")), at(2, used(9))}, nil, 1, routing.ByLeastBusy},
		{"the least busy", routing.LeastBusy, nil, []routing.Agent{at(1, used(6)), at(2, used(3)), at(3, used(4))}, nil, 2, routing.ByLeastBusy},
		{"busy is a share of the capacity", routing.LeastBusy, nil, []routing.Agent{at(1, used(4)), at(2, used(6), func(a *routing.Agent) { a.Capacity = 30 })}, nil, 2, routing.ByLeastBusy},
		{"of two as busy who was idle longer", routing.LeastBusy, nil, []routing.Agent{at(1, idle(time.Minute)), at(2, idle(time.Hour))}, nil, 2, routing.ByLeastBusy},
		{"of two alike the first", routing.LeastBusy, nil, []routing.Agent{at(1), at(2)}, nil, 1, routing.ByLeastBusy},
		{"in turn", routing.RoundRobin, nil, []routing.Agent{at(1, used(3), idle(time.Hour)), at(2, idle(time.Minute))}, nil, 1, routing.ByRoundRobin},
		{"in turn, who never had one goes first", routing.RoundRobin, nil, []routing.Agent{at(1, idle(time.Hour)), at(2)}, nil, 2, routing.ByRoundRobin},
		{"the best fit", routing.BestFit, bills, []routing.Agent{at(1, skilled(3)), at(2, skilled(5), used(6))}, billing, 2, routing.ByBestFit},
		{"without needs the best fit is the least busy", routing.BestFit, bills, []routing.Agent{at(1, skilled(3)), at(2, skilled(5), used(6))}, nil, 1, routing.ByBestFit},
		{"not skilled enough", routing.LeastBusy, bills, []routing.Agent{at(1, skilled(2)), at(2, skilled(3), used(6))}, billing, 2, routing.ByLeastBusy},
		{"nobody is skilled", routing.LeastBusy, bills, []routing.Agent{at(1, skilled(2))}, billing, 0, routing.BecauseUnfit},
		{"nobody is skilled, and the customer has waited", routing.LeastBusy, bills, []routing.Agent{at(1, skilled(2))},
			func(c *routing.Case) { c.Intent, c.Queued = "billing", noon.Add(-6*time.Minute) }, 1, routing.ByLeastBusy},
		{"the language", routing.LeastBusy, nil, []routing.Agent{at(1, speaks("zh")), at(2, speaks("zh", "en"), used(6))}, func(c *routing.Case) { c.Language = "en" }, 2, routing.ByLeastBusy},
		{"who lists no language speaks what is spoken here", routing.LeastBusy, nil, []routing.Agent{at(1)}, func(c *routing.Case) { c.Language = "en" }, 1, routing.ByLeastBusy},
		{"not again to who declined", routing.LeastBusy, nil, []routing.Agent{at(1), at(2, used(6))}, func(c *routing.Case) { c.Refused = []int64{1} }, 2, routing.ByLeastBusy},
		{"everybody declined: after a while again", routing.LeastBusy, nil, []routing.Agent{at(1)},
			func(c *routing.Case) { c.Refused, c.Queued = []int64{1}, noon.Add(-6*time.Minute) }, 1, routing.ByLeastBusy},
		{"everybody declined: who did so least", routing.LeastBusy, nil, []routing.Agent{at(1), at(2, used(9))},
			func(c *routing.Case) { c.Refused, c.Queued = []int64{1, 2, 1}, noon.Add(-6*time.Minute) }, 2, routing.ByLeastBusy},
		{"the dedicated agent, however busy", routing.LeastBusy, nil, []routing.Agent{at(1), at(2, used(9))}, func(c *routing.Case) { c.Manager = 2 }, 2, routing.ByManager},
		{"the dedicated agent needs no skill", routing.LeastBusy, bills, []routing.Agent{at(1, skilled(5)), at(2)}, func(c *routing.Case) { c.Intent, c.Manager = "billing", 2 }, 2, routing.ByManager},
		{"a dedicated agent who is full is waited for", routing.LeastBusy, nil, []routing.Agent{at(1), at(2, used(12))}, func(c *routing.Case) { c.Manager = 2 }, 0, routing.BecauseManager},
		{"but not for long", routing.LeastBusy, nil, []routing.Agent{at(1), at(2, used(12))}, func(c *routing.Case) { c.Manager, c.Queued = 2, noon.Add(-2*time.Minute) }, 1, routing.ByLeastBusy},
		{"the stand-in", routing.LeastBusy, nil, []routing.Agent{at(1), at(2, gone, standIn(3)), at(3, used(9))}, func(c *routing.Case) { c.Manager = 2 }, 3, routing.ByStandIn},
		{"a dedicated agent of another team does not count", routing.LeastBusy, nil, []routing.Agent{at(1)}, func(c *routing.Case) { c.Manager = 9 }, 1, routing.ByLeastBusy},
		{"the last agent", routing.LeastBusy, nil, []routing.Agent{at(1), at(2, used(9))}, func(c *routing.Case) { c.Last, c.LastAt = 2, noon.Add(-6*24*time.Hour) }, 2, routing.ByLastAgent},
		{"the last agent of long ago", routing.LeastBusy, nil, []routing.Agent{at(1), at(2, used(9))}, func(c *routing.Case) { c.Last, c.LastAt = 2, noon.Add(-8*24*time.Hour) }, 1, routing.ByLeastBusy},
		{"the last agent is full", routing.LeastBusy, nil, []routing.Agent{at(1), at(2, used(12))}, func(c *routing.Case) { c.Last, c.LastAt = 2, noon }, 1, routing.ByLeastBusy},
		{"the last agent gave it back", routing.LeastBusy, nil, []routing.Agent{at(1), at(2)}, func(c *routing.Case) { c.Last, c.LastAt, c.Refused = 2, noon, []int64{2} }, 1, routing.ByLeastBusy},
		{"a green customer takes a little more than there is", routing.LeastBusy, nil, []routing.Agent{at(1, used(12))}, func(c *routing.Case) { c.Tier = "VIP" }, 1, routing.ByLeastBusy},
		{"but not any more than that", routing.LeastBusy, nil, []routing.Agent{at(1, used(13))}, func(c *routing.Case) { c.Tier = "VIP" }, 0, routing.BecauseBusy},
	} {
		got := routing.Decide(settings(c.by, c.set), noon, c.agents, waits(c.of))
		if got.Agent != c.agent || got.Rule != c.rule {
			t.Errorf("%s: %d by %s, want %d by %s (%+v)", c.name, got.Agent, got.Rule, c.agent, c.rule, got)
		}
	}
}

// The same in gives the same out, whatever has been decided before.
func TestDecideIsPure(t *testing.T) {
	s := settings(routing.LeastBusy, nil)
	agents := []routing.Agent{at(1, used(3)), at(2, used(3)), at(3, gone)}
	first := routing.Decide(s, noon, agents, waits(nil))
	for range 100 {
		if again := routing.Decide(s, noon, agents, waits(nil)); again.Agent != first.Agent || again.Rule != first.Rule || len(again.Best) != 2 || again.Barred[routing.BarOffline] != 1 {
			t.Fatalf("%+v after %+v", again, first)
		}
	}
}

func TestDecideTellsWhenToLookAgain(t *testing.T) {
	s := settings(routing.LeastBusy, func(s *routing.Settings) { s.Needs = []routing.Need{{Skill: "bills", Level: 1}} })
	got := routing.Decide(s, noon, []routing.Agent{at(1)}, waits(nil))
	if want := noon.Add(4 * time.Minute); !got.Again.Equal(want) {
		t.Errorf("unfit: %v, want %v", got.Again, want)
	}
	got = routing.Decide(s, noon, []routing.Agent{at(1, used(12))}, waits(func(c *routing.Case) { c.Manager = 1 }))
	if want := noon.Add(time.Minute); !got.Again.Equal(want) {
		t.Errorf("manager: %v, want %v", got.Again, want)
	}
}

func BenchmarkDecide500Agents(b *testing.B) {
	s := settings(routing.BestFit, func(s *routing.Settings) { s.Needs = []routing.Need{{Skill: "bills", Level: 1}} })
	var agents []routing.Agent
	for i := range 500 {
		agents = append(agents, at(int64(i+1), used(i%10), skilled(1+i%5), idle(time.Duration(i)*time.Second), speaks("zh", "en")))
	}
	c := waits(func(c *routing.Case) { c.Language, c.Refused = "en", []int64{3, 4} })
	b.ReportAllocs()
	for b.Loop() {
		if routing.Decide(s, noon, agents, c).Agent == 0 {
			b.Fatal("nobody")
		}
	}
}
