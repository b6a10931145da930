package admin

import (
	"context"

	"huiyin/admin/api"
	"huiyin/knowledge"
)

func authorOf(ctx context.Context) knowledge.Author {
	who := whoOf(ctx)
	return knowledge.Author{ID: who.agent.ID, Name: who.name()}
}

// contentOf reads what an editor sent.
func contentOf(in *api.ArticleInput) knowledge.Content {
	c := knowledge.Content{Category: val(in.Category), Tags: in.Tags, Question: map[string]string{}, Similar: map[string][]string{}, Answer: map[string]string{}}
	for language, text := range in.Languages {
		c.Question[language], c.Similar[language], c.Answer[language] = text.Question, text.Similar, text.Answer
	}
	c.Audience, c.ValidFrom, c.ValidUntil = knowledge.Audience(val(in.Audience)), val(in.ValidFrom), val(in.ValidUntil)
	for _, v := range in.Variants {
		c.Variants = append(c.Variants, knowledge.Variant{Channel: val(v.Channel), Tier: val(v.Tier), Answer: v.Answers})
	}
	c.Notes, c.Related = val(in.Notes), in.Related
	return c
}

func viewVariants(list []knowledge.Variant) []api.ArticleVariant {
	shown := make([]api.ArticleVariant, 0, len(list))
	for _, v := range list {
		shown = append(shown, api.ArticleVariant{Channel: opt(v.Channel), Tier: opt(v.Tier), Answers: v.Answer})
	}
	return shown
}

// audienceOf names the audience; that of a public article has no name in the store.
func audienceOf(c knowledge.Content) string {
	if c.Audience == knowledge.Public {
		return "public"
	}
	return string(c.Audience)
}

// viewArticle shows an article; the title in the reader's language where there is one.
func (s *Server) viewArticle(ctx context.Context, a knowledge.Article) api.Article {
	title := a.Content.Question[whoOf(ctx).agent.Language]
	if title == "" {
		title = a.Title
	}
	return api.Article{Id: a.ID, Key: opt(a.Key), Status: api.ArticleStatus(a.Status), Version: a.Version, Category: a.Content.Category,
		Tags: words(a.Content.Tags), Languages: viewTexts(a.Content), Title: title,
		Audience: opt(api.ArticleAudience(audienceOf(a.Content))), ValidFrom: optTime(a.Content.ValidFrom), ValidUntil: optTime(a.Content.ValidUntil), Variants: viewVariants(a.Content.Variants),
		Review: viewReviewState(a), ReviewBy: optTime(a.ReviewBy),
		Notes: opt(a.Content.Notes), HasDraft: a.Status != knowledge.Archived && a.Unpublished(), Revision: opt(int64(a.Revisions)),
		Used: a.Used, Helpful: a.Helpful, Unhelpful: a.Unhelpful, CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt}
}

func viewTexts(c knowledge.Content) map[string]api.ArticleText {
	texts := map[string]api.ArticleText{}
	for _, l := range c.Languages() {
		texts[l] = api.ArticleText{Question: c.Question[l], Similar: words(c.Similar[l]), Answer: c.Answer[l]}
	}
	return texts
}

func viewRevision(r knowledge.Revision, published int64) api.Revision {
	return api.Revision{Number: int64(r.Number), Author: r.Author.Name, Note: opt(r.Note), CreatedAt: r.At, Published: r.ID == published,
		Audience: opt(api.RevisionAudience(audienceOf(r.Content))), ValidFrom: optTime(r.Content.ValidFrom), ValidUntil: optTime(r.Content.ValidUntil), Variants: viewVariants(r.Content.Variants),
		Notes: opt(r.Content.Notes), Related: r.Content.Related, Languages: viewTexts(r.Content), Category: r.Content.Category, Tags: words(r.Content.Tags)}
}

func viewHits(hits []knowledge.Hit) []api.Hit {
	shown := make([]api.Hit, 0, len(hits))
	for _, h := range hits {
		shown = append(shown, api.Hit{ArticleId: h.ArticleID, Revision: int64(h.Revision), Question: h.Question, Matched: h.Matched,
			Answer: opt(h.Answer), Internal: opt(h.Internal), Language: h.Language, Score: h.Score, Confidence: h.Confidence})
	}
	return shown
}
