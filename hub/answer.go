package hub

import (
	"context"
	"errors"
	"sync"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

const (
	answerBatch = 16
	answerLease = 10 * time.Second // a turn takes milliseconds; so long a dead node keeps its turns from the others
	// maxTurn bounds how many unanswered messages of the customer are looked at in one turn.
	maxTurn = 10
	// maxHits is how many articles a decision may weigh.
	maxHits = 5
	// turnRetry is the wait before a turn that failed is taken again.
	turnRetry = 5 * time.Second
	// turnTries is how often a turn may fail before a human gets the conversation.
	turnTries = 5
)

// answerTurns takes the bot's turns: conversations that owe the customer an answer.
func (h *Hub) answerTurns(ctx context.Context) {
	if h.Knowledge.Read(ctx) != nil { // until then other nodes take the turns
		return
	}
	h.loop(ctx, "answer", h.turns, h.answerBatch)
}

func (h *Hub) answerBatch(ctx context.Context) (more bool, err error) {
	leases, err := h.claim(ctx, conversation.Turns(), answerLease, answerBatch)
	if err != nil || len(leases) == 0 {
		return false, err
	}
	if len(leases) == answerBatch {
		h.turns.ring() // a second worker may help
	}
	var all sync.WaitGroup // together, so that they share a commit
	for _, l := range leases {
		all.Go(func() {
			if err := h.answer(ctx, l); err != nil && !errors.Is(err, db.ErrLeaseLost) {
				h.Log.Error("turn not taken", "conversation", l.ID, "attempt", l.Attempts, "error", err)
				h.putBack(ctx, l)
			}
		})
	}
	all.Wait()
	return len(leases) == answerBatch, nil // who wrote meanwhile has rung
}

// putBack lets a failed turn be tried again, and gives the conversation to a human when it keeps failing.
func (h *Hub) putBack(ctx context.Context, l db.Lease) {
	err := h.DB.Tx(ctx, func(tx *db.Tx) error {
		if l.Attempts < turnTries {
			return conversation.Turns().Finish(ctx, tx, l, tx.Now.Add(turnRetry))
		}
		c, err := h.begin(ctx, tx, l, 0)
		if err != nil || c.Status != conversation.Pending {
			return err
		}
		return h.Desk.Request(ctx, tx, c, handoff.NotUnderstood)
	})
	if err != nil && !errors.Is(err, db.ErrLeaseLost) {
		h.Log.Error("turn not put back; it is taken again when its lease ends", "conversation", l.ID, "error", err)
	}
}

// answer takes one turn: read what the customer said, decide, and store the reply with its explanation. What the
// customer adds meanwhile belongs to the turn, so it is thought through again.
func (h *Hub) answer(ctx context.Context, l db.Lease) error {
	t, err := h.readTurn(ctx, l.ID)
	if err != nil {
		return err
	}
	off, err := h.silent(ctx, t)
	if err != nil {
		return err
	}
	var thoughts []thought
	if !off {
		if thoughts, err = h.think(ctx, t); err != nil {
			return err
		}
	}
	taken := false
	err = h.DB.Tx(ctx, func(tx *db.Tx) error {
		taken = false
		c, err := h.begin(ctx, tx, l, t.upTo)
		if err != nil || !c.BotsTurn() || c.Elsewhere {
			return err
		}
		if c.Status != t.conversation.Status { // it came to the queue, or back, while this was thought
			c.TurnDue = tx.Now
		}
		if !c.TurnDue.IsZero() { // a reply now would stand after what it does not answer
			tx.OnCommit(h.turns.ring)
			return h.Conversations.Save(ctx, tx, c)
		}
		if c.Queueing() {
			taken = len(thoughts) > 0
			return h.actWaiting(ctx, tx, c, t.upTo, thoughts)
		}
		if off {
			return h.Desk.Request(ctx, tx, c, handoff.NoBot)
		}
		taken = true
		return h.actAll(ctx, tx, c, thoughts)
	})
	if err == nil && taken {
		h.stats.turn(thoughts[0].decision)
	}
	return err
}

// silent tells whether the bot has nothing to say to a turn: it is off, the customer has had all the automatic answers of their
// channel, or a person is about to take what waits for one.
func (h *Hub) silent(ctx context.Context, t turn) (bool, error) {
	off, err := h.botOff(ctx, t.conversation.InboxID)
	if err == nil && !off {
		off, err = h.answersByHand(ctx, t)
	}
	if err == nil && !off && t.conversation.Queueing() {
		off, err = h.leavesToPeople(ctx, t)
	}
	return off, err
}

// botOff tells whether the bot of the inbox was turned off since the conversation began; then a human gets it.
func (h *Hub) botOff(ctx context.Context, inboxID int64) (bool, error) {
	inbox, err := h.inboxes.row(ctx, h, h.DB, inboxID)
	if errors.Is(err, conversation.ErrNotFound) {
		return false, nil
	}
	return !inbox.Bot, err
}

// begin fences the turn and loads its conversation. When the customer wrote something after upTo, the turn is due
// again: what was thought does not know of it.
func (h *Hub) begin(ctx context.Context, tx *db.Tx, l db.Lease, upTo int64) (*conversation.Conversation, error) {
	c, err := h.Conversations.BeginTurn(ctx, tx, l)
	if err != nil {
		return nil, err
	}
	if upTo == 0 || c.LastSeq == upTo {
		return c, nil
	}
	more, err := h.Conversations.Messages(ctx, tx, c.ID, conversation.Page{After: upTo, Limit: maxTurn, Public: true})
	if err != nil {
		return nil, err
	}
	for _, m := range more {
		if m.Sender == conversation.FromContact {
			c.TurnDue = tx.Now
		}
	}
	return c, nil
}
