package admin

import (
	"context"
	"slices"

	"huiyin/db"
)

// Kinds of notices about articles.
const (
	NoticeReviewAsked    = "review_asked"    // a text was sent to review
	NoticeReviewReturned = "review_returned" // and was given back
	NoticeReviewApproved = "review_approved" // or approved
	NoticeArticleComment = "article_comment" // somebody said something about it
	NoticeArticleDue     = "article_due"     // an article is to be looked at again
	NoticeArticleTimer   = "article_timer"   // it was published or has expired on time, or could not be
)

// articleNotice is what people are told about an article.
type articleNotice struct {
	kind    string
	article int64
	words   string
	timer   bool // nobody did it just now, so also who had planned it is told
}

// tellOfArticle tells people of an article, each once and nobody of what they did themselves.
func (s *Server) tellOfArticle(ctx context.Context, tx *db.Tx, n articleNotice, to ...int64) error {
	me := int64(0)
	if !n.timer {
		me = whoOf(ctx).agent.ID
	}
	for i, id := range to {
		if id == 0 || id == me || slices.Contains(to[:i], id) {
			continue
		}
		if err := s.Notify(ctx, tx, Notice{AgentID: id, Kind: n.kind, ArticleID: n.article, By: me, Words: clip(n.words)}); err != nil {
			return err
		}
	}
	return nil
}
