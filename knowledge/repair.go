package knowledge

import (
	"strings"
	"unicode/utf8"

	"huiyin/nlu"
)

// spellings finds the words of a base that an unknown word may have meant: Latin words by one wrong letter, Chinese ones by
// their sound, written or typed.
type spellings struct {
	latin map[string][]string // by what is left without one letter
	sound map[string]string   // two characters by their sound without tones, the commonest in this base
}

// leastRepair is how many letters a Latin word has at least to be repaired: shorter ones become too many others.
const leastRepair = 5

func newSpellings(c *corpus) *spellings {
	s := &spellings{latin: map[string][]string{}, sound: map[string]string{}}
	best := map[string]uint32{}
	for term, n := range c.numbers {
		if c.kinds[n] != kindWord || c.df[n] == 0 {
			continue
		}
		if isLatinWord(term) {
			if len(term) >= leastRepair-1 {
				for _, rest := range without(term) {
					s.latin[rest] = append(s.latin[rest], term)
				}
			}
			continue
		}
		sound := nlu.Sound(term)
		if sound == "" {
			continue
		}
		if old, taken := s.sound[sound]; !taken || c.df[n] > best[sound] || c.df[n] == best[sound] && term < old {
			s.sound[sound], best[sound] = term, c.df[n]
		}
	}
	return s
}

func isLatinWord(term string) bool {
	for i := range len(term) {
		if term[i] < 'a' || term[i] > 'z' {
			return false
		}
	}
	return term != ""
}

// without gives a word and all that is left of it without one letter.
func without(word string) []string {
	list := make([]string, 0, len(word)+1)
	list = append(list, word)
	for i := range len(word) {
		if i == 0 || word[i] != word[i-1] {
			list = append(list, word[:i]+word[i+1:])
		}
	}
	return list
}

// repair gives the question as it may have been meant; the same text when every word is known or nothing is near.
func (c *corpus) repair(q *question) string {
	if len(q.unknown) > 1 && q.knownWeight() == 0 {
		if typed := c.typed(strings.ReplaceAll(q.normalized, " ", "")); typed != "" {
			return typed
		}
	}
	text := q.normalized
	for _, word := range q.unknown {
		known := ""
		if isLatinWord(word) {
			known = c.meant(nlu.Stem(word), word)
		} else {
			known = c.table.spellings().sound[nlu.Sound(word)]
		}
		if known != "" {
			text = strings.ReplaceAll(text, word, known)
		}
	}
	return text
}

// meant finds the one word that a Latin word may have meant.
func (c *corpus) meant(stem, word string) string {
	if typed := c.typed(word); typed != "" {
		return typed
	}
	if len(stem) < leastRepair {
		return ""
	}
	best, most := "", uint32(0)
	for _, rest := range without(stem) {
		for _, known := range c.table.spellings().latin[rest] {
			df := c.df[c.numbers[known]]
			if oneOff(stem, known) && (df > most || df == most && known < best) {
				best, most = known, df
			}
		}
	}
	return best
}

// oneOff tells whether two words differ by one letter added, left out or changed, or by two neighbours that changed places.
func oneOff(a, b string) bool {
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	end := 0
	for end < len(a)-start && end < len(b)-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	x, y := a[start:len(a)-end], b[start:len(b)-end]
	return len(x) <= 1 && len(y) <= 1 || len(x) == 2 && len(y) == 2 && x[0] == y[1] && x[1] == y[0]
}

// typed reads a Latin word as Chinese typed by its sound: kaifapiao is 开发票 when the base has 开发 and 发票. Every syllable must
// belong to a word of the base.
func (c *corpus) typed(word string) string {
	syllables := nlu.Syllables(word)
	if len(syllables) < 2 {
		return ""
	}
	runes := make([]rune, len(syllables))
	for i := 0; i+1 < len(syllables); i++ {
		known := c.table.spellings().sound[syllables[i]+" "+syllables[i+1]]
		if known == "" {
			continue
		}
		first, size := utf8.DecodeRuneInString(known)
		second, _ := utf8.DecodeRuneInString(known[size:])
		if runes[i] == 0 {
			runes[i] = first
		}
		runes[i+1] = second
	}
	for _, r := range runes {
		if r == 0 {
			return ""
		}
	}
	return string(runes)
}
