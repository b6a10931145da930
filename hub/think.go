package hub

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"huiyin/knowledge"
	"huiyin/nlu"
)

// thought is a decision on what was said, ready to be carried out.
type thought struct {
	decision    Decision
	explanation Explanation
	why         string // the explanation, as it is stored
	language    string // of the bot's own words
	hits        []knowledge.Hit
	article     int64  // that the talk was about before, of what is handed over
	about       string // the part of the message it is about, when the message says several things
	unhelpful   int64  // seq of the answer that the customer says did not help
}

// mind is what the thoughts of one turn share. Its subject moves on with what is understood.
type mind struct {
	hub       *Hub
	find      finder // nil: the knowledge as it is
	policy    Policy
	asker     Asker
	available bool // somebody is at the desk
	misses    int  // messages in a row that were not understood
	insults   int  // earlier messages of the conversation that were nothing but abuse
	unhelpful []int64
	facts     Facts
	heard     []string // the customer's newest messages, in normal form
	subject   subject
	letters   bool  // the customer writes letters
	answered  int64 // seq of the answer that is replied to; 0: none
}

// think decides what to do. Of several messages in a row, and of several questions in one message, each that has its own
// answer is answered; when none has, the messages are taken together, as one question in pieces; and when that has none
// either, the last one counts.
func (h *Hub) think(ctx context.Context, t turn) ([]thought, error) {
	m, err := h.mindOf(ctx, t)
	if err != nil {
		return nil, err
	}
	var answers []thought
	var last thought
	for _, s := range t.said {
		thoughts, err := m.hear(ctx, s)
		if err != nil {
			return nil, err
		}
		for _, last = range thoughts {
			if last.decision.Act == ActHandoff {
				last.article = m.subject.article
				return finished(last)
			}
			m.subject = m.subject.after(last.explanation)
			if open := len(thoughts) > 1 && last.decision.Act != ActAnswer; open || last.answersNew(answers) {
				answers = append(answers, last)
			}
		}
	}
	if len(answers) > 0 || len(t.said) < 2 {
		if len(answers) == 0 {
			answers = []thought{last}
		}
		return finished(answers...)
	}
	together, err := m.consider(ctx, saying{text: t.whole()})
	if err != nil {
		return nil, err
	}
	if act := together.decision.Act; act == ActAnswer || act == ActHandoff {
		last = together
	}
	return finished(last)
}

func (h *Hub) mindOf(ctx context.Context, t turn) (*mind, error) {
	online, calendar, err := h.Desk.OnDuty(ctx, h.DB, t.conversation.TeamID)
	if err != nil {
		return nil, err
	}
	policy, err := h.policy(ctx)
	if err != nil {
		return nil, err
	}
	asker, err := h.asker(ctx, t.conversation)
	if err != nil {
		return nil, err
	}
	m := &mind{hub: h, policy: policy, asker: asker, available: online > 0, misses: t.conversation.Misunderstood,
		insults: t.insults, unhelpful: t.unhelpful, letters: h.writesLetters(asker.Channel), answered: t.answered}
	if t.explained != "" {
		m.subject = subjectIn(t.explained)
	}
	m.heard = t.heard
	m.facts = Facts{Page: asker.Page, Closed: !calendar.Open(h.DB.Now()), Messages: len(t.heard)}
	return m, nil
}

// finished writes the explanations down.
func finished(thoughts ...thought) ([]thought, error) {
	for i := range thoughts {
		why, err := json.Marshal(thoughts[i].explanation)
		if err != nil {
			return nil, fmt.Errorf("write explanation: %w", err)
		}
		thoughts[i].why = string(why)
	}
	return thoughts, nil
}

func (t turn) whole() string {
	var texts []string
	for _, s := range t.said {
		if s.text != "" {
			texts = append(texts, s.text)
		}
	}
	return strings.Join(texts, " ")
}

func (a thought) sameArticle(b thought) bool {
	return b.decision.Act == ActAnswer && a.decision.Hit.ArticleID == b.decision.Hit.ArticleID
}

// answersNew tells whether it answers with an article that is not among the answers yet.
func (a thought) answersNew(answers []thought) bool {
	return a.decision.Act == ActAnswer && !slices.ContainsFunc(answers, a.sameArticle)
}

// consider decides on one saying: by the button, by what it says alone, or with the question before it.
func (m *mind) consider(ctx context.Context, s saying) (thought, error) {
	chosen, ok, err := m.chosen(ctx, s)
	if err != nil || ok {
		return chosen, err
	}
	if t, ok := m.verdict(s); ok {
		return t, nil
	}
	plain, err := m.weigh(ctx, s.text, nil)
	if err != nil {
		return thought{}, err
	}
	if plain.decision.Trigger != nil && plain.decision.Act == ActHandoff {
		return plain, nil
	}
	if _, number := nlu.Ordinal(s.text); number && plain.guessed() {
		return m.unread(s, plain, "a number, and nothing that it stands for"), nil
	}
	t, err := m.inContext(ctx, s, plain)
	if err != nil || !t.unsure() {
		return t, err
	}
	return m.inAnotherLanguage(ctx, s, t)
}

// guessed tells whether an article was found by likeness: one that was written for these very words is no guess.
func (a thought) guessed() bool {
	return a.decision.Act == ActClarify || a.decision.Act == ActAnswer && a.decision.Hit.Value("exact") != 1
}

// unread asks for other words.
func (m *mind) unread(s saying, plain thought, rule string) thought {
	d := Decision{Act: ActAsk, Rule: rule}
	t := m.thought(d, explain(m.policy, m.turn(nlu.Analyze(s.text)), nil, d))
	t.explanation.Hits, t.explanation.RunnerUp = plain.explanation.Hits, plain.explanation.RunnerUp
	return t
}

// weigh decides on a text by itself; the articles in without are left aside.
func (m *mind) weigh(ctx context.Context, text string, without []int64) (thought, error) {
	in := m.turn(nlu.Analyze(text))
	in.Unhelpful = append(slices.Clone(without), in.Unhelpful...)
	hits, err := m.search(ctx, in.Analysis)
	if err != nil {
		return thought{}, err
	}
	in.Hits = hits
	d, e := Decide(m.policy, in)
	if len(hits) > 0 && in.Analysis.Language == nlu.LanguageEnglish && typedChinese(text, hits[0]) {
		in.Analysis.Language = nlu.LanguageChinese
		if in.Hits, err = m.search(ctx, in.Analysis); err != nil {
			return thought{}, err
		}
		hits = in.Hits
		d, e = Decide(m.policy, in)
	}
	t := m.thought(d, e)
	t.hits = hits
	return t, nil
}

// typedChinese tells whether a text in Latin letters is Chinese typed by its sound (kaifapiao): it is made of syllables and
// shares only Chinese words with what it found. Then the answer is due in Chinese.
func typedChinese(text string, hit knowledge.Hit) bool {
	return len(hit.Terms) > 0 && nlu.IsPinyin(text) && !slices.ContainsFunc(hit.Terms, func(term string) bool {
		return nlu.DetectLanguage(term) != nlu.LanguageChinese
	})
}

func (m *mind) turn(a nlu.Analysis) Turn {
	facts := m.facts
	facts.Repeated = facts.Repeated || repeated(m.heard, a.Text)
	return Turn{Analysis: a, Misunderstood: m.misses, Insults: m.insults, Unhelpful: m.unhelpful, HumanAvailable: m.available,
		Tier: m.asker.Tier, Channel: m.asker.Channel, Facts: facts}
}

// thought takes down a decision. What the bot says of its own is in the language of the question, where that can be told.
func (m *mind) thought(d Decision, e Explanation) thought {
	e.Channel, e.Tier = m.asker.Channel, m.asker.Tier
	language := string(e.Language)
	if language == "" {
		language = m.asker.Language
	}
	if d.Act == ActAnswer && d.Hit.Language != "" && language != "" && d.Hit.Language != language {
		e.OtherLanguage = d.Hit.Language
	}
	return thought{decision: d, explanation: e, language: language}
}

func (m *mind) search(ctx context.Context, a nlu.Analysis) ([]knowledge.Hit, error) {
	return m.found(ctx, a, m.asker.options(string(a.Language)))
}
