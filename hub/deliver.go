package hub

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

const (
	deliverBatch = 32
	deliverSlots = 256 // sends under way at once
	inboxSlots   = 64  // of them for one inbox, so that a provider that hangs does not hold the others up
	sendTimeout  = time.Minute
	takeWithin   = 5 * time.Second // once the node stops
)

// retryAfter is the wait after each failed attempt; after the last one the message is given up.
var retryAfter = [...]time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute}

// deliverOutbox hands queued messages to their providers, in order within each conversation.
func (h *Hub) deliverOutbox(ctx context.Context) {
	var underWay sync.WaitGroup
	defer underWay.Wait()
	busy := newSlots(deliverSlots, inboxSlots)
	h.loop(ctx, "deliver", h.outbox, func(ctx context.Context) (more bool, err error) {
		parcels, err := h.takeParcels(ctx, busy)
		for _, p := range parcels {
			inbox := p.Message.InboxID
			busy.take(inbox)
			underWay.Go(func() {
				h.holding(ctx, conversation.Outbox(), p.Lease, func() { h.deliver(ctx, p) })
				busy.give(inbox)
				h.outbox.ring() // the next of its conversation may go, and there is room again
			})
		}
		return len(parcels) == deliverBatch, err
	})
}

// takeParcels goes on while the node stops: a message that is claimed, and of which nobody knows that it was not handed over, would
// be marked as uncertain.
func (h *Hub) takeParcels(ctx context.Context, busy *slots) ([]conversation.Parcel, error) {
	taking, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(takeWithin, cancel) })()
	leases, err := h.claimInto(taking, conversation.Outbox(), busy, deliverBatch)
	if err != nil || len(leases) == 0 {
		return nil, err
	}
	return h.Conversations.Parcels(taking, h.DB, leases)
}

// claim takes due rows of a queue.
func (h *Hub) claim(ctx context.Context, q db.Queue, lease time.Duration, limit int) ([]db.Lease, error) {
	return q.Take(ctx, h.DB, rand.Text(), lease, limit)
}
