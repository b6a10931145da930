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
	if p.Message.Sender == conversation.FromAgent || p.Lease.Recovered || p.Message.Content.Recap != nil { // a record was asked for, and has bounds of its own
		return false, nil
	}
	err = h.DB.Tx(ctx, func(tx *db.Tx) error {
		stop = false
		if idleTalk(p.Message) {
			stop = true
			return h.Conversations.MarkUnsent(ctx, tx, *p)
		}
		spent, err := h.spent(ctx, tx, threaded.Restraint(inbox), p.IdentityID, p.Message.ID)
		if spent == lately && p.Message.Content.Survey { // once in a matter, and not in one of a machine's
			spent = within
		}
		if err == nil && spent == lately {
			spent, err = h.unlessReplied(ctx, tx, p.Message)
		}
		if err != nil {
			return err
		}
		if spent == within {
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

// allowance is what is left of the automatic mails that an address may get.
type allowance int

const (
	within allowance = iota
	lately           // it had one a short while ago
	daily            // it had all of the day
)

func (h *Hub) spent(ctx context.Context, from db.Querier, r channels.Restraint, identityID, messageID int64) (allowance, error) {
	now := h.DB.Now()
	recent, day, err := h.Conversations.Unasked(ctx, from, identityID, messageID, now.Add(-r.Every), now.Add(-24*time.Hour))
	switch {
	case r.Daily > 0 && day >= r.Daily:
		return daily, err
	case r.Every > 0 && recent > 0:
		return lately, err
	}
	return within, err
}

// unlessReplied lets one mail answer what a letter of ours asked for in reply, however soon: an answer to a question is no loop
// (RFC 3834 section 2 bounds responses that nobody waits for). A robot that hits on the words is still held by the day's number.
func (h *Hub) unlessReplied(ctx context.Context, from db.Querier, m conversation.Message) (allowance, error) {
	before, err := h.Conversations.Messages(ctx, from, m.ConversationID, conversation.Page{Before: m.Seq, Limit: 2 * maxTurn})
	if err != nil {
		return lately, err
	}
	for i := len(before) - 1; i >= 0 && (before[i].Sender != conversation.FromContact || before[i].Automatic()); i-- {
		if b := before[i]; !b.Private && b.Delivery != "" && b.Delivery != conversation.Failed {
			return lately, nil
		}
	}
	if turnOf(nil, before).direct() {
		return within, nil
	}
	return lately, nil
}

// answersByHand tells whether a turn is a person's because the customer has had all the automatic answers that their channel
// allows for now.
func (h *Hub) answersByHand(ctx context.Context, t turn) (bool, error) {
	inbox, err := h.inboxes.row(ctx, h, h.DB, t.conversation.InboxID)
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
	spent, err := h.spent(ctx, h.DB, threaded.Restraint(inbox), t.conversation.IdentityID, 0)
	return spent == daily || spent == lately && !t.direct(), err
}
