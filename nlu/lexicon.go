package nlu

import "strings"

// lexicon finds known phrases at a place in a text. It is built once and never changed.
type lexicon[R any] map[string][]entry[R]

// entry is one phrase, by its pieces, and what it means.
type entry[R any] struct {
	phrase string
	words  []string
	role   R
}

// add takes phrases in normal form, separated by bars.
func (l lexicon[R]) add(role R, phrases string) {
	for phrase := range strings.SplitSeq(phrases, "|") {
		pieces := cut(phrase)
		words := make([]string, len(pieces))
		for i, p := range pieces {
			words[i] = p.text
		}
		l[words[0]] = append(l[words[0]], entry[R]{phrase, words, role})
	}
}

// at visits the phrases that begin at the first of the pieces. Inside tells whether a phrase must stay in one clause.
func (l lexicon[R]) at(pieces []piece, inside bool, visit func(entry[R])) {
	for _, e := range l[pieces[0].text] {
		if e.matches(pieces) && (!inside || pieces[len(e.words)-1].clause == pieces[0].clause) {
			visit(e)
		}
	}
}

// longest gives the longest phrase that begins at the first of the pieces, within its clause.
func (l lexicon[R]) longest(pieces []piece) (best entry[R], ok bool) {
	l.at(pieces, true, func(e entry[R]) {
		if len(e.words) > len(best.words) {
			best, ok = e, true
		}
	})
	return best, ok
}

func (e entry[R]) matches(pieces []piece) bool {
	if len(e.words) > len(pieces) {
		return false
	}
	for i, w := range e.words {
		if pieces[i].text != w {
			return false
		}
	}
	return true
}
