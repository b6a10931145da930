package knowledge

import (
	"context"

	"huiyin/nlu"
)

const (
	candidateDocuments = 40
	defaultHits        = 3
	maxHits            = 50
	// postingsBudget bounds the work of finding candidates: the rarest terms are looked up first, until their
	// documents add up to this. Common words say little about which article is meant; ranking uses them all.
	postingsBudget = 3000
	maxLookups     = 48 // terms of one kind, so that a long message costs no more than a question
	maxQueryTerms  = 256
)

// Search finds the articles that may answer, best first, each with a calibrated confidence. Customers' searches
// see published content only. It needs no database; when the index on disk fails it compares with everything
// in memory and has the index built anew.
func (x *Index) Search(ctx context.Context, a nlu.Analysis, o Options) ([]Hit, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if o.At.IsZero() {
		o.At = x.from.Now()
	}
	x.mu.RLock()
	q := x.corpus.question(a)
	full := x.full
	x.mu.RUnlock()
	if len(q.words)+len(q.unknown) == 0 {
		return []Hit{}, nil
	}
	ids, found := x.find(ctx, full, q, o)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	if !found {
		ids = x.corpus.everything()
	}
	return x.corpus.rank(q, ids, o), nil
}

// find asks the disk part for candidates. found is false when it cannot be used.
func (x *Index) find(ctx context.Context, full *fulltext, q *question, o Options) (ids []int64, found bool) {
	if full == nil {
		return nil, false
	}
	ids, err := full.candidates(ctx, q.wanted(o.IncludeDrafts), candidateDocuments)
	if err == nil || ctx.Err() != nil {
		return ids, true
	}
	x.reportDamage(full, err)
	return nil, false
}

// reportDamage stops using the failed disk part; the follower builds it anew.
func (x *Index) reportDamage(full *fulltext, err error) {
	x.mu.Lock()
	current := x.full == full && !x.closed
	if current {
		x.full = nil
	}
	x.mu.Unlock()
	if !current {
		return
	}
	x.log.Warn("the search index is damaged and is built anew from the database; searching in memory meanwhile",
		"folder", x.path, "reason", err)
	_ = full.close()
	x.Poke()
}

func (c *corpus) everything() []int64 {
	ids := make([]int64, 0, len(c.entries))
	for id := range c.entries {
		ids = append(ids, id)
	}
	return ids
}
