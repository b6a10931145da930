package knowledge

import (
	"math"
	"slices"
)

// bag counts in how many of an article's phrasings each term occurs, in rising order of the terms.
type bag struct {
	terms  []uint32
	counts []uint16
	total  int
}

func newBag(lists [][]uint32) bag {
	all := slices.Concat(lists...)
	slices.Sort(all)
	b := bag{total: len(all)}
	for i := 0; i < len(all); {
		j := i
		for j < len(all) && all[j] == all[i] {
			j++
		}
		b.terms, b.counts = append(b.terms, all[i]), append(b.counts, uint16(min(j-i, math.MaxUint16)))
		i = j
	}
	b.terms, b.counts = slices.Clip(b.terms), slices.Clip(b.counts)
	return b
}

// gather fills the article's bags from its phrasings.
func (v *variant) gather() {
	var words, pieces [][]uint32
	for _, p := range v.phrasings {
		words, pieces = append(words, p.words), append(pieces, p.pieces)
	}
	v.words, v.pieces = newBag(words), newBag(pieces)
}

// meet visits what a rising list of terms shares with the bag.
func (b bag) meet(list []uint32, visit func(term uint32, count float64)) {
	for i, j := 0, 0; i < len(list) && j < len(b.terms); {
		switch {
		case list[i] < b.terms[j]:
			i++
		case list[i] > b.terms[j]:
			j++
		default:
			visit(list[i], float64(b.counts[j]))
			i, j = i+1, j+1
		}
	}
}

// similarity is the cosine between a question's terms and all phrasings of an article together; unknown is what the
// terms that no phrasing has add to the question's length.
func (c *corpus) similarity(asked []uint32, b bag, unknown float64) float64 {
	dot, own := 0.0, 0.0
	for i, n := range b.terms {
		w := float64(c.idf[n])
		own += w * w * float64(b.counts[i])
	}
	b.meet(asked, func(n uint32, count float64) {
		w := float64(c.idf[n])
		dot += w * w * math.Sqrt(count)
	})
	_, squares := c.weights(asked)
	return cosine(dot, squares+unknown, own)
}

// priorTerms is how many terms of a general text an article counts as having beside its own, so that one with few
// phrasings is not too sure of what it never says.
const priorTerms = 30

// odds tells how much likelier the terms are under the article than in general, as the mean logarithm for each of
// the question's terms (all of them, known or not).
func (c *corpus) odds(asked []uint32, b bag, all int) float64 {
	if all == 0 || c.occurrences <= 0 {
		return 0
	}
	sum := float64(all) * math.Log(priorTerms/(float64(b.total)+priorTerms))
	b.meet(asked, func(n uint32, count float64) {
		general := float64(c.df[n]) / c.occurrences
		sum += math.Log(1 + count/(priorTerms*general))
	})
	return sum / float64(all)
}
