package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
)

// What clients did side by side and what they were told, and the laws as models that say whether that can be. See Herlihy and Wing,
// "Linearizability" (1990), and Lowe, "Testing for Linearizability" (2016). What nobody was told the end of may take effect at any
// later time, which is also how it may not take effect at all.

// history collects operations. Each belongs to a thing: a conversation, or a message.
type history struct {
	began time.Time
	mu    sync.Mutex
	ops   []porcupine.Operation
}

// deed is what somebody did.
type deed struct {
	thing, what string
	who, to     int64  // agents, of a claim, release or transfer
	id          string // of a message that is written
}

// told is what they were told of it.
type told struct {
	unknown bool
	refused bool
	owner   int64  // of a reading
	words   string // of a reading
}

// note keeps an operation that began at call and has just ended, or whose end is unknown.
func (h *history) note(client int, call time.Time, d deed, s told) {
	end := time.Since(h.began).Nanoseconds()
	if s.unknown {
		end = math.MaxInt64 / 2
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ops = append(h.ops, porcupine.Operation{ClientId: client, Input: d, Output: s, Call: call.Sub(h.began).Nanoseconds(), Return: end})
}

// law tells whether what was told of a deed can be in a state, and the state after it. What is unknown can always be.
type law func(state string, d deed, s told) (bool, string)

func modelOf(step law) porcupine.Model {
	return porcupine.Model{Init: func() any { return "" }, Step: func(state, input, output any) (bool, any) {
		ok, next := step(state.(string), input.(deed), output.(told))
		return ok, next
	}}
}

// check compares all with a model, each thing by itself.
func (h *history) check(t *testing.T, label string, step law) (unknown int) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	model := modelOf(step)
	things := map[string][]porcupine.Operation{}
	for _, op := range h.ops {
		things[op.Input.(deed).thing] = append(things[op.Input.(deed).thing], op)
		if op.Output.(told).unknown {
			unknown++
		}
	}
	for thing, ops := range things {
		if got := porcupine.CheckOperationsTimeout(model, ops, time.Minute); got != porcupine.Ok {
			slices.SortFunc(ops, func(a, b porcupine.Operation) int { return int(a.Call - b.Call) })
			t.Errorf("%s %s is %s:", label, thing, got)
			for _, op := range ops {
				t.Logf("  client %d  %.3f to %.3f s  %+v: %+v", op.ClientId, float64(op.Call)/1e9, float64(op.Return)/1e9, op.Input, op.Output)
			}
		}
	}
	t.Logf("%s: %d operations on %d things, %d with an unknown end", label, len(h.ops), len(things), unknown)
	return unknown
}

// logStep is a conversation as a log: what is written under an id is there once, and all read the same order. The state is what is
// read.
func logStep(state string, d deed, s told) (bool, string) {
	there := slices.Contains(strings.Fields(state), d.id)
	switch {
	case d.what == "read":
		return s.words == state, state
	case there:
		return true, state
	}
	return true, strings.TrimSpace(state + " " + d.id)
}

// ownerStep is a conversation's owner, one at a time. The state is the owner, "" for nobody.
func ownerStep(state string, d deed, s told) (bool, string) {
	name := func(agent int64) string {
		if agent == 0 {
			return ""
		}
		return fmt.Sprint(agent)
	}
	free := state == "" || state == name(d.who)
	switch {
	case d.what == "read":
		return name(s.owner) == state, state
	case s.refused:
		return !free, state
	case !free:
		return s.unknown, state
	}
	return true, name(map[string]int64{"claim": d.who, "release": 0, "transfer": d.to}[d.what])
}

// sendStep is one message on its way out: it is handed over once at most, after it was accepted, and what is said of it is so. The
// state is what is known of it: what was accepted, arrived, and the last word.
func sendStep(state string, d deed, s told) (bool, string) {
	accepted, arrived, closed := strings.Contains(state, "accepted"), strings.Contains(state, "arrived"), strings.Contains(state, "closed")
	switch d.what {
	case "accept":
		if accepted {
			return true, state
		}
		return true, "accepted"
	case "arrive":
		return accepted && !arrived, state + " arrived"
	}
	switch s.words { // a reading
	case "":
		return !accepted, state
	case "queued":
		return accepted && !closed, state
	case "sent", "delivered":
		return arrived, "accepted arrived closed"
	case "uncertain":
		if closed {
			return true, state
		}
		return accepted, state + " closed"
	}
	return false, state
}

// The models must be able to say no.
func TestTheModelsRefuse(t *testing.T) {
	type did struct {
		call, end int64
		deed
		told
	}
	for _, c := range []struct {
		name string
		step law
		ops  []did
		fine bool
	}{
		{"what was acknowledged is read", logStep, []did{{0, 1, deed{what: "append", id: "a"}, told{}}, {2, 3, deed{what: "read"}, told{words: "a"}}}, true},
		{"what was acknowledged is lost", logStep, []did{{0, 1, deed{what: "append", id: "a"}, told{}}, {2, 3, deed{what: "read"}, told{}}}, false},
		{"written twice, there once", logStep, []did{{0, 1, deed{what: "append", id: "a"}, told{}}, {2, 3, deed{what: "append", id: "a"}, told{}}, {4, 5, deed{what: "read"}, told{words: "a"}}}, true},
		{"written twice, there twice", logStep, []did{{0, 1, deed{what: "append", id: "a"}, told{}}, {2, 3, deed{what: "append", id: "a"}, told{}}, {4, 5, deed{what: "read"}, told{words: "a a"}}}, false},
		{"nobody knows, and it is not there", logStep, []did{{0, math.MaxInt64 / 2, deed{what: "append", id: "a"}, told{unknown: true}}, {2, 3, deed{what: "read"}, told{}}}, true},
		{"it was there and is gone", logStep, []did{{0, math.MaxInt64 / 2, deed{what: "append", id: "a"}, told{unknown: true}}, {2, 3, deed{what: "read"}, told{words: "a"}}, {4, 5, deed{what: "read"}, told{}}}, false},
		{"the order changes", logStep, []did{{0, 5, deed{what: "append", id: "a"}, told{}}, {0, 5, deed{what: "append", id: "b"}, told{}}, {6, 7, deed{what: "read"}, told{words: "a b"}}, {8, 9, deed{what: "read"}, told{words: "b a"}}}, false},
		{"two owners", ownerStep, []did{{0, 9, deed{what: "claim", who: 1}, told{}}, {0, 9, deed{what: "claim", who: 2}, told{}}}, false},
		{"one owner, one refused", ownerStep, []did{{0, 9, deed{what: "claim", who: 1}, told{}}, {0, 9, deed{what: "claim", who: 2}, told{refused: true}}}, true},
		{"given on", ownerStep, []did{{0, 1, deed{what: "claim", who: 1}, told{}}, {2, 3, deed{what: "transfer", who: 1, to: 2}, told{}}, {4, 5, deed{what: "read"}, told{owner: 2}}}, true},
		{"refused by nobody", ownerStep, []did{{0, 1, deed{what: "claim", who: 1}, told{refused: true}}}, false},
		{"sent once", sendStep, []did{{0, 1, deed{what: "accept"}, told{}}, {2, 3, deed{what: "arrive"}, told{}}, {4, 5, deed{what: "read"}, told{words: "sent"}}}, true},
		{"sent twice", sendStep, []did{{0, 1, deed{what: "accept"}, told{}}, {2, 3, deed{what: "arrive"}, told{}}, {4, 5, deed{what: "arrive"}, told{}}}, false},
		{"sent, it says, and it was not", sendStep, []did{{0, 1, deed{what: "accept"}, told{}}, {4, 5, deed{what: "read"}, told{words: "sent"}}}, false},
		{"arrived, and nobody knows", sendStep, []did{{0, 1, deed{what: "accept"}, told{}}, {2, 3, deed{what: "arrive"}, told{}}, {4, 5, deed{what: "read"}, told{words: "uncertain"}}}, true},
		{"uncertain, then queued again", sendStep, []did{{0, 1, deed{what: "accept"}, told{}}, {2, 3, deed{what: "read"}, told{words: "uncertain"}}, {4, 5, deed{what: "read"}, told{words: "queued"}}}, false},
	} {
		var ops []porcupine.Operation
		for n, o := range c.ops {
			ops = append(ops, porcupine.Operation{ClientId: n, Input: o.deed, Output: o.told, Call: o.call, Return: o.end})
		}
		if porcupine.CheckOperations(modelOf(c.step), ops) != c.fine {
			t.Errorf("%s: it should be %v", c.name, c.fine)
		}
	}
}
