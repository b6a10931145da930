package simulator

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// field is one value of a callback: text, a number, or fields below it. Order counts for those who compare by eye.
type field struct {
	name  string
	value any // string, int64, float64 or fields
}

type fields []field

// xml writes the fields as WeChat does: texts as CDATA, numbers bare.
func (f fields) xml() []byte {
	var b bytes.Buffer
	b.WriteString("<xml>")
	f.writeXML(&b)
	b.WriteString("</xml>")
	return b.Bytes()
}

func (f fields) writeXML(b *bytes.Buffer) {
	for _, one := range f {
		fmt.Fprintf(b, "<%s>", one.name)
		switch v := one.value.(type) {
		case fields:
			v.writeXML(b)
		case string:
			b.WriteString("<![CDATA[" + strings.ReplaceAll(v, "]]>", "]]]]><![CDATA[>") + "]]>")
		default:
			fmt.Fprint(b, v)
		}
		fmt.Fprintf(b, "</%s>", one.name)
	}
}

// json writes the fields as an object, in order, without escapes of letters.
func (f fields) json() []byte {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, one := range f {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(plainJSON(one.name))
		b.WriteByte(':')
		if below, ok := one.value.(fields); ok {
			b.Write(below.json())
		} else {
			b.Write(plainJSON(one.value))
		}
	}
	b.WriteByte('}')
	return b.Bytes()
}

// plainJSON is a value as JSON without HTML escapes.
func plainJSON(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return []byte("null")
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}

// node is an element of a passive reply.
type node struct {
	text  string
	below map[string][]*node
}

// get is the text of the first element of a name.
func (n *node) get(name string) string {
	if all := n.below[name]; len(all) > 0 {
		return all[0].text
	}
	return ""
}

// first is the first element of a name, an empty one when there is none.
func (n *node) first(name string) *node {
	if all := n.below[name]; len(all) > 0 {
		return all[0]
	}
	return &node{}
}

// maxDepth bounds how deep a passive reply may nest.
const maxDepth = 8

// readXML reads an answer whose root must be <xml>.
func readXML(raw []byte) (*node, error) {
	d := xml.NewDecoder(bytes.NewReader(raw))
	for {
		t, err := d.Token()
		if err != nil {
			return nil, fmt.Errorf("no XML: %w", err)
		}
		if start, ok := t.(xml.StartElement); ok {
			if start.Name.Local != "xml" {
				return nil, fmt.Errorf("the root is <%s>, not <xml>", start.Name.Local)
			}
			root, err := readNode(d, 0)
			if err != nil {
				return nil, err
			}
			return root, readRest(d)
		}
	}
}

func readNode(d *xml.Decoder, depth int) (*node, error) {
	if depth > maxDepth {
		return nil, errors.New("too deep")
	}
	n := &node{below: map[string][]*node{}}
	var text strings.Builder
	for {
		t, err := d.Token()
		if err != nil {
			return nil, fmt.Errorf("half an XML: %w", err)
		}
		switch t := t.(type) {
		case xml.CharData:
			text.Write(t)
		case xml.StartElement:
			child, err := readNode(d, depth+1)
			if err != nil {
				return nil, err
			}
			n.below[t.Name.Local] = append(n.below[t.Name.Local], child)
		case xml.EndElement:
			n.text = text.String()
			return n, nil
		}
	}
}

func readRest(d *xml.Decoder) error {
	for {
		switch t, err := d.Token(); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("after the XML: %w", err)
		default:
			if text, ok := t.(xml.CharData); !ok || len(bytes.TrimSpace(text)) > 0 {
				return errors.New("something follows the XML")
			}
		}
	}
}
