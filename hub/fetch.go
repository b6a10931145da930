package hub

import (
	"context"
	"errors"
	"sync"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
)

const (
	fetchBatch   = 8
	fetchSlots   = 32 // files under way at once
	fetchEach    = 8  // of them of one inbox
	fetchTimeout = 2 * time.Minute
	maxFetched   = 64 << 20 // bytes of one file
	fetchTries   = 8        // with the waits between them about an hour; providers keep files for days
)

// fetchMedia brings the files that providers hold to their messages.
func (h *Hub) fetchMedia(ctx context.Context) {
	var underWay sync.WaitGroup
	defer underWay.Wait()
	busy := newSlots(fetchSlots, fetchEach)
	h.loop(ctx, "fetch files", h.media, func(ctx context.Context) (more bool, err error) {
		leases, err := h.claimInto(ctx, conversation.MediaQueue(), busy, fetchBatch)
		if err != nil || len(leases) == 0 {
			return false, err
		}
		errands, err := h.Conversations.Errands(ctx, h.DB, leases)
		for _, e := range errands {
			inbox := e.Inbox.ID
			busy.take(inbox)
			underWay.Go(func() {
				h.holding(ctx, conversation.MediaQueue(), e.Lease, func() { h.fetch(ctx, e) })
				busy.give(inbox)
				h.media.ring() // there is room again
			})
		}
		return len(errands) == fetchBatch, err
	})
}

// fetch brings one file; when it ends badly it is tried again, and given up at last.
func (h *Hub) fetch(ctx context.Context, e conversation.Errand) {
	name, stored, err := h.bring(ctx, e)
	ctx = context.WithoutCancel(ctx)
	err = h.DB.Tx(ctx, func(tx *db.Tx) error {
		if err == nil {
			return h.Conversations.Fetched(ctx, tx, e, name, stored)
		}
		reason, again := whyNotFetched(err)
		if !again || e.Lease.Attempts >= fetchTries {
			return h.Conversations.FetchFailed(ctx, tx, e, reason)
		}
		wait := max(channels.Wait(err), retryAfter[min(e.Lease.Attempts, len(retryAfter))-1])
		return h.Conversations.FetchLater(ctx, tx, e, tx.Now.Add(wait))
	})
	if err != nil && !errors.Is(err, db.ErrLeaseLost) {
		h.Log.Error("a customer's file is not stored; it is fetched again when the lease ends", "message", e.MessageID, "error", err)
	}
}

func whyNotFetched(err error) (reason string, again bool) {
	var refused *channels.SendError
	if errors.As(err, &refused) {
		return refused.Reason, refused.Retry
	}
	if errors.Is(err, conversation.ErrTooLarge) {
		return "the file is too large", false
	}
	return "the provider could not be reached", true
}

func (h *Hub) bring(ctx context.Context, e conversation.Errand) (name string, stored conversation.Stored, err error) {
	fetcher, ok := h.adapters[e.Inbox.Kind].(channels.Fetcher)
	if !ok {
		return "", stored, &channels.SendError{Reason: "this inbox is out of service"}
	}
	inbox, err := h.Vault.Open(e.Inbox)
	if err != nil {
		return "", stored, err
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	file, err := fetcher.Fetch(ctx, inbox, e.Media)
	if err != nil {
		return "", stored, err
	}
	stored, err = h.Files.Put(file.Body, maxFetched)
	if closeErr := file.Body.Close(); err == nil {
		err = closeErr
	}
	if name = file.Name; name == "" {
		name = e.Media.Name
	}
	return name, stored, err
}
