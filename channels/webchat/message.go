package webchat

import (
	"context"
	"time"

	"huiyin/conversation"
)

// messageJSON is a message as the visitor may see it.
type messageJSON struct {
	Conversation int64                 `json:"conversation"`
	Seq          int64                 `json:"seq"`
	Cursor       string                `json:"cursor"`
	From         conversation.Sender   `json:"from"`
	Author       *authorJSON           `json:"author,omitempty"`
	Text         string                `json:"text"`
	HTML         string                `json:"html,omitempty"`
	Activity     string                `json:"activity,omitempty"`
	Choices      []conversation.Choice `json:"choices,omitempty"`
	Attachments  []attachmentJSON      `json:"attachments,omitempty"`
	ClientID     string                `json:"client_id,omitempty"`
	Delivery     conversation.Delivery `json:"delivery"`
	At           time.Time             `json:"at"`
	CanRate      bool                  `json:"can_rate,omitempty"`
	Helpful      *bool                 `json:"helpful,omitempty"`
	Article      int64                 `json:"article,omitempty"`
}

type attachmentJSON struct {
	Key    string `json:"key"`
	Name   string `json:"name"`
	Type   string `json:"type"`
	Size   int64  `json:"size"`
	URL    string `json:"url"`
	Width  int    `json:"width,omitempty"`
	Height int    `json:"height,omitempty"`
}

// show turns messages into what the visitor may see. What agents did and why (the data of an activity line,
// explanations) stays here.
func (a *Adapter) show(ctx context.Context, inboxID int64, messages []conversation.Message) ([]messageJSON, error) {
	read, err := a.readByAgents(ctx, messages)
	if err != nil {
		return nil, err
	}
	return a.showRead(ctx, inboxID, messages, read, authors{}), nil
}

// authors are the agents whose names were asked for already.
type authors map[int64]*authorJSON

// showRead is show where it is known how far agents have read each conversation.
func (a *Adapter) showRead(ctx context.Context, inboxID int64, messages []conversation.Message, read map[int64]int64, known authors) []messageJSON {
	shown := make([]messageJSON, 0, len(messages))
	for _, m := range messages {
		if m.Private {
			continue
		}
		s := a.showOne(inboxID, m)
		s.Delivery = deliveryOf(m.Sender, m.Delivery, m.Seq <= read[m.ConversationID])
		if m.Sender == conversation.FromAgent {
			if known[m.AgentID] == nil {
				known[m.AgentID] = a.author(ctx, inboxID, m.AgentID)
			}
			s.Author = known[m.AgentID]
		}
		shown = append(shown, s)
	}
	return shown
}

// deliveryOf is how far a message has come as the visitor sees it: their own has arrived, and an agent may have read it.
func deliveryOf(sender conversation.Sender, stored conversation.Delivery, readByAgent bool) conversation.Delivery {
	switch {
	case sender != conversation.FromContact:
		return stored
	case readByAgent:
		return conversation.Read
	default:
		return conversation.Sent
	}
}

func (a *Adapter) showOne(inboxID int64, m conversation.Message) messageJSON {
	s := messageJSON{Conversation: m.ConversationID, Seq: m.Seq, Cursor: cursorOf(m).String(), From: m.Sender, Text: m.Text,
		Activity: m.Content.Activity, Choices: m.Content.Choices, ClientID: m.Content.ClientID, Delivery: m.Delivery,
		At: m.CreatedAt, CanRate: m.Content.Rateable, Helpful: m.Helpful}
	if m.Sender == conversation.FromBot && a.Article != nil {
		s.Article = m.Content.ArticleID
	}
	if m.Content.Markdown && m.Sender != conversation.FromContact {
		s.HTML = a.rich(m.Text)
	}
	for _, f := range m.Attachments {
		s.Attachments = append(s.Attachments, a.showFile(inboxID, f))
	}
	return s
}

func (a *Adapter) showFile(inboxID int64, f conversation.Attachment) attachmentJSON {
	return attachmentJSON{Key: f.Key, Name: f.Name, Type: f.Type, Size: f.Size, Width: f.Width, Height: f.Height, URL: a.fileURL(inboxID, f.Key)}
}

// author is the agent's name and picture; without one the widget says what they are.
func (a *Adapter) author(ctx context.Context, inboxID, agentID int64) *authorJSON {
	if a.AgentName == nil || agentID == 0 {
		return nil
	}
	name, err := a.AgentName(ctx, agentID)
	if err != nil || name == "" {
		return nil
	}
	return &authorJSON{Name: name, Picture: a.pictureURL(ctx, inboxID, agentID)}
}

// readByAgents is how far agents have read each conversation that the visitor wrote in.
func (a *Adapter) readByAgents(ctx context.Context, messages []conversation.Message) (map[int64]int64, error) {
	read := map[int64]int64{}
	for _, m := range messages {
		if _, seen := read[m.ConversationID]; seen || m.Sender != conversation.FromContact {
			continue
		}
		c, err := a.Conversations.Get(ctx, a.Conversations.DB, m.ConversationID)
		if err != nil {
			return nil, err
		}
		read[m.ConversationID] = c.AgentReadSeq
	}
	return read, nil
}
