package admin

import (
	"cmp"
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
	s.concerning(ctx, &f, val(p.Show))
	page, counts, err := s.finder.List(ctx, s.DB, f)
	if err != nil {
		return nil, err
	}
	mine, err := s.allowanceOf(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	shown := api.ArticlePage{Items: make([]api.Article, 0, len(page.Articles)), Next: opt(page.Next), Total: totalOf(counts, f.Status)}
	for _, a := range page.Articles {
		view := s.viewArticle(ctx, a)
		view.Languages = map[string]api.ArticleText{}
		view.May = viewMay(mine.all(a.Content.Category))
		shown.Items = append(shown.Items, view)
	}
	waiting, err := s.waiting(ctx)
	shown.ToReview, shown.Due = opt(waiting.toReview), opt(waiting.due)
	return api.ListArticles200JSONResponse(shown), err
}

// concerning chooses what concerns the caller.
func (s *Server) concerning(ctx context.Context, f *knowledge.Filter, show api.ListArticlesParamsShow) {
	me := whoOf(ctx).agent.ID
	switch show {
	case api.ListArticlesParamsShowToReview:
		f.Review, f.Reviewer = knowledge.Asked, me
	case api.ListArticlesParamsShowReturned:
		f.Review = knowledge.Returned
	case api.ListArticlesParamsShowApproved:
		f.Review = knowledge.Approved
	case api.ListArticlesParamsShowDue:
		f.DueBy = s.DB.Now()
	case api.ListArticlesParamsShowMine:
		f.Owner = cmp.Or(me, -1) // a key looks after nothing
	}
}

// waiting is what waits for the caller in the whole knowledge base.
type waiting struct{ toReview, due int }

func (s *Server) waiting(ctx context.Context) (w waiting, err error) {
	w.toReview, err = knowledge.CountAsked(ctx, s.DB, whoOf(ctx).agent.ID)
	if err != nil {
		return w, err
	}
	w.due, err = knowledge.CountDue(ctx, s.DB, s.DB.Now())
	return w, err
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
	shown, err := s.edited(ctx, change{}, func(tx *db.Tx) (knowledge.Article, error) {
		return s.newArticle(ctx, tx, knowledge.NewArticle{Key: val(r.Body.Key), Content: contentOf(r.Body), Note: val(r.Body.Note)})
	})
	return api.CreateArticle201JSONResponse(shown), err
}

// newArticle makes an article for a caller who may write in its category.
func (s *Server) newArticle(ctx context.Context, tx *db.Tx, n knowledge.NewArticle) (knowledge.Article, error) {
	if err := s.mayArticles(ctx, tx, rightEdit, cleanPath(n.Content.Category)); err != nil {
		return knowledge.Article{}, err
	}
	return knowledge.Create(ctx, tx, authorOf(ctx), n)
}

// SaveArticle writes a new draft on top of the version that the editor had; what others have saved meanwhile is merged where
// it touches other parts of the text.
func (s *Server) SaveArticle(ctx context.Context, r api.SaveArticleRequestObject) (api.SaveArticleResponseObject, error) {
	if r.Body.Version == nil {
		return nil, invalid("version", "is required")
	}
	shown, err := s.edited(ctx, change{}, func(tx *db.Tx) (knowledge.Article, error) {
		old, err := s.articleFor(ctx, tx, r.Id, rightEdit)
		if err != nil {
			return knowledge.Article{}, err
		}
		content := contentOf(r.Body)
		content.Category = or(r.Body.Category, old.Content.Category)
		if r.Body.Tags == nil {
			content.Tags = old.Content.Tags
		}
		keepScope(&content, old.Content, r.Body)
		if err := s.mayArticles(ctx, tx, rightEdit, cleanPath(content.Category)); err != nil {
			return knowledge.Article{}, err
		}
		return knowledge.SaveOver(ctx, tx, authorOf(ctx), r.Id,
			knowledge.Edit{Version: *r.Body.Version, Content: content, Note: val(r.Body.Note)})
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

// RestoreRevision writes an old revision's content as the new draft.
func (s *Server) RestoreRevision(ctx context.Context, r api.RestoreRevisionRequestObject) (api.RestoreRevisionResponseObject, error) {
	shown, err := s.edited(ctx, change{}, func(tx *db.Tx) (knowledge.Article, error) {
		if _, err := s.articleFor(ctx, tx, r.Id, rightEdit); err != nil {
			return knowledge.Article{}, err
		}
		old, err := knowledge.RevisionNumber(ctx, tx, r.Id, int(r.Number))
		if err != nil {
			return knowledge.Article{}, err
		}
		if err := s.mayArticles(ctx, tx, rightEdit, old.Content.Category); err != nil {
			return knowledge.Article{}, err
		}
		return knowledge.Restore(ctx, tx, authorOf(ctx), r.Id, r.Body.Version, old.ID)
	})
	return api.RestoreRevision200JSONResponse(shown), err
}

// change is a step in an article's life as the audit log has it, with what was said. New texts are noted as revisions.
type change struct{ action, words string }

// detail is the article's title and, on a line of their own, the words.
func (c change) detail(title string) string {
	if c.words == "" {
		return title
	}
	return title + "\n" + c.words
}

// edited runs one change of an article, notes it, and has it searched at once.
func (s *Server) edited(ctx context.Context, c change, edit func(*db.Tx) (knowledge.Article, error)) (api.Article, error) {
	var a knowledge.Article
	err := s.write(ctx, func(tx *db.Tx) (err error) {
		if a, err = edit(tx); err != nil {
			return err
		}
		if err := s.keepFiles(ctx, tx, a.Content); err != nil || c.action == "" {
			return err
		}
		return s.note(ctx, tx, c.action, object("article", a.ID), c.detail(a.Title))
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
