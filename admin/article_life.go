package admin

import (
	"context"
	"time"

	"huiyin/admin/api"
	"huiyin/db"
	"huiyin/knowledge"
	"huiyin/knowledge/golden"
)

// PublishArticle gives the newest content to the customers.
func (s *Server) PublishArticle(ctx context.Context, r api.PublishArticleRequestObject) (api.PublishArticleResponseObject, error) {
	reason, err := s.reasonFor(ctx, s.DB, golden.Change{Publish: r.Id}, val(r.Body.Reason))
	if err != nil {
		return nil, err
	}
	shown, err := s.edited(ctx, change{"article_published", reason}, func(tx *db.Tx) (knowledge.Article, error) {
		if _, err := s.articleFor(ctx, tx, r.Id, rightPublish); err != nil {
			return knowledge.Article{}, err
		}
		a, err := knowledge.Publish(ctx, tx, r.Id, r.Body.Version)
		if err != nil || r.Body.ExpiresAt == nil {
			return a, err
		}
		return knowledge.Schedule(ctx, tx, authorOf(ctx), r.Id, a.Version, knowledge.Plan{Expire: *r.Body.ExpiresAt, Reason: val(r.Body.Reason)})
	})
	return api.PublishArticle200JSONResponse(shown), err
}

// ScheduleArticle sets when the newest text is published and when the article expires.
func (s *Server) ScheduleArticle(ctx context.Context, r api.ScheduleArticleRequestObject) (api.ScheduleArticleResponseObject, error) {
	plan := knowledge.Plan{Publish: val(r.Body.PublishAt), Expire: val(r.Body.ExpiresAt), Reason: val(r.Body.Reason)}
	if !plan.Publish.IsZero() {
		var err error
		if plan.Reason, err = s.reasonFor(ctx, s.DB, golden.Change{Publish: r.Id}, plan.Reason); err != nil {
			return nil, err
		}
	}
	shown, err := s.edited(ctx, change{"article_scheduled", planInWords(plan)}, func(tx *db.Tx) (knowledge.Article, error) {
		if _, err := s.articleFor(ctx, tx, r.Id, rightPublish); err != nil {
			return knowledge.Article{}, err
		}
		return knowledge.Schedule(ctx, tx, authorOf(ctx), r.Id, r.Body.Version, plan)
	})
	return api.ScheduleArticle200JSONResponse(shown), err
}

func planInWords(p knowledge.Plan) string {
	words := "publish: " + dateOr(p.Publish) + ", expire: " + dateOr(p.Expire)
	if p.Reason != "" {
		words += " · " + p.Reason
	}
	return words
}

func dateOr(at time.Time) string {
	if at.IsZero() {
		return "—"
	}
	return at.UTC().Format(time.RFC3339)
}

// UnpublishArticle takes an article away from the customers.
func (s *Server) UnpublishArticle(ctx context.Context, r api.UnpublishArticleRequestObject) (api.UnpublishArticleResponseObject, error) {
	reason, err := s.reasonFor(ctx, s.DB, golden.Change{Unpublish: r.Id}, val(r.Body.Reason))
	if err != nil {
		return nil, err
	}
	shown, err := s.edited(ctx, change{"article_unpublished", reason}, func(tx *db.Tx) (knowledge.Article, error) {
		if _, err := s.articleFor(ctx, tx, r.Id, rightPublish); err != nil {
			return knowledge.Article{}, err
		}
		return knowledge.Unpublish(ctx, tx, r.Id, r.Body.Version)
	})
	return api.UnpublishArticle200JSONResponse(shown), err
}

// ArchiveArticle takes an article out of use, as it stands. What no customer gets may be put away by who writes it.
func (s *Server) ArchiveArticle(ctx context.Context, r api.ArchiveArticleRequestObject) (api.ArchiveArticleResponseObject, error) {
	reason, err := s.reasonFor(ctx, s.DB, golden.Change{Archive: r.Id}, val(r.Params.Reason))
	if err != nil {
		return nil, err
	}
	_, err = s.edited(ctx, change{"article_archived", reason}, func(tx *db.Tx) (knowledge.Article, error) {
		a, err := knowledge.Get(ctx, tx, r.Id)
		if err != nil {
			return a, err
		}
		right := rightEdit
		if a.Status == knowledge.Published {
			right = rightPublish
		}
		if _, err := s.articleFor(ctx, tx, r.Id, right); err != nil {
			return a, err
		}
		return knowledge.Archive(ctx, tx, r.Id, a.Version)
	})
	return api.ArchiveArticle204Response{}, err
}

// SetArticleCare changes who looks after an article, and by when they look at it again.
func (s *Server) SetArticleCare(ctx context.Context, r api.SetArticleCareRequestObject) (api.SetArticleCareResponseObject, error) {
	care := knowledge.Care{Owner: val(r.Body.Owner), ReviewBy: val(r.Body.ReviewBy)}
	named, err := s.names.table(ctx)
	if err != nil {
		return nil, err
	}
	words := "owner: " + or(opt(named.agents[care.Owner]), "—") + ", look again by: " + dateOr(care.ReviewBy)
	shown, err := s.edited(ctx, change{"article_care_changed", words}, func(tx *db.Tx) (knowledge.Article, error) {
		if _, err := s.articleFor(ctx, tx, r.Id, rightEdit); err != nil {
			return knowledge.Article{}, err
		}
		if care.Owner != 0 {
			if _, err := s.Desk.Agent(ctx, tx, care.Owner); err != nil {
				return knowledge.Article{}, invalid("owner", "there is no such user")
			}
		}
		return knowledge.SetCare(ctx, tx, authorOf(ctx), r.Id, care)
	})
	return api.SetArticleCare200JSONResponse(shown), err
}

// OpenArticle notes that the caller has an article open, and tells who else has.
func (s *Server) OpenArticle(ctx context.Context, r api.OpenArticleRequestObject) (api.OpenArticleResponseObject, error) {
	who := whoOf(ctx)
	if who.key != nil {
		return nil, forbidden("a key opens nothing")
	}
	shown := api.OpenArticle200JSONResponse{Others: []api.ArticleVisitor{}}
	err := s.write(ctx, func(tx *db.Tx) error {
		a, err := knowledge.Get(ctx, tx, r.Id)
		if err != nil {
			return err
		}
		if val(r.Body.Gone) {
			return knowledge.Leave(ctx, tx, r.Id, who.agent.ID)
		}
		others, err := knowledge.Visit(ctx, tx, r.Id, knowledge.Visitor{ID: who.agent.ID, Name: who.name(), Writing: val(r.Body.Writing)})
		if err != nil {
			return err
		}
		newest, err := knowledge.GetRevision(ctx, tx, a.DraftRevision)
		if err != nil {
			return err
		}
		shown = api.OpenArticle200JSONResponse{Version: a.Version, Revision: int64(a.Revisions), UpdatedBy: opt(newest.Author.Name), Others: make([]api.ArticleVisitor, 0, len(others))}
		for _, o := range others {
			shown.Others = append(shown.Others, api.ArticleVisitor{Id: o.ID, Name: o.Name, Writing: o.Writing})
		}
		return nil
	})
	return shown, err
}
