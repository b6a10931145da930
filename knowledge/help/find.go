package help

import (
	"cmp"
	"slices"
	"time"
)

// found is a book with how well it fits, from 0 to 1.
type found struct {
	*book
	score float32
}

const (
	maxTyped  = 80 // characters of a search
	maxPieces = 8
	// enough is the share of what was typed, by weight, that a book must have.
	enough = 0.5
)

// search is one search under way: what it has counted for each book, by number.
type search struct {
	*index
	last    bool // the last word may be unfinished
	relaxed bool // typing mistakes and single characters count too
	total   []float32
	part    []float32 // of the piece being looked up
	slot    []float32 // of the term being looked up
	touched []uint32  // books with a slot
	hit     []uint32  // books with a total
	weight  float32
}

// find gives the books that fit what is typed, best first. What nothing fits is looked for once more with mistakes.
func (x *index) find(typed string, now time.Time, most int) []found {
	pieces := cut(clipRunes(typed, maxTyped))
	if len(pieces) > maxPieces {
		pieces = pieces[:maxPieces]
	}
	for _, relaxed := range []bool{false, true} {
		s := &search{index: x, relaxed: relaxed, total: make([]float32, len(x.books)), part: make([]float32, len(x.books)), slot: make([]float32, len(x.books))}
		for i, p := range pieces {
			s.last = i == len(pieces)-1
			s.piece(p)
		}
		if list := s.best(now, most); len(list) > 0 {
			return list
		}
	}
	return nil
}

func clipRunes(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most])
	}
	return text
}

// piece looks one piece up and adds what it found.
func (s *search) piece(p piece) {
	if p.han {
		s.add(s.han(p))
		return
	}
	ways := []func() float32{func() float32 { return s.word(p.text()) }}
	if p.latin() {
		for _, way := range spellings(p.text()) {
			ways = append(ways, func() float32 { return s.pinyin(way) })
		}
		if s.relaxed {
			ways = append(ways, func() float32 { return s.misspelt(p.text()) })
		}
	}
	var best []uint32
	weight := float32(0)
	kept := map[uint32]float32{}
	for _, way := range ways { // a book has the way of reading the word that suits it best
		w := way()
		weight = max(weight, w)
		for _, n := range s.touched {
			if share := s.part[n] / max(w, 0.01); share > kept[n] {
				kept[n] = share
			}
			s.part[n] = 0
		}
		s.touched = s.touched[:0]
	}
	for n, share := range kept {
		s.part[n] = share * weight
		best = append(best, n)
	}
	s.touched = best
	s.add(weight)
}

// add adds the piece's part to the totals.
func (s *search) add(weight float32) {
	s.weight += weight
	for _, n := range s.touched {
		if s.part[n] > 0 && s.total[n] == 0 {
			s.hit = append(s.hit, n)
		}
		s.total[n] += s.part[n]
		s.part[n] = 0
	}
	s.touched = s.touched[:0]
}

// alternative is a term that may be meant, and how likely.
type alternative struct {
	*term
	worth float32
}

// slotOf looks up what stands for one thing that was typed: each book has the best of the alternatives. It gives the weight.
func (s *search) slotOf(exact *term, list []alternative) float32 {
	books := 0
	if exact != nil {
		books = len(exact.posts)
	} else {
		for _, a := range list {
			books += len(a.posts)
		}
	}
	weight := s.rarity(books)
	var here []uint32
	note := func(t *term, worth float32) {
		for _, p := range t.posts {
			n := p.book()
			if s.slot[n] == 0 {
				here = append(here, n)
			}
			s.slot[n] = max(s.slot[n], worth*p.worth())
		}
	}
	if exact != nil {
		note(exact, 1)
	}
	for _, a := range list {
		note(a.term, a.worth)
	}
	for _, n := range here {
		if s.part[n] == 0 {
			s.touched = append(s.touched, n)
		}
		s.part[n] += s.slot[n] * weight
		s.slot[n] = 0
	}
	return weight
}

// best are the books with enough of what was typed.
func (s *search) best(now time.Time, most int) []found {
	var list []found
	least := float32(enough)
	for _, n := range s.hit {
		b := s.books[n]
		share := s.total[n] / max(s.weight, 0.01)
		if b == nil || share < least*0.6 || !b.open(now) {
			continue
		}
		list = append(list, found{b, share})
	}
	slices.SortFunc(list, func(a, b found) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.liked, a.liked), cmp.Compare(len(a.title), len(b.title)), cmp.Compare(a.id, b.id))
	})
	if len(list) > 0 { // beside one that has everything, those that have a part of it are noise
		top := list[0].score
		list = slices.DeleteFunc(list, func(f found) bool { return f.score < top*enough })
	}
	return list[:min(len(list), most)]
}
