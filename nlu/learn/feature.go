package learn

import (
	"unicode"
	"unicode/utf8"
)

// kind is the sort of a feature; each sort has a weight of its own in a text.
type kind uint8

const (
	kindWord  kind = iota // a word, a number, a Han character
	kindPair              // two neighbouring words, two Han characters
	kindPiece             // 3 to 5 letters of a word, three Han characters
	kindSense             // what a word stands for, or its base form
	kindTwo               // two senses near each other
	kinds
)

const (
	minPiece = 3
	maxPiece = 4
	// maxWord is how many letters of one word are cut into pieces.
	maxWord = 24
	// maxFeatures is how many features of one text are looked at; the rest of a longer text is not.
	maxFeatures = 1024
)

// raw is a feature by its hash.
type raw struct {
	hash uint64
	kind kind
}

// extract appends the features of a normalised text.
func extract(into []raw, text string) []raw {
	x := extractor{out: into, limit: len(into) + maxFeatures}
	for i := 0; i < len(text) && len(x.out) < x.limit; {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case isHan(r):
			end := hanEnd(text, i)
			x.run(text[i:end])
			i = end
		case isLetter(r):
			end := wordEnd(text, i)
			x.word(text[i:end])
			i = end
		default:
			i += size
		}
	}
	if x.before != 0 {
		x.add(kindPair, mix(x.before, endMark))
	}
	x.latinSenses()
	return x.out[:min(len(x.out), x.limit)]
}

type extractor struct {
	out    []raw
	limit  int
	before uint64 // hash of the word before, 0 at the start
	runes  []byte
	bases  []based
}

const endMark = 0x656e64

func (x *extractor) add(k kind, hash uint64) {
	x.out = append(x.out, raw{hash*uint64(kinds) + uint64(k), k})
}

func (x *extractor) pair(word uint64) {
	x.add(kindPair, mix(x.before, word))
	x.before = word
}

// word adds a Latin word, its pair with the word before and its pieces.
func (x *extractor) word(word string) {
	h := hashWord(word)
	x.add(kindWord, h)
	x.pair(h)
	x.bases = append(x.bases, senses().look(word))
	buf := append(x.runes[:0], '<')
	for i := 0; i < len(word) && len(buf) <= maxWord; i++ {
		if word[i] != '\'' {
			buf = append(buf, word[i])
		}
	}
	buf = append(buf, '>')
	x.runes = buf
	for n := minPiece; n <= maxPiece && n < len(buf); n++ {
		for i := 0; i+n <= len(buf); i++ {
			x.add(kindPiece, hashBytes(buf[i:i+n]))
		}
	}
}

// run adds the characters, pairs and triples of a run of Han.
func (x *extractor) run(run string) {
	var last [2]uint64
	n := 0
	for _, r := range run {
		if len(x.out) >= x.limit {
			return
		}
		h := mix(hanSeed, uint64(r))
		x.add(kindWord, h)
		x.pair(h)
		if n >= 2 {
			x.add(kindPiece, mix(mix(last[0], last[1]), h))
		}
		last[0], last[1] = last[1], h
		n++
	}
	x.hanSenses(run)
}

const hanSeed = 0x68616e

func hanEnd(text string, start int) int {
	for i, r := range text[start:] {
		if !isHan(r) {
			return start + i
		}
	}
	return len(text)
}

func wordEnd(text string, start int) int {
	for i, r := range text[start:] {
		if (!isLetter(r) && r != '\'') || isHan(r) {
			return start + i
		}
	}
	return len(text)
}

func isHan(r rune) bool {
	return r >= 0x2e80 && (unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul))
}

func isLetter(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r != utf8.RuneError && unicode.Is(unicode.So, r)
}

func hashWord(word string) uint64 {
	h := uint64(offset64)
	for i := range len(word) {
		if word[i] != '\'' {
			h = (h ^ uint64(word[i])) * prime64
		}
	}
	return finish(h)
}

func hashBytes(b []byte) uint64 {
	h := uint64(offset64)
	for _, c := range b {
		h = (h ^ uint64(c)) * prime64
	}
	return finish(h)
}

// The constants of FNV-1a, 64 bits.
const (
	offset64 = 14695981039346656037
	prime64  = 1099511628211
)

func mix(a, b uint64) uint64 {
	return finish((a*prime64 ^ b) * prime64)
}

// finish spreads a hash over all its bits (the finaliser of SplitMix64).
func finish(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}
