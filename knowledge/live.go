package knowledge

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"huiyin/db"
)

// Live is an article as it stands for customers. Whether one of them may read it is for Content.Serves to say.
type Live struct {
	ID       int64
	Revision int64
	At       time.Time // when the revision was written
	Created  time.Time // when the article was made
	Used     int64
	Helpful  int64
	Content  Content
}

const liveColumns = "SELECT a.id, p.id, p.at, a.created_at, a.used, a.helpful, p.content FROM articles a" +
	" JOIN article_revisions p ON p.id = a.published_revision_id AND a.status = 'published'"

// EachLive visits every article that is published, by number.
func EachLive(ctx context.Context, from db.Querier, visit func(Live)) error {
	last := int64(0)
	for {
		page, err := liveWhere(ctx, from, " WHERE a.id > ? ORDER BY a.id LIMIT ?", last, loadPage)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, p := range page {
			visit(p)
			last = p.ID
		}
	}
}

// GetLive reads one article as it stands for customers; ErrNotFound when it is not published.
func GetLive(ctx context.Context, from db.Querier, id int64) (Live, error) {
	page, err := liveWhere(ctx, from, " WHERE a.id = ?", id)
	if err == nil && len(page) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Live{}, err
	}
	return page[0], nil
}

func liveWhere(ctx context.Context, from db.Querier, where string, args ...any) ([]Live, error) {
	rows, err := from.Query(ctx, liveColumns+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read published articles: %w", err)
	}
	defer rows.Close()
	var list []Live
	for rows.Next() {
		var p Live
		var at, created int64
		var content string
		if err := rows.Scan(&p.ID, &p.Revision, &at, &created, &p.Used, &p.Helpful, &content); err != nil {
			return nil, fmt.Errorf("read published articles: %w", err)
		}
		if err := json.Unmarshal([]byte(content), &p.Content); err != nil {
			return nil, fmt.Errorf("read article %d: %w", p.ID, err)
		}
		p.At, p.Created = db.Time(at), db.Time(created)
		list = append(list, p)
	}
	return list, rows.Err()
}

// Mark is a place in the log of changes, for whoever follows it beside the Index.
type Mark struct{ last change }

// EndOfLog is the place behind everything that has changed so far. Read it before the articles: what changes meanwhile is then
// told again.
func EndOfLog(ctx context.Context, from db.Querier) (Mark, error) {
	last, err := lastChange(ctx, from)
	return Mark{last}, err
}

// ChangedSince gives the articles that have changed behind a place, and the place behind them; it may have to be asked again until
// there are none. whole is true where that cannot be told, because the log is another one or every article is concerned.
func ChangedSince(ctx context.Context, from db.Querier, m Mark) (ids []int64, next Mark, whole bool, err error) {
	changes, err := changesFrom(ctx, from, max(m.last.n, 1), loadPage)
	if err != nil {
		return nil, m, false, err
	}
	if !continues(changes, m.last) {
		return nil, m, true, nil
	}
	if m.last.n > 0 {
		changes = changes[1:]
	}
	if len(changes) == 0 {
		return nil, m, false, nil
	}
	ids = slices.DeleteFunc(articlesOf(changes), func(id int64) bool { return id == synonymsChanged })
	return ids, Mark{changes[len(changes)-1]}, false, nil
}
