package admin_test

import (
	"fmt"
	"net/http"
	"testing"

	"huiyin/handoff"
)

func TestUsers(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		boss := h.as(handoff.Owner)
		var team, user struct{ ID int64 }
		boss.do("POST", "/teams", map[string]any{"name": "Network"}).want(http.StatusCreated).into(&team)
		r := boss.do("POST", "/users", map[string]any{"name": "Wang Li", "email": "li@example.com", "role": "agent", "password": "0123456789", "team_ids": []int64{team.ID}})
		r.want(http.StatusCreated).has(fmt.Sprintf(`"team_ids":[%d]`, team.ID), `"active":true`).lacks("hash", "0123456789").into(&user)
		path := fmt.Sprintf("/users/%d", user.ID)
		li := h.signIn("li@example.com", "0123456789")
		boss.do("PATCH", path, map[string]any{"name": "王丽", "role": "lead"}).want(http.StatusOK).has("王丽", `"role":"lead"`, fmt.Sprintf(`"team_ids":[%d]`, team.ID))
		li.do("GET", "/users", nil).want(http.StatusOK).has("王丽", "owner@example.com")
		boss.do("PATCH", path, map[string]any{"password": "another password"}).want(http.StatusOK)
		li.do("GET", "/me", nil).fails(http.StatusUnauthorized, "unauthorized")
		li = h.signIn("li@example.com", "another password")
		boss.do("PATCH", path, map[string]any{"active": false}).want(http.StatusOK).has(`"active":false`)
		li.do("GET", "/me", nil).fails(http.StatusUnauthorized, "unauthorized")
		h.nobody().do("POST", "/session", map[string]string{"email": "li@example.com", "password": "another password"}).fails(http.StatusUnauthorized, "wrong_credentials")
		boss.do("PATCH", fmt.Sprintf("/teams/%d", team.ID), map[string]any{"name": "Field", "member_ids": []int64{}}).want(http.StatusOK).has(`"member_ids":[]`, "Field")
		boss.do("GET", "/teams", nil).want(http.StatusOK).has("Field")
		boss.do("GET", "/audit", nil).want(http.StatusOK).has("user_created", "user_changed", "deactivated", "team_created", "sign_in_failed", `"actor":"owner"`)
	})
}

func TestUsersRefused(t *testing.T) {
	h := open(t)
	boss, admin := h.as(handoff.Owner), h.as(handoff.Administrator)
	user := map[string]any{"name": "Li", "email": "li@example.com", "role": "agent", "password": "0123456789"}
	with := func(key string, value any) map[string]any {
		more := map[string]any{}
		for k, v := range user {
			more[k] = v
		}
		more[key] = value
		return more
	}
	owner, editor := fmt.Sprintf("/users/%d", h.people[handoff.Owner].ID), fmt.Sprintf("/users/%d", h.people[handoff.Editor].ID)
	for _, c := range []struct {
		name         string
		by           *caller
		method, path string
		body         any
		status       int
		code         string
	}{
		{"short password", admin, "POST", "/users", with("password", "123456789"), 422, "invalid"},
		{"address taken", admin, "POST", "/users", with("email", "AGENT@example.com"), 422, "invalid"},
		{"no address", admin, "POST", "/users", with("email", "li"), 422, "invalid"},
		{"no such team", admin, "POST", "/users", with("team_ids", []int64{99}), 422, "invalid"},
		{"an owner by an administrator", admin, "POST", "/users", with("role", "owner"), 403, "forbidden"},
		{"an owner's password by an administrator", admin, "PATCH", owner, map[string]any{"password": "0123456789"}, 403, "forbidden"},
		{"promotion to owner by an administrator", admin, "PATCH", editor, map[string]any{"role": "owner"}, 403, "forbidden"},
		{"an owner by a key", h.key("*"), "POST", "/users", with("role", "owner"), 403, "forbidden"},
		{"the last owner", boss, "PATCH", owner, map[string]any{"role": "agent"}, 422, "invalid"},
		{"oneself", boss, "PATCH", owner, map[string]any{"active": false}, 422, "invalid"},
		{"nobody", boss, "PATCH", "/users/4711", map[string]any{"name": "x"}, 404, "not_found"},
		{"a team without name", boss, "POST", "/teams", map[string]any{"name": " "}, 422, "invalid"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h.t = t
			c.by.do(c.method, c.path, c.body).fails(c.status, c.code)
		})
	}
}

func TestMyOwnAccount(t *testing.T) {
	h := open(t)
	here, elsewhere := h.as(handoff.AgentRole), h.as(handoff.AgentRole)
	here.do("PATCH", "/me", map[string]any{"name": "Anna", "language": "zh", "presence": "away"}).want(http.StatusOK).has("Anna", `"language":"zh"`, `"presence":"away"`)
	here.do("PATCH", "/me", map[string]any{"presence": "offline"}).fails(422, "invalid")
	here.do("PATCH", "/me", map[string]any{"new_password": "0123456789"}).fails(422, "invalid").has("old_password")
	here.do("PATCH", "/me", map[string]any{"new_password": "0123456789", "old_password": "wrong"}).fails(422, "invalid")
	here.do("PATCH", "/me", map[string]any{"new_password": "0123456789", "old_password": password}).want(http.StatusOK)
	here.do("GET", "/me", nil).want(http.StatusOK)
	elsewhere.do("GET", "/me", nil).fails(http.StatusUnauthorized, "unauthorized")
	h.signIn("agent@example.com", "0123456789")
	h.key("*").do("PATCH", "/me", map[string]any{"name": "x"}).fails(http.StatusForbidden, "forbidden")
	h.key("*").do("DELETE", "/session", nil).fails(http.StatusForbidden, "forbidden")
}

func TestAgentsShowPresenceAndLoad(t *testing.T) {
	h := open(t)
	me := h.as(handoff.AgentRole)
	me.do("PATCH", "/me", map[string]any{"presence": "online"}).want(http.StatusOK)
	c := h.queued("a", "hello")
	me.do("POST", fmt.Sprintf("/conversations/%d/claim", c.ID), nil).want(http.StatusOK)
	var agents []struct {
		Name, Presence string
		Open           int
	}
	me.do("GET", "/agents", nil).want(http.StatusOK).into(&agents)
	if len(agents) != 4 {
		t.Fatalf("%d agents; the editor serves nobody", len(agents))
	}
	for _, a := range agents {
		if a.Name == "agent" && (a.Presence != "online" || a.Open != 1) {
			t.Fatalf("%+v", a)
		}
	}
}
