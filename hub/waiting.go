package hub

import (
	"context"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
	"huiyin/nlu"
)

// route gives waiting customers to agents, at once when something has changed and each second for what time changes.
func (h *Hub) route(ctx context.Context) {
	h.loop(ctx, "route", h.routing, func(ctx context.Context) (bool, error) { return false, h.Desk.Route(ctx) })
}

// manners tells the desk what a channel means for who waits on it.
func (h *Hub) manners(kind string) handoff.Manners {
	adapter, ok := h.adapters[kind]
	if !ok {
		return handoff.Manners{}
	}
	_, live := adapter.(channels.Pages)
	k := adapter.Kind()
	return handoff.Manners{Units: k.Units, Live: live, Buttons: k.Buttons && !live, Letters: k.Letters}
}

// hearWaiting answers what a customer who waits for a person says about the waiting. A message of theirs that the response to
// its callback can answer is also the chance to tell a better place at no cost.
func (h *Hub) hearWaiting(ctx context.Context, r conversation.Recorded, free bool) error {
	if r.Duplicate || r.Conversation.Status != conversation.Open {
		return nil
	}
	wish := queueWish(r.Message)
	if wish == "" && !free {
		return nil
	}
	return h.DB.Tx(ctx, func(tx *db.Tx) error {
		c, err := h.Conversations.Load(ctx, tx, r.Message.ConversationID)
		if err != nil || !c.Queueing() {
			return err
		}
		switch wish {
		case nlu.WishLater:
			return h.Desk.AnswerLater(ctx, tx, c)
		case nlu.WishPlace:
			return h.Desk.TellPlace(ctx, tx, c)
		}
		return h.Desk.TellPlaceIfMoved(ctx, tx, c)
	})
}

// queueWish is what a message says about the waiting, by a button or in words.
func queueWish(m conversation.Message) nlu.QueueWish {
	switch m.Content.Choice {
	case handoff.ChoiceLater:
		return nlu.WishLater
	case handoff.ChoicePlace:
		return nlu.WishPlace
	}
	return nlu.QueueWishOf(m.Text)
}

// fleeting tells whether a line is worth nothing once it comes late: it waits for no budget.
func fleeting(m conversation.Message) bool {
	return m.Sender == conversation.FromSystem && m.Content.Activity == handoff.ActivityNext
}
