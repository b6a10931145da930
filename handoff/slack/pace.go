package slack

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"huiyin/handoff/mirror"
)

// Slack allows one message a second in a channel, and short bursts; of chat.update about 50 a minute in all.
// https://docs.slack.dev/apis/web-api/rate-limits
const (
	postEach   = time.Second
	postBurst  = 3
	otherEach  = 1300 * time.Millisecond
	otherBurst = 30
	waitAtMost = 2 * time.Second // longer waits give the place back
)

// pace keeps this node's calls within Slack's limits, so that few are refused.
type pace struct {
	now func() time.Time
	mu  sync.Mutex
	at  map[string]time.Time // by method or channel: when the next call would be due if all came evenly
}

func newPace(now func() time.Time) *pace { return &pace{now: now, at: map[string]time.Time{}} }

// wait waits for room under key, or says to come back later when that takes long.
func (p *pace) wait(ctx context.Context, key string, each time.Duration, burst int) error {
	due := p.reserve(key, each, burst)
	if due <= 0 {
		return nil
	}
	if due > waitAtMost {
		return &mirror.Later{After: due}
	}
	select {
	case <-time.After(due):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// reserve takes the next room under key and tells how long until it; when that is long nothing is taken.
func (p *pace) reserve(key string, each time.Duration, burst int) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	next := p.at[key]
	if earliest := now.Add(-each * time.Duration(burst-1)); next.Before(earliest) {
		next = earliest
	}
	due := next.Sub(now)
	if due <= waitAtMost {
		p.at[key] = next.Add(each)
	}
	return due
}

// rest lets nothing through under key for a while: Slack has asked for it.
func (p *pace) rest(key string, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if until := p.now().Add(d); until.After(p.at[key]) {
		p.at[key] = until
	}
}

// courteous makes an error of a 503 that says for how long; the library reads that of a 429 only.
type courteous struct {
	next http.RoundTripper
	now  func() time.Time
}

// RoundTrip makes the request.
func (c courteous) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := c.next.RoundTrip(r)
	if err != nil || answer.StatusCode != http.StatusServiceUnavailable {
		return answer, err
	}
	var pause *mirror.Pause
	if err := mirror.Paused(fmt.Errorf("status %d", answer.StatusCode), answer.Header, c.now()); errors.As(err, &pause) {
		_ = answer.Body.Close()
		return nil, pause
	}
	return answer, nil
}
