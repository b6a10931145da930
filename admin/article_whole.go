package admin

import (
	"context"
	"fmt"

	"huiyin/admin/api"
	"huiyin/db"
	"huiyin/knowledge"
)

// viewWhole shows an article with the number of its published revision, who wrote the newest, what is planned for it, where
// its review stands, and what the caller may do with it.
func (s *Server) viewWhole(ctx context.Context, from db.Querier, a knowledge.Article) (api.Article, error) {
	shown := s.viewArticle(ctx, a)
	newest, err := knowledge.GetRevision(ctx, from, a.DraftRevision)
	if err != nil {
		return api.Article{}, fmt.Errorf("newest revision of article %d: %w", a.ID, err)
	}
	shown.UpdatedBy = opt(newest.Author.Name)
	if shown.Related, err = viewRelated(ctx, from, a.Content.Related); err != nil {
		return api.Article{}, err
	}
	if a.PublishedRevision != 0 {
		number, err := numberOf(ctx, from, a, a.PublishedRevision)
		if err != nil {
			return api.Article{}, fmt.Errorf("published revision of article %d: %w", a.ID, err)
		}
		shown.PublishedRevision = opt(number)
	}
	mine, err := s.allowanceOf(ctx, from)
	if err != nil {
		return api.Article{}, err
	}
	shown.May = viewMay(mine.all(a.Content.Category))
	if err := s.viewReview(ctx, from, a, &shown); err != nil {
		return api.Article{}, err
	}
	return shown, s.viewPlans(ctx, from, a, &shown)
}

// numberOf is the number of one of an article's revisions.
func numberOf(ctx context.Context, from db.Querier, a knowledge.Article, revision int64) (int64, error) {
	if revision == a.DraftRevision {
		return int64(a.Revisions), nil
	}
	r, err := knowledge.GetRevision(ctx, from, revision)
	return int64(r.Number), err
}

// viewReviewState shows where the review stands, as far as the article itself knows.
func viewReviewState(a knowledge.Article) *api.ArticleReview {
	if a.Review == knowledge.NoReview {
		return nil
	}
	return &api.ArticleReview{State: api.ArticleReviewState(a.Review), Revision: int64(a.Revisions)}
}

func (s *Server) viewReview(ctx context.Context, from db.Querier, a knowledge.Article, shown *api.Article) error {
	open, err := knowledge.OpenComments(ctx, from, a.ID)
	if err != nil {
		return err
	}
	shown.OpenComments = opt(open)
	rules, err := knowledge.ReadRules(ctx, from)
	if err != nil {
		return err
	}
	if rules.FourEyes && a.Unpublished() {
		approved, err := knowledge.IsApproved(ctx, from, a.ID, a.DraftRevision)
		if err != nil {
			return err
		}
		shown.NeedsApproval = opt(!approved)
	}
	if a.Review == knowledge.NoReview {
		return nil
	}
	r, found, err := knowledge.ReviewOf(ctx, from, a.ID)
	if err != nil || !found {
		return err
	}
	named, err := s.names.table(ctx)
	if err != nil {
		return err
	}
	number, err := numberOf(ctx, from, a, r.Revision)
	shown.Review = &api.ArticleReview{State: api.ArticleReviewState(a.Review), Revision: number, AskedBy: person(r.AskedBy.ID, r.AskedBy.Name),
		AskedAt: optTime(r.AskedAt), AskedWords: opt(r.AskedWords), Reviewer: person(r.Reviewer, named.agents[r.Reviewer]),
		DecidedBy: person(r.DecidedBy.ID, r.DecidedBy.Name), DecidedAt: optTime(r.DecidedAt), Words: opt(r.Words)}
	return err
}

// viewPlans shows who looks after the article and what is to happen to it.
func (s *Server) viewPlans(ctx context.Context, from db.Querier, a knowledge.Article, shown *api.Article) error {
	named, err := s.names.table(ctx)
	if err != nil {
		return err
	}
	shown.Owner = person(a.Owner, named.agents[a.Owner])
	timers, err := knowledge.TimersOf(ctx, from, a.ID)
	if err != nil {
		return err
	}
	for _, t := range timers {
		view := &api.ArticleTimer{At: t.At, By: person(t.By.ID, t.By.Name), Reason: opt(t.Reason), Trouble: opt(t.Trouble)}
		switch t.Kind {
		case knowledge.PublishTimer:
			number, err := numberOf(ctx, from, a, t.Revision)
			if err != nil {
				return err
			}
			view.Revision, shown.PublishTimer = opt(number), view
		case knowledge.ExpireTimer:
			shown.ExpireTimer = view
		}
	}
	return nil
}

// viewRelated shows the related articles with whether they are still there.
func viewRelated(ctx context.Context, from db.Querier, ids []int64) ([]api.RelatedArticle, error) {
	known, err := knowledge.Mentioned(ctx, from, ids)
	if err != nil {
		return nil, err
	}
	shown := make([]api.RelatedArticle, 0, len(ids))
	for _, id := range ids {
		m := known[id]
		shown = append(shown, api.RelatedArticle{Id: id, Title: m.Title, Status: opt(api.ArticleStatus(m.Status)), Gone: m.Status == "" || m.Status == knowledge.Archived})
	}
	return shown, nil
}
