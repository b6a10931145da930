package webchat

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"huiyin/channels"
)

func TestParseCursor(t *testing.T) {
	for text, want := range map[string]cursor{"": {}, "0.0": {}, "12.34": {12, 34}, "9223372036854775807.1": {9223372036854775807, 1}} {
		if got, err := parseCursor(text); err != nil || got != want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"1", ".", "1.", ".1", "+1.1", "-1.1", "01.1", "1.1.1", "1.1 ", "a.b", "99999999999999999999.1", "１.１"} {
		if got, err := parseCursor(text); err == nil {
			t.Errorf("%q is taken as %v", text, got)
		}
	}
}

func FuzzParseCursor(f *testing.F) {
	for _, seed := range []string{"", "1.2", "0.0", "x", "1.2.3", "-1.5"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := parseCursor(text)
		if err == nil && text != "" && c.String() != text {
			t.Fatalf("%q came back as %q", text, c)
		}
		if err == nil && (c.conversation < 0 || c.seq < 0) {
			t.Fatalf("%q is before everything", text)
		}
	})
}

func FuzzReadToken(f *testing.F) {
	a := New(Options{Key: []byte("key")})
	real, err := a.writeToken(1, visitor{Address: "visitor:x", Name: "王"})
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{real, "", ".", "a.b", strings.Repeat("a", 100)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		v, ok := a.readToken(1, token)
		if ok && (token != real || v.Address != "visitor:x" || v.Name != "王") {
			t.Fatalf("%q speaks for %+v", token, v)
		}
		if _, elsewhere := a.readToken(2, token); elsewhere {
			t.Fatalf("%q opens another inbox", token)
		}
	})
}

func FuzzSniff(f *testing.F) {
	for _, seed := range []string{"hello", "<html>", "%PDF-", "PK\x03\x04", "\x89PNG\r\n\x1a\n", "\ufeff<svg", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"} {
		f.Add([]byte(seed), "a.txt")
	}
	f.Fuzz(func(t *testing.T, first []byte, name string) {
		kind := sniff(first, name)
		if strings.Contains(kind, "html") || strings.Contains(kind, "svg") || strings.Contains(kind, "javascript") {
			t.Fatalf("%q is taken as %s", first, kind)
		}
		if shownInline(kind) && strings.HasPrefix(http.DetectContentType(first), "text/") {
			t.Fatalf("the text %q is shown as %s", first, kind)
		}
	})
}

func FuzzMatchOrigin(f *testing.F) {
	f.Add("https://shop.example")
	f.Add("https://shop.example.evil")
	f.Add("null")
	f.Fuzz(func(t *testing.T, origin string) {
		from, err := url.Parse(origin)
		if err != nil {
			return
		}
		if matchOrigin("https://shop.example", from) && (!strings.EqualFold(from.Hostname(), "shop.example") || from.Scheme != "https") {
			t.Fatalf("%q passes for the shop", origin)
		}
	})
}

func FuzzPublicHint(f *testing.F) {
	for _, seed := range []string{`{"kind":"typing","from":"agent"}`, `{"kind":"typing","from":"contact"}`, `{"kind":"presence"}`, `x`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, hint []byte) {
		switch shown := string(publicHint(hint)); shown {
		case "", `{"from":"agent","type":"typing"}`, `{"from":"bot","type":"typing"}`:
		default:
			t.Fatalf("%q shows %s", hint, shown)
		}
	})
}

func FuzzMarkdown(f *testing.F) {
	for _, seed := range []string{"**a**", "<script>", "[a](javascript:b)", "![a](b)", "| a |\n|---|", "<a href='x' onclick=y>", "<<b>script>"} {
		f.Add(seed)
	}

	f.Fuzz(func(t *testing.T, text string) {
		html := strings.ToLower(channels.RenderMarkdown(text))
		for _, bad := range []string{"<script", "<img src=\"http", "<img src=\"//", "<iframe", "<style", "href=\"javascript:", "href=\"data:", "<svg"} {
			if strings.Contains(html, bad) {
				t.Fatalf("%q becomes %q", text, html)
			}
		}
	})
}

func TestAddressOf(t *testing.T) {
	for name, test := range map[string]struct{ remote, forwarded, want string }{
		"itself":                       {"127.0.0.1:5000", "", ""},
		"itself over IPv6":             {"[::1]:5000", "", ""},
		"a visitor":                    {"203.0.113.7:5000", "", "203.0.113.7"},
		"a visitor who lies":           {"203.0.113.7:5000", "1.2.3.4", "203.0.113.7"},
		"behind a proxy":               {"127.0.0.1:5000", "203.0.113.7", "203.0.113.7"},
		"behind a proxy, lying to it":  {"10.0.0.2:5000", "1.2.3.4, 203.0.113.7", "203.0.113.7"},
		"a proxy that writes nonsense": {"10.0.0.2:5000", "unknown", "10.0.0.2"},
		"a household":                  {"[2001:db8:1:2:3:4:5:6]:5000", "", "2001:db8:1:2::/64"},
		"an old address in a new coat": {"[::ffff:203.0.113.7]:5000", "", "203.0.113.7"},
		"something else":               {"pipe", "", "pipe"},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "/", nil)
			r.RemoteAddr = test.remote
			if test.forwarded != "" {
				r.Header.Set("X-Forwarded-For", test.forwarded)
			}
			if got := addressOf(r); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func TestBuckets(t *testing.T) {
	l, now, often := newLimits(), time.Unix(1000, 0), rate{burst: 3, pause: time.Second}
	for i := range 3 {
		if _, ok := l.take(now, "a", often); !ok {
			t.Fatalf("the %dth is refused", i+1)
		}
	}
	if wait, ok := l.take(now, "a", often); ok || wait != time.Second {
		t.Fatalf("the 4th: %v %v", wait, ok)
	}
	if _, ok := l.take(now, "b", often); !ok {
		t.Fatal("another pays for it")
	}
	if _, ok := l.take(now.Add(time.Second), "a", often); !ok {
		t.Fatal("after the wait it is refused again")
	}
	if _, ok := l.take(now.Add(time.Second), "a", often); ok {
		t.Fatal("one pause gives two")
	}
}

func TestBucketsAreBounded(t *testing.T) {
	l, now := newLimits(), time.Unix(1000, 0)
	for i := range maxBuckets + 10 {
		l.take(now, time.Duration(i).String(), rate{burst: 1, pause: time.Hour})
	}
	if len(l.buckets) > maxBuckets {
		t.Fatalf("%d buckets", len(l.buckets))
	}
	l.take(now.Add(2*time.Hour), "later", rate{burst: 1, pause: time.Hour})
	if len(l.buckets) != 1 {
		t.Errorf("%d buckets are kept that are full again", len(l.buckets))
	}
}

func TestAssets(t *testing.T) {
	a := &Adapter{assets: readAssets(fstest.MapFS{"widget.js": {Data: []byte("loader")}, "assets/app-1.js": {Data: []byte("app")}, ".keep": {}, "other.txt": {Data: []byte("x")}})}
	get := func(path string, header ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", path, nil)
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		if path == "/widget.js" {
			a.assets.loader(w, r)
		} else {
			a.router(nil).ServeHTTP(w, r)
		}
		return w
	}
	loader := get("/widget.js")
	if loader.Body.String() != "loader" || loader.Header().Get("Cache-Control") != loaderKept || !strings.Contains(loader.Header().Get("Content-Type"), "javascript") {
		t.Errorf("loader %v %s", loader.Header(), loader.Body)
	}
	if again := get("/widget.js", "If-None-Match", loader.Header().Get("ETag")); again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("unchanged: %d", again.Code)
	}
	if app := get("/chat/assets/app-1.js", "Accept-Encoding", "br, gzip"); app.Header().Get("Content-Encoding") != "gzip" || app.Header().Get("Cache-Control") != appKept {
		t.Errorf("app %v", app.Header())
	}
	for _, path := range []string{"/chat/assets/other.txt", "/chat/assets/", "/chat/assets/../widget.js"} {
		if w := get(path); w.Code != http.StatusNotFound && w.Code != http.StatusTemporaryRedirect && w.Code != http.StatusMovedPermanently {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	if none := (assets{}); true {
		w := httptest.NewRecorder()
		none.loader(w, httptest.NewRequest("GET", "/widget.js", nil))
		if w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "make build") {
			t.Errorf("before it is built: %d %s", w.Code, w.Body)
		}
	}
}
