package admin

import (
	"context"
	"time"

	"huiyin/db"
	"huiyin/knowledge"
)

// dueEvery is how often it is looked whether something is to happen to an article.
const dueEvery = time.Second

// runArticleTimers lets happen what is due to articles, once on however many nodes, until ctx ends.
func (s *Server) runArticleTimers(ctx context.Context) {
	ticker := time.NewTicker(dueEvery)
	defer ticker.Stop()
	for {
		n, err := knowledge.RunDue(ctx, s.DB, s.articleDue)
		if err != nil && ctx.Err() == nil {
			s.Log.Warn("what is due to articles could not be done; trying again", "error", err)
		}
		if n > 0 {
			s.Knowledge.Poke()
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// articleDue notes what a timer has done and tells whom it concerns, in the transaction that does it.
func (s *Server) articleDue(ctx context.Context, tx *db.Tx, h knowledge.Happened) error {
	action, notice, to := "article_timer_failed", NoticeArticleTimer, []int64{h.By.ID, h.Article.Owner}
	switch {
	case h.Trouble != "":
	case h.Kind == knowledge.PublishTimer:
		action = "article_published_on_time"
	case h.Kind == knowledge.ExpireTimer:
		action = "article_expired"
	case h.Kind == knowledge.RemindTimer:
		action, notice = "article_reminded", NoticeArticleDue
		if to = []int64{h.Article.Owner}; h.Article.Owner == 0 {
			authors, err := authorsOf(ctx, tx, h.Article)
			if err != nil {
				return err
			}
			to = authors[:1]
		}
	}
	words := or(opt(h.Trouble), h.Reason)
	if err := writeAudit(ctx, tx, auditEntry{actor: h.By.Name, action: action, object: object("article", h.Article.ID), detail: h.Article.Title + "\n" + words}); err != nil {
		return err
	}
	return s.tellOfArticle(ctx, tx, articleNotice{kind: notice, article: h.Article.ID, words: action, timer: true}, to...)
}
