package knowledge

import (
	"context"
	"errors"

	"huiyin/nlu"
)

const (
	candidateDocuments = 40
	defaultHits        = 3
	maxHits            = 50
	maxLookups         = 48 // terms of one kind that the index on disk is asked for
	// fewHits is how many articles the memory must find for the index on disk not to be asked as well.
	fewHits = 3
)

// Search finds the articles that may answer, best first, each with a calibrated confidence. Customers' searches
// see published content only. It needs no database, and no disk: where few articles share a term with the question, the index
// on disk is asked too; when that fails it is built anew.
func (x *Index) Search(ctx context.Context, a nlu.Analysis, o Options) ([]Hit, error) {
	if err := errors.Join(ctx.Err(), x.Read(ctx)); err != nil {
		return nil, err
	}
	if o.At.IsZero() {
		o.At = x.from.Now()
	}
	x.mu.RLock()
	q, list := x.corpus.best(a, o, nil)
	full := x.full
	x.mu.RUnlock()
	if len(q.terms)+len(q.unknown) == 0 {
		return []Hit{}, nil
	}
	var more []int64
	if len(list) < fewHits {
		more = x.find(ctx, full, q, o)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	if more != nil {
		q, list = x.corpus.best(a, o, more)
	}
	return x.corpus.hits(q, list, o), nil
}

// best asks the whole message and, where greeting or politeness stands around it, the question alone, and keeps what is surer. Where
// that is unsure and has words that nobody wrote, it asks what they may have meant.
func (c *corpus) best(a nlu.Analysis, o Options, more []int64) (*question, []ranked) {
	whole, core := clip(trimMarks(a.Normalized), maxQuestion), clip(trimMarks(a.Query), maxQuestion)
	q := c.ask(whole, string(a.Language), nil)
	list := c.rank(q, o, more)
	if core != "" && core != whole {
		q, list = c.surer(q, list, core, o, more)
	}
	if len(q.unknown) == 0 || len(list) > 0 && list[0].confidence >= repairBelow {
		return q, list
	}
	if meant := c.repair(q); meant != q.normalized {
		return c.surer(q, list, meant, o, more)
	}
	return q, list
}

// repairBelow is the confidence below which words that nobody wrote are taken for misspelt ones.
const repairBelow = 0.6

// surer asks another form of the question and keeps the one whose best hit is likelier.
func (c *corpus) surer(q *question, list []ranked, form string, o Options, more []int64) (*question, []ranked) {
	other := c.ask(form, q.language, nil)
	if found := c.rank(other, o, more); len(found) > 0 && (len(list) == 0 || found[0].confidence > list[0].confidence) {
		return other, found
	}
	return q, list
}

// find asks the disk part for candidates.
func (x *Index) find(ctx context.Context, full *fulltext, q *question, o Options) []int64 {
	if full == nil {
		return nil
	}
	ids, err := full.candidates(ctx, q.wanted(o.IncludeDrafts), candidateDocuments)
	if err == nil || ctx.Err() != nil {
		return ids
	}
	x.reportDamage(full, err)
	return nil
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
