package hub

import (
	"huiyin/knowledge"
	"huiyin/nlu"
)

// Explanation is why the bot did what it did, kept with every automatic answer. It is stored as JSON: fields are
// added, never renamed.
type Explanation struct {
	Question       string            `json:"question"` // as it was searched: the normal form
	Language       nlu.Language      `json:"language"`
	Terms          []string          `json:"terms"`
	Intent         nlu.Intent        `json:"intent"`
	IntentRule     string            `json:"intent_rule"`
	Mood           nlu.Mood          `json:"mood"`
	Signals        []string          `json:"signals"`
	Policy         Policy            `json:"policy"`
	Misunderstood  int               `json:"misunderstood"`
	HumanAvailable bool              `json:"human_available"`
	Hits           []ExplainedHit    `json:"hits"`
	RunnerUp       *ExplainedHit     `json:"runner_up,omitempty"`
	Decision       ExplainedDecision `json:"decision"`
	Rule           string            `json:"rule"`
	Context        *ExplainedContext `json:"context,omitempty"`
	Channel        string            `json:"channel,omitempty"`        // kind of the inbox it was asked on
	Tier           string            `json:"tier,omitempty"`           // of the contact
	OtherLanguage  string            `json:"other_language,omitempty"` // of the answer, when it has none in the language of the question
	Asked          string            `json:"asked"`                    // what was looked up, in the customer's letters
	Unhelpful      []int64           `json:"unhelpful,omitempty"`      // articles that had not helped before
	Trigger        *ExplainedTrigger `json:"trigger,omitempty"`
	Facts          *Facts            `json:"facts,omitempty"` // what triggers could look at
}

// ExplainedTrigger is the administrator's rule that took part in a decision, as it was then.
type ExplainedTrigger struct {
	ID      int64      `json:"id"`
	Version int64      `json:"version"`
	Name    string     `json:"name"`
	Do      TriggerAct `json:"do"`
}

// ExplainedContext is how a message was understood by what stood before it or around it.
type ExplainedContext struct {
	Rule   string `json:"rule"`
	Said   string `json:"said"`             // what the customer wrote
	Before string `json:"before,omitempty"` // the question before
	Read   string `json:"read,omitempty"`   // the question that it was read as
	Part   int    `json:"part,omitempty"`   // which of several questions
	Parts  int    `json:"parts,omitempty"`
}

// ExplainedHit is an article that was considered.
type ExplainedHit struct {
	Article    int64               `json:"article"`
	Key        string              `json:"key,omitempty"`
	Revision   int64               `json:"revision"`
	Number     int                 `json:"revision_number"`
	Question   string              `json:"question"`
	Matched    string              `json:"matched"`
	Language   string              `json:"language"`
	Score      float64             `json:"score"`
	Confidence float64             `json:"confidence"`
	Terms      []string            `json:"terms"`
	Why        []knowledge.Feature `json:"why"`
}

// ExplainedDecision is the decision in few words; the articles are among the hits.
type ExplainedDecision struct {
	Act      Act     `json:"act"`
	Article  int64   `json:"article,omitempty"`
	Revision int64   `json:"revision,omitempty"`
	Choices  []int64 `json:"choices,omitempty"`
	Reason   Reason  `json:"reason,omitempty"`
}

// explainedHits is how many articles an explanation holds.
const explainedHits = 5

// explainedTerms bounds the terms an explanation holds: enough to read, not the whole of a long message.
const explainedTerms = 100

func explain(p Policy, t Turn, hits []knowledge.Hit, d Decision) Explanation {
	a := t.Analysis
	e := Explanation{Question: a.Query, Language: a.Language, Terms: wholeWords(a.Terms), Intent: a.Intent, IntentRule: a.IntentRule, Mood: a.Mood,
		Signals: a.Signals, Policy: p, Misunderstood: t.Misunderstood, HumanAvailable: t.HumanAvailable, Hits: []ExplainedHit{}, Rule: d.Rule,
		Asked: a.Text, Unhelpful: t.Unhelpful}
	for _, h := range hits[:min(len(hits), explainedHits)] {
		e.Hits = append(e.Hits, explainHit(h))
	}
	if len(e.Hits) > 1 {
		e.RunnerUp = &e.Hits[1]
	}
	e.Decision, e.Trigger, e.Facts = ExplainedDecision{Act: d.Act, Reason: d.Reason}, d.Trigger.mark(), &t.Facts
	if d.Act == ActAnswer {
		e.Decision.Article, e.Decision.Revision = d.Hit.ArticleID, d.Hit.RevisionID
	}
	for _, c := range d.Choices {
		e.Decision.Choices = append(e.Decision.Choices, c.ArticleID)
	}
	return e
}

func explainHit(h knowledge.Hit) ExplainedHit {
	return ExplainedHit{Article: h.ArticleID, Key: h.Key, Revision: h.RevisionID, Number: h.Revision, Question: h.Question, Matched: h.Matched,
		Language: h.Language, Score: h.Score, Confidence: h.Confidence, Terms: h.Terms, Why: h.Why}
}

func wholeWords(terms []string) []string {
	words := []string{}
	for _, t := range terms {
		if !nlu.IsGram(t) && len(words) < explainedTerms {
			words = append(words, t)
		}
	}
	return words
}
