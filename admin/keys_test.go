package admin_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"huiyin/admin"
	"huiyin/handoff"
)

func TestKeys(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		boss := h.as(handoff.Administrator)
		var made struct {
			Key    string
			APIKey struct {
				ID     int64
				Prefix string
			} `json:"api_key"`
		}
		boss.do("POST", "/api-keys", map[string]any{"name": "crm", "scopes": []string{"listTags", "getContact"}}).want(http.StatusCreated).into(&made)
		if !strings.HasPrefix(made.Key, made.APIKey.Prefix) || len(made.Key) < 40 {
			t.Fatalf("key %+v", made)
		}
		robot := h.nobody().with("Authorization", "Bearer "+made.Key)
		robot.do("GET", "/tags", nil).want(http.StatusOK)
		robot.do("GET", "/teams", nil).fails(http.StatusForbidden, "forbidden")
		boss.do("GET", "/api-keys", nil).want(http.StatusOK).has(made.APIKey.Prefix, "last_used_at").lacks(made.Key)
		boss.do("DELETE", fmt.Sprintf("/api-keys/%d", made.APIKey.ID), nil).want(http.StatusNoContent)
		boss.do("DELETE", fmt.Sprintf("/api-keys/%d", made.APIKey.ID), nil).fails(http.StatusNotFound, "not_found")
		robot.do("GET", "/tags", nil).fails(http.StatusUnauthorized, "unauthorized")
		boss.do("GET", "/audit", nil).has("key_created", "key_revoked", `"detail":"crm"`).lacks(made.Key)
	})
}

func TestKeysRefused(t *testing.T) {
	h := open(t)
	boss := h.as(handoff.Owner)
	for _, scopes := range [][]string{{}, {"fly"}, {"listTags", ""}} {
		boss.do("POST", "/api-keys", map[string]any{"name": "crm", "scopes": scopes}).fails(http.StatusUnprocessableEntity, "invalid")
	}
	boss.do("POST", "/api-keys", map[string]any{"name": " ", "scopes": []string{"*"}}).fails(http.StatusUnprocessableEntity, "invalid")
}

func TestAKeyIsNotKeptForRepeats(t *testing.T) {
	h := open(t)
	boss := h.as(handoff.Owner).with("Idempotency-Key", "once")
	body := map[string]any{"name": "crm", "scopes": []string{"*"}}
	boss.do("POST", "/api-keys", body).want(http.StatusCreated)
	boss.do("POST", "/api-keys", body).fails(http.StatusConflict, "in_progress")
	var stored string
	h.must(h.db.QueryRow(context.Background(), "SELECT response FROM idempotency").Scan(&stored))
	if stored != "" {
		t.Fatal("a key stands in the database")
	}
}

func TestAccountsFromTheCommandLine(t *testing.T) {
	h := open(t)
	ctx := context.Background()
	a := admin.NewAccounts(h.db, h.desk)
	made, err := a.CreateUser(ctx, handoff.Agent{Name: "Li", Email: "li@example.com", Role: handoff.AgentRole}, "0123456789")
	h.must(err)
	me := h.signIn("li@example.com", "0123456789")
	h.must(a.SetPassword(ctx, made.ID, "another password"))
	me.do("GET", "/me", nil).fails(http.StatusUnauthorized, "unauthorized")
	if err := a.SetPassword(ctx, made.ID, "short"); err == nil {
		t.Fatal("a short password is taken")
	}
	if _, err := a.CreateUser(ctx, handoff.Agent{Name: "Li", Email: "li@example.com", Role: handoff.AgentRole}, "0123456789"); err == nil {
		t.Fatal("an address is taken twice")
	}
	if _, _, err := a.CreateKey(ctx, "x", []string{"nothing"}); err == nil {
		t.Fatal("a scope that is none is taken")
	}
}

func TestAKeyGivesNoMoreThanItHas(t *testing.T) {
	h := open(t)
	var made struct{ Key string }
	h.as(handoff.Owner).do("POST", "/api-keys", map[string]any{"name": "maker", "scopes": []string{"createAPIKey", "listTags"}}).want(http.StatusCreated).into(&made)
	robot := h.nobody().with("Authorization", "Bearer "+made.Key)
	for _, scope := range []string{"*", "listUsers"} {
		robot.do("POST", "/api-keys", map[string]any{"name": "more", "scopes": []string{"listTags", scope}}).fails(http.StatusForbidden, "forbidden")
	}
	robot.do("POST", "/api-keys", map[string]any{"name": "less", "scopes": []string{"listTags"}}).want(http.StatusCreated)
}
