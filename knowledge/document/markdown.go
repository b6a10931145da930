package document

import (
	"regexp"
	"strings"
)

// Front divides a Markdown file into what stands between its first two lines of "---" and the text below.
func Front(text string) (front, body string) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	rest, ok := strings.CutPrefix(text, "---\n")
	if !ok {
		return "", text
	}
	if strings.HasPrefix(rest, "---\n") {
		return "", rest[4:]
	}
	front, body, ok = strings.Cut(rest, "\n---\n")
	if !ok {
		if front, ok = strings.CutSuffix(rest, "\n---"); !ok {
			return "", text
		}
		body = ""
	}
	return front, body
}

// Markdown takes a text apart at its headings; the text below them stays as it is written.
func Markdown(text string, level int) []Section {
	var blocks []block
	var body []string
	flush := func() {
		if s := strings.Trim(strings.Join(body, "\n"), "\n"); s != "" {
			blocks = append(blocks, block{text: s})
		}
		body = nil
	}
	fence := ""
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		if mark := fenceOf(line); mark != "" && (fence == "" || strings.HasPrefix(mark, fence) && strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(line), mark[:1])) == "") {
			if fence == "" {
				fence = mark
			} else {
				fence = ""
			}
		}
		depth, title := 0, ""
		if fence == "" {
			depth, title = headingOf(line)
			if depth == 0 && i+1 < len(lines) {
				depth, title = underlined(line, lines[i+1])
				if depth > 0 && depth <= level {
					i++
				}
			}
		}
		if depth == 0 || depth > level {
			body = append(body, line)
			continue
		}
		flush()
		blocks = append(blocks, block{kind: heading, level: depth, text: title})
	}
	flush()
	sections := divide(blocks, level)
	for i := range sections {
		sections[i].Pictures = picturesIn(sections[i].Text)
	}
	return sections
}

func fenceOf(line string) string {
	line = strings.TrimLeft(line, " ")
	for _, c := range []string{"`", "~"} {
		if n := len(line) - len(strings.TrimLeft(line, c)); n >= 3 {
			return strings.Repeat(c, n)
		}
	}
	return ""
}

// headingOf reads "## Title ##".
func headingOf(line string) (int, string) {
	trimmed := strings.TrimLeft(line, " ")
	if len(line)-len(trimmed) > 3 {
		return 0, ""
	}
	title := strings.TrimLeft(trimmed, "#")
	depth := len(trimmed) - len(title)
	if depth == 0 || depth > 6 || title != "" && title[0] != ' ' && title[0] != '\t' {
		return 0, ""
	}
	title = strings.TrimSpace(title)
	if cut := strings.TrimRight(title, "#"); cut == "" || strings.HasSuffix(cut, " ") {
		title = cut
	}
	return depth, headingText(title)
}

// underlined reads a title with "===" or "---" below it.
func underlined(line, next string) (int, string) {
	next = strings.TrimRight(next, " ")
	title := strings.TrimSpace(line)
	if title == "" || len(next) < 2 || strings.ContainsAny(title[:1], "-*+>|#0123456789") {
		return 0, ""
	}
	if strings.Trim(next, "=") == "" {
		return 1, headingText(title)
	}
	if strings.Trim(next, "-") == "" {
		return 2, headingText(title)
	}
	return 0, ""
}

var marks = regexp.MustCompile("\\\\([\\\\`*_\\[\\]<>#+.!()~|-])|[*`]+|!?\\[([^\\]]*)\\]\\([^)]*\\)")

// headingText takes the marks out of a heading.
func headingText(title string) string {
	return plain(marks.ReplaceAllString(title, "$1$2"))
}

var pictureMark = regexp.MustCompile(`!\[[^\]]*\]\(\s*<?([^)\s>]+)`)

func picturesIn(text string) []string {
	var list []string
	for _, m := range pictureMark.FindAllStringSubmatch(text, -1) {
		list = append(list, m[1])
	}
	return list
}
