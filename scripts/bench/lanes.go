package main

import (
	"fmt"
	"slices"
	"sync"
	"time"
)

// road is one server that is asked as fast as it answers, in rounds that take turns with the others' so that the
// machine's noise hits all alike.
type road struct {
	name, address string
	request       func() []byte
	wires         []*wire
	rates         []float64 // a second, of each round
	p50s, p99s    []float64 // ms
}

// open opens the connections.
func (l *road) open(connections int) error {
	for range connections {
		w, err := dial(l.address)
		if err != nil {
			return err
		}
		l.wires = append(l.wires, w)
	}
	return nil
}

func (l *road) close() {
	for _, w := range l.wires {
		w.close()
	}
}

// run asks for one round.
func (l *road) run(round time.Duration) error {
	waits := make([][]time.Duration, len(l.wires))
	errs := make([]error, len(l.wires))
	var all sync.WaitGroup
	start := time.Now()
	for i, w := range l.wires {
		all.Go(func() {
			for before := time.Now(); before.Sub(start) < round; {
				status, err := w.ask(l.request())
				if err != nil || status/100 != 2 {
					errs[i] = fmt.Errorf("%s: %w", l.name, unwanted(status, err))
					return
				}
				now := time.Now()
				waits[i] = append(waits[i], now.Sub(before))
				before = now
			}
		})
	}
	all.Wait()
	took := time.Since(start)
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	joined := slices.Concat(waits...)
	slices.Sort(joined)
	l.rates = append(l.rates, float64(len(joined))/took.Seconds())
	l.p50s, l.p99s = append(l.p50s, quantile(joined, 0.50)), append(l.p99s, quantile(joined, 0.99))
	return nil
}

// quantile is in milliseconds.
func quantile(sorted []time.Duration, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return float64(sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]) / 1e6
}

func middle(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	values = slices.Sorted(slices.Values(values))
	return values[len(values)/2]
}

// race lets roads take turns.
func race(connections, rounds int, round time.Duration, roads ...*road) error {
	for _, l := range roads {
		if err := l.open(connections); err != nil {
			return err
		}
		defer l.close()
	}
	for range rounds {
		for _, l := range roads {
			if err := l.run(round); err != nil {
				return err
			}
		}
	}
	return nil
}

// tell sets the figures of a road.
func (l *road) tell(f figures, name string) {
	f.set(name, l.name+"/s", middle(l.rates))
	f.set(name, l.name+"-min/s", slices.Min(l.rates))
	f.set(name, l.name+"-max/s", slices.Max(l.rates))
	f.set(name, l.name+"-p50-ms", middle(l.p50s))
	f.set(name, l.name+"-p99-ms", middle(l.p99s))
	f.set(name, l.name+"-p99-min-ms", slices.Min(l.p99s))
	f.set(name, l.name+"-p99-max-ms", slices.Max(l.p99s))
}

// compare sets the ratios of one road to another, taken round by round; what names them.
func compare(f figures, name, what string, ours, bare *road) {
	rates, tails := ratios(ours.rates, bare.rates), ratios(ours.p99s, bare.p99s)
	f.set(name, what+"ratio", middle(rates))
	f.set(name, what+"ratio-min", slices.Min(rates))
	f.set(name, what+"ratio-max", slices.Max(rates))
	f.set(name, what+"p99-ratio", middle(tails))
}

func ratios(ours, bare []float64) []float64 {
	found := make([]float64, len(ours))
	for i := range ours {
		found[i] = ours[i] / bare[i]
	}
	return found
}
