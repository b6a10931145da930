package relay

import (
	"slices"
	"sync"
)

// topics are those with readers on this node, beside those that the line brings.
type topics struct {
	mu     *sync.Mutex
	wanted map[string]bool
	asked  map[string]bool // subscribed to on the line, if not yet confirmed
	held   map[string]bool // confirmed by Redis
	moved  chan struct{}   // wanted has changed
}

func newTopics() topics {
	return topics{mu: &sync.Mutex{}, wanted: map[string]bool{}, asked: map[string]bool{}, held: map[string]bool{}, moved: make(chan struct{}, 1)}
}

func (t topics) want(topic string) { t.set(topic, true) }
func (t topics) drop(topic string) { t.set(topic, false) }

func (t topics) set(topic string, wanted bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	mark(t.wanted, topic, wanted)
	select {
	case t.moved <- struct{}{}:
	default:
	}
}

func mark(set map[string]bool, topic string, in bool) {
	if in {
		set[topic] = true
	} else {
		delete(set, topic)
	}
}

// changes are what to subscribe to and what to leave, which counts as done.
func (t topics) changes() (more, less []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for topic := range t.wanted {
		if !t.asked[topic] {
			more = append(more, topic)
		}
	}
	for topic := range t.asked {
		if !t.wanted[topic] {
			less = append(less, topic)
		}
	}
	for _, topic := range more {
		t.asked[topic] = true
	}
	for _, topic := range less {
		delete(t.asked, topic)
	}
	slices.Sort(more)
	slices.Sort(less)
	return more, less
}

func (t topics) confirm(topic string, in bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	mark(t.held, topic, in)
}

// heard tells whether Redis counts this node among a topic's listeners.
func (t topics) heard(topic string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.held[topic]
}

// forget begins a new line, on which nothing is heard yet.
func (t topics) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.asked)
	clear(t.held)
}
