package admin

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"huiyin/admin/api"
)

// schema is the part of JSON Schema that the specification uses.
type schema struct {
	Ref        string             `json:"$ref"`
	Type       string             `json:"type"`
	Format     string             `json:"format"`
	Enum       []string           `json:"enum"`
	MinLength  int                `json:"minLength"`
	MaxLength  int                `json:"maxLength"`
	Minimum    *int64             `json:"minimum"`
	Maximum    *int64             `json:"maximum"`
	Items      *schema            `json:"items"`
	MaxItems   int                `json:"maxItems"`
	Properties map[string]*schema `json:"properties"`
	Required   []string           `json:"required"`
	More       *more              `json:"additionalProperties"`
}

// more says which further members an object takes: any, or those of a schema.
type more struct{ schema *schema }

// UnmarshalJSON reads `true` or a schema.
func (m *more) UnmarshalJSON(text []byte) error {
	if string(text) == "true" {
		return nil
	}
	m.schema = &schema{}
	return json.Unmarshal(text, m.schema)
}

// fieldErrors are the faults of an input, each at its field.
type fieldErrors []fieldError

// fieldError is one fault of an input.
type fieldError struct{ Field, Message string }

// Error joins the faults.
func (f fieldErrors) Error() string {
	words := make([]string, len(f))
	for i, e := range f {
		words[i] = e.Field + ": " + e.Message
	}
	return strings.Join(words, "; ")
}

func (f fieldErrors) view() []api.FieldFault {
	list := make([]api.FieldFault, len(f))
	for i, e := range f {
		list[i] = api.FieldFault{Field: e.Field, Message: e.Message}
	}
	return list
}

// maxFaults bounds how many faults are told at once.
const maxFaults = 20

// checker compares values with schemas and collects the faults.
type checker struct {
	document *document
	faults   fieldErrors
}

func (c *checker) fault(at, format string, args ...any) {
	if len(c.faults) < maxFaults {
		c.faults = append(c.faults, fieldError{at, fmt.Sprintf(format, args...)})
	}
}

func (c *checker) resolve(s *schema) *schema {
	if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
		return c.document.Components.Schemas[name]
	}
	return s
}

// body checks a JSON text and returns it in the form that was checked: without members said twice.
func (d *document) checkBody(s *schema, text []byte) ([]byte, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, &fault{status: 400, code: "malformed", detail: "the body is not JSON"}
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, &fault{status: 400, code: "malformed", detail: "the body holds more than one JSON value"}
	}
	c := &checker{document: d}
	c.check("", s, value)
	if len(c.faults) > 0 {
		return nil, c.faults
	}
	return json.Marshal(value)
}

func (c *checker) check(at string, s *schema, value any) {
	s = c.resolve(s)
	switch s.Type {
	case "object":
		c.object(at, s, value)
	case "array":
		c.array(at, s, value)
	case "string":
		c.text(at, s, value)
	case "integer":
		c.integer(at, s, value)
	case "boolean":
		if _, ok := value.(bool); !ok {
			c.fault(at, "must be true or false")
		}
	}
}

func (c *checker) object(at string, s *schema, value any) {
	members, ok := value.(map[string]any)
	if !ok {
		c.fault(at, "must be an object")
		return
	}
	for _, name := range s.Required {
		if members[name] == nil {
			c.fault(join(at, name), "is required")
		}
	}
	for name, v := range members {
		if v != nil {
			c.member(join(at, name), s, name, v)
		}
	}
}

func (c *checker) member(at string, s *schema, name string, value any) {
	if utf8.RuneCountInString(name) > 200 {
		c.fault(at[:min(len(at), 40)], "its name is too long")
		return
	}
	if p, ok := s.Properties[name]; ok {
		c.check(at, p, value)
		return
	}
	if s.More == nil {
		c.fault(at, "there is no such field")
		return
	}
	if s.More.schema != nil {
		c.check(at, s.More.schema, value)
	}
}

func (c *checker) array(at string, s *schema, value any) {
	items, ok := value.([]any)
	if !ok {
		c.fault(at, "must be a list")
		return
	}
	if s.MaxItems > 0 && len(items) > s.MaxItems {
		c.fault(at, "has more than %d entries", s.MaxItems)
		return
	}
	for i, item := range items {
		c.check(at+"["+strconv.Itoa(i)+"]", s.Items, item)
	}
}

func (c *checker) text(at string, s *schema, value any) {
	text, ok := value.(string)
	if !ok {
		c.fault(at, "must be a text")
		return
	}
	n := utf8.RuneCountInString(text)
	switch {
	case len(s.Enum) > 0 && !slices.Contains(s.Enum, text):
		c.fault(at, "must be one of %s", strings.Join(s.Enum, ", "))
	case s.MaxLength > 0 && n > s.MaxLength:
		c.fault(at, "is longer than %d characters", s.MaxLength)
	case n < s.MinLength:
		c.fault(at, "is shorter than %d characters", s.MinLength)
	case strings.ContainsRune(text, 0):
		c.fault(at, "holds a character that cannot be stored")
	case s.Format == "date-time":
		if _, err := time.Parse(time.RFC3339, text); err != nil {
			c.fault(at, "must be a time such as 2026-01-31T09:30:00Z")
		}
	}
}

func (c *checker) integer(at string, s *schema, value any) {
	number, ok := value.(json.Number)
	n, err := strconv.ParseInt(number.String(), 10, 64)
	switch {
	case !ok || err != nil:
		c.fault(at, "must be a whole number")
	case s.Minimum != nil && n < *s.Minimum:
		c.fault(at, "must be %d or more", *s.Minimum)
	case s.Maximum != nil && n > *s.Maximum:
		c.fault(at, "must be %d or less", *s.Maximum)
	}
}

// parameter checks a parameter that came as text.
func (c *checker) parameter(p parameter, text string) {
	s := c.resolve(p.Schema)
	switch s.Type {
	case "integer":
		c.integer(p.Name, s, json.Number(text))
	case "boolean":
		if text != "true" && text != "false" {
			c.fault(p.Name, "must be true or false")
		}
	default:
		c.text(p.Name, s, text)
	}
}

func join(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}
