package console

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func site() fstest.MapFS {
	return fstest.MapFS{
		".keep":              {},
		"index.html":         {Data: []byte("<!doctype html><title>page</title>")},
		"theme.js":           {Data: []byte("theme()")},
		"favicon.svg":        {Data: []byte("<svg/>")},
		"assets/a-1.js":      {Data: []byte("script()")},
		"assets/a-1.js.gz":   {Data: []byte("packed")},
		"assets/style-2.css": {Data: []byte("body{}")},
	}
}

func get(h http.Handler, method, target, accepts string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, nil)
	r.Header.Set("Accept-Encoding", accepts)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestHandlerServes(t *testing.T) {
	const page = "<!doctype html><title>page</title>"
	const immutable = "public, max-age=31536000, immutable"
	tests := []struct {
		name, method, path, accepts string
		status                      int
		body, kind, cache, encoding string
	}{
		{"the page", "GET", "/console/", "", 200, page, "text/html", "no-cache", ""},
		{"the page without its slash", "GET", "/console", "", 200, page, "text/html", "no-cache", ""},
		{"a route of the browser's router", "GET", "/console/inbox/mine/12", "", 200, page, "text/html", "no-cache", ""},
		{"the page by name is the route, not the file", "GET", "/console/index.html", "", 200, page, "text/html", "no-cache", ""},
		{"a hashed script", "GET", "/console/assets/a-1.js", "", 200, "script()", "text/javascript", immutable, ""},
		{"a hashed script, packed", "GET", "/console/assets/a-1.js", "br, gzip", 200, "packed", "text/javascript", immutable, "gzip"},
		{"a style without a packed form", "GET", "/console/assets/style-2.css", "gzip", 200, "body{}", "text/css", immutable, ""},
		{"a file without a hash", "GET", "/console/theme.js", "", 200, "theme()", "text/javascript", "public, max-age=3600", ""},
		{"a hashed file of another build", "GET", "/console/assets/b-9.js", "", 404, "this build has no such file; reload the page\n", "text/plain", "no-store", ""},
		{"a packed file by name", "GET", "/console/assets/a-1.js.gz", "", 404, "this build has no such file; reload the page\n", "text/plain", "no-store", ""},
		{"the marker of an empty folder", "GET", "/console/.keep", "", 200, page, "text/html", "no-cache", ""},
		{"a path that climbs out", "GET", "/console/../../etc/passwd", "", 200, page, "text/html", "no-cache", ""},
		{"a folder", "GET", "/console/assets", "", 200, page, "text/html", "no-cache", ""},
		{"only the head", "HEAD", "/console/", "", 200, "", "text/html", "no-cache", ""},
		{"a write", "POST", "/console/", "", 405, "the console's pages can only be read\n", "text/plain", "", ""},
	}
	h := handler(site())
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := get(h, test.method, test.path, test.accepts)
			if w.Code != test.status || w.Body.String() != test.body {
				t.Errorf("got %d %q, want %d %q", w.Code, w.Body, test.status, test.body)
			}
			if kind := w.Header().Get("Content-Type"); !strings.HasPrefix(kind, test.kind) {
				t.Errorf("content type %q, want %q", kind, test.kind)
			}
			if cache := w.Header().Get("Cache-Control"); cache != test.cache {
				t.Errorf("cache %q, want %q", cache, test.cache)
			}
			if encoding := w.Header().Get("Content-Encoding"); encoding != test.encoding {
				t.Errorf("encoding %q, want %q", encoding, test.encoding)
			}
		})
	}
}

func TestHandlerForbidsForeignScripts(t *testing.T) {
	for name, h := range map[string]http.Handler{"built": handler(site()), "not built": handler(fstest.MapFS{})} {
		header := get(h, "GET", "/console/", "").Header()
		csp := header.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "script-src 'self';", "frame-ancestors 'none'", "base-uri 'none'"} {
			if !strings.Contains(csp, part) {
				t.Errorf("%s: policy %q lacks %q", name, csp, part)
			}
		}
		if strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q allows something unsafe", name, csp)
		}
		if header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: types may be guessed", name)
		}
	}
}

func TestHandlerTellsWhenNotBuilt(t *testing.T) {
	w := get(handler(fstest.MapFS{".keep": {}}), "GET", "/console/inbox", "")
	if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "make build") {
		t.Errorf("got %d %q", w.Code, w.Body)
	}
}

func TestHandlerAlwaysAnswers(t *testing.T) {
	if w := get(Handler(), "GET", "/console/", ""); w.Body.Len() == 0 {
		t.Error("empty answer from what is built into this binary")
	}
}
