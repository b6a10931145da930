package admin

import (
	"context"

	"huiyin/admin/api"
	"huiyin/db"
	"huiyin/handoff"
	"huiyin/knowledge"
)

// AskArticleReview sends the newest text to review.
func (s *Server) AskArticleReview(ctx context.Context, r api.AskArticleReviewRequestObject) (api.AskArticleReviewResponseObject, error) {
	words, reviewer := val(r.Body.Words), val(r.Body.Reviewer)
	shown, err := s.edited(ctx, change{"article_review_asked", words}, func(tx *db.Tx) (knowledge.Article, error) {
		a, err := s.articleFor(ctx, tx, r.Id, rightEdit)
		if err != nil {
			return a, err
		}
		to, err := s.reviewersOf(ctx, tx, a, reviewer)
		if err != nil {
			return a, err
		}
		if a, err = knowledge.AskReview(ctx, tx, authorOf(ctx), r.Id, r.Body.Version, reviewer, words); err != nil {
			return a, err
		}
		return a, s.tellOfArticle(ctx, tx, articleNotice{kind: NoticeReviewAsked, article: a.ID, words: words}, to...)
	})
	return api.AskArticleReview200JSONResponse(shown), err
}

// reviewersOf are those who are told of a request: who was asked, or else who may review there. Where everybody may, because
// nobody is limited to categories, it is for the editors; who leads is only told when nobody else is there.
func (s *Server) reviewersOf(ctx context.Context, tx *db.Tx, a knowledge.Article, asked int64) ([]int64, error) {
	people, err := s.articlePeople(ctx, tx, a.Content.Category)
	if err != nil {
		return nil, err
	}
	var editors, others []int64
	for _, p := range people {
		if !hasRight(p.may, rightReview) || p.agent.ID == whoOf(ctx).agent.ID {
			continue
		}
		switch {
		case p.agent.ID == asked:
			return []int64{asked}, nil
		case p.limited || p.agent.Role == handoff.Editor:
			editors = append(editors, p.agent.ID)
		default:
			others = append(others, p.agent.ID)
		}
	}
	if asked != 0 {
		return nil, invalid("reviewer", "this person may not review articles of this category")
	}
	if len(editors) > 0 {
		return editors, nil
	}
	return others, nil
}

func hasRight(list []articleRight, right articleRight) bool {
	for _, one := range list {
		if one == right {
			return true
		}
	}
	return false
}

// WithdrawArticleReview takes a request back.
func (s *Server) WithdrawArticleReview(ctx context.Context, r api.WithdrawArticleReviewRequestObject) (api.WithdrawArticleReviewResponseObject, error) {
	shown, err := s.edited(ctx, change{action: "article_review_withdrawn"}, func(tx *db.Tx) (knowledge.Article, error) {
		if _, err := s.articleFor(ctx, tx, r.Id, rightEdit); err != nil {
			return knowledge.Article{}, err
		}
		return knowledge.WithdrawReview(ctx, tx, r.Id, r.Body.Version)
	})
	return api.WithdrawArticleReview200JSONResponse(shown), err
}

// ReturnArticle gives the text back.
func (s *Server) ReturnArticle(ctx context.Context, r api.ReturnArticleRequestObject) (api.ReturnArticleResponseObject, error) {
	shown, err := s.decided(ctx, r.Id, r.Body, decision{"article_returned", NoticeReviewReturned, knowledge.ReturnReview})
	return api.ReturnArticle200JSONResponse(shown), err
}

// ApproveArticle approves the newest text.
func (s *Server) ApproveArticle(ctx context.Context, r api.ApproveArticleRequestObject) (api.ApproveArticleResponseObject, error) {
	shown, err := s.decided(ctx, r.Id, r.Body, decision{"article_approved", NoticeReviewApproved, knowledge.ApproveReview})
	return api.ApproveArticle200JSONResponse(shown), err
}

// decision is what a reviewer does.
type decision struct {
	action, notice string
	do             func(ctx context.Context, tx *db.Tx, by knowledge.Author, id, version int64, words string) (knowledge.Article, error)
}

func (s *Server) decided(ctx context.Context, id int64, in *api.ReviewWords, d decision) (api.Article, error) {
	words := val(in.Words)
	return s.edited(ctx, change{d.action, words}, func(tx *db.Tx) (knowledge.Article, error) {
		if _, err := s.articleFor(ctx, tx, id, rightReview); err != nil {
			return knowledge.Article{}, err
		}
		a, err := d.do(ctx, tx, authorOf(ctx), id, in.Version, words)
		if err != nil {
			return a, err
		}
		to, err := authorsOf(ctx, tx, a)
		if err != nil {
			return a, err
		}
		return a, s.tellOfArticle(ctx, tx, articleNotice{kind: d.notice, article: id, words: words}, to...)
	})
}

// authorsOf are who wrote the newest text, and who sent it to review.
func authorsOf(ctx context.Context, from db.Querier, a knowledge.Article) ([]int64, error) {
	newest, err := knowledge.GetRevision(ctx, from, a.DraftRevision)
	if err != nil {
		return nil, err
	}
	to := []int64{newest.Author.ID}
	review, found, err := knowledge.ReviewOf(ctx, from, a.ID)
	if found {
		to = append(to, review.AskedBy.ID)
	}
	return to, err
}

// ListArticleComments shows what people said about a text.
func (s *Server) ListArticleComments(ctx context.Context, r api.ListArticleCommentsRequestObject) (api.ListArticleCommentsResponseObject, error) {
	if _, err := knowledge.Get(ctx, s.DB, r.Id); err != nil {
		return nil, err
	}
	list, err := knowledge.Comments(ctx, s.DB, r.Id)
	if err != nil {
		return nil, err
	}
	shown := make(api.ListArticleComments200JSONResponse, 0, len(list))
	for _, c := range list {
		shown = append(shown, viewComment(c))
	}
	return shown, nil
}

func viewComment(c knowledge.Comment) api.ArticleComment {
	return api.ArticleComment{Number: c.ID, Revision: int64(c.Number), Place: opt(c.Place), Text: c.Text, Author: api.Person{Id: c.Author.ID, Name: c.Author.Name},
		At: c.At, ResolvedBy: opt(c.ResolvedBy), ResolvedAt: optTime(c.ResolvedAt)}
}

// AddArticleComment says something about the newest text.
func (s *Server) AddArticleComment(ctx context.Context, r api.AddArticleCommentRequestObject) (api.AddArticleCommentResponseObject, error) {
	var made knowledge.Comment
	err := s.write(ctx, func(tx *db.Tx) error {
		a, err := s.commented(ctx, tx, r.Id)
		if err != nil {
			return err
		}
		if made, err = knowledge.AddComment(ctx, tx, authorOf(ctx), r.Id, val(r.Body.Place), r.Body.Text); err != nil {
			return err
		}
		to, err := authorsOf(ctx, tx, a)
		if err != nil {
			return err
		}
		if err := s.note(ctx, tx, "article_commented", object("article", a.ID), a.Title+"\n"+made.Text); err != nil {
			return err
		}
		return s.tellOfArticle(ctx, tx, articleNotice{kind: NoticeArticleComment, article: a.ID, words: made.Text}, append(to, a.Reviewer)...)
	})
	return api.AddArticleComment200JSONResponse(viewComment(made)), err
}

// commented reads an article for somebody who has any right on it.
func (s *Server) commented(ctx context.Context, tx *db.Tx, id int64) (knowledge.Article, error) {
	a, err := knowledge.Get(ctx, tx, id)
	if err != nil {
		return a, err
	}
	mine, err := s.allowanceOf(ctx, tx)
	if err == nil && len(mine.all(a.Content.Category)) == 0 {
		err = mine.must(rightReview, a.Content.Category)
	}
	return a, err
}

// ResolveArticleComment settles a comment, or opens it again.
func (s *Server) ResolveArticleComment(ctx context.Context, r api.ResolveArticleCommentRequestObject) (api.ResolveArticleCommentResponseObject, error) {
	err := s.write(ctx, func(tx *db.Tx) error {
		a, err := s.commented(ctx, tx, r.Id)
		if err != nil {
			return err
		}
		if err := knowledge.ResolveComment(ctx, tx, authorOf(ctx), r.Id, r.Number, r.Body.Resolved); err != nil {
			return err
		}
		action := "article_comment_reopened"
		if r.Body.Resolved {
			action = "article_comment_resolved"
		}
		return s.note(ctx, tx, action, object("article", a.ID), a.Title)
	})
	return api.ResolveArticleComment204Response{}, err
}
