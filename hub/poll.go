package hub

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
)

const (
	pollBatch   = 16
	pollTimeout = time.Minute
	pollEvery   = 5 * time.Minute
	pollAgain   = 10 * time.Second // after a failure; then longer
	pollLongest = 5 * time.Minute
	findPollers = 5 * time.Second // how soon a new inbox is asked for
)

// pollInboxes asks providers for what came in: at a callback's ring, and now and then without. Inboxes are rows that
// one node at a time has, so that no two ask for the same.
func (h *Hub) pollInboxes(ctx context.Context) {
	// While no node ran, callbacks were lost: everything is asked for at once.
	if err := h.Conversations.PullAll(ctx); err != nil && ctx.Err() == nil {
		h.Log.Error("what came in meanwhile is asked for later", "error", err)
	}
	var underWay sync.WaitGroup
	defer underWay.Wait()
	var found time.Time
	h.loop(ctx, "poll", h.pulls, func(ctx context.Context) (more bool, err error) {
		if now := h.DB.Now(); now.Sub(found) >= findPollers {
			if err := h.startPollers(ctx); err != nil {
				return false, err
			}
			found = now
		}
		leases, err := h.claim(ctx, conversation.Pulls(), workLease, pollBatch)
		for _, l := range leases { // nobody waits for a provider that is slow
			underWay.Go(func() {
				h.holding(ctx, conversation.Pulls(), l, func() { h.pollOne(ctx, l) })
				h.pulls.ring() // there may be more
			})
		}
		return len(leases) == pollBatch, err
	})
}

// startPollers makes a row for each inbox in service that is to be asked for and has none.
func (h *Hub) startPollers(ctx context.Context) error {
	inboxes, err := h.Conversations.Inboxes(ctx, h.DB)
	if err != nil {
		return err
	}
	known, err := h.Conversations.Pulling(ctx, h.DB)
	if err != nil {
		return err
	}
	for _, i := range inboxes {
		_, polled := h.adapters[i.Kind].(channels.Poller)
		_, stays := h.adapters[i.Kind].(channels.Listener)
		if !polled && !stays || known[i.ID] {
			continue
		}
		if err := h.Conversations.StartPulling(ctx, i.ID); err != nil {
			return err
		}
	}
	return nil
}

func (h *Hub) pollOne(ctx context.Context, l db.Lease) {
	p, err := h.Conversations.LoadPull(ctx, h.DB, l)
	if err != nil {
		h.Log.Error("inbox not asked for; it is when the lease ends", "pull", l.ID, "error", err)
		return
	}
	err = h.poll(ctx, p)
	if err == nil || errors.Is(err, db.ErrLeaseLost) {
		return
	}
	wait := max(channels.Wait(err), min(pollAgain<<min(p.Lease.Attempts-1, 5), pollLongest))
	if ctx.Err() != nil {
		wait = 0 // this node stops; another may go on at once
	} else {
		h.Log.Warn("the provider was not asked for messages; trying again", "inbox", p.Inbox.ID, "in", wait, "error", err)
	}
	ctx = context.WithoutCancel(ctx)
	err = h.DB.Tx(ctx, func(tx *db.Tx) error {
		return h.Conversations.PullFailed(ctx, tx, p, err.Error(), tx.Now.Add(wait))
	})
	if err != nil && !errors.Is(err, db.ErrLeaseLost) {
		h.Log.Error("failure not noted", "inbox", p.Inbox.ID, "error", err)
	}
}

// poll makes one request and stores what it brought together with the new cursor.
func (h *Hub) poll(ctx context.Context, p conversation.Pull) error {
	if !p.Inbox.ArchivedAt.IsZero() {
		return h.DB.Tx(ctx, func(tx *db.Tx) error { return h.Conversations.Pulled(ctx, tx, p, p.Cursor, tx.Now.Add(pollEvery)) })
	}
	if listener, ok := h.adapters[p.Inbox.Kind].(channels.Listener); ok {
		return h.listen(ctx, listener, p)
	}
	poller, ok := h.adapters[p.Inbox.Kind].(channels.Poller)
	if !ok {
		return fmt.Errorf("no channel here asks for inboxes of the kind %q", p.Inbox.Kind)
	}
	inbox, err := h.Vault.Open(p.Inbox)
	if err != nil {
		return err
	}
	asking, cancel := context.WithTimeout(ctx, pollTimeout)
	defer cancel()
	got, err := poller.Poll(asking, inbox, channels.Pull{Cursor: p.Cursor, Hint: p.Hint})
	if err != nil {
		return err
	}
	return h.store(ctx, inbox, p, got)
}

func (h *Hub) store(ctx context.Context, inbox conversation.Inbox, p conversation.Pull, got channels.Pulled) error {
	var recorded []conversation.Recorded
	policy, err := h.policy(ctx)
	if err != nil {
		return err
	}
	err = h.DB.Tx(ctx, func(tx *db.Tx) error {
		recorded = recorded[:0]
		for _, m := range got.Messages {
			r, err := h.recordAndSay(ctx, tx, inbox, ready(m, nil), policy)
			if conversation.IsDuplicate(err) {
				h.stats.repeated.Add(1)
				continue
			}
			if err != nil {
				return err
			}
			recorded = append(recorded, r)
		}
		if err := h.settleIn(ctx, tx, inbox, got.Receipts); err != nil {
			return err
		}
		next := tx.Now.Add(pollEvery)
		if got.More {
			next = tx.Now
		}
		return h.Conversations.Pulled(ctx, tx, p, got.Cursor, next)
	})
	if err != nil {
		return err
	}
	h.stats.received.Add(int64(len(recorded)))
	h.media.ring()
	for _, r := range recorded {
		if r.Queued {
			if err := h.queueUp(ctx, r.Conversation.ID); err != nil {
				return err
			}
		}
	}
	return nil
}
