package hub

import (
	"context"
	"slices"
	"strings"

	"huiyin/knowledge"
	"huiyin/nlu"
)

// maxReadings is how many ways of joining a message to the question before it are tried.
const maxReadings = 4

// inContext reads a message together with the question before it, where it leans on that: "那企业的呢", "how much?", "no, I
// meant broadband". The first reading that is sure counts; then the message alone; then what the readings would offer.
func (m *mind) inContext(ctx context.Context, s saying, plain thought) (thought, error) {
	ref := nlu.ReadReference(s.text)
	if ref.Kind == nlu.ReferNone || !m.leans(ref, plain) {
		return plain, nil
	}
	if m.subject.question == "" {
		if bareCorrection(ref) && plain.decision.Act != ActAnswer {
			return m.corrected(s, plain), nil
		}
		return m.unsaid(s, ref, plain), nil
	}
	var without []int64
	if ref.Kind == nlu.ReferCorrection && m.subject.article != 0 {
		without = []int64{m.subject.article}
	}
	var offer *thought
	for _, question := range m.subject.readings(ref) {
		t, err := m.weigh(ctx, question, without)
		if err != nil {
			return thought{}, err
		}
		t.explanation.Context = &ExplainedContext{Rule: string(ref.Kind), Said: s.text, Before: m.subject.question, Read: question}
		switch {
		case t.decision.Act == ActAnswer && m.says(t, ref):
			return t, nil
		case t.decision.Act == ActClarify && offer == nil:
			offer = &t
		}
	}
	switch {
	case plain.decision.Act == ActAnswer || offer == nil && !bareCorrection(ref):
		return plain, nil
	case offer != nil:
		return *offer, nil
	}
	return m.corrected(s, plain), nil
}

// unsaid keeps a question that names no matter ("how much?") from being answered with an article about one, where nothing
// was said before: the article is offered instead.
func (m *mind) unsaid(s saying, ref nlu.Reference, plain thought) thought {
	if ref.Kind != nlu.ReferMore || plain.decision.Act != ActAnswer {
		return plain
	}
	matter, _ := nlu.Subject(plain.decision.Hit.Matched)
	if matter == "" {
		matter, _ = nlu.Subject(plain.decision.Hit.Question)
	}
	if matter == "" || nlu.Mentions(s.text, matter) {
		return plain
	}
	in := m.turn(nlu.Analyze(s.text))
	d := Decision{Act: ActClarify, Choices: []knowledge.Hit{plain.decision.Hit}, Rule: "the question names no matter"}
	e := explain(m.policy, in, nil, d)
	e.Hits, e.RunnerUp = plain.explanation.Hits, plain.explanation.RunnerUp
	return m.thought(d, e)
}

// leans tells whether the message may be read with the question before it: not when it was settled by itself.
func (m *mind) leans(ref nlu.Reference, plain thought) bool {
	switch plain.decision.Act {
	case ActHandoff:
		return plain.decision.Reason == ReasonNotUnderstood
	case ActSmalltalk:
		return ref.Kind == nlu.ReferCorrection && plain.decision.Intent == nlu.IntentDeny
	case ActAnswer:
		return plain.decision.Hit.Value("exact") != 1
	default:
		return true
	}
}

// readings are the questions that a message may stand for, the likeliest first.
func (b subject) readings(ref nlu.Reference) []string {
	var list []string
	add := func(question string) {
		if question = strings.TrimSpace(question); question != "" && !slices.Contains(list, question) && len(list) < maxReadings {
			list = append(list, question)
		}
	}
	matter, asking := nlu.Subject(b.question)
	switch ref.Kind {
	case nlu.ReferElse:
		for _, q := range []string{b.question, b.title} {
			if exchanged, ok := nlu.Exchange(q, ref.Rest); ok {
				add(exchanged)
			}
		}
		add(join(ref.Rest, b.question))
		add(join(ref.Rest, b.title))
	case nlu.ReferMore, nlu.ReferIt:
		title, _ := nlu.Subject(b.title)
		add(join(matter, ref.Rest))
		add(join(title, ref.Rest))
	case nlu.ReferCorrection:
		if ref.Rest == "" {
			add(b.question)
			break
		}
		add(ref.Rest)
		add(join(asking, ref.Rest))
		add(join(ref.Rest, asking))
		if exchanged, ok := nlu.Exchange(b.question, ref.Rest); ok {
			add(exchanged)
		}
	}
	return list
}

// join puts two pieces of a question together; an empty one makes nothing.
func join(a, b string) string {
	if a == "" || b == "" {
		return ""
	}
	if nlu.DetectLanguage(a+b) == nlu.LanguageChinese {
		return a + b
	}
	return a + " " + b
}

// says tells whether an article answers what a reference asks for. The article that was just given is no answer to "and
// for companies?" unless it speaks of companies, and none to "how much?" unless it names a sum.
func (m *mind) says(t thought, ref nlu.Reference) bool {
	hit := t.decision.Hit
	if hit.ArticleID != m.subject.article {
		return ref.Kind != nlu.ReferElse || nlu.Mentions(hit.Question+" "+hit.Matched+" "+hit.Answer, ref.Rest)
	}
	if ref.Kind == nlu.ReferMore {
		return answersMore(ref.Rest, hit.Answer)
	}
	return ref.Kind != nlu.ReferCorrection && nlu.Mentions(hit.Answer, ref.Rest)
}

// answersMore looks for the kind of thing that was asked for in an answer.
func answersMore(question, answer string) bool {
	wanted := nlu.EntityKind("")
	for _, w := range []string{"钱", "费", "价", "贵", "cost", "price", "fee", "charge", "pay", "expensive"} {
		if strings.Contains(question, w) {
			wanted = nlu.EntityAmount
		}
	}
	for _, w := range []string{"多久", "多长", "几天", "什么时候", "何时", "时间", "long", "when", "soon", "days"} {
		if strings.Contains(question, w) {
			wanted = nlu.EntityDate
		}
	}
	if wanted == "" {
		return false
	}
	return slices.ContainsFunc(nlu.Analyze(answer).Entities, func(e nlu.Entity) bool { return e.Kind == wanted })
}

func bareCorrection(ref nlu.Reference) bool { return ref.Kind == nlu.ReferCorrection && ref.Rest == "" }

// corrected asks in other words after "that is not what I asked", where nothing else is likely.
func (m *mind) corrected(s saying, plain thought) thought {
	in := m.turn(nlu.Analyze(s.text))
	d := Decision{Act: ActAsk, Rule: "the answer was not what was asked"}
	t := m.thought(d, explain(m.policy, in, nil, d))
	t.explanation.Context = &ExplainedContext{Rule: string(nlu.ReferCorrection), Said: s.text, Before: m.subject.question}
	return t
}
