package hub

import (
	"context"
	"strings"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
)

// Words to the agent on a message that the send budget does not allow.
const (
	whySpent    = "the send budget is used up; it goes out with the customer's next message"
	whyReserved = "the last message of the send budget is kept for a human; it goes out with the customer's next message"
	whyLong     = "it takes more messages than the send budget has left; it goes out with the customer's next message"
	whyRest     = "a part of it is sent; the rest goes out with the customer's next message"
	whyOptedOut = "the customer has opted out of messages on this channel"
	whyShut     = "the customer's reply window is shut; it goes out with the customer's next message"
)

// maxJoined bounds how many messages go out as one.
const maxJoined = 8

// admit charges a message to the send budget where its channel has one. It gives the way to send it, or none when what
// becomes of it instead has been noted.
func (h *Hub) admit(ctx context.Context, adapter channels.Adapter, inbox conversation.Inbox, p *conversation.Parcel) (by way, err error) {
	metered, ok := adapter.(channels.Metered)
	if !ok || p.Lease.Recovered { // what was handed over before was charged before
		return way{send: adapter.Send}, nil
	}
	err = h.DB.Tx(ctx, func(tx *db.Tx) error {
		if idleTalk(p.Message) {
			return h.Conversations.MarkUnsent(ctx, tx, *p)
		}
		if err := h.join(ctx, tx, metered, inbox, p); err != nil {
			return err
		}
		cost := metered.Cost(inbox, together(*p))
		if cost == 0 { // such as what goes out under a ticket
			by.send = adapter.Send
			return nil
		}
		if dropped, err := h.spareSurvey(ctx, tx, *p, cost); err != nil || dropped {
			return err
		}
		paid, err := h.Conversations.Spend(ctx, tx, *p, cost, kept(adapter, inbox, p.Message))
		if err != nil {
			return err
		}
		if paid {
			p.Message.Charged, by.send = cost, adapter.Send
			return nil
		}
		if fleeting(p.Message) {
			return h.Conversations.MarkUnsent(ctx, tx, *p)
		}
		by, err = h.instead(ctx, tx, adapter, inbox, p, cost)
		return err
	})
	return by, err
}

// idleTalk tells whether a line is worth no message of a budget: who has taken over shows in what they write.
func idleTalk(m conversation.Message) bool {
	return m.Sender == conversation.FromSystem && m.Content.Activity == "claimed"
}

// kept is how much of the budget a message must leave: a human's may take the last.
func kept(adapter channels.Adapter, inbox conversation.Inbox, m conversation.Message) int {
	if m.Sender == conversation.FromAgent || adapter.Kind().Value(inbox, channels.SettingReserve) != "true" {
		return 0
	}
	return 1
}

// join lets a short message of the bot's take along those behind it, where that saves a message.
func (h *Hub) join(ctx context.Context, tx *db.Tx, metered channels.Metered, inbox conversation.Inbox, p *conversation.Parcel) error {
	if !leads(p.Message) {
		return nil
	}
	behind, err := h.Conversations.Following(ctx, tx, p.Message.ConversationID, p.Message.Seq, maxJoined)
	if err != nil {
		return err
	}
	return h.Conversations.Join(ctx, tx, p, run(metered, inbox, p.Message, behind))
}

// run is how many of the messages behind a message can go out with it as one.
func run(metered channels.Metered, inbox conversation.Inbox, first conversation.Message, behind []conversation.Message) []conversation.Message {
	last, cost := first, metered.Cost(inbox, first)
	for i, m := range behind {
		all := conversation.Parcel{Message: first, Joined: behind[:i+1]}
		sum := metered.Cost(inbox, together(all))
		if len(last.Content.Choices) > 0 || !leads(m) || sum >= cost+metered.Cost(inbox, m) {
			return behind[:i]
		}
		last, cost = m, sum
	}
	return behind
}

// leads tells whether a message may go out with others: words of ours that no human wrote, not yet handed over in part.
func leads(m conversation.Message) bool {
	return m.Sender != conversation.FromAgent && len(m.Attachments) == 0 && m.Taken == 0 && m.Via == 0 && m.Content.Ticket == "" && !m.Content.Survey
}

// together is the message that a parcel goes out as.
func together(p conversation.Parcel) conversation.Message {
	all := p.Message
	texts := []string{all.Text}
	for _, m := range p.Joined {
		texts = append(texts, m.Text)
		all.Content.Markdown = all.Content.Markdown || m.Content.Markdown
		all.Content.Choices = m.Content.Choices
	}
	all.Text = strings.Join(texts, "\n\n")
	return all
}

// instead finds another way for a message that the budget does not allow, by the inbox's rule; else it waits.
func (h *Hub) instead(ctx context.Context, tx *db.Tx, adapter channels.Adapter, inbox conversation.Inbox, p *conversation.Parcel, cost int) (way, error) {
	rule := adapter.Kind().Value(inbox, channels.SettingWhenSpent)
	if n, ok := adapter.(channels.Notifier); ok && rule == channels.SpentNotice {
		return way{n.Notify, true}, nil
	}
	if rule == channels.SpentOther {
		if other, err := h.otherWay(ctx, tx, p); err != nil || other != 0 {
			return way{}, joinErr(err, func() error { return h.Conversations.Reroute(ctx, tx, *p, other) })
		}
	}
	left, err := h.Conversations.Budget(ctx, tx, p.IdentityID, tx.Now)
	if err != nil {
		return way{}, err
	}
	if part, err := h.payPart(ctx, tx, p, left, cost, kept(adapter, inbox, p.Message)); err != nil || part {
		return way{send: adapter.Send}, err
	}
	return way{}, h.Conversations.MarkHeld(ctx, tx, *p, whyHeld(left, cost-p.Message.Charged))
}

// payPart lets the beginning of a message out that is longer than all of a budget: waiting would never end.
func (h *Hub) payPart(ctx context.Context, tx *db.Tx, p *conversation.Parcel, left conversation.Budget, cost, keep int) (bool, error) {
	room := left.Left - keep
	if len(p.Joined) > 0 || room <= 0 || cost-p.Message.Charged <= left.Of-keep {
		return false, nil
	}
	paid, err := h.Conversations.Spend(ctx, tx, *p, p.Message.Charged+room, keep)
	if paid {
		p.Message.Charged += room
	}
	return paid, err
}

func joinErr(err error, then func() error) error {
	if err != nil {
		return err
	}
	return then()
}

func whyHeld(left conversation.Budget, need int) string {
	switch {
	case left.Until.IsZero():
		return whyShut
	case left.Left == 0:
		return whySpent
	case left.Left < need:
		return whyLong
	default:
		return whyReserved
	}
}

// otherWay is an identity of the receiver's on another channel that reaches them where they are; 0: there is none.
func (h *Hub) otherWay(ctx context.Context, tx *db.Tx, p *conversation.Parcel) (int64, error) {
	others, err := h.Conversations.OtherIdentities(ctx, tx, p.IdentityID)
	if err != nil {
		return 0, err
	}
	inboxes, err := h.Conversations.Inboxes(ctx, tx)
	if err != nil {
		return 0, err
	}
	for _, o := range others {
		for _, i := range inboxes {
			if i.ID == o.InboxID && h.reaches(i.Kind) {
				return o.ID, nil
			}
		}
	}
	return 0, nil
}

// reaches tells whether a channel reaches customers wherever they are, and without a budget of its own.
func (h *Hub) reaches(kind string) bool {
	adapter, ok := h.adapters[kind]
	if !ok {
		return false
	}
	_, onPage := adapter.(channels.Pages)
	_, metered := adapter.(channels.Metered)
	return !onPage && !metered
}

// giveBack settles the budget of a message that was not taken, or only in part.
func (h *Hub) giveBack(ctx context.Context, tx *db.Tx, p conversation.Parcel, refused *channels.SendError) error {
	taken := max(refused.Taken, p.Message.Taken)
	if p.Message.Charged == 0 && taken == p.Message.Taken {
		return nil
	}
	return h.Conversations.Refund(ctx, tx, p, p.Message.Charged, taken)
}

// turnAway holds a message that the provider says is not allowed now: its count goes before ours.
func (h *Hub) turnAway(ctx context.Context, tx *db.Tx, p conversation.Parcel, reason string) error {
	if p.Message.Content.Survey {
		return h.dropSurvey(ctx, tx, p, leftBudget)
	}
	if err := h.Conversations.Exhaust(ctx, tx, p.IdentityID); err != nil {
		return err
	}
	adapter, ok := h.adapters[p.Inbox.Kind]
	if ok && adapter.Kind().Value(p.Inbox, channels.SettingWhenSpent) != channels.SpentWait && p.Message.Charged > 0 && p.Message.Taken == 0 {
		return h.Conversations.MarkRetry(ctx, tx, p, tx.Now, reason) // comes back here with an empty budget
	}
	return h.Conversations.MarkHeld(ctx, tx, p, reason)
}
