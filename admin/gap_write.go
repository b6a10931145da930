package admin

import (
	"context"
	"slices"

	"huiyin/admin/api"
	"huiyin/db"
	"huiyin/knowledge"
	"huiyin/knowledge/gaps"
)

// DraftGap makes an article of a group, with its questions filled in.
func (s *Server) DraftGap(ctx context.Context, r api.DraftGapRequestObject) (api.DraftGapResponseObject, error) {
	id, err := s.writeGap(ctx, r.Id, r.Body.Version, func(tx *db.Tx, phrasings map[string][]string) (knowledge.Article, error) {
		c := knowledge.Content{Category: val(r.Body.Category), Question: map[string]string{}, Similar: map[string][]string{}}
		for language, list := range phrasings {
			c.Question[language], c.Similar[language] = list[0], list[1:]
		}
		return s.newArticle(ctx, tx, knowledge.NewArticle{Content: c})
	})
	return api.DraftGap201JSONResponse{ArticleId: id}, err
}

// AttachGap adds the questions of a group to an article.
func (s *Server) AttachGap(ctx context.Context, r api.AttachGapRequestObject) (api.AttachGapResponseObject, error) {
	id, err := s.writeGap(ctx, r.Id, r.Body.Version, func(tx *db.Tx, phrasings map[string][]string) (knowledge.Article, error) {
		return s.addPhrasings(ctx, tx, r.Body.ArticleId, phrasings)
	})
	return api.AttachGap200JSONResponse{ArticleId: id}, err
}

func (s *Server) writeGap(ctx context.Context, id, version int64, write func(tx *db.Tx, phrasings map[string][]string) (knowledge.Article, error)) (article int64, err error) {
	g, err := s.gapOf(ctx, id)
	if err != nil {
		return 0, err
	}
	questions, err := s.gaps.Questions(ctx, s.DB, asking(ctx), id, gapQuestions)
	if err != nil {
		return 0, err
	}
	phrasings := gaps.Phrasings(g.Title, questions)
	if len(phrasings) == 0 {
		return 0, gaps.ErrNotFound
	}
	err = s.write(ctx, func(tx *db.Tx) error {
		a, err := write(tx, phrasings)
		if err != nil {
			return err
		}
		article = a.ID
		return s.gaps.Write(ctx, tx, id, version, a)
	})
	if err == nil {
		s.Knowledge.Poke()
	}
	return article, err
}

// addPhrasings writes similar questions into the draft of an article; those that it has already change nothing.
func (s *Server) addPhrasings(ctx context.Context, tx *db.Tx, id int64, phrasings map[string][]string) (knowledge.Article, error) {
	a, err := s.articleFor(ctx, tx, id, rightEdit)
	if err != nil {
		return a, err
	}
	c := a.Content
	similar := map[string][]string{}
	for language, list := range c.Similar {
		similar[language] = slices.Clone(list)
	}
	for language, list := range phrasings {
		similar[language] = append(similar[language], list...)
		similar[language] = similar[language][:min(len(similar[language]), knowledge.MaxSimilar)]
	}
	c.Similar = similar
	return knowledge.SaveDraft(ctx, tx, authorOf(ctx), id, a.Version, c, "")
}
