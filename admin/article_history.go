package admin

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"huiyin/admin/api"
	"huiyin/db"
	"huiyin/knowledge"
)

// maxHistory bounds how much of an article's history is shown.
const maxHistory = 200

// ListArticleHistory shows everything that happened to an article: its revisions and what the audit log says of it.
func (s *Server) ListArticleHistory(ctx context.Context, r api.ListArticleHistoryRequestObject) (api.ListArticleHistoryResponseObject, error) {
	if _, err := knowledge.Get(ctx, s.DB, r.Id); err != nil {
		return nil, err
	}
	revisions, err := knowledge.Revisions(ctx, s.DB, r.Id, 0, maxHistory)
	if err != nil {
		return nil, err
	}
	noted, err := auditOf(ctx, s.DB, object("article", r.Id), maxHistory)
	if err != nil {
		return nil, err
	}
	steps := api.ListArticleHistory200JSONResponse{}
	for _, one := range revisions {
		steps = append(steps, api.ArticleStep{At: one.At, Who: one.Author.Name, Action: "saved", Revision: opt(int64(one.Number)), Words: opt(one.Note)})
	}
	for _, e := range noted {
		_, words, _ := strings.Cut(e.detail, "\n")
		steps = append(steps, api.ArticleStep{At: e.at, Who: e.actor, Action: e.action, Words: opt(words)})
	}
	slices.SortStableFunc(steps, func(a, b api.ArticleStep) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(val(a.Revision), val(b.Revision)))
	})
	return steps[:min(len(steps), maxHistory)], nil
}

// auditOf reads the newest lines of the audit log about one thing.
func auditOf(ctx context.Context, from db.Querier, object string, limit int) ([]auditEntry, error) {
	rows, err := from.Query(ctx, "SELECT id, at, actor, action, detail FROM audit WHERE object = ? ORDER BY id DESC LIMIT ?", object, limit)
	if err != nil {
		return nil, fmt.Errorf("read audit log: %w", err)
	}
	defer rows.Close()
	var found []auditEntry
	for rows.Next() {
		var e auditEntry
		var at int64
		if err := rows.Scan(&e.id, &at, &e.actor, &e.action, &e.detail); err != nil {
			return nil, fmt.Errorf("read audit log: %w", err)
		}
		e.at = db.Time(at)
		found = append(found, e)
	}
	return found, rows.Err()
}
