package knowledge

import (
	"strings"
	"unicode/utf8"

	"huiyin/nlu"
)

// kind is the sort of a term; what each sort counts in a comparison is in kindShare.
type kind uint8

const (
	kindWord  kind = iota // the stem of a word, a number, two Han characters
	kindPiece             // 3 to 5 letters of a word, one Han character
	kindPair              // two neighbouring words
	kindIdea              // what a word stands for, in any language
	kinds
)

// kindShare is the weight of a sort of terms in the length of a text.
func kindShare(k kind) float64 { return [kinds]float64{1, 0.5, 0.5, 0.8}[k] }

// The first byte of a term tells its sort: words and single characters have no mark.
const (
	pairMark = '+'
	ideaMark = '='
)

// cutTerm is one term of a text, and the word as it was written.
type cutTerm struct {
	text string
	kind kind
	word string
}

// cut gives the terms of a normal form in order, with repeats.
func cut(normalized string) []cutTerm {
	words := nlu.Words(normalized)
	terms := make([]cutTerm, 0, 8*len(words))
	before := "^"
	for _, w := range words {
		stem := nlu.Stem(w)
		if !isOneHan(stem) {
			terms = append(terms, cutTerm{stem, kindWord, w})
		}
		terms = append(terms, cutTerm{string(pairMark) + before + " " + stem, kindPair, ""})
		before = stem
	}
	if len(words) > 0 {
		terms = append(terms, cutTerm{string(pairMark) + before + " $", kindPair, ""})
	}
	for _, t := range nlu.Terms(normalized) {
		if nlu.IsGram(t) || isOneHan(t) {
			terms = append(terms, cutTerm{t, kindPiece, ""})
		}
	}
	return appendIdeas(terms, normalized)
}

func appendIdeas(terms []cutTerm, normalized string) []cutTerm {
	for _, idea := range nlu.Ideas(normalized) {
		terms = append(terms, cutTerm{string(ideaMark) + idea, kindIdea, ""})
	}
	return terms
}

func isOneHan(term string) bool {
	return len(term) > 1 && term[0] >= utf8.RuneSelf && utf8.RuneCountInString(term) == 1
}

// kindOf tells the sort of a term by its form.
func kindOf(term string) kind {
	switch {
	case strings.HasPrefix(term, string(ideaMark)):
		return kindIdea
	case strings.HasPrefix(term, string(pairMark)):
		return kindPair
	case nlu.IsGram(term) || isOneHan(term):
		return kindPiece
	default:
		return kindWord
	}
}

// normalize gives the form in which two texts are the same question: marks around it say nothing.
func normalize(text string) string { return trimMarks(nlu.Normalize(text)) }

func trimMarks(normalized string) string { return strings.Trim(normalized, " ?!.,;:~-\"'()[]") }

// maxAnswerText is how much of an answer is compared with questions, in bytes.
const maxAnswerText = 4 << 10

// answerTerms are the words and ideas of an answer.
func answerTerms(answer string) []cutTerm {
	normalized := nlu.Normalize(clip(answer, maxAnswerText))
	words := nlu.Words(normalized)
	terms := make([]cutTerm, 0, len(words)+len(words)/2)
	for _, w := range words {
		if stem := nlu.Stem(w); !isOneHan(stem) {
			terms = append(terms, cutTerm{stem, kindWord, w})
		}
	}
	return appendIdeas(terms, normalized)
}

// fulltextTerms gives the words and the smaller pieces of a text, for the index on disk.
func fulltextTerms(terms []cutTerm) (words, pieces []string) {
	for _, t := range terms {
		switch t.kind {
		case kindWord:
			words = append(words, t.text)
		case kindPiece:
			pieces = append(pieces, t.text)
		}
	}
	return distinct(words), distinct(pieces)
}
