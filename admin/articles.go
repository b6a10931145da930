package admin

import (
	"context"

	"huiyin/admin/api"
	"huiyin/db"
	"huiyin/knowledge"
)

// ListArticles shows a page of articles without their texts.
func (s *Server) ListArticles(ctx context.Context, r api.ListArticlesRequestObject) (api.ListArticlesResponseObject, error) {
	p := r.Params
	f := knowledge.Filter{Status: knowledge.Status(val(p.Status)), Category: val(p.Category), Tag: val(p.Tag), Text: val(p.Q),
		Cursor: val(p.Cursor), Limit: pageSize(p.Limit)}
	page, err := knowledge.List(ctx, s.DB, f)
	if err != nil {
		return nil, err
	}
	counts, err := knowledge.Count(ctx, s.DB, f)
	if err != nil {
		return nil, err
	}
	shown := api.ArticlePage{Items: make([]api.Article, 0, len(page.Articles)), Next: opt(page.Next), Total: totalOf(counts, f.Status)}
	for _, a := range page.Articles {
		view := s.viewArticle(ctx, a)
		view.Languages = map[string]api.ArticleText{}
		shown.Items = append(shown.Items, view)
	}
	return api.ListArticles200JSONResponse(shown), nil
}

func totalOf(c knowledge.Counts, status knowledge.Status) int {
	switch status {
	case knowledge.Draft:
		return c.Draft
	case knowledge.Published:
		return c.Published
	case knowledge.Archived:
		return c.Archived
	}
	return c.Total
}

// GetArticle shows an article with its newest content.
func (s *Server) GetArticle(ctx context.Context, r api.GetArticleRequestObject) (api.GetArticleResponseObject, error) {
	a, err := knowledge.Get(ctx, s.DB, r.Id)
	if err != nil {
		return nil, err
	}
	shown, err := s.viewWhole(ctx, s.DB, a)
	return api.GetArticle200JSONResponse(shown), err
}

// CreateArticle makes an article as a draft.
func (s *Server) CreateArticle(ctx context.Context, r api.CreateArticleRequestObject) (api.CreateArticleResponseObject, error) {
	shown, err := s.edited(ctx, "", func(tx *db.Tx) (knowledge.Article, error) {
		return knowledge.Create(ctx, tx, authorOf(ctx), knowledge.NewArticle{Key: val(r.Body.Key), Content: contentOf(r.Body), Note: val(r.Body.Note)})
	})
	return api.CreateArticle201JSONResponse(shown), err
}

// SaveArticle writes a new draft on top of the version that the editor had.
func (s *Server) SaveArticle(ctx context.Context, r api.SaveArticleRequestObject) (api.SaveArticleResponseObject, error) {
	if r.Body.Version == nil {
		return nil, invalid("version", "is required")
	}
	shown, err := s.edited(ctx, "", func(tx *db.Tx) (knowledge.Article, error) {
		old, err := knowledge.Get(ctx, tx, r.Id)
		if err != nil {
			return knowledge.Article{}, err
		}
		content := contentOf(r.Body)
		content.Category = or(r.Body.Category, old.Content.Category)
		if r.Body.Tags == nil {
			content.Tags = old.Content.Tags
		}
		keepScope(&content, old.Content, r.Body)
		return knowledge.SaveDraft(ctx, tx, authorOf(ctx), r.Id, *r.Body.Version, content, val(r.Body.Note))
	})
	return api.SaveArticle200JSONResponse(shown), err
}

// keepScope keeps for whom and when an article is, where an editor's program does not know of that.
func keepScope(c *knowledge.Content, old knowledge.Content, in *api.ArticleInput) {
	if in.Audience == nil && in.ValidFrom == nil && in.ValidUntil == nil && in.Variants == nil {
		c.Audience, c.ValidFrom, c.ValidUntil, c.Variants = old.Audience, old.ValidFrom, old.ValidUntil, old.Variants
	}
	c.Notes = or(in.Notes, old.Notes)
	if in.Related == nil {
		c.Related = old.Related
	}
}

// PublishArticle gives the newest content to the customers.
func (s *Server) PublishArticle(ctx context.Context, r api.PublishArticleRequestObject) (api.PublishArticleResponseObject, error) {
	shown, err := s.edited(ctx, "article_published", func(tx *db.Tx) (knowledge.Article, error) {
		return knowledge.Publish(ctx, tx, r.Id, r.Body.Version)
	})
	return api.PublishArticle200JSONResponse(shown), err
}

// UnpublishArticle takes an article away from the customers.
func (s *Server) UnpublishArticle(ctx context.Context, r api.UnpublishArticleRequestObject) (api.UnpublishArticleResponseObject, error) {
	shown, err := s.edited(ctx, "article_unpublished", func(tx *db.Tx) (knowledge.Article, error) {
		return knowledge.Unpublish(ctx, tx, r.Id, r.Body.Version)
	})
	return api.UnpublishArticle200JSONResponse(shown), err
}

// ArchiveArticle takes an article out of use, as it stands.
func (s *Server) ArchiveArticle(ctx context.Context, r api.ArchiveArticleRequestObject) (api.ArchiveArticleResponseObject, error) {
	_, err := s.edited(ctx, "article_archived", func(tx *db.Tx) (knowledge.Article, error) {
		a, err := knowledge.Get(ctx, tx, r.Id)
		if err != nil {
			return knowledge.Article{}, err
		}
		return knowledge.Archive(ctx, tx, r.Id, a.Version)
	})
	return api.ArchiveArticle204Response{}, err
}

// RestoreRevision writes an old revision's content as the new draft.
func (s *Server) RestoreRevision(ctx context.Context, r api.RestoreRevisionRequestObject) (api.RestoreRevisionResponseObject, error) {
	shown, err := s.edited(ctx, "", func(tx *db.Tx) (knowledge.Article, error) {
		found, err := knowledge.Revisions(ctx, tx, r.Id, int(r.Number)+1, 1)
		if err != nil {
			return knowledge.Article{}, err
		}
		if len(found) == 0 || int64(found[0].Number) != r.Number {
			return knowledge.Article{}, knowledge.ErrNotFound
		}
		return knowledge.Restore(ctx, tx, authorOf(ctx), r.Id, r.Body.Version, found[0].ID)
	})
	return api.RestoreRevision200JSONResponse(shown), err
}

// edited runs one change of an article, notes it where customers see it, and has it searched at once.
func (s *Server) edited(ctx context.Context, action string, edit func(*db.Tx) (knowledge.Article, error)) (api.Article, error) {
	var a knowledge.Article
	err := s.write(ctx, func(tx *db.Tx) (err error) {
		if a, err = edit(tx); err != nil {
			return err
		}
		if err := s.keepFiles(ctx, tx, a.Content); err != nil || action == "" {
			return err
		}
		return s.note(ctx, tx, action, object("article", a.ID), a.Title)
	})
	if err != nil {
		return api.Article{}, err
	}
	s.Knowledge.Poke()
	return s.viewWhole(ctx, s.DB, a)
}

// ListRevisions shows the newest revisions of an article.
func (s *Server) ListRevisions(ctx context.Context, r api.ListRevisionsRequestObject) (api.ListRevisionsResponseObject, error) {
	a, err := knowledge.Get(ctx, s.DB, r.Id)
	if err != nil {
		return nil, err
	}
	found, err := knowledge.Revisions(ctx, s.DB, r.Id, 0, 200)
	if err != nil {
		return nil, err
	}
	shown := make(api.ListRevisions200JSONResponse, 0, len(found))
	for _, revision := range found {
		shown = append(shown, viewRevision(revision, a.PublishedRevision))
	}
	return shown, nil
}
