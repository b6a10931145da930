package gaps

import (
	"encoding/json"
	"iter"
	"strconv"
	"strings"
	"time"

	"huiyin/conversation"
)

// rules is the version of what is measured. When it rises everything is measured anew.
const rules = 1

// Act is what the bot did with a question.
type Act string

// The acts that count; small talk and silence do not.
const (
	Answered  Act = "answered"
	Clarified Act = "clarified"
	Asked     Act = "asked" // for other words
	HandedOff Act = "handed_off"
)

// Vain is why a question was asked in vain.
type Vain string

// The reasons. A question has one: the first that applies, from the last to the first.
const (
	Unanswered  Vain = "unanswered" // no article was likely
	Unclear     Vain = "unclear"    // articles were offered, and none led to an answer
	Unhelpful   Vain = "unhelpful"  // the customer said that the answer did not help
	MarkedWrong Vain = "marked"     // an agent said that it was wrong
)

// Vains are all reasons, in the order in which pages show them.
func Vains() []Vain { return []Vain{Unanswered, Unclear, Unhelpful, MarkedWrong} }

// What people said of an answer.
const (
	right = "right"
	wrong = "wrong"
)

// turn is what came of one automatic decision.
type turn struct {
	message, conversation, question int64
	part                            int // which of several questions of the message; 0: all of it
	at                              time.Time
	day                             int
	inbox, team                     int64
	language                        string
	act                             Act
	article, revision               int64
	verdict                         string
	vain                            Vain
	handed                          bool  // a person was needed for the matter
	chosen                          int64 // the article that the customer chose when asked which is meant
}

// explanation is what is read of why the bot did what it did (hub.Explanation).
type explanation struct {
	Language string `json:"language"`
	Asked    string `json:"asked"`
	Context  *struct {
		Part int `json:"part"`
	} `json:"context"`
	Decision struct {
		Act      string `json:"act"`
		Article  int64  `json:"article"`
		Revision int64  `json:"revision"`
		Reason   string `json:"reason"`
	} `json:"decision"`
}

// meter walks through a conversation and notes its turns. A matter begins with a customer's message and ends when it is resolved.
type meter struct {
	talk  conversation.Talk
	zone  *time.Location
	turns []turn
	pairs []pair

	begin    int   // place of the matter's first turn
	question int64 // the customer's newest message
	choice   string
	human    bool              // a person was needed
	reply    conversation.Said // the longest of an agent's since then
}

// measure is what came of the decisions of a conversation, and which replies of agents may become articles. It is pure: the same
// rows give the same turns, at any time, on any node.
func measure(t conversation.Talk, said iter.Seq[conversation.Said], zone *time.Location) ([]turn, []pair) {
	m := meter{talk: t, zone: zone}
	for s := range said {
		switch {
		case s.Sender == conversation.FromContact && !s.Event():
			m.question, m.choice = s.MessageID, s.Content.Choice
		case s.Sender == conversation.FromBot && s.Explanation != "":
			m.decided(s)
		case s.Sender == conversation.FromAgent && !s.Private:
			m.replied(s)
		}
		m.activity(s)
	}
	m.end(t.Status == conversation.Resolved)
	m.rated()
	return m.turns, m.pairs
}

func (m *meter) activity(s conversation.Said) {
	switch s.Content.Activity {
	case "queued", "claimed", "bot_handoff", "transferred":
		m.human = true
	case "resolved":
		m.end(true)
	}
}

// decided notes a decision of the bot.
func (m *meter) decided(s conversation.Said) {
	var e explanation
	if json.Unmarshal([]byte(s.Explanation), &e) != nil || m.question == 0 {
		return
	}
	local := s.At.In(m.zone)
	t := turn{message: s.MessageID, conversation: m.talk.ID, question: m.question, at: s.At, day: dayOf(local), inbox: m.talk.InboxID, team: m.talk.TeamID,
		language: e.Language, article: e.Decision.Article, revision: e.Decision.Revision}
	if e.Context != nil {
		t.part = e.Context.Part
	}
	switch e.Decision.Act {
	case "answer":
		t.act = Answered
		t.judge(s)
		m.cleared(t)
	case "clarify":
		t.act, t.vain = Clarified, Unclear
	case "ask":
		t.act, t.vain = Asked, Unanswered
	case "handoff":
		t.act = HandedOff
		if e.Decision.Reason == "not_understood" {
			t.vain = Unanswered
		}
	default:
		return
	}
	if e.Asked == "" || m.choice != "" && t.act != Answered {
		t.vain = "" // the words of a button are ours, and a file has none
	}
	m.turns = append(m.turns, t)
}

// judge notes what the customer and the agents say of an answer.
func (t *turn) judge(s conversation.Said) {
	switch {
	case s.Wrong:
		t.verdict, t.vain = wrong, MarkedWrong
	case s.Helpful != nil && *s.Helpful:
		t.verdict = right
	case s.Helpful != nil:
		t.verdict, t.vain = wrong, Unhelpful
	}
}

// cleared takes the question that was asked back off those asked in vain, when the next turn answers: the customer chose one of the
// articles, or said it in other words. The one chosen is kept, since it says which article the words mean.
func (m *meter) cleared(t turn) {
	for i := len(m.turns) - 1; i >= m.begin; i-- {
		before := &m.turns[i]
		if before.act != Clarified {
			return
		}
		before.vain = ""
		if id, ok := strings.CutPrefix(m.choice, "article:"); ok {
			if n, err := strconv.ParseInt(id, 10, 64); err == nil && n == t.article {
				before.chosen = n
			}
		}
	}
}

// rated takes a rating of the whole conversation for the last answer, when the bot alone had it and nobody judged that answer.
func (m *meter) rated() {
	score := m.talk.Rating.Score
	if score == 0 || score == 3 {
		return
	}
	for i := len(m.turns) - 1; i >= 0; i-- {
		t := &m.turns[i]
		if t.handed {
			return
		}
		if t.act != Answered {
			continue
		}
		if t.verdict == "" && score > 3 {
			t.verdict = right
		} else if t.verdict == "" {
			t.verdict, t.vain = wrong, Unhelpful
		}
		return
	}
}

// end ends the matter.
func (m *meter) end(resolved bool) {
	for i := m.begin; i < len(m.turns); i++ {
		m.turns[i].handed = m.human
	}
	if resolved {
		m.pair()
		m.begin, m.human, m.reply = len(m.turns), false, conversation.Said{}
	}
}

// dayOf is the day of a local time as a number, such as 20261122.
func dayOf(local time.Time) int {
	year, month, day := local.Date()
	return year*10000 + int(month)*100 + day
}
