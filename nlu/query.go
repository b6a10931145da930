package nlu

import "strings"

// afterNihao are characters before which 你好 is no greeting but "you are so" (你好贵).
const afterNihao = "贵慢烂差笨傻蠢坏烦坑厉聪可漂美帅棒假黑"

// queryOf cuts greeting and politeness off both ends of a normalised text. A text of nothing but
// small talk stays whole.
func queryOf(normalized string, pieces []piece) string {
	if kind, _ := smallTalk(pieces); kind != IntentNone {
		return normalized
	}
	first, last := 0, len(pieces)
	for end := leading(pieces); end > 0; end = leading(pieces[first:]) {
		first += end
	}
	for start := trailing(pieces[first:last]); start > 0; start = trailing(pieces[first:last]) {
		last = first + start
	}
	if first >= last {
		return normalized
	}
	end := len(normalized)
	if last < len(pieces) {
		end = pieces[last].start
	}
	return strings.Trim(normalized[pieces[first].start:end], " ,.;!~:")
}

// leading counts the pieces of the longest greeting or lead-in at the start, if anything follows it.
func leading(pieces []piece) int {
	longest := 0
	if len(pieces) == 0 {
		return 0
	}
	phraseBook().at(pieces, false, func(e entry[Intent]) {
		end := len(e.words)
		called := e.role == padding && end < len(pieces) && pieces[end].clause != pieces[0].clause // 亲，…
		polite := e.role == leadIn || e.role == IntentGreeting || called
		if polite && end > longest && end < len(pieces) && !startsWord(pieces, end, e.phrase) {
			longest = end
		}
	})
	return longest
}

// startsWord tells whether a greeting is only the beginning of something else.
func startsWord(pieces []piece, end int, phrase string) bool {
	next := pieces[end]
	sameClause := next.clause == pieces[end-1].clause
	switch phrase {
	case "你好", "您好":
		return sameClause && strings.Contains(afterNihao, next.text)
	case "早", "喂", "嘿", "yo", "morning", "evening", "afternoon", "question", "sup", "在线吗":
		return sameClause
	default:
		return false
	}
}

// trailing gives where a thanks or please at the end begins, 0 when there is none or nothing stands before it.
func trailing(pieces []piece) int {
	for start := max(1, len(pieces)-maxPhrase); start < len(pieces); start++ {
		polite := false
		phraseBook().at(pieces[start:], false, func(e entry[Intent]) {
			whole := len(e.words) == len(pieces)-start
			polite = polite || whole && (e.role == IntentThanks || e.role == padding && strings.HasPrefix(e.phrase, "pl"))
		})
		if polite {
			return start
		}
	}
	return 0
}
