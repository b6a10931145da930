package simulator

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// reply is the answer to a call.
type reply struct {
	status int
	code   int
	kind   string
	name   string
	body   []byte
	half   int           // how long it said that it would be
	cut    bool          // the connection ends without it
	wait   time.Duration // before it comes
}

// answer puts a handler's result into words.
func answer(value any, refused *refusal) reply {
	if refused != nil {
		return reply{status: http.StatusOK, code: refused.Code, kind: "application/json; encoding=utf-8", body: plainJSON(refused)}
	}
	if f, ok := value.(file); ok {
		return reply{status: http.StatusOK, kind: f.kind, name: f.name, body: f.body}
	}
	return reply{status: http.StatusOK, kind: "application/json; encoding=utf-8", body: plainJSON(value)}
}

// ok is the answer that has nothing to say.
func ok() refusal { return refusal{0, "ok"} }

// shown is the answer for the diary.
func (a reply) shown() string {
	switch {
	case a.cut:
		return "(the connection is cut)"
	case a.name != "":
		return "(" + a.kind + ", " + strconv.Itoa(len(a.body)) + " bytes)"
	}
	return string(a.body)
}

func (a reply) write(w http.ResponseWriter, r *http.Request) {
	if a.wait > 0 {
		select {
		case <-time.After(a.wait):
		case <-r.Context().Done():
		}
	}
	if a.cut {
		cut(w)
		return
	}
	h := w.Header()
	h.Set("Content-Type", a.kind)
	if a.name != "" {
		h.Set("Content-Disposition", `attachment; filename="`+strings.Map(quotable, a.name)+`"`)
	}
	h.Set("Content-Length", strconv.Itoa(max(a.half, len(a.body))))
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

func quotable(r rune) rune {
	if r == '"' || r == '\\' || r < ' ' {
		return '_'
	}
	return r
}

// cut ends the connection without an answer.
func cut(w http.ResponseWriter) {
	if hijacker, ok := w.(http.Hijacker); ok {
		if conn, _, err := hijacker.Hijack(); err == nil {
			_ = conn.Close()
			return
		}
	}
	panic(http.ErrAbortHandler)
}
