package admin

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"huiyin/admin/api"
)

const (
	maxJSON   = 1 << 20
	maxUpload = 20 << 20
	maxForm   = maxUpload + 64<<10 // with the lines around the file
)

// gate is passed by every request to an operation before its handler: who is it, may they, does it come from
// our own pages, and is what it brings as the specification says.
func (s *Server) gate(op *operation) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			s.open(c)
			call, err := s.admit(op, c)
			if err != nil {
				return err
			}
			if err := s.validate(op, c); err != nil {
				return err
			}
			c.SetRequest(c.Request().WithContext(withCall(c.Request().Context(), call)))
			call.request, call.response = c.Request(), c.Response()
			return s.once(op, c, call, next)
		}
	}
}

// onlyThroughGate refuses what has come to a handler around the gate, should a route ever be mounted without it.
func onlyThroughGate(handle api.StrictHandlerFunc, operation string) api.StrictHandlerFunc {
	return func(c echo.Context, request any) (any, error) {
		if _, passed := c.Request().Context().Value(callKey{}).(*call); !passed {
			return nil, fmt.Errorf("operation %s was reached without the gate", operation)
		}
		return handle(c, request)
	}
}

// open writes the headers that every answer has.
func (s *Server) open(c echo.Context) {
	h := c.Response().Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	if h.Get(echo.HeaderXRequestID) == "" {
		h.Set(echo.HeaderXRequestID, rand.Text())
	}
}

// admit finds out who calls and refuses who may not.
func (s *Server) admit(op *operation, c echo.Context) (*call, error) {
	r := c.Request()
	who, err := s.identify(r)
	if err != nil {
		return nil, err
	}
	if who == nil && !op.public() {
		return nil, unauthorized("sign in, or send a key")
	}
	if err := s.checkOrigin(r, who); err != nil {
		return nil, err
	}
	if who != nil && !who.allows(op) {
		return nil, forbidden("you may not do this; ask an administrator")
	}
	return &call{who: who, op: op, address: s.Address(r)}, nil
}

// checkOrigin refuses what another site's page makes a signed-in browser do: requests that change something
// need our header, which such a page cannot send, and those that tell their origin must come from ours.
func (s *Server) checkOrigin(r *http.Request, who *principal) error {
	if who != nil && who.key != nil {
		return nil
	}
	upgrade := r.Header.Get("Upgrade") != ""
	if safe(r.Method) && !upgrade {
		return nil
	}
	if origin := r.Header.Get("Origin"); origin != "" && !s.ours(r, origin) {
		return &fault{status: http.StatusForbidden, code: "foreign_origin", detail: "this came from a page of another site"}
	}
	if who != nil && !upgrade && r.Header.Get("X-Huiyin") != "1" {
		return &fault{status: http.StatusForbidden, code: "csrf", detail: "send the header `X-Huiyin: 1` with every change"}
	}
	return nil
}

func safe(method string) bool { return method == http.MethodGet || method == http.MethodHead }

// ours tells whether an origin is this server's, as it was called or as it is known to the public.
func (s *Server) ours(r *http.Request, origin string) bool {
	if origin == s.origin {
		return true
	}
	_, host, _ := strings.Cut(origin, "://")
	return host == r.Host
}

// validate compares parameters and body with the specification.
func (s *Server) validate(op *operation, c echo.Context) error {
	if err := s.checkParameters(op, c); err != nil {
		return err
	}
	r := c.Request()
	if op.upload {
		return checkForm(c)
	}
	if op.body == nil {
		r.Body = http.NoBody
		return nil
	}
	text, err := readJSON(c, op.bodyRequired)
	if err != nil {
		return err
	}
	if len(text) > 0 {
		if text, err = s.spec.document.checkBody(op.body, text); err != nil {
			return err
		}
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	return nil
}

func (s *Server) checkParameters(op *operation, c echo.Context) error {
	check := &checker{document: s.spec.document}
	for _, p := range op.params {
		text, given := valueOf(p, c)
		switch {
		case given:
			check.parameter(p, text)
		case p.Required:
			check.fault(p.Name, "is required")
		}
		if p.In == "path" && len(check.faults) > 0 {
			return notFound()
		}
	}
	if len(check.faults) > 0 {
		return check.faults
	}
	return nil
}

func valueOf(p parameter, c echo.Context) (text string, given bool) {
	switch p.In {
	case "path":
		text = c.Param(p.Name)
	case "header":
		text = c.Request().Header.Get(p.Name)
	default:
		text = c.QueryParam(p.Name)
	}
	return text, text != ""
}

func checkForm(c echo.Context) error {
	r := c.Request()
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "multipart/form-data" {
		return unsupported("send the file as multipart/form-data")
	}
	r.Body = http.MaxBytesReader(c.Response(), r.Body, maxForm)
	return nil
}

func readJSON(c echo.Context, required bool) ([]byte, error) {
	r := c.Request()
	text, err := io.ReadAll(http.MaxBytesReader(c.Response(), r.Body, maxJSON))
	if err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return nil, err
		}
		return nil, &fault{status: http.StatusBadRequest, code: "malformed", detail: "the body did not arrive whole"}
	}
	if len(text) == 0 {
		if required {
			return nil, &fault{status: http.StatusBadRequest, code: "malformed", detail: "a JSON body is needed"}
		}
		return nil, nil
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return nil, unsupported("send application/json")
	}
	return text, nil
}

func unsupported(detail string) error {
	return &fault{status: http.StatusUnsupportedMediaType, code: "unsupported_media_type", detail: detail}
}
