package hub

import (
	"context"
	"strconv"
	"strings"
	"sync"

	"huiyin/db"
)

// slots counts what is under way with providers, of all inboxes and of each, so that one that hangs leaves room for the others.
type slots struct {
	most, each int

	mu  sync.Mutex
	all int
	of  map[int64]int
}

func newSlots(most, each int) *slots { return &slots{most: most, each: each, of: map[int64]int{}} }

func (s *slots) take(inbox int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all++
	s.of[inbox]++
}

func (s *slots) give(inbox int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all--
	if s.of[inbox]--; s.of[inbox] == 0 {
		delete(s.of, inbox)
	}
}

// room is how many more there may be, and which inboxes have no part in it.
func (s *slots) room() (n int, full []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for inbox, n := range s.of {
		if n >= s.each {
			full = append(full, strconv.FormatInt(inbox, 10))
		}
	}
	return s.most - s.all, full
}

// claimInto claims due rows of a queue, whose rows name their inbox, as far as there is room for them.
func (h *Hub) claimInto(ctx context.Context, queue db.Queue, busy *slots, batch int) ([]db.Lease, error) {
	room, full := busy.room()
	if room <= 0 {
		return nil, nil
	}
	if len(full) > 0 {
		queue.Where = "q.inbox_id NOT IN (" + strings.Join(full, ", ") + ")"
	}
	return h.claim(ctx, queue, workLease, min(room, batch))
}
