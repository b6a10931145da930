package help

import (
	"slices"
	"strings"

	"huiyin/nlu"
)

// dull is a syllable as it sounds to who does not tell zh from z or ing from in, as many do who type.
func dull(syllable string) string {
	if len(syllable) > 2 && syllable[1] == 'h' && strings.IndexByte("zcs", syllable[0]) >= 0 {
		syllable = syllable[:1] + syllable[2:]
	}
	if n := len(syllable); n > 3 && syllable[n-1] == 'g' && syllable[n-2] == 'n' && syllable[n-3] != 'o' {
		syllable = syllable[:n-1]
	}
	return syllable
}

// unit is a part of what somebody types in pinyin: a syllable, or the beginning of one.
type unit struct {
	text  string
	whole bool
}

// reads tells whether a character that is read this way may be meant.
func (u unit) reads(syllable string) bool {
	if u.whole {
		return syllable == u.text || dull(syllable) == dull(u.text)
	}
	return strings.HasPrefix(syllable, u.text)
}

func (u unit) readsAny(syllables []string) bool { return slices.ContainsFunc(syllables, u.reads) }

const (
	maxPinyin   = 32 // letters of a word that is read as pinyin
	maxInitials = 8
	maxSpelling = 3 // ways of reading one word
)

// spellings are the ways in which a Latin word may be pinyin: in whole syllables of which the last may be unfinished ("fapi"), in
// initials ("fp"), or mixed ("kaifp").
func spellings(word string) [][]unit {
	if len(word) < 2 || len(word) > maxPinyin {
		return nil
	}
	var ways [][]unit
	add := func(way []unit) {
		if way != nil && len(ways) < maxSpelling && !slices.ContainsFunc(ways, func(other []unit) bool { return slices.Equal(way, other) }) {
			ways = append(ways, way)
		}
	}
	if syllables := nlu.Syllables(word); syllables != nil {
		way := make([]unit, len(syllables))
		for i, s := range syllables {
			way[i] = unit{s, true}
		}
		add(way)
	}
	add(unfinished(word))
	add(mixed(word))
	add(initials(word))
	return ways
}

// unfinished cuts the longest beginning into syllables and takes the rest as the beginning of one more.
func unfinished(word string) []unit {
	for n := len(word) - 1; n > 0 && n >= len(word)-5; n-- {
		syllables := nlu.Syllables(word[:n])
		if syllables == nil || !begins(word[n:]) {
			continue
		}
		way := make([]unit, 0, len(syllables)+1)
		for _, s := range syllables {
			way = append(way, unit{s, true})
		}
		return append(way, unit{word[n:], false})
	}
	return nil
}

// begins tells whether a syllable may begin so: with one consonant, and only vowels or an n behind it.
func begins(text string) bool {
	if strings.IndexByte("iuv", text[0]) >= 0 {
		return false
	}
	rest := text[1:]
	if len(rest) > 0 && rest[0] == 'h' && strings.IndexByte("zcs", text[0]) >= 0 {
		rest = rest[1:]
	}
	return strings.Trim(rest, "aeiouvng") == ""
}

// mixed takes a syllable wherever one stands, the longest first, and an initial elsewhere.
func mixed(word string) []unit {
	var way []unit
	for word != "" {
		n := min(6, len(word))
		for n > 1 && nlu.Syllables(word[:n]) == nil || n > 1 && len(nlu.Syllables(word[:n])) > 1 {
			n--
		}
		if n == 1 && strings.IndexByte("iuv", word[0]) >= 0 {
			return nil
		}
		if n == 1 && len(word) > 1 && word[1] == 'h' && strings.IndexByte("zcs", word[0]) >= 0 {
			n = 2
			way = append(way, unit{word[:n], false})
		} else {
			way = append(way, unit{word[:n], n > 1})
		}
		word = word[n:]
	}
	return way
}

// initials takes each letter for a character.
func initials(word string) []unit {
	if len(word) > maxInitials {
		return nil
	}
	way := make([]unit, len(word))
	for i := range word {
		if strings.IndexByte("iuv", word[i]) >= 0 {
			return nil
		}
		way[i] = unit{word[i : i+1], false}
	}
	return way
}
