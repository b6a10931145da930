package nlu

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// folded is a text in half width and lower case that remembers where each of its bytes came from. Unlike the
// normal form it keeps Chinese punctuation, which ends an address, and every repeated character.
type folded struct {
	text   string
	starts []int // offset in the original of the character that each byte belongs to
	ends   []int // offset behind that character
	digits int
	chain  int // the most digits that stand close to each other, as those of one number do

	run, apart int // of the digits before the place that is being read, and since the last of them
}

func fold(text string) folded {
	f := folded{starts: make([]int, 0, len(text)), ends: make([]int, 0, len(text))}
	var b strings.Builder
	b.Grow(len(text))
	for i, size := 0, 0; i < len(text); i += size {
		var r rune
		r, size = utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size <= 1 {
			r = ' '
		}
		if r = halfWidth(r); r == dropped {
			continue
		}
		f.count(r)
		n, _ := b.WriteRune(r)
		for range n {
			f.starts = append(f.starts, i)
			f.ends = append(f.ends, i+size)
		}
	}
	f.text = b.String()
	return f
}

// maxBetween is how many other characters may stand between the digits of one number.
const maxBetween = 3

// count notes a character: how many digits there are, and how many close to each other.
func (f *folded) count(r rune) {
	if !isDigit(r) {
		f.apart++
		return
	}
	if f.apart > maxBetween {
		f.run = 0
	}
	f.digits++
	f.run++
	f.apart, f.chain = 0, max(f.chain, f.run)
}

// halfWidth folds a character like foldRune, but leaves the marks that end a Chinese clause.
func halfWidth(r rune) rune {
	switch r {
	case '，', '。', '！', '？', '；', '：', '、', '…', '｡', '“', '”', '‘', '’':
		return r
	}
	if r >= 0x80 && unicode.IsSpace(r) {
		return ' '
	}
	return foldRune(r)
}

// entity makes the entity that stands at text[start:end] of the folded text.
func (f folded) entity(kind EntityKind, start, end int, value, original string) Entity {
	from, to := f.starts[start], f.ends[end-1]
	return Entity{Kind: kind, Text: original[from:to], Value: value, Start: from, End: to}
}

// standsAlone tells whether text[start:end] is no piece of a longer word or number.
func (f folded) standsAlone(start, end int) bool {
	return !f.splitsAt(start) && !f.splitsAt(end)
}

// splitsAt tells whether a cut at i would part two letters or digits of Latin script.
func (f folded) splitsAt(i int) bool {
	return i > 0 && i < len(f.text) && isAlnum(f.text[i-1]) && isAlnum(f.text[i])
}

func isAlnum(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
}

// onlyDigits keeps the digits of a text.
func onlyDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if isDigit(r) {
			return r
		}
		return -1
	}, text)
}
