package hub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"huiyin/conversation"
	"huiyin/knowledge"
	"huiyin/nlu"
)

// turn is what the customer said since we last spoke.
type turn struct {
	conversation *conversation.Conversation
	said         []saying
	upTo         int64 // seq of the newest message that was looked at
	unhelpful    []int64
}

// saying is one message of the customer; text is empty when it was files only.
type saying struct{ text, choice string }

// thought is a decision on what was said, ready to be carried out.
type thought struct {
	decision Decision
	why      string // the explanation, as it is stored
	language string // to speak
}

func (h *Hub) readTurn(ctx context.Context, id int64) (turn, error) {
	c, err := h.Conversations.Get(ctx, h.DB, id)
	if err != nil {
		return turn{}, err
	}
	messages, err := h.Conversations.Messages(ctx, h.DB, id, conversation.Page{Limit: 2 * maxTurn})
	if err != nil {
		return turn{}, err
	}
	t := turn{conversation: c}
	var offered []conversation.Choice
	for _, m := range messages {
		t.upTo = m.Seq
		switch {
		case m.Sender == conversation.FromContact && m.Content.Activity == "":
			t.hear(m, offered)
		case settled(m):
			t.said, offered = nil, nil
		case !m.Private && (m.Sender == conversation.FromBot || m.Sender == conversation.FromAgent):
			t.said, offered = nil, m.Content.Choices
			if m.Helpful != nil && !*m.Helpful && m.Content.ArticleID != 0 {
				t.unhelpful = append(t.unhelpful, m.Content.ArticleID)
			}
		}
	}
	return t, nil
}

// settled tells whether what was said before an activity line is over: the conversation was resolved, or a human, having
// been asked for, gave it back to the bot.
func settled(m conversation.Message) bool {
	a := m.Content
	return m.Sender == conversation.FromSystem && (a.Activity == "resolved" || a.Activity == "bot_resumed" && a.ActivityData["asked"] == "true")
}

func (t *turn) hear(m conversation.Message, offered []conversation.Choice) {
	s := saying{text: strings.TrimSpace(m.Text), choice: m.Content.Choice}
	if s.choice == "" {
		s.choice = pick(s.text, offered)
	}
	if len(t.said) == maxTurn { // what was said last counts most
		t.said = t.said[1:]
	}
	t.said = append(t.said, s)
}

// pick finds the button that a typed text means: its number or its label.
func pick(text string, offered []conversation.Choice) string {
	if n, err := strconv.Atoi(nlu.Normalize(text)); err == nil && n >= 1 && n <= len(offered) {
		return offered[n-1].Value
	}
	for _, o := range offered {
		if o.Value != "" && nlu.Normalize(o.Label) == nlu.Normalize(text) {
			return o.Value
		}
	}
	return ""
}

// think decides what to do. Of several messages in a row each that is a question of its own is answered; when
// none is, they are taken together, as one question in pieces; and when that is none either, the last one counts.
func (h *Hub) think(ctx context.Context, t turn) ([]thought, error) {
	online, err := h.Desk.Online(ctx, h.DB, t.conversation.TeamID)
	if err != nil {
		return nil, err
	}
	var answers []thought
	var last thought
	for _, s := range t.said {
		if last, err = h.consider(ctx, t, s, online > 0); err != nil {
			return nil, err
		}
		switch {
		case last.decision.Act == ActHandoff:
			return []thought{last}, nil
		case last.decision.Act == ActAnswer && !slices.ContainsFunc(answers, last.sameArticle):
			answers = append(answers, last)
		}
	}
	if len(answers) > 0 {
		return answers, nil
	}
	if len(t.said) < 2 {
		return []thought{last}, nil
	}
	together, err := h.consider(ctx, t, saying{text: t.whole()}, online > 0)
	if act := together.decision.Act; err == nil && (act == ActAnswer || act == ActHandoff) {
		return []thought{together}, nil
	}
	return []thought{last}, err
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
	return a.decision.Hit.ArticleID == b.decision.Hit.ArticleID
}

func (h *Hub) consider(ctx context.Context, t turn, s saying, available bool) (thought, error) {
	analysis := nlu.Analyze(s.text)
	hits, err := h.search(ctx, t, analysis)
	if err != nil {
		return thought{}, err
	}
	in := Turn{Analysis: analysis, Hits: hits, Misunderstood: t.conversation.Misunderstood, Unhelpful: t.unhelpful, HumanAvailable: available}
	d, e, ok, err := h.chosen(ctx, t, s, in)
	if err != nil {
		return thought{}, err
	}
	if !ok {
		d, e = Decide(h.Policy, in)
	}
	why, err := json.Marshal(e)
	if err != nil {
		return thought{}, fmt.Errorf("write explanation: %w", err)
	}
	return thought{decision: d, why: string(why), language: t.language(d)}, nil
}

// language is what to speak: the answer's own, else the conversation's.
func (t turn) language(d Decision) string {
	if d.Act == ActAnswer && d.Hit.Language != "" {
		return d.Hit.Language
	}
	return t.conversation.Language
}

func (h *Hub) search(ctx context.Context, t turn, a nlu.Analysis) ([]knowledge.Hit, error) {
	language := string(a.Language)
	if language == "" {
		language = t.conversation.Language
	}
	hits, err := h.Knowledge.Search(ctx, a, knowledge.Options{Language: language, Limit: maxHits})
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	return hits, nil
}

// ruleFilesOnly is the rule for a message that the bot cannot read.
const ruleFilesOnly = "only files, which the bot does not read"

// chosen decides by the button that the customer pressed, and on messages without words.
func (h *Hub) chosen(ctx context.Context, t turn, s saying, in Turn) (d Decision, e Explanation, ok bool, err error) {
	switch {
	case s.text == "" && s.choice == "":
		d = Decision{Act: ActAsk, Rule: ruleFilesOnly}
	case s.choice == choiceHuman && len(t.unhelpful) > 0:
		d = Decision{Act: ActHandoff, Reason: ReasonUnhelpful, Rule: "an answer did not help, and pressed the button for a human"}
	case s.choice == choiceHuman:
		d = Decision{Act: ActHandoff, Reason: ReasonAsked, Rule: "pressed the button for a human"}
	case s.choice == choiceNone:
		d = Decision{Act: ActAsk, Rule: "none of the articles was meant"}
	case strings.HasPrefix(s.choice, choiceArticle):
		hit, found, err := h.article(ctx, articleOf(s.choice), t.conversation.Language)
		if err != nil || !found {
			return d, e, false, err
		}
		in.Hits = []knowledge.Hit{hit}
		d = Decision{Act: ActAnswer, Hit: hit, Rule: "pressed the button of this article"}
	default:
		return d, e, false, nil
	}
	return d, explain(h.Policy, in, in.Hits, d), true, nil
}

// article is a published article as a hit that the customer chose; found is false when it is published no more.
func (h *Hub) article(ctx context.Context, id int64, language string) (hit knowledge.Hit, found bool, err error) {
	a, err := knowledge.Get(ctx, h.DB, id)
	if errors.Is(err, knowledge.ErrNotFound) || err == nil && a.Status != knowledge.Published {
		return hit, false, nil
	}
	if err != nil {
		return hit, false, err
	}
	r, err := knowledge.GetRevision(ctx, h.DB, a.PublishedRevision)
	if err != nil {
		return hit, false, err
	}
	languages := r.Content.Languages()
	if i := slices.Index(languages, language); i > 0 {
		languages[0], languages[i] = language, languages[0]
	}
	for _, l := range languages {
		if answer := r.Content.Answer[l]; answer != "" {
			return knowledge.Hit{ArticleID: id, Key: a.Key, RevisionID: r.ID, Revision: r.Number, Question: r.Content.Question[l],
				Matched: r.Content.Question[l], Answer: answer, Language: l, Score: 1, Confidence: 1, Why: []knowledge.Feature{}, Terms: []string{}}, true, nil
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
