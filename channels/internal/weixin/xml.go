package weixin

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Fields are the elements of a callback's XML by name; one inside another is "Outer.Inner". Of a list inside, the
// first is kept.
type Fields map[string]string

// ParseXML reads a callback's XML into its fields.
func ParseXML(body []byte) (Fields, error) {
	tree, err := ParseTree(body)
	if err != nil {
		return nil, err
	}
	found := Fields{}
	found.take("", tree.Kids)
	return found, nil
}

func (f Fields) take(above string, kids []*Node) {
	for _, k := range kids {
		name := above + k.Name
		if _, known := f[name]; !known {
			f[name] = k.Text
		}
		f.take(name+".", k.Kids)
	}
}

// ParseTree reads a push in XML, and only what a push is made of: elements and text under one root <xml>, in UTF-8. A
// document type, and with it every entity but XML's own five, instructions but the declaration, comments, attributes,
// name spaces, text between elements and a field that is there twice are refused.
func ParseTree(body []byte) (*Node, error) {
	r := reader{decoder: xml.NewDecoder(bytes.NewReader(body))}
	for first := true; ; first = false {
		token, err := r.decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrForm, err)
		}
		if err := r.take(token, first); err != nil {
			return nil, err
		}
	}
	if r.root == nil || len(r.open) > 0 {
		return nil, ErrForm
	}
	return r.root, r.root.unique()
}

type reader struct {
	decoder *xml.Decoder
	root    *Node
	open    []*Node
	nodes   int
}

func (r *reader) take(token xml.Token, first bool) error {
	switch t := token.(type) {
	case xml.StartElement:
		return r.start(t)
	case xml.EndElement:
		return r.end()
	case xml.CharData:
		return r.chars(t)
	case xml.ProcInst:
		if first && t.Target == "xml" {
			return nil
		}
	}
	return ErrForm
}

func (r *reader) start(t xml.StartElement) error {
	if len(t.Attr) > 0 || t.Name.Space != "" || len(r.open) >= maxDepth {
		return ErrForm
	}
	if r.nodes++; r.nodes > maxNodes {
		return ErrForm
	}
	n := &Node{Name: t.Name.Local}
	switch {
	case len(r.open) > 0:
		above := r.open[len(r.open)-1]
		above.Kids = append(above.Kids, n)
	case r.root == nil && n.Name == "xml":
		r.root = n
	default:
		return ErrForm
	}
	r.open = append(r.open, n)
	return nil
}

func (r *reader) chars(t xml.CharData) error {
	if len(r.open) > 0 {
		r.open[len(r.open)-1].Text += string(t)
		return nil
	}
	if len(bytes.TrimSpace(t)) > 0 {
		return ErrForm
	}
	return nil
}

// end closes an element; what has elements inside has no text but the space between them, and the root has no text at all.
func (r *reader) end() error {
	n := r.open[len(r.open)-1]
	r.open = r.open[:len(r.open)-1]
	if len(n.Kids) == 0 && len(r.open) > 0 {
		return nil
	}
	if strings.TrimSpace(n.Text) != "" {
		return ErrForm
	}
	n.Text = ""
	return nil
}
