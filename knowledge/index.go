package knowledge

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"huiyin/db"
)

// Index is one node's copy of the knowledge for searching: a full-text index on disk that finds candidates, and
// the phrasings' terms in memory that rank them. The database is the truth: what is missing or damaged is built
// anew from it, and while the disk part is away the search compares with every phrasing in memory.
type Index struct {
	path string
	from *db.DB
	log  *slog.Logger
	poke chan struct{}
	read chan struct{} // closed once the knowledge is in memory

	following sync.Mutex // held by whoever applies changes
	learning  sync.Mutex // held by whoever learns
	changed   chan struct{}
	applied   change
	outage    bool // the database could not be read the last time
	retryAt   time.Time

	mu      sync.RWMutex // guards what a search reads
	corpus  *corpus
	edition int64     // rises with every change of what customers get
	taught  int64     // the edition that was learnt from
	full    *fulltext // nil while the disk part cannot be used
	closed  bool
}

// Open loads the knowledge and opens the index in this folder, which belongs to this process alone. A missing,
// damaged or foreign index is built anew; only a folder in use by another process and an unreadable database
// are errors.
func Open(ctx context.Context, folder string, from *db.DB, log *slog.Logger) (*Index, error) {
	x := newIndex(folder, from, log)
	if err := x.load(ctx); err != nil {
		return nil, err
	}
	close(x.read)
	if err := x.openDisk(ctx); err != nil {
		return nil, err
	}
	return x, nil
}

// loadAgain is how long after a failure the knowledge is loaded again.
const loadAgain = time.Second

// Begin is Open without waiting for it: a large base takes seconds, in which customers can write already. Searches, and all
// that looks at the articles, wait until they are in memory; Read tells when. Loading goes on until ctx ends.
func Begin(ctx context.Context, folder string, from *db.DB, log *slog.Logger) *Index {
	x := newIndex(folder, from, log)
	x.following.Lock()
	go func() {
		defer x.following.Unlock()
		for err := x.load(ctx); err != nil; err = x.load(ctx) {
			if ctx.Err() != nil {
				return
			}
			log.Error("the knowledge cannot be loaded; trying again", "error", err)
			select {
			case <-ctx.Done():
				return
			case <-time.After(loadAgain):
			}
		}
		close(x.read)
		if err := x.openDisk(ctx); err != nil {
			log.Error("the search index cannot be used; searching in memory", "folder", x.path, "error", err)
		}
	}()
	return x
}

func newIndex(folder string, from *db.DB, log *slog.Logger) *Index {
	return &Index{path: filepath.Join(folder, "articles.bleve"), from: from, log: log, corpus: newCorpus(),
		poke: make(chan struct{}, 1), changed: make(chan struct{}, 1), read: make(chan struct{})}
}

// Read returns when the knowledge is in memory.
func (x *Index) Read(ctx context.Context) error {
	select {
	case <-x.read:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// load reads every article into memory. The log's end is read first: what changes meanwhile is applied again.
func (x *Index) load(ctx context.Context) error {
	end, err := lastChange(ctx, x.from)
	if err != nil {
		return err
	}
	c := newCorpus()
	if c.synonyms, err = loadSynonyms(ctx, x.from); err != nil {
		return fmt.Errorf("load articles: %w", err)
	}
	err = eachStored(ctx, x.from, func(s stored) { c.put(s.id, s.entry(c)) })
	if err != nil {
		return fmt.Errorf("load articles: %w", err)
	}
	c.weigh()
	x.mu.Lock()
	defer x.mu.Unlock()
	x.corpus, x.applied = c, end
	x.edition++
	x.stale()
	return nil
}

// openDisk opens the disk part and brings it to where the memory is.
func (x *Index) openDisk(ctx context.Context) error {
	full, m, err := openFulltext(x.path)
	if errors.Is(err, errBusy) {
		return fmt.Errorf("open index %s: %w", x.path, err)
	}
	if err == nil && m == markOf(x.applied) {
		x.use(full)
		return nil
	}
	if err == nil {
		if x.catchUpDisk(ctx, full, m) {
			x.use(full)
			return nil
		}
		_ = full.close()
		err = errors.New("it belongs to another database, an older program or lags too far behind")
	}
	if _, missing := os.Stat(x.path); missing == nil {
		x.log.Warn("the search index cannot be used and is built anew from the database", "folder", x.path, "reason", err)
	}
	if err := x.rebuild(ctx); err != nil {
		x.log.Error("the search index cannot be built; searching in memory", "folder", x.path, "error", err)
	}
	return nil
}

// tooFar is how many changes are followed one by one; beyond, building anew is quicker.
const tooFar = 2000

// catchUpDisk applies to the disk part what the memory has seen since its mark.
func (x *Index) catchUpDisk(ctx context.Context, full *fulltext, m mark) bool {
	if m.Schema != fulltextSchema || m.N > x.applied.n {
		return false
	}
	changes, err := changesFrom(ctx, x.from, max(m.N, 1), tooFar+1)
	if err != nil || len(changes) > tooFar || !continues(changes, change{m.N, m.Article, m.At}) {
		return false
	}
	ids := articlesOf(changes)
	if len(ids) > 0 {
		err = full.update(ids, x.corpus.entries, markOf(x.applied), false)
	}
	return err == nil
}

// continues tells whether the log still holds the change that was applied last, and has no gap after it. If not, it is not
// the log that was followed: another database, or one restored from a backup.
func continues(changes []change, applied change) bool {
	if applied.n == 0 {
		return true
	}
	return len(changes) > 0 && changes[0] == applied
}

func articlesOf(changes []change) []int64 {
	ids := make([]int64, 0, len(changes))
	for _, c := range changes {
		ids = append(ids, c.article)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func (x *Index) use(full *fulltext) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.full = full
}

// buildBatch is how many articles are written to the disk part at a time.
const buildBatch = 250

// rebuild makes the disk part anew from memory.
func (x *Index) rebuild(ctx context.Context) error {
	x.drop()
	full, err := createFulltext(x.path)
	if err != nil {
		return err
	}
	ids := make([]int64, 0, len(x.corpus.entries))
	for id := range x.corpus.entries {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	unfinished := mark{Schema: "unfinished"}
	for part := range slices.Chunk(ids, buildBatch) {
		err := ctx.Err() // a stopping node does not wait for it
		if err == nil {
			err = full.update(part, x.corpus.entries, unfinished, true)
		}
		if err != nil {
			_ = full.close()
			return err
		}
	}
	if err := full.update(nil, nil, markOf(x.applied), true); err != nil {
		_ = full.close()
		return err
	}
	x.use(full)
	return nil
}

// drop stops using the disk part.
func (x *Index) drop() {
	x.mu.Lock()
	full := x.full
	x.full = nil
	x.mu.Unlock()
	if full != nil {
		_ = full.close()
	}
}

// Close stops using the folder. Searches afterwards compare in memory.
func (x *Index) Close() error {
	x.following.Lock()
	defer x.following.Unlock()
	x.mu.Lock()
	full := x.full
	x.full, x.closed = nil, true
	x.mu.Unlock()
	if full == nil {
		return nil
	}
	return full.close()
}

// Size is how many articles and phrasings can be searched.
func (x *Index) Size() (articles, phrasings int) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.corpus.entries), x.corpus.phrasings
}
