package hub

import (
	"context"
	"slices"
	"strings"

	"huiyin/conversation"
	"huiyin/nlu"
)

// turn is what the customer said since we last spoke, and what came before it.
type turn struct {
	conversation *conversation.Conversation
	said         []saying
	upTo         int64 // seq of the newest message that was looked at
	unhelpful    []int64
	explained    string   // the explanation of the bot's last answer or offer, if that is what the customer replies to
	insults      int      // earlier messages that were nothing but abuse
	heard        []string // the customer's newest messages, in normal form
	answered     int64    // seq of the bot's last answer, if that is what the customer replies to
	toBot        bool     // the bot spoke last before
}

// saying is one message of the customer; text is empty when it was files only.
type saying struct {
	text, choice string
	rule         string // how a typed text came to mean a button; empty: it was pressed
	voice        bool   // a recording is among its files
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
	return turnOf(c, messages), nil
}

func turnOf(c *conversation.Conversation, messages []conversation.Message) turn {
	t := turn{conversation: c}
	var offered []conversation.Choice
	for _, m := range messages {
		t.upTo = m.Seq
		switch {
		case m.Sender == conversation.FromContact && m.Content.Activity == "" && m.Content.Rating == 0 && !m.Automatic():
			t.hear(m, offered)
			if c != nil && c.BotSeq > 0 && (m.Seq <= c.BotSeq || queueWish(m) != "") {
				t.said = t.said[:len(t.said)-1] // looked at, or answered by the queue
			}
		case settled(m):
			t.said, t.explained, t.answered, t.toBot, offered = nil, "", 0, false, nil
		case !m.Private && (m.Sender == conversation.FromBot || m.Sender == conversation.FromAgent):
			offered = m.Content.Choices
			t.weSpoke(m)
		}
	}
	t.countInsults(messages)
	return t
}

// direct tells whether all that was said is what a letter of the bot's asks for in reply: a choice among what it offers, that it
// did not help, or a person.
func (t turn) direct() bool {
	return t.toBot && len(t.said) > 0 && !slices.ContainsFunc(t.said, func(s saying) bool {
		return s.choice == "" && (t.answered == 0 || !saysUnhelpful(s.text)) && nlu.Analyze(s.text).Intent != nlu.IntentHuman
	})
}

// weSpoke ends what was said before a message of ours, and keeps what a follow-up may lean on.
func (t *turn) weSpoke(m conversation.Message) {
	t.said, t.answered, t.toBot = nil, 0, m.Sender == conversation.FromBot
	if m.Sender == conversation.FromBot && m.Content.Rateable {
		t.answered = m.Seq
	}
	if m.Helpful != nil && !*m.Helpful && m.Content.ArticleID != 0 {
		t.unhelpful = append(t.unhelpful, m.Content.ArticleID)
	}
	switch {
	case m.Sender == conversation.FromAgent:
		t.explained = ""
	case m.Content.ArticleID != 0 || len(m.Content.Choices) > 1:
		t.explained = m.Explanation
	}
}

// settled tells whether what was said before an activity line is over: the conversation was resolved, a human, having been
// asked for, gave it back to the bot, or a colleague served the customer elsewhere.
func settled(m conversation.Message) bool {
	a := m.Content
	return a.Elsewhere != "" || m.Sender == conversation.FromSystem && (a.Activity == "resolved" || a.Activity == "bot_resumed" && a.ActivityData["asked"] == "true")
}

func (t *turn) hear(m conversation.Message, offered []conversation.Choice) {
	t.heard = append(t.heard, nlu.Normalize(m.Text))
	s := saying{text: strings.TrimSpace(m.Text), choice: m.Content.Choice}
	s.voice = slices.ContainsFunc(m.Attachments, func(a conversation.Attachment) bool { return strings.HasPrefix(a.Type, "audio/") })
	if s.choice == "" {
		s.choice, s.rule = pick(s.text, offered)
	}
	if len(t.said) == maxTurn { // what was said last counts most
		t.said = t.said[1:]
	}
	t.said = append(t.said, s)
}

// countInsults looks back only when the customer insults now, which is rare.
func (t *turn) countInsults(messages []conversation.Message) {
	if !slices.ContainsFunc(t.said, func(s saying) bool { return nlu.Analyze(s.text).Intent == nlu.IntentAbuse }) {
		return
	}
	for _, m := range messages {
		if m.Sender == conversation.FromContact && nlu.Analyze(m.Text).Intent == nlu.IntentAbuse {
			t.insults++
		}
	}
	t.insults-- // the newest one is what is decided on
}
