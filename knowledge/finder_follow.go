package knowledge

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"huiyin/db"
)

// refresh applies what has changed in the database.
func (x *Finder) refresh(ctx context.Context, from db.Querier) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	for {
		changes, err := changesFrom(ctx, from, max(x.applied.n, 1), loadPage)
		if err != nil {
			return err
		}
		if !x.loaded || !continues(changes, x.applied) || len(changes) == loadPage {
			return x.load(ctx, from)
		}
		if x.applied.n > 0 {
			changes = changes[1:]
		}
		if len(changes) == 0 {
			return nil
		}
		if err := x.apply(ctx, from, changes); err != nil {
			return err
		}
	}
}

// load reads everything. The log's end is read first: what changes meanwhile is applied again.
func (x *Finder) load(ctx context.Context, from db.Querier) error {
	end, err := lastChange(ctx, from)
	if err != nil {
		return err
	}
	x.loaded, x.rows = false, map[int64]*findable{}
	if err := x.read(ctx, from, "", nil); err != nil {
		return err
	}
	x.loaded, x.applied = true, end
	x.sort()
	return nil
}

func (x *Finder) apply(ctx context.Context, from db.Querier, changes []change) error {
	ids := articlesOf(changes)
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
		delete(x.rows, id)
	}
	if err := x.read(ctx, from, " IN (?"+strings.Repeat(", ?", len(args)-1)+")", args); err != nil {
		x.loaded = false
		return err
	}
	x.applied = changes[len(changes)-1]
	x.sort()
	return nil
}

// read takes in some articles, or all.
func (x *Finder) read(ctx context.Context, from db.Querier, which string, args []any) error {
	where := func(column string) string {
		if which == "" {
			return ""
		}
		return " WHERE " + column + which
	}
	rows, err := from.Query(ctx, "SELECT id, COALESCE(external_key, ''), status, category, title, search_text, updated_at FROM articles"+where("id"), args...)
	if err != nil {
		return fmt.Errorf("read articles: %w", err)
	}
	if err := x.takeIn(rows); err != nil {
		return fmt.Errorf("read articles: %w", err)
	}
	tags, err := from.Query(ctx, "SELECT article_id, tag FROM article_tags"+where("article_id"), args...)
	if err != nil {
		return fmt.Errorf("read tags: %w", err)
	}
	defer tags.Close()
	for tags.Next() {
		var id int64
		var tag string
		if err := tags.Scan(&id, &tag); err != nil {
			return fmt.Errorf("read tags: %w", err)
		}
		if r := x.rows[id]; r != nil {
			r.tags = append(r.tags, tag)
		}
	}
	return tags.Err()
}

func (x *Finder) takeIn(rows *sql.Rows) error {
	defer rows.Close()
	for rows.Next() {
		var r findable
		if err := rows.Scan(&r.id, &r.key, &r.status, &r.category, &r.title, &r.text, &r.at); err != nil {
			return err
		}
		r.key, r.title = strings.ToLower(r.key), strings.ToLower(r.title)
		x.rows[r.id] = &r
	}
	return rows.Err()
}

func (x *Finder) sort() {
	x.newest = x.newest[:0]
	for _, r := range x.rows {
		x.newest = append(x.newest, r)
	}
	slices.SortFunc(x.newest, func(a, b *findable) int { return cmp.Or(cmp.Compare(b.at, a.at), cmp.Compare(b.id, a.id)) })
}
