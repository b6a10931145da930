package admin_test

import (
	"net/http"
	"strings"
	"testing"

	"huiyin/handoff"
)

func TestChangesMustComeFromOurPages(t *testing.T) {
	h := open(t)
	me := h.as(handoff.AgentRole)
	body := map[string]string{"name": "Anna"}
	bare := me.with("X-Huiyin", "")
	for _, c := range []struct {
		name string
		by   *caller
		code string
	}{
		{"without our header", bare, "csrf"},
		{"from another site", me.with("Origin", "https://evil.example"), "foreign_origin"},
		{"from another site, header and all", me.with("Origin", "null"), "foreign_origin"},
		{"from our public name", me.with("Origin", "https://help.example.com"), ""},
		{"from the name we were called by", me.with("Origin", h.url), ""},
		{"without origin", me, ""},
	} {
		r := c.by.do("PATCH", "/me", body)
		if c.code == "" {
			r.want(http.StatusOK)
		} else {
			r.fails(http.StatusForbidden, c.code)
		}
	}
	bare.do("GET", "/me", nil).want(http.StatusOK)
	h.key("createTeam").do("POST", "/teams", map[string]string{"name": "Keys need no header"}).want(http.StatusCreated)
	h.nobody().with("Origin", "https://evil.example").do("POST", "/session", map[string]string{"email": "agent@example.com", "password": password}).
		fails(http.StatusForbidden, "foreign_origin")
	me.with("Upgrade", "websocket").with("Origin", "https://evil.example").do("GET", "/events", nil).fails(http.StatusForbidden, "foreign_origin")
}

func TestProblems(t *testing.T) {
	h := open(t)
	me := h.as(handoff.Owner)
	long := strings.Repeat("长", 101)
	for _, c := range []struct {
		name, method, path, kind, body string
		status                         int
		code                           string
	}{
		{"unknown path", "GET", "/nothing", "", "", 404, "not_found"},
		{"unknown path beside the API", "GET", "/api/nothing", "", "", 404, "not_found"},
		{"unknown method", "PUT", "/teams", "", "", 405, "method_not_allowed"},
		{"id of letters", "GET", "/conversations/abc", "", "", 404, "not_found"},
		{"id of nothing", "GET", "/conversations/0", "", "", 404, "not_found"},
		{"no such object", "GET", "/conversations/4711", "", "", 404, "not_found"},
		{"no body", "POST", "/teams", "", "", 400, "malformed"},
		{"not JSON", "POST", "/teams", "application/json", "{", 400, "malformed"},
		{"two bodies", "POST", "/teams", "application/json", `{"name":"a"}{"name":"b"}`, 400, "malformed"},
		{"not an object", "POST", "/teams", "application/json", `[1]`, 422, "invalid"},
		{"foreign type", "POST", "/teams", "text/plain", `{"name":"a"}`, 415, "unsupported_media_type"},
		{"a form instead", "POST", "/teams", "application/x-www-form-urlencoded", `name=a`, 415, "unsupported_media_type"},
		{"missing", "POST", "/teams", "application/json", `{}`, 422, "invalid"},
		{"null", "POST", "/teams", "application/json", `{"name":null}`, 422, "invalid"},
		{"too long", "POST", "/teams", "application/json", `{"name":"` + long + `"}`, 422, "invalid"},
		{"unknown field", "POST", "/teams", "application/json", `{"name":"a","NAME":"b"}`, 422, "invalid"},
		{"wrong type", "POST", "/teams", "application/json", `{"name":1}`, 422, "invalid"},
		{"wrong item", "POST", "/teams", "application/json", `{"name":"a","member_ids":["x"]}`, 422, "invalid"},
		{"half a number", "POST", "/teams", "application/json", `{"name":"a","member_ids":[1.5]}`, 422, "invalid"},
		{"not in the list", "POST", "/users", "application/json", `{"name":"a","email":"a@b.cn","role":"king","password":"0123456789"}`, 422, "invalid"},
		{"unstorable", "POST", "/teams", "application/json", `{"name":"a\u0000b"}`, 422, "invalid"},
		{"too large", "POST", "/teams", "application/json", `{"name":"` + strings.Repeat("x", 1<<20) + `"}`, 413, "too_large"},
		{"limit of nothing", "GET", "/conversations?limit=0", "", "", 422, "invalid"},
		{"limit too large", "GET", "/conversations?limit=101", "", "", 422, "invalid"},
		{"limit of letters", "GET", "/conversations?limit=x", "", "", 422, "invalid"},
		{"foreign cursor", "GET", "/conversations?cursor=%F0%9F%92%A5", "", "", 422, "invalid"},
		{"foreign article cursor", "GET", "/articles?cursor=x", "", "", 422, "invalid"},
		{"foreign audit cursor", "GET", "/audit?cursor=-1", "", "", 422, "invalid"},
		{"unknown view", "GET", "/conversations?view=theirs", "", "", 422, "invalid"},
		{"not yes or no", "GET", "/conversations?unread=maybe", "", "", 422, "invalid"},
		{"required parameter", "GET", "/articles/export", "", "", 422, "invalid"},
		{"upload that is no form", "POST", "/attachments", "application/json", `{}`, 415, "unsupported_media_type"},
		{"broken form", "POST", "/attachments", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nabc", 400, "malformed"},
		{"form without file", "POST", "/attachments", "multipart/form-data; boundary=x", "--x--\r\n", 422, "invalid"},
		{"not a time", "POST", "/conversations/1/snooze", "application/json", `{"until":"tomorrow"}`, 422, "invalid"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h.t = t
			r := me.send(c.method, c.path, c.kind, []byte(c.body)).fails(c.status, c.code)
			if r.Header.Get("X-Request-Id") == "" && c.status != 404 && c.status != 405 {
				t.Error("no request id")
			}
		})
	}
	me.do("POST", "/teams", `{"name":"`+long+`","member_ids":["x"]}`).has(`"field":"name"`, `"field":"member_ids[0]"`)
}

func TestOurFaultsTellNothing(t *testing.T) {
	h := open(t)
	me := h.as(handoff.Owner)
	h.must(h.db.Close())
	me.do("GET", "/teams", nil).fails(http.StatusInternalServerError, "internal").lacks("sql", "database")
	if !strings.Contains(h.log.String(), "request failed") {
		t.Errorf("nothing in the log: %s", h.log)
	}
}

func TestSpecificationIsServed(t *testing.T) {
	h := open(t)
	r := h.nobody().do("GET", "/api/openapi.json", nil).want(http.StatusOK)
	r.has(`"openapi":"3.0.3"`, `"operationId":"listAPIKeys"`, `"x-roles"`)
}
