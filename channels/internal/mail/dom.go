package mail

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// node is an element or a text of a mail's HTML. The tree is built here and not by html.Parse: its cost is bound by the
// length of the input, where the standard's repair of misnested formatting may multiply it.
type node struct {
	tag      atom.Atom // 0: text
	text     string
	attrs    []html.Attribute
	parent   *node
	children []*node
	line     int // of a leaf: the line of text that it stands in
}

// What is built of a tree at most.
const (
	maxNodes    = 20_000
	maxElements = 120 // within each other; those deeper are left out, with their text kept
	maxAttrs    = 40  // of an element
)

// raw are elements whose text is no text of the mail: it goes with them.
var raw = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Iframe: true, atom.Noframes: true, atom.Noscript: true, atom.Textarea: true,
	atom.Title: true, atom.Xmp: true, atom.Noembed: true, atom.Plaintext: true,
}

// foreign are elements whose content is another language. It ends with them, or where HTML goes on.
var foreign = map[atom.Atom]bool{atom.Svg: true, atom.Math: true, atom.Template: true}

// kept are the elements that stay. Of any other the tag goes and what it holds stays.
var kept = map[atom.Atom]bool{
	atom.A: true, atom.Abbr: true, atom.Address: true, atom.Article: true, atom.B: true, atom.Big: true, atom.Blockquote: true, atom.Br: true, atom.Caption: true, atom.Center: true,
	atom.Cite: true, atom.Code: true, atom.Col: true, atom.Colgroup: true, atom.Dd: true, atom.Del: true, atom.Div: true, atom.Dl: true, atom.Dt: true, atom.Em: true, atom.Figcaption: true,
	atom.Figure: true, atom.Font: true, atom.Footer: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true, atom.Header: true, atom.Hr: true,
	atom.I: true, atom.Img: true, atom.Ins: true, atom.Kbd: true, atom.Li: true, atom.Main: true, atom.Mark: true, atom.Ol: true, atom.P: true, atom.Pre: true, atom.Q: true, atom.S: true,
	atom.Samp: true, atom.Section: true, atom.Small: true, atom.Span: true, atom.Strike: true, atom.Strong: true, atom.Sub: true, atom.Sup: true, atom.Table: true, atom.Tbody: true,
	atom.Td: true, atom.Tfoot: true, atom.Th: true, atom.Thead: true, atom.Tr: true, atom.Tt: true, atom.U: true, atom.Ul: true, atom.Var: true, atom.Wbr: true,
}

// void are elements without an end.
var void = map[atom.Atom]bool{atom.Br: true, atom.Hr: true, atom.Img: true, atom.Col: true, atom.Wbr: true}

// builder makes a tree of tokens.
type builder struct {
	root, at *node
	depth    int
	nodes    int
	closed   bool // no more nodes are taken
}

// parseHTML builds the tree of a mail's HTML, of which only elements that stay are part.
func parseHTML(s string) (root *node, whole bool) {
	b := &builder{root: &node{tag: atom.Div}}
	b.at = b.root
	z := html.NewTokenizer(strings.NewReader(s))
	skip := skipper{}
	for !b.closed {
		kind := z.Next()
		switch kind {
		case html.ErrorToken:
			return b.root, true
		case html.TextToken:
			if !skip.text() {
				b.text(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			name, more := z.TagName()
			tag := atom.Lookup(name)
			switch {
			case skip.tag(kind, tag):
			case kind == html.EndTagToken:
				b.end(tag)
			case kept[tag] || tag == atom.Body:
				b.start(tag, attributes(z, more))
			}
		}
	}
	return b.root, false
}

// skipper knows what of a mail's HTML is left out.
type skipper struct {
	raw    bool      // the next text is that of a raw element
	within atom.Atom // a foreign element
	depth  int
}

// text tells whether a text is left out.
func (s *skipper) text() bool {
	skip := s.raw || s.within != 0
	s.raw = false
	return skip
}

// tag tells whether a tag is left out.
func (s *skipper) tag(kind html.TokenType, tag atom.Atom) bool {
	s.raw = raw[tag] && kind != html.EndTagToken
	start := kind == html.StartTagToken
	switch {
	case s.within == 0 && foreign[tag] && start:
		s.within, s.depth = tag, 1
		return true
	case s.within == 0:
		return raw[tag] || foreign[tag]
	case tag == s.within && start:
		s.depth++
	case tag == s.within && kind == html.EndTagToken:
		if s.depth--; s.depth == 0 {
			s.within = 0
		}
	case blocks[tag] && start && s.within != atom.Template:
		s.within = 0
		return false
	}
	return true
}

// attributes reads those of a tag; of a name that is there twice the first counts, as in browsers.
func attributes(z *html.Tokenizer, more bool) []html.Attribute {
	var all []html.Attribute
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		if len(all) < maxAttrs {
			all = append(all, html.Attribute{Key: string(key), Val: string(value)})
		}
	}
	return all
}

func (b *builder) add(n *node) {
	if b.nodes++; b.nodes > maxNodes {
		b.closed = true
		return
	}
	n.parent = b.at
	b.at.children = append(b.at.children, n)
}

func (b *builder) text(s string) {
	if s != "" {
		b.add(&node{text: s})
	}
}

// start opens an element, after closing those that it ends by the rules of the language.
func (b *builder) start(tag atom.Atom, attrs []html.Attribute) {
	if tag == atom.Body {
		tag = atom.Div
	}
	b.implied(tag)
	n := &node{tag: tag, attrs: attrs}
	if void[tag] {
		b.add(n)
		return
	}
	if b.depth >= maxElements {
		return
	}
	b.add(n)
	b.at, b.depth = n, b.depth+1
}

// implied closes what a new element ends: a paragraph ends at the next block, a cell at the next cell.
func (b *builder) implied(tag atom.Atom) {
	switch tag {
	case atom.Li:
		b.closeUntil(atom.Li, atom.Ul, atom.Ol)
	case atom.Td, atom.Th:
		b.closeUntil(atom.Td, atom.Tr, atom.Table)
		b.closeUntil(atom.Th, atom.Tr, atom.Table)
	case atom.Tr:
		b.closeUntil(atom.Tr, atom.Table)
	case atom.Dd, atom.Dt:
		b.closeUntil(atom.Dd, atom.Dl)
		b.closeUntil(atom.Dt, atom.Dl)
	}
	if blocks[tag] && b.at.tag == atom.P {
		b.pop()
	}
	if tag == atom.A {
		b.closeUntil(atom.A, atom.Table, atom.Div)
	}
}

// closeUntil closes the innermost element of a tag unless one of the others stands between.
func (b *builder) closeUntil(tag atom.Atom, stops ...atom.Atom) {
	for n := b.at; n != b.root; n = n.parent {
		if n.tag == tag {
			b.closeAt(n)
			return
		}
		for _, stop := range stops {
			if n.tag == stop {
				return
			}
		}
	}
}

func (b *builder) closeAt(n *node) {
	for b.at != n {
		b.pop()
	}
	b.pop()
}

func (b *builder) pop() {
	if b.at != b.root {
		b.at, b.depth = b.at.parent, b.depth-1
	}
}

// end closes an element. An end that has no beginning is passed over, and one cannot close a table from within a cell.
func (b *builder) end(tag atom.Atom) {
	for n := b.at; n != b.root; n = n.parent {
		if n.tag == tag {
			b.closeAt(n)
			return
		}
		if n.tag == atom.Table && tag != atom.Table || (n.tag == atom.Td || n.tag == atom.Th) && !structural(tag) {
			return
		}
	}
	if tag == atom.P || tag == atom.Br {
		b.add(&node{tag: atom.Br})
	}
}

func structural(tag atom.Atom) bool {
	switch tag {
	case atom.Table, atom.Tr, atom.Tbody, atom.Thead, atom.Tfoot:
		return true
	}
	return false
}

// attr is the value of an attribute.
func (n *node) attr(name string) string {
	for _, a := range n.attrs {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
