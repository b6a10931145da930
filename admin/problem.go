package admin

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"huiyin/admin/api"
	"huiyin/conversation"
	"huiyin/handoff"
	"huiyin/knowledge"
	"huiyin/knowledge/gaps"
)

// fault is an error as the caller of the API is told it.
type fault struct {
	status int
	code   string // stable word
	detail string
	fields fieldErrors
	after  time.Duration // when to try again
	newer  []api.Message // said to the customer since
	draft  *api.Draft    // that is there instead
}

// Error is what went wrong, in words.
func (f *fault) Error() string { return f.code + ": " + f.detail }

func invalid(field, message string) error { return fieldErrors{{field, message}} }

func notFound() *fault {
	return &fault{status: http.StatusNotFound, code: "not_found", detail: "there is nothing here, or you may not see it"}
}

func forbidden(detail string) *fault {
	return &fault{status: http.StatusForbidden, code: "forbidden", detail: detail}
}

func conflict(code, detail string) *fault {
	return &fault{status: http.StatusConflict, code: code, detail: detail}
}

// asFault is the one table from the product's errors to answers. known is false for what is our own fault.
func asFault(err error) (f *fault, known bool) {
	var fields fieldErrors
	var field *conversation.FieldError
	var article *knowledge.Invalid
	var owned *handoff.OwnedError
	var clash *knowledge.Clash
	switch {
	case errors.As(err, &f):
		return f, true
	case errors.As(err, &fields):
		return unprocessable(fields), true
	case errors.As(err, &field):
		return unprocessable(fieldErrors{{field.Field, field.Message}}), true
	case errors.As(err, &article):
		return unprocessable(fieldErrors{{article.Field, article.Message}}), true
	case errors.As(err, &clash):
		return clashed(clash), true
	case errors.As(err, &owned):
		return conflict("owned_by_other", owned.Error()), true
	}
	return asPlainFault(err)
}

// clashed is a conflict that names the parts of the text that two people have changed.
func clashed(c *knowledge.Clash) *fault {
	f := conflict("conflict", c.Error())
	for _, field := range c.Fields {
		f.fields = append(f.fields, fieldErrors{{field, "somebody else has changed this too"}}...)
	}
	return f
}

func unprocessable(fields fieldErrors) *fault {
	return &fault{status: http.StatusUnprocessableEntity, code: "invalid", detail: fields.Error(), fields: fields}
}

func asPlainFault(err error) (f *fault, known bool) {
	var tooLarge *http.MaxBytesError
	var web *echo.HTTPError
	switch {
	case errors.Is(err, conversation.ErrNotFound), errors.Is(err, knowledge.ErrNotFound), errors.Is(err, gaps.ErrNotFound):
		return notFound(), true
	case errors.Is(err, ErrNotAutomatic):
		return conflict("not_automatic", ErrNotAutomatic.Error()), true
	case errors.Is(err, handoff.ErrForbidden):
		return forbidden("your role does not allow this"), true
	case errors.Is(err, handoff.ErrOfferOver):
		return conflict("offer_over", "the offer is over, and the customer waits no more"), true
	case errors.Is(err, handoff.ErrResolved):
		return conflict("resolved", "the conversation is resolved; reopen it first"), true
	case errors.Is(err, knowledge.ErrNotApproved):
		return conflict("not_approved", knowledge.ErrNotApproved.Error()), true
	case errors.Is(err, knowledge.ErrImportState):
		return conflict("import_state", knowledge.ErrImportState.Error()), true
	case errors.Is(err, knowledge.ErrOwnWork):
		return conflict("own_work", knowledge.ErrOwnWork.Error()), true
	case errors.Is(err, knowledge.ErrConflict), errors.Is(err, conversation.ErrStale), errors.Is(err, handoff.ErrChanged), errors.Is(err, gaps.ErrConflict):
		return conflict("conflict", "somebody else has changed this meanwhile; load it again"), true
	case errors.Is(err, conversation.ErrNoEvidence):
		return conflict("no_evidence", "nothing proves that the two are one person; send a code, or have a lead merge them with a reason"), true
	case errors.Is(err, conversation.ErrMerged), errors.Is(err, conversation.ErrNotMerged):
		return conflict("merged", "this was merged or taken back meanwhile; load it again"), true
	case errors.Is(err, conversation.ErrTooManyCodes):
		return conflict("too_many_codes", conversation.ErrTooManyCodes.Error()), true
	case errors.Is(err, conversation.ErrWrongCode):
		return conflict("wrong_code", conversation.ErrWrongCode.Error()), true
	case errors.Is(err, conversation.ErrNotOpen):
		return conflict("not_current", "the customer has a newer conversation; write there"), true
	case errors.Is(err, conversation.ErrTooLarge), errors.As(err, &tooLarge):
		return &fault{status: http.StatusRequestEntityTooLarge, code: "too_large", detail: "this is larger than allowed"}, true
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return &fault{status: http.StatusServiceUnavailable, code: "gone", detail: "the request was given up"}, true
	case errors.As(err, &web):
		return asWebFault(web), true
	case errors.Is(err, conversation.ErrUnavailable):
		return &fault{status: http.StatusServiceUnavailable, code: "unavailable",
			detail: "nothing can be stored at the moment (is the disk full, or the database away?); try again shortly"}, false
	}
	return &fault{status: http.StatusInternalServerError, code: "internal",
		detail: "something went wrong on our side; try again, and look into the log when it stays"}, false
}

// asWebFault speaks for the router and the binder, whose own words are not shown.
func asWebFault(e *echo.HTTPError) *fault {
	switch e.Code {
	case http.StatusNotFound:
		return &fault{status: e.Code, code: "not_found", detail: "there is no such path; see /api/openapi.json"}
	case http.StatusMethodNotAllowed:
		return &fault{status: e.Code, code: "method_not_allowed", detail: "this path does not know the method; see /api/openapi.json"}
	case http.StatusRequestEntityTooLarge:
		return &fault{status: e.Code, code: "too_large", detail: "this is larger than allowed"}
	case http.StatusUnsupportedMediaType:
		return &fault{status: e.Code, code: "unsupported_media_type", detail: "send application/json"}
	}
	if e.Code >= http.StatusInternalServerError {
		return &fault{status: e.Code, code: "internal", detail: http.StatusText(e.Code)}
	}
	return &fault{status: e.Code, code: "malformed", detail: http.StatusText(e.Code)}
}

// fail answers with an error, logs what is our own fault, and says nothing of our insides.
func (s *Server) fail(c echo.Context, err error) {
	f, known := asFault(err)
	if !known {
		s.Log.Error("request failed", "request", requestID(c), "method", c.Request().Method, "route", c.Path(), "error", err)
	}
	if c.Response().Committed {
		return
	}
	if f.after > 0 {
		c.Response().Header().Set("Retry-After", strconv.Itoa(int((f.after+time.Second-1)/time.Second)))
	}
	c.Response().Header().Set(echo.HeaderContentType, "application/problem+json")
	c.Response().WriteHeader(f.status)
	_ = json.NewEncoder(c.Response()).Encode(f.view())
}

func (f *fault) view() api.Problem {
	return api.Problem{Type: "about:blank", Title: http.StatusText(f.status), Status: f.status, Code: opt(f.code), Detail: opt(f.detail), Errors: f.fields.view(), Newer: f.newer, Draft: f.draft}
}

// underAPI tells whether a request is for the API, so that its errors are problems.
func underAPI(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, "/api/") || r.URL.Path == "/api"
}

// requestID names a request in answers and logs; the server gives it when the front has not.
func requestID(c echo.Context) string { return c.Response().Header().Get(echo.HeaderXRequestID) }
