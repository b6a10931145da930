package main

import (
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// plan is when each request is due, counted from the start: at random, as people who do not know of each other write.
func plan(rate float64, length time.Duration, chance *rand.Rand) []time.Duration {
	var due []time.Duration
	for at := 0.0; ; {
		at += chance.ExpFloat64() / rate
		moment := time.Duration(at * float64(time.Second))
		if moment >= length {
			return due
		}
		due = append(due, moment)
	}
}

// openLoop sends each request when it is due, or as soon after as a connection is free, and gives the waits from when
// they were due, the shortest first. A server that stops for a moment so has the whole line behind it counted.
func openLoop(address string, wires int, rate float64, length time.Duration, request func() []byte) ([]time.Duration, error) {
	due := plan(rate, length, rand.New(rand.NewPCG(1, 2)))
	waits := make([]time.Duration, len(due))
	errs := make([]error, wires)
	var next atomic.Int64
	var all sync.WaitGroup
	start := time.Now()
	for i := range wires {
		all.Go(func() {
			w, err := dial(address)
			if err != nil {
				errs[i] = err
				return
			}
			defer w.close()
			for n := next.Add(1) - 1; n < int64(len(due)); n = next.Add(1) - 1 {
				time.Sleep(time.Until(start.Add(due[n])))
				status, err := w.ask(request())
				if err != nil || status/100 != 2 {
					errs[i] = unwanted(status, err)
					return
				}
				waits[n] = time.Since(start) - due[n]
			}
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	slices.Sort(waits)
	return waits, nil
}
