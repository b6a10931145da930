package admin

import (
	"context"

	"huiyin/admin/api"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

// ClaimConversation makes the caller the owner of a conversation.
func (s *Server) ClaimConversation(ctx context.Context, r api.ClaimConversationRequestObject) (api.ClaimConversationResponseObject, error) {
	takeOver := r.Body != nil && val(r.Body.TakeOver)
	shown, err := s.changed(ctx, func(tx *db.Tx) (*conversation.Conversation, error) {
		return s.Desk.Claim(ctx, tx, r.Id, whoOf(ctx).actor(), takeOver)
	})
	return api.ClaimConversation200JSONResponse(shown), err
}

// ReleaseConversation gives a conversation back.
func (s *Server) ReleaseConversation(ctx context.Context, r api.ReleaseConversationRequestObject) (api.ReleaseConversationResponseObject, error) {
	shown, err := s.changed(ctx, func(tx *db.Tx) (*conversation.Conversation, error) {
		return s.Desk.Release(ctx, tx, r.Id, whoOf(ctx).actor(), handoff.Destination(r.Body.To))
	})
	return api.ReleaseConversation200JSONResponse(shown), err
}

// TransferConversation hands a conversation to a team or a colleague.
func (s *Server) TransferConversation(ctx context.Context, r api.TransferConversationRequestObject) (api.TransferConversationResponseObject, error) {
	to := handoff.Target{TeamID: val(r.Body.TeamId), AgentID: val(r.Body.AgentId)}
	shown, err := s.changed(ctx, func(tx *db.Tx) (*conversation.Conversation, error) {
		return s.Desk.Transfer(ctx, tx, r.Id, whoOf(ctx).actor(), to, val(r.Body.Note))
	})
	return api.TransferConversation200JSONResponse(shown), err
}

// ResolveConversation ends a conversation.
func (s *Server) ResolveConversation(ctx context.Context, r api.ResolveConversationRequestObject) (api.ResolveConversationResponseObject, error) {
	shown, err := s.changed(ctx, func(tx *db.Tx) (*conversation.Conversation, error) {
		return s.Desk.Resolve(ctx, tx, r.Id, whoOf(ctx).actor())
	})
	return api.ResolveConversation200JSONResponse(shown), err
}

// ReopenConversation takes a resolved conversation up again.
func (s *Server) ReopenConversation(ctx context.Context, r api.ReopenConversationRequestObject) (api.ReopenConversationResponseObject, error) {
	shown, err := s.changed(ctx, func(tx *db.Tx) (*conversation.Conversation, error) {
		return s.Desk.Reopen(ctx, tx, r.Id, whoOf(ctx).actor())
	})
	return api.ReopenConversation200JSONResponse(shown), err
}
