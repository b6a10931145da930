package wechat

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// parseXML reads a push in XML, and only what a push is made of: elements and text under <xml>. A document type, and with
// it every entity of one's own, instructions, comments, attributes, name spaces, other encodings than UTF-8 and text
// between elements are refused.
func parseXML(data []byte) (*node, error) {
	if !utf8.Valid(data) {
		return nil, errText
	}
	p := xmlParser{decoder: xml.NewDecoder(bytes.NewReader(data))}
	p.decoder.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, errText }
	for {
		t, err := p.decoder.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read XML: %w", err)
		}
		if err := p.take(t); err != nil {
			return nil, fmt.Errorf("read XML: %w", err)
		}
	}
	if p.root == nil || len(p.open) > 0 {
		return nil, errors.New("read XML: it is not whole")
	}
	return p.root, p.root.unique()
}

type xmlParser struct {
	decoder *xml.Decoder
	root    *node
	open    []*node
	nodes   int
	begun   bool
}

var errForm = errors.New("it is not of the form of a push")

func (p *xmlParser) take(t xml.Token) error {
	first := !p.begun
	p.begun = true
	switch t := t.(type) {
	case xml.StartElement:
		return p.start(t)
	case xml.EndElement:
		return p.end()
	case xml.CharData:
		return p.say(string(t))
	case xml.ProcInst:
		if first && t.Target == "xml" {
			return nil
		}
	}
	return errForm
}

func (p *xmlParser) start(t xml.StartElement) error {
	if len(t.Attr) > 0 || t.Name.Space != "" || (len(p.open) == 0 && (p.root != nil || t.Name.Local != "xml")) {
		return errForm
	}
	if p.nodes++; p.nodes > maxNodes || len(p.open) >= maxDepth {
		return errLarge
	}
	n := &node{name: t.Name.Local}
	if len(p.open) == 0 {
		p.root = n
	} else {
		above := p.open[len(p.open)-1]
		above.kids = append(above.kids, n)
	}
	p.open = append(p.open, n)
	return nil
}

func (p *xmlParser) end() error {
	n := p.open[len(p.open)-1]
	p.open = p.open[:len(p.open)-1]
	if len(n.kids) == 0 {
		return nil
	}
	if strings.TrimSpace(n.text) != "" {
		return errForm
	}
	n.text = ""
	return nil
}

func (p *xmlParser) say(text string) error {
	if len(p.open) > 0 {
		p.open[len(p.open)-1].text += text
		return nil
	}
	if strings.TrimSpace(text) != "" {
		return errForm
	}
	return nil
}
