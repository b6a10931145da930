package nlu

import (
	"slices"
	"sync"
)

// maxEntities is how many entities of one text are reported.
const maxEntities = 64

// finder finds one written form of one kind of entity. Accept looks at a match (the submatch offsets in the
// folded text) and gives the part that is the entity and its value.
type finder struct {
	kind    EntityKind
	digits  int      // how many digits a text must have to be worth a look
	needs   []string // words of which a text must have one, unless there are none here
	pattern *form
	accept  func(f folded, at []int) (found, bool)
}

type found struct {
	start, end int
	value      string
}

// finders are in order of priority: what an earlier one took, no later one gets.
var finders = sync.OnceValue(func() []finder {
	return slices.Concat(addressFinders(), cardFinders(), keyedOrderFinders(), phoneFinders(), whenFinders(), dateFinders(), amountFinders(), orderFinders())
})

// findEntities gives the entities of a text in their order, none overlapping.
func findEntities(text string) []Entity {
	return fillEntities(fold(text), text, []Entity{})
}

// fillEntities adds to entities that were found before what the finders find elsewhere.
func fillEntities(f folded, text string, entities []Entity) []Entity {
	for _, finder := range finders() {
		finder.each(f, func(hit found) bool {
			e := f.entity(finder.kind, hit.start, hit.end, hit.value, text)
			if !overlaps(entities, e) {
				entities = append(entities, e)
			}
			return len(entities) < maxEntities
		})
	}
	slices.SortFunc(entities, func(a, b Entity) int { return a.Start - b.Start })
	return entities
}

// each visits the accepted matches; after a refused one it looks again from the next character. A text that cannot have any
// is not searched: the search costs as much as everything else about a message.
func (x finder) each(f folded, visit func(found) bool) {
	if f.digits < x.digits || len(x.needs) > 0 && !containsAny(f.text, x.needs) {
		return
	}
	for from := 0; from < len(f.text); {
		at := x.pattern.find(f.text, from)
		if at == nil {
			return
		}
		hit, ok := x.accept(f, at)
		switch {
		case !ok:
			from = nextRune(f.text, at[0])
		case !visit(hit):
			return
		default:
			from = max(hit.end, nextRune(f.text, at[0]))
		}
	}
}

// nextRune gives the offset of the character after the one at i.
func nextRune(text string, i int) int {
	i++
	for i < len(text) && text[i]&0xc0 == 0x80 {
		i++
	}
	return i
}

func overlaps(taken []Entity, e Entity) bool {
	return slices.ContainsFunc(taken, func(t Entity) bool { return e.Start < t.End && t.Start < e.End })
}

// group gives a submatch, "" when it took no part.
func group(f folded, at []int, n int) string {
	if at[2*n] < 0 {
		return ""
	}
	return f.text[at[2*n]:at[2*n+1]]
}

// acceptWhole accepts matches that stand alone and names their value.
func acceptWhole(value func(match string) string) func(folded, []int) (found, bool) {
	return func(f folded, at []int) (found, bool) {
		if !f.standsAlone(at[0], at[1]) {
			return found{}, false
		}
		return found{at[0], at[1], value(f.text[at[0]:at[1]])}, true
	}
}
