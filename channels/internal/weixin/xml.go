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

// The limits of a callback's XML: the documented messages are flat or one list deep.
const (
	maxDepth  = 6
	maxFields = 200
)

var errXML = errors.New("not a message of the provider's form")

// ParseXML reads a callback's XML: one root <xml>, no document type, no processing instruction but the declaration,
// UTF-8, no element twice beside another of its name on the top floor. encoding/xml knows no entity but the five of
// XML itself.
func ParseXML(body []byte) (Fields, error) {
	r := reader{decoder: xml.NewDecoder(bytes.NewReader(body)), found: Fields{}}
	for {
		token, err := r.decoder.Token()
		if errors.Is(err, io.EOF) {
			if !r.rooted || len(r.path) > 0 {
				return nil, errXML
			}
			return r.found, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errXML, err)
		}
		if err := r.take(token); err != nil {
			return nil, err
		}
	}
}

type reader struct {
	decoder *xml.Decoder
	found   Fields
	path    []string
	text    strings.Builder
	rooted  bool
}

func (r *reader) take(token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		return r.start(t)
	case xml.EndElement:
		return r.end()
	case xml.CharData:
		return r.chars(t)
	case xml.Directive:
		return errXML
	case xml.ProcInst:
		if t.Target != "xml" || r.rooted {
			return errXML
		}
	}
	return nil
}

func (r *reader) start(t xml.StartElement) error {
	if len(r.path) == 0 && (r.rooted || t.Name.Local != "xml") {
		return errXML
	}
	if len(r.path) >= maxDepth || len(r.found) >= maxFields || t.Name.Space != "" {
		return errXML
	}
	r.rooted = true
	r.path = append(r.path, t.Name.Local)
	r.text.Reset()
	if len(r.path) == 2 {
		if _, twice := r.found[t.Name.Local]; twice {
			return errXML
		}
		r.found[t.Name.Local] = ""
	}
	return nil
}

func (r *reader) chars(t xml.CharData) error {
	if len(r.path) < 2 {
		if len(bytes.TrimSpace(t)) > 0 {
			return errXML
		}
		return nil
	}
	r.text.Write(t)
	return nil
}

func (r *reader) end() error {
	name := strings.Join(r.path[1:], ".")
	text := r.text.String()
	r.text.Reset()
	if was, known := r.found[name]; name != "" && (!known || was == "" && len(r.path) == 2) {
		r.found[name] = text
	}
	r.path = r.path[:len(r.path)-1]
	return nil
}
