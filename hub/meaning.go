package hub

import (
	"context"
	"encoding/json"

	"huiyin/knowledge"
	"huiyin/nlu"
)

// Meaning is what wishes come to: the thresholds that follow, and what the bot would have done with the questions of late.
type Meaning struct {
	Policy                             Policy
	LookedAt                           int
	Answered, Offered, Asked, HandedTo int

	// Of the articles' own phrasings, each asked as if nobody had written it down: how many were asked, how many would be answered, and
	// how many of these with another article.
	Rehearsed, RehearsedAnswered, RehearsedWrong int
}

// lookedAt is how many explanations of late are decided again.
const lookedAt = 300

// Meaning decides the questions of late again, as they were ranked then, with the policy that follows from the wishes.
func (h *Hub) Meaning(ctx context.Context, w Wishes) (Meaning, error) {
	m := Meaning{Policy: w.Policy()}
	m.rehearse(h.Knowledge.Rehearsal())
	explained, err := h.Conversations.Explained(ctx, h.DB, lookedAt)
	if err != nil {
		return m, err
	}
	for _, text := range explained {
		var e Explanation
		if err := json.Unmarshal([]byte(text), &e); err != nil || !e.searched() {
			continue
		}
		m.LookedAt++
		switch d := decide(m.Policy, e.turn(), e.found()); d.Act {
		case ActAnswer:
			m.Answered++
		case ActClarify:
			m.Offered++
		case ActHandoff:
			m.HandedTo++
		default:
			m.Asked++
		}
	}
	return m, nil
}

func (m *Meaning) rehearse(list []knowledge.Rehearsed) {
	m.Rehearsed = len(list)
	for _, r := range list {
		if r.Confidence < m.Policy.Answer {
			continue
		}
		m.RehearsedAnswered++
		if !r.Right {
			m.RehearsedWrong++
		}
	}
}

// searched tells whether the decision was one on articles: neither small talk nor a button.
func (e Explanation) searched() bool {
	if e.Context != nil && (e.Context.Rule == pickedByNumber || e.Context.Rule == pickedByWords || e.Context.Rule == pressed) {
		return false
	}
	switch e.Decision.Act {
	case ActAnswer, ActClarify, ActAsk, ActHandoff:
		return e.Question != ""
	default:
		return false
	}
}

// turn is the turn that an explanation is of, as far as the rules look at it.
func (e Explanation) turn() Turn {
	t := Turn{Analysis: nlu.Analysis{Intent: e.Intent, Mood: e.Mood, Text: e.Asked, Query: e.Question, Language: e.Language}, Misunderstood: e.Misunderstood,
		HumanAvailable: e.HumanAvailable, Tier: e.Tier, Channel: e.Channel}
	if e.Facts != nil {
		t.Facts = *e.Facts
	}
	return t
}

// found are the hits of an explanation, as far as the rules look at them.
func (e Explanation) found() []knowledge.Hit {
	hits := make([]knowledge.Hit, 0, len(e.Hits))
	for _, h := range e.Hits {
		hits = append(hits, knowledge.Hit{ArticleID: h.Article, RevisionID: h.Revision, Question: h.Question, Answer: h.Question, Language: h.Language,
			Confidence: h.Confidence, Why: h.Why, Terms: h.Terms})
	}
	return hits
}
