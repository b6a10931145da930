package simulate

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"huiyin/handoff/routing"
)

// Plan is what a generated day looks like.
type Plan struct {
	From      time.Time // when the first shift begins
	Customers int
	Agents    int
	Teams     []int64       // among which both are spread; empty: no team
	Kinds     []string      // of channels, likewise
	Handling  time.Duration // mean; single ones spread log-normally around it
	Patience  time.Duration // mean; exponential
	Seed      uint64
}

// The shape of a working day: hours from its beginning with the share of customers in each, a morning and an afternoon peak.
func shape() []float64 { return []float64{6, 12, 14, 10, 6, 8, 13, 12, 10, 6, 3} }

// spread is the standard deviation of the logarithm of handling times: most are short, a few very long (call centres report
// log-normal service times; Brown et al., "Statistical Analysis of a Telephone Call Center", JASA 100 (2005) 36).
const spread = 0.8

// Generate makes up a day. The same plan gives the same day.
func Generate(p Plan) Day {
	chance := rand.New(rand.NewPCG(p.Seed, 1))
	if len(p.Teams) == 0 {
		p.Teams = []int64{0}
	}
	if len(p.Kinds) == 0 {
		p.Kinds = []string{""}
	}
	d := Day{Arrivals: make([]Arrival, 0, p.Customers)}
	for i := range p.Customers {
		d.Arrivals = append(d.Arrivals, p.arrival(chance, int64(i+1)))
	}
	slices.SortStableFunc(d.Arrivals, func(a, b Arrival) int { return a.At.Compare(b.At) })
	for i := range p.Agents {
		d.Workers = append(d.Workers, p.worker(i))
	}
	return d
}

func (p Plan) arrival(chance *rand.Rand, id int64) Arrival {
	c := routing.Case{ID: id, Team: pick(chance, p.Teams), Kind: pick(chance, p.Kinds), Priority: routing.Normal,
		Tier: weighted(chance, []string{"", "silver", "gold", "vip"}, []float64{70, 18, 9, 3}), Language: weighted(chance, []string{"zh", "en"}, []float64{9, 1})}
	if chance.Float64() < 0.06 {
		c.Priority, c.Complaint = routing.High, true
	}
	mu := math.Log(p.Handling.Seconds()) - spread*spread/2
	work := time.Duration(math.Exp(mu+spread*chance.NormFloat64()) * float64(time.Second))
	return Arrival{At: p.From.Add(time.Duration(hour(chance) * float64(time.Hour))), Case: c, Work: max(10*time.Second, work),
		Patience: time.Duration(chance.ExpFloat64() * float64(p.Patience))}
}

// hour is a moment of the day, in hours from its beginning.
func hour(chance *rand.Rand) float64 {
	s := shape()
	total := 0.0
	for _, share := range s {
		total += share
	}
	at := chance.Float64() * total
	for i, share := range s {
		if at < share {
			return float64(i) + at/share
		}
		at -= share
	}
	return float64(len(s))
}

// worker has one of three shifts of eight hours, which overlap at midday.
func (p Plan) worker(i int) Worker {
	begins := p.From.Add([]time.Duration{0, 90 * time.Minute, 3 * time.Hour}[i%3])
	return Worker{Agent: routing.Agent{ID: int64(i + 1)}, Teams: []int64{p.Teams[i%len(p.Teams)]}, Shifts: []Span{{begins, begins.Add(8 * time.Hour)}}}
}

func pick[T any](chance *rand.Rand, list []T) T { return list[chance.IntN(len(list))] }

func weighted(chance *rand.Rand, names []string, weights []float64) string {
	total := 0.0
	for _, w := range weights {
		total += w
	}
	at := chance.Float64() * total
	for i, w := range weights {
		if at -= w; at < 0 {
			return names[i]
		}
	}
	return names[0]
}
