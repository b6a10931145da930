package document

import "strings"

// inline gathers the text of one paragraph, as Markdown and plain.
type inline struct {
	md, plain    strings.Builder
	space, begun bool
	bold, italic bool // what the text at the end of md stands in
}

// text adds text in this style. White space in a row counts as one space, as in HTML.
func (in *inline) text(s string, bold, italic bool) {
	for i, word := range strings.Fields(s) {
		if i > 0 || in.space || startsBlank(s) {
			in.blank()
		}
		in.style(bold, italic)
		in.gap()
		in.md.WriteString(escaped(word))
		in.plain.WriteString(word)
		in.begun = true
	}
	if endsBlank(s) {
		in.space = true
	}
}

func startsBlank(s string) bool { return s != "" && strings.TrimLeft(s[:1], " \t\r\n") == "" }
func endsBlank(s string) bool   { return s != "" && strings.TrimRight(s[len(s)-1:], " \t\r\n") == "" }

func (in *inline) blank() { in.space = true }

// gap writes the space that stands before a word.
func (in *inline) gap() {
	if in.space && in.begun {
		in.md.WriteByte(' ')
		in.plain.WriteByte(' ')
	}
	in.space = false
}

// style closes and opens the marks of bold and italic; a space stays outside of them.
func (in *inline) style(bold, italic bool) {
	if in.bold == bold && in.italic == italic {
		return
	}
	in.close()
	in.gap()
	if bold {
		in.md.WriteString("**")
	}
	if italic {
		in.md.WriteString("*")
	}
	in.bold, in.italic = bold, italic
}

func (in *inline) close() {
	if in.italic {
		in.md.WriteString("*")
	}
	if in.bold {
		in.md.WriteString("**")
	}
	in.bold, in.italic = false, false
}

// raw adds Markdown as it is, such as a link.
func (in *inline) raw(md, plain string) {
	in.close()
	in.gap()
	in.md.WriteString(md)
	in.plain.WriteString(plain)
	in.begun = in.begun || md != ""
}

// line breaks the line.
func (in *inline) line() {
	if in.begun {
		in.raw("  \n", " ")
		in.begun, in.space = false, false
	}
}

// take gives what was gathered and begins anew.
func (in *inline) take() (md, text string) {
	in.close()
	md, text = strings.TrimSpace(in.md.String()), plain(in.plain.String())
	*in = inline{}
	return md, text
}
