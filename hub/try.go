package hub

import (
	"context"

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

// Try decides on a question without storing anything, with unpublished content in place when drafts is set.
func (h *Hub) Try(ctx context.Context, text, language string, drafts bool) (Tried, error) {
	analysis := nlu.Analyze(text)
	if language == "" {
		language = string(analysis.Language)
	}
	hits, err := h.Knowledge.Search(ctx, analysis, knowledge.Options{Language: language, Limit: maxHits, IncludeDrafts: drafts})
	if err != nil {
		return Tried{}, err
	}
	policy, err := h.policy(ctx)
	if err != nil {
		return Tried{}, err
	}
	d, e := Decide(policy, Turn{Analysis: analysis, Hits: hits, HumanAvailable: true})
	return Tried{Decision: d, Explanation: e, Hits: hits, Text: wordsFor(language).text(d)}, nil
}

func (w words) text(d Decision) string {
	switch d.Act {
	case ActAnswer:
		return d.Hit.Answer
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
