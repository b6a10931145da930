package admin

import (
	"context"
	"time"

	"huiyin/admin/api"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

// ActOnConversations does the same to several conversations. Each is done or refused for itself, in a transaction of
// its own, and nobody learns of one that they may not see more than that it is not found.
func (s *Server) ActOnConversations(ctx context.Context, r api.ActOnConversationsRequestObject) (api.ActOnConversationsResponseObject, error) {
	actions := actionsOf(r.Body.Actions)
	if err := handoff.CheckActions(actions); err != nil {
		return nil, err
	}
	if len(r.Body.Ids) == 0 || len(actions) == 0 {
		return nil, invalid("ids", "name a conversation and what is to be done")
	}
	result := api.ActOnConversations200JSONResponse{Results: []api.BulkRow{}}
	seen := map[int64]bool{}
	for _, id := range r.Body.Ids {
		if seen[id] {
			continue
		}
		seen[id] = true
		row, err := s.actOn(ctx, id, actions)
		if err != nil {
			return nil, err
		}
		result.Results = append(result.Results, row)
	}
	return result, nil
}

// actOn is what became of one; only what is our own fault is an error.
func (s *Server) actOn(ctx context.Context, id int64, actions []handoff.Action) (api.BulkRow, error) {
	var c *conversation.Conversation
	err := s.write(ctx, func(tx *db.Tx) (err error) {
		if _, err = s.taken(ctx, tx, id); err != nil {
			return err
		}
		for _, a := range actions {
			if c, err = s.Desk.Act(ctx, tx, id, s.actor(ctx), a); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		f, known := asFault(err)
		if !known {
			return api.BulkRow{}, err
		}
		return api.BulkRow{Id: id, Code: opt(f.code), Detail: opt(f.detail)}, nil
	}
	row := api.BulkRow{Id: id, Ok: true}
	if whoOf(ctx).scope().Sees(c) {
		shown, err := s.viewConversation(ctx, c)
		if err != nil {
			return row, err
		}
		row.Conversation = &shown
	}
	return row, nil
}

// actor is as whom the caller works at the desk, with a name also when it is a key.
func (s *Server) actor(ctx context.Context) handoff.Agent {
	who := whoOf(ctx)
	a := who.actor()
	a.Name = who.name()
	return a
}

func actionsOf(list []api.Action) []handoff.Action {
	var actions []handoff.Action
	for _, a := range list {
		actions = append(actions, handoff.Action{Kind: string(a.Kind), Tags: a.Tags, Priority: string(val(a.Priority)), TeamID: val(a.TeamId), AgentID: val(a.AgentId),
			To: string(val(a.To)), Until: val(a.Until), Minutes: val(a.Minutes), Text: val(a.Text)})
	}
	return actions
}

func viewActions(list []handoff.Action) []api.Action {
	shown := []api.Action{}
	for _, a := range list {
		shown = append(shown, api.Action{Kind: api.ActionKind(a.Kind), Tags: a.Tags, Priority: opt(api.Priority(a.Priority)), TeamId: opt(a.TeamID), AgentId: opt(a.AgentID),
			To: opt(api.ActionTo(a.To)), Until: optTime(a.Until), Minutes: opt(a.Minutes), Text: opt(a.Text)})
	}
	return shown
}

// MergeConversation has a conversation go on in another one of its customer.
func (s *Server) MergeConversation(ctx context.Context, r api.MergeConversationRequestObject) (api.MergeConversationResponseObject, error) {
	shown, err := s.changed(ctx, func(tx *db.Tx) (*conversation.Conversation, error) {
		c, err := s.Desk.Merge(ctx, tx, r.Id, r.Body.Into, s.actor(ctx))
		if err != nil {
			return nil, err
		}
		return c, s.note(ctx, tx, "conversation_merged", object("conversation", r.Id), object("conversation", r.Body.Into))
	})
	return api.MergeConversation200JSONResponse(shown), err
}

// UnmergeConversation takes a merged conversation up again.
func (s *Server) UnmergeConversation(ctx context.Context, r api.UnmergeConversationRequestObject) (api.UnmergeConversationResponseObject, error) {
	shown, err := s.changed(ctx, func(tx *db.Tx) (*conversation.Conversation, error) {
		c, err := s.Desk.Unmerge(ctx, tx, r.Id, s.actor(ctx))
		if err != nil {
			return nil, err
		}
		return c, s.note(ctx, tx, "conversation_unmerged", object("conversation", r.Id), "")
	})
	return api.UnmergeConversation200JSONResponse(shown), err
}

// ListMerged shows what was merged into a conversation, as far as the caller may see it.
func (s *Server) ListMerged(ctx context.Context, r api.ListMergedRequestObject) (api.ListMergedResponseObject, error) {
	if _, err := s.seen(ctx, s.DB, r.Id); err != nil {
		return nil, err
	}
	ids, err := s.Conversations.MergedInto(ctx, s.DB, r.Id)
	if err != nil {
		return nil, err
	}
	found, err := s.Conversations.GetAll(ctx, s.DB, ids)
	if err != nil {
		return nil, err
	}
	var list []*conversation.Conversation
	for _, id := range ids {
		if c := found[id]; c != nil && whoOf(ctx).scope().Sees(c) {
			list = append(list, c)
		}
	}
	shown, err := s.viewConversations(ctx, list)
	return api.ListMerged200JSONResponse(shown), err
}

// SnoozeConversation puts a conversation aside until a time, or until the customer writes.
func (s *Server) SnoozeConversation(ctx context.Context, r api.SnoozeConversationRequestObject) (api.SnoozeConversationResponseObject, error) {
	until := time.Time{}
	if r.Body.Until != nil {
		until = *r.Body.Until
	}
	shown, err := s.changed(ctx, func(tx *db.Tx) (*conversation.Conversation, error) {
		return s.Desk.SnoozeFor(ctx, tx, r.Id, s.actor(ctx), handoff.Snooze{Until: until, Reason: val(r.Body.Reason)})
	})
	return api.SnoozeConversation200JSONResponse(shown), err
}
