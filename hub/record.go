package hub

import (
	"context"
	"encoding/json"
	"fmt"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/nlu"
)

// ActSay says what the inbox's settings have for an event or a keyword; no decision is made.
const ActSay Act = "say"

// ready fills in what the adapter leaves to us.
func ready(m conversation.Incoming, passive *channels.Passive) conversation.Incoming {
	if m.Language == "" {
		m.Language = string(nlu.DetectLanguage(m.Text))
	}
	if passive != nil && m.SourceID == passive.Source {
		m.Hold = passive.Within
	}
	return m
}

// record makes a message durable, and with it the inbox's own words on it.
func (h *Hub) record(ctx context.Context, inbox conversation.Inbox, m conversation.Incoming) (r conversation.Recorded, err error) {
	if len(m.Media) > 0 {
		defer h.media.ring()
	}
	if mayRate(m) {
		if r, taken, err := h.recordRating(ctx, inbox, m); taken || err != nil {
			return r, err
		}
	}
	if m.Say == "" {
		return h.Conversations.Record(ctx, inbox, m)
	}
	policy, err := h.policy(ctx)
	if err != nil {
		return r, err
	}
	err = h.DB.Tx(ctx, func(tx *db.Tx) error {
		r, err = h.recordAndSay(ctx, tx, inbox, m, policy)
		return err
	})
	if conversation.IsDuplicate(err) {
		return h.Conversations.Record(ctx, inbox, m)
	}
	return r, err
}

func (h *Hub) recordAndSay(ctx context.Context, tx *db.Tx, inbox conversation.Inbox, m conversation.Incoming, p Policy) (conversation.Recorded, error) {
	r, err := h.Conversations.RecordTx(ctx, tx, inbox, m)
	if err != nil || r.Say == "" {
		return r, err
	}
	if m.Consent != "" {
		return r, h.confirm(ctx, tx, r.Conversation, m)
	}
	if r.Conversation.AgentID != 0 || r.Conversation.Elsewhere {
		return r, nil
	}
	why, err := ownWords(p, m)
	if err != nil {
		return r, err
	}
	return r, h.say(ctx, tx, r.Conversation, conversation.Draft{Text: m.Say, Explanation: why, Content: conversation.Content{Markdown: true, Ticket: m.Ticket}})
}

// confirm says back that the customer opted out or in, whoever has the conversation.
func (h *Hub) confirm(ctx context.Context, tx *db.Tx, c *conversation.Conversation, m conversation.Incoming) error {
	_, err := h.Conversations.Reply(ctx, tx, c, conversation.Draft{Sender: conversation.FromSystem, Text: m.Say,
		Content: conversation.Content{Activity: "opted_" + string(m.Consent), Confirms: true}})
	return err
}

// ownWords explains what the inbox's settings have the bot say to an event or a keyword.
func ownWords(p Policy, m conversation.Incoming) (string, error) {
	rule := "the inbox's own words for a keyword"
	if m.Activity != "" {
		rule = "the inbox's own words for " + m.Activity
	}
	why, err := json.Marshal(explain(p, Turn{Analysis: nlu.Analyze(m.Text)}, nil, Decision{Act: ActSay, Rule: rule}))
	if err != nil {
		return "", fmt.Errorf("write explanation: %w", err)
	}
	return string(why), nil
}
