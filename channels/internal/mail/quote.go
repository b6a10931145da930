package mail

import "strings"

// folded is a text cut in what its writer said, and what is folded.
type folded struct{ text, quoted, signature string }

// foldText finds the quoted history in a plain text. An answer written between the lines of what it answers is left as
// it stands: folding would take away what it speaks of.
func foldText(s string) folded {
	lines := strings.Split(s, "\n")
	for i := range lines {
		if !startsQuote(lines, i) {
			continue
		}
		return folded{text: strings.TrimSpace(strings.Join(lines[:i], "\n")), quoted: strings.TrimSpace(strings.Join(lines[i:], "\n"))}
	}
	return folded{text: strings.TrimSpace(s)}
}

// startsQuote tells whether the history begins at a line.
func startsQuote(lines []string, i int) bool {
	line := strings.TrimSpace(lines[i])
	return strings.HasPrefix(line, "-----Original Message-----") || strings.HasPrefix(line, "----- 原始邮件 -----") ||
		strings.HasPrefix(line, ">") && i+1 == len(lines)
}
