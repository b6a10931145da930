package webchat

import (
	"sync"
	"time"
)

// rate is how often something may be done: a number at once, and one more after each pause.
type rate struct {
	burst int
	pause time.Duration
}

// What one visitor, and one address that visitors come from, may do.
var (
	visitorMessages = rate{20, time.Second}
	visitorUploads  = rate{10, 5 * time.Second}
	visitorSignals  = rate{40, 500 * time.Millisecond}
	visitorReads    = rate{60, 200 * time.Millisecond}
	addressSessions = rate{120, 500 * time.Millisecond}
	addressMessages = rate{200, 100 * time.Millisecond}
	addressUploads  = rate{60, time.Second}
	addressReads    = rate{600, 20 * time.Millisecond}
	visitorSeldom   = rate{10, 6 * time.Second} // ratings, transcripts, addresses for an answer
)

// What all visitors of one inbox together may do on a node: far above a busy day, far below what would stop the others.
var (
	inboxSessions = rate{3000, 5 * time.Millisecond}
	inboxMessages = rate{3000, 2 * time.Millisecond}
	inboxUploads  = rate{500, 50 * time.Millisecond}
	inboxReads    = rate{20_000, 500 * time.Microsecond}
)

const (
	visitorSockets = 8
	addressSockets = 400
	inboxSockets   = 50_000
	maxBuckets     = 100_000
)

// limits counts in memory, each node for itself; who was not seen for long is forgotten.
type limits struct {
	mu      *sync.Mutex
	buckets map[string]time.Time // when the bucket will be full again
	sockets map[string]int
}

func newLimits() limits {
	return limits{mu: &sync.Mutex{}, buckets: map[string]time.Time{}, sockets: map[string]int{}}
}

// take takes one from the bucket of key, or tells how long to wait for it.
func (l limits) take(now time.Time, key string, r rate) (wait time.Duration, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	full := l.buckets[key]
	if full.Before(now) {
		full = now
	}
	full = full.Add(r.pause)
	if over := full.Sub(now) - time.Duration(r.burst)*r.pause; over > 0 {
		return over, false
	}
	if len(l.buckets) >= maxBuckets {
		l.forget(now)
	}
	l.buckets[key] = full
	return 0, true
}

// forget drops the buckets that are full, and when there are none the first it meets: memory stays bounded.
func (l limits) forget(now time.Time) {
	for key, full := range l.buckets {
		if !full.After(now) {
			delete(l.buckets, key)
		}
	}
	for key := range l.buckets {
		if len(l.buckets) < maxBuckets {
			return
		}
		delete(l.buckets, key)
	}
}

// enter counts a socket of key, unless there are as many as may be.
func (l limits) enter(key string, most int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sockets[key] >= most {
		return false
	}
	l.sockets[key]++
	return true
}

// seat is one of so many sockets that somebody may have open.
type seat struct {
	of   string
	most int
}

// leave counts a socket out of its seats again.
func (l limits) leave(seats []seat) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range seats {
		if l.sockets[s.of]--; l.sockets[s.of] <= 0 {
			delete(l.sockets, s.of)
		}
	}
}
