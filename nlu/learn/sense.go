package learn

import (
	"strings"
	"sync"
)

// lexicon gives the group of a word or a phrase.
type lexicon struct {
	words   map[string]uint64 // a word in its base form, a Chinese word
	phrases map[uint64]uint64 // several words, by the mixed hashes of their base forms
	forms   map[string]string // the base form of irregular words
	fillers map[string]bool
}

// senses is read once and never changed.
var senses = sync.OnceValue(func() *lexicon {
	l := &lexicon{words: map[string]uint64{}, phrases: map[uint64]uint64{}, forms: map[string]string{}, fillers: map[string]bool{}}
	for w := range strings.FieldsSeq(fillersEn) {
		l.fillers[w] = true
	}
	for line := range strings.Lines(irregularEn) {
		words := strings.Fields(line)
		for _, w := range words[1:] {
			l.forms[w] = words[0]
		}
	}
	l.add(sensesEn + namesEn + sensesZh)
	return l
})

// add reads groups, first the words and then the phrases, whose words are looked up. A word belongs to its first group.
func (l *lexicon) add(groups string) {
	for line := range strings.Lines(groups) {
		words := strings.Fields(line)
		for _, w := range words {
			if _, taken := l.words[w]; !taken && !strings.Contains(w, "_") {
				l.words[w] = groupHash(words[0])
			}
		}
	}
	for line := range strings.Lines(groups) {
		words := strings.Fields(line)
		for _, w := range words {
			if !strings.Contains(w, "_") {
				continue
			}
			key := uint64(0)
			for part := range strings.SplitSeq(w, "_") {
				key = mix(key, hashWord(l.base(part)))
			}
			if _, taken := l.phrases[key]; !taken {
				l.phrases[key] = groupHash(words[0])
			}
		}
	}
}

func groupHash(head string) uint64 { return mix(senseSeed, hashWord(head)) }

const senseSeed = 0x73656e7365

// digits is the group of what is written in digits. Number words have another: "one" seldom counts anything.
const digits = "digits"

// based is a word of a text in its base form.
type based struct {
	hash   uint64
	sense  uint64
	filler bool
}

// look gives what one word stands for.
func (l *lexicon) look(word string) based {
	if len(word) > 2*maxWord {
		word = word[:2*maxWord]
	}
	if strings.IndexByte(word, '\'') >= 0 {
		word = strings.ReplaceAll(word, "'", "")
	}
	form := l.base(word)
	b := based{hash: hashWord(form), filler: l.fillers[form]}
	switch sense, ok := l.words[form]; {
	case ok:
		b.sense = sense
	case form != "" && form[0] >= '0' && form[0] <= '9':
		b.sense = groupHash(digits)
	default:
		b.sense = b.hash
	}
	return b
}

// phrase finds the longest phrase at the start of the words; used is 0 when there is none.
func (l *lexicon) phrase(words []based) (sense uint64, used int) {
	key := uint64(0)
	for i, w := range words[:min(len(words), longestPhrase)] {
		key = mix(key, w.hash)
		if s, ok := l.phrases[key]; ok {
			sense, used = s, i+1
		}
	}
	return sense, used
}

// endings are those that are taken off, and what is put there, when that gives a word of the groups.
var endings = [...][2]string{{"s", ""}, {"es", ""}, {"ies", "y"}, {"ed", ""}, {"ed", "e"}, {"ied", "y"}, {"ing", ""}, {"ing", "e"}, {"er", ""}, {"ly", ""}, {"d", ""}, {"r", ""}}

// base gives the base form of an English word.
func (l *lexicon) base(word string) string {
	if form, ok := l.forms[word]; ok {
		return form
	}
	if l.fillers[word] || len(word) < 4 {
		return word
	}
	if _, known := l.words[word]; known {
		return word
	}
	for _, e := range endings {
		stem, ok := strings.CutSuffix(word, e[0])
		if !ok {
			continue
		}
		if form := stem + e[1]; l.knows(form) {
			return form
		}
		if n := len(stem); n > 3 && stem[n-1] == stem[n-2] && l.knows(stem[:n-1]) { // cancelled, stopping
			return stem[:n-1]
		}
	}
	return strip(word)
}

func (l *lexicon) knows(form string) bool {
	_, ok := l.words[form]
	return ok && len(form) >= 3
}

// strip takes the commonest endings off a word that no group has.
func strip(word string) string {
	switch {
	case len(word) > 4 && strings.HasSuffix(word, "ies"):
		return word[:len(word)-3] + "y"
	case len(word) > 5 && strings.HasSuffix(word, "ing"):
		return word[:len(word)-3]
	case len(word) > 4 && strings.HasSuffix(word, "ed"):
		return word[:len(word)-2]
	case len(word) > 3 && strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "ss"):
		return word[:len(word)-1]
	}
	return word
}
