package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
)

// costs are what the simulation is fed with: measured by `scale measure` on a running node and a real PostgreSQL. Times are
// seconds, of processor time where nothing else is said; a turn is a customer's question with the bot's answer.
type costs struct {
	At      string `json:"at"`
	Machine string `json:"machine"`

	Steady turnCosts `json:"steady"` // at an even load
	Busy   turnCosts `json:"busy"`   // when more is offered than can be done: much is then done in batches

	Events     float64 `json:"events_per_turn"`
	RoundTrips float64 `json:"round_trips_per_turn"` // one after the other
	LogBytes   float64 `json:"log_bytes_per_turn"`   // of the write-ahead log
	RowBytes   float64 `json:"stored_bytes_per_turn"`

	Hold        float64 `json:"lock_held_s"` // wall clock, without the flush
	Flush       float64 `json:"flush_s"`     // wall clock, of this machine's disk
	Follow      float64 `json:"node_s_per_followed_event"`
	FollowStore float64 `json:"store_s_per_followed_event"`

	SocketBytes float64 `json:"bytes_per_socket"`
	Socket      float64 `json:"node_s_per_socket_and_s"` // of an idle one
	SocketStore float64 `json:"store_s_per_socket_and_s"`

	Offered  float64 `json:"offered_per_s"` // to a node that shares this machine with PostgreSQL and the generator
	Reached  float64 `json:"reached_per_s"`
	MidRate  float64 `json:"mid_rate_per_s"`
	MidAck   float64 `json:"mid_ack_p50_s"`
	MidReply float64 `json:"mid_reply_p50_s"`
}

// turnCosts are those of a turn.
type turnCosts struct {
	Node      float64 `json:"node_s"`
	Store     float64 `json:"store_s"`     // PostgreSQL's
	Generator float64 `json:"generator_s"` // of the measurement itself
	Writes    float64 `json:"writing_transactions"`
}

func readCosts(file string) (costs, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return costs{}, fmt.Errorf("%w; make it with `scale measure`", err)
	}
	var k costs
	if err := json.Unmarshal(text, &k); err != nil {
		return costs{}, fmt.Errorf("%s: %w", file, err)
	}
	if !k.Steady.complete() || !k.Busy.complete() || k.Hold <= 0 || k.RoundTrips <= 0 {
		return costs{}, errors.New(file + ": a cost is missing; measure again")
	}
	return k, nil
}

func (t turnCosts) complete() bool { return t.Node > 0 && t.Store > 0 && t.Writes > 0 }

func (k costs) write(file string) error {
	text, err := json.MarshalIndent(k, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(text, '\n'), 0o600)
}
