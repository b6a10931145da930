package help

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"huiyin/db"
	"huiyin/knowledge"
)

// shelf is what a node shows: every book, by article and for searching. mark and loaded belong to whoever follows the changes.
type shelf struct {
	loaded bool
	mark   knowledge.Mark

	mu    sync.RWMutex
	books map[int64][]*book
	found map[string]*index // by language
	read  map[int64]float64 // how often an article was read lately
	views map[string]*view  // by language; nil after a change
}

func newShelf() *shelf {
	s := &shelf{books: map[int64][]*book{}, found: map[string]*index{}, read: map[int64]float64{}, views: map[string]*view{}}
	for _, l := range languages() {
		s.found[l] = newIndex()
	}
	return s
}

// put replaces an article; no books take it away.
func (s *shelf) put(id int64, books []*book) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range s.books[id] {
		s.found[b.language].remove(b)
	}
	delete(s.books, id)
	for _, b := range books {
		s.found[b.language].add(b)
	}
	if len(books) > 0 {
		s.books[id] = books
	}
	clear(s.views)
}

// replace takes over what another shelf holds.
func (s *shelf) replace(other *shelf, end knowledge.Mark) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.books, s.found = other.books, other.found
	clear(s.views)
	s.mark, s.loaded = end, true
}

// get finds an article in a language, when it may be read now.
func (s *shelf) get(id int64, language string, now time.Time) *book {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.open(id, language, now)
}

func (s *shelf) open(id int64, language string, now time.Time) *book {
	for _, b := range s.books[id] {
		if b.language == language && b.open(now) {
			return b
		}
	}
	return nil
}

// view is what may be read in a language until the next article begins or ends to be valid.
type view struct {
	until    time.Time
	books    []*book // newest first
	popular  []*book
	category map[string][]*book // by path, the most read first
	under    map[string][]*book // by path, with those of the categories below
}

// view is what may be read now.
func (s *shelf) view(language string, now time.Time) *view {
	s.mu.RLock()
	v := s.views[language]
	s.mu.RUnlock()
	if v != nil && (v.until.IsZero() || now.Before(v.until)) {
		return v
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	v = s.look(language, now)
	s.views[language] = v
	return v
}

func (s *shelf) look(language string, now time.Time) *view {
	v := &view{category: map[string][]*book{}, under: map[string][]*book{}}
	for id := range s.books {
		for _, b := range s.books[id] {
			v.end(b, now)
			if b.language == language && b.open(now) {
				v.books = append(v.books, b)
			}
		}
	}
	slices.SortFunc(v.books, newestFirst)
	v.popular = slices.Clone(v.books)
	slices.SortStableFunc(v.popular, func(a, b *book) int {
		return cmp.Or(cmp.Compare(s.read[b.id]+b.liked, s.read[a.id]+a.liked), cmp.Compare(a.id, b.id))
	})
	for _, b := range v.popular {
		v.category[b.category] = append(v.category[b.category], b)
		for path := b.category; path != ""; path = path[:max(strings.LastIndex(path, "/"), 0)] {
			v.under[path] = append(v.under[path], b)
		}
	}
	return v
}

// end notes when a book opens or closes next.
func (v *view) end(b *book, now time.Time) {
	for _, at := range []time.Time{b.from, b.until} {
		if at.After(now) && (v.until.IsZero() || at.Before(v.until)) {
			v.until = at
		}
	}
}

// lately is for how many days the readers of an article count.
const lately = 30

// weigh reads what was read lately.
func (c *Centre) weigh(ctx context.Context) error {
	read, err := readLately(ctx, c.DB, c.DB.Now().AddDate(0, 0, -lately))
	if err != nil {
		return err
	}
	c.shelf.mu.Lock()
	defer c.shelf.mu.Unlock()
	c.shelf.read = read
	clear(c.shelf.views)
	return nil
}

func readLately(ctx context.Context, from db.Querier, since time.Time) (map[int64]float64, error) {
	rows, err := from.Query(ctx, "SELECT article_id, SUM(views) FROM help_views WHERE day >= ? GROUP BY article_id", since.Format(time.DateOnly))
	if err != nil {
		return nil, fmt.Errorf("read views: %w", err)
	}
	defer rows.Close()
	read := map[int64]float64{}
	for rows.Next() {
		var id, views int64
		if err := rows.Scan(&id, &views); err != nil {
			return nil, fmt.Errorf("read views: %w", err)
		}
		read[id] = float64(views)
	}
	return read, rows.Err()
}
