package hub

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/knowledge"
	"huiyin/nlu"
)

// A channel whose customers write letters is answered once and with all there is: an answer names further articles, and what
// a page would have buttons for is said by reply.

// writesLetters tells whether a channel's customers write letters: its messages say themselves which one they answer.
func (h *Hub) writesLetters(kind string) bool {
	_, ok := h.adapters[kind].(channels.Threaded)
	return ok
}

// maxFurther is how many further articles an answer names; leastFurther is the share of the answer's score that one must have.
const (
	maxFurther   = 2
	leastFurther = 0.2
)

// further are the other articles that may be what was asked for, likely ones first.
func (t thought) further() (list []conversation.Choice) {
	for _, h := range t.hits {
		if len(list) == maxFurther || h.Score < leastFurther*t.decision.Hit.Score {
			break
		}
		if h.ArticleID != t.decision.Hit.ArticleID && !h.Internal && h.Answer != "" && h.Question != "" {
			list = append(list, conversation.Choice{Label: h.Question, Value: choiceArticle + strconv.FormatInt(h.ArticleID, 10)})
		}
	}
	return list
}

// verdict takes a reply that an answer did not help for what a page's button says; a person then has the matter, because
// another round of letters would cost the customer another day.
func (m *mind) verdict(s saying) (thought, bool) {
	if !m.letters || m.answered == 0 || !saysUnhelpful(s.text) {
		return thought{}, false
	}
	d := Decision{Act: ActHandoff, Reason: ReasonUnhelpful, Rule: "replied that the answer did not help"}
	t := m.thought(d, explain(m.policy, m.turn(nlu.Analyze(s.text)), nil, d))
	t.unhelpful = m.answered
	return t, true
}

// saysUnhelpful tells whether a text begins with the words that a letter asks for when its answer did not help.
func saysUnhelpful(text string) bool {
	first := strings.TrimSpace(text)
	if end := strings.IndexAny(first, "\n。.！!，,；;？?"); end >= 0 {
		first = first[:end]
	}
	return slices.Contains([]string{"没有解决", "没解决", "未解决", "问题没有解决", "问题没解决", "还没有解决", "还没解决", "还是没有解决", "还是没解决", "没有帮助", "没帮助", "没有用", "没用",
		"not solved", "unsolved", "not solved yet", "still not solved", "it is not solved", "this did not help", "that did not help", "it did not help", "did not help", "didn't help",
		"this didn't help", "that didn't help", "it didn't help", "not helpful", "no help"}, strings.Trim(nlu.Normalize(first), " \"“”'"))
}

// noteUnhelpful stores the verdict that a reply gave.
func (h *Hub) noteUnhelpful(ctx context.Context, tx *db.Tx, c *conversation.Conversation, t thought) error {
	if t.unhelpful == 0 {
		return nil
	}
	m, err := h.Conversations.Message(ctx, tx, c.ID, t.unhelpful)
	if err != nil {
		return err
	}
	changed, err := h.Conversations.SetHelpful(ctx, tx, c.ID, t.unhelpful, false)
	if err != nil || !changed || m.Helpful != nil {
		return err
	}
	if err := knowledge.Feedback(ctx, tx, m.Content.ArticleID, false); err != nil && !errors.Is(err, knowledge.ErrNotFound) {
		return err
	}
	return nil
}
