// Package live tells browsers and other nodes that something changed: topics with a pulse, short hints that
// are not stored (typing, presence), and the transports that carry numbered frames to a browser. It holds no
// truth: who missed a pulse reads the database again, so losing one costs a moment, never a message. On
// several nodes a Relay carries pulses and hints between them.
package live

import (
	"context"
	"slices"
	"sync"
)

// Relay carries pulses and hints between the nodes. None of its methods but Elsewhere may wait.
type Relay interface {
	Publish(topic string, hint []byte)
	Want(topic string) // this node has its first reader of a topic
	Drop(topic string) // and its last has gone
	Elsewhere(ctx context.Context, topic string) bool
}

// Hub fans pulses and hints out to the subscriptions of this node.
type Hub struct {
	mu      sync.RWMutex
	topics  map[string][]*Subscription
	sockets map[*socket]struct{}
	stopped bool
	relay   Relay
	done    chan struct{}
	looks   chan struct{} // room for looks at a source
	errands errands
}

// lookers is how many WebSockets look at their source at a time.
const lookers = 64

// NewHub makes a hub; relay may be nil.
func NewHub(relay Relay) *Hub {
	return &Hub{topics: map[string][]*Subscription{}, sockets: map[*socket]struct{}{}, relay: relay, done: make(chan struct{}),
		looks: make(chan struct{}, lookers)}
}

// Stop ends all streams, so that the server can shut down; their readers come back to another node or later.
func (h *Hub) Stop() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stopped {
		return
	}
	h.stopped = true
	close(h.done)
	for s := range h.sockets {
		go s.end(closeAway, errStopping)
	}
}

// join counts a socket in; false when the hub has stopped.
func (h *Hub) join(s *socket) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sockets[s] = struct{}{}
	return !h.stopped
}

func (h *Hub) part(s *socket) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.sockets, s)
}

// Anybody tells whether a topic has a reader, on this node or, as far as is known, on another.
func (h *Hub) Anybody(ctx context.Context, topic string) bool {
	return h.Listeners(topic) > 0 || h.relay != nil && h.relay.Elsewhere(ctx, topic)
}

// Listeners tells how many subscriptions of this node there are to a topic.
func (h *Hub) Listeners(topic string) int {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return len(h.topics[topic])
}

// Stopping is closed once all streams are to end.
func (h *Hub) Stopping() <-chan struct{} { return h.done }

// maxHints bounds the hints that wait for a slow reader; the oldest are dropped, being stale anyway.
const maxHints = 32

// Subscription receives the pulses and hints of some topics.
type Subscription struct {
	hub    *Hub
	topics []string
	told   func(hint []byte) // instead of the channels
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
	for _, s := range h.topics[topic] {
		s.deliver(hint)
	}
}

// Subscribe starts a subscription to topics; Close ends it.
func (h *Hub) Subscribe(topics ...string) *Subscription {
	return h.add(&Subscription{hub: h, topics: topics, pulse: make(chan struct{}, 1), hints: make(chan []byte, maxHints)})
}

// subscribe starts a subscription that calls told, with the hub locked: it must not block.
func (h *Hub) subscribe(topics []string, told func(hint []byte)) *Subscription {
	return h.add(&Subscription{hub: h, topics: topics, told: told})
}

func (h *Hub) add(s *Subscription) *Subscription {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, t := range s.topics {
		h.topics[t] = append(h.topics[t], s)
		if h.relay != nil && len(h.topics[t]) == 1 {
			h.relay.Want(t)
		}
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
		left := slices.DeleteFunc(s.hub.topics[t], func(o *Subscription) bool { return o == s })
		s.hub.topics[t] = left
		if len(left) > 0 {
			continue
		}
		delete(s.hub.topics, t)
		if s.hub.relay != nil {
			s.hub.relay.Drop(t)
		}
	}
}

func (s *Subscription) deliver(hint []byte) {
	if s.told != nil {
		s.told(hint)
		return
	}
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
