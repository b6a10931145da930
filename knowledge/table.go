package knowledge

import (
	"cmp"
	"maps"
	"slices"
	"sync"
)

// table says for each term which articles have it. It is made anew when articles change.
type table struct {
	slots      []slot
	sizes      []float64 // of each slot, its squared length over all sorts of terms
	phrasings  postings
	answers    postings
	answerIDF  []float32         // how telling a term is among the articles' answers and questions
	meanAnswer float64           // how many terms an answer has
	unknown    float64           // the inverse document frequency of a term that no phrasing has
	unseen     float64           // the same among answers
	spellings  func() *spellings // made when a question is first to be repaired
}

// slot is one revision of one article, as long as it may be searched.
type slot struct {
	entry   *entry
	variant *variant
	public  bool           // customers see it
	editors bool           // editors see it
	class   int            // its place in what was learnt; -1 when it was not
	fresh   bool           // it was learnt from this very revision
	squares [kinds]float64 // of all phrasings together, by sort of term
	totals  [kinds]float64
	lengths []float64 // of each phrasing, squared
}

// posting is a slot that has a term, and how often.
type posting struct {
	slot  uint32
	count uint32
}

// postings are the lists of all terms, one behind the other.
type postings struct {
	start []uint32
	list  []posting
}

func (p *postings) of(term uint32) []posting {
	if int(term)+1 >= len(p.start) {
		return nil
	}
	return p.list[p.start[term]:p.start[term+1]]
}

// count finds how often a slot has a term.
func (p *postings) count(term, slot uint32) uint32 {
	list := p.of(term)
	at, found := slices.BinarySearchFunc(list, slot, func(p posting, slot uint32) int { return cmp.Compare(p.slot, slot) })
	if !found {
		return 0
	}
	return list[at].count
}

func newPostings(terms int, bags []bag) postings {
	p := postings{start: make([]uint32, terms+1)}
	for _, b := range bags {
		for _, n := range b.terms {
			p.start[n+1]++
		}
	}
	for n := range terms {
		p.start[n+1] += p.start[n]
	}
	p.list = make([]posting, p.start[terms])
	next := slices.Clone(p.start[:terms])
	for s, b := range bags {
		for i, n := range b.terms {
			p.list[next[n]] = posting{uint32(s), uint32(b.counts[i])}
			next[n]++
		}
	}
	return p
}

func newTable(c *corpus) *table {
	t := &table{unknown: float64(c.rarity(0, 0)), spellings: sync.OnceValue(func() *spellings { return newSpellings(c) })}
	var bags, answers []bag
	for _, id := range slices.Sorted(maps.Keys(c.entries)) {
		for _, s := range slotsOf(c.entries[id]) {
			b := s.variant.phrasingBag()
			c.weighSlot(&s, b)
			t.slots, t.sizes = append(t.slots, s), append(t.sizes, s.length())
			bags, answers = append(bags, b), append(answers, s.variant.answer)
			t.meanAnswer += float64(s.variant.answer.total)
		}
	}
	t.meanAnswer = max(1, t.meanAnswer/float64(max(1, len(t.slots))))
	t.phrasings = newPostings(len(c.df), bags)
	t.answers = newPostings(len(c.df), answers)
	t.weighAnswers(c.common)
	return t
}

// weighSlot sums up a slot's terms, in whole numbers so that their order does not matter.
func (c *corpus) weighSlot(s *slot, b bag) {
	var squares [kinds]int64
	for i, n := range b.terms {
		k := c.kinds[n]
		squares[k] += fixed(c.weight[n]) * int64(b.counts[i])
		s.totals[k] += float64(b.counts[i])
	}
	for k, sum := range squares {
		s.squares[k] = float64(sum) / (1 << 24)
	}
	for _, p := range s.variant.phrasings {
		sum := int64(0)
		for _, n := range p.terms {
			sum += fixed(c.weight[n])
		}
		s.lengths = append(s.lengths, float64(sum)/(1<<24))
	}
	s.class, s.fresh = c.learned.classOf(s.entry.id, s.variant.revision)
}

func slotsOf(e *entry) []slot {
	var list []slot
	if e.live != nil {
		list = append(list, slot{entry: e, variant: e.live, public: true, editors: e.draft == nil})
	}
	if e.draft != nil {
		list = append(list, slot{entry: e, variant: e.draft, editors: true})
	}
	return list
}

func (t *table) weighAnswers(common []float32) {
	t.answerIDF = make([]float32, len(common))
	all := float64(len(t.slots) + commonPhrasings)
	t.unseen = float64(idf(all, 0))
	for n, share := range common {
		t.answerIDF[n] = idf(all, float64(len(t.answers.of(uint32(n))))+commonPhrasings*float64(share))
	}
}

// visible tells whether a search may find the slot.
func (s *slot) visible(o Options) bool {
	if o.IncludeDrafts && !s.editors || !o.IncludeDrafts && !s.public {
		return false
	}
	return s.variant.content.Serves(o)
}

// bytes is about how much memory searching takes, the texts of the articles left aside.
func (c *corpus) bytes() int {
	t := c.table
	size := 8*(len(t.phrasings.list)+len(t.answers.list)) + 4*(len(t.phrasings.start)+len(t.answers.start)+len(t.answerIDF)) + 128*len(t.slots)
	for _, s := range t.slots {
		size += 8 * len(s.lengths)
		for _, p := range s.variant.phrasings {
			size += 4 * len(p.terms)
		}
		size += 6 * len(s.variant.answer.terms)
	}
	for name := range c.numbers {
		size += len(name) + 48 // the entry of the map, the counts and weights
	}
	return size
}
