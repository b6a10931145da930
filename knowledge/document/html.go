package document

import (
	"fmt"
	"io"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"huiyin/knowledge/unpack"
)

// maxDepth is how deep elements are followed into each other.
const maxDepth = 400

// HTML takes a page apart, given as UTF-8. Scripts, styles, forms, what is embedded and what is hidden are left out.
func HTML(page io.Reader, level int) ([]Section, error) {
	root, err := html.Parse(page)
	if err != nil {
		return nil, &unpack.Refused{Code: "broken", Message: "the page cannot be read: " + err.Error()}
	}
	w := &htmlWalk{}
	w.walk(root, style{})
	w.flush(style{})
	return divide(w.blocks, level), nil
}

// style is what a text stands in.
type style struct {
	depth        int
	bold, italic bool
	list         int // how many lists it stands in
	ordered      bool
	inItem       bool
	quote        bool
}

type htmlWalk struct {
	blocks []block
	inline inline
	marked bool // the item under way has its mark
}

// flush ends a paragraph.
func (w *htmlWalk) flush(s style) {
	md, _ := w.inline.take()
	if md == "" {
		return
	}
	b := block{text: escapedStart(md)}
	switch {
	case s.inItem && s.list > 0 && !w.marked:
		b.kind, b.level, b.ordered = item, s.list-1, s.ordered
		w.marked = true
	case s.inItem && s.list > 0 && len(w.blocks) > 0 && w.blocks[len(w.blocks)-1].kind == item:
		w.blocks[len(w.blocks)-1].text += "\n\n" + b.text
		return
	case s.quote:
		b.kind = quote
	}
	w.blocks = append(w.blocks, b)
}

func (w *htmlWalk) walk(n *html.Node, s style) {
	if s.depth++; s.depth > maxDepth {
		return
	}
	switch n.Type {
	case html.TextNode:
		w.inline.text(n.Data, s.bold, s.italic)
	case html.ElementNode:
		w.element(n, s)
	case html.DocumentNode:
		w.children(n, s)
	}
}

func (w *htmlWalk) children(n *html.Node, s style) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.walk(c, s)
	}
}

func (w *htmlWalk) element(n *html.Node, s style) {
	if unseen(n) {
		return
	}
	switch n.DataAtom {
	case atom.B, atom.Strong:
		s.bold = true
		w.children(n, s)
	case atom.I, atom.Em:
		s.italic = true
		w.children(n, s)
	case atom.Br:
		w.inline.line()
	case atom.A:
		var inner inline
		inner.text(textOf(n, s.depth), false, false)
		md, text := inner.take()
		w.inline.space = w.inline.space || startsBlank(textOf(n, s.depth))
		w.inline.raw(link(md, attr(n, "href")), text)
		w.pictures(n, s.depth)
	case atom.Code, atom.Kbd, atom.Samp:
		if text := plain(textOf(n, s.depth)); text != "" && !strings.Contains(text, "`") {
			w.inline.raw("`"+text+"`", text)
		} else {
			w.inline.text(text, s.bold, s.italic)
		}
	case atom.Img:
		w.pictures(n, s.depth)
	default:
		w.block(n, s)
	}
}

func (w *htmlWalk) block(n *html.Node, s style) {
	if !isBlock(n.DataAtom) {
		w.children(n, s)
		return
	}
	w.flush(s)
	inner := s
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		w.children(n, style{depth: s.depth})
		_, text := w.inline.take()
		w.blocks = append(w.blocks, block{kind: heading, level: int(n.Data[1] - '0'), text: text})
		return
	case atom.Ul, atom.Ol:
		inner.list, inner.ordered = s.list+1, n.DataAtom == atom.Ol
	case atom.Li:
		inner.inItem, inner.list, w.marked = true, max(s.list, 1), false
	case atom.Blockquote:
		inner.quote = true
	case atom.Pre:
		if text := strings.Trim(textOf(n, s.depth), "\n"); strings.TrimSpace(text) != "" {
			w.blocks = append(w.blocks, block{kind: code, text: text})
		}
		return
	case atom.Table:
		rows, headed := tableOf(n, s.depth)
		w.blocks = append(w.blocks, flattened(rows, headed)...)
		w.pictures(n, s.depth)
		return
	}
	w.children(n, inner)
	w.flush(inner)
}

// pictures notes the pictures in an element, itself included.
func (w *htmlWalk) pictures(n *html.Node, depth int) {
	if depth > maxDepth {
		return
	}
	if n.DataAtom == atom.Img {
		if at := attr(n, "src"); at != "" {
			if scheme, _, ok := strings.Cut(at, ":"); ok && strings.EqualFold(scheme, "data") {
				at = fmt.Sprintf("embedded picture %d", len(w.blocks)+1)
			}
			w.blocks = append(w.blocks, block{kind: picture, picture: plain(at)})
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.pictures(c, depth+1)
	}
}

// tableOf reads the cells of a table, and whether its first row is a heading.
func tableOf(n *html.Node, depth int) (rows [][]string, headed bool) {
	var visit func(*html.Node, int)
	visit = func(n *html.Node, depth int) {
		for c := n.FirstChild; c != nil && depth < maxDepth; c = c.NextSibling {
			if c.DataAtom != atom.Tr {
				visit(c, depth+1)
				continue
			}
			var row []string
			heads := 0
			for cell := c.FirstChild; cell != nil; cell = cell.NextSibling {
				if cell.DataAtom == atom.Td || cell.DataAtom == atom.Th {
					row = append(row, escaped(plain(textOf(cell, depth))))
				}
				if cell.DataAtom == atom.Th {
					heads++
				}
			}
			headed = headed || len(rows) == 0 && heads > 0 && heads == len(row)
			rows = append(rows, row)
		}
	}
	visit(n, depth)
	return rows, headed
}

// textOf is all text in an element.
func textOf(n *html.Node, depth int) string {
	var out strings.Builder
	var visit func(*html.Node, int)
	visit = func(n *html.Node, depth int) {
		for c := n.FirstChild; c != nil && depth < maxDepth; c = c.NextSibling {
			switch {
			case c.Type == html.TextNode:
				out.WriteString(c.Data)
			case c.DataAtom == atom.Br:
				out.WriteString("\n")
			case c.Type == html.ElementNode && !unseen(c):
				visit(c, depth+1)
				if isBlock(c.DataAtom) {
					out.WriteString("\n")
				}
			}
		}
	}
	visit(n, depth)
	return out.String()
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// unseen tells what a reader of the page does not see, or does not read.
func unseen(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Iframe, atom.Object, atom.Embed, atom.Svg, atom.Math, atom.Head, atom.Nav,
		atom.Footer, atom.Button, atom.Input, atom.Select, atom.Textarea, atom.Audio, atom.Video, atom.Canvas, atom.Applet:
		return true
	}
	for _, a := range n.Attr {
		if a.Key == "hidden" || a.Key == "style" && strings.Contains(strings.ReplaceAll(strings.ToLower(a.Val), " ", ""), "display:none") {
			return true
		}
	}
	return false
}

func isBlock(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Div, atom.Section, atom.Article, atom.Main, atom.Header, atom.Aside, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul,
		atom.Ol, atom.Li, atom.Dl, atom.Dt, atom.Dd, atom.Blockquote, atom.Pre, atom.Table, atom.Hr, atom.Figure, atom.Figcaption, atom.Details,
		atom.Summary, atom.Address, atom.Form, atom.Fieldset, atom.Body, atom.Html:
		return true
	}
	return false
}
