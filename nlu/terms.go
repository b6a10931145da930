package nlu

import (
	"strings"
	"unicode/utf8"
)

const (
	// gramMark opens every term that is a piece of a word, so that an index can weigh pieces and words apart.
	gramMark = "~"
	minGram  = 3
	maxGram  = 5
	// maxGramWord is how much of one word is cut into pieces.
	maxGramWord = 32
)

// Terms gives the search terms of a normalised text, in order and with repeats: words whole, followed by their
// character pieces of 3 to 5 letters with the word's edges marked ("card": ~<ca ~car … ~rd>); Han as single
// characters and pairs; numbers whole. There are no stop words: in a short question every word counts.
func Terms(normalized string) []string {
	terms := make([]string, 0, len(normalized))
	eachToken(normalized, func(t token) {
		switch t.kind {
		case tokenCJK:
			terms = appendCJK(terms, t.text, true)
		case tokenNumber:
			terms = append(terms, t.text)
		default:
			terms = appendGrams(append(terms, t.text), t.text)
		}
	})
	return terms
}

// Words gives the coarser cut, for coverage and explanations: words and numbers whole, Han in pairs (a single
// character only when it stands alone).
func Words(normalized string) []string {
	words := make([]string, 0, len(normalized)/3+1)
	eachToken(normalized, func(t token) {
		if t.kind == tokenCJK {
			words = appendCJK(words, t.text, false)
			return
		}
		words = append(words, t.text)
	})
	return words
}

// IsGram tells whether a term of Terms is a piece of a word.
func IsGram(term string) bool {
	return strings.HasPrefix(term, gramMark)
}

type tokenKind int

const (
	tokenWord tokenKind = iota
	tokenNumber
	tokenCJK
)

type token struct {
	text string
	kind tokenKind
}

// eachToken cuts a normalised text into runs of one kind. Apostrophes disappear (don't: dont, card's: card); a
// point or comma between digits belongs to the number.
func eachToken(text string, visit func(token)) {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		var end int
		switch {
		case isCJK(r):
			end = runEnd(text, i, isCJK)
			visit(token{text[i:end], tokenCJK})
		case isWordRune(r):
			end = wordEnd(text, i)
			visit(wordToken(text[i:end]))
		default:
			end = i + size
		}
		i = end
	}
}

func runEnd(text string, start int, in func(rune) bool) int {
	for i, r := range text[start:] {
		if !in(r) {
			return start + i
		}
	}
	return len(text)
}

// wordEnd finds the end of a word or number, across inner apostrophes and the marks inside a number.
func wordEnd(text string, start int) int {
	end := runEnd(text, start, isWordRune)
	for end+1 < len(text) && joins(text[end-1], text[end], text[end+1]) {
		end = runEnd(text, end+1, isWordRune)
	}
	return end
}

func joins(before, mark, after byte) bool {
	switch mark {
	case '\'':
		return isLatin(rune(before)) && isLatin(rune(after))
	case '.', ',':
		return isDigit(rune(before)) && isDigit(rune(after))
	default:
		return false
	}
}

func wordToken(word string) token {
	if isNumber(word) {
		return token{strings.ReplaceAll(word, ",", ""), tokenNumber}
	}
	if strings.IndexByte(word, '\'') >= 0 {
		word = strings.ReplaceAll(strings.TrimSuffix(word, "'s"), "'", "")
	}
	return token{word, tokenWord}
}

func isNumber(word string) bool {
	for i := range len(word) {
		if c := word[i]; !isDigit(rune(c)) && c != '.' && c != ',' {
			return false
		}
	}
	return true
}

// appendCJK adds the pairs of a run, each after its first character when singles are wanted too.
func appendCJK(terms []string, run string, singles bool) []string {
	_, size := utf8.DecodeRuneInString(run)
	if size == len(run) {
		return append(terms, run)
	}
	for start := 0; start < len(run); {
		_, one := utf8.DecodeRuneInString(run[start:])
		_, two := utf8.DecodeRuneInString(run[start+one:])
		if singles {
			terms = append(terms, run[start:start+one])
		}
		if two > 0 {
			terms = append(terms, run[start:start+one+two])
		}
		start += one
	}
	return terms
}

// appendGrams adds the pieces of a word, edges marked by < and >.
func appendGrams(terms []string, word string) []string {
	if len(word) > maxGramWord {
		end := maxGramWord
		for !utf8.RuneStart(word[end]) {
			end--
		}
		word = word[:end]
	}
	marked := gramMark + "<" + word + ">"
	starts := make([]int, 0, len(marked)+1)
	for i := range marked[len(gramMark):] {
		starts = append(starts, i+len(gramMark))
	}
	starts = append(starts, len(marked))
	for n := minGram; n <= maxGram && n < len(starts)-1; n++ {
		for i := 0; i+n < len(starts); i++ {
			terms = append(terms, gramMark+marked[starts[i]:starts[i+n]])
		}
	}
	return terms
}
