package help

import (
	"slices"
	"strings"

	"huiyin/nlu"
)

// part is a stretch of a text: whether it is what was searched for.
type part struct {
	Text string `json:"text"`
	Mark bool   `json:"mark,omitempty"`
}

// marker marks in texts what fits a search.
type marker struct {
	words  []piece
	han    []piece
	spells [][]unit
	read   map[rune][]string // nil: look them up
}

func newMarker(typed string) marker {
	var m marker
	for _, p := range cut(clipRunes(typed, maxTyped)) {
		if p.han {
			m.han = append(m.han, p)
			continue
		}
		m.words = append(m.words, p)
		if p.latin() {
			m.spells = append(m.spells, spellings(p.text())...)
		}
	}
	return m
}

// mark divides a text.
func (m marker) mark(text string) []part {
	marked := make([]bool, len(text))
	for _, p := range cut(text) {
		if p.han {
			m.markHan(p, marked)
		} else if slices.ContainsFunc(m.words, func(w piece) bool { return fits(w.text(), p.text()) }) {
			set(marked, p, 0, len(p.runes))
		}
	}
	return parts(text, marked)
}

// fits tells whether a word is the typed one, another form of it, what it begins, or what it nearly is.
func fits(typed, word string) bool {
	if strings.HasPrefix(word, typed) || len(typed) > 3 && nlu.Stem(typed) == nlu.Stem(word) {
		return true
	}
	near := false
	lexicon{word}.near(typed, true, func(string, int) { near = true })
	return near
}

// markHan marks characters that were typed, sound like those, or are read as was typed.
func (m marker) markHan(p piece, marked []bool) {
	for _, typed := range m.han {
		for i := range p.runes {
			if n := shared(typed.runes, p.runes[i:]); n > 1 || n == 1 && len(typed.runes) == 1 {
				set(marked, p, i, i+n)
			}
		}
	}
	for _, way := range m.spells {
		for i := 0; i+len(way) <= len(p.runes) && len(way) > 0; i++ {
			if spells(way, p.runes[i:], m.read) {
				set(marked, p, i, i+len(way))
			}
		}
	}
}

// shared is how long a stretch both have, where the second begins with some part of the first.
func shared(typed, runes []rune) int {
	best := 0
	for i := range typed {
		n := 0
		for n < len(runes) && i+n < len(typed) && alike(typed[i+n], runes[n]) {
			n++
		}
		best = max(best, n)
	}
	return best
}

func alike(a, b rune) bool {
	if a == b {
		return true
	}
	one, two := nlu.Readings(a), nlu.Readings(b)
	return len(one) > 0 && len(two) > 0 && dull(one[0]) == dull(two[0])
}

// spells tells whether characters are read as was typed.
func spells(way []unit, runes []rune, read map[rune][]string) bool {
	for i, u := range way {
		readings, known := read[runes[i]]
		if !known {
			readings = nlu.Readings(runes[i])
		}
		if !u.readsAny(readings) {
			return false
		}
	}
	return true
}

// set marks the bytes of a piece's characters.
func set(marked []bool, p piece, from, to int) {
	end := p.end
	if to < len(p.runes) {
		end = p.at[to]
	}
	for i := p.at[from]; i < end; i++ {
		marked[i] = true
	}
}

func parts(text string, marked []bool) []part {
	var list []part
	for from := 0; from < len(text); {
		to := from
		for to < len(text) && marked[to] == marked[from] {
			to++
		}
		list = append(list, part{text[from:to], marked[from]})
		from = to
	}
	return list
}
