package knowledge

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"huiyin/db"
	"huiyin/nlu"
)

const maxPage = 200

// Filter chooses articles for a list. Empty fields choose everything.
type Filter struct {
	Status   Status
	Category string // the category and all below it
	Tag      string
	Text     string // words that must all occur, in any field
	Cursor   string // where the page before ended
	Limit    int
}

// Page is one page of a list, newest change first. Next is empty on the last one.
type Page struct {
	Articles []Article `json:"articles"`
	Next     string    `json:"next"`
}

// Counts are how many articles stand where, under a filter whose own status is left aside.
type Counts struct {
	Total     int `json:"total"`
	Draft     int `json:"draft"`
	Published int `json:"published"`
	Archived  int `json:"archived"`
}

// CategoryCount is a category in use and how many articles it has, archived ones left out.
type CategoryCount struct {
	Path     string `json:"path"`
	Articles int    `json:"articles"`
}

func pageSize(limit int) int {
	if limit <= 0 {
		return 50
	}
	return min(limit, maxPage)
}

// List reads one page of articles.
func List(ctx context.Context, from db.Querier, f Filter) (Page, error) {
	where, args := f.where()
	if f.Status != "" {
		where, args = where+" AND a.status = ?", append(args, string(f.Status))
	}
	if f.Cursor != "" {
		at, id, err := parseCursor(f.Cursor)
		if err != nil {
			return Page{}, err
		}
		where, args = where+" AND (a.updated_at < ? OR (a.updated_at = ? AND a.id < ?))", append(args, at, at, id)
	}
	limit := pageSize(f.Limit)
	rows, err := from.Query(ctx, "SELECT "+articleColumns+articleTables+where+" ORDER BY a.updated_at DESC, a.id DESC LIMIT ?",
		append(args, limit+1)...)
	if err != nil {
		return Page{}, fmt.Errorf("list articles: %w", err)
	}
	defer rows.Close()
	page := Page{Articles: []Article{}}
	for rows.Next() {
		a, err := scanArticle(rows)
		if err != nil {
			return Page{}, err
		}
		page.Articles = append(page.Articles, a)
	}
	if len(page.Articles) > limit {
		page.Articles = page.Articles[:limit]
		last := page.Articles[limit-1]
		page.Next = fmt.Sprintf("%d.%d", db.Millis(last.UpdatedAt), last.ID)
	}
	return page, rows.Err()
}

// where is the filter without status and cursor.
func (f Filter) where() (string, []any) {
	where, args := " WHERE 1 = 1", []any{}
	if c := cleanCategory(f.Category); c != "" {
		where += ` AND (a.category = ? OR a.category LIKE ? ESCAPE '\')`
		args = append(args, c, likeText(c)+"/%")
	}
	if f.Tag != "" {
		where += " AND a.id IN (SELECT article_id FROM article_tags WHERE tag = ?)"
		args = append(args, f.Tag)
	}
	for _, word := range strings.Fields(nlu.Normalize(f.Text)) {
		where += ` AND (a.search_text LIKE ? ESCAPE '\' OR LOWER(COALESCE(a.external_key, '')) = ?)`
		args = append(args, "%"+likeText(word)+"%", word)
	}
	return where, args
}

func likeText(s string) string {
	return strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(s)
}

func parseCursor(cursor string) (at, id int64, err error) {
	a, b, ok := strings.Cut(cursor, ".")
	at, err = strconv.ParseInt(a, 10, 64)
	if err == nil {
		id, err = strconv.ParseInt(b, 10, 64)
	}
	if err != nil || !ok {
		return 0, 0, &Invalid{"cursor", "this is not a cursor of this list"}
	}
	return at, id, nil
}

// Count counts the articles under a filter by status.
func Count(ctx context.Context, from db.Querier, f Filter) (Counts, error) {
	where, args := f.where()
	rows, err := from.Query(ctx, "SELECT a.status, COUNT(*) FROM articles a"+where+" GROUP BY a.status", args...)
	if err != nil {
		return Counts{}, fmt.Errorf("count articles: %w", err)
	}
	defer rows.Close()
	var c Counts
	for rows.Next() {
		var status Status
		var n int
		if err := rows.Scan(&status, &n); err != nil {
			return Counts{}, fmt.Errorf("count articles: %w", err)
		}
		c.add(status, n)
	}
	return c, rows.Err()
}

func (c *Counts) add(status Status, n int) {
	c.Total += n
	switch status {
	case Draft:
		c.Draft += n
	case Published:
		c.Published += n
	case Archived:
		c.Archived += n
	}
}

// Categories lists the categories in use, in the order of their paths.
func Categories(ctx context.Context, from db.Querier) ([]CategoryCount, error) {
	rows, err := from.Query(ctx, "SELECT category, COUNT(*) FROM articles WHERE status <> ? AND category <> '' GROUP BY category ORDER BY category",
		string(Archived))
	if err != nil {
		return nil, fmt.Errorf("list categories: %w", err)
	}
	defer rows.Close()
	list := []CategoryCount{}
	for rows.Next() {
		var c CategoryCount
		if err := rows.Scan(&c.Path, &c.Articles); err != nil {
			return nil, fmt.Errorf("list categories: %w", err)
		}
		list = append(list, c)
	}
	return list, rows.Err()
}
