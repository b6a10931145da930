package help

import (
	"cmp"
	"math"
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
	kept    []float32 // the best share of the word being looked up
	touched []uint32  // books with a slot
	hit     []uint32  // books with a total
	weight  float32
	latin   []latin
}

// latin is a word that was typed and may be pinyin.
type latin struct {
	word string
	ways [][]unit
}

// find gives the books that fit what is typed, best first. What nothing fits is looked for once more with mistakes.
func (x *index) find(typed string, now time.Time, most int) []found {
	pieces := cut(clipRunes(typed, maxTyped))
	if len(pieces) > maxPieces {
		pieces = pieces[:maxPieces]
	}
	for _, relaxed := range []bool{false, true} {
		s := &search{index: x, relaxed: relaxed, total: make([]float32, len(x.books)), part: make([]float32, len(x.books)), slot: make([]float32, len(x.books)), kept: make([]float32, len(x.books))}
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
		l := latin{p.text(), spellings(p.text())}
		if len(l.ways) > 0 {
			s.latin = append(s.latin, l)
		}
		for _, way := range l.ways {
			ways = append(ways, func() float32 { return s.pinyin(way) })
		}
		if s.relaxed {
			ways = append(ways, func() float32 { return s.misspelt(p.text()) })
		}
	}
	weight := float32(0)
	var books []uint32
	for _, way := range ways { // a book has the way of reading the word that suits it best
		w := way()
		weight = max(weight, w)
		for _, n := range s.touched {
			if s.kept[n] == 0 {
				books = append(books, n)
			}
			s.kept[n] = max(s.kept[n], s.part[n]/max(w, 0.01))
			s.part[n] = 0
		}
		s.touched = s.touched[:0]
	}
	for _, n := range books {
		s.part[n], s.kept[n] = s.kept[n]*weight, 0
	}
	s.touched = books
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
func (s *search) slotOf(exact *term, list []alternative, pair bool) float32 {
	books := 0
	if exact != nil {
		books = len(exact.posts)
	} else {
		for _, a := range list {
			books += len(a.posts)
		}
	}
	weight := s.rarity(books)
	if books == 0 && pair {
		weight = float32(math.Sqrt(float64(weight))) // two words that meet may stand apart in the title
	}
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
		list = keep(list, found{b, share}, max(most, mostSpelt))
	}
	list = s.inOrder(list, most)
	if len(list) > 0 { // beside one that has everything, those that have a part of it are noise
		top := list[0].score
		list = slices.DeleteFunc(list, func(f found) bool { return f.score < top*enough })
	}
	return list[:min(len(list), most)]
}

// better is the order of what was found.
func better(a, b found) int {
	return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.liked, a.liked), cmp.Compare(len(a.title), len(b.title)), cmp.Compare(a.id, b.id))
}

// keep puts a book into the list of the best, in its place.
func keep(list []found, f found, most int) []found {
	if len(list) == most && better(f, list[most-1]) > 0 {
		return list
	}
	at, _ := slices.BinarySearchFunc(list, f, better)
	return slices.Insert(list, at, f)[:min(len(list)+1, most)]
}

// mostSpelt is how many books are looked at for whether the characters stand in the order of the pinyin.
const mostSpelt = 120

// inOrder keeps the books in which the characters that pinyin was typed for stand side by side, since the pairs alone do not tell.
func (s *search) inOrder(list []found, most int) []found {
	if len(s.latin) == 0 || s.relaxed || len(s.pairs) == 0 {
		return list
	}
	kept := list[:0]
	for _, f := range list[:min(len(list), mostSpelt)] {
		if len(kept) < most && s.meant(f.book) {
			kept = append(kept, f)
		}
	}
	return kept
}

func (s *search) meant(b *book) bool {
	texts := append([]string{b.title, b.category}, append(b.similar, b.tags...)...)
	for _, l := range s.latin {
		if !slices.ContainsFunc(texts, func(text string) bool { return s.in(text, l) }) {
			return false
		}
	}
	return true
}

// in tells whether a text has the word, or the characters that it spells.
func (s *search) in(text string, l latin) bool {
	pieces := cut(text)
	for i, p := range pieces {
		if !p.han {
			if fits(l.word, p.text()) || i > 0 && !pieces[i-1].han && fits(l.word, pieces[i-1].text()+p.text()) {
				return true
			}
			continue
		}
		for _, way := range l.ways {
			if s.stands(way, p.runes) {
				return true
			}
		}
	}
	return false
}

// stands tells whether the characters that were spelt stand in a run: side by side, or apart but in their order where a whole syllable
// was typed, since initials alone would be found almost everywhere.
func (s *search) stands(way []unit, runes []rune) bool {
	for at := 0; at+len(way) <= len(runes); at++ {
		if spells(way, runes[at:], s.readings) {
			return true
		}
	}
	if !slices.ContainsFunc(way, func(u unit) bool { return u.whole }) {
		return false
	}
	next := 0
	for _, r := range runes {
		if next < len(way) && spells(way[next:next+1], []rune{r}, s.readings) {
			next++
		}
	}
	return next == len(way)
}
