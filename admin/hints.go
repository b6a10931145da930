package admin

import (
	"context"
	"encoding/json"
	"time"

	"huiyin/admin/api"
	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/handoff"
)

// hint is what consoles are told that is not stored.
type hint struct {
	Kind           string `json:"kind"` // typing, viewing, presence, offer, notice or later
	ConversationID int64  `json:"conversation_id,omitempty"`
	From           string `json:"from,omitempty"` // contact or agent
	Name           string `json:"name,omitempty"`
	AgentID        int64  `json:"agent_id,omitempty"`
	Presence       string `json:"presence,omitempty"`
	To             int64  `json:"to,omitempty"` // the one agent it is for
	OfferID        int64  `json:"offer_id,omitempty"`
	Outcome        string `json:"outcome,omitempty"`
	Away           bool   `json:"away,omitempty"` // the silence has set the agent away
}

// hint is what the reader may see of a hint: nothing of conversations out of their scope, nor their own typing.
func (st *stream) hint(text []byte) []byte {
	var h hint
	if err := json.Unmarshal(text, &h); err != nil {
		return nil
	}
	if h.To != 0 && (st.who.key != nil || h.To != st.who.agent.ID) {
		return nil
	}
	if h.ConversationID == 0 {
		return text
	}
	if h.AgentID != 0 && h.AgentID == st.who.agent.ID {
		return nil
	}
	p, err := st.from.tail.where(st.request.Context(), h.ConversationID)
	if err != nil || !p.seenBy(st.scope) {
		return nil
	}
	return text
}

// PostTyping tells colleagues and, unless it is a note, the customer that somebody types.
func (s *Server) PostTyping(ctx context.Context, r api.PostTypingRequestObject) (api.PostTypingResponseObject, error) {
	c, err := s.seen(ctx, s.DB, r.Id)
	if err != nil {
		return nil, err
	}
	who := whoOf(ctx)
	text, err := json.Marshal(hint{Kind: "typing", ConversationID: c.ID, From: "agent", Name: who.name(), AgentID: who.agent.ID})
	if err != nil {
		return nil, err
	}
	s.Live.Hint(channels.TopicHints, text)
	if r.Body.Note || c.AgentID == 0 || c.AgentID != who.agent.ID {
		return api.PostTyping204Response{}, nil
	}
	identity, err := s.Conversations.Identity(ctx, s.DB, c.IdentityID)
	if err != nil {
		return nil, err
	}
	if s.Typing != nil {
		s.Typing(c.InboxID, identity.Address)
	}
	text, err = json.Marshal(channels.Typing{Kind: "typing", From: conversation.FromAgent})
	s.Live.Hint(channels.Topic(c.InboxID, identity.Address), text)
	return api.PostTyping204Response{}, err
}

// PostViewing tells colleagues that somebody looks at a conversation, types in it, or has gone.
func (s *Server) PostViewing(ctx context.Context, r api.PostViewingRequestObject) (api.PostViewingResponseObject, error) {
	c, err := s.seen(ctx, s.DB, r.Id)
	if err != nil {
		return nil, err
	}
	who := whoOf(ctx)
	if who.key != nil {
		return nil, forbidden("a key looks at nothing")
	}
	h := hint{Kind: "viewing", ConversationID: c.ID, From: "agent", Name: who.name(), AgentID: who.agent.ID}
	if r.Body != nil && val(r.Body.Gone) {
		h.Presence = "gone"
	} else if r.Body != nil && val(r.Body.Typing) {
		h.Presence = "typing"
	}
	text, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	s.Live.Hint(channels.TopicHints, text)
	return api.PostViewing204Response{}, nil
}

// presenceEvery is how often presence is looked at without a pulse: who falls silent gives none.
const presenceEvery = 15 * time.Second

// followPresence tells the consoles of this node who comes and goes.
func (s *Server) followPresence(ctx context.Context) {
	pulses := s.Live.Subscribe(handoff.TopicAgents)
	defer pulses.Close()
	ticker := time.NewTicker(presenceEvery)
	defer ticker.Stop()
	known := map[int64]handoff.Presence{}
	for {
		if err := s.tellPresence(ctx, known); err != nil && ctx.Err() == nil {
			s.Log.Warn("presence cannot be read; trying again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-pulses.Pulses():
		case <-ticker.C:
		}
	}
}

// tellPresence tells what is not known yet.
func (s *Server) tellPresence(ctx context.Context, known map[int64]handoff.Presence) error {
	agents, err := s.Desk.Agents(ctx, s.DB)
	if err != nil {
		return err
	}
	for _, a := range agents {
		if known[a.ID] == a.Presence {
			continue
		}
		known[a.ID] = a.Presence
		text, err := json.Marshal(hint{Kind: "presence", AgentID: a.ID, Presence: string(a.Presence)})
		if err != nil {
			return err
		}
		s.Live.Deliver(channels.TopicHints, text)
	}
	return nil
}
