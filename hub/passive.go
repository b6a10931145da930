package hub

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
)

const (
	passiveLook = 100 * time.Millisecond // how often a waiting response looks without a pulse: the turn may be another node's
	// passiveAgain is how long after it was written a response may be asked for again: a provider repeats a callback
	// whose response it did not get.
	passiveAgain = time.Minute
	// passiveRetry is how long what a broken connection carried waits for the provider's repeat before it goes the usual way.
	passiveRetry = 6 * time.Second
)

// answerInResponse waits for the answer to a callback's message, so that the response to the callback may carry it. It is
// the same row that delivery would send: until the wait is over it is not due, and whoever takes it first has it.
func (h *Hub) answerInResponse(w http.ResponseWriter, r *http.Request, recorded []conversation.Recorded, in channels.Received) {
	id, ok := passiveConversation(recorded, in.Passive.Source)
	if !ok {
		acknowledge(w, in.Ack)
		return
	}
	given, ack := h.awaitAnswer(r.Context(), id, in.Passive)
	if len(given) == 0 {
		h.letGo(r.Context(), id)
		acknowledge(w, in.Ack)
		return
	}
	if err := acknowledge(w, ack); err != nil || r.Context().Err() != nil {
		h.notCarried(r.Context(), given)
	}
}

func passiveConversation(recorded []conversation.Recorded, source string) (id int64, ok bool) {
	for _, r := range recorded {
		if r.Message.SourceID == source {
			return r.Message.ConversationID, true
		}
	}
	return 0, false
}

// awaitAnswer gives the messages that the response carries, marked as sent, or none when there are none in time.
func (h *Hub) awaitAnswer(ctx context.Context, id int64, p *channels.Passive) (given []conversation.Message, ack channels.Ack) {
	pulses := h.Live.Subscribe("conversation:" + strconv.FormatInt(id, 10))
	defer pulses.Close()
	look := time.NewTicker(passiveLook)
	defer look.Stop()
	ctx, cancel := context.WithTimeout(ctx, p.Within)
	defer cancel()
	for {
		given, ack, more, err := h.takeAnswer(ctx, id, p)
		if err != nil && ctx.Err() == nil {
			h.Log.Error("the response goes without an answer; it is sent the usual way", "conversation", id, "error", err)
		}
		if err != nil || !more || len(given) > 0 {
			return given, ack
		}
		select {
		case <-ctx.Done():
			return nil, channels.Ack{}
		case <-pulses.Pulses():
		case <-look.C:
		}
	}
}

// takeAnswer takes what is to be said in a conversation for the response. more tells whether it is worth waiting for.
func (h *Hub) takeAnswer(ctx context.Context, id int64, p *channels.Passive) (given []conversation.Message, ack channels.Ack, more bool, err error) {
	c, err := h.Conversations.Get(ctx, h.DB, id) // before the messages: a turn that ends in between has left some
	if err != nil {
		return nil, ack, false, err
	}
	waiting, err := h.Conversations.Following(ctx, h.DB, id, 0, 1)
	if err != nil {
		return nil, ack, false, err
	}
	if len(waiting) == 0 {
		given, err = h.Conversations.GivenPassively(ctx, h.DB, id, p.Source, h.DB.Now().Add(-passiveAgain))
		if err != nil || len(given) > 0 {
			ack, _ = p.Write(together(conversation.Parcel{Message: first(given), Joined: rest(given)}))
			return given, ack, false, err
		}
		return nil, ack, !c.TurnDue.IsZero(), nil
	}
	err = h.DB.Tx(ctx, func(tx *db.Tx) error {
		given, ack, err = h.takeRun(ctx, tx, id, p)
		return err
	})
	return given, ack, errors.Is(err, db.ErrLeaseLost), unlessLost(err)
}

// unlessLost makes nothing of it when somebody else was faster: one who looks again sees what they did.
func unlessLost(err error) error {
	if errors.Is(err, db.ErrLeaseLost) {
		return nil
	}
	return err
}

// takeRun marks as sent what one response can carry: the oldest message, with those behind it that fit.
func (h *Hub) takeRun(ctx context.Context, tx *db.Tx, id int64, p *channels.Passive) (run []conversation.Message, ack channels.Ack, err error) {
	waiting, err := h.Conversations.Unleased(ctx, tx, id, maxJoined)
	if err != nil {
		return nil, ack, err
	}
	if len(waiting) == 0 {
		return nil, ack, db.ErrLeaseLost
	}
	for i, m := range waiting {
		if i > 0 && (!leads(m) || !leads(waiting[0]) || len(waiting[i-1].Content.Choices) > 0) || m.Taken > 0 || m.Via != 0 {
			break
		}
		next, ok := p.Write(together(conversation.Parcel{Message: waiting[0], Joined: waiting[1 : i+1]}))
		if !ok {
			break
		}
		run, ack = waiting[:i+1], next
	}
	if len(run) == 0 {
		return nil, ack, nil
	}
	if err := h.Conversations.MarkPassive(ctx, tx, run, p.Source); err != nil {
		return nil, ack, err
	}
	h.stats.sent.Add(int64(len(run)))
	return run, ack, h.Conversations.EndHold(ctx, tx, id)
}

func first(list []conversation.Message) (m conversation.Message) {
	if len(list) > 0 {
		m = list[0]
	}
	return m
}

func rest(list []conversation.Message) []conversation.Message {
	if len(list) < 2 {
		return nil
	}
	return list[1:]
}

// letGo ends the wait: what is said from now on, and what was held for the response, goes the usual way.
func (h *Hub) letGo(ctx context.Context, id int64) {
	err := h.DB.Tx(context.WithoutCancel(ctx), func(tx *db.Tx) error { return h.Conversations.EndHold(ctx, tx, id) })
	if err != nil {
		h.Log.Warn("held messages go out when their time is over", "conversation", id, "error", err)
	}
	h.outbox.ring()
}

// notCarried puts back what a broken connection did not carry. The provider's repeat may take it; else it goes the usual way.
func (h *Hub) notCarried(ctx context.Context, given []conversation.Message) {
	ctx = context.WithoutCancel(ctx)
	err := h.DB.Tx(ctx, func(tx *db.Tx) error {
		return h.Conversations.Unsend(ctx, tx, given, tx.Now.Add(passiveRetry))
	})
	if err != nil {
		h.Log.Error("an answer may not have arrived: the connection broke under its response", "message", given[0].ID, "error", err)
	}
}
