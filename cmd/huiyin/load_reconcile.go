package main

import (
	"context"
	"fmt"
	"time"
)

// visitorAccount is what one visitor sent, and what became of it.
type visitorAccount struct {
	accepted, failed, answered, handedOff     int
	retried, throttled, repeated, reconnected int
	passive                                   int // answers that went back in the callback's response
	acks, replies                             []time.Duration
	faults                                    []string
}

func (a *visitorAccount) fault(format string, args ...any) {
	a.faults = append(a.faults, fmt.Sprintf(format, args...))
}

// settleWithin is how long a stream may lag behind what the server gives when asked.
const settleWithin = 5 * time.Second

// reconcile reads the visitor's thread and judges it.
func (v *loadVisitor) reconcile(ctx context.Context) (visitorAccount, error) {
	thread, status, err := v.thread(ctx)
	if err != nil {
		return visitorAccount{}, err
	}
	if len(thread) > 0 {
		newest := thread[len(thread)-1].spot()
		for end := time.Now().Add(settleWithin); v.last().before(newest) && time.Now().Before(end) && ctx.Err() == nil; {
			sleep(ctx, 10*time.Millisecond)
		}
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	a := visitorAccount{retried: v.retried, throttled: v.throttled, repeated: v.repeated, reconnected: v.reconnected, faults: v.faults}
	v.judgeStored(&a, thread)
	v.judgeShown(&a, thread)
	v.judgeReplies(&a, thread, status)
	return a, nil
}

// judgeStored: each acknowledged message is stored once, where the acknowledgement said, in the order of sending.
func (v *loadVisitor) judgeStored(a *visitorAccount, thread []chatMessage) {
	stored := map[string][]spot{}
	for _, m := range thread {
		if !m.ours() {
			stored[m.ClientID] = append(stored[m.ClientID], m.spot())
		}
	}
	var before spot
	for _, s := range v.sent {
		places := stored[s.id]
		if len(places) > 1 {
			a.fault("doubled: message %s is stored at %v", s.id, places)
		}
		if s.acked.IsZero() {
			a.failed++
			continue
		}
		a.accepted++
		a.acks = append(a.acks, s.acked.Sub(s.due))
		switch {
		case len(places) == 0:
			a.fault("lost: message %s was acknowledged at %s and is not there", s.id, s.at)
		case places[0] != s.at:
			a.fault("disordered: message %s was acknowledged at %s and is at %s", s.id, s.at, places[0])
		case !before.before(s.at):
			a.fault("disordered: message %s at %s was sent after the one at %s", s.id, s.at, before)
		}
		before = s.at
	}
}

// judgeShown: the stream brought everything that the server has; that nothing came twice is judged as it comes.
func (v *loadVisitor) judgeShown(a *visitorAccount, thread []chatMessage) {
	shown := map[spot]bool{}
	for _, s := range v.seen {
		shown[s.spot()] = true
	}
	for _, m := range thread {
		if !shown[m.spot()] {
			a.fault("lost: the stream did not bring %s, from %s", m.spot(), m.From)
		}
	}
}

// judgeReplies: each acknowledged message has an answer after it, and the bot never spoke more often than it was asked.
func (v *loadVisitor) judgeReplies(a *visitorAccount, thread []chatMessage, status string) {
	if !v.bot {
		return
	}
	var last spot
	asked, said := 0, 0
	for _, m := range thread {
		switch m.From {
		case "contact":
			asked++
		case "bot":
			if said++; said > asked {
				a.fault("doubled: %s is the bot's reply number %d to %d messages", m.spot(), said, asked)
			}
		}
		if m.ours() {
			last = m.spot()
		}
	}
	for _, s := range v.sent {
		switch {
		case s.acked.IsZero():
		case s.at.before(last):
			a.answered++
			v.timeReply(a, s)
		case status != "bot":
			a.handedOff++
		default:
			a.fault("unanswered: message %s at %s", s.id, s.at)
		}
	}
}

// timeReply takes the time to the first answer, unless the visitor was away meanwhile on its own account.
func (v *loadVisitor) timeReply(a *visitorAccount, s sending) {
	for _, r := range v.seen {
		if r.ours() && s.at.before(r.spot()) {
			if !v.wasAway(s.due, r.at) {
				a.replies = append(a.replies, r.at.Sub(s.due))
			}
			return
		}
	}
}
