package hub

import (
	"context"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
	"huiyin/nlu"
)

// While nobody works, who waits for a person may still be helped: the bot looks at what the customer adds, answers what it is
// sure of, and takes the rest down for the people. The conversation keeps its place whatever is said. That ends with the
// first claim (law 6): it clears conversation.BotSeq under the lock that a turn takes too.

// leavesToPeople tells whether what a waiting customer says is left to the people: they work now, or there is nothing new.
func (h *Hub) leavesToPeople(ctx context.Context, t turn) (bool, error) {
	if len(t.said) == 0 {
		return true, nil
	}
	o, err := h.Desk.Opening(ctx, h.DB, t.conversation.TeamID)
	return o.Open || o.OnDuty > 0, err
}

// actWaiting carries out what was thought of the words of a customer who waits, up to a seq. Nothing of it leads out of the queue.
func (h *Hub) actWaiting(ctx context.Context, tx *db.Tx, c *conversation.Conversation, upTo int64, thoughts []thought) error {
	c.BotSeq = max(c.BotSeq, upTo)
	if err := countUsed(ctx, tx, thoughts); err != nil {
		return err
	}
	for _, t := range thoughts {
		if err := h.actWaitingOn(ctx, tx, c, t); err != nil {
			return err
		}
	}
	return h.Conversations.Save(ctx, tx, c)
}

func (h *Hub) actWaitingOn(ctx context.Context, tx *db.Tx, c *conversation.Conversation, t thought) error {
	switch d := t.decision; d.Act {
	case ActAnswer:
		return h.sendAnswer(ctx, tx, c, t)
	case ActSmalltalk:
		return h.say(ctx, tx, c, conversation.Draft{Text: wordsFor(t.language).smalltalk[d.Intent], Explanation: t.why})
	case ActHandoff:
		if err := h.noteUnhelpful(ctx, tx, c, t); err != nil {
			return err
		}
		return h.Desk.RequestAs(ctx, tx, c, handoff.Ask{Reason: handoff.Reason(d.Reason), Intent: string(t.explanation.Intent), Angry: t.explanation.Mood == nlu.MoodAngry})
	default:
		return h.Desk.TakeMessage(ctx, tx, c)
	}
}
