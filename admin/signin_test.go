package admin_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"huiyin/handoff"
)

func TestSignIn(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		r := h.nobody().do("POST", "/session", map[string]string{"email": " Agent@example.com ", "password": password})
		r.want(http.StatusOK).has(`"role":"agent"`, `"listConversations"`).lacks(`"createUser"`)
		c := r.cookie("huiyin_session")
		if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || len(c.Value) < 40 {
			t.Fatalf("cookie %+v", c)
		}
		me := h.as(handoff.AgentRole)
		me.do("GET", "/me", nil).want(http.StatusOK).has(`"email":"agent@example.com"`)
		me.do("DELETE", "/session", nil).want(http.StatusNoContent)
		me.do("GET", "/me", nil).fails(http.StatusUnauthorized, "unauthorized")
	})
}

func TestSignInRefusesAlike(t *testing.T) {
	h := open(t)
	unknown := h.nobody().do("POST", "/session", map[string]string{"email": "nobody@example.com", "password": password})
	wrong := h.nobody().do("POST", "/session", map[string]string{"email": "agent@example.com", "password": "something else"})
	unknown.fails(http.StatusUnauthorized, "wrong_credentials")
	if string(unknown.text) != string(wrong.fails(http.StatusUnauthorized, "wrong_credentials").text) {
		t.Fatalf("%s and %s tell who has an account", unknown.text, wrong.text)
	}
	if strings.Contains(h.log.String(), "example.com") {
		t.Fatal("an address is in the log")
	}
}

func TestSessionsEnd(t *testing.T) {
	h := open(t)
	idle, used := h.as(handoff.AgentRole), h.as(handoff.AgentRole)
	for range 3 {
		h.clock.move(5 * time.Hour)
		used.do("GET", "/me", nil).want(http.StatusOK)
	}
	idle.do("GET", "/me", nil).fails(http.StatusUnauthorized, "unauthorized")
	for range 40 {
		h.clock.move(5 * time.Hour)
		if used.do("GET", "/me", nil).StatusCode != http.StatusOK {
			return
		}
	}
	t.Fatal("a session that is used never ends")
}
