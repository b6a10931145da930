package admin

import (
	"context"
	"errors"

	"huiyin/admin/api"
	"huiyin/db"
	"huiyin/knowledge"
)

// GetTyping shows what the caller has typed into an article and not saved.
func (s *Server) GetTyping(ctx context.Context, r api.GetTypingRequestObject) (api.GetTypingResponseObject, error) {
	kept, err := knowledge.KeptTyping(ctx, s.DB, whoOf(ctx).agent.ID, r.Article)
	if errors.Is(err, knowledge.ErrNotFound) {
		return api.GetTyping200JSONResponse{}, nil
	}
	return api.GetTyping200JSONResponse(viewTyping(kept)), err
}

// KeepTyping keeps what is being typed.
func (s *Server) KeepTyping(ctx context.Context, r api.KeepTypingRequestObject) (api.KeepTypingResponseObject, error) {
	typed := knowledge.Typing{Version: r.Body.Version, Form: r.Body.Form}
	err := s.write(ctx, func(tx *db.Tx) error {
		typed.At = tx.Now
		return knowledge.KeepTyping(ctx, tx, whoOf(ctx).agent.ID, r.Article, typed)
	})
	typed.Form = "" // the page has it
	return api.KeepTyping200JSONResponse(viewTyping(typed)), err
}

// ForgetTyping forgets what was typed, because it is saved or given up.
func (s *Server) ForgetTyping(ctx context.Context, r api.ForgetTypingRequestObject) (api.ForgetTypingResponseObject, error) {
	err := s.write(ctx, func(tx *db.Tx) error { return knowledge.ForgetTyping(ctx, tx, whoOf(ctx).agent.ID, r.Article) })
	return api.ForgetTyping204Response{}, err
}

func viewTyping(t knowledge.Typing) api.Typing {
	return api.Typing{Kept: true, Form: t.Form, Version: t.Version, At: optTime(t.At)}
}

// ListArticleTags shows the tags in use.
func (s *Server) ListArticleTags(ctx context.Context, _ api.ListArticleTagsRequestObject) (api.ListArticleTagsResponseObject, error) {
	tags, err := knowledge.Tags(ctx, s.DB)
	return api.ListArticleTags200JSONResponse(tags), err
}
