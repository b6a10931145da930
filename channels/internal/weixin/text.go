package weixin

import (
	"strings"
	"unicode/utf8"
)

// Clean keeps of a text what JSON writes without escapes, which the provider refuses or shows as they are: line
// separators become line ends, other control characters go.
func Clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\u2028' || r == '\u2029':
			return '\n'
		case r < ' ' || r == 0x7f || r == utf8.RuneError:
			return -1
		}
		return r
	}, text)
}

// Split cuts a text into parts of at most so many bytes, never inside a character, and where it can between
// paragraphs, lines, sentences or words, in that order.
func Split(text string, most int) []string { return SplitAround(text, most, nil) }

// SplitAround is Split that cuts through none of the spans that unbroken finds in a text, such as its links, unless one
// is longer than a part.
func SplitAround(text string, most int, unbroken func(text string) [][]int) []string {
	var parts []string
	text = strings.TrimSpace(text)
	for len(text) > most {
		at := cut(text, most)
		if unbroken != nil {
			at = before(at, unbroken(text))
		}
		if part := strings.TrimSpace(text[:at]); part != "" {
			parts = append(parts, part)
		}
		text = strings.TrimSpace(text[at:])
	}
	if text != "" {
		parts = append(parts, text)
	}
	return parts
}

// before is the place, or the beginning of the span that it is in.
func before(at int, spans [][]int) int {
	for _, span := range spans {
		if 0 < span[0] && span[0] < at && at < span[1] {
			return span[0]
		}
	}
	return at
}

// cuts are where a text may be cut, the best first; each is cut behind.
func cuts() [][]string {
	return [][]string{{"\n\n"}, {"\n"}, {"。", "！", "？", ". ", "! ", "? ", "；"}, {"，", "、", ", ", " "}}
}

// cut is the place to cut at; one in the first half of the text is only taken when there is no other.
func cut(text string, most int) int {
	head := text[:whole(text, most)]
	for _, marks := range cuts() {
		best := 0
		for _, mark := range marks {
			if i := strings.LastIndex(head, mark); i >= 0 {
				best = max(best, i+len(mark))
			}
		}
		if best > len(head)/2 {
			return best
		}
	}
	return len(head)
}

// whole is the end of the last whole character within the limit, at least that of one character.
func whole(text string, most int) int {
	end := min(most, len(text))
	for end > 0 && end < len(text) && !utf8.RuneStart(text[end]) {
		end--
	}
	if end == 0 {
		_, end = utf8.DecodeRuneInString(text)
	}
	return end
}

// Cut keeps the beginning of a text, at most so many bytes, with an ellipsis when something is left off.
func Cut(text string, most int) string {
	const more = "…"
	if len(text) <= most || most <= len(more) {
		return text[:whole(text, most)]
	}
	return text[:whole(text, most-len(more))] + more
}
