package admin

import (
	"net/http"
	"strings"
	"testing"

	"huiyin/admin/api"
	"huiyin/conversation"
)

func TestOrigins(t *testing.T) {
	s := &Server{origin: "https://help.example.com"}
	r, err := http.NewRequest("POST", "http://10.0.0.5:8080/api/v1/me", nil)
	if err != nil {
		t.Fatal(err)
	}
	for origin, want := range map[string]bool{
		"https://help.example.com":              true,
		"http://10.0.0.5:8080":                  true,
		"http://10.0.0.5":                       false,
		"http://help.example.com":               false,
		"https://help.example.com.evil.example": false,
		"https://evil.example":                  false,
		"null":                                  false,
		"//10.0.0.5:8080":                       false,
	} {
		if s.ours(r, origin) != want {
			t.Errorf("%s: %v", origin, !want)
		}
	}
}

func TestPeers(t *testing.T) {
	for address, want := range map[string]string{"1.2.3.4:5": "1.2.3.4", "[::1]:5": "::1", "@": "@", "": ""} {
		if got := peer(&http.Request{RemoteAddr: address}); got != want {
			t.Errorf("%q: %q", address, got)
		}
	}
}

func TestCookies(t *testing.T) {
	for url, secure := range map[string]bool{"https://help.example.com": true, "http://localhost:8080": false} {
		s := &Server{Options: Options{PublicURL: url}}
		c := s.cookie("secret")
		if c.Secure != secure || !c.HttpOnly || c.MaxAge != 7*24*3600 || c.SameSite != http.SameSiteLaxMode {
			t.Errorf("%s: %+v", url, c)
		}
		if gone := s.cookie(""); gone.MaxAge >= 0 || gone.Name != c.Name || gone.Path != c.Path {
			t.Errorf("%s: %+v", url, gone)
		}
	}
}

func TestSecrets(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		s, err := newSecret()
		if err != nil || len(s) != 43 || seen[s] {
			t.Fatalf("%q, %v", s, err)
		}
		seen[s] = true
		if hash := secretHash(s); len(hash) != 64 || strings.Contains(hash, s) {
			t.Fatalf("hash %q", hash)
		}
	}
}

func TestWhatIsShownInPlace(t *testing.T) {
	for kind, want := range map[string]bool{
		"image/png":                 true,
		"image/jpeg":                true,
		"image/gif":                 true,
		"image/webp":                true,
		"image/svg+xml":             false,
		"image/svg+xml; charset=x":  false,
		"application/pdf":           true,
		"audio/mpeg":                true,
		"video/mp4":                 true,
		"text/html; charset=utf-8":  false,
		"text/plain; charset=utf-8": false,
		"text/xml; charset=utf-8":   false,
		"application/octet-stream":  false,
		"application/zip":           false,
		"":                          false,
	} {
		if shownInPlace(kind) != want {
			t.Errorf("%s: %v", kind, !want)
		}
	}
}

func TestDispositions(t *testing.T) {
	for _, c := range []struct{ name, kind, want string }{
		{"bill.png", "image/png", `inline; filename=bill.png`},
		{"my bill.zip", "application/zip", `attachment; filename="my bill.zip"`},
		{"账单.pdf", "application/pdf", `inline; filename*=utf-8''%E8%B4%A6%E5%8D%95.pdf`},
		{`a";x=".html`, "text/html; charset=utf-8", `attachment; filename="a\";x=\".html"`},
	} {
		if got := disposition(conversation.Attachment{Name: c.name, Type: c.kind}); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	if policy := securityPolicy(conversation.Attachment{Type: "text/html; charset=utf-8"}); !strings.HasPrefix(policy, "sandbox; default-src 'none'") {
		t.Error(policy)
	}
	if policy := securityPolicy(conversation.Attachment{Type: "application/pdf"}); strings.Contains(policy, "sandbox") {
		t.Error("a PDF would not open")
	}
}

func TestWhatAStreamIs(t *testing.T) {
	for _, c := range []struct {
		name, header, value string
		want                bool
	}{
		{"a browser's EventSource", "Accept", "text/event-stream", true},
		{"one among others", "Accept", "application/json, text/event-stream;q=0.5", true},
		{"an upgrade", "Upgrade", "WebSocket", true},
		{"another upgrade", "Upgrade", "h2c", false},
		{"a page", "Accept", "*/*", false},
	} {
		r := &http.Request{Header: http.Header{c.header: {c.value}}}
		if streams(r) != c.want {
			t.Errorf("%s: %v", c.name, !c.want)
		}
	}
}

func TestWhereAStreamStarts(t *testing.T) {
	seven := int64(7)
	for _, c := range []struct {
		name   string
		after  *int64
		header string
		n      int64
		given  bool
		fails  bool
	}{
		{"now", nil, "", 0, false, false},
		{"after a number", &seven, "", 7, true, false},
		{"after what the browser saw last, whatever the address says", &seven, "9", 9, true, false},
		{"after no number", nil, "x", 0, false, true},
		{"before the beginning", nil, "-1", 0, false, true},
	} {
		r := &http.Request{Header: http.Header{}}
		if c.header != "" {
			r.Header.Set("Last-Event-ID", c.header)
		}
		n, given, err := startOf(c.after, r)
		if n != c.n || given != c.given || (err != nil) != c.fails {
			t.Errorf("%s: %d, %v, %v", c.name, n, given, err)
		}
	}
}

func TestChangesAreNamedWithoutTheirValues(t *testing.T) {
	name, password, active := "Anna", "a secret", false
	role := api.Role("lead")
	got := changes(&api.UserPatch{Name: &name, Password: &password, Active: &active, Role: &role, TeamIds: []int64{1}})
	if got != "name, role=lead, deactivated, password, teams" {
		t.Error(got)
	}
	active = true
	if got := changes(&api.UserPatch{Active: &active}); got != "activated" {
		t.Error(got)
	}
	if got := changedSettings(&api.InboxPatch{Settings: map[string]string{"token": "s3cret"}}); got != "token" {
		t.Error(got)
	}
}

func TestContactAttributes(t *testing.T) {
	c := conversation.Contact{Name: "Li", Attributes: map[string]string{"tier": "gold", "city": "上海"}}
	before := c.Attributes
	if err := layAttributes(&c, map[string]string{"city": "", "": "x", "plan": "5G"}); err != nil {
		t.Fatal(err)
	}
	if len(c.Attributes) != 2 || c.Attributes["plan"] != "5G" || c.Attributes["tier"] != "gold" || c.Name != "Li" {
		t.Errorf("%+v", c)
	}
	if len(before) != 2 || before["city"] != "上海" {
		t.Error("what was read is changed")
	}
}

func TestLabelsThatDiffer(t *testing.T) {
	for _, c := range []struct{ list, other, want []string }{
		{[]string{"a", "b"}, []string{"b"}, []string{"a"}},
		{[]string{"a"}, nil, []string{"a"}},
		{nil, []string{"a"}, nil},
		{[]string{"a"}, []string{"a"}, nil},
	} {
		if got := without(c.list, c.other); strings.Join(got, " ") != strings.Join(c.want, " ") {
			t.Errorf("%v without %v: %v", c.list, c.other, got)
		}
	}
}
