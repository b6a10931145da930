package knowledge

import (
	"slices"
	"strings"
)

// signs are the small words that turn a question around and that counting words would overlook.
type signs struct {
	negated bool
	numbers []string // in rising order
}

func readSigns(normalized string, words []string) signs {
	s := signs{negated: negatedChinese(normalized)}
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
	case "not", "no", "never", "cannot", "cant", "dont", "doesnt", "didnt", "isnt", "arent", "wasnt", "wont", "havent", "hasnt", "couldnt",
		"without", "unable":
		return true
	default:
		return false
	}
}

// harmless are words with a negating character that negate nothing.
func harmless() []string {
	return []string{"不好意思", "对不起", "不错", "差不多", "不同", "不限", "不过", "不仅", "不但", "不管", "没关系", "未来"}
}

// negatedChinese finds 不, 没 and 未, but not in the question form A不A (能不能, 有没有) and in harmless words.
func negatedChinese(text string) bool {
	if !strings.ContainsAny(text, "不没未") {
		return false
	}
	for _, word := range harmless() {
		text = strings.ReplaceAll(text, word, " ")
	}
	runes := []rune(text)
	for i, r := range runes {
		if r != '不' && r != '没' && r != '未' {
			continue
		}
		if i == 0 || i+1 == len(runes) || runes[i-1] != runes[i+1] {
			return true
		}
	}
	return false
}

// numbersDiffer tells whether both name numbers and each has one that the other lacks. A number on one side only, such as
// an order number in the question, is no contradiction.
func numbersDiffer(a, b signs) bool {
	return lacks(a.numbers, b.numbers) && lacks(b.numbers, a.numbers)
}

func lacks(in, from []string) bool {
	return slices.ContainsFunc(from, func(n string) bool { return !slices.Contains(in, n) })
}
