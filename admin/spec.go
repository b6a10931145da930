package admin

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"huiyin/admin/api"
)

// Words of x-roles that are no roles.
const (
	rolePublic = "public" // anybody, signed in or not
	roleAny    = "any"    // everybody who is signed in
)

// base is where the API stands.
const base = "/api/v1"

// operation is one operation of the specification, with what the gate needs to know of it.
type operation struct {
	id           string
	method, path string // the path as echo writes it, with the base
	roles        []string
	params       []parameter
	body         *schema // nil: none, or not JSON
	bodyRequired bool
	upload       bool // takes a multipart form
	secret       bool // its answer holds a secret, so it is not kept for repeats
}

// public tells whether the operation needs no sign-in.
func (o *operation) public() bool { return slices.Contains(o.roles, rolePublic) }

// allows tells whether a role may call the operation.
func (o *operation) allows(role string) bool {
	return o.public() || slices.Contains(o.roles, roleAny) || slices.Contains(o.roles, role)
}

type parameter struct {
	Ref      string  `json:"$ref"`
	Name     string  `json:"name"`
	In       string  `json:"in"`
	Required bool    `json:"required"`
	Schema   *schema `json:"schema"`
}

// document is the specification, as far as the gate reads it.
type document struct {
	Paths      map[string]map[string]json.RawMessage `json:"paths"`
	Components struct {
		Parameters map[string]parameter `json:"parameters"`
		Schemas    map[string]*schema   `json:"schemas"`
	} `json:"components"`
}

// specification is the embedded contract: its text, its operations by id, and its schemas.
type specification struct {
	text       []byte
	operations map[string]*operation
	document   *document
}

func readSpecification() (*specification, error) {
	text, err := api.GetSpecJSON()
	if err != nil {
		return nil, fmt.Errorf("read specification: %w", err)
	}
	return parseSpecification(asWritten(text))
}

// asWritten gives the operations back the names they have in openapi.yaml; the generator embeds them capitalised.
func asWritten(text []byte) []byte {
	return capitalID.ReplaceAllFunc(text, func(id []byte) []byte {
		id = bytes.Clone(id)
		id[len(id)-1] += 'a' - 'A'
		return id
	})
}

var capitalID = regexp.MustCompile(`"operationId":\s*"[A-Z]`)

func parseSpecification(text []byte) (*specification, error) {
	s := &specification{text: text, operations: map[string]*operation{}, document: &document{}}
	if err := json.Unmarshal(text, s.document); err != nil {
		return nil, fmt.Errorf("read specification: %w", err)
	}
	for path, item := range s.document.Paths {
		if err := s.addPath(path, item); err != nil {
			return nil, fmt.Errorf("specification: %s: %w", path, err)
		}
	}
	return s, nil
}

func (s *specification) addPath(path string, item map[string]json.RawMessage) error {
	var shared []parameter
	if text, ok := item["parameters"]; ok {
		if err := json.Unmarshal(text, &shared); err != nil {
			return err
		}
	}
	for method, text := range item {
		if method == "parameters" {
			continue
		}
		if err := s.addOperation(strings.ToUpper(method), path, text, shared); err != nil {
			return fmt.Errorf("%s: %w", method, err)
		}
	}
	return nil
}

func (s *specification) addOperation(method, path string, text json.RawMessage, shared []parameter) error {
	var o struct {
		ID          string      `json:"operationId"`
		Roles       []string    `json:"x-roles"`
		Secret      bool        `json:"x-secret-answer"`
		Parameters  []parameter `json:"parameters"`
		RequestBody *struct {
			Required bool `json:"required"`
			Content  map[string]struct {
				Schema *schema `json:"schema"`
			} `json:"content"`
		} `json:"requestBody"`
	}
	if err := json.Unmarshal(text, &o); err != nil {
		return err
	}
	if o.ID == "" || len(o.Roles) == 0 {
		return fmt.Errorf("operation %q has no operationId or no x-roles; nobody could call it", o.ID)
	}
	op := &operation{id: o.ID, method: method, path: base + echoPath(path), roles: o.Roles, secret: o.Secret}
	for _, p := range append(slices.Clone(shared), o.Parameters...) {
		op.params = append(op.params, s.document.parameter(p))
	}
	if o.RequestBody != nil {
		op.body, op.bodyRequired = o.RequestBody.Content["application/json"].Schema, o.RequestBody.Required
		_, op.upload = o.RequestBody.Content["multipart/form-data"]
	}
	s.operations[op.id] = op
	return nil
}

func (d *document) parameter(p parameter) parameter {
	if name, ok := strings.CutPrefix(p.Ref, "#/components/parameters/"); ok {
		return d.Components.Parameters[name]
	}
	return p
}

// echoPath turns /users/{id} into /users/:id.
func echoPath(path string) string {
	return strings.NewReplacer("{", ":", "}", "").Replace(path)
}

// callable are the ids of the operations that a role may call, in order.
func (s *specification) callable(role string) []string {
	var ids []string
	for id, o := range s.operations {
		if o.allows(role) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}
