package admin

import (
	"context"

	"huiyin/admin/api"
	"huiyin/knowledge"
)

// CheckArticle looks an article over as it is being written.
func (s *Server) CheckArticle(ctx context.Context, r api.CheckArticleRequestObject) (api.CheckArticleResponseObject, error) {
	id, content := val(r.Body.Id), contentOf(&r.Body.Article)
	found, err := s.Knowledge.Check(ctx, s.DB, id, content)
	if err != nil {
		return nil, err
	}
	shown := make(api.CheckArticle200JSONResponse, 0, len(found))
	for _, f := range found {
		shown = append(shown, api.ArticleFinding{Kind: api.ArticleFindingKind(f.Kind), Language: opt(f.Language), Text: opt(f.Text),
			ArticleId: opt(f.Article), Title: opt(f.Title)})
	}
	long, err := s.tooLong(ctx, id, content)
	return append(shown, long...), err
}

// tooLong finds the channels in use where an answer is cut, or takes more than one message.
func (s *Server) tooLong(ctx context.Context, id int64, c knowledge.Content) ([]api.ArticleFinding, error) {
	var found []api.ArticleFinding
	if c.Audience == knowledge.Internal {
		return nil, nil
	}
	for _, language := range c.Languages() {
		if c.Answer[language] == "" {
			continue
		}
		samples, err := s.samples(ctx, id, c.Answer[language], language)
		if err != nil {
			return nil, err
		}
		for _, one := range samples {
			if one.inbox.ID == 0 || !one.Cut && (one.Unit != "bytes" || len(one.Texts) < 2) || c.AnswerFor(language, knowledge.Options{Channel: one.inbox.Kind}) != c.Answer[language] {
				continue
			}
			found = append(found, api.ArticleFinding{Kind: api.ArticleFindingKindTooLong, Language: opt(language), Channel: opt(one.inbox.Kind), Parts: opt(len(one.Texts))})
		}
	}
	return found, nil
}
