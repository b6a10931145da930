package admin

import (
	"crypto/sha256"
	"encoding/hex"
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

// throttle slows down whoever fails to sign in again and again. It stands in memory: a restart forgives. Nodes tell each
// other what they counted.
type throttle struct {
	now  func() time.Time
	tell func(attempt) // may be nil

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

// attempt is what a node tells of one: digests of the account and of the address that it came from.
type attempt struct {
	Node    string `json:"node"`
	Email   string `json:"email"`
	Address string `json:"address,omitempty"` // empty when it went well
}

func attemptOf(email, address string) attempt {
	a := attempt{Email: digestOf("email " + email)}
	if address != "" {
		a.Address = digestOf("address " + address)
	}
	return a
}

func digestOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// admit refuses an attempt that comes too early.
func (t *throttle) admit(email, address string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	now, a := t.now(), attemptOf(email, address)
	wait := max(t.failed[a.Email].until.Sub(now), t.failed[a.Address].until.Sub(now))
	if wait <= 0 {
		return nil
	}
	return &fault{status: http.StatusTooManyRequests, code: "throttled", detail: "too many failed attempts; wait a little before the next", after: wait}
}

// fail counts a failed attempt.
func (t *throttle) fail(email, address string) { t.happened(attemptOf(email, address)) }

// forgive forgets the failures of an account that has signed in.
func (t *throttle) forgive(email string) { t.happened(attemptOf(email, "")) }

func (t *throttle) happened(a attempt) {
	t.hear(a)
	if t.tell != nil {
		t.tell(a)
	}
}

// hear takes an attempt into account, one's own or another node's.
func (t *throttle) hear(a attempt) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if a.Address == "" {
		delete(t.failed, a.Email)
		return
	}
	t.count(a.Email, freeByEmail)
	t.count(a.Address, freeByAddress)
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
