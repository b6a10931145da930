package nlu

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// EntityProduct is the name of one of the organisation's products.
const EntityProduct EntityKind = "product"

// Own is what only the organisation knows: the look of its order numbers and the names of its products. The zero Own knows
// nothing. It is built once and never changed.
type Own struct {
	orders   []*regexp.Regexp
	products []product
}

// product is a name as it is looked for and as it is written.
type product struct{ folded, name string }

// NewOwn compiles order patterns (RE2, so that no text can make them slow) and product names.
func NewOwn(orderPatterns, products []string) (Own, error) {
	var o Own
	for _, p := range orderPatterns {
		compiled, err := regexp.Compile("(?i:" + p + ")")
		if err != nil {
			return Own{}, fmt.Errorf("order pattern %q: %w", p, err)
		}
		o.orders = append(o.orders, compiled)
	}
	for _, name := range products {
		if folded := fold(name).text; folded != "" {
			o.products = append(o.products, product{folded, name})
		}
	}
	slices.SortStableFunc(o.products, func(a, b product) int { return len(b.folded) - len(a.folded) }) // the longer name wins
	return o, nil
}

// Reading is a text that is looked at several times.
type Reading struct {
	own  Own
	text string
	f    folded
}

// Read prepares a text.
func (o Own) Read(text string) Reading { return Reading{o, text, fold(text)} }

// Entities gives the entities of a text in their order, none overlapping: the organisation's own first.
func (o Own) Entities(text string) []Entity { return o.Read(clip(text)).Entities() }

// Entities are those of a text that is not longer than what is searched.
func (r Reading) Entities() []Entity {
	o, text, f := r.own, r.text, r.f
	var own []Entity
	add := func(kind EntityKind, start, end int, value string) {
		if start >= end || len(own) >= maxEntities {
			return
		}
		if e := f.entity(kind, start, end, value, text); !overlaps(own, e) {
			own = append(own, e)
		}
	}
	for _, finder := range maskFinders() { // a card stays a card, whatever a pattern says
		finder.each(f, func(hit found) bool { add(finder.kind, hit.start, hit.end, hit.value); return true })
	}
	for _, p := range o.orders {
		for _, at := range p.FindAllStringIndex(f.text, maxEntities) {
			if f.standsAlone(at[0], at[1]) {
				add(EntityOrder, at[0], at[1], strings.ToUpper(f.text[at[0]:at[1]]))
			}
		}
	}
	for _, p := range o.products {
		for from := 0; from < len(f.text); {
			at := strings.Index(f.text[from:], p.folded)
			if at < 0 {
				break
			}
			start, end := from+at, from+at+len(p.folded)
			if f.standsAlone(start, end) {
				add(EntityProduct, start, end, p.name)
			}
			from = end
		}
	}
	return fillEntities(f, text, own)
}

// Hide is Mask, and with phones it hides telephone numbers too, all but their first and last digits. Order numbers and
// service numbers (400, 800) are no telephone numbers of people.
func (o Own) Hide(text string, phones bool) string { return o.Read(text).Hide(phones) }

// Hide is Own.Hide of the text.
func (r Reading) Hide(phones bool) string {
	o, text, f := r.own, r.text, r.f
	hidden := hiddenCards(f)
	if phones && f.chain >= minPhone {
		taken := o.notPersonal(f)
		for _, finder := range hideFinders().phones {
			finder.each(f, func(hit found) bool {
				if !slices.ContainsFunc(taken, func(t found) bool { return hit.start < t.end && t.start < hit.end }) {
					hidePhone(f, hit, hidden)
				}
				return true
			})
		}
	}
	return withoutHidden(text, hidden)
}

// minPhone is the least number of digits of a telephone number.
const minPhone = 8

// hideFinders are the finders of telephone numbers, and of what looks like one and is nobody's; built once.
var hideFinders = sync.OnceValue(func() (list struct{ phones, public []finder }) {
	list.phones = phoneFinders()
	list.public = append(keyedOrderFinders(), serviceFinder())
	return list
})

// notPersonal is where order numbers and service numbers stand.
func (o Own) notPersonal(f folded) []found {
	var taken []found
	for _, finder := range hideFinders().public {
		finder.each(f, func(hit found) bool { taken = append(taken, hit); return true })
	}
	for _, p := range o.orders {
		for _, at := range p.FindAllStringIndex(f.text, -1) {
			taken = append(taken, found{start: at[0], end: at[1]})
		}
	}
	return taken
}

// hidePhone notes the four digits before the last four.
func hidePhone(f folded, hit found, hidden map[int]int) {
	total := len(onlyDigits(f.text[hit.start:hit.end]))
	place := 0
	for i := hit.start; i < hit.end; i++ {
		if !isDigit(rune(f.text[i])) {
			continue
		}
		if left := total - place; left > keptDigits && left <= 2*keptDigits {
			hidden[f.starts[i]] = f.ends[i]
		}
		place++
	}
}
