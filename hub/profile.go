package hub

import (
	"context"
	"sync"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
)

const (
	maxStrangers = 1024             // customers who wait to be asked about; past it one is asked about next time
	profileSlots = 8                // asked about at once
	profileWait  = 10 * time.Second // for the provider
)

// stranger is a customer whose conversation has just started.
type stranger struct {
	inbox   conversation.Inbox
	address string
}

// meet has the provider asked about a customer, where it tells more than comes with a message. It does not wait; what
// is lost by a stop is asked when the next conversation starts.
func (h *Hub) meet(inbox conversation.Inbox, r conversation.Recorded, address string) {
	if _, ok := h.adapters[inbox.Kind].(channels.Profiler); !ok || !r.Started || r.Duplicate {
		return
	}
	select {
	case h.strangers <- stranger{inbox, address}:
	default:
	}
}

// learnProfiles asks about customers until ctx ends.
func (h *Hub) learnProfiles(ctx context.Context) {
	var all sync.WaitGroup
	defer all.Wait()
	for range profileSlots {
		all.Go(func() {
			for {
				select {
				case <-ctx.Done():
					return
				case s := <-h.strangers:
					h.learnProfile(ctx, s)
				}
			}
		})
	}
}

func (h *Hub) learnProfile(ctx context.Context, s stranger) {
	profiler, ok := h.adapters[s.inbox.Kind].(channels.Profiler)
	if !ok {
		return
	}
	asking, cancel := context.WithTimeout(ctx, profileWait)
	defer cancel()
	profile, err := profiler.Profile(asking, s.inbox, s.address)
	if err == nil {
		err = h.Conversations.Learn(ctx, s.inbox.ID, s.address, profile)
	}
	if err != nil {
		h.Log.Debug("the provider tells nothing of a customer", "inbox", s.inbox.ID, "error", err)
	}
}
