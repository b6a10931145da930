package smpp

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/linxGnu/gosmpp/pdu"

	"huiyin/channels"
	"huiyin/conversation"
)

const (
	againFirst = 250 * time.Millisecond
	againMost  = 8 * time.Second
	giveUp     = 5                // failures in a row after which the operator is told
	steady     = 30 * time.Second // after which a connection's end is not counted with those before
	joinLook   = 500 * time.Millisecond
	turnLook   = time.Second
)

// Listen keeps an inbox's connection, and the node's texts go out on it. A connection that breaks is made again; what cannot
// be made after some tries, or is refused, is an error for the operator.
func (a *Adapter) Listen(ctx context.Context, inbox conversation.Inbox, at channels.Pull, accept channels.Accept) error {
	acct, l := read(a.kind, inbox), a.line(inbox.ID)
	if before := l.set(acct, nil, true); before != nil {
		before.leave() // some SMSCs let a system id bind once
	}
	defer l.set(acct, nil, false)
	l.repeats.listening(at.Cursor, a.Now())
	a.turn(ctx, l, accept)
	turning, stopTurning := context.WithCancel(ctx)
	defer stopTurning()
	go a.turnOn(turning, l, accept)
	in, stop := newIntake(ctx, a, l, inbox, accept)
	readers := &sync.WaitGroup{}
	defer func() { readers.Wait(); stop() }()
	for failed := 0; ctx.Err() == nil; {
		begun := time.Now()
		err := a.serve(ctx, l, acct, in, readers)
		if ctx.Err() != nil {
			break
		}
		var no refused
		if failed++; time.Since(begun) > steady {
			failed = 1
		}
		if errors.As(err, &no) || failed >= giveUp {
			return unbindable(err)
		}
		pause(ctx, min(againFirst<<failed, againMost))
	}
	return nil
}

// turn begins the next stretch of time in which repeats are recognised, when it is time, once its name is stored.
func (a *Adapter) turn(ctx context.Context, l *line, accept channels.Accept) {
	now := a.Now()
	name := l.repeats.next(now)
	if name == "" || accept(ctx, channels.Received{Cursor: name}) != nil { // what cannot be stored now, as no text can, is tried again
		return
	}
	l.repeats.begin(name, now)
}

func (a *Adapter) turnOn(ctx context.Context, l *line, accept channels.Accept) {
	tick := time.NewTicker(turnLook)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			a.turn(ctx, l, accept)
		}
	}
}

// pause waits about that long: not all who were cut off come back at once.
func pause(ctx context.Context, d time.Duration) {
	late := time.NewTimer(d/2 + rand.N(d/2))
	defer late.Stop()
	select {
	case <-ctx.Done():
	case <-late.C:
	}
}

// serve binds and stays until the connection is over or ctx ends.
func (a *Adapter) serve(ctx context.Context, l *line, acct account, in *intake, readers *sync.WaitGroup) error {
	as := pdu.Transceiver
	if acct.apart {
		as = pdu.Receiver
	}
	inward, err := a.bind(ctx, as, acct, in.handle)
	if err != nil {
		return err
	}
	readers.Go(func() { <-inward.over })
	defer inward.leave()
	outward := inward
	if acct.apart {
		if outward, err = a.bind(ctx, pdu.Transmitter, acct, notOurs); err != nil {
			return err
		}
		defer outward.leave()
	}
	l.set(acct, outward, true)
	defer l.set(acct, nil, true)
	tick := time.NewTicker(joinLook)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-inward.gone:
			return inward.reason()
		case <-outward.gone:
			return outward.reason()
		case <-tick.C:
			in.take(l.joins.late(a.Now(), acct.join))
		}
	}
}
