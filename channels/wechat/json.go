package wechat

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// parseJSON reads a push in JSON into the same tree; the entries of a list are nodes of the list's name.
func parseJSON(data []byte) (*node, error) {
	if !utf8.Valid(data) {
		return nil, errText
	}
	p := jsonParser{decoder: json.NewDecoder(bytes.NewReader(data))}
	p.decoder.UseNumber()
	root := &node{}
	t, err := p.decoder.Token()
	if err == nil && t != json.Delim('{') {
		err = errForm
	}
	if err == nil {
		err = p.object(root, 1)
	}
	if err == nil {
		if _, end := p.decoder.Token(); end != io.EOF {
			err = errForm
		}
	}
	if err != nil {
		return nil, fmt.Errorf("read JSON: %w", err)
	}
	return root, nil
}

type jsonParser struct {
	decoder *json.Decoder
	nodes   int
}

// object reads the fields of an object that has been opened.
func (p *jsonParser) object(into *node, depth int) error {
	seen := map[string]bool{}
	for p.decoder.More() {
		t, err := p.decoder.Token()
		if err != nil {
			return err
		}
		name, ok := t.(string)
		if !ok {
			return errForm
		}
		if seen[name] {
			return errTwice
		}
		seen[name] = true
		if err := p.value(into, name, depth); err != nil {
			return err
		}
	}
	_, err := p.decoder.Token()
	return err
}

func (p *jsonParser) value(into *node, name string, depth int) error {
	if p.nodes++; p.nodes > maxNodes || depth > maxDepth {
		return errLarge
	}
	t, err := p.decoder.Token()
	if err != nil {
		return err
	}
	if t == json.Delim('[') {
		return p.list(into, name, depth)
	}
	n := &node{name: name}
	into.kids = append(into.kids, n)
	switch t := t.(type) {
	case json.Delim:
		return p.object(n, depth+1)
	case string:
		n.text = t
	case json.Number:
		n.text = t.String()
	case bool:
		n.text = fmt.Sprint(t)
	case nil:
	default:
		return errors.New("unknown value")
	}
	return nil
}

func (p *jsonParser) list(into *node, name string, depth int) error {
	for p.decoder.More() {
		if err := p.value(into, name, depth+1); err != nil {
			return err
		}
	}
	_, err := p.decoder.Token()
	return err
}
