// Package simulate plays a day of customers and agents through routing in virtual time, so that two ways of routing can be
// compared before one of them is switched on. The day is handed in, recorded or generated from a seed; the decisions are
// those of package routing and no others. It reads no clock and no database.
package simulate

import (
	"time"

	"huiyin/handoff/routing"
)

// Day is what happens whatever the routing: who comes, and who is there.
type Day struct {
	Arrivals []Arrival
	Workers  []Worker
}

// Arrival is a customer who asks for a person.
type Arrival struct {
	At       time.Time
	Case     routing.Case  // Queued and Units are filled in by the run
	Work     time.Duration // how long an agent holds the conversation
	Patience time.Duration // after which the customer gives up; 0: never
}

// Worker is an agent with the teams and the times at work.
type Worker struct {
	Agent  routing.Agent
	Teams  []int64
	Shifts []Span
}

// Span is a time at work.
type Span struct{ From, Until time.Time }

// Habits are what no settings say of the people.
type Habits struct {
	Accept time.Duration  // from an offer to its acceptance
	Notice time.Duration  // until an agent with room takes the next customer by themselves
	Misses float64        // share of offers that nobody answers
	Target time.Duration  // within which a customer should be with an agent
	Units  map[string]int // of a conversation by kind of channel, where the settings say nothing
	Seed   uint64
}

func (w Worker) serves(team int64) bool {
	if team == 0 {
		return true
	}
	for _, t := range w.Teams {
		if t == team {
			return true
		}
	}
	return false
}
