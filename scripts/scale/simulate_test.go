package main

import (
	"math"
	"slices"
	"testing"
)

// queue simulates customers who come at a rate and are served at stations with a mean time, and gives their mean stay.
func queue(servers int, rate, mean float64) (stay, load float64) {
	s := newSimulation(7)
	st := s.station("desk", servers)
	total, n := 0.0, 0
	var arrive func()
	arrive = func() {
		began := s.now
		st.use(s.about(mean), func() { total += s.now - began; n++ })
		s.after(s.about(1/rate), arrive)
	}
	arrive()
	s.run(200_000 / rate)
	return total / float64(n), st.load()
}

// Known results of queueing theory (Kleinrock, Queueing Systems I, 1975, 3.2 and 3.5).
func TestQueuesWaitAsTheorySays(t *testing.T) {
	erlang := func(c int, a float64) float64 { // Erlang's C formula: the probability of waiting
		sum, term := 0.0, 1.0
		for i := range c {
			if i > 0 {
				term *= a / float64(i)
			}
			sum += term
		}
		last := term * a / float64(c) * float64(c) / (float64(c) - a)
		return last / (sum + last)
	}
	for name, q := range map[string]struct {
		servers int
		rate    float64
	}{"M/M/1 at 50 %": {1, 0.5}, "M/M/1 at 80 %": {1, 0.8}, "M/M/4 at 80 %": {4, 3.2}} {
		t.Run(name, func(t *testing.T) {
			stay, load := queue(q.servers, q.rate, 1)
			want := 1 + erlang(q.servers, q.rate)/(float64(q.servers)-q.rate)
			if math.Abs(stay-want)/want > 0.05 {
				t.Errorf("a stay of %.3f, theory says %.3f", stay, want)
			}
			if share := q.rate / float64(q.servers); math.Abs(load-share) > 0.02 {
				t.Errorf("a load of %.3f, want %.3f", load, share)
			}
		})
	}
}

func TestMomentsComeInOrder(t *testing.T) {
	s := newSimulation(1)
	var seen []string
	add := func(name string, at float64) { s.after(at, func() { seen = append(seen, name) }) }
	add("c", 2)
	add("a", 1)
	add("b", 1)
	add("never", 9)
	s.run(5)
	if want := []string{"a", "b", "c"}; !slices.Equal(seen, want) || s.now != 5 {
		t.Errorf("%q at %v", seen, s.now)
	}
}

func TestWhoWaitsIsServedInTurn(t *testing.T) {
	s := newSimulation(1)
	st := s.station("lock", 1)
	var seen []int
	for i := range 4 {
		st.use(1, func() { seen = append(seen, i) })
	}
	s.run(2.5)
	if !slices.Equal(seen, []int{0, 1}) || st.load() != 1 {
		t.Errorf("%v, load %v", seen, st.load())
	}
	s.run(10)
	if !slices.Equal(seen, []int{0, 1, 2, 3}) || math.Abs(st.load()-0.4) > 1e-9 {
		t.Errorf("%v, load %v", seen, st.load())
	}
}

func TestPercentile(t *testing.T) {
	times := []float64{5, 1, 4, 2, 3}
	if p := percentile(times, 0.5); p != 3 {
		t.Errorf("p50 %v", p)
	}
	if p := percentile(times, 1); p != 5 {
		t.Errorf("p100 %v", p)
	}
	if p := percentile(nil, 0.5); !math.IsNaN(p) {
		t.Errorf("of nothing %v", p)
	}
}
