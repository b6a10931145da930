package mail

import (
	"strconv"
	"strings"

	"golang.org/x/net/html/atom"
)

// blocks are elements that stand in lines of their own.
var blocks = map[atom.Atom]bool{
	atom.Address: true, atom.Article: true, atom.Blockquote: true, atom.Center: true, atom.Dd: true, atom.Div: true, atom.Dl: true, atom.Dt: true, atom.Figcaption: true, atom.Figure: true,
	atom.Footer: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true, atom.Header: true, atom.Hr: true, atom.Li: true, atom.Main: true,
	atom.Ol: true, atom.P: true, atom.Pre: true, atom.Section: true, atom.Table: true, atom.Tr: true, atom.Ul: true, atom.Caption: true,
}

// reader writes a tree as the lines that a person would see, and notes at each leaf in which it stands.
type reader struct {
	lines  []line
	text   strings.Builder
	spaced bool // the line ends with a space that is not written yet
	used   bool // something stands in the line
	quoted int  // quoting elements around
	pre    int
	unseen int           // elements around that a person would not see
	items  map[*node]int // of numbered lists, so far
}

// domLines are the lines of a tree.
func domLines(root *node) []line {
	r := &reader{items: map[*node]int{}}
	r.walk(root)
	r.feed()
	return r.lines
}

// feed ends the line.
func (r *reader) feed() {
	r.lines = append(r.lines, line{text: r.text.String(), quoted: r.quoted > 0 || strings.HasPrefix(r.text.String(), ">")})
	r.text.Reset()
	r.spaced, r.used = false, false
}

// fresh ends the line when something stands in it.
func (r *reader) fresh() {
	if r.used {
		r.feed()
	}
}

func (r *reader) walk(n *node) {
	if n.tag == 0 {
		n.line = len(r.lines)
		r.write(n.text)
		return
	}
	block := blocks[n.tag]
	if block {
		r.fresh()
	}
	unseen, quoting := concealed(n), quotes(n)
	r.enter(n, unseen, quoting)
	n.line = len(r.lines)
	r.mark(n)
	for _, child := range n.children {
		r.walk(child)
	}
	if block {
		r.fresh()
		if n.tag == atom.P && len(r.lines) > 0 && !r.lines[len(r.lines)-1].blank() {
			r.feed()
		}
	}
	r.leave(n, unseen, quoting)
}

func (r *reader) enter(n *node, unseen, quoting bool) {
	if unseen {
		r.unseen++
	}
	if quoting {
		r.quoted++
	}
	if n.tag == atom.Pre {
		r.pre++
	}
}

func (r *reader) leave(n *node, unseen, quoting bool) {
	if unseen {
		r.unseen--
	}
	if quoting {
		r.quoted--
	}
	if n.tag == atom.Pre {
		r.pre--
	}
}

// mark writes what an element itself shows.
func (r *reader) mark(n *node) {
	switch n.tag {
	case atom.Br:
		r.feed()
	case atom.Hr:
		r.feed()
	case atom.Li:
		r.write(r.bullet(n))
	case atom.Td, atom.Th:
		if r.used {
			r.text.WriteString("\t")
			r.spaced = false
		}
	case atom.Img:
		r.used = r.used || n.attr("src") != ""
	}
}

// bullet is what stands before an item of a list.
func (r *reader) bullet(n *node) string {
	if n.parent == nil || n.parent.tag != atom.Ol {
		return "- "
	}
	r.items[n.parent]++
	return strconv.Itoa(r.items[n.parent]) + ". "
}

// write adds text to the line, with spaces as a browser shows them.
func (r *reader) write(s string) {
	if r.unseen > 0 {
		return
	}
	if r.pre > 0 {
		for i, text := range strings.Split(tidyText(s), "\n") {
			if i > 0 {
				r.feed()
			}
			r.text.WriteString(text)
			r.used = r.used || text != ""
		}
		return
	}
	for _, c := range tidyText(s) {
		switch c {
		case ' ', '\n', '\t', '\f':
			r.spaced = r.used
			continue
		case '\u200b', '\u200c', '\u200d', '\u00ad', '\u034f', '\ufeff', '\u2060':
			continue // fill preview lines; joined emoji lose nothing that a reader of text would miss
		}
		if r.spaced {
			r.text.WriteByte(' ')
			r.spaced = false
		}
		if c == '\u00a0' {
			c = ' '
		}
		r.text.WriteRune(c)
		r.used = true
	}
}

// quotes tells whether an element marks what it holds as history.
func quotes(n *node) bool {
	if n.tag != atom.Blockquote {
		return false
	}
	if strings.EqualFold(n.attr("type"), "cite") || n.attr("cite") != "" {
		return true
	}
	id, class := strings.ToLower(n.attr("id")), strings.ToLower(n.attr("class"))
	for _, word := range []string{"gmail_quote", "isreplycontent", "protonmail_quote", "zmail_extra", "ntes", "cite", "history", "iosymail", "yahoo_quoted", "tutanota_quote", "reply"} {
		if strings.Contains(class, word) || strings.Contains(id, word) {
			return true
		}
	}
	style := strings.ToLower(strings.ReplaceAll(n.attr("style"), " ", ""))
	return strings.Contains(style, "border-left")
}

// concealed tells whether an element hides what it holds from a person's eye. Bots shall not read what people cannot.
func concealed(n *node) bool {
	for _, a := range n.attrs {
		if a.Key == "hidden" {
			return true
		}
		if a.Key != "style" {
			continue
		}
		style := strings.ToLower(strings.Join(strings.Fields(a.Val), ""))
		for _, word := range []string{"display:none", "visibility:hidden", "mso-hide:all", "font-size:0;", "font-size:0px", "max-height:0;", "max-height:0px", "opacity:0;"} {
			if strings.Contains(style+";", word) {
				return true
			}
		}
	}
	return false
}
