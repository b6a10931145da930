package admin_test

import (
	"net/http"
	"path/filepath"
	"testing"

	"huiyin/admin"
	"huiyin/db/pgtest"
	"huiyin/handoff"
)

func TestSetup(t *testing.T) {
	for name, url := range map[string]string{"sqlite": filepath.Join(t.TempDir(), "x.db"), "postgres": pgtest.URL(t)} {
		t.Run(name, func(t *testing.T) {
			h := empty(t, url, nil)
			h.nobody().do("GET", "/setup", nil).want(http.StatusOK).has(`"needed":true`, `"demo":false`)
			owner := map[string]string{"token": "wrong", "name": "Olga", "email": "olga@example.com", "password": "long enough indeed", "language": "en"}
			h.nobody().do("POST", "/setup", owner).fails(http.StatusForbidden, "forbidden")
			owner["token"] = "open-sesame"
			owner["password"] = "short"
			h.nobody().do("POST", "/setup", owner).fails(http.StatusUnprocessableEntity, "invalid")
			owner["password"] = "long enough indeed"
			r := h.nobody().do("POST", "/setup", owner).want(http.StatusOK).has(`"role":"owner"`, `"language":"en"`)
			r.cookie("huiyin_session")
			h.signIn("olga@example.com", "long enough indeed").do("GET", "/audit", nil).has(`"set_up"`)
			h.nobody().do("GET", "/setup", nil).has(`"needed":false`)
			h.nobody().do("POST", "/setup", owner).fails(http.StatusConflict, "set_up")
		})
	}
}

func TestSetupWithoutTokenIsClosed(t *testing.T) {
	h := empty(t, filepath.Join(t.TempDir(), "x.db"), func(o *admin.Options) { o.SetupToken = "" })
	h.nobody().do("POST", "/setup", map[string]string{"token": "", "name": "O", "email": "o@example.com", "password": "long enough indeed"}).
		fails(http.StatusForbidden, "forbidden")
}

func TestSetupTokenCannotBeGuessed(t *testing.T) {
	h := empty(t, filepath.Join(t.TempDir(), "x.db"), nil)
	for range 40 {
		r := h.nobody().do("POST", "/setup", map[string]string{"token": "x", "name": "O", "email": "o@example.com", "password": "long enough indeed"})
		if r.StatusCode == http.StatusTooManyRequests {
			r.fails(http.StatusTooManyRequests, "throttled")
			if r.Header.Get("Retry-After") == "" {
				t.Fatal("no Retry-After")
			}
			return
		}
	}
	t.Fatal("never throttled")
}

func TestDemoAccountsAreShown(t *testing.T) {
	h := openAt(t, filepath.Join(t.TempDir(), "x.db"), func(o *admin.Options) {
		o.Demo = []admin.DemoAccount{{Email: "agent@example.com", Password: password, Role: handoff.AgentRole}}
	})
	h.nobody().do("GET", "/setup", nil).has(`"demo":true`, `"demo_accounts":[{"email":"agent@example.com"`)
}

func TestNewRefusesAHalfConfiguration(t *testing.T) {
	for _, url := range []string{"", "help.example.com", "://"} {
		if _, err := admin.New(admin.Options{PublicURL: url}); err == nil {
			t.Errorf("%q is taken for a public URL", url)
		}
	}
}
