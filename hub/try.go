package hub

import (
	"context"
	"time"

	"huiyin/knowledge"
	"huiyin/nlu"
)

// Tried is what the bot would do with a question.
type Tried struct {
	Decision    Decision
	Explanation Explanation
	Hits        []knowledge.Hit
	Text        string // what it would say; Markdown when it is an article's answer
}

// Try decides on a question as it would for this asker, without storing anything.
func (h *Hub) Try(ctx context.Context, text string, a Asker) (Tried, error) {
	policy, err := h.policy(ctx)
	if err != nil {
		return Tried{}, err
	}
	if a.Language == "" {
		a.Language = string(nlu.DetectLanguage(text))
	}
	m := &mind{hub: h, policy: policy, asker: a, available: true}
	if a.After != "" {
		m.subject = subjectIn(a.After)
	}
	t, err := m.consider(ctx, saying{text: text})
	if err != nil {
		return Tried{}, err
	}
	return Tried{Decision: t.decision, Explanation: t.explanation, Hits: t.hits, Text: t.text(h.DB.Now())}, nil
}

// text is what the bot would say.
func (t thought) text(at time.Time) string {
	w, d := wordsFor(t.language), t.decision
	switch d.Act {
	case ActAnswer:
		return t.filledFor(at)
	case ActClarify:
		return w.clarify
	case ActAsk:
		return w.ask
	case ActSmalltalk:
		return w.smalltalk[d.Intent]
	default:
		return ""
	}
}
