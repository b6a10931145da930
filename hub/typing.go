package hub

import (
	"context"
	"time"

	"huiyin/channels"
)

const (
	maxTyping   = 64               // hints that wait; past it they are dropped, being stale anyway
	typingEvery = 5 * time.Second  // providers show one hint for about so long
	typingWait  = 10 * time.Second // for the provider
)

// typing is that an agent writes to a customer.
type typing struct {
	inbox   int64
	address string
}

// ShowTyping has the channel show the customer that an agent writes, where it can. It does not wait.
func (h *Hub) ShowTyping(inboxID int64, address string) {
	select {
	case h.writing <- typing{inboxID, address}:
	default:
	}
}

// showTyping passes the hints on, one for each customer in a while.
func (h *Hub) showTyping(ctx context.Context) {
	shown := map[typing]time.Time{}
	for {
		select {
		case <-ctx.Done():
			return
		case t := <-h.writing:
			now := h.DB.Now()
			if now.Sub(shown[t]) < typingEvery {
				continue
			}
			if len(shown) >= maxTopics {
				clear(shown)
			}
			shown[t] = now
			h.passTyping(ctx, t)
		}
	}
}

func (h *Hub) passTyping(ctx context.Context, t typing) {
	inbox, err := h.Inbox(ctx, t.inbox)
	if err != nil {
		return
	}
	typist, ok := h.adapters[inbox.Kind].(channels.Typist)
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, typingWait)
	defer cancel()
	if err := typist.Typing(ctx, inbox, t.address, true); err != nil {
		h.Log.Debug("typing not shown", "inbox", inbox.ID, "error", err)
	}
}
