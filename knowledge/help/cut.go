package help

import (
	"unicode"
	"unicode/utf8"

	"huiyin/nlu"
)

// piece is a stretch of a text: a run of Han characters, or a word of other letters and digits.
type piece struct {
	runes []rune // folded: lower case, half width, simplified
	at    []int  // where each begins in the text, in bytes
	end   int    // where the last one ends
	han   bool
}

func (p piece) text() string { return string(p.runes) }

// cut takes a text apart. Places in the text stay known, so that what was found can be marked in it.
func cut(text string) []piece {
	var list []piece
	open := false
	for i, size := 0, 0; i < len(text); i += size {
		var r rune
		r, size = utf8.DecodeRuneInString(text[i:])
		folded, kept := nlu.Fold(r)
		if !kept {
			continue
		}
		han := unicode.Is(unicode.Han, folded)
		if !han && !unicode.IsLetter(folded) && !unicode.IsDigit(folded) {
			open = open && (r == '\'' || r == '’')
			continue
		}
		if !open || list[len(list)-1].han != han {
			list = append(list, piece{han: han})
		}
		open = true
		p := &list[len(list)-1]
		p.runes, p.at, p.end = append(p.runes, folded), append(p.at, i), i+size
	}
	return list
}

// latin tells whether a word is letters from a to z and nothing else, as pinyin is.
func (p piece) latin() bool {
	for _, r := range p.runes {
		if r < 'a' || r > 'z' {
			return false
		}
	}
	return !p.han
}
