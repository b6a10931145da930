package handoff

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"huiyin/conversation"
)

// Card is what an agent who is handed a conversation reads first: what the customer wants, what the bot tried and why it
// stopped. It is made of what is stored, the customer's words and the bot's explanations, and of nothing else.
type Card struct {
	Wants    []Said    // the customer's words that matter, oldest first
	Topics   []Topic   // articles nearest to them, likeliest first
	Tried    []Attempt // what the bot did, oldest first
	Reason   string    // why a human was asked for
	Rule     string    // the rule of the bot that said so; empty when no bot did
	Missed   int       // questions that the bot did not understand
	Entities []conversation.Entity
	Moods    []Mood // where it changed
	Language string
	Since    time.Time // when this matter began
}

// Said is a message of the customer's.
type Said struct {
	Seq  int64
	Text string
	At   time.Time
}

// Topic is an article that the bot found near.
type Topic struct {
	ArticleID  int64
	Question   string
	Confidence float64
}

// Attempt is one thing that the bot did.
type Attempt struct {
	Seq       int64
	Act       string // answer, clarify, ask, handoff, smalltalk
	Asked     string // what it took the question for
	Articles  []Topic
	Rule      string
	Helpful   *bool // the customer's verdict
	Unhelpful string
}

// Mood is how the customer sounded from a message on.
type Mood struct {
	Seq  int64
	Mood string
}

// stored is what a card reads of an explanation, which the bot keeps with each of its answers.
type stored struct {
	Asked    string `json:"asked"`
	Language string `json:"language"`
	Intent   string `json:"intent"`
	Mood     string `json:"mood"`
	Rule     string `json:"rule"`
	Context  *struct {
		Said string `json:"said"`
	} `json:"context"`
	Hits []struct {
		Article    int64   `json:"article"`
		Question   string  `json:"question"`
		Confidence float64 `json:"confidence"`
	} `json:"hits"`
	Decision struct {
		Act     string  `json:"act"`
		Article int64   `json:"article"`
		Choices []int64 `json:"choices"`
		Reason  string  `json:"reason"`
	} `json:"decision"`
}

const (
	cardWants  = 4
	cardTopics = 3
	topicFrom  = 0.15 // confidence below which an article says nothing about what is wanted
)

// MakeCard makes the card of a conversation from its newest messages, in order.
func MakeCard(c *conversation.Conversation, messages []conversation.Message) Card {
	messages = thisMatter(messages)
	card := Card{Reason: c.HandoffReason, Language: c.Language}
	for _, m := range messages {
		if card.Since.IsZero() {
			card.Since = m.CreatedAt
		}
		switch {
		case m.Sender == conversation.FromContact && m.Content.Activity == "" && !m.Automatic():
			card.hear(m)
		case m.Explanation != "" && m.Sender == conversation.FromBot:
			card.weigh(m)
		}
	}
	card.Wants = card.essence()
	slices.SortStableFunc(card.Topics, func(a, b Topic) int { return compareFloat(b.Confidence, a.Confidence) })
	card.Topics = card.Topics[:min(len(card.Topics), cardTopics)]
	return card
}

func compareFloat(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// thisMatter are the messages since the conversation was resolved last, if anything was said since.
func thisMatter(messages []conversation.Message) []conversation.Message {
	for i, m := range slices.Backward(messages) {
		if m.Sender == conversation.FromSystem && m.Content.Activity == "resolved" && i+1 < len(messages) {
			return messages[i+1:]
		}
	}
	return messages
}

func (k *Card) hear(m conversation.Message) {
	if text := strings.TrimSpace(m.Text); text != "" {
		k.Wants = append(k.Wants, Said{m.Seq, text, m.CreatedAt})
	}
	for _, e := range m.Content.Entities {
		known := func(o conversation.Entity) bool { return o.Kind == e.Kind && o.Text == e.Text }
		if !slices.ContainsFunc(k.Entities, known) {
			k.Entities = append(k.Entities, e)
		}
	}
}

func (k *Card) weigh(m conversation.Message) {
	var s stored
	if json.Unmarshal([]byte(m.Explanation), &s) != nil {
		return
	}
	k.note(m.Seq, s)
	a := Attempt{Seq: m.Seq, Act: s.Decision.Act, Asked: s.Asked, Rule: s.Rule, Helpful: m.Helpful, Unhelpful: m.HelpfulReason}
	if s.Context != nil && s.Context.Said != "" {
		a.Asked = s.Context.Said
	}
	for _, h := range s.Hits {
		t := Topic{h.Article, h.Question, h.Confidence}
		if h.Article == s.Decision.Article || slices.Contains(s.Decision.Choices, h.Article) {
			a.Articles = append(a.Articles, t)
		}
		k.near(t)
	}
	switch a.Act {
	case "handoff":
		k.Rule = s.Rule
		return
	case "ask", "clarify":
		k.Missed++
	case "smalltalk":
		return
	}
	k.Tried = append(k.Tried, a)
}

func (k *Card) note(seq int64, s stored) {
	if s.Language != "" {
		k.Language = s.Language
	}
	if n := len(k.Moods); s.Mood != "" && (n == 0 || k.Moods[n-1].Mood != s.Mood) {
		k.Moods = append(k.Moods, Mood{seq, s.Mood})
	}
}

// near keeps an article with the best confidence that it had.
func (k *Card) near(t Topic) {
	if t.Confidence < topicFrom {
		return
	}
	for i, o := range k.Topics {
		if o.ArticleID == t.ArticleID {
			k.Topics[i].Confidence = max(o.Confidence, t.Confidence)
			return
		}
	}
	k.Topics = append(k.Topics, t)
}

// essence are the customer's words that tell most: what brings something new, without greetings and calls for a person where
// more was said.
func (k *Card) essence() []Said {
	var kept []Said
	for _, s := range k.Wants {
		if !slices.ContainsFunc(kept, func(o Said) bool { return strings.EqualFold(o.Text, s.Text) }) {
			kept = append(kept, s)
		}
	}
	telling := slices.DeleteFunc(slices.Clone(kept), func(s Said) bool { return weight(s.Text) < tellingWeight })
	if len(telling) > 0 {
		kept = telling
	}
	return kept[max(0, len(kept)-cardWants):]
}

// tellingWeight is how much a message must say to be worth reading beside others: six characters of Chinese, or four words.
const tellingWeight = 12

// weight is how much a text says: a Chinese character counts as much as two Latin ones and a bit.
func weight(text string) int {
	n := 0
	for _, r := range text {
		switch {
		case r > 0x2E80:
			n += 2
		case r > ' ':
			n++
		}
	}
	return n
}

// Shares tells whether two cards are about the same matter: the likeliest articles of both have one in common.
func (k Card) Shares(o Card) bool {
	return slices.ContainsFunc(k.Topics, func(t Topic) bool {
		return slices.ContainsFunc(o.Topics, func(p Topic) bool { return p.ArticleID == t.ArticleID })
	})
}
