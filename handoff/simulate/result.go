package simulate

import (
	"slices"
	"time"
)

// Result is how a day went. Times are in seconds.
type Result struct {
	Customers  int     `json:"customers"`
	Served     int     `json:"served"`
	Abandoned  int     `json:"abandoned"`
	TurnedAway int     `json:"turned_away"` // told the other ways by a full queue
	Left       int     `json:"left"`        // still waiting when everybody had gone home
	Wait       Waits   `json:"wait"`        // of those who were served
	OnTime     float64 `json:"on_time"`     // share of the customers who were with an agent within the target
	Offers     int     `json:"offers"`
	Missed     int     `json:"missed"`
	Load       Loads   `json:"load"`
	Agents     []Agent `json:"agents"`
	Tiers      []Tier  `json:"tiers"`
}

// Waits are how long customers waited, in seconds.
type Waits struct {
	Mean float64 `json:"mean"`
	P50  float64 `json:"p50"`
	P90  float64 `json:"p90"`
	P99  float64 `json:"p99"`
	Most float64 `json:"most"`
}

// Loads are how evenly the work was spread: the share of their capacity that agents used while at work.
type Loads struct {
	Mean  float64 `json:"mean"`
	Least float64 `json:"least"`
	Most  float64 `json:"most"`
}

// Agent is how the day was for one agent.
type Agent struct {
	ID     int64   `json:"id"`
	Served int     `json:"served"`
	Load   float64 `json:"load"`
	Most   int     `json:"most_units"`
}

// Tier is how the day was for the customers of one tier.
type Tier struct {
	Tier   string  `json:"tier"`
	Served int     `json:"served"`
	Wait   Waits   `json:"wait"`
	OnTime float64 `json:"on_time"`
}

func (w *world) result() Result {
	r := Result{Customers: len(w.guests), Offers: w.offers, Missed: w.missed}
	for _, g := range w.guests {
		switch g.fate {
		case served:
			r.Served++
		case gaveUp:
			r.Abandoned++
		case turnedAway:
			r.TurnedAway++
		default:
			r.Left++
		}
	}
	r.Wait, r.OnTime = w.measure(func(*guest) bool { return true })
	var tiers []string
	for _, g := range w.guests {
		if !slices.Contains(tiers, g.Case.Tier) {
			tiers = append(tiers, g.Case.Tier)
		}
	}
	slices.Sort(tiers)
	for _, name := range tiers {
		t := Tier{Tier: name}
		mine := func(g *guest) bool { return g.Case.Tier == name }
		t.Wait, t.OnTime = w.measure(mine)
		for _, g := range w.guests {
			if mine(g) && g.fate == served {
				t.Served++
			}
		}
		r.Tiers = append(r.Tiers, t)
	}
	w.loads(&r)
	return r
}

// measure sums the waits of some customers up, and how many of them were served in time.
func (w *world) measure(of func(*guest) bool) (Waits, float64) {
	var list []time.Duration
	all, inTime := 0, 0
	for _, g := range w.guests {
		if !of(g) {
			continue
		}
		all++
		if g.fate != served {
			continue
		}
		list = append(list, g.waited)
		if g.waited <= w.habits.Target {
			inTime++
		}
	}
	if all == 0 || len(list) == 0 {
		return Waits{}, 0
	}
	slices.Sort(list)
	var sum time.Duration
	for _, d := range list {
		sum += d
	}
	at := func(share float64) float64 { return list[min(len(list)-1, int(share*float64(len(list))))].Seconds() }
	return Waits{Mean: sum.Seconds() / float64(len(list)), P50: at(0.5), P90: at(0.9), P99: at(0.99), Most: at(1)}, float64(inTime) / float64(all)
}

func (w *world) loads(r *Result) {
	for _, one := range w.workers {
		var there time.Duration
		for _, span := range one.Shifts {
			there += span.Until.Sub(span.From)
		}
		a := Agent{ID: one.Agent.ID, Served: one.served, Most: one.most}
		if room := there * time.Duration(w.s.Of(one.Agent)); room > 0 {
			a.Load = float64(one.busy) / float64(room)
		}
		r.Agents = append(r.Agents, a)
		r.Load.Mean += a.Load / float64(len(w.workers))
		r.Load.Most = max(r.Load.Most, a.Load)
		if len(r.Agents) == 1 || a.Load < r.Load.Least {
			r.Load.Least = a.Load
		}
	}
}
