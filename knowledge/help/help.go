// Package help is the help centre that customers and search engines read: pages of the articles that are published, public and
// valid, with a search as one types. It shows what the knowledge holds and counts what readers do; it changes no article, and what
// was ever anything else than public it does not know about.
package help

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"huiyin/db"
	"huiyin/knowledge"
	"huiyin/nlu"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// Migrations are the tables of this package.
func Migrations() db.Migrations {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil { // fs.Sub refuses only a malformed name
		files = migrationFiles
	}
	return db.Migrations{Domain: "help", Files: files}
}

// Searcher finds articles by what a question means.
type Searcher interface {
	Search(ctx context.Context, a nlu.Analysis, o knowledge.Options) ([]knowledge.Hit, error)
}

// Options are what the help centre needs of the rest of the house.
type Options struct {
	DB      *db.DB
	Meaning Searcher
	Log     *slog.Logger
	Channel string // the kind of inbox whose variant of an answer readers get
	Public  string // where customers reach this server: scheme and host
	Key     []byte // of the hashes that visitors are counted by

	Render  func(markdown string) string          // safe HTML
	Plain   func(markdown string) string          // words only
	Sizes   Sizes                                 // of pictures; nil: they are not known
	Address func(r *http.Request) string          // whom to count requests by; "" for nobody
	ChatURL func(inbox int64, lang string) string // the page of an inbox's chat, for browsers without script
}

// Sizes tells how wide and high pictures are, by the keys of their files; what is not known is left out.
type Sizes func(ctx context.Context, keys []string) (map[string][2]int, error)

// Centre is one node's help centre.
type Centre struct {
	Options
	shelf    *shelf
	pages    *template.Template
	files    files
	settings atomic.Pointer[Settings]
	poke     chan struct{}
	ready    chan struct{} // closed when the articles are loaded
	tallies  tallies
	limits   limits
	guard    *http.CrossOriginProtection
	kept     shelves
}

// New makes the help centre. It answers once Run has loaded the articles.
func New(ctx context.Context, o Options) (*Centre, error) {
	c := &Centre{Options: o, shelf: newShelf(), poke: make(chan struct{}, 1), ready: make(chan struct{}), guard: http.NewCrossOriginProtection()}
	c.tallies.clear()
	c.limits.seen = map[string]*allowed{}
	var err error
	if c.pages, err = readPages(); err != nil {
		return nil, err
	}
	if c.files, err = readFiles(); err != nil {
		return nil, err
	}
	return c, c.readSettings(ctx)
}

// Poke tells that articles or settings may have changed. It never blocks; call it after the commit.
func (c *Centre) Poke() {
	select {
	case c.poke <- struct{}{}:
	default:
	}
}

const (
	followEvery = 500 * time.Millisecond
	flushEvery  = 5 * time.Second
	popularEach = time.Minute
)

// Run loads the articles and follows their changes until ctx ends.
func (c *Centre) Run(ctx context.Context) {
	ticker := time.NewTicker(followEvery)
	defer ticker.Stop()
	var flushed, weighed time.Time
	outage := false
	for {
		err := c.refresh(ctx)
		if now := c.DB.Now(); err == nil && now.Sub(weighed) >= popularEach {
			weighed, err = now, c.weigh(ctx)
		}
		if now := c.DB.Now(); err == nil && now.Sub(flushed) >= flushEvery {
			flushed, err = now, c.flush(ctx)
		}
		if ctx.Err() != nil {
			break
		}
		if err != nil && !outage {
			c.Log.Error("the help centre cannot be refreshed; it shows what is loaded", "error", err)
		}
		outage = err != nil
		select {
		case <-ctx.Done():
		case <-c.poke:
		case <-ticker.C:
		}
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushEvery)
	defer cancel()
	if err := c.flush(last); err != nil {
		c.Log.Warn("what readers of the help centre did last is not counted", "error", err)
	}
}

// refresh applies what has changed in the database.
func (c *Centre) refresh(ctx context.Context) error {
	if err := c.readSettings(ctx); err != nil {
		return err
	}
	for {
		if !c.shelf.loaded {
			return c.load(ctx)
		}
		ids, next, whole, err := knowledge.ChangedSince(ctx, c.DB, c.shelf.mark)
		if err != nil {
			return err
		}
		if whole {
			c.shelf.loaded = false
			continue
		}
		if next == c.shelf.mark {
			return nil
		}
		for _, id := range ids {
			if err := c.reread(ctx, id); err != nil {
				return err
			}
		}
		c.shelf.mark = next
	}
}

func (c *Centre) load(ctx context.Context) error {
	end, err := knowledge.EndOfLog(ctx, c.DB)
	if err != nil {
		return err
	}
	fresh := newShelf()
	if err := knowledge.EachLive(ctx, c.DB, func(p knowledge.Live) { fresh.put(p.ID, c.books(p)) }); err != nil {
		return err
	}
	c.shelf.replace(fresh, end)
	select {
	case <-c.ready:
	default:
		close(c.ready)
	}
	return nil
}

func (c *Centre) reread(ctx context.Context, id int64) error {
	p, err := knowledge.GetLive(ctx, c.DB, id)
	if errors.Is(err, knowledge.ErrNotFound) {
		c.shelf.put(id, nil)
		return nil
	}
	if err != nil {
		return fmt.Errorf("follow article %d: %w", id, err)
	}
	c.shelf.put(id, c.books(p))
	return nil
}
