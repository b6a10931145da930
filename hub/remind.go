package hub

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// remindWithin is how late a reminder may come: after a longer standstill of all nodes it would only surprise.
const remindWithin = 10 * time.Minute

// ruleReminded is the rule of a reminder; what has it is not reminded of again.
const ruleReminded = "the customer has not answered a question of the bot"

// remind asks once more where a customer left a question of the bot unanswered, when the settings want that.
func (h *Hub) remind(ctx context.Context) error {
	w, err := h.wishes(ctx)
	if err != nil || w.RemindAfterMinutes <= 0 {
		return err
	}
	until := h.DB.Now().Add(-time.Duration(w.RemindAfterMinutes) * time.Minute)
	ids, err := h.Conversations.Unanswered(ctx, h.DB, until.Add(-remindWithin), until, timerBatch)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := h.DB.Tx(ctx, func(tx *db.Tx) error { return h.remindIn(ctx, tx, id, until) }); err != nil {
			return err
		}
	}
	return nil
}

func (h *Hub) remindIn(ctx context.Context, tx *db.Tx, id int64, until time.Time) error {
	c, err := h.Conversations.Load(ctx, tx, id)
	if err != nil || c.Status != conversation.Pending || !c.TurnDue.IsZero() || c.LastSender != conversation.FromBot || c.LastMessageAt.After(until) {
		return err
	}
	last, err := h.Conversations.Messages(ctx, tx, id, conversation.Page{Limit: 1, Public: true})
	if err != nil || len(last) == 0 {
		return err
	}
	var e Explanation
	if err := json.Unmarshal([]byte(last[0].Explanation), &e); err != nil || e.Rule == ruleReminded || e.Decision.Act != ActClarify && e.Decision.Act != ActAsk {
		return nil // nothing was asked, or it was already asked twice
	}
	e.Rule = ruleReminded
	why, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("write explanation: %w", err)
	}
	return h.say(ctx, tx, c, conversation.Draft{Text: wordsFor(c.Language).remind, Content: conversation.Content{Choices: last[0].Content.Choices}, Explanation: string(why)})
}
