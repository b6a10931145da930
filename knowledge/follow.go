package knowledge

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// followEvery is how often the change log is looked at without a poke, so that a change made by another node
// answers within a second.
const followEvery = 500 * time.Millisecond

// Poke tells that something may have changed. It never blocks; call it after the commit.
func (x *Index) Poke() {
	select {
	case x.poke <- struct{}{}:
	default:
	}
}

// Follow applies the change log until ctx ends, learns from the articles after they have changed, and mends the disk part when it
// was damaged.
func (x *Index) Follow(ctx context.Context) {
	if x.Read(ctx) != nil {
		return
	}
	var learner sync.WaitGroup
	defer learner.Wait()
	learner.Go(func() { x.keepLearning(ctx) })
	ticker := time.NewTicker(followEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-x.poke:
		case <-ticker.C:
		}
		err := x.Refresh(ctx)
		if ctx.Err() != nil {
			return
		}
		x.noteOutage(err)
	}
}

// noteOutage logs the beginning and the end of a time without database, not every try.
func (x *Index) noteOutage(err error) {
	if err != nil && !x.outage {
		x.log.Error("the knowledge cannot be refreshed; answering from what is loaded", "error", err)
	}
	if err == nil && x.outage {
		x.log.Info("the knowledge is refreshed again")
	}
	x.outage = err != nil
}

// Refresh applies all that has changed in the database, and returns when searches see it.
func (x *Index) Refresh(ctx context.Context) error {
	x.following.Lock()
	defer x.following.Unlock()
	if x.closed {
		return nil
	}
	for {
		changes, err := changesFrom(ctx, x.from, max(x.applied.n, 1), loadPage)
		if err != nil {
			return err
		}
		if !continues(changes, x.applied) {
			return x.reload(ctx)
		}
		if x.applied.n > 0 {
			changes = changes[1:]
		}
		if len(changes) == 0 {
			x.mend(ctx)
			return nil
		}
		if err := x.apply(ctx, changes); err != nil {
			return err
		}
	}
}

// reload starts over with a database whose log is not the one followed so far.
func (x *Index) reload(ctx context.Context) error {
	x.log.Warn("the database is not the one the search index followed; everything is loaded anew")
	if err := x.load(ctx); err != nil {
		return err
	}
	return x.rebuild(ctx)
}

func (x *Index) apply(ctx context.Context, changes []change) error {
	ids := articlesOf(changes)
	if slices.Contains(ids, synonymsChanged) {
		return x.followSynonyms(ctx)
	}
	published := false
	for _, id := range ids {
		s, err := storedByID(ctx, x.from, id)
		if err != nil {
			return err
		}
		published = x.put(id, s) || published
	}
	x.mu.Lock()
	x.corpus.weigh()
	if published { // a draft teaches nothing
		x.edition++
		x.stale()
	}
	full := x.full
	x.mu.Unlock()
	x.applied = changes[len(changes)-1]
	if full == nil {
		return nil
	}
	if err := full.update(ids, x.corpus.entries, markOf(x.applied), false); err != nil {
		x.damaged(err)
	}
	return nil
}

// put replaces one article in memory; searches go on between two of them. It tells whether customers get something else now.
func (x *Index) put(id int64, s *stored) (published bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	var e *entry
	if s != nil {
		e = s.entry(x.corpus)
	}
	was := x.corpus.entries[id].revision()
	x.corpus.put(id, e)
	return was != e.revision()
}

// revision is the one that customers get; 0 when they get none.
func (e *entry) revision() int64 {
	if e == nil || e.live == nil {
		return 0
	}
	return e.live.revision
}

// damaged puts the disk part aside; mend builds it anew.
func (x *Index) damaged(err error) {
	x.log.Warn("the search index is damaged and is built anew from the database; searching in memory meanwhile",
		"folder", x.path, "reason", err)
	x.drop()
	x.Poke()
}

// mend builds the disk part anew when it is away, cannot be read or its folder was deleted under it.
func (x *Index) mend(ctx context.Context) {
	x.mu.RLock()
	full := x.full
	x.mu.RUnlock()
	if full != nil {
		if _, err := os.Stat(filepath.Join(x.path, "index_meta.json")); err != nil {
			x.log.Warn("the search index was deleted and is built anew from the database", "folder", x.path)
		} else if err := full.probe(x.corpus.anyArticle()); err != nil {
			x.damaged(err)
		} else {
			return
		}
	}
	if x.from.Now().Before(x.retryAt) {
		return
	}
	if err := x.rebuild(ctx); err != nil {
		x.retryAt = x.from.Now().Add(mendPause)
		x.log.Error("the search index cannot be built; searching in memory", "folder", x.path, "error", err)
	}
}

// anyArticle gives the number of some article, 0 when there is none.
func (c *corpus) anyArticle() int64 {
	if len(c.table.slots) == 0 {
		return 0
	}
	return c.table.slots[0].entry.id
}

// mendPause is how long to wait after the index could not be built.
const mendPause = 15 * time.Second
