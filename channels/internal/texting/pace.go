package texting

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"huiyin/channels"
)

// Quiet are the hours in which texts wait, unless the customer has just written.
type Quiet struct {
	From, To time.Duration // since midnight; equal: none
	Zone     *time.Location
}

// justWrote is how long after a customer's message an answer is not unasked-for.
const justWrote = 30 * time.Minute

// ParseQuiet reads "22:00-08:00"; "" is none.
func ParseQuiet(text string, zone *time.Location) (Quiet, error) {
	if strings.TrimSpace(text) == "" {
		return Quiet{Zone: zone}, nil
	}
	from, to, ok := strings.Cut(text, "-")
	if !ok {
		return Quiet{}, fmt.Errorf("must be two times such as 22:00-08:00")
	}
	q := Quiet{Zone: zone}
	for part, into := range map[string]*time.Duration{from: &q.From, to: &q.To} {
		at, err := time.Parse("15:04", strings.TrimSpace(part))
		if err != nil {
			return Quiet{}, fmt.Errorf("must be two times such as 22:00-08:00")
		}
		*into = time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute
	}
	return q, nil
}

// Wait is how long a text to a customer who last wrote at heard must wait; 0: it may go.
func (q Quiet) Wait(now, heard time.Time) time.Duration {
	if q.From == q.To || now.Sub(heard) < justWrote {
		return 0
	}
	local := now.In(q.Zone)
	midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, q.Zone)
	since := time.Duration(local.Hour())*time.Hour + time.Duration(local.Minute())*time.Minute + time.Duration(local.Second())*time.Second
	quiet := since >= q.From && since < q.To
	if q.From > q.To {
		quiet = since >= q.From || since < q.To
	}
	if !quiet {
		return 0
	}
	end := wall(midnight, q.To)
	if !end.After(local) {
		end = wall(midnight.AddDate(0, 0, 1), q.To)
	}
	return end.Sub(local)
}

// wall is a time of day on a day, by the clock on the wall.
func wall(midnight time.Time, at time.Duration) time.Time {
	return time.Date(midnight.Year(), midnight.Month(), midnight.Day(), int(at/time.Hour), int(at%time.Hour/time.Minute), 0, 0, midnight.Location())
}

// Postponed is the word to the agent on a text that waits for a while.
func Postponed(reason string, wait time.Duration) error {
	return &channels.SendError{Reason: reason, Postponed: true, After: wait}
}

// Rate is so many in a time; the zero Rate has no limit.
type Rate struct {
	N   int
	Per time.Duration
}

// ParseRate reads "20/1s" or "5/1h"; "" is no limit.
func ParseRate(text string) (Rate, error) {
	if strings.TrimSpace(text) == "" {
		return Rate{}, nil
	}
	count, per, ok := strings.Cut(strings.TrimSpace(text), "/")
	n, err := strconv.Atoi(count)
	if !ok || err != nil || n < 1 {
		return Rate{}, fmt.Errorf("must be a number and a time such as 20/1s or 5/1h")
	}
	d, err := time.ParseDuration(per)
	if err != nil || d <= 0 {
		return Rate{}, fmt.Errorf("must be a number and a time such as 20/1s or 5/1h")
	}
	return Rate{n, d}, nil
}

// Pacer counts what went out by inbox and by number, on this node. The zero Pacer is ready.
type Pacer struct {
	mu   sync.Mutex
	sent map[string][]time.Time
}

// maxPaced bounds the numbers that a Pacer keeps in mind.
const maxPaced = 100_000

// Take counts a text under a name and gives 0, or tells how long the next one must wait.
func (p *Pacer) Take(name string, r Rate, now time.Time) time.Duration {
	if r.N == 0 {
		return 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.sent == nil || len(p.sent) > maxPaced {
		p.sent = map[string][]time.Time{}
	}
	kept := p.sent[name][:0]
	for _, at := range p.sent[name] {
		if now.Sub(at) < r.Per {
			kept = append(kept, at)
		}
	}
	if len(kept) >= r.N {
		p.sent[name] = kept
		return r.Per - now.Sub(kept[len(kept)-r.N])
	}
	p.sent[name] = append(kept, now)
	return 0
}
