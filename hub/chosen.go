package hub

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"huiyin/knowledge"
	"huiyin/nlu"
)

// The rules for a message that the bot cannot read.
const (
	ruleFilesOnly = "only files, which the bot does not read"
	ruleVoiceOnly = "only a recording, which the bot does not hear"
)

// chosen decides by the button that the customer pressed or meant, and on messages without words.
func (m *mind) chosen(ctx context.Context, s saying) (t thought, ok bool, err error) {
	in := m.turn(nlu.Analyze(s.text))
	var d Decision
	switch {
	case s.text == "" && s.choice == "" && s.voice:
		d = Decision{Act: ActAsk, Rule: ruleVoiceOnly}
	case s.text == "" && s.choice == "":
		d = Decision{Act: ActAsk, Rule: ruleFilesOnly}
	case s.choice == choiceHuman && len(m.unhelpful) > 0:
		d = Decision{Act: ActHandoff, Reason: ReasonUnhelpful, Rule: "an answer did not help, and pressed the button for a human"}
	case s.choice == choiceHuman:
		d = Decision{Act: ActHandoff, Reason: ReasonAsked, Rule: "pressed the button for a human"}
	case s.choice == choiceNone:
		d = Decision{Act: ActAsk, Rule: "none of the articles was meant"}
	case strings.HasPrefix(s.choice, choiceArticle):
		in.Analysis.Language = nlu.Language(m.asking()) // a button's words are ours, not the customer's
		hit, found, err := m.article(ctx, articleOf(s.choice))
		if err != nil || !found {
			return t, false, err
		}
		in.Hits = []knowledge.Hit{hit}
		d = Decision{Act: ActAnswer, Hit: hit, Rule: "pressed the button of this article"}
	default:
		return t, false, nil
	}
	t = m.thought(d, explain(m.policy, in, in.Hits, d))
	if s.choice != "" {
		t.explanation.Context = &ExplainedContext{Rule: chosenBy(s), Said: s.text}
	}
	return t, true, nil
}

// pressed is how a button was chosen that was not typed.
const pressed = "pressed a button"

func chosenBy(s saying) string {
	if s.rule == "" {
		return pressed
	}
	return s.rule
}

// asking is the language of the question that a button answers.
func (m *mind) asking() string {
	if m.subject.language != "" {
		return m.subject.language
	}
	return m.asker.Language
}

// article is a published article as a hit that the customer chose; found is false when it is published no more, or not for
// this customer at this time.
func (m *mind) article(ctx context.Context, id int64) (hit knowledge.Hit, found bool, err error) {
	a, err := knowledge.Get(ctx, m.hub.DB, id)
	if errors.Is(err, knowledge.ErrNotFound) || err == nil && a.Status != knowledge.Published {
		return hit, false, nil
	}
	if err != nil {
		return hit, false, err
	}
	o := m.asker.options("")
	if o.At.IsZero() {
		o.At = m.hub.DB.Now()
	}
	r, err := knowledge.GetRevision(ctx, m.hub.DB, a.PublishedRevision)
	if err != nil {
		return hit, false, err
	}
	if !r.Content.Serves(o) {
		return hit, false, nil
	}
	languages := r.Content.Languages()
	if i := slices.Index(languages, m.asking()); i > 0 {
		languages[0], languages[i] = m.asking(), languages[0]
	}
	for _, l := range languages {
		if answer := r.Content.AnswerFor(l, o); answer != "" {
			return knowledge.Hit{ArticleID: id, Key: a.Key, RevisionID: r.ID, Revision: r.Number, Question: r.Content.Question[l],
				Matched: r.Content.Question[l], Answer: answer, Language: l, Internal: r.Content.Audience == knowledge.Internal,
				Score: 1, Confidence: 1, Why: []knowledge.Feature{}, Terms: []string{}}, true, nil
		}
	}
	return hit, false, nil
}

func articleOf(choice string) int64 {
	id, err := strconv.ParseInt(strings.TrimPrefix(choice, choiceArticle), 10, 64)
	if err != nil {
		return 0
	}
	return id
}
