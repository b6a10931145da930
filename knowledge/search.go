package knowledge

import (
	"cmp"
	"context"
	"slices"

	"huiyin/nlu"
)

const (
	candidateDocuments = 24
	defaultHits        = 3
	maxHits            = 50
	// postingsBudget bounds the work of finding candidates: the rarest terms are looked up first, until their
	// documents add up to this. Common words say little about which article is meant; ranking uses them all.
	postingsBudget = 4000
	maxQueryTerms  = 256
)

// Search finds the articles that may answer, best first, each with a calibrated confidence. Customers' searches
// see published content only. It needs no database; when the index on disk fails it compares with everything
// in memory and has the index built anew.
func (x *Index) Search(ctx context.Context, a nlu.Analysis, o Options) ([]Hit, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
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

// question is what was asked, in the corpus's numbers.
type question struct {
	normalized string
	language   string
	words      []uint32
	pieces     []uint32
	unknown    []string // words that no phrasing has
	signs      signs
	length     int     // in words
	mass       float64 // the weight of all its words, unknown ones included
	unknownW   float64 // the weight of one unknown word

	lookWords, lookPieces, lookAnswer []string
	names                             map[uint32]string
}

func (c *corpus) question(a nlu.Analysis) *question {
	normalized := trimMarks(a.Query)
	if normalized == "" {
		normalized = trimMarks(a.Normalized)
	}
	words, pieces := terms(normalized)
	if len(words) > maxQueryTerms {
		words = words[:maxQueryTerms]
	}
	if len(pieces) > 4*maxQueryTerms {
		pieces = pieces[:4*maxQueryTerms]
	}
	q := &question{normalized: normalized, language: string(a.Language), signs: readSigns(words), length: len(words),
		names: map[uint32]string{}, unknownW: float64(idf(max(c.phrasings, 1), 0))}
	for _, w := range words {
		n, known := c.numbers[w]
		if !known || c.df[n] == 0 {
			q.unknown = append(q.unknown, w)
		}
		if known {
			q.words, q.names[n] = append(q.words, n), w
		}
	}
	for _, p := range pieces {
		if n, known := c.numbers[p]; known && c.df[n] > 0 {
			q.pieces, q.names[n] = append(q.pieces, n), p
		}
	}
	slices.Sort(q.words)
	slices.Sort(q.pieces)
	for _, n := range q.words {
		if c.df[n] > 0 {
			q.mass += float64(c.idf[n])
		}
	}
	q.mass += q.unknownW * float64(len(q.unknown))
	c.look(q)
	return q
}

// look chooses the terms to look candidates up by: rare words, and the pieces of words where a word is unknown
// (it may be misspelt).
func (c *corpus) look(q *question) {
	q.lookWords = c.rarest(q, q.words, postingsBudget)
	q.lookAnswer = q.lookWords
	if len(q.unknown) > 0 || len(q.words) < 2 {
		q.lookPieces = c.rarest(q, q.pieces, postingsBudget)
	}
}

func (c *corpus) rarest(q *question, list []uint32, budget int) []string {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b uint32) int { return cmp.Compare(c.df[a], c.df[b]) })
	var out []string
	for i, n := range list {
		if budget -= int(c.df[n]); budget < 0 && i > 1 {
			break
		}
		out = append(out, q.names[n])
	}
	return out
}

func (q *question) wanted(drafts bool) []wanted {
	parts := []wanted{{fieldWords, q.lookWords, 1}, {fieldPieces, q.lookPieces, 0.3}, {fieldAnswer, q.lookAnswer, 0.3}}
	if !drafts {
		return parts
	}
	for _, p := range parts[:3] {
		parts = append(parts, wanted{draftPrefix + p.field, p.terms, p.boost})
	}
	return parts
}
