package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"huiyin/nlu"
)

// maxText is how much of a text is indexed, in bytes.
const maxText = 16 << 10

// piece is a stretch of a text: a word of letters and digits, or a run of characters that are written without spaces.
type piece struct {
	runes      []rune // folded
	at         []int  // where each begins in the text, in bytes
	end        int
	dense      bool // Han, kana or hangul: every character counts
	digits     bool // it holds a digit
	onlyDigits bool
}

// dense tells whether a character belongs to a script that sets no spaces between words.
func dense(r rune) bool {
	switch {
	case r < 0x1100: // the first of Hangul
		return false
	case r >= 0x4E00 && r <= 0x9FFF: // most that is written in them, CJK Unified Ideographs
		return true
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

// cut takes a text apart.
func cut(text string) []piece {
	if len(text) > maxText {
		text = text[:maxText]
	}
	var list []piece
	var p *piece
	n := utf8.RuneCountInString(text)
	runes, at := make([]rune, 0, n), make([]int, 0, n) // of all pieces, one after the other
	for i, size := 0, 0; i < len(text); i += size {
		var r rune
		r, size = utf8.DecodeRuneInString(text[i:])
		folded, kept := nlu.Fold(r)
		if !kept {
			continue
		}
		isDense := dense(folded)
		if !isDense && !unicode.IsLetter(folded) && !unicode.IsDigit(folded) {
			p = nil
			continue
		}
		if p == nil || p.dense != isDense {
			list = append(list, piece{runes: runes[len(runes):], at: at[len(at):], dense: isDense, onlyDigits: !isDense})
			p = &list[len(list)-1]
		}
		runes, at = append(runes, folded), append(at, i)
		p.grow(folded, i+size)
	}
	return list
}

// grow takes in one more character, which stands behind the piece's others already.
func (p *piece) grow(r rune, end int) {
	p.runes, p.at, p.end = p.runes[:len(p.runes)+1], p.at[:len(p.at)+1], end
	digit := unicode.IsDigit(r)
	p.digits, p.onlyDigits = p.digits || digit, p.onlyDigits && digit
}

const (
	maxWord   = 40 // characters of a word that are indexed
	leastPart = 3  // of a number that is found by its part
)

// terms are what a text is indexed under: words and pairs of characters in their order, and for numbers all their ends, so
// that any part of one is the beginning of something.
func terms(text string) (words, parts string) {
	var w, n strings.Builder
	w.Grow(3 * min(len(text), maxText))
	pieces := cut(text)
	for i, p := range pieces {
		if p.dense {
			pairs(&w, p.runes)
			continue
		}
		word := stem(p)
		put(&w, word)
		if p.digits {
			ends(&n, word)
		}
		if joined := together(text, pieces[i:]); joined != nil {
			put(&n, joined)
			ends(&n, joined)
		}
	}
	return w.String(), n.String()
}

func put(b *strings.Builder, runes []rune) {
	if b.Len() > 0 {
		b.WriteByte(' ')
	}
	for _, r := range runes {
		b.WriteRune(r)
	}
}

// pairs writes each two neighbours, and the last character alone, so that it too begins something.
func pairs(b *strings.Builder, runes []rune) {
	for i := range runes {
		put(b, runes[i:min(i+2, len(runes))])
	}
}

// ends writes the ends of a word that begin with a digit.
func ends(b *strings.Builder, word []rune) {
	for i := 1; i+leastPart <= len(word); i++ {
		if unicode.IsDigit(word[i]) {
			put(b, word[i:])
		}
	}
}

// stem is a word as it is indexed; an English plural is its singular.
func stem(p piece) []rune {
	w := p.runes[:min(len(p.runes), maxWord)]
	if n := len(w); !p.digits && n > 3 && w[n-1] == 's' && w[n-2] != 's' && w[n-1] < utf8.RuneSelf {
		w = w[:n-1]
	}
	return w
}

// together is a number that is written in groups, such as 138 0013 8000, as one; nil when the first piece begins none.
func together(text string, pieces []piece) []rune {
	var joined []rune
	for i, p := range pieces {
		if !p.onlyDigits || len(joined)+len(p.runes) > maxWord {
			break
		}
		if i > 0 {
			if gap := text[pieces[i-1].end:p.at[0]]; gap != "-" && gap != " " {
				break
			}
		}
		joined = append(joined, p.runes...)
	}
	if len(pieces) == 0 || len(joined) <= len(pieces[0].runes) {
		return nil
	}
	return joined
}
