package learn

import (
	"strings"
	"sync"
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
	maxPiece = 5
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
			end := i + size
			for end < len(text) {
				next, n := utf8.DecodeRuneInString(text[end:])
				if !isHan(next) {
					break
				}
				end += n
			}
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
	x.senses()
	return x.out[:min(len(x.out), x.limit)]
}

type extractor struct {
	out    []raw
	limit  int
	before uint64 // hash of the word before, 0 at the start
	runes  []byte
	words  []string
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
	x.words = append(x.words, word)
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

// hanSenses adds what the words of a run stand for, longest words first, and the pairs of neighbours.
func (x *extractor) hanSenses(run string) {
	table := senses()
	var near [4]uint64
	n := 0
	var ends [longestHan]int
	for i := 0; i < len(run) && len(x.out) < x.limit; {
		count := 0
		for j := i; j < len(run) && count < longestHan; count++ {
			_, size := utf8.DecodeRuneInString(run[j:])
			j += size
			ends[count] = j
		}
		h, end := uint64(0), ends[0]
		for l := count - 1; l >= 0; l-- {
			if s, ok := table[run[i:ends[l]]]; ok {
				h, end = s, ends[l]
				break
			}
		}
		if h != 0 {
			x.add(kindSense, h)
		} else {
			h = hashWord(run[i:end])
		}
		for k := max(0, n-hanWindow); k < n; k++ {
			x.add(kindTwo, mix(near[k%4], h))
		}
		near[n%4] = h
		n++
		i = end
	}
}

// hanWindow is the same for Chinese.
const hanWindow = 1

const hanSeed = 0x68616e

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
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.So, r)
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

// senses adds what the words stand for, phrases of two and three words first, and the pairs of those near each other.
func (x *extractor) senses() {
	table := senses()
	var near [4]uint64
	n := 0
	bases := make([]string, len(x.words))
	for i, w := range x.words {
		bases[i] = base(strings.ReplaceAll(w, "'", ""))
	}
	for i := 0; i < len(bases); {
		h, used := uint64(0), 1
		for l := min(3, len(bases)-i); l >= 2 && h == 0; l-- {
			if s, ok := table[strings.Join(bases[i:i+l], "_")]; ok {
				h, used = s, l
			} else if s, ok := table[strings.Join(x.words[i:i+l], "_")]; ok {
				h, used = s, l
			}
		}
		if h == 0 {
			if s, ok := table[bases[i]]; ok {
				h = s
			} else if c := bases[i][0]; c >= '0' && c <= '9' {
				h = table["number"]
			} else {
				h = hashWord(bases[i])
			}
		}
		x.add(kindSense, h)
		if used > 1 || !fillers()[bases[i]] {
			for k := max(0, n-senseWindow); k < n; k++ {
				a, b := near[k%4], h
				if a > b {
					a, b = b, a
				}
				x.add(kindTwo, mix(a, b))
			}
			near[n%4] = h
			n++
		}
		i += used
	}
}

// senseWindow is how many senses back a pair reaches.
const senseWindow = 3

// fillers are words that make no pairs.
var fillers = sync.OnceValue(func() map[string]bool {
	table := map[string]bool{}
	for w := range strings.FieldsSeq("a an the my your our his her their i me you we it this that these those of to in on at for from with and or be do have please just some any so as by there here if would will") {
		table[w] = true
	}
	return table
})
