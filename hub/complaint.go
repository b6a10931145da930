package hub

import (
	"sync"
	"time"
)

// complainEvery is how often the log says that callbacks of an inbox are refused: an operator must see why nothing comes
// in, and a stranger must not fill the disk.
const complainEvery = time.Minute

// complaints counts the callbacks that were refused since the log last spoke of their inbox.
type complaints struct {
	mu    sync.Mutex
	since map[int64]time.Time
	count map[int64]int
}

// complain says in the log, now and then, that callbacks of an inbox are refused.
func (h *Hub) complain(inbox int64, err error) {
	c := &h.refused
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.since == nil {
		c.since, c.count = map[int64]time.Time{}, map[int64]int{}
	}
	c.count[inbox]++
	if now := h.DB.Now(); now.Sub(c.since[inbox]) >= complainEvery {
		h.Log.Warn("callbacks refused", "inbox", inbox, "times", c.count[inbox], "error", err)
		c.since[inbox], c.count[inbox] = now, 0
	}
}
