package admin

import (
	"context"
	"encoding/json"

	"huiyin/admin/api"
	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

// tellOffer lets the consoles of the agent know that an offer was made or has ended, on every node.
func (s *Server) tellOffer(o handoff.Offer) {
	text, err := json.Marshal(hint{Kind: "offer", To: o.AgentID, OfferID: o.ID, Outcome: string(o.Outcome), Away: o.Away})
	if err != nil {
		s.Log.Warn("an offer could not be told; consoles find it by looking", "offer", o.ID, "error", err)
		return
	}
	s.Live.Hint(channels.TopicHints, text)
}

// ListOffers shows what is offered to the caller now.
func (s *Server) ListOffers(ctx context.Context, _ api.ListOffersRequestObject) (api.ListOffersResponseObject, error) {
	found, err := s.Desk.OffersTo(ctx, s.DB, whoOf(ctx).agent.ID)
	if err != nil {
		return nil, err
	}
	shown := api.ListOffers200JSONResponse{}
	for _, o := range found {
		c, err := s.Conversations.Get(ctx, s.DB, o.ConversationID)
		if err != nil {
			return nil, err
		}
		if !whoOf(ctx).scope().Sees(c) {
			continue
		}
		view, err := s.viewConversation(ctx, c)
		if err != nil {
			return nil, err
		}
		left := max(0, o.ExpiresAt.Sub(s.DB.Now()).Milliseconds())
		shown = append(shown, api.Offer{Id: o.ID, Conversation: view, Rule: string(o.Why.Rule), MadeAt: o.MadeAt, ExpiresAt: o.ExpiresAt, LeftMs: left})
	}
	return shown, nil
}

// AcceptOffer makes the caller the owner of what was offered to them.
func (s *Server) AcceptOffer(ctx context.Context, r api.AcceptOfferRequestObject) (api.AcceptOfferResponseObject, error) {
	shown, err := s.changed(ctx, func(tx *db.Tx) (*conversation.Conversation, error) {
		return s.Desk.Accept(ctx, tx, r.Id, whoOf(ctx).actor())
	})
	return api.AcceptOffer200JSONResponse(shown), err
}

// DeclineOffer gives back what was offered to the caller.
func (s *Server) DeclineOffer(ctx context.Context, r api.DeclineOfferRequestObject) (api.DeclineOfferResponseObject, error) {
	err := s.write(ctx, func(tx *db.Tx) error { return s.Desk.Decline(ctx, tx, r.Id, whoOf(ctx).actor()) })
	if err != nil {
		return nil, err
	}
	return api.DeclineOffer204Response{}, nil
}

// pastOffers bounds how many offers of a conversation are shown.
const pastOffers = 20

// GetConversationRouting shows why a conversation stands where it does and to whom it was offered.
func (s *Server) GetConversationRouting(ctx context.Context, r api.GetConversationRoutingRequestObject) (api.GetConversationRoutingResponseObject, error) {
	c, err := s.seen(ctx, s.DB, r.Id)
	if err != nil {
		return nil, err
	}
	why, err := s.Desk.Explain(ctx, s.DB, c)
	if err != nil {
		return nil, err
	}
	shown := api.GetConversationRouting200JSONResponse{Waits: c.Queueing(), HeadStartMinutes: int(c.HeadStart.Minutes()), Parts: map[string]int{},
		Needs: why.Needs, Now: opt(string(why.Now.Rule)), Later: opt(why.Later), Offers: []api.PastOffer{}}
	if shown.Needs == nil {
		shown.Needs = map[string]int{}
	}
	for _, p := range why.Parts {
		shown.Parts[p.Why] = p.Minutes
	}
	if c.Queueing() {
		ahead, err := s.Conversations.Ahead(ctx, s.DB, c)
		if err != nil {
			return nil, err
		}
		shown.Position = opt(ahead + 1)
	}
	shown.Offers, err = s.viewOffers(ctx, c.ID)
	return shown, err
}

func (s *Server) viewOffers(ctx context.Context, conversationID int64) ([]api.PastOffer, error) {
	found, err := s.Desk.OffersOf(ctx, s.DB, conversationID, pastOffers)
	if err != nil {
		return nil, err
	}
	table, err := s.names.table(ctx)
	if err != nil {
		return nil, err
	}
	named := func(id int64) api.Person { return api.Person{Id: id, Name: table.agents[id]} }
	shown := make([]api.PastOffer, 0, len(found))
	for _, o := range found {
		one := api.PastOffer{Agent: named(o.AgentID), Rule: string(o.Why.Rule), MadeAt: o.MadeAt, EndedAt: optTime(o.EndedAt), Outcome: string(o.Outcome),
			Relaxed: opt(o.Why.Relaxed), Candidates: []api.Candidate{}, Barred: map[string]int{}}
		for _, b := range o.Why.Best {
			one.Candidates = append(one.Candidates, api.Candidate{Agent: named(b.Agent), Load: b.Load, Fit: b.Fit, Idle: b.Idle})
		}
		for bar, n := range o.Why.Barred {
			one.Barred[string(bar)] = n
		}
		shown = append(shown, one)
	}
	return shown, nil
}
