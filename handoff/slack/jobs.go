package slack

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"huiyin/db"
	"huiyin/handoff/mirror"
)

// topicEvents is the live topic that pulses when an event was stored.
const topicEvents = "slack events"

const (
	heedLease  = 2 * time.Minute
	heedBatch  = 16
	heedTries  = 8
	heedFor    = 3 * time.Hour // while Slack cannot be reached
	heedLooks  = time.Second
	keepEvents = 48 * time.Hour // Slack repeats an event within minutes
)

// events are what Slack has told us; those of one channel are heeded in order.
func events() db.Queue { return db.Queue{Table: "slack_events", Group: "channel", Order: "id"} }

// heed does what the stored events ask for, until ctx ends. Channels do not wait for each other's files.
func (b *Board) heed(ctx context.Context) {
	news := b.Live.Subscribe(topicEvents)
	defer news.Close()
	tick := time.NewTicker(heedLooks)
	defer tick.Stop()
	tidy := time.NewTicker(time.Hour)
	defer tidy.Stop()
	var underWay sync.WaitGroup
	defer underWay.Wait()
	room, over := make(chan struct{}, heedBatch), make(chan struct{}, 1)
	for ctx.Err() == nil {
		if err := b.heedSome(ctx, &underWay, room, over); err != nil && ctx.Err() == nil {
			b.Log.Error("Slack's events wait; trying again", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-news.Pulses():
		case <-over:
		case <-tick.C:
		case <-tidy.C:
			if err := b.forgetEvents(ctx); err != nil && ctx.Err() == nil {
				b.Log.Error("old events of Slack's not forgotten", "error", err)
			}
		}
	}
}

// heedSome begins with what is due, as far as there is room, and tells over when one is done.
func (b *Board) heedSome(ctx context.Context, underWay *sync.WaitGroup, room, over chan struct{}) error {
	free := cap(room) - len(room)
	due, err := events().Due(ctx, b.DB, b.DB.Now())
	if err != nil || free == 0 || !due {
		return err
	}
	var leases []db.Lease
	err = b.DB.Tx(ctx, func(tx *db.Tx) (err error) {
		leases, err = events().Claim(ctx, tx, rand.Text(), heedLease, free)
		return err
	})
	for _, l := range leases {
		room <- struct{}{}
		underWay.Go(func() {
			if err := b.heedOne(ctx, l); err != nil && !errors.Is(err, db.ErrLeaseLost) {
				b.Log.Error("an event of Slack's was not noted as heeded; it is heeded again", "error", err)
			}
			<-room
			select {
			case over <- struct{}{}:
			default:
			}
		})
	}
	return err
}

// stored is an event as it lies in the queue.
type stored struct {
	id   string
	body []byte
	last bool // it has waited so long for Slack that it is tried once more, or not again
}

func (b *Board) heedOne(ctx context.Context, l db.Lease) error {
	var e stored
	var body string
	var at int64
	settled := context.WithoutCancel(ctx) // what a node has taken it gives back when it stops, or its channel waits for the lease
	if err := b.DB.QueryRow(settled, "SELECT event_id, body, at FROM slack_events WHERE id = ?", l.ID).Scan(&e.id, &body, &at); err != nil {
		return fmt.Errorf("load event: %w", err)
	}
	e.body, e.last = []byte(body), b.DB.Now().Sub(db.Time(at)) > heedFor
	failure := b.heedEvent(ctx, e)
	var next time.Time
	var later *mirror.Later
	switch {
	case failure == nil:
	case errors.As(failure, &later):
		next = b.DB.Now().Add(later.After)
	case ctx.Err() != nil:
		next = b.DB.Now() // another node may go on at once
	case unreachable(failure) && !e.last, l.Attempts < heedTries:
		next = b.DB.Now().Add(time.Second << min(l.Attempts, 6))
		b.Log.Warn("event of Slack's not heeded; trying again", "event", e.id, "error", failure)
	default:
		b.Log.Error("event of Slack's given up", "event", e.id, "error", failure)
		b.apologize(ctx, e, failure)
	}
	return b.DB.Tx(settled, func(tx *db.Tx) error { return events().Finish(settled, tx, l, next) })
}

// apologize tells who wrote something that it was given up.
func (b *Board) apologize(ctx context.Context, e stored, failure error) {
	api, err := b.client(ctx)
	if err != nil {
		return
	}
	w := phrasesFor(api.app.Language)
	var wrote struct{ Event event }
	var j job
	switch {
	case strings.HasPrefix(e.id, sendJob) && json.Unmarshal(e.body, &j) == nil:
		err = b.tellAuthor(ctx, api, j, failure.Error())
	case json.Unmarshal(e.body, &wrote) == nil && wrote.Event.Type == "message" && wrote.Event.User != "":
		err = b.tellUser(ctx, api, wrote.Event.User, ref(wrote.Event.Channel, wrote.Event.ThreadTS), fmt.Sprintf(w.notKept, failure))
	}
	if err != nil {
		b.Log.Warn("a user in Slack was not told what was given up", "event", e.id, "error", err)
	}
}

func (b *Board) forgetEvents(ctx context.Context) error {
	return b.DB.Tx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "DELETE FROM slack_events WHERE due_at IS NULL AND at < ?", db.Millis(tx.Now.Add(-keepEvents)))
		return err
	})
}
