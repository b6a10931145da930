package admin

import (
	"net/http"
	"sync"
	"time"
)

// The pace of sign-in attempts: so many failures are free, then the pause doubles with each.
const (
	freeByEmail   = 5
	freeByAddress = 20
	firstPause    = time.Second
	longestPause  = 15 * time.Minute
	forgetAfter   = time.Hour
	maxThrottled  = 10_000
)

// throttle slows down whoever fails to sign in again and again. It stands in memory: a restart forgives.
type throttle struct {
	now func() time.Time

	mu     sync.Mutex
	failed map[string]failures
}

type failures struct {
	n           int
	last, until time.Time
}

func newThrottle(now func() time.Time) *throttle {
	return &throttle{now: now, failed: map[string]failures{}}
}

// admit refuses an attempt that comes too early.
func (t *throttle) admit(email, address string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	wait := max(t.failed["email "+email].until.Sub(now), t.failed["address "+address].until.Sub(now))
	if wait <= 0 {
		return nil
	}
	return &fault{status: http.StatusTooManyRequests, code: "throttled", detail: "too many failed attempts; wait a little before the next", after: wait}
}

// fail counts a failed attempt.
func (t *throttle) fail(email, address string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.count("email "+email, freeByEmail)
	t.count("address "+address, freeByAddress)
}

// forgive forgets the failures of an account that has signed in.
func (t *throttle) forgive(email string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.failed, "email "+email)
}

func (t *throttle) count(key string, free int) {
	now := t.now()
	f := t.failed[key]
	if now.Sub(f.last) > forgetAfter {
		f = failures{}
	}
	f.n, f.last = f.n+1, now
	if over := f.n - free; over > 0 {
		f.until = now.Add(pause(over))
	}
	if len(t.failed) >= maxThrottled {
		t.forgetOne()
	}
	t.failed[key] = f
}

func pause(over int) time.Duration {
	if over > 10 {
		return longestPause
	}
	return min(firstPause<<(over-1), longestPause)
}

// forgetOne makes room: the one that failed longest ago among a few is forgotten.
func (t *throttle) forgetOne() {
	oldest, looked := "", 0
	for key, f := range t.failed {
		if oldest == "" || f.last.Before(t.failed[oldest].last) {
			oldest = key
		}
		if looked++; looked == 50 {
			break
		}
	}
	delete(t.failed, oldest)
}
