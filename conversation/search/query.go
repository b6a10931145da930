package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxWanted bounds the words of a query.
const maxWanted = 12

// wanted is one thing that a text must hold: a run of characters of a script without spaces, or words that stand together.
type wanted struct {
	words [][]rune
	dense bool
}

// parse takes a query apart; nil when it holds nothing to look for.
func parse(query string) []wanted {
	if len(query) > maxText {
		query = query[:maxText]
	}
	var list []wanted
	pieces := cut(query)
	for i, p := range pieces {
		word := p.runes
		if !p.dense {
			word = stem(p)
		}
		if n := len(list); i > 0 && connected(query[pieces[i-1].end:p.at[0]]) && !p.dense && !list[n-1].dense {
			list[n-1].words = append(list[n-1].words, word)
			continue
		}
		if len(list) == maxWanted {
			break
		}
		list = append(list, wanted{[][]rune{word}, p.dense})
	}
	return list
}

// connected tells whether two words belong together, as in a mail address or an order number.
func connected(gap string) bool { return gap != "" && !strings.ContainsFunc(gap, unicode.IsSpace) }

// match is the query in the language of the index: all that is wanted, the last word and numbers by their beginning, and of
// each group of marks one.
func match(list []wanted, groups []string) string {
	var b strings.Builder
	for i, w := range list {
		if b.Len() > 0 {
			b.WriteString(" AND ")
		}
		b.WriteString(w.phrase(i == len(list)-1))
	}
	for _, marks := range groups {
		b.WriteString(" AND (")
		for i, m := range []rune(marks) {
			if i > 0 {
				b.WriteString(" OR ")
			}
			b.WriteString(`"` + string(m) + `"`)
		}
		b.WriteString(")")
	}
	return b.String()
}

// phrase is the pairs of characters in their order, or the words, of whose last more may follow when it is being typed or holds
// a digit. Words that stand together are looked for written as one, too.
func (w wanted) phrase(typing bool) string {
	var b strings.Builder
	if first := w.words[0]; w.dense && len(first) > 1 {
		for i := 0; i+2 <= len(first); i++ {
			put(&b, first[i:i+2])
		}
		return `"` + b.String() + `"`
	}
	for _, word := range w.words {
		put(&b, word)
	}
	more := `"`
	if typing || w.dense || strings.ContainsFunc(b.String(), unicode.IsDigit) {
		more = `" *`
	}
	if len(w.words) == 1 {
		return `"` + b.String() + more
	}
	return `("` + b.String() + more + ` OR "` + strings.ReplaceAll(b.String(), " ", "") + more + ")"
}

// Piece is a stretch of a text that is shown; Hit: it is what was looked for.
type Piece struct {
	Text string
	Hit  bool
}

const (
	before  = 24 // characters shown before the first hit
	shownAt = 120
)

// show cuts out of a text what surrounds the first hit and marks all hits in it.
func show(text string, list []wanted) []Piece {
	spans := find(text, list)
	start := 0
	if len(spans) > 0 {
		start = back(text, spans[0][0], before)
	}
	end := forward(text, start, shownAt)
	var pieces []Piece
	if start > 0 {
		pieces = append(pieces, Piece{Text: "…"})
	}
	at := start
	for _, s := range spans {
		if s[0] < at || s[0] >= end {
			continue
		}
		stop := min(s[1], end)
		pieces = append(pieces, Piece{Text: text[at:s[0]]}, Piece{Text: text[s[0]:stop], Hit: true})
		at = stop
	}
	pieces = append(pieces, Piece{Text: text[at:end]})
	if end < len(text) {
		pieces = append(pieces, Piece{Text: "…"})
	}
	return slices.DeleteFunc(pieces, func(p Piece) bool { return p.Text == "" })
}

func back(text string, at, runes int) int {
	for ; runes > 0 && at > 0; runes-- {
		_, size := utf8.DecodeLastRuneInString(text[:at])
		at -= size
	}
	return at
}

func forward(text string, at, runes int) int {
	for ; runes > 0 && at < len(text); runes-- {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return at
}

// find gives where in a text the wanted things stand, in order, without overlap.
func find(text string, list []wanted) [][2]int {
	var spans [][2]int
	for _, p := range cut(text) {
		for _, w := range list {
			for _, word := range w.words {
				if p.dense == w.dense {
					spans = append(spans, p.find(word)...)
				}
			}
		}
	}
	slices.SortFunc(spans, func(a, b [2]int) int { return a[0] - b[0] })
	return slices.CompactFunc(spans, func(a, b [2]int) bool { return b[0] < a[1] })
}

// find gives where in the piece a word stands: at its beginning, or, in a script without spaces and of a number, anywhere.
func (p piece) find(word []rune) [][2]int {
	var spans [][2]int
	for i := 0; i+len(word) <= len(p.runes); i++ {
		if !p.dense && i > 0 && !unicode.IsDigit(p.runes[i]) {
			continue
		}
		if slices.Equal(p.runes[i:i+len(word)], word) {
			stop := p.end
			if i+len(word) < len(p.at) {
				stop = p.at[i+len(word)]
			}
			spans = append(spans, [2]int{p.at[i], stop})
			i += len(word) - 1
		}
	}
	return spans
}

// Show marks in a text what a query looks for, cut to a line.
func Show(text, query string) []Piece { return show(text, parse(query)) }
