package hub

import (
	"context"
	"slices"

	"huiyin/knowledge"
	"huiyin/nlu"
)

// askedInAnother is the rule of a question that only articles in another language answer.
const askedInAnother = "asked in another language"

// enoughTranslated is how much of a question the dictionary must know for its words to be looked up in the other language.
const enoughTranslated = 0.6

// lost tells whether nothing was found for a question: no answer and nothing to offer.
func (a thought) lost() bool {
	return a.decision.Act == ActAsk || a.decision.Act == ActHandoff && a.decision.Reason == ReasonNotUnderstood
}

// unsure tells whether the other language may do better.
func (a thought) unsure() bool { return a.lost() || a.decision.Act == ActClarify }

// inAnotherLanguage looks a question, for which nothing sure was found, up word by word in the other language. A dictionary is no
// understanding: an article is answered with only when every word was known and the article fits for sure, else it is
// offered. Its answer is the one in the language of the question where there is one.
func (m *mind) inAnotherLanguage(ctx context.Context, s saying, plain thought) (thought, error) {
	asked := nlu.DetectLanguage(s.text)
	other := nlu.LanguageEnglish
	switch asked {
	case nlu.LanguageEnglish:
		other = nlu.LanguageChinese
	case nlu.LanguageUnknown:
		return plain, nil
	}
	translated, share := nlu.Translate(s.text, other)
	if share < enoughTranslated || nlu.ReadReference(s.text).Kind == nlu.ReferMore { // "how much?" names no matter
		return plain, nil
	}
	in := m.turn(nlu.Analyze(translated))
	o := m.asker.options(string(asked))
	hits, err := m.found(ctx, in.Analysis, o)
	if err != nil {
		return thought{}, err
	}
	in.Hits = hits
	d, _ := Decide(m.policy, in)
	if d.Act == ActAnswer && share < 1 {
		d = Decision{Act: ActClarify, Choices: []knowledge.Hit{d.Hit}}
	}
	if d.Act != ActAnswer && (d.Act != ActClarify || !plain.lost()) {
		return plain, nil
	}
	d.Rule = askedInAnother
	in.Analysis.Language = asked
	e := explain(m.policy, in, withoutUnhelpful(hits, slices.Clone(m.unhelpful)), d)
	e.Context = &ExplainedContext{Rule: askedInAnother, Said: s.text, Read: translated}
	e.Asked = s.text
	t := m.thought(d, e)
	t.language, t.hits = string(asked), hits
	t.explanation.OtherLanguage = ""
	if d.Act == ActAnswer && d.Hit.Language != string(asked) {
		t.explanation.OtherLanguage = d.Hit.Language
	}
	return t, nil
}
