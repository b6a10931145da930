package hub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"huiyin/knowledge"
)

// ErrNotAutomatic refuses to replay what the bot did not decide.
var ErrNotAutomatic = errors.New("this message is no automatic answer")

// Change is one thing that is different when an answer is replayed.
type Change struct{ What, Then, Now string }

// The things that a replay can find changed.
const (
	ChangedDecision   = "decision"
	ChangedArticle    = "article"
	ChangedRevision   = "revision"
	ChangedConfidence = "confidence"
	ChangedThreshold  = "threshold"
	ChangedPolicy     = "policy"
	ChangedGone       = "gone" // the article is published no more
)

// Replayed is a past decision beside the one that the same question would lead to today.
type Replayed struct {
	Then, Now Explanation
	Text      string // what the bot would say today
	Changes   []Change
}

// Replay decides a stored question again, with today's knowledge and settings and with what was known of the conversation
// then. It stores and sends nothing.
func (h *Hub) Replay(ctx context.Context, explained string) (Replayed, error) {
	var then Explanation
	if err := json.Unmarshal([]byte(explained), &then); err != nil || then.Decision.Act == "" {
		return Replayed{}, ErrNotAutomatic
	}
	policy, err := h.policy(ctx)
	if err != nil {
		return Replayed{}, err
	}
	m := &mind{hub: h, policy: policy, asker: Asker{Channel: then.Channel, Tier: then.Tier, Language: then.spoken()},
		available: then.HumanAvailable, misses: then.Misunderstood, unhelpful: then.Unhelpful}
	t, err := m.again(ctx, then)
	if err != nil {
		return Replayed{}, err
	}
	if t.explanation.Context == nil {
		t.explanation.Context = then.Context
	}
	gone, err := m.gone(ctx, then)
	if err != nil {
		return Replayed{}, err
	}
	return Replayed{Then: then, Now: t.explanation, Text: t.text(h.DB.Now()), Changes: changes(then, t.explanation, gone)}, nil
}

// again decides as it was decided: by the button that was chosen, else by what was looked up.
func (m *mind) again(ctx context.Context, then Explanation) (thought, error) {
	if c := then.Context; c != nil && !then.searched() && then.Decision.Article != 0 {
		t, ok, err := m.chosen(ctx, saying{text: c.Said, choice: choiceArticle + strconv.FormatInt(then.Decision.Article, 10), rule: c.Rule})
		if err != nil || ok {
			return t, err
		}
	}
	asked := then.Asked
	if asked == "" {
		asked = then.Question
	}
	t, err := m.weigh(ctx, asked, nil)
	if err != nil || !t.unsure() {
		return t, err
	}
	return m.inAnotherLanguage(ctx, saying{text: asked}, t)
}

// spoken is the language of the question, else the one that the answer was given in.
func (e Explanation) spoken() string {
	if e.Language != "" {
		return string(e.Language)
	}
	for _, h := range e.Hits {
		if h.Article == e.Decision.Article && h.Language != "" {
			return h.Language
		}
	}
	return ""
}

// gone tells whether the article of the answer is published no more.
func (m *mind) gone(ctx context.Context, then Explanation) (bool, error) {
	if then.Decision.Article == 0 {
		return false, nil
	}
	a, err := knowledge.Get(ctx, m.hub.DB, then.Decision.Article)
	if errors.Is(err, knowledge.ErrNotFound) {
		return true, nil
	}
	return err == nil && a.Status != knowledge.Published, err
}

// changes are what is different, the weightiest first.
func changes(then, now Explanation, gone bool) []Change {
	list := []Change{}
	add := func(what, before, after string) {
		if before != after {
			list = append(list, Change{what, before, after})
		}
	}
	add(ChangedDecision, string(then.Decision.Act), string(now.Decision.Act))
	was, is := then.answer(), now.answer()
	if gone {
		add(ChangedGone, was.Question, "")
	}
	if then.Decision.Article != 0 && now.Decision.Article != 0 {
		add(ChangedArticle, was.Question, is.Question)
		if was.Article == is.Article {
			add(ChangedRevision, strconv.Itoa(was.Number), strconv.Itoa(is.Number))
		}
	}
	add(ChangedConfidence, percent(then.best()), percent(now.best()))
	add(ChangedThreshold, percent(then.Policy.Answer), percent(now.Policy.Answer))
	add(ChangedPolicy, then.Policy.Version, now.Policy.Version)
	return list
}

// answer is the hit that was answered with; the zero hit when there was none.
func (e Explanation) answer() ExplainedHit {
	for _, h := range e.Hits {
		if e.Decision.Article != 0 && h.Article == e.Decision.Article {
			return h
		}
	}
	return ExplainedHit{}
}

func (e Explanation) best() float64 {
	if len(e.Hits) == 0 {
		return 0
	}
	return e.Hits[0].Confidence
}

func percent(x float64) string { return fmt.Sprintf("%.0f %%", 100*x) }
