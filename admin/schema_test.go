package admin

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// testSchema has one of everything that the checker knows.
const testSchema = `{
	"type": "object",
	"required": ["name"],
	"properties": {
		"name": {"type": "string", "minLength": 2, "maxLength": 4},
		"kind": {"type": "string", "enum": ["", "a", "b"]},
		"when": {"type": "string", "format": "date-time"},
		"count": {"type": "integer", "minimum": 1, "maximum": 9},
		"on": {"type": "boolean"},
		"tags": {"type": "array", "maxItems": 2, "items": {"type": "string", "maxLength": 3}},
		"inner": {"$ref": "#/components/schemas/Inner"},
		"texts": {"type": "object", "additionalProperties": {"type": "string", "maxLength": 3}},
		"anything": {"type": "object", "additionalProperties": true}
	}
}`

func testDocument(t *testing.T) (*document, *schema) {
	t.Helper()
	s, inner := &schema{}, &schema{}
	if err := json.Unmarshal([]byte(testSchema), s); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(`{"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}`), inner); err != nil {
		t.Fatal(err)
	}
	d := &document{}
	d.Components.Schemas = map[string]*schema{"Inner": inner}
	return d, s
}

func TestBodiesAreCompared(t *testing.T) {
	d, s := testDocument(t)
	for _, c := range []struct {
		name, text string
		faults     string // empty: fits
	}{
		{"the least", `{"name":"ab"}`, ""},
		{"everything", `{"name":"abcd","kind":"a","when":"2026-01-31T09:30:00Z","count":9,"on":false,"tags":["x","y"],"inner":{"id":1},"texts":{"k":"v"},"anything":{"a":[1]}}`, ""},
		{"null is left out", `{"name":"ab","kind":null,"inner":null}`, ""},
		{"an empty word of the list", `{"name":"ab","kind":""}`, ""},
		{"four characters, not bytes", `{"name":"宽带断了"}`, ""},
		{"a time with its zone", `{"name":"ab","when":"2026-01-31T09:30:00+08:00"}`, ""},
		{"no object", `"x"`, ": must be an object"},
		{"nothing required", `{}`, "name: is required"},
		{"null where required", `{"name":null}`, "name: is required"},
		{"too short", `{"name":"a"}`, "name: is shorter than 2 characters"},
		{"too long", `{"name":"宽带又断了"}`, "name: is longer than 4 characters"},
		{"no text", `{"name":5}`, "name: must be a text"},
		{"a zero byte", `{"name":"a\u0000"}`, "name: holds a character that cannot be stored"},
		{"not in the list", `{"name":"ab","kind":"c"}`, "kind: must be one of , a, b"},
		{"no time", `{"name":"ab","when":"31.1.2026"}`, "when: must be a time such as 2026-01-31T09:30:00Z"},
		{"too few", `{"name":"ab","count":0}`, "count: must be 1 or more"},
		{"too many", `{"name":"ab","count":10}`, "count: must be 9 or less"},
		{"half", `{"name":"ab","count":1.5}`, "count: must be a whole number"},
		{"with exponent", `{"name":"ab","count":1e0}`, "count: must be a whole number"},
		{"beyond 64 bits", `{"name":"ab","count":99999999999999999999}`, "count: must be a whole number"},
		{"a number in quotes", `{"name":"ab","count":"1"}`, "count: must be a whole number"},
		{"neither yes nor no", `{"name":"ab","on":"true"}`, "on: must be true or false"},
		{"no list", `{"name":"ab","tags":"x"}`, "tags: must be a list"},
		{"a long list", `{"name":"ab","tags":["x","y","z"]}`, "tags: has more than 2 entries"},
		{"an entry", `{"name":"ab","tags":["x","long"]}`, "tags[1]: is longer than 3 characters"},
		{"inside", `{"name":"ab","inner":{}}`, "inner.id: is required"},
		{"unknown inside", `{"name":"ab","inner":{"id":1,"x":1}}`, "inner.x: there is no such field"},
		{"a value of any key", `{"name":"ab","texts":{"k":"long"}}`, "texts.k: is longer than 3 characters"},
		{"unknown", `{"name":"ab","Name":"ab"}`, "Name: there is no such field"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := d.checkBody(s, []byte(c.text))
			var fields fieldErrors
			if errors.As(err, &fields); fields.Error() != c.faults || (err != nil) != (c.faults != "") {
				t.Errorf("%v, want %q", err, c.faults)
			}
		})
	}
}

func TestTheCheckedBodyIsTheOneThatIsUsed(t *testing.T) {
	d, s := testDocument(t)
	checked, err := d.checkBody(s, []byte(`{"name": "much too long", "name": "ok"}`))
	if err != nil || string(checked) != `{"name":"ok"}` {
		t.Errorf("%s, %v", checked, err)
	}
}

func TestFaultsAreBounded(t *testing.T) {
	d, s := testDocument(t)
	var b strings.Builder
	b.WriteString(`{"name":"ab"`)
	for i := range 500 {
		b.WriteString(`,"` + strings.Repeat("x", i+1) + `":1`)
	}
	b.WriteString(`}`)
	_, err := d.checkBody(s, []byte(b.String()))
	var fields fieldErrors
	if !errors.As(err, &fields) || len(fields) != maxFaults || len(err.Error()) > 10_000 {
		t.Errorf("%d faults, %d bytes", len(fields), len(err.Error()))
	}
}

func TestParametersAreCompared(t *testing.T) {
	d := &document{}
	number := int64(1)
	for _, c := range []struct {
		name   string
		schema schema
		text   string
		fits   bool
	}{
		{"a number", schema{Type: "integer", Minimum: &number}, "7", true},
		{"a small number", schema{Type: "integer", Minimum: &number}, "0", false},
		{"no number", schema{Type: "integer"}, "x", false},
		{"a plus", schema{Type: "integer"}, "+7", true},
		{"yes", schema{Type: "boolean"}, "true", true},
		{"1", schema{Type: "boolean"}, "1", false},
		{"a word", schema{Type: "string", MaxLength: 3}, "abc", true},
		{"a long word", schema{Type: "string", MaxLength: 3}, "abcd", false},
	} {
		check := &checker{document: d}
		check.parameter(parameter{Name: "p", Schema: &c.schema}, c.text)
		if fits := len(check.faults) == 0; fits != c.fits {
			t.Errorf("%s: %v", c.name, check.faults)
		}
	}
}
