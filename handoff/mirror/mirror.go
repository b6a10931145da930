// Package mirror keeps desks beside the console, such as threads in Slack, in step with the conversations. It reads the
// numbered events, notes which conversations have moved, and has each brought in step by one node at a time; what could
// not be shown is shown later, in order, and an outage of the desk loses nothing. What a desk shows, and how, is the
// matter of its own package.
package mirror

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"sync"
	"time"

	"crypto/rand"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/live"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are the tables of this package.
func Migrations() db.Migrations {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil { // fs.Sub refuses only a malformed name
		files = migrations
	}
	return db.Migrations{Domain: "mirror", Files: files}
}

// Board is a desk beside the console.
type Board interface {
	Name() string
	// Wants tells which of the conversations that moved and that it does not show yet are to be shown there.
	Wants(ctx context.Context, from db.Querier, c *conversation.Conversation) (bool, error)
	// Show brings one place in step, saving after each step that the desk has taken. A *Later postpones it.
	Show(ctx context.Context, p *Place) error
}

// Later is why a place is not in step, and when it is tried again.
type Later struct {
	After   time.Duration
	Problem string // in words for people, when it is more than a pause
	// Idle means that nothing hinders the desk: there is just nothing to show until then, and whatever happens in the
	// conversation is shown at once. Otherwise the desk rests, the whole while or, after a failure, a few seconds.
	Idle bool
	// Asked means that the desk itself asked for the wait: it rests all of it, whatever is said.
	Asked bool
}

// Error says when it goes on.
func (l *Later) Error() string { return fmt.Sprintf("again after %s: %s", l.After, l.Problem) }

const (
	lease    = 30 * time.Second
	lookEach = time.Second // without a pulse
	batch    = 500         // events read at a time
	atOnce   = 16          // places being brought in step
	again    = time.Second
	longest  = 2 * time.Minute
	// afterFailure is how long a place rests after a failure however much is said there: a desk that is down is not
	// asked again with every word, and one that is back hears the next word soon.
	afterFailure = 5 * time.Second
)

// Mirror keeps one board in step. Any number of nodes may run one for the same board.
type Mirror struct {
	DB            *db.DB
	Conversations *conversation.Store
	Live          *live.Hub
	Board         Board
	Log           *slog.Logger

	wake chan struct{}
	once sync.Once
}

func (m *Mirror) queue() db.Queue {
	return db.Queue{Table: "mirrors", Where: "q.board = '" + m.Board.Name() + "'"}
}

// Wake has the mirror look at once.
func (m *Mirror) Wake() {
	m.prepare()
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

func (m *Mirror) prepare() { m.once.Do(func() { m.wake = make(chan struct{}, 1) }) }

// Run works until ctx ends.
func (m *Mirror) Run(ctx context.Context) {
	m.prepare()
	events := m.Live.Subscribe(conversation.TopicEvents)
	defer events.Close()
	tick := time.NewTicker(lookEach)
	defer tick.Stop()
	var underWay sync.WaitGroup
	defer underWay.Wait()
	room := make(chan struct{}, atOnce)
	for ctx.Err() == nil {
		if err := m.turn(ctx, &underWay, room); err != nil && ctx.Err() == nil {
			m.Log.Error("desk not kept in step; trying again", "board", m.Board.Name(), "error", err)
		}
		select {
		case <-ctx.Done():
		case <-events.Pulses():
		case <-m.wake:
		case <-tick.C:
		}
	}
}

// turn notes what has moved and starts what there is room for.
func (m *Mirror) turn(ctx context.Context, underWay *sync.WaitGroup, room chan struct{}) error {
	for {
		more, err := m.follow(ctx)
		if err != nil {
			return err
		}
		if !more {
			break
		}
	}
	free := cap(room) - len(room)
	if free == 0 {
		return nil
	}
	leases, err := m.claim(ctx, free)
	for _, l := range leases {
		room <- struct{}{}
		underWay.Go(func() {
			defer func() { <-room; m.Wake() }()
			m.show(ctx, l)
		})
	}
	return err
}

func (m *Mirror) claim(ctx context.Context, limit int) (leases []db.Lease, err error) {
	due, err := m.queue().Due(ctx, m.DB, m.DB.Now())
	if err != nil || !due {
		return nil, err
	}
	err = m.DB.Tx(ctx, func(tx *db.Tx) (err error) {
		leases, err = m.queue().Claim(ctx, tx, rand.Text(), lease, limit)
		return err
	})
	return leases, err
}

// show brings one place in step and notes how that went.
func (m *Mirror) show(ctx context.Context, l db.Lease) {
	p, err := m.load(context.WithoutCancel(ctx), l)
	if err != nil {
		m.Log.Error("place not loaded; it is when the lease ends", "board", m.Board.Name(), "mirror", l.ID, "error", err)
		return
	}
	showing, end := context.WithCancel(ctx)
	kept := make(chan struct{})
	go func() { defer close(kept); m.hold(showing, end, l) }()
	err = m.Board.Show(showing, p)
	end()
	<-kept
	if errors.Is(err, db.ErrLeaseLost) {
		return
	}
	after := context.WithoutCancel(ctx)
	if err := m.finish(after, p, err, ctx.Err() != nil); err != nil && !errors.Is(err, db.ErrLeaseLost) {
		m.Log.Error("place not noted as shown; it is shown again", "board", m.Board.Name(), "conversation", p.ConversationID, "error", err)
	}
}

// hold keeps the lease while a step takes long, such as a large file, and ends the showing when it is lost all the same:
// two who show one place would show things twice.
func (m *Mirror) hold(ctx context.Context, end context.CancelFunc, l db.Lease) {
	tick := time.NewTicker(lease / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := m.extend(ctx, l); errors.Is(err, db.ErrLeaseLost) {
			end()
			return
		}
	}
}

func (m *Mirror) extend(ctx context.Context, l db.Lease) error {
	return m.DB.Tx(ctx, func(tx *db.Tx) error { return m.queue().Extend(ctx, tx, l, tx.Now.Add(lease)) })
}

func (m *Mirror) finish(ctx context.Context, p *Place, failure error, stopping bool) error {
	var later *Later
	switch {
	case failure == nil:
		return p.done(ctx)
	case errors.As(failure, &later):
		return p.later(ctx, later)
	case stopping:
		problem := failure.Error()
		return p.postpone(ctx, 0, 0, &problem) // another node may go on at once
	}
	wait := min(again<<min(p.lease.Attempts-1, 7), longest)
	m.Log.Warn("conversation not shown at the desk; trying again", "board", m.Board.Name(), "conversation", p.ConversationID, "in", wait, "error", failure)
	problem := failure.Error()
	return p.postpone(ctx, wait, afterFailure, &problem)
}

func (p *Place) later(ctx context.Context, l *Later) error {
	switch {
	case l.Problem != "" && l.Asked:
		return p.postpone(ctx, l.After, l.After, &l.Problem)
	case l.Problem != "":
		return p.postpone(ctx, l.After, afterFailure, &l.Problem)
	case l.Idle:
		return p.postpone(ctx, l.After, 0, nil)
	}
	return p.postpone(ctx, l.After, l.After, nil)
}
