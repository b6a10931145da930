package nlu

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// piece is the smallest unit of the phrase rules: a Latin word or number, one CJK character, or one symbol
// such as an emoji. Start and end are byte offsets in the normalised text.
type piece struct {
	text       string
	start, end int
	latin      bool
	clause     int // pieces of one clause share a number
}

// cut splits a normalised text into pieces; punctuation only ends clauses.
func cut(normalized string) []piece {
	pieces := make([]piece, 0, len(normalized)/3+1)
	clause := 0
	for i := 0; i < len(normalized); {
		r, size := utf8.DecodeRuneInString(normalized[i:])
		end := i + size
		switch {
		case isCJK(r):
			pieces = append(pieces, piece{normalized[i:end], i, end, false, clause})
		case isWordRune(r):
			end = wordEnd(normalized, i)
			word := strings.ReplaceAll(normalized[i:end], "'", "")
			pieces = append(pieces, piece{word, i, end, true, clause})
		case unicode.Is(unicode.So, r):
			pieces = append(pieces, piece{normalized[i:end], i, end, false, clause})
		case r != ' ' && r != '-' && r != '\'' && r != '"':
			clause++
		}
		i = end
	}
	return pieces
}

// join writes pieces as the rules expect them: Latin words set apart by one space, Han without spaces.
func join(pieces []piece) string {
	var b strings.Builder
	for i, p := range pieces {
		if i > 0 && p.latin && pieces[i-1].latin {
			b.WriteByte(' ')
		}
		b.WriteString(p.text)
	}
	return b.String()
}

// clauses groups pieces by clause.
func clauses(pieces []piece) [][]piece {
	var groups [][]piece
	start := 0
	for i := range pieces {
		if i+1 == len(pieces) || pieces[i+1].clause != pieces[i].clause {
			groups = append(groups, pieces[start:i+1])
			start = i + 1
		}
	}
	return groups
}
