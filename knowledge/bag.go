package knowledge

import (
	"math"
	"slices"
)

// bag counts how often each term occurs, in rising order of the terms.
type bag struct {
	terms  []uint32
	counts []uint16
	total  int
}

func newBag(all []uint32) bag {
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

// phrasingBag counts in how many of an article's phrasings each term occurs.
func (v *variant) phrasingBag() bag {
	var all []uint32
	for _, p := range v.phrasings {
		all = append(all, p.terms...)
	}
	return newBag(all)
}
