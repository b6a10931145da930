package hub

import (
	"context"
	"errors"
	"time"

	"huiyin/db"
)

// workLease is how long a row stays with a worker that says nothing, so how long the work of a dead node waits for the
// others. Who is still at it says so now and then.
const workLease = 15 * time.Second

// holding does work on a leased row and keeps the lease from running out while it lasts.
func (h *Hub) holding(ctx context.Context, q db.Queue, l db.Lease, work func()) {
	done := make(chan struct{})
	defer close(done)
	soon := time.AfterFunc(workLease/3, func() { h.extend(ctx, q, l, done) })
	defer soon.Stop()
	work()
}

func (h *Hub) extend(ctx context.Context, q db.Queue, l db.Lease, done <-chan struct{}) {
	select {
	case <-done:
		return
	default:
	}
	ctx = context.WithoutCancel(ctx) // a node that stops finishes what is under way
	err := h.DB.Tx(ctx, func(tx *db.Tx) error { return q.Extend(ctx, tx, l, tx.Now.Add(workLease)) })
	if errors.Is(err, db.ErrLeaseLost) {
		return
	}
	if err != nil {
		h.Log.Warn("a lease was not extended; trying again", "table", q.Table, "row", l.ID, "error", err)
	}
	time.AfterFunc(workLease/3, func() { h.extend(ctx, q, l, done) })
}
