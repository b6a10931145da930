package nlu

import (
	"cmp"
	_ "embed" // the lists of ideas
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

//go:embed concepts/everyday.txt
var everydayConcepts string

//go:embed concepts/service.txt
var serviceConcepts string

// Concepts gives the ideas of a normalised text as numbers, in order and with repeats: words that mean nearly the same, in
// either language, have one number (refund, money back, 退款). The longest phrase at each place counts; a word of several
// ideas gives all of them. Numbers hold within one build of the program only.
func Concepts(normalized string) []uint16 {
	var found []uint16
	eachConcept(normalized, func(_ string, ideas []uint16) { found = append(found, ideas...) })
	return found
}

// Ideas gives the ideas of a normalised text as terms: the number of a concept, or the stem of a word and a Chinese character that
// belongs to none.
func Ideas(normalized string) []string {
	var terms []string
	eachConcept(normalized, func(token string, ideas []uint16) {
		if len(ideas) == 0 {
			terms = append(terms, token)
		}
		for _, idea := range ideas {
			terms = append(terms, "#"+strconv.Itoa(int(idea)))
		}
	})
	return terms
}

// eachConcept visits the phrases of a text with their ideas, and every other word or character without.
func eachConcept(normalized string, visit func(token string, ideas []uint16)) {
	eachPhrase(conceptBook(), normalized, visit)
}

func eachPhrase(book map[string][]conceptPhrase, normalized string, visit func(token string, ideas []uint16)) {
	tokens := conceptTokens(normalized)
	for i := 0; i < len(tokens); {
		step := 1
		var ideas []uint16
		for _, p := range book[tokens[i]] {
			if p.opens(tokens[i:]) {
				ideas, step = p.ideas, 1+len(p.rest)
				break
			}
		}
		visit(tokens[i], ideas)
		i += step
	}
}

// conceptPhrase is what follows the first word of a phrase, and the ideas that the whole stands for.
type conceptPhrase struct {
	rest  []string
	ideas []uint16
}

func (p conceptPhrase) opens(tokens []string) bool {
	if len(tokens) <= len(p.rest) {
		return false
	}
	for i, word := range p.rest {
		if tokens[i+1] != word {
			return false
		}
	}
	return true
}

// conceptBook finds phrases by their first word, the longest first.
var conceptBook = sync.OnceValue(func() map[string][]conceptPhrase {
	book := map[string][]conceptPhrase{}
	idea := uint16(0)
	for line := range strings.Lines(everydayConcepts + serviceConcepts) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		idea++
		for phrase := range strings.SplitSeq(line, ",") {
			if tokens := conceptTokens(Normalize(phrase)); len(tokens) > 0 {
				addConcept(book, tokens, idea)
			}
		}
	}
	for _, list := range book {
		slices.SortFunc(list, func(a, b conceptPhrase) int { return cmp.Compare(len(b.rest), len(a.rest)) })
	}
	return book
})

func addConcept(book map[string][]conceptPhrase, tokens []string, idea uint16) {
	list := book[tokens[0]]
	same := slices.IndexFunc(list, func(p conceptPhrase) bool { return slices.Equal(p.rest, tokens[1:]) })
	if same < 0 {
		book[tokens[0]] = append(list, conceptPhrase{tokens[1:], []uint16{idea}})
		return
	}
	if !slices.Contains(list[same].ideas, idea) {
		list[same].ideas = append(list[same].ideas, idea)
	}
}

// conceptTokens cuts a text into stems of Latin words and single Chinese characters.
func conceptTokens(normalized string) []string {
	tokens := make([]string, 0, len(normalized)/3+1)
	eachToken(normalized, func(t token) {
		if t.kind != tokenCJK {
			tokens = append(tokens, Stem(t.text))
			return
		}
		for text := t.text; text != ""; {
			_, size := utf8.DecodeRuneInString(text)
			tokens, text = append(tokens, text[:size]), text[size:]
		}
	})
	return tokens
}
