package hub

import (
	"context"
	"errors"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

// whyRestrained is the word to the agent on an automatic answer that is not sent.
const whyRestrained = "the address has had as many automatic answers as the inbox allows in a while; answer yourself"

// restrain keeps what no person wrote from going out more often than its channel allows. A message that may go takes those
// behind it along, so that what one turn says is one mail; one that may not is noted, and stop is true.
func (h *Hub) restrain(ctx context.Context, threaded channels.Threaded, inbox conversation.Inbox, p *conversation.Parcel) (stop bool, err error) {
	if p.Message.Sender == conversation.FromAgent || p.Lease.Recovered {
		return false, nil
	}
	err = h.DB.Tx(ctx, func(tx *db.Tx) error {
		stop = false
		if idleTalk(p.Message) {
			stop = true
			return h.Conversations.MarkUnsent(ctx, tx, *p)
		}
		spent, err := h.spent(ctx, tx, threaded.Restraint(inbox), p.IdentityID, p.Message.ID)
		if err != nil {
			return err
		}
		if !spent {
			return h.joinWords(ctx, tx, p)
		}
		stop = true
		if p.Message.Sender == conversation.FromSystem {
			return h.Conversations.MarkUnsent(ctx, tx, *p)
		}
		if err := h.Conversations.MarkFailed(ctx, tx, *p, whyRestrained); err != nil {
			return err
		}
		c, err := h.Conversations.Load(ctx, tx, p.Message.ConversationID)
		if err != nil || c.Status != conversation.Pending {
			return err
		}
		return h.Desk.Request(ctx, tx, c, handoff.NoBot)
	})
	return stop, err
}

func (h *Hub) joinWords(ctx context.Context, tx *db.Tx, p *conversation.Parcel) error {
	if !leads(p.Message) {
		return nil
	}
	behind, err := h.Conversations.Following(ctx, tx, p.Message.ConversationID, p.Message.Seq, maxJoined)
	if err != nil {
		return err
	}
	n := 0
	for n < len(behind) && leads(behind[n]) && !idleTalk(behind[n]) {
		n++
	}
	return h.Conversations.Join(ctx, tx, p, behind[:n])
}

// spent tells whether an address has had all that it may get.
func (h *Hub) spent(ctx context.Context, from db.Querier, r channels.Restraint, identityID, messageID int64) (bool, error) {
	now := h.DB.Now()
	lately, daily, err := h.Conversations.Unasked(ctx, from, identityID, messageID, now.Add(-r.Every), now.Add(-24*time.Hour))
	return r.Every > 0 && lately > 0 || r.Daily > 0 && daily >= r.Daily, err
}

// answersByHand tells whether a turn is a person's because the customer has had all the automatic answers that their channel
// allows for now.
func (h *Hub) answersByHand(ctx context.Context, c *conversation.Conversation) (bool, error) {
	inbox, err := h.Conversations.Inbox(ctx, h.DB, c.InboxID)
	if errors.Is(err, conversation.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	threaded, ok := h.adapters[inbox.Kind].(channels.Threaded)
	if !ok {
		return false, nil
	}
	return h.spent(ctx, h.DB, threaded.Restraint(inbox), c.IdentityID, 0)
}
