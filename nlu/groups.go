package nlu

import (
	"cmp"
	"slices"
)

// Groups are words that an organisation says to mean the same, beside the ideas that the program knows.
type Groups struct{ book map[string][]conceptPhrase }

// MaxGroups is how many groups one list can have.
const MaxGroups = 5000

// NewGroups reads groups of words and phrases; what comes after MaxGroups is left out.
func NewGroups(groups [][]string) *Groups {
	g := &Groups{book: map[string][]conceptPhrase{}}
	for n, group := range groups[:min(len(groups), MaxGroups)] {
		for _, phrase := range group {
			if tokens := conceptTokens(Normalize(phrase)); len(tokens) > 0 {
				addConcept(g.book, tokens, uint16(n))
			}
		}
	}
	for _, list := range g.book {
		slices.SortStableFunc(list, func(a, b conceptPhrase) int { return cmp.Compare(len(b.rest), len(a.rest)) })
	}
	return g
}

// Find gives the groups that a normalised text speaks of, by their places, in order and with repeats.
func (g *Groups) Find(normalized string) []uint16 {
	if g == nil || len(g.book) == 0 {
		return nil
	}
	var found []uint16
	eachPhrase(g.book, normalized, func(_ string, groups []uint16) { found = append(found, groups...) })
	return found
}
