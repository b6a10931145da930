package hub

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"huiyin/conversation"
)

// choiceRate is the value of a button that rates, followed by the score.
const choiceRate = "rate:"

// mark is a customer's rating as they wrote it.
type mark struct {
	score   int // 1 to 5
	comment string
}

const (
	goodOfTwo, badOfTwo = 5, 1
	maxSpokenComment    = 200 // characters; more than that is a matter of its own
)

// readMark takes a text for an answer to "how was it?", when it is one: a digit, a word of praise or blame, with or without
// a comment behind it. What asks something is none, so that a question is never swallowed.
func readMark(text, choice string, scale conversation.Scale) (mark, bool) {
	if score, ok := strings.CutPrefix(choice, choiceRate); ok {
		return fromDigit(score, conversation.ScaleFive)
	}
	if choice != "" {
		return mark{}, false
	}
	line := strings.TrimSpace(narrow(text))
	if head, rest, ok := cutDigit(line); ok {
		m, known := fromDigit(head, scale)
		return m.with(rest, known)
	}
	for _, w := range markWords {
		if rest, ok := cutFold(line, w.text); ok {
			return mark{score: w.score(scale)}.with(rest, w.score(scale) != 0)
		}
	}
	return mark{}, false
}

func fromDigit(digit string, scale conversation.Scale) (mark, bool) {
	if len(digit) != 1 || digit[0] < '1' || digit[0] > '5' {
		return mark{}, false
	}
	n := int(digit[0] - '0')
	if scale != conversation.ScaleTwo {
		return mark{score: n}, true
	}
	switch n {
	case 1:
		return mark{score: goodOfTwo}, true
	case 2:
		return mark{score: badOfTwo}, true
	default:
		return mark{}, false
	}
}

// with adds what stands behind the mark as its comment.
func (m mark) with(rest string, known bool) (mark, bool) {
	if !known {
		return mark{}, false
	}
	comment := strings.TrimFunc(rest, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsSymbol(r) })
	first, _ := utf8.DecodeRuneInString(rest)
	switch {
	case strings.ContainsAny(rest, "?？"):
		return mark{}, false
	case comment == "":
		return m, true
	case !unicode.IsSpace(first) && !unicode.IsPunct(first) && !unicode.IsSymbol(first):
		return mark{}, false // "5号订单", "好评返现"
	case asks(comment) || utf8.RuneCountInString(comment) > maxSpokenComment:
		return mark{}, false
	}
	m.comment = comment
	return m, true
}

// asks tells whether a text wants to know something, or counts things ("2 个包裹没到").
func asks(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	if strings.ContainsRune("个件月号天块元次单条只台张人年日点楼", first) {
		return true
	}
	lower := strings.ToLower(text)
	return slices.ContainsFunc(askingWords[:], func(w string) bool { return strings.Contains(lower, w) })
}

var askingWords = [...]string{"吗", "呢", "怎么", "什么", "如何", "多少", "哪", "几时", "请问", "转人工", "how ", "what ", "when ", "where ", "why ", "who ", "can you", "could you", "please", "agent"}

// cutDigit takes a leading digit, and the unit behind it, off a text.
func cutDigit(line string) (digit, rest string, ok bool) {
	first, size := utf8.DecodeRuneInString(line)
	rest = line[size:]
	spelled := strings.IndexRune("一二三四五", first)
	switch {
	case first >= '0' && first <= '9':
		digit = string(first)
	case spelled >= 0:
		digit = string("12345"[utf8.RuneCountInString("一二三四五"[:spelled])])
	default:
		return "", "", false
	}
	for _, unit := range [...]string{"分", "星", "/5", " stars", " star", " points"} {
		if after, found := cutFold(rest, unit); found {
			return digit, " " + after, true
		}
	}
	return digit, rest, spelled < 0 || rest == ""
}

func cutFold(line, prefix string) (rest string, ok bool) {
	if len(line) < len(prefix) || !strings.EqualFold(line[:len(prefix)], prefix) {
		return "", false
	}
	return line[len(prefix):], true
}

// narrow writes full-width digits and letters (５) as their narrow forms.
func narrow(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' && r != '？' && r != '，' {
			return r - '！' + '!'
		}
		return r
	}, text)
}

// markWord is praise or blame in words: what it is of five, and of two.
type markWord struct {
	text      string
	five, two int
}

func (w markWord) score(scale conversation.Scale) int {
	if scale == conversation.ScaleTwo {
		return w.two
	}
	return w.five
}

// markWords begin with the longer ones, so that 不满意 is not taken for what it begins like.
var markWords = [...]markWord{
	{"非常不满意", 1, 1}, {"十分不满意", 1, 1}, {"很不满意", 1, 1}, {"太差了", 1, 1}, {"太差", 1, 1}, {"很差", 1, 1}, {"差评", 1, 1},
	{"不满意", 2, 1}, {"不太满意", 2, 1}, {"不好", 2, 1},
	{"非常满意", 5, 5}, {"十分满意", 5, 5}, {"很满意", 5, 5}, {"特别满意", 5, 5}, {"五星好评", 5, 5}, {"好评", 5, 5},
	{"比较满意", 4, 5}, {"满意", 4, 5}, {"一般般", 3, 0}, {"一般", 3, 0},
	{"very dissatisfied", 1, 1}, {"very unsatisfied", 1, 1}, {"very bad", 1, 1}, {"terrible", 1, 1}, {"awful", 1, 1}, {"very poor", 1, 1},
	{"dissatisfied", 2, 1}, {"unsatisfied", 2, 1}, {"not satisfied", 2, 1}, {"not good", 2, 1}, {"bad", 2, 1}, {"poor", 2, 1},
	{"very satisfied", 5, 5}, {"very good", 5, 5}, {"excellent", 5, 5}, {"great", 5, 5}, {"perfect", 5, 5},
	{"satisfied", 4, 5}, {"good", 4, 5}, {"average", 3, 0}, {"👍", 5, 5}, {"👎", 1, 1},
}
