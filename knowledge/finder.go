package knowledge

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"huiyin/db"
	"huiyin/nlu"
)

// Finder searches the lists of articles by text on one node. It holds the texts in memory, because no index of a database
// finds a word of two Chinese characters inside a text; it reads the change log before each search, so that it is never
// behind. The first search loads it.
type Finder struct {
	mu      sync.RWMutex
	applied change
	rows    map[int64]*findable
	newest  []*findable // by time of change, newest first
	loaded  bool
}

// findable is what an article is found and ordered by. Whatever writes one of these logs a change.
type findable struct {
	id, at         int64
	status         Status
	key, title     string
	category, text string
	tags           []string
}

// List reads one page of articles and counts them by status, as List and Count do.
func (x *Finder) List(ctx context.Context, from db.Querier, f Filter) (Page, Counts, error) {
	words := strings.Fields(nlu.Normalize(f.Text))
	if len(words) == 0 || f.Review != NoReview || f.Owner != 0 || !f.DueBy.IsZero() {
		page, err := List(ctx, from, f)
		if err != nil {
			return Page{}, Counts{}, err
		}
		counts, err := Count(ctx, from, f)
		return page, counts, err
	}
	after := listCursor{rank: 2}
	if f.Cursor != "" {
		var err error
		if after, err = parseCursor(f.Cursor); err != nil {
			return Page{}, Counts{}, err
		}
	}
	if err := x.refresh(ctx, from); err != nil {
		return Page{}, Counts{}, err
	}
	found, counts := x.find(f, words, after)
	page, err := readFound(ctx, from, found, pageSize(f.Limit))
	return page, counts, err
}

// place is an article in the order of a list.
type place struct {
	listCursor
}

func (p place) behind(after listCursor) bool {
	return cmp.Or(cmp.Compare(p.rank, after.rank), cmp.Compare(p.at, after.at), cmp.Compare(p.id, after.id)) < 0
}

// find goes through all texts: those whose question has every word come first.
func (x *Finder) find(f Filter, words []string, after listCursor) (found []place, counts Counts) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	category := cleanCategory(f.Category)
	limit := pageSize(f.Limit) + 1
	var first, rest []place
	for _, r := range x.newest {
		if !r.within(category, f.Tag) || !r.has(words) {
			continue
		}
		counts.add(r.status, 1)
		if f.Status != "" && r.status != f.Status {
			continue
		}
		p := place{listCursor{r.rank(words), r.at, r.id}}
		switch {
		case !p.behind(after):
		case p.rank == 1 && len(first) < limit:
			first = append(first, p)
		case p.rank == 0 && len(rest) < limit:
			rest = append(rest, p)
		}
	}
	found = append(first, rest...)
	return found[:min(limit, len(found))], counts
}

func (r *findable) within(category, tag string) bool {
	return (category == "" || r.category == category || strings.HasPrefix(r.category, category+"/")) && (tag == "" || slices.Contains(r.tags, tag))
}

func (r *findable) has(words []string) bool {
	for _, word := range words {
		if !strings.Contains(r.text, word) && r.key != word {
			return false
		}
	}
	return true
}

func (r *findable) rank(words []string) int64 {
	for _, word := range words {
		if !strings.Contains(r.title, word) {
			return 0
		}
	}
	return 1
}

// readFound reads the articles of a page in their order; found has one more when there is a next page.
func readFound(ctx context.Context, from db.Querier, found []place, limit int) (Page, error) {
	page := Page{Articles: []Article{}}
	if len(found) > limit {
		found = found[:limit]
		last := found[limit-1]
		page.Next = fmt.Sprintf("%d.%d.%d", last.rank, last.at, last.id)
	}
	if len(found) == 0 {
		return page, nil
	}
	args, order := make([]any, len(found)), map[int64]int{}
	for i, p := range found {
		args[i], order[p.id] = p.id, i
	}
	rows, err := from.Query(ctx, "SELECT "+articleColumns+articleTables+" WHERE a.id IN (?"+strings.Repeat(", ?", len(args)-1)+")", args...)
	if err != nil {
		return Page{}, fmt.Errorf("list articles: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		a, err := scanArticle(rows)
		if err != nil {
			return Page{}, err
		}
		page.Articles = append(page.Articles, a)
	}
	slices.SortFunc(page.Articles, func(a, b Article) int { return cmp.Compare(order[a.ID], order[b.ID]) })
	return page, rows.Err()
}
