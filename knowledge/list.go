package knowledge

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

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
	Review   ReviewState
	Reviewer int64     // with Review: this person was asked, or whoever may
	Owner    int64     // who looks after it
	DueBy    time.Time // to be looked at again by then
	Cursor   string    // where the page before ended
	Limit    int
}

// Page is one page of a list: with a text, first the articles whose question has it; then the newest change first. Next is empty on the last one.
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
	rank, words := f.rank()
	if f.Cursor != "" {
		c, err := parseCursor(f.Cursor)
		if err != nil {
			return Page{}, err
		}
		where += " AND (" + rank + " < ? OR (" + rank + " = ? AND (a.updated_at < ? OR (a.updated_at = ? AND a.id < ?))))"
		args = slices.Concat(args, words, []any{c.rank}, words, []any{c.rank, c.at, c.at, c.id})
	}
	limit := pageSize(f.Limit)
	order := " ORDER BY a.updated_at DESC, a.id DESC"
	if len(words) > 0 {
		order = " ORDER BY rank DESC, a.updated_at DESC, a.id DESC"
	}
	// The page is chosen first, so that no more texts than its own are read and sorted.
	chosen := "(SELECT a.id, " + rank + " AS rank FROM articles a" + where + order + " LIMIT ?) p JOIN articles a ON a.id = p.id"
	rows, err := from.Query(ctx, "SELECT "+articleColumns+", p.rank FROM "+chosen+" JOIN article_revisions r ON r.id = a.draft_revision_id"+
		" ORDER BY p.rank DESC, a.updated_at DESC, a.id DESC", slices.Concat(words, args, []any{limit + 1})...)
	if err != nil {
		return Page{}, fmt.Errorf("list articles: %w", err)
	}
	defer rows.Close()
	return readPage(rows, limit)
}

func readPage(rows *sql.Rows, limit int) (Page, error) {
	page := Page{Articles: []Article{}}
	var rank, last int
	for rows.Next() {
		if len(page.Articles) == limit {
			end := page.Articles[limit-1]
			page.Next = fmt.Sprintf("%d.%d.%d", last, db.Millis(end.UpdatedAt), end.ID)
			break
		}
		a, err := scanArticle(withRank{rows, &rank})
		if err != nil {
			return Page{}, err
		}
		page.Articles, last = append(page.Articles, a), rank
	}
	return page, rows.Err()
}

// withRank reads the rank that stands behind the columns of an article.
type withRank struct {
	scanner
	rank *int
}

// Scan reads the article's columns and the rank behind them.
func (w withRank) Scan(dest ...any) error {
	return w.scanner.Scan(append(slices.Clone(dest), w.rank)...)
}

// rank is an expression for how well an article fits the text, and its arguments: 1 when its question has every
// word, which then stands above the articles that only mention them.
func (f Filter) rank() (string, []any) {
	words := strings.Fields(nlu.Normalize(f.Text))
	if len(words) == 0 {
		return "(0)", nil
	}
	var args []any
	for _, word := range words {
		args = append(args, "%"+likeText(word)+"%")
	}
	one := ` AND LOWER(a.title) LIKE ? ESCAPE '\'`
	return "(CASE WHEN" + strings.TrimPrefix(strings.Repeat(one, len(words)), " AND") + " THEN 1 ELSE 0 END)", args
}

// categoriesInUse steps from one category to the next in their index, because there are few of them and many articles.
const categoriesInUse = "WITH RECURSIVE used(category) AS (SELECT MIN(category) FROM articles" +
	" UNION ALL SELECT (SELECT MIN(b.category) FROM articles b WHERE b.category > used.category) FROM used WHERE used.category IS NOT NULL)"

// where is the filter without status and cursor.
func (f Filter) where() (string, []any) {
	where, args := " WHERE 1 = 1", []any{}
	if c := cleanCategory(f.Category); c != "" {
		where += " AND a.category IN (" + categoriesInUse + ` SELECT category FROM used WHERE category = ? OR category LIKE ? ESCAPE '\')`
		args = append(args, c, likeText(c)+"/%")
	}
	if f.Tag != "" {
		where += " AND a.id IN (SELECT article_id FROM article_tags WHERE tag = ?)"
		args = append(args, f.Tag)
	}
	where, args = f.whereCare(where, args)
	for _, word := range strings.Fields(nlu.Normalize(f.Text)) {
		where += ` AND (a.search_text LIKE ? ESCAPE '\' OR LOWER(COALESCE(a.external_key, '')) = ?)`
		args = append(args, "%"+likeText(word)+"%", word)
	}
	return where, args
}

// whereCare adds who looks after an article and where its review stands.
func (f Filter) whereCare(where string, args []any) (string, []any) {
	if f.Review != NoReview {
		where, args = where+" AND a.review = ? AND a.review <> ''", append(args, string(f.Review))
		if f.Reviewer != 0 {
			where, args = where+" AND a.reviewer_id IN (0, ?)", append(args, f.Reviewer)
		}
	}
	if f.Owner != 0 {
		where, args = where+" AND a.owner_id = ? AND a.owner_id > 0", append(args, f.Owner)
	}
	if !f.DueBy.IsZero() {
		where, args = where+" AND a.review_by > 0 AND a.review_by <= ? AND a.status <> 'archived'", append(args, db.Millis(f.DueBy))
	}
	return where, args
}

func likeText(s string) string {
	return strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(s)
}

type listCursor struct{ rank, at, id int64 }

func parseCursor(cursor string) (listCursor, error) {
	parts := strings.Split(cursor, ".")
	var n [3]int64
	for i := range n {
		var err error
		if len(parts) == len(n) {
			n[i], err = strconv.ParseInt(parts[i], 10, 64)
		}
		if err != nil || len(parts) != len(n) {
			return listCursor{}, &Invalid{"cursor", "this is not a cursor of this list"}
		}
	}
	return listCursor{n[0], n[1], n[2]}, nil
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

// CountAsked counts the articles that somebody, or whoever may, is asked to review.
func CountAsked(ctx context.Context, from db.Querier, reviewer int64) (n int, err error) {
	err = from.QueryRow(ctx, "SELECT COUNT(*) FROM articles WHERE review = 'asked' AND reviewer_id IN (0, ?)", reviewer).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count articles to review: %w", err)
	}
	return n, nil
}

// CountDue counts the articles that are to be looked at again by now.
func CountDue(ctx context.Context, from db.Querier, now time.Time) (n int, err error) {
	err = from.QueryRow(ctx, "SELECT COUNT(*) FROM articles WHERE review_by > 0 AND review_by <= ? AND status <> 'archived'", db.Millis(now)).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count articles that are due: %w", err)
	}
	return n, nil
}
