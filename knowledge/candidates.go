package knowledge

import (
	"cmp"
	"math"
	"slices"
)

const (
	// maxCandidates is how many articles are compared closely with a question.
	maxCandidates = 24
	// postingsBudget bounds the work of finding them: the rarest terms are looked up first, until their lists add up to
	// this. Common words say little about which article is meant; the ranking uses them all.
	postingsBudget = 60000
	// answerShare is what a match with the answer counts beside one with the phrasings when candidates are chosen.
	answerShare = 0.4
)

// candidate is an article that is compared closely.
type candidate struct {
	at     uint32
	slot   *slot
	key    float64  // by which it was chosen
	counts []uint32 // how many of its phrasings have each term of the question
	inText []uint32 // how often its answers have it
}

// scratch is the memory of one search; all of it is zero between two.
type scratch struct {
	likeness []float64 // by slot
	answer   []float64
	place    []int32 // by slot: place among the candidates, from 1
	touched  []uint32
	mark     []int64 // by term: its weight, when the question has it
	counts   []uint32
	list     []candidate
	skip     []bool
}

func (c *corpus) take() *scratch {
	s, _ := c.scratch.Get().(*scratch)
	if s == nil {
		s = &scratch{}
	}
	if n := len(c.table.slots); len(s.likeness) < n {
		s.likeness, s.answer, s.place = make([]float64, n), make([]float64, n), make([]int32, n)
	}
	if n := len(c.df); len(s.mark) < n {
		s.mark = make([]int64, n+n/8)
	}
	return s
}

func (c *corpus) giveBack(s *scratch) {
	for _, slot := range s.touched {
		s.likeness[slot], s.answer[slot], s.place[slot] = 0, 0, 0
	}
	s.touched, s.list = s.touched[:0], s.list[:0]
	c.scratch.Put(s)
}

// candidates finds the articles that share most with the question.
func (c *corpus) candidates(q *question, s *scratch, o Options, more []int64) []candidate {
	s.chooseTerms(c.table, q)
	for i, a := range q.terms {
		if !s.skip[i] {
			s.meetPhrasings(c.table, q, a)
		}
		if a.kind == kindWord && !s.skip[i] {
			s.meetAnswers(c.table, a)
		}
	}
	for _, id := range more {
		s.touchArticle(c.table, id)
	}
	length := q.length()
	for _, at := range s.touched {
		key := cosine(s.likeness[at], length, c.table.sizes[at])
		if q.answer > 0 {
			key += answerShare * s.answer[at] / q.answer
		}
		n := candidate{at: at, key: key}
		if !s.wants(n) {
			continue // whether a search may find it is only asked of the few that could be among the best
		}
		n.slot = &c.table.slots[at]
		if n.slot.visible(o) && (q.without == nil || !q.without.article || q.without.slot != at) {
			s.offer(n)
		}
	}
	slices.SortFunc(s.list, func(a, b candidate) int { return cmp.Compare(a.at, b.at) })
	s.fillCounts(c.table, q)
	return s.list
}

// chooseTerms leaves the commonest terms out where all lists together would cost too much.
func (s *scratch) chooseTerms(t *table, q *question) {
	s.skip = append(s.skip[:0], make([]bool, len(q.terms))...)
	cost := func(i int) int {
		n := q.terms[i].n
		return len(t.phrasings.of(n)) + len(t.answers.of(n))
	}
	sum, order := 0, make([]int, len(q.terms))
	for i := range q.terms {
		sum += cost(i)
		order[i] = i
	}
	if sum <= postingsBudget {
		return
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(cost(a), cost(b)) })
	left := postingsBudget
	for _, i := range order {
		if left -= cost(i); left < 0 {
			s.skip[i] = true
		}
	}
}

func (s *scratch) touch(slot uint32) {
	if s.place[slot] == 0 {
		s.place[slot] = -1
		s.touched = append(s.touched, slot)
	}
}

func (s *scratch) touchArticle(t *table, id int64) {
	at, _ := slices.BinarySearchFunc(t.slots, id, func(s slot, id int64) int { return cmp.Compare(s.entry.id, id) })
	for ; at < len(t.slots) && t.slots[at].entry.id == id; at++ {
		s.touch(uint32(at))
	}
}

func (s *scratch) meetPhrasings(t *table, q *question, a asked) {
	for _, p := range t.phrasings.of(a.n) {
		count := q.counted(p)
		if count > 0 {
			s.touch(p.slot)
			s.likeness[p.slot] += a.weight * root(count)
		}
	}
}

func (s *scratch) meetAnswers(t *table, a asked) {
	for _, p := range t.answers.of(a.n) {
		s.touch(p.slot)
		s.answer[p.slot] += a.answerIDF * t.saturation(float64(p.count), p.slot)
	}
}

// counted is how many phrasings of a slot have a term, the one left out not counted.
func (q *question) counted(p posting) uint32 {
	if q.without != nil && q.without.slot == p.slot && !q.without.article {
		return p.count - 1
	}
	return p.count
}

// root of small numbers.
func root(n uint32) float64 {
	if n == 1 {
		return 1
	}
	return math.Sqrt(float64(n))
}

// saturation is how much an occurrence in an answer counts, as in BM25 with k1 1.2 and b 0.75, at most 1.
func (t *table) saturation(count float64, slot uint32) float64 {
	const k1, b = 1.2, 0.75
	length := float64(t.slots[slot].variant.answer.total) / t.meanAnswer
	return count / (count + k1*(1-b+b*length))
}

func (n *candidate) better(than *candidate) bool {
	return n.key > than.key || n.key == than.key && n.at < than.at
}

// wants tells whether a candidate is among the best so far.
func (s *scratch) wants(n candidate) bool {
	return len(s.list) < maxCandidates || n.better(&s.list[maxCandidates-1])
}

// offer takes in a candidate that is wanted.
func (s *scratch) offer(n candidate) {
	if len(s.list) < maxCandidates {
		s.list = append(s.list, n)
	} else {
		s.list[maxCandidates-1] = n
	}
	for i := len(s.list) - 1; i > 0 && s.list[i].better(&s.list[i-1]); i-- {
		s.list[i], s.list[i-1] = s.list[i-1], s.list[i]
	}
}

// fillCounts looks up which terms of the question each candidate has.
func (s *scratch) fillCounts(t *table, q *question) {
	n, terms := len(s.list), len(q.terms)
	if need := 2 * n * terms; cap(s.counts) < need {
		s.counts = make([]uint32, need)
	}
	s.counts = s.counts[:2*n*terms]
	clear(s.counts)
	for i := range s.list {
		s.list[i].counts = s.counts[2*i*terms : (2*i+1)*terms]
		s.list[i].inText = s.counts[(2*i+1)*terms : (2*i+2)*terms]
		s.place[s.list[i].at] = int32(i + 1)
	}
	for i, a := range q.terms {
		s.fillTerm(&t.phrasings, a.n, func(c *candidate, p posting) { c.counts[i] = q.counted(p) })
		if a.kind == kindWord || a.kind == kindIdea {
			s.fillTerm(&t.answers, a.n, func(c *candidate, p posting) { c.inText[i] = p.count })
		}
	}
}

// fillTerm visits the candidates that have a term.
func (s *scratch) fillTerm(from *postings, term uint32, visit func(*candidate, posting)) {
	list := from.of(term)
	if len(list) > 16*len(s.list) {
		for i := range s.list {
			if n := from.count(term, s.list[i].at); n > 0 {
				visit(&s.list[i], posting{s.list[i].at, n})
			}
		}
		return
	}
	for _, p := range list {
		if at := s.place[p.slot]; at > 0 {
			visit(&s.list[at-1], p)
		}
	}
}

func (s *slot) length() float64 {
	sum := 0.0
	for _, v := range s.squares {
		sum += v
	}
	return sum
}
