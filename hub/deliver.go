package hub

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
)

const (
	deliverBatch = 32
	deliverSlots = 256 // sends under way at once, so that a provider that hangs does not hold the others up
	deliverLease = 2 * time.Minute
	sendTimeout  = time.Minute // well inside the lease, so that nobody else takes the message meanwhile
)

// retryAfter is the wait after each failed attempt; after the last one the message is given up.
var retryAfter = [...]time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute}

// deliverOutbox hands queued messages to their providers, in order within each conversation.
func (h *Hub) deliverOutbox(ctx context.Context) {
	var underWay sync.WaitGroup
	defer underWay.Wait()
	slots := make(chan struct{}, deliverSlots)
	h.loop(ctx, "deliver", h.outbox, func(ctx context.Context) (more bool, err error) {
		parcels, err := h.takeParcels(ctx, min(deliverBatch, cap(slots)-len(slots)))
		for _, p := range parcels {
			slots <- struct{}{}
			underWay.Go(func() {
				h.deliver(ctx, p)
				<-slots
				h.outbox.ring() // the next of its conversation may go, and there is room again
			})
		}
		return len(parcels) == deliverBatch, err
	})
}

func (h *Hub) takeParcels(ctx context.Context, limit int) ([]conversation.Parcel, error) {
	if limit == 0 {
		return nil, nil
	}
	leases, err := h.claim(ctx, conversation.Outbox(), deliverLease, limit)
	if err != nil || len(leases) == 0 {
		return nil, err
	}
	return h.Conversations.Parcels(ctx, h.DB, leases)
}

// claim takes due rows of a queue, asking first whether there are any, so that idling writes nothing.
func (h *Hub) claim(ctx context.Context, q db.Queue, lease time.Duration, limit int) (leases []db.Lease, err error) {
	due, err := q.NextDue(ctx, h.DB)
	if err != nil || due.IsZero() || due.After(h.DB.Now()) {
		return nil, err
	}
	err = h.DB.Tx(ctx, func(tx *db.Tx) (err error) {
		leases, err = q.Claim(ctx, tx, rand.Text(), lease, limit)
		return err
	})
	return leases, err
}

// deliver sends one message and notes how it ended. What was handed over and not settled by a crash is only
// repeated where the provider recognises the repeat; otherwise it is marked uncertain.
func (h *Hub) deliver(ctx context.Context, p conversation.Parcel) {
	outcome := h.send(ctx, p)
	outcome.attempts = p.Lease.Attempts
	h.stats.delivery(outcome)
	if ctx.Err() != nil && errors.Is(outcome.err, ctx.Err()) {
		ctx = context.WithoutCancel(ctx)
	}
	err := h.DB.Tx(ctx, func(tx *db.Tx) error { return outcome.mark(ctx, h.Conversations, tx, p) })
	if err != nil && !errors.Is(err, db.ErrLeaseLost) {
		h.Log.Error("delivery not noted; it is settled when the lease ends", "message", p.Message.ID, "error", err)
	}
}

type outcome struct {
	accepted channels.Accepted
	err      error
	recovery bool // an earlier worker had it and its outcome is unknown
	attempts int
}

// refusal is the provider's refusal; what is no SendError is a provider out of reach.
func (o outcome) refusal() *channels.SendError {
	var refused *channels.SendError
	if errors.As(o.err, &refused) {
		return refused
	}
	return &channels.SendError{Reason: "the provider could not be reached", Retry: true, Err: o.err}
}

// final tells whether a message that was not taken is not tried again.
func (o outcome) final() bool {
	r := o.refusal()
	return o.recovery || r.Uncertain || !r.Retry || o.attempts > len(retryAfter)
}

func (h *Hub) send(ctx context.Context, p conversation.Parcel) outcome {
	adapter, ok := h.adapters[p.Inbox.Kind]
	if !ok || !p.Inbox.ArchivedAt.IsZero() {
		return outcome{err: &channels.SendError{Reason: "this inbox is out of service"}}
	}
	same, ok := adapter.(channels.Idempotent)
	repeatable := ok && same.Idempotent()
	if p.Lease.Recovered && !repeatable {
		return outcome{recovery: true}
	}
	inbox, err := h.Vault.Open(p.Inbox)
	if err != nil {
		return outcome{err: &channels.SendError{Reason: "the inbox's secrets cannot be read; set them again", Err: err}}
	}
	if err := ctx.Err(); err != nil {
		return outcome{err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	accepted, err := adapter.Send(ctx, inbox, channels.Outgoing{ID: p.Message.ID, Address: p.Address, Message: p.Message})
	if ctx.Err() != nil && !repeatable {
		err = cutOff(err)
	}
	return outcome{accepted: accepted, err: err}
}

// cutOff is what became of a message whose sending ran out of time: unless the adapter knows better, nobody can tell
// whether the provider has it.
func cutOff(err error) error {
	var known *channels.SendError
	if err == nil || errors.As(err, &known) {
		return err
	}
	return &channels.SendError{Reason: "the provider did not answer in time; it may or may not have arrived", Uncertain: true, Err: err}
}

func (o outcome) mark(ctx context.Context, s *conversation.Store, tx *db.Tx, p conversation.Parcel) error {
	if o.recovery {
		return s.MarkUncertain(ctx, tx, p, "the server stopped while sending; it may or may not have arrived")
	}
	if o.err == nil {
		state := o.accepted.State
		if state == "" {
			state = conversation.Sent
		}
		return s.MarkSent(ctx, tx, p, state, o.accepted.ProviderID)
	}
	refused := o.refusal()
	if refused.Uncertain {
		return s.MarkUncertain(ctx, tx, p, refused.Reason)
	}
	if o.final() {
		return s.MarkFailed(ctx, tx, p, refused.Reason)
	}
	wait := max(refused.After, retryAfter[max(0, o.attempts-1)])
	return s.MarkRetry(ctx, tx, p, tx.Now.Add(wait), refused.Reason)
}
