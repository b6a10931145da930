package admin

import (
	"context"
	"slices"
	"time"

	"huiyin/admin/api"
	"huiyin/knowledge"
	"huiyin/knowledge/gaps"
)

const (
	// hitWithin is how long an article may go without answering before it is listed, and staleAfter how long without an edit where it
	// has no review date of its own.
	hitWithin  = 90 * 24 * time.Hour
	staleAfter = 180 * 24 * time.Hour
	// mostListed is how many articles of each sort are listed.
	mostListed = 100
)

// GetArticleHealth lists articles that need a look.
func (s *Server) GetArticleHealth(ctx context.Context, _ api.GetArticleHealthRequestObject) (api.GetArticleHealthResponseObject, error) {
	now := s.DB.Now()
	uses, err := s.gaps.Uses(ctx, now.Add(-hitWithin))
	if err != nil {
		return nil, err
	}
	all, err := knowledge.Headlines(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	shown := api.GetArticleHealth200JSONResponse{Unused: []api.ArticleUse{}, Stale: []api.ArticleUse{}, Doubtful: []api.ArticleUse{}}
	for _, h := range all {
		u := uses[h.ID]
		view := viewUse(h, u)
		if u.Last == 0 && h.CreatedAt.Before(now.Add(-hitWithin)) {
			shown.Unused = append(shown.Unused, view)
		}
		if stale(h, now) {
			shown.Stale = append(shown.Stale, view)
		}
		if u.Doubtful() {
			shown.Doubtful = append(shown.Doubtful, view)
		}
	}
	slices.SortStableFunc(shown.Doubtful, func(a, b api.ArticleUse) int { return int(b.Wrong - a.Wrong) })
	for _, list := range []*[]api.ArticleUse{&shown.Unused, &shown.Stale, &shown.Doubtful} {
		*list = (*list)[:min(len(*list), mostListed)]
	}
	return shown, nil
}

// stale tells whether an article's review date is over, or it has none and nobody touched it for long.
func stale(h knowledge.Headline, now time.Time) bool {
	if !h.ReviewBy.IsZero() {
		return h.ReviewBy.Before(now)
	}
	return h.UpdatedAt.Before(now.Add(-staleAfter))
}

func viewUse(h knowledge.Headline, u gaps.Use) api.ArticleUse {
	return api.ArticleUse{Id: h.ID, Title: h.Title, Category: opt(h.Category), UpdatedAt: h.UpdatedAt,
		Answered: u.Counts[gaps.KindAnswered], Right: u.Counts[gaps.KindRight], Wrong: u.Counts[gaps.KindWrong]}
}
