package mail

import (
	"slices"
	"strings"
)

// line is a line of a mail's text: of plain text, or what a browser would show as one.
type line struct {
	text   string
	quoted bool // it is marked as history: by ">", or it stands in a quoting element
}

func (l line) blank() bool { return strings.TrimSpace(strings.Trim(l.text, "> \t\u00a0\u200b")) == "" }

// span is a stretch of lines, from the first up to and without the last.
type span struct{ from, to int }

func (s span) has(i int) bool { return i >= s.from && i < s.to }

// folding says which lines are folded.
type folding struct{ quoted, signature span }

// textLines are the lines of a plain text.
func textLines(s string) []line {
	var lines []line
	for text := range strings.SplitSeq(s, "\n") {
		trimmed := strings.TrimLeft(text, " \t\u00a0")
		lines = append(lines, line{text: text, quoted: strings.HasPrefix(trimmed, ">") && !strings.HasPrefix(trimmed, ">From ")})
	}
	return lines
}

// foldLines finds the history and the signature in a text.
//
//   - All behind a mark such as "-----Original Message-----" is history.
//   - History by ">" at the end (the answer is on top) or at the beginning (the answer is below) is folded.
//   - Answers between the lines of what they answer are left as they stand, with those lines; only history behind the
//     last answer is folded.
//   - Where nothing of the writer's own would be left, nothing is folded: they forward, or answer within what looks like
//     history.
func foldLines(lines []line) folding {
	end := len(lines)
	start := end
	for i := range min(len(lines), maxMarked) {
		if n, certain, forwarded := mark(lines, i); n > 0 && certain {
			if start = i; forwarded && blankTo(lines, i) {
				start = end
			}
			break
		}
	}
	start = backOverBlank(lines, start)
	if blankTo(lines, start) || pointsBelow(lines[:start]) && start < end {
		return folding{signature: signatureOf(lines, end)}
	}
	sig := signatureOf(lines, start)
	own := start
	if sig.to > sig.from {
		own = sig.from
	}
	quoted := quotedBlocks(lines[:own], span{start, end})
	if sig.to == sig.from && quoted.to == end && quoted.from < own {
		sig = signatureOf(lines, quoted.from)
	}
	return folding{quoted: quoted, signature: sig}
}

// blankTo tells whether no line before i says anything.
func blankTo(lines []line, i int) bool { return nextLine(lines[:i], 0) < 0 }

// backOverBlank goes back over blank lines.
func backOverBlank(lines []line, i int) int {
	for i > 0 && i < len(lines) && lines[i-1].blank() && !lines[i-1].quoted {
		i--
	}
	return i
}

// quotedBlocks finds the history by ">" in the lines before a certain mark, and joins it with what is behind the mark.
func quotedBlocks(lines []line, tail span) span {
	if !slices.ContainsFunc(lines, func(l line) bool { return l.quoted }) {
		return tail
	}
	var blocks []span // of history; an attribution belongs to the block behind it
	for i := 0; i < len(lines); i++ {
		from := i
		if n, certain := soft(lines, i); n > 0 && !certain {
			i = nextLine(lines, i+n)
		}
		if i < 0 || !lines[i].quoted {
			i = max(i, from)
			continue
		}
		for i+1 < len(lines) && (lines[i+1].quoted || lines[i+1].blank() && continuesQuote(lines, i+1)) {
			i++
		}
		blocks = append(blocks, span{from, i + 1})
	}
	if len(blocks) == 0 {
		return tail
	}
	last := blocks[len(blocks)-1]
	atEnd := nextLine(lines, last.to) < 0
	switch {
	case len(blocks) == 1 && blankTo(lines, last.from) && atEnd:
		return tail
	case atEnd && tail.from == tail.to:
		return span{backOverBlank(lines, last.from), len(lines)}
	case atEnd:
		return span{backOverBlank(lines, last.from), tail.to}
	case len(blocks) == 1 && blankTo(lines, last.from) && tail.from == tail.to:
		return span{0, last.to}
	}
	return tail
}

// soft is mark for the lines before a certain one.
func soft(lines []line, i int) (span int, certain bool) {
	if i >= maxMarked {
		return 0, false
	}
	span, certain, _ = mark(lines, i)
	return span, certain
}

// continuesQuote tells whether history goes on behind blank lines.
func continuesQuote(lines []line, i int) bool {
	next := nextLine(lines, i)
	return next >= 0 && lines[next].quoted
}

// hints are what people write who answer within the history.
var hints = []string{"见下", "如下", "见红字", "红字", "标红", "见蓝", "蓝字", "在下面", "见正文", "邮件中回复", "文中回复", "见批注", "見下", "inline", "below", "in red", "in blue", "see comments", "between the lines"}

// pointsBelow tells whether all that the writer says is that their answers stand in the history.
func pointsBelow(lines []line) bool {
	text := strings.ToLower(strings.TrimSpace(joinLines(lines, span{0, len(lines)}, nil)))
	if len(text) > 120 || strings.Count(text, "\n") > 3 {
		return false
	}
	for _, hint := range hints {
		if strings.Contains(text, hint) {
			return true
		}
	}
	return false
}

// joinLines is the text of the lines in a stretch, without those that skip says, and without blank lines around it.
func joinLines(lines []line, s span, skip func(i int) bool) string {
	var out strings.Builder
	blank := 0
	for i := s.from; i < s.to && i < len(lines); i++ {
		if skip != nil && skip(i) {
			continue
		}
		text := strings.TrimRight(lines[i].text, " \t\u00a0")
		if text == "" {
			blank++
			continue
		}
		if out.Len() > 0 {
			out.WriteString(strings.Repeat("\n", min(blank, 1)+1))
		}
		blank = 0
		out.WriteString(text)
	}
	return out.String()
}

// folded is a text cut in what its writer said, and what is folded.
type folded struct{ text, quoted, signature string }

// cutLines cuts a text by what is folded.
func cutLines(lines []line, f folding) folded {
	all := span{0, len(lines)}
	return folded{
		text:      joinLines(lines, all, func(i int) bool { return f.quoted.has(i) || f.signature.has(i) }),
		quoted:    joinLines(lines, f.quoted, nil),
		signature: joinLines(lines, f.signature, nil),
	}
}

// foldText folds a plain text.
func foldText(s string) folded {
	lines := textLines(s)
	return cutLines(lines, foldLines(lines))
}
