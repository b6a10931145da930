package hub

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"strconv"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
)

const (
	passiveLook  = time.Second     // how often a waiting response looks without a pulse; thousands may wait at once
	passiveLease = 2 * time.Second // of the one who writes a response
	// passiveAgain is how long after the first a callback may be repeated for the sake of its response.
	passiveAgain = time.Minute
	// passiveRetry is how long what a broken connection carried waits for the provider's repeat before it goes the usual way.
	passiveRetry = 6 * time.Second
)

// answerInResponse waits for the answer to a callback's message, so that the response to the callback may carry it. It is
// the same row that delivery would send: until the wait is over it is not due, and whoever leases it first has it.
func (h *Hub) answerInResponse(w http.ResponseWriter, r *http.Request, recorded []conversation.Recorded, in channels.Received) {
	asked, ok := askedBy(recorded, in.Passive.Source)
	if !ok {
		_ = acknowledge(w, in.Ack)
		return
	}
	given := h.awaitAnswer(r.Context(), asked, in.Passive)
	if len(given.run) == 0 {
		h.letGo(r.Context(), asked.Message.ConversationID)
		_ = acknowledge(w, in.Ack)
		return
	}
	err := acknowledge(w, given.ack)
	h.carried(r.Context(), given, err == nil && r.Context().Err() == nil)
}

func askedBy(recorded []conversation.Recorded, source string) (r conversation.Recorded, ok bool) {
	for _, r := range recorded {
		if r.Message.SourceID == source {
			return r, true
		}
	}
	return r, false
}

// response is what a callback's response carries: some messages as one. mark fences the rows; it is empty when they were
// given before.
type response struct {
	run  []conversation.Message
	ack  channels.Ack
	mark string
}

// awaitAnswer gives what the response carries, leased, or nothing when there is nothing in time.
func (h *Hub) awaitAnswer(ctx context.Context, asked conversation.Recorded, p *channels.Passive) response {
	id := asked.Message.ConversationID
	pulses := h.Live.Subscribe("conversation:" + strconv.FormatInt(id, 10))
	defer pulses.Close()
	look := time.NewTicker(passiveLook)
	defer look.Stop()
	ctx, cancel := context.WithTimeout(ctx, p.Within)
	defer cancel()
	for {
		given, more, err := h.takeAnswer(ctx, asked, p)
		if err != nil && ctx.Err() == nil {
			h.Log.Error("the response goes without an answer; it is sent the usual way", "conversation", id, "error", err)
		}
		if err != nil || !more {
			return given
		}
		select {
		case <-ctx.Done():
			return response{}
		case <-pulses.Pulses():
		case <-look.C:
		}
	}
}

// takeAnswer takes what is to be said in a conversation for the response. more tells that it is worth looking again.
func (h *Hub) takeAnswer(ctx context.Context, asked conversation.Recorded, p *channels.Passive) (given response, more bool, err error) {
	id := asked.Message.ConversationID
	c, err := h.Conversations.Get(ctx, h.DB, id) // before the messages: a turn that ends in between has left some
	if err != nil {
		return given, false, err
	}
	if asked.Duplicate {
		if given, more, err = h.again(ctx, asked, p); err != nil || more || len(given.run) > 0 {
			return given, more, err
		}
	}
	waiting, err := h.Conversations.Following(ctx, h.DB, id, 0, 1)
	if err != nil || len(waiting) == 0 {
		return given, err == nil && !c.TurnDue.IsZero(), err
	}
	given.mark = rand.Text()
	err = h.DB.Tx(ctx, func(tx *db.Tx) error {
		given.run, given.ack, err = h.takeRun(ctx, tx, id, p, given.mark)
		return err
	})
	if errors.Is(err, db.ErrLeaseLost) { // somebody else was faster
		return response{}, true, nil
	}
	return given, false, err
}

// again gives a repeat of a callback what the response to the callback was to carry. The provider repeats what it got no
// response to, but not before the wait is over: what comes sooner came twice, and one of the two is answered.
func (h *Hub) again(ctx context.Context, asked conversation.Recorded, p *channels.Passive) (given response, more bool, err error) {
	run, err := h.Conversations.GivenPassively(ctx, h.DB, asked.Message.ConversationID, p.Source)
	if err != nil || len(run) == 0 {
		return given, false, err
	}
	age := h.DB.Now().Sub(asked.Message.CreatedAt)
	switch state := run[0].Delivery; {
	case state == conversation.Queued:
		return given, true, nil // another response is just being written
	case state == conversation.Sent && age < p.Within || age > passiveAgain:
		return given, false, nil
	}
	ack, ok := p.Write(together(conversation.Parcel{Message: run[0], Joined: run[1:]}))
	if !ok {
		return given, false, nil
	}
	return response{run: run, ack: ack}, false, nil
}

// takeRun leases what one response can carry: the oldest message, with those behind it that fit.
func (h *Hub) takeRun(ctx context.Context, tx *db.Tx, id int64, p *channels.Passive, mark string) (run []conversation.Message, ack channels.Ack, err error) {
	waiting, err := h.Conversations.Unleased(ctx, tx, id, maxJoined)
	if err != nil {
		return nil, ack, err
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
	return run, ack, h.Conversations.LeasePassive(ctx, tx, run, p.Source, mark, tx.Now.Add(passiveLease))
}

// carried notes whether a response went out. What a broken connection did not carry waits for the provider's repeat, and
// goes the usual way when none comes.
func (h *Hub) carried(ctx context.Context, given response, arrived bool) {
	ctx = context.WithoutCancel(ctx)
	err := h.DB.Tx(ctx, func(tx *db.Tx) error {
		if !arrived {
			return h.Conversations.Uncarried(ctx, tx, given.run, given.mark, tx.Now.Add(passiveRetry))
		}
		if err := h.Conversations.Carried(ctx, tx, given.run, given.mark); err != nil {
			return err
		}
		return h.Conversations.EndHold(ctx, tx, given.run[0].ConversationID)
	})
	if err != nil && !errors.Is(err, db.ErrLeaseLost) {
		h.Log.Error("the answer in a response is not noted; it is marked uncertain when the lease ends", "message", given.run[0].ID, "error", err)
	}
	if arrived {
		h.stats.sent.Add(int64(len(given.run)))
	}
	h.outbox.ring()
}

// letGo ends the wait: what is said from now on, and what was held for the response, goes the usual way.
func (h *Hub) letGo(ctx context.Context, id int64) {
	err := h.DB.Tx(context.WithoutCancel(ctx), func(tx *db.Tx) error { return h.Conversations.EndHold(ctx, tx, id) })
	if err != nil {
		h.Log.Warn("held messages go out when their time is over", "conversation", id, "error", err)
	}
	h.outbox.ring()
}
