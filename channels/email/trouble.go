package email

import (
	"strings"
	"sync"
)

// The roads of an inbox on which something may be wrong.
const (
	roadIn  = "in"
	roadOut = "out"
)

// troubles is what is wrong with inboxes on this node, in words for the operator. The zero value knows of nothing.
type troubles struct {
	mu  sync.Mutex
	all map[int64]map[string]string
}

// set notes what is wrong on a road, "" that nothing is.
func (t *troubles) set(inbox int64, road, what string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.all == nil {
		t.all = map[int64]map[string]string{}
	}
	if t.all[inbox] == nil {
		t.all[inbox] = map[string]string{}
	}
	t.all[inbox][road] = what
}

// of is all that is wrong with an inbox.
func (t *troubles) of(inbox int64) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var all []string
	for _, road := range []string{roadIn, roadOut} {
		if what := t.all[inbox][road]; what != "" {
			all = append(all, what)
		}
	}
	return strings.Join(all, "; ")
}
