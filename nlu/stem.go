package nlu

import "strings"

// Stem cuts the endings off an English word that grammar puts there (removing, removed, removes: remov), so that its forms
// count as one word. It is lighter than Porter's stemmer (https://tartarus.org/martin/PorterStemmer/): endings that change
// what a word means stay. Words of fewer than four letters and of other scripts come back as they are.
func Stem(word string) string {
	if len(word) < 4 || !isPlainWord(word) {
		return word
	}
	word = cutPlural(word)
	word = cutVerb(word)
	if n := len(word); n > 5 && strings.HasSuffix(word, "ll") { // cancelled, install
		word = word[:n-1]
	}
	if n := len(word); n > 3 && word[n-1] == 'e' {
		word = word[:n-1]
	}
	if n := len(word); n > 3 && word[n-1] == 'y' {
		return word[:n-1] + "i"
	}
	return word
}

func isPlainWord(word string) bool {
	for i := range len(word) {
		if word[i] < 'a' || word[i] > 'z' {
			return false
		}
	}
	return true
}

func cutPlural(word string) string {
	switch {
	case strings.HasSuffix(word, "ies") && len(word) > 4:
		return word[:len(word)-3] + "y"
	case strings.HasSuffix(word, "sses"), strings.HasSuffix(word, "shes"), strings.HasSuffix(word, "ches"), strings.HasSuffix(word, "xes"):
		return word[:len(word)-2]
	case strings.HasSuffix(word, "ss"), strings.HasSuffix(word, "us"), strings.HasSuffix(word, "is"):
		return word
	case strings.HasSuffix(word, "s"):
		return word[:len(word)-1]
	default:
		return word
	}
}

func cutVerb(word string) string {
	switch {
	case endsIn(word, "ing"):
		return undouble(word[:len(word)-3])
	case endsIn(word, "ied"):
		return word[:len(word)-3] + "y"
	case endsIn(word, "ed"):
		return undouble(word[:len(word)-2])
	case endsIn(word, "ly"):
		return word[:len(word)-2]
	case len(word) > 7 && endsIn(word, "ment"), len(word) > 6 && endsIn(word, "ness"):
		return word[:len(word)-4]
	default:
		return word
	}
}

// endsIn tells whether an ending stands behind at least three letters with a vowel among them.
func endsIn(word, ending string) bool {
	stem, found := strings.CutSuffix(word, ending)
	return found && len(stem) >= 3 && strings.ContainsAny(stem, "aeiouy")
}

// undouble takes back the letter that an ending doubled (stopp: stop); l, s and vowels stay double.
func undouble(word string) string {
	n := len(word)
	if n > 3 && word[n-1] == word[n-2] && !strings.ContainsRune("aeiouyls", rune(word[n-1])) {
		return word[:n-1]
	}
	return word
}
