package admin

import (
	"context"

	"huiyin/admin/api"
	"huiyin/conversation"
	"huiyin/db"
)

// ListConversations shows a page of conversations in the caller's scope.
func (s *Server) ListConversations(ctx context.Context, r api.ListConversationsRequestObject) (api.ListConversationsResponseObject, error) {
	f, err := filterOf(r.Params, whoOf(ctx).scope())
	if err != nil {
		return nil, err
	}
	if err := s.narrow(ctx, &f, r.Params); err != nil {
		return nil, err
	}
	var found []*conversation.Conversation
	var next *conversation.Place
	err = s.DB.Snapshot(ctx, func(from db.Querier) error { // what moves to another stretch meanwhile is in the list once
		found, next, err = s.Conversations.List(ctx, from, f)
		return err
	})
	if err != nil {
		return nil, err
	}
	items, err := s.viewConversations(ctx, found)
	if err != nil {
		return nil, err
	}
	page := api.ConversationPage{Items: items}
	if next != nil {
		page.Next = opt(next.String())
	}
	return api.ListConversations200JSONResponse(page), nil
}

func filterOf(p api.ListConversationsParams, scope conversation.Scope) (conversation.Filter, error) {
	f := conversation.Filter{View: conversation.View(val(p.View)), Scope: scope, Status: conversation.Status(val(p.Status)),
		InboxID: val(p.InboxId), TeamID: val(p.TeamId), AgentID: val(p.AgentId), Tag: val(p.Tag), Query: val(p.Q),
		Unread: val(p.Unread), Limit: pageSize(p.Limit)}
	if p.Cursor == nil {
		return f, nil
	}
	place, ok := conversation.ParsePlace(*p.Cursor)
	if !ok {
		return f, invalid("cursor", "this is not a cursor of this list")
	}
	f.After = place
	return f, nil
}

// CountConversations shows the counters of the views, and of those that were saved.
func (s *Server) CountConversations(ctx context.Context, _ api.CountConversationsRequestObject) (api.CountConversationsResponseObject, error) {
	counts, err := s.Conversations.Counts(ctx, s.DB, whoOf(ctx).scope())
	if err != nil {
		return nil, err
	}
	saved, err := s.savedCounts(ctx)
	if err != nil {
		return nil, err
	}
	show := func(v conversation.View) api.Count {
		return api.Count{Total: int(counts[v].Total), Unread: int(counts[v].Unread)}
	}
	return api.CountConversations200JSONResponse{Mine: show(conversation.ViewMine), Queue: show(conversation.ViewQueue), Bot: show(conversation.ViewBot),
		Snoozed: show(conversation.ViewSnoozed), Resolved: show(conversation.ViewResolved), All: show(conversation.ViewAll), Saved: saved}, nil
}

// GetConversation shows one conversation, with its place in the queue.
func (s *Server) GetConversation(ctx context.Context, r api.GetConversationRequestObject) (api.GetConversationResponseObject, error) {
	c, err := s.seen(ctx, s.DB, r.Id)
	if err != nil {
		return nil, err
	}
	shown, err := s.viewConversation(ctx, c)
	if err != nil {
		return nil, err
	}
	shown.ContactOnline = s.online(ctx, c)
	if c.Queueing() {
		ahead, err := s.Conversations.Ahead(ctx, s.DB, c)
		if err != nil {
			return nil, err
		}
		shown.QueuePosition = opt(ahead + 1)
	}
	return api.GetConversation200JSONResponse(shown), nil
}

// PatchConversation changes priority, tags or subject, and leaves a line about it in the conversation.
func (s *Server) PatchConversation(ctx context.Context, r api.PatchConversationRequestObject) (api.PatchConversationResponseObject, error) {
	shown, err := s.changed(ctx, func(tx *db.Tx) (*conversation.Conversation, error) {
		c, err := s.taken(ctx, tx, r.Id)
		if err != nil {
			return nil, err
		}
		return c, s.changeConversation(ctx, tx, c, r.Body)
	})
	return api.PatchConversation200JSONResponse(shown), err
}

func (s *Server) changeConversation(ctx context.Context, tx *db.Tx, c *conversation.Conversation, p *api.ConversationPatch) error {
	c.Subject = or(p.Subject, c.Subject)
	if p.Tags != nil {
		if err := s.retag(ctx, tx, c, p.Tags); err != nil {
			return err
		}
	}
	if p.Priority != nil {
		if err := s.reprioritise(ctx, tx, c, string(*p.Priority)); err != nil {
			return err
		}
	}
	return s.Conversations.Save(ctx, tx, c)
}

// changed runs one change of a conversation and shows what it became.
func (s *Server) changed(ctx context.Context, change func(*db.Tx) (*conversation.Conversation, error)) (api.Conversation, error) {
	var c *conversation.Conversation
	err := s.write(ctx, func(tx *db.Tx) (err error) {
		c, err = change(tx)
		return err
	})
	if err != nil {
		return api.Conversation{}, err
	}
	return s.viewConversation(ctx, c)
}
