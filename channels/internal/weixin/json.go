package weixin

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf8"
)

// ParseJSON reads a push in JSON into the same tree as one in XML: one object, in UTF-8, no field of it twice.
func ParseJSON(body []byte) (*Node, error) {
	if !utf8.Valid(body) {
		return nil, ErrForm
	}
	p := jsonReader{decoder: json.NewDecoder(bytes.NewReader(body))}
	p.decoder.UseNumber()
	root := &Node{}
	t, err := p.decoder.Token()
	if err == nil && t != json.Delim('{') {
		err = ErrForm
	}
	if err == nil {
		err = p.object(root, 1)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrForm, err)
	}
	if _, end := p.decoder.Token(); end != io.EOF {
		return nil, ErrForm
	}
	return root, nil
}

type jsonReader struct {
	decoder *json.Decoder
	nodes   int
}

// object reads the fields of an object that has been opened.
func (p *jsonReader) object(into *Node, depth int) error {
	seen := map[string]bool{}
	for p.decoder.More() {
		t, err := p.decoder.Token()
		if err != nil {
			return err
		}
		name, ok := t.(string)
		if !ok || seen[name] {
			return ErrForm
		}
		seen[name] = true
		if err := p.value(into, name, depth); err != nil {
			return err
		}
	}
	_, err := p.decoder.Token()
	return err
}

func (p *jsonReader) value(into *Node, name string, depth int) error {
	if p.nodes++; p.nodes > maxNodes || depth > maxDepth {
		return ErrForm
	}
	t, err := p.decoder.Token()
	if err != nil {
		return err
	}
	if t == json.Delim('[') {
		return p.list(into, name, depth)
	}
	n := &Node{Name: name}
	into.Kids = append(into.Kids, n)
	switch t := t.(type) {
	case json.Delim:
		return p.object(n, depth+1)
	case nil:
	default:
		n.Text = fmt.Sprint(t)
	}
	return nil
}

func (p *jsonReader) list(into *Node, name string, depth int) error {
	for p.decoder.More() {
		if err := p.value(into, name, depth+1); err != nil {
			return err
		}
	}
	_, err := p.decoder.Token()
	return err
}
