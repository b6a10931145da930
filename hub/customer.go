package hub

import (
	"context"
	"errors"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
	"huiyin/knowledge"
)

// Customer is what the pages of a channel may do for a customer.
func (h *Hub) Customer() channels.Customer { return customer{h} }

type customer struct{ hub *Hub }

// Human hands the customer's conversation to a person; one that has none yet gets it with this wish.
func (s customer) Human(ctx context.Context, inbox conversation.Inbox, address, language string) error {
	identity, err := s.hub.Conversations.IdentityAt(ctx, s.hub.DB, inbox.ID, address)
	if errors.Is(err, conversation.ErrNotFound) || err == nil && identity.ConversationID == 0 {
		return s.wish(ctx, inbox, address, language)
	}
	if err != nil {
		return err
	}
	over := false
	err = s.hub.DB.Tx(ctx, func(tx *db.Tx) error {
		c, err := s.hub.Conversations.Load(ctx, tx, identity.ConversationID)
		if err != nil {
			return err
		}
		if over = c.Status == conversation.Resolved; over {
			return nil
		}
		return s.hub.Desk.Request(ctx, tx, c, handoff.Asked)
	})
	if err != nil || !over {
		return err
	}
	return s.wish(ctx, inbox, address, language)
}

// wish records the wish for a person as the customer's own message, so that the usual road takes it up.
func (s customer) wish(ctx context.Context, inbox conversation.Inbox, address, language string) error {
	_, err := s.hub.Accept(ctx, inbox, channels.Received{Messages: []conversation.Incoming{{
		Address: address, Text: wordsFor(language).human, Language: language, Choice: choiceHuman}}})
	return err
}

// Verdict stores whether an answer helped; after one that did not, the bot offers a person.
func (s customer) Verdict(ctx context.Context, inbox conversation.Inbox, address string, conversationID, seq int64, helpful bool) error {
	identity, err := s.hub.Conversations.IdentityAt(ctx, s.hub.DB, inbox.ID, address)
	if err != nil {
		return err
	}
	return s.hub.DB.Tx(ctx, func(tx *db.Tx) error {
		c, err := s.hub.Conversations.Load(ctx, tx, conversationID)
		if err != nil {
			return err
		}
		if c.IdentityID != identity.ID {
			return conversation.ErrNotFound
		}
		return s.hub.takeVerdict(ctx, tx, c, seq, helpful)
	})
}

func (h *Hub) takeVerdict(ctx context.Context, tx *db.Tx, c *conversation.Conversation, seq int64, helpful bool) error {
	m, err := h.Conversations.Message(ctx, tx, c.ID, seq)
	if err != nil {
		return err
	}
	if !m.Content.Rateable || m.Private {
		return &conversation.FieldError{Field: "seq", Message: "this message takes no verdict"}
	}
	first := m.Helpful == nil
	changed, err := h.Conversations.SetHelpful(ctx, tx, c.ID, seq, helpful)
	if err != nil || !changed {
		return err
	}
	if first {
		err := knowledge.Feedback(ctx, tx, m.Content.ArticleID, helpful)
		if err != nil && !errors.Is(err, knowledge.ErrNotFound) {
			return err
		}
	}
	if helpful || !first || c.Status != conversation.Pending || !c.TurnDue.IsZero() {
		return nil // with a turn due the customer has asked on, and is answered that
	}
	return h.apologise(ctx, tx, c, m)
}

// apologise answers an unhelpful verdict; the explanation is that of the answer it is about.
func (h *Hub) apologise(ctx context.Context, tx *db.Tx, c *conversation.Conversation, m conversation.Message) error {
	w := wordsFor(c.Language)
	return h.say(ctx, tx, c, conversation.Draft{Text: w.sorry, Explanation: m.Explanation,
		Content: conversation.Content{Choices: []conversation.Choice{w.humanChoice()}}})
}

// Standing tells where the customer's conversation stands.
func (s customer) Standing(ctx context.Context, inbox conversation.Inbox, address string) (channels.Standing, error) {
	identity, err := s.hub.Conversations.IdentityAt(ctx, s.hub.DB, inbox.ID, address)
	if errors.Is(err, conversation.ErrNotFound) || err == nil && identity.ConversationID == 0 {
		place, err := s.hub.Desk.Standing(ctx, s.hub.DB, &conversation.Conversation{Status: conversation.Pending, TeamID: inbox.TeamID})
		return channels.Standing{Status: "none", AgentsOnline: place.AgentsOnline, OpensAt: place.OpensAt}, err
	}
	if err != nil {
		return channels.Standing{}, err
	}
	c, err := s.hub.Conversations.Get(ctx, s.hub.DB, identity.ConversationID)
	if err != nil {
		return channels.Standing{}, err
	}
	place, err := s.hub.Desk.Standing(ctx, s.hub.DB, c)
	if err != nil {
		return channels.Standing{}, err
	}
	return channels.Standing{Status: standing(c), Position: place.Position, Wait: place.Wait, Agent: place.AgentName, AgentID: c.AgentID,
		AgentsOnline: place.AgentsOnline, OpensAt: place.OpensAt, Later: place.Later, Conversation: c.ID}, nil
}

func standing(c *conversation.Conversation) string {
	switch {
	case c.Status == conversation.Pending:
		return "bot"
	case c.Status == conversation.Resolved:
		return "resolved"
	case c.AgentID == 0:
		return "queued"
	default:
		return "agent"
	}
}
