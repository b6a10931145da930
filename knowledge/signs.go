package knowledge

import "slices"

// signs are the small words that turn a question around and that counting words would overlook.
type signs struct {
	negated bool
	numbers []string
}

func readSigns(words []string) signs {
	var s signs
	for _, w := range words {
		if isNegation(w) {
			s.negated = true
		}
		if w[0] >= '0' && w[0] <= '9' {
			s.numbers = append(s.numbers, w)
		}
	}
	return s
}

func isNegation(word string) bool {
	switch word {
	case "not", "no", "never", "cannot", "cant", "dont", "doesnt", "didnt", "isnt", "wasnt", "wont", "havent", "hasnt", "without", "unable":
		return true
	}
	for _, r := range word {
		switch r {
		case '不', '没', '未', '无', '别', '勿':
			return true
		}
	}
	return false
}

// numbersDiffer tells whether one side names a number that the other does not.
func numbersDiffer(a, b signs) bool { return !slices.Equal(a.numbers, b.numbers) }
