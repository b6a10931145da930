package simulate_test

import (
	"encoding/json"
	"testing"
	"time"

	"huiyin/handoff/routing"
	"huiyin/handoff/simulate"
)

var morning = time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)

func ways(by routing.Strategy, change func(*routing.Settings, *routing.Team)) routing.Settings {
	s, t := routing.Shipped(), routing.ShippedTeam()
	t.Strategy = by
	if change != nil {
		change(&s, &t)
	}
	s.Teams[0] = t
	return s
}

// at is a customer who comes so many seconds into the day and takes as many to serve.
func at(second, work int, change ...func(*simulate.Arrival)) simulate.Arrival {
	a := simulate.Arrival{At: morning.Add(time.Duration(second) * time.Second), Work: time.Duration(work) * time.Second, Case: routing.Case{ID: int64(second + 1), Priority: routing.Normal}}
	for _, c := range change {
		c(&a)
	}
	return a
}

func one(id int64, change ...func(*simulate.Worker)) simulate.Worker {
	w := simulate.Worker{Agent: routing.Agent{ID: id, Capacity: 2}, Shifts: []simulate.Span{{From: morning, Until: morning.Add(8 * time.Hour)}}}
	for _, c := range change {
		c(&w)
	}
	return w
}

func patient(seconds int) func(*simulate.Arrival) {
	return func(a *simulate.Arrival) { a.Patience = time.Duration(seconds) * time.Second }
}

func TestRun(t *testing.T) {
	vip := func(a *simulate.Arrival) { a.Case.Tier = "vip" }
	late := func(w *simulate.Worker) { w.Shifts[0].From = morning.Add(time.Hour) }
	noGreen := func(s *routing.Settings, _ *routing.Team) { s.GreenUnits = 0 }
	for _, c := range []struct {
		name string
		s    routing.Settings
		day  simulate.Day
		h    simulate.Habits
		want func(simulate.Result) bool
	}{
		{"nobody comes", ways(routing.LeastBusy, nil), simulate.Day{Workers: []simulate.Worker{one(1)}}, simulate.Habits{},
			func(r simulate.Result) bool { return r.Customers == 0 && r.Wait.Mean == 0 }},
		{"one after the other", ways(routing.LeastBusy, nil), simulate.Day{Arrivals: []simulate.Arrival{at(0, 60), at(10, 60), at(20, 60)}, Workers: []simulate.Worker{one(1)}}, simulate.Habits{Target: 60 * time.Second},
			func(r simulate.Result) bool {
				return r.Served == 3 && r.Wait.Most == 100 && r.Wait.P50 == 50 && r.OnTime == 2.0/3
			}},
		{"accepting takes time", ways(routing.LeastBusy, nil), simulate.Day{Arrivals: []simulate.Arrival{at(0, 60)}, Workers: []simulate.Worker{one(1)}}, simulate.Habits{Accept: 7 * time.Second},
			func(r simulate.Result) bool { return r.Wait.Most == 7 && r.Offers == 1 }},
		{"by themselves", ways(routing.Manual, nil), simulate.Day{Arrivals: []simulate.Arrival{at(0, 60)}, Workers: []simulate.Worker{one(1)}}, simulate.Habits{Notice: 20 * time.Second},
			func(r simulate.Result) bool { return r.Wait.Most == 20 && r.Offers == 0 }},
		{"without asking", ways(routing.LeastBusy, func(_ *routing.Settings, t *routing.Team) { t.Automatic = true }), simulate.Day{Arrivals: []simulate.Arrival{at(0, 60)}, Workers: []simulate.Worker{one(1)}}, simulate.Habits{Accept: 7 * time.Second},
			func(r simulate.Result) bool { return r.Wait.Most == 0 }},
		{"they give up", ways(routing.LeastBusy, nil), simulate.Day{Arrivals: []simulate.Arrival{at(0, 600), at(10, 60, patient(100))}, Workers: []simulate.Worker{one(1)}}, simulate.Habits{},
			func(r simulate.Result) bool { return r.Served == 1 && r.Abandoned == 1 }},
		{"the shift has not begun", ways(routing.LeastBusy, nil), simulate.Day{Arrivals: []simulate.Arrival{at(0, 60)}, Workers: []simulate.Worker{one(1, late)}}, simulate.Habits{},
			func(r simulate.Result) bool { return r.Wait.Most == 3600 }},
		{"nobody ever comes to work", ways(routing.LeastBusy, nil), simulate.Day{Arrivals: []simulate.Arrival{at(0, 60)}}, simulate.Habits{},
			func(r simulate.Result) bool { return r.Left == 1 && r.Served == 0 }},
		{"the queue is full", ways(routing.LeastBusy, func(_ *routing.Settings, t *routing.Team) { t.Cap, t.PastCap = 1, routing.SayOther }),
			simulate.Day{Arrivals: []simulate.Arrival{at(0, 600), at(1, 60), at(2, 60)}, Workers: []simulate.Worker{one(1)}}, simulate.Habits{},
			func(r simulate.Result) bool { return r.Served == 2 && r.TurnedAway == 1 }},
		{"the green channel goes first", ways(routing.LeastBusy, noGreen), simulate.Day{Arrivals: []simulate.Arrival{at(0, 60), at(1, 60), at(2, 60, vip)}, Workers: []simulate.Worker{one(1)}}, simulate.Habits{},
			func(r simulate.Result) bool {
				return r.Tiers[1].Tier == "vip" && r.Tiers[1].Wait.Most == 58 && r.Wait.Most == 119
			}},
		{"everybody misses everything", ways(routing.LeastBusy, nil), simulate.Day{Arrivals: []simulate.Arrival{at(0, 60)}, Workers: []simulate.Worker{one(1)}}, simulate.Habits{Misses: 1, Seed: 3},
			func(r simulate.Result) bool { return r.Missed == r.Offers && r.Missed > 1 && r.Left == 1 }},
		{"two share the work", ways(routing.RoundRobin, nil), simulate.Day{Arrivals: []simulate.Arrival{at(0, 10), at(20, 10), at(40, 10), at(60, 10)}, Workers: []simulate.Worker{one(1), one(2)}}, simulate.Habits{},
			func(r simulate.Result) bool { return r.Agents[0].Served == 2 && r.Agents[1].Served == 2 }},
	} {
		if got := simulate.Run(c.s, c.day, c.h); !c.want(got) {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func TestOverflowHelpsOut(t *testing.T) {
	s := ways(routing.LeastBusy, nil)
	busy, helps := routing.ShippedTeam(), routing.ShippedTeam()
	busy.Strategy, helps.Strategy = routing.LeastBusy, routing.LeastBusy
	busy.OverflowTeam, busy.OverflowMinutes = 2, 3
	s.Teams[1], s.Teams[2] = busy, helps
	inOne := func(a *simulate.Arrival) { a.Case.Team = 1 }
	worker := func(id, team int64) simulate.Worker {
		return one(id, func(w *simulate.Worker) { w.Teams = []int64{team} })
	}
	r := simulate.Run(s, simulate.Day{Arrivals: []simulate.Arrival{at(0, 3600, inOne), at(1, 60, inOne)}, Workers: []simulate.Worker{worker(1, 1), worker(2, 2)}}, simulate.Habits{})
	if r.Served != 2 || r.Wait.Most != 180 {
		t.Errorf("%+v", r)
	}
}

// The same day under the same settings goes the same way, to the byte.
func TestADayCanBeRepeated(t *testing.T) {
	plan := simulate.Plan{From: morning, Customers: 400, Agents: 6, Handling: 6 * time.Minute, Patience: 20 * time.Minute, Kinds: []string{"a", "b"}, Seed: 7}
	h := simulate.Habits{Accept: 5 * time.Second, Misses: 0.05, Target: time.Minute, Seed: 7, Units: map[string]int{"a": 6, "b": 4}}
	write := func() string {
		text, err := json.Marshal(simulate.Run(ways(routing.LeastBusy, nil), simulate.Generate(plan), h))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	first := write()
	if second := write(); first != second {
		t.Errorf("%s\n%s", first, second)
	}
	plan.Seed = 8
	if first == write() {
		t.Error("another seed gives the same day")
	}
}

func TestGenerate(t *testing.T) {
	day := simulate.Generate(simulate.Plan{From: morning, Customers: 5000, Agents: 30, Teams: []int64{3, 4}, Handling: 5 * time.Minute, Patience: 10 * time.Minute, Seed: 1})
	var work time.Duration
	teams := map[int64]int{}
	for i, a := range day.Arrivals {
		if i > 0 && a.At.Before(day.Arrivals[i-1].At) || a.At.Before(morning) || a.At.After(morning.Add(11*time.Hour)) {
			t.Fatalf("arrival %d at %v", i, a.At)
		}
		work += a.Work
		teams[a.Case.Team]++
	}
	if mean := work / 5000; mean < 4*time.Minute || mean > 6*time.Minute || teams[3] < 2000 || teams[4] < 2000 || len(day.Workers) != 30 {
		t.Errorf("mean %v, teams %v", mean, teams)
	}
}

// Five hundred agents and ten thousand customers take seconds, not hours.
func BenchmarkRun(b *testing.B) {
	day := simulate.Generate(simulate.Plan{From: morning, Customers: 10_000, Agents: 500, Handling: 25 * time.Minute, Patience: 20 * time.Minute, Seed: 1})
	for b.Loop() {
		simulate.Run(ways(routing.LeastBusy, nil), day, simulate.Habits{Accept: 5 * time.Second})
	}
}
