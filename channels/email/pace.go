package email

import (
	"sync"
	"time"
)

// limit is how many mails may go out in a time.
type limit struct {
	n   int
	per time.Duration
}

// pace counts what went out by inbox, on this node.
type pace struct {
	mu   sync.Mutex
	sent map[int64][]time.Time
}

// take counts a mail and gives 0, or tells how long it must wait.
func (p *pace) take(inbox int64, limits []limit, now time.Time) time.Duration {
	if len(limits) == 0 {
		return 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	sent, longest := p.sent[inbox], time.Duration(0)
	var wait time.Duration
	for _, l := range limits {
		longest = max(longest, l.per)
		if len(sent) >= l.n {
			wait = max(wait, l.per-now.Sub(sent[len(sent)-l.n]))
		}
	}
	if wait > 0 {
		return wait
	}
	for len(sent) > 0 && now.Sub(sent[0]) >= longest {
		sent = sent[1:]
	}
	if p.sent == nil {
		p.sent = map[int64][]time.Time{}
	}
	p.sent[inbox] = append(sent, now)
	return 0
}
