package knowledge

import (
	"context"
	"errors"
	"time"
)

// relearnPause is how long a change waits for the next one before the articles are learnt again.
const relearnPause = 2 * time.Second

// Learn learns from the articles as they are now, and returns when searches use it. Searches go on meanwhile with what was
// learnt before; articles that changed since are compared without it. What was learnt already is not learnt again.
func (x *Index) Learn(ctx context.Context) error {
	x.learning.Lock()
	defer x.learning.Unlock()
	if err := errors.Join(ctx.Err(), x.Read(ctx)); err != nil {
		return err
	}
	x.mu.RLock()
	known := x.corpus.learned != nil && x.taught == x.edition
	articles, synonyms, edition := x.corpus.published(), x.corpus.synonyms, x.edition
	x.mu.RUnlock()
	if known {
		return nil
	}
	l := learn(articles, synonyms)
	x.mu.Lock()
	defer x.mu.Unlock()
	x.corpus.install(l)
	x.taught = edition
	return nil
}

// published gives what customers may be answered with.
func (c *corpus) published() []entry {
	list := make([]entry, 0, len(c.entries))
	for _, e := range c.entries {
		if e.live != nil {
			list = append(list, entry{id: e.id, live: e.live})
		}
	}
	return list
}

// Learned tells how much memory what was learnt takes, in bytes, the tables for searching included.
func (x *Index) Learned() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	size := x.corpus.bytes()
	if l := x.corpus.learned; l != nil && l.matcher != nil {
		size += l.matcher.bytes()
		if l.model != nil {
			size += l.model.Bytes()
		}
	}
	return size
}

// stale tells the learner that articles have changed.
func (x *Index) stale() {
	select {
	case x.changed <- struct{}{}:
	default:
	}
}

// learnt tells whether anything was learnt yet. Until then nothing is worth waiting for.
func (x *Index) learnt() bool {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.corpus.learned != nil
}

// keepLearning learns whenever articles have changed and then stayed the same for a moment, until ctx ends.
func (x *Index) keepLearning(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-x.changed:
		}
		if x.learnt() && !x.settled(ctx) {
			return
		}
		began := time.Now()
		if err := x.Learn(ctx); err != nil {
			return
		}
		x.log.Debug("learnt from the articles", "took", time.Since(began))
	}
}

// settled waits until nothing has changed for a moment; false when ctx ended first.
func (x *Index) settled(ctx context.Context) bool {
	timer := time.NewTimer(relearnPause)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return false
		case <-x.changed:
			timer.Reset(relearnPause)
		case <-timer.C:
			return true
		}
	}
}
