package admin

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestAnOperationWithoutRolesIsRefused(t *testing.T) {
	for name, text := range map[string]string{
		"no roles":   `{"paths":{"/x":{"get":{"operationId":"x"}}}}`,
		"empty":      `{"paths":{"/x":{"get":{"operationId":"x","x-roles":[]}}}}`,
		"no id":      `{"paths":{"/x":{"get":{"x-roles":["any"]}}}}`,
		"not a spec": `[]`,
		"bad path":   `{"paths":{"/x":{"parameters":1}}}`,
	} {
		if _, err := parseSpecification([]byte(text)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestOperationsAllow(t *testing.T) {
	for _, c := range []struct {
		roles string
		role  string
		want  bool
	}{
		{"public", "", true}, {"any", "editor", true}, {"owner lead", "lead", true}, {"owner lead", "agent", false}, {"owner", "", false},
	} {
		if got := (&operation{roles: strings.Fields(c.roles)}).allows(c.role); got != c.want {
			t.Errorf("%s for %q: %v", c.roles, c.role, got)
		}
	}
}

func TestEverySchemaThatIsNamedExists(t *testing.T) {
	spec, err := readSpecification()
	if err != nil {
		t.Fatal(err)
	}
	var walk func(at string, s *schema, depth int)
	walk = func(at string, s *schema, depth int) {
		if s == nil || depth > 8 {
			return
		}
		if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
			if spec.document.Components.Schemas[name] == nil {
				t.Errorf("%s names %s, which is not there", at, name)
			}
			walk(at, spec.document.Components.Schemas[name], depth+1)
			return
		}
		for name, p := range s.Properties {
			walk(at+"."+name, p, depth+1)
		}
		walk(at+"[]", s.Items, depth+1)
		if s.More != nil {
			walk(at+"{}", s.More.schema, depth+1)
		}
	}
	for id, op := range spec.operations {
		walk(id, op.body, 0)
		for _, p := range op.params {
			if p.Schema == nil {
				t.Errorf("%s: parameter %s has no schema", id, p.Name)
			}
			walk(id+"?"+p.Name, p.Schema, 0)
		}
	}
}

// TestTheGeneratedCodeIsCurrent compares what can be compared without reading YAML: the operations with their
// roles, and how often each limit is set.
func TestTheGeneratedCodeIsCurrent(t *testing.T) {
	written, err := os.ReadFile("api/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	spec, err := readSpecification()
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`operationId: (\w+)[^\[]*?tags: \[\w+\],?\s+x-roles: \[([^\]]+)\]`).FindAllStringSubmatch(string(written), -1)
	if len(found) != len(spec.operations) {
		t.Errorf("%d operations are written, %d generated; run make generate", len(found), len(spec.operations))
	}
	for _, f := range found {
		op := spec.operations[f[1]]
		if op == nil || strings.Join(op.roles, ", ") != f[2] {
			t.Errorf("%s for %s is not what was generated; run make generate", f[1], f[2])
		}
	}
	for _, word := range []string{"maxLength", "minLength", "maxItems", "minimum", "maximum", "$ref", "enum", "date-time", "required"} {
		want := strings.Count(string(written), word+":")
		if word == "date-time" {
			want = strings.Count(string(written), "format: date-time")
		}
		got := strings.Count(string(spec.text), `"`+word+`":`)
		if word == "date-time" {
			got = strings.Count(string(spec.text), `"format":"date-time"`)
		}
		if got != want {
			t.Errorf("%s is written %d times, generated %d times; run make generate", word, want, got)
		}
	}
}
