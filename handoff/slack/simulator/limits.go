package simulator

import (
	"net/http"
	"time"
)

// tier is how often a method may be called in a minute by one app in one workspace.
// https://docs.slack.dev/apis/web-api/rate-limits
type tier int

const (
	tier1 tier = iota
	tier2
	tier3
	tier4
	perChannel // chat.postMessage: one a second for each channel, short bursts allowed
)

func (t tier) rate() (perSecond, burst float64) {
	switch t {
	case tier1:
		return 1.0 / 60, 10 // "1+": bursts are tolerated, or no app could open its ten connections
	case tier2:
		return 20.0 / 60, 20
	case tier3:
		return 50.0 / 60, 50
	case tier4:
		return 100.0 / 60, 100
	}
	return 1, 5
}

// bucket fills with time and is drunk from by calls.
type bucket struct {
	left float64
	at   time.Time
}

// take takes one from the bucket, or tells how long to wait for it.
func (b *bucket) take(now time.Time, perSecond, burst float64) time.Duration {
	b.left = min(burst, b.left+now.Sub(b.at).Seconds()*perSecond)
	b.at = now
	if b.left >= 1 {
		b.left--
		return 0
	}
	return time.Duration((1 - b.left) / perSecond * float64(time.Second))
}

// limit counts a call; the caller holds the lock.
func (w *Workspace) limit(c *apiCall, t tier) *refusal {
	if w.noLimit {
		return nil
	}
	key := c.method
	if t == perChannel {
		key += " " + c.arg("channel")
	}
	perSecond, burst := t.rate()
	b := w.buckets[key]
	if b == nil {
		b = &bucket{left: burst, at: w.now()}
		w.buckets[key] = b
	}
	if wait := b.take(w.now(), perSecond, burst); wait > 0 {
		return &refusal{word: "ratelimited", status: http.StatusTooManyRequests, after: wait}
	}
	return nil
}
