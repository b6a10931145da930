package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
	"huiyin/hub"
	"huiyin/knowledge"
)

type demoConversation struct {
	Contact struct {
		Name, Phone, Email, Language string
		Attributes                   map[string]string
	}
	MinutesAgo int `json:"minutes_ago"`
	Status     conversation.Status
	Agent      string
	Priority   string
	Tags       []string
	Messages   []demoMessage
	Helpful    *bool
}

type demoMessage struct {
	From         conversation.Sender
	Text         string
	Article      string
	AfterSeconds int `json:"after_seconds"`
	Private      bool
	Activity     string // of a system line: its kind
	Agent        string // and whose doing it is
	Asks         bool   // the bot did not understand

	articleID   int64
	explanation string
}

// seedConversations makes the demo's inbox and its past, by the same calls that a real message takes, with the
// clock of the transaction turned back.
func (n *node) seedConversations(ctx context.Context, team int64, agents map[string]handoff.Agent) error {
	past, err := readDemo[demoConversation]("conversations.jsonl")
	if err != nil {
		return err
	}
	for i := range past {
		if err := n.explainPast(ctx, past[i].Messages); err != nil {
			return err
		}
	}
	return n.db.Tx(ctx, func(tx *db.Tx) error {
		now := tx.Now
		inbox, err := n.conversations.CreateInbox(ctx, tx, conversation.Inbox{Kind: "webchat", Name: "官网在线客服 Website", Bot: true,
			TeamID: team, Settings: demoLook()})
		if err != nil {
			return err
		}
		n.demoInbox = inbox.ID
		for i, p := range past {
			s := seeder{node: n, tx: tx, inbox: inbox, agents: agents, number: i}
			if err := s.seed(ctx, p, now.Add(-time.Duration(p.MinutesAgo)*time.Minute)); err != nil {
				return fmt.Errorf("conversation %d: %w", i+1, err)
			}
		}
		return n.conversations.MarkAllSent(ctx, tx, inbox.ID)
	})
}

// demoLook fits the widget to the demo company's page.
func demoLook() map[string]string {
	return map[string]string{
		"color": "#0a666e", "title": "星桥客服", "title_en": "Starbridge",
		"greeting":         "您好！我是星桥的智能助手，关于宽带、手机和电视的问题都可以问我。",
		"greeting_en":      "Hello! I am Starbridge's assistant. Ask me about broadband, mobile and TV.",
		"quick_replies":    "宽带断网怎么办\n这个月话费怎么突然多了？\n怎么开电子发票",
		"quick_replies_en": "My internet is down\nWhy is my bill higher than usual?\nHow do I get an invoice?",
	}
}

// explainPast has the bot explain its past answers as it would today.
func (n *node) explainPast(ctx context.Context, messages []demoMessage) error {
	asked := ""
	for i := range messages {
		m := &messages[i]
		if m.From == conversation.FromContact {
			asked = m.Text
		}
		if m.From != conversation.FromBot {
			continue
		}
		tried, err := n.hub.Try(ctx, asked, hub.Asker{})
		if err != nil {
			return err
		}
		handed := i+1 < len(messages) && messages[i+1].Activity == "queued"
		if tried.Explanation.Decision, err = n.decidedThen(ctx, m, handed); err != nil {
			return err
		}
		why, err := json.Marshal(tried.Explanation)
		if err != nil {
			return err
		}
		m.explanation = string(why)
	}
	return nil
}

// decidedThen is the decision that the bot's words of then go with: those with an article are its answer.
func (n *node) decidedThen(ctx context.Context, m *demoMessage, handed bool) (hub.ExplainedDecision, error) {
	switch {
	case m.Article != "":
		a, err := knowledge.ByKey(ctx, n.db, m.Article)
		if err != nil {
			return hub.ExplainedDecision{}, fmt.Errorf("article %s: %w", m.Article, err)
		}
		m.articleID = a.ID
		return hub.ExplainedDecision{Act: hub.ActAnswer, Article: a.ID, Revision: a.PublishedRevision}, nil
	case handed:
		return hub.ExplainedDecision{Act: hub.ActHandoff, Reason: hub.ReasonAsked}, nil
	case m.Asks:
		return hub.ExplainedDecision{Act: hub.ActAsk}, nil
	default:
		return hub.ExplainedDecision{Act: hub.ActSmalltalk}, nil
	}
}

// seeder makes one past conversation.
type seeder struct {
	*node
	tx     *db.Tx
	inbox  conversation.Inbox
	agents map[string]handoff.Agent
	number int
}

func (s seeder) seed(ctx context.Context, p demoConversation, start time.Time) error {
	var c *conversation.Conversation
	for i, m := range p.Messages {
		s.tx.Now = start.Add(time.Duration(m.AfterSeconds) * time.Second)
		if m.From == conversation.FromContact {
			r, err := s.conversations.RecordTx(ctx, s.tx, s.inbox, s.incoming(p, m, i))
			if err != nil {
				return err
			}
			c = r.Conversation
			continue
		}
		if c == nil {
			return fmt.Errorf("message %d: the customer has to speak first", i+1)
		}
		if _, err := s.conversations.Reply(ctx, s.tx, c, s.draft(p, m)); err != nil {
			return err
		}
	}
	return s.finish(ctx, p, c)
}

func (s seeder) incoming(p demoConversation, m demoMessage, i int) conversation.Incoming {
	return conversation.Incoming{SourceID: fmt.Sprintf("demo-%d-%d", s.number, i), Address: fmt.Sprintf("demo-%d", s.number), Text: m.Text,
		Language: p.Contact.Language, Profile: conversation.Profile{Name: p.Contact.Name, Phone: p.Contact.Phone, Email: p.Contact.Email,
			Language: p.Contact.Language, Attributes: p.Contact.Attributes}}
}

func (s seeder) draft(p demoConversation, m demoMessage) conversation.Draft {
	d := conversation.Draft{Sender: m.From, Text: m.Text, Private: m.Private, Explanation: m.explanation}
	if m.From == conversation.FromAgent {
		d.AgentID = s.agents[p.Agent].ID
	}
	if m.Activity != "" {
		d.Content = conversation.Content{Activity: m.Activity, ActivityData: map[string]string{"agent": m.Agent}}
	}
	if m.articleID != 0 {
		d.Content = conversation.Content{Markdown: true, Rateable: true, ArticleID: m.articleID}
	}
	return d
}

// finish sets what the conversation has come to.
func (s seeder) finish(ctx context.Context, p demoConversation, c *conversation.Conversation) error {
	c, err := s.conversations.Load(ctx, s.tx, c.ID)
	if err != nil {
		return err
	}
	c.Priority, _ = conversation.ParsePriority(p.Priority)
	c.Status, c.AgentID, c.TurnDue = p.Status, s.agents[p.Agent].ID, time.Time{}
	if c.Queueing() {
		c.HandoffReason = string(handoff.Asked)
		if c.WaitingSince.IsZero() {
			c.WaitingSince = s.tx.Now
		}
	}
	if c.Status == conversation.Snoozed {
		c.SnoozedUntil = s.db.Now().Add(18 * time.Hour)
	}
	if err := s.conversations.SetTags(ctx, s.tx, c, p.Tags); err != nil {
		return err
	}
	if err := s.conversations.Save(ctx, s.tx, c); err != nil {
		return err
	}
	return s.judge(ctx, p, c)
}

func (s seeder) judge(ctx context.Context, p demoConversation, c *conversation.Conversation) error {
	if p.Helpful == nil {
		return nil
	}
	messages, err := s.conversations.Messages(ctx, s.tx, c.ID, conversation.Page{Limit: 100})
	if err != nil {
		return err
	}
	for i := len(messages) - 1; i >= 0; i-- {
		if messages[i].Content.Rateable {
			_, err := s.conversations.SetHelpful(ctx, s.tx, c.ID, messages[i].Seq, *p.Helpful)
			return err
		}
	}
	return nil
}
