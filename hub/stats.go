package hub

import "sync/atomic"

// Stats counts what this node has done since it started.
type Stats struct {
	received, repeated, answered, handedOff, sent, failed atomic.Int64
}

// Stats are the hub's counters.
func (h *Hub) Stats() *Stats { return &h.stats }

// Received counts messages of customers made durable.
func (s *Stats) Received() float64 { return float64(s.received.Load()) }

// Repeated counts repeats that added nothing.
func (s *Stats) Repeated() float64 { return float64(s.repeated.Load()) }

// Answered counts turns that the bot answered itself.
func (s *Stats) Answered() float64 { return float64(s.answered.Load()) }

// HandedOff counts turns that ended with a human.
func (s *Stats) HandedOff() float64 { return float64(s.handedOff.Load()) }

// Sent counts messages that a provider took.
func (s *Stats) Sent() float64 { return float64(s.sent.Load()) }

// Failed counts messages given up or of unknown outcome.
func (s *Stats) Failed() float64 { return float64(s.failed.Load()) }

func (s *Stats) turn(d Decision) {
	if d.Act == ActHandoff {
		s.handedOff.Add(1)
		return
	}
	s.answered.Add(1)
}

func (s *Stats) delivery(o outcome) {
	if o.err == nil && !o.recovery {
		s.sent.Add(1)
	} else if o.final() {
		s.failed.Add(1)
	}
}
