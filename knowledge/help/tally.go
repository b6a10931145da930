package help

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"
	"unicode"

	"huiyin/db"
	"huiyin/nlu"
)

// The parameters by which an article says how it was found.
const (
	byResults = "q" // on the page of results
	byTyping  = "s" // while typing
)

// term is who searched for what on a day: nobody is named.
type asked struct{ day, language, term string }

type ending struct{ nothing, shown, opened int }

type viewed struct {
	day string
	id  int64
}

// tallies count in memory between two writes. What a node has not written when it dies is lost: these are figures, not facts.
type tallies struct {
	mu       sync.Mutex
	searches map[asked]ending
	views    map[viewed]int
}

// mostTallies is how many different things are counted between two writes; beyond, what is new is not counted.
const mostTallies = 5000

func (t *tallies) clear() {
	t.searches, t.views = map[asked]ending{}, map[viewed]int{}
}

func (t *tallies) search(a asked, e ending) {
	t.mu.Lock()
	defer t.mu.Unlock()
	old, known := t.searches[a]
	if a.term == "" || !known && len(t.searches) >= mostTallies {
		return
	}
	t.searches[a] = ending{old.nothing + e.nothing, old.shown + e.shown, old.opened + e.opened}
}

func (t *tallies) view(v viewed, n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, known := t.views[v]; known || len(t.views) < mostTallies {
		t.views[v] += n
	}
}

// maxTerm is how many characters of a search are kept.
const maxTerm = 60

// termOf is a search as it is counted: its normal form, with no long numbers and no addresses, since those may name somebody.
func termOf(typed string) string {
	words := strings.Fields(strings.Trim(nlu.Normalize(clipRunes(typed, maxTyped)), "?!.,;:"))
	for i, w := range words {
		digits := strings.Count(strings.Map(func(r rune) rune {
			if unicode.IsDigit(r) {
				return '0'
			}
			return r
		}, w), "0")
		if digits > 4 || strings.Contains(w, "@") {
			words[i] = "…"
		}
	}
	return clipRunes(strings.Join(words, " "), maxTerm)
}

func (v *visit) asked(typed string) asked {
	return asked{v.now.UTC().Format(time.DateOnly), v.language, termOf(typed)}
}

// searched counts a search by how it ended.
func (c *Centre) searched(v *visit, typed string, found bool) {
	e := ending{nothing: 1}
	if found {
		e = ending{shown: 1}
	}
	if v.preview || isRobot(v.r.UserAgent()) {
		return
	}
	c.tallies.search(v.asked(typed), e)
}

// count counts that an article was opened, and the search that led to it.
func (c *Centre) count(v *visit, b *book) {
	if v.preview || isRobot(v.r.UserAgent()) || v.r.Header.Get("Sec-Purpose") != "" {
		return
	}
	c.tallies.view(viewed{v.now.UTC().Format(time.DateOnly), b.id}, 1)
	params := v.r.URL.Query()
	if typed := params.Get(byResults); typed != "" {
		c.tallies.search(v.asked(typed), ending{opened: 1})
	}
	if typed := params.Get(byTyping); typed != "" {
		c.tallies.search(v.asked(typed), ending{shown: 1, opened: 1})
	}
}

// isRobot tells whether a program says that it is one.
func isRobot(agent string) bool {
	agent = strings.ToLower(agent)
	return agent == "" || strings.Contains(agent, "bot") || strings.Contains(agent, "spider") || strings.Contains(agent, "crawl") || strings.Contains(agent, "preview")
}

// takeMissed takes a browser's word that what was typed led nowhere.
func (c *Centre) takeMissed(v *visit) {
	typed := v.r.PostFormValue("q")
	if !c.limits.allow("missed "+c.Address(v.r), mostMissed, v.now) {
		v.w.WriteHeader(429)
		return
	}
	if typed != "" {
		c.searched(v, typed, len(c.search(v, typed, 1)) > 0)
	}
	v.w.WriteHeader(204)
}

// flush writes the tallies.
func (c *Centre) flush(ctx context.Context) error {
	c.tallies.mu.Lock()
	searches, views := c.tallies.searches, c.tallies.views
	c.tallies.clear()
	c.tallies.mu.Unlock()
	if len(searches)+len(views) == 0 {
		return nil
	}
	err := writeTallies(ctx, c.DB, searches, views)
	if err != nil { // they are written the next time
		for a, e := range searches {
			c.tallies.search(a, e)
		}
		for v, n := range views {
			c.tallies.view(v, n)
		}
	}
	return err
}

func writeTallies(ctx context.Context, to *db.DB, searches map[asked]ending, views map[viewed]int) error {
	return to.Tx(ctx, func(tx *db.Tx) error {
		for a, e := range searches {
			if err := addSearch(ctx, tx, a, e); err != nil {
				return err
			}
		}
		for v, n := range views {
			_, err := tx.Exec(ctx, "INSERT INTO help_views (day, article_id, views) VALUES (?, ?, ?) ON CONFLICT (day, article_id) DO UPDATE SET views = help_views.views + excluded.views",
				v.day, v.id, n)
			if err != nil {
				return fmt.Errorf("count views: %w", err)
			}
		}
		return nil
	})
}

func addSearch(ctx context.Context, tx *db.Tx, a asked, e ending) error {
	_, err := tx.Exec(ctx, `INSERT INTO help_searches (day, language, term, vain, shown, opened) VALUES (?, ?, ?, ?, ?, ?)
 ON CONFLICT (day, language, term) DO UPDATE SET vain = help_searches.vain + excluded.vain, shown = help_searches.shown + excluded.shown, opened = help_searches.opened + excluded.opened`,
		a.day, a.language, a.term, e.nothing, e.shown, e.opened)
	if err != nil {
		return fmt.Errorf("count searches: %w", err)
	}
	return nil
}

// AddMissed counts searches in vain that were counted elsewhere.
func AddMissed(ctx context.Context, tx *db.Tx, m Missed) error {
	return addSearch(ctx, tx, asked{m.Last, m.Language, termOf(m.Term)}, ending{nothing: m.Nothing, shown: m.Unopened})
}

// Missed is what readers searched for in vain: how often nothing was found, and how often nothing of what was shown was opened.
type Missed struct {
	Language string
	Term     string
	Nothing  int
	Unopened int
	Last     string // the last day, as 2026-11-22
}

// MissedSearches lists what was searched for in vain since a day, the most frequent first.
func MissedSearches(ctx context.Context, from db.Querier, since time.Time, limit int) ([]Missed, error) {
	rows, err := from.Query(ctx, `SELECT language, term, SUM(vain), SUM(CASE WHEN shown > opened THEN shown - opened ELSE 0 END) AS unopened, MAX(day) FROM help_searches
 WHERE day >= ? GROUP BY language, term HAVING SUM(vain) + SUM(CASE WHEN shown > opened THEN shown - opened ELSE 0 END) > 0
 ORDER BY SUM(vain) + SUM(CASE WHEN shown > opened THEN shown - opened ELSE 0 END) DESC, term LIMIT ?`, since.UTC().Format(time.DateOnly), limit)
	if err != nil {
		return nil, fmt.Errorf("list missed searches: %w", err)
	}
	defer rows.Close()
	list := []Missed{}
	for rows.Next() {
		var m Missed
		if err := rows.Scan(&m.Language, &m.Term, &m.Nothing, &m.Unopened, &m.Last); err != nil {
			return nil, fmt.Errorf("list missed searches: %w", err)
		}
		list = append(list, m)
	}
	return list, rows.Err()
}

// SearchPath is where a term is looked for, for editors who want to see what readers saw.
func SearchPath(language, term string) string {
	return Path + "/" + language + "/search?q=" + url.QueryEscape(term)
}
