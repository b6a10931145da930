package admin

import (
	"context"
	"errors"

	"huiyin/admin/api"
	"huiyin/db"
	"huiyin/handoff"
)

// ListDrafts shows what the caller has begun to write, in conversations that they still see.
func (s *Server) ListDrafts(ctx context.Context, _ api.ListDraftsRequestObject) (api.ListDraftsResponseObject, error) {
	found, err := s.Desk.Drafts(ctx, s.DB, whoOf(ctx).agent.ID, 0)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(found))
	for i, d := range found {
		ids[i] = d.ConversationID
	}
	conversations, err := s.Conversations.GetAll(ctx, s.DB, ids)
	if err != nil {
		return nil, err
	}
	shown := api.ListDrafts200JSONResponse{}
	for _, d := range found {
		if c := conversations[d.ConversationID]; c != nil && whoOf(ctx).scope().Sees(c) {
			shown = append(shown, viewDraft(d))
		}
	}
	return shown, nil
}

// ListConversationDrafts shows what the caller has begun to write in a conversation.
func (s *Server) ListConversationDrafts(ctx context.Context, r api.ListConversationDraftsRequestObject) (api.ListConversationDraftsResponseObject, error) {
	if _, err := s.seen(ctx, s.DB, r.Id); err != nil {
		return nil, err
	}
	found, err := s.Desk.Drafts(ctx, s.DB, whoOf(ctx).agent.ID, r.Id)
	shown := api.ListConversationDrafts200JSONResponse{}
	for _, d := range found {
		shown = append(shown, viewDraft(d))
	}
	return shown, err
}

// SaveDraft keeps what the caller has begun to write. Who would write over a newer version is given that one.
func (s *Server) SaveDraft(ctx context.Context, r api.SaveDraftRequestObject) (api.SaveDraftResponseObject, error) {
	who := whoOf(ctx)
	if who.key != nil {
		return nil, forbidden("a key has no drafts")
	}
	draft := handoff.TextDraft{AgentID: who.agent.ID, ConversationID: r.Id, Kind: string(r.Body.Kind), Text: r.Body.Text, ArticleID: val(r.Body.ArticleId), Version: r.Body.Version}
	err := s.write(ctx, func(tx *db.Tx) (err error) {
		if _, err = s.seen(ctx, tx, r.Id); err != nil {
			return err
		}
		draft, err = s.Desk.SaveDraft(ctx, tx, draft)
		return err
	})
	if errors.Is(err, handoff.ErrStale) {
		return nil, s.staleDraft(ctx, draft)
	}
	if err != nil {
		return nil, err
	}
	return api.SaveDraft200JSONResponse(viewDraft(draft)), nil
}

func (s *Server) staleDraft(ctx context.Context, mine handoff.TextDraft) error {
	f := conflict("draft_changed", "another device has saved a newer version of this draft")
	found, err := s.Desk.Drafts(ctx, s.DB, mine.AgentID, mine.ConversationID)
	if err != nil {
		return err
	}
	for _, d := range found {
		if d.Kind == mine.Kind {
			shown := viewDraft(d)
			f.draft = &shown
		}
	}
	return f
}

func viewDraft(d handoff.TextDraft) api.Draft {
	return api.Draft{ConversationId: d.ConversationID, Kind: api.DraftKind(d.Kind), Text: d.Text, ArticleId: opt(d.ArticleID), Version: d.Version, UpdatedAt: d.UpdatedAt}
}
