// Package live tells browsers and, later, other nodes that something changed: topics with a pulse, short
// hints that are not stored (typing, presence), and the transports that carry numbered frames to a browser.
// It holds no truth: who missed a pulse reads the database again, so losing one costs a moment, never a
// message. On several nodes a Relay carries pulses and hints between them.
package live

import (
	"sync"
)

// Relay carries pulses and hints to the other nodes; nil on a single node.
type Relay interface {
	Publish(topic string, hint []byte)
}

// Hub fans pulses and hints out to the subscriptions of this node.
type Hub struct {
	mu     sync.RWMutex
	topics map[string]map[*Subscription]struct{}
	relay  Relay
	done   chan struct{}
	end    sync.Once
}

// NewHub makes a hub; relay may be nil.
func NewHub(relay Relay) *Hub {
	return &Hub{topics: map[string]map[*Subscription]struct{}{}, relay: relay, done: make(chan struct{})}
}

// Stop ends all streams, so that the server can shut down; their readers come back to another node or later.
func (h *Hub) Stop() { h.end.Do(func() { close(h.done) }) }

// Stopping is closed once all streams are to end.
func (h *Hub) Stopping() <-chan struct{} { return h.done }

// maxHints bounds the hints that wait for a slow reader; the oldest are dropped, being stale anyway.
const maxHints = 32

// Subscription receives the pulses and hints of some topics.
type Subscription struct {
	hub    *Hub
	topics []string
	pulse  chan struct{}
	hints  chan []byte
}

// Pulse tells everybody on the topic that something changed there.
func (h *Hub) Pulse(topic string) { h.Hint(topic, nil) }

// Hint sends a message that is not stored to everybody on the topic; an empty one is a pulse.
func (h *Hub) Hint(topic string, hint []byte) {
	h.Deliver(topic, hint)
	if h.relay != nil {
		h.relay.Publish(topic, hint)
	}
}

// Deliver fans out on this node only; a Relay calls it with what other nodes published.
func (h *Hub) Deliver(topic string, hint []byte) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	for s := range h.topics[topic] {
		s.deliver(hint)
	}
}

// Subscribe starts a subscription to topics; Close ends it.
func (h *Hub) Subscribe(topics ...string) *Subscription {
	s := &Subscription{hub: h, topics: topics, pulse: make(chan struct{}, 1), hints: make(chan []byte, maxHints)}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, t := range topics {
		if h.topics[t] == nil {
			h.topics[t] = map[*Subscription]struct{}{}
		}
		h.topics[t][s] = struct{}{}
	}
	return s
}

// Pulses has an entry when something changed since it was last read.
func (s *Subscription) Pulses() <-chan struct{} { return s.pulse }

// Hints brings the unstored messages.
func (s *Subscription) Hints() <-chan []byte { return s.hints }

// Close ends the subscription.
func (s *Subscription) Close() {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	for _, t := range s.topics {
		delete(s.hub.topics[t], s)
		if len(s.hub.topics[t]) == 0 {
			delete(s.hub.topics, t)
		}
	}
}

func (s *Subscription) deliver(hint []byte) {
	if len(hint) == 0 {
		select {
		case s.pulse <- struct{}{}:
		default:
		}
		return
	}
	select {
	case s.hints <- hint:
	default:
		select {
		case <-s.hints:
		default:
		}
		select {
		case s.hints <- hint:
		default:
		}
	}
}
