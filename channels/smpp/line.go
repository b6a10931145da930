package smpp

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/linxGnu/gosmpp/pdu"
)

const (
	idleEnd   = time.Minute     // of a connection that was opened only to send
	bindWait  = 5 * time.Second // for the listener's connection
	holdFirst = time.Second     // when the SMSC finds us too fast; then longer
	holdMost  = 30 * time.Second
)

// errBetween is a listener that has no connection at the moment.
var errBetween = errors.New("the connection to the SMSC is being made")

// line is what this node has of an inbox: the connection that texts go out on, and what it remembers between connections.
type line struct {
	now     func() time.Time
	trips   trips
	repeats repeats
	joins   joins

	opening sync.Mutex // one at a time opens a connection to send

	mu        sync.Mutex
	acct      account
	out       *session
	listening bool
	changed   chan struct{} // closed when out or listening is not what it was
	holdTill  time.Time
	hold      time.Duration
	used      time.Time
}

func newLine(now func() time.Time) *line {
	return &line{now: now, changed: make(chan struct{})}
}

// live is the connection to send on, if there is one for these settings.
func (l *line) live(acct account) *session {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.used = l.now()
	if l.acct == acct && l.out.alive() {
		return l.out
	}
	return nil
}

// set changes what the line is, and gives the connection that was there.
func (l *line) set(acct account, out *session, listening bool) (before *session) {
	l.mu.Lock()
	defer l.mu.Unlock()
	before, l.acct, l.out, l.listening = l.out, acct, out, listening
	close(l.changed)
	l.changed = make(chan struct{})
	return before
}

func (l *line) state() (listening bool, changed chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.listening, l.changed
}

// session is the connection to send on: the listener's on this node, else one that is opened to send and closed when idle.
func (l *line) session(ctx context.Context, a *Adapter, acct account) (*session, error) {
	late := time.NewTimer(bindWait)
	defer late.Stop()
	for {
		if s := l.live(acct); s != nil {
			return s, nil
		}
		listening, changed := l.state()
		if !listening {
			return l.open(ctx, a, acct)
		}
		select {
		case <-changed:
		case <-late.C:
			return nil, errBetween
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (l *line) open(ctx context.Context, a *Adapter, acct account) (*session, error) {
	l.opening.Lock()
	defer l.opening.Unlock()
	if s := l.live(acct); s != nil {
		return s, nil
	}
	if listening, _ := l.state(); listening {
		return nil, errBetween
	}
	s, err := a.bind(ctx, pdu.Transmitter, acct, notOurs)
	if err != nil {
		return nil, err
	}
	if before := l.set(acct, s, false); before != nil {
		before.end(errors.New("the settings were changed"))
	}
	go l.endIdle(s)
	return s, nil
}

// endIdle closes a connection that nobody has used for a while.
func (l *line) endIdle(s *session) {
	tick := time.NewTicker(idleEnd / 4)
	defer tick.Stop()
	for {
		select {
		case <-s.gone:
			return
		case <-tick.C:
		}
		l.mu.Lock()
		idle := l.now().Sub(l.used) > idleEnd && len(s.window) == 0
		l.mu.Unlock()
		if idle {
			s.leave()
			return
		}
	}
}

// wait is how long the SMSC wants nothing more.
func (l *line) wait() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.holdTill.Sub(l.now())
}

// slower holds the line for a while, longer each time in a row, and tells how long.
func (l *line) slower() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if now.Before(l.holdTill) { // what was sent before the first of these answers came
		return l.holdTill.Sub(now)
	}
	l.hold = min(max(2*l.hold, holdFirst), holdMost)
	l.holdTill = now.Add(l.hold)
	return l.hold
}

// taken tells that the SMSC takes texts.
func (l *line) taken() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.now().Before(l.holdTill) {
		l.hold = 0
	}
}
