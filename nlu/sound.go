package nlu

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
)

// Sound is how two Han characters are read, in pinyin without tones ("fa piao"); empty for anything else. A character with
// several readings has its commonest.
func Sound(word string) string {
	if utf8.RuneCountInString(word) != 2 {
		return ""
	}
	var syllables []string
	for _, r := range word {
		if !isHan(r) {
			return ""
		}
		read := pinyin.SinglePinyin(r, pinyin.NewArgs())
		if len(read) == 0 {
			return ""
		}
		syllables = append(syllables, read[0])
	}
	return strings.Join(syllables, " ")
}

// maxReadings is how many readings of a character are worth knowing; what a dictionary lists after them is of old books.
const maxReadings = 3

// Readings are how a Han character is read, in pinyin without tones, the commonest first; nothing for anything else.
func Readings(r rune) []string {
	if !isHan(r) {
		return nil
	}
	args := pinyin.NewArgs()
	args.Heteronym = true
	var list []string
	for _, s := range pinyin.SinglePinyin(r, args) {
		if len(list) < maxReadings && isPlainWord(s) && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// maxSyllables is how many syllables a typed word has at most.
const maxSyllables = 8

// Syllables cuts a Latin word into the syllables of pinyin, the longest first ("kaifapiao": kai fa piao); nothing when it is not
// made of them.
func Syllables(word string) []string {
	if word == "" || !isPlainWord(word) || len(word) > 6*maxSyllables {
		return nil
	}
	cut := cutSyllables(word, maxSyllables)
	for i, j := 0, len(cut)-1; i < j; i, j = i+1, j-1 {
		cut[i], cut[j] = cut[j], cut[i]
	}
	return cut
}

// IsPinyin tells whether a text consists of nothing but the syllables of pinyin, two at the least. Some English words do too
// ("machine"): whether it is Chinese shows by what it finds.
func IsPinyin(text string) bool {
	syllables := 0
	for _, p := range cut(Normalize(clip(text))) {
		n := len(Syllables(p.text))
		if p.latin && n == 0 || isCJK([]rune(p.text + " ")[0]) {
			return false
		}
		syllables += n
	}
	return syllables >= 2
}

// cutSyllables gives the syllables, last first.
func cutSyllables(word string, most int) []string {
	if most == 0 {
		return nil
	}
	for n := min(6, len(word)); n > 0; n-- {
		if !pinyinSyllables()[word[:n]] {
			continue
		}
		if n == len(word) {
			return []string{word}
		}
		if rest := cutSyllables(word[n:], most-1); rest != nil {
			return append(rest, word[:n])
		}
	}
	return nil
}

// pinyinSyllables are the syllables that characters are read with.
var pinyinSyllables = sync.OnceValue(func() map[string]bool {
	syllables := map[string]bool{}
	args := pinyin.NewArgs()
	for r := rune(firstHan); r <= lastHan; r++ {
		for _, s := range pinyin.SinglePinyin(r, args) {
			if isPlainWord(s) && (len(s) > 1 || s == "a" || s == "e" || s == "o") {
				syllables[s] = true
			}
		}
	}
	return syllables
})
