package knowledge

import (
	"cmp"
	"slices"

	"huiyin/nlu"
)

// question is what was asked, in the corpus's numbers.
type question struct {
	normalized string
	language   string
	words      []uint32
	pieces     []uint32
	allPieces  int      // known or not
	unknown    []string // words that no phrasing has
	signs      signs
	names      map[uint32]string // the terms in letters

	// The weight of all words, unknown ones included, and the squared lengths for cosines.
	wordWeight, wordSquares, pieceSquares, unknownWeight float64

	lookWords, lookPieces []string // what candidates are looked up by
}

func (q *question) unknownSquares() float64 {
	return q.unknownWeight * q.unknownWeight * float64(len(q.unknown))
}

func (c *corpus) question(a nlu.Analysis) *question {
	normalized := trimMarks(a.Query)
	if normalized == "" {
		normalized = trimMarks(a.Normalized)
	}
	words, pieces := terms(normalized)
	words, pieces = words[:min(len(words), maxQueryTerms)], pieces[:min(len(pieces), 4*maxQueryTerms)]
	q := &question{normalized: normalized, language: string(a.Language), signs: readSigns(normalized, words), allPieces: len(pieces), names: map[uint32]string{}}
	q.words, q.unknown = c.known(q, words)
	q.pieces, _ = c.known(q, pieces)
	c.weighQuestion(q)
	c.look(q)
	return q
}

// known numbers the terms that some phrasing or answer has; unknown are those that no phrasing has.
func (c *corpus) known(q *question, list []string) (numbers []uint32, unknown []string) {
	for _, t := range list {
		n, met := c.numbers[t]
		if met {
			numbers = append(numbers, n)
			q.names[n] = t
		}
		if !met || c.df[n] == 0 {
			unknown = append(unknown, t)
		}
	}
	slices.Sort(numbers)
	return numbers, unknown
}

func (c *corpus) weighQuestion(q *question) {
	q.unknownWeight = float64(idf(max(c.phrasings, 1), 0))
	q.wordWeight, q.wordSquares = c.weights(q.words)
	for _, n := range q.words {
		if c.df[n] == 0 { // only answers have it: counted as known here, as unknown below
			w := float64(c.idf[n])
			q.wordWeight, q.wordSquares = q.wordWeight-w, q.wordSquares-w*w
		}
	}
	q.wordWeight += q.unknownWeight * float64(len(q.unknown))
	q.wordSquares += q.unknownSquares()
	_, q.pieceSquares = c.weights(q.pieces)
}

// look chooses the terms to look candidates up by: rare words, and the pieces of words where a word is unknown
// (it may be misspelt).
func (c *corpus) look(q *question) {
	q.lookWords = c.rarest(q, q.words, postingsBudget)
	if len(q.unknown) > 0 || len(q.words) < 2 {
		q.lookPieces = c.rarest(q, q.pieces, postingsBudget)
	}
}

func (c *corpus) rarest(q *question, list []uint32, budget int) []string {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b uint32) int { return cmp.Compare(c.df[a], c.df[b]) })
	var out []string
	for i, n := range list[:min(len(list), maxLookups)] {
		if budget -= int(c.df[n]); budget < 0 && i > 1 {
			break
		}
		out = append(out, q.names[n])
	}
	return out
}

func (q *question) wanted(drafts bool) []wanted {
	parts := []wanted{{fieldWords, q.lookWords, 1}, {fieldPieces, q.lookPieces, 0.3}, {fieldAnswer, q.lookWords, 0.3}}
	if !drafts {
		return parts
	}
	for _, p := range parts[:3] {
		parts = append(parts, wanted{draftPrefix + p.field, p.terms, p.boost})
	}
	return parts
}
