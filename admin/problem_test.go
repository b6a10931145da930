package admin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"huiyin/conversation"
	"huiyin/handoff"
	"huiyin/knowledge"
)

func TestEveryErrorHasItsAnswer(t *testing.T) {
	for _, c := range []struct {
		name   string
		err    error
		status int
		code   string
		known  bool
	}{
		{"our own", notFound(), 404, "not_found", true},
		{"fields", fieldErrors{{"name", "is required"}}, 422, "invalid", true},
		{"a field of a conversation", &conversation.FieldError{Field: "text", Message: "write something"}, 422, "invalid", true},
		{"a field of an article", &knowledge.Invalid{Field: "answer", Message: "write the answer"}, 422, "invalid", true},
		{"a missing conversation", conversation.ErrNotFound, 404, "not_found", true},
		{"a missing article", knowledge.ErrNotFound, 404, "not_found", true},
		{"an edit conflict", knowledge.ErrConflict, 409, "conflict", true},
		{"an older conversation", conversation.ErrNotOpen, 409, "not_current", true},
		{"a colleague's conversation", &handoff.OwnedError{Agent: handoff.Agent{Name: "Anna"}}, 409, "owned_by_other", true},
		{"a resolved conversation", handoff.ErrResolved, 409, "resolved", true},
		{"the wrong role", handoff.ErrForbidden, 403, "forbidden", true},
		{"a large file", conversation.ErrTooLarge, 413, "too_large", true},
		{"a large body", &http.MaxBytesError{Limit: 1}, 413, "too_large", true},
		{"a reader who left", context.Canceled, 503, "gone", true},
		{"an unknown path", echo.ErrNotFound, 404, "not_found", true},
		{"an unknown method", echo.ErrMethodNotAllowed, 405, "method_not_allowed", true},
		{"a foreign type", echo.ErrUnsupportedMediaType, 415, "unsupported_media_type", true},
		{"a large request", echo.ErrStatusRequestEntityTooLarge, 413, "too_large", true},
		{"a bad request", echo.NewHTTPError(400, "secret details"), 400, "malformed", true},
		{"a fault of the framework", echo.NewHTTPError(502, "secret details"), 502, "internal", true},
		{"anything else", errors.New("secret details"), 500, "internal", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, err := range []error{c.err, fmt.Errorf("wrapped: %w", c.err)} {
				f, known := asFault(err)
				if f.status != c.status || f.code != c.code || known != c.known {
					t.Errorf("%v: %d %s, known %v", err, f.status, f.code, known)
				}
				if f.detail == "" || strings.Contains(f.detail, "secret") {
					t.Errorf("%v: detail %q", err, f.detail)
				}
			}
		})
	}
}

func TestAProblemNamesTheFields(t *testing.T) {
	f, _ := asFault(fieldErrors{{"name", "is required"}, {"team_id", "there is no such team"}})
	p := f.view()
	if p.Status != 422 || p.Title != "Unprocessable Entity" || len(p.Errors) != 2 {
		t.Fatalf("%+v", p)
	}
	if p.Errors[1].Field != "team_id" || p.Errors[1].Message != "there is no such team" {
		t.Errorf("%+v", p.Errors[1])
	}
	if *p.Detail != "name: is required; team_id: there is no such team" {
		t.Errorf("%s", *p.Detail)
	}
}

func TestWhatIsUnderTheAPI(t *testing.T) {
	for path, want := range map[string]bool{
		"/api":              true,
		"/api/":             true,
		"/api/v1/me":        true,
		"/api/openapi.json": true,
		"/apidocs":          false,
		"/console/":         false,
		"/":                 false,
	} {
		r, err := http.NewRequest("GET", path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if underAPI(r) != want {
			t.Errorf("%s: %v", path, !want)
		}
	}
}
