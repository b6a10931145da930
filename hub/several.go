package hub

import (
	"context"
	"slices"
	"unicode/utf8"

	"huiyin/nlu"
)

// hear decides on one message, which may hold several questions. They are answered one by one only where that is sure to
// be better: two of them have answers of their own, or one has and the message as a whole has none. Of what then stays open the
// first question is asked about; the others are left for the customer to repeat.
func (m *mind) hear(ctx context.Context, s saying) ([]thought, error) {
	whole, err := m.consider(ctx, s)
	if err != nil || !m.divisible(s, whole) {
		return []thought{whole}, err
	}
	parts := nlu.Parts(s.text)
	if len(parts) > nlu.MaxParts {
		parts = slices.DeleteFunc(parts, func(p nlu.Part) bool { return !p.Asks })
	}
	parts = parts[:min(len(parts), nlu.MaxParts)]
	answers, open, err := m.each(ctx, s, parts)
	if err != nil {
		return nil, err
	}
	open = slices.DeleteFunc(open, func(t thought) bool { return !t.stands(answers) })
	if len(answers) == 0 || len(answers) == 1 && len(open) == 0 && whole.decision.Act == ActAnswer {
		return []thought{whole}, nil
	}
	return append(answers, open...), nil
}

// The least of a matter of its own, in characters, that makes an unanswered question worth coming back to.
const (
	minOpenZh = 4
	minOpenEn = 10
)

// stands tells whether a question is still open beside the answers: it has articles to offer, or names a matter of which no
// answer speaks. "Is it broken?" after the advice for a slow line is not.
func (a thought) stands(answers []thought) bool {
	if a.decision.Act == ActClarify {
		return true
	}
	matter, _ := nlu.Subject(a.about)
	least := minOpenEn
	if nlu.DetectLanguage(matter) == nlu.LanguageChinese {
		least = minOpenZh
	}
	return utf8.RuneCountInString(matter) >= least && !slices.ContainsFunc(answers, func(b thought) bool {
		return nlu.Mentions(b.decision.Hit.Question+" "+b.decision.Hit.Answer, matter)
	})
}

func (m *mind) divisible(s saying, whole thought) bool {
	d := whole.decision
	switch d.Act {
	case ActHandoff:
		return d.Reason == ReasonNotUnderstood
	case ActAnswer:
		return s.choice == "" && d.Hit.Value("exact") != 1
	default:
		return s.choice == "" && s.text != "" && d.Act != ActSmalltalk
	}
}

// each considers the parts in their order, each with what was understood before it. A part is never the reason for a human.
func (m *mind) each(ctx context.Context, s saying, parts []nlu.Part) (answers, open []thought, err error) {
	inner := *m
	inner.misses = 0
	for i, p := range parts {
		t, err := inner.consider(ctx, saying{text: p.Text})
		if err != nil {
			return nil, nil, err
		}
		if t.explanation.Context == nil {
			t.explanation.Context = &ExplainedContext{Rule: "one of several questions", Said: s.text, Read: p.Text}
		}
		t.explanation.Context.Part, t.explanation.Context.Parts = i+1, len(parts)
		inner.subject = inner.subject.after(t.explanation)
		act := t.decision.Act
		switch {
		case t.answersNew(answers):
			answers = append(answers, t)
		case p.Asks && len(open) == 0 && (act == ActClarify || act == ActAsk):
			t.about = p.Text
			open = append(open, t)
		}
	}
	return answers, open, nil
}
