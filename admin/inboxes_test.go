package admin_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"huiyin/channels"
	"huiyin/handoff"
)

func TestInboxes(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		boss, agent := h.as(handoff.Administrator), h.as(handoff.AgentRole)
		var made struct{ ID int64 }
		boss.do("POST", "/inboxes", map[string]any{"kind": "page", "name": "Shop", "settings": map[string]string{"greeting": "Hi", "token": "s3cret"}}).
			want(http.StatusCreated).has(`"bot":true`, channels.Mask, `"greeting":"Hi"`, `data-inbox=`).lacks("s3cret", "callback_url").into(&made)
		path := fmt.Sprintf("/inboxes/%d", made.ID)
		boss.do("GET", path, nil).want(http.StatusOK).has(channels.Mask, `https://help.example.com/widget.js`).lacks("s3cret")
		var settings, sealed string
		h.must(h.db.QueryRow(context.Background(), "SELECT settings, secrets FROM inboxes WHERE id = ?", made.ID).Scan(&settings, &sealed))
		if strings.Contains(settings+sealed, "s3cret") || sealed == "" {
			t.Fatalf("the secret stands open: %s %s", settings, sealed)
		}
		boss.do("PATCH", path, map[string]any{"name": "Shop 2", "bot": false, "settings": map[string]string{"greeting": "Hello", "token": channels.Mask}}).
			want(http.StatusOK).has("Shop 2", `"bot":false`, "Hello", channels.Mask)
		inbox, err := h.store.Inbox(context.Background(), h.db, made.ID)
		h.must(err)
		if inbox, err = h.options.Vault.Open(inbox); err != nil || inbox.Settings["token"] != "s3cret" {
			t.Fatalf("%v, %v", inbox.Settings, err)
		}
		agent.do("GET", "/inboxes", nil).want(http.StatusOK).has("Shop 2").lacks("Hello", channels.Mask, "embed", "settings")
		boss.do("GET", "/inboxes", nil).has("Hello", channels.Mask)
		boss.do("DELETE", path, nil).want(http.StatusNoContent)
		boss.do("GET", path, nil).fails(http.StatusNotFound, "not_found")
		boss.do("DELETE", path, nil).fails(http.StatusNotFound, "not_found")
		boss.do("GET", "/audit", nil).has("inbox_created", "inbox_changed", "inbox_archived").lacks("s3cret", "Hello")
	})
}

func TestInboxesRefused(t *testing.T) {
	h := open(t)
	boss := h.as(handoff.Owner)
	for _, c := range []struct {
		body  map[string]any
		field string
	}{
		{map[string]any{"kind": "pigeon", "name": "x"}, "kind"},
		{map[string]any{"kind": "page", "name": " "}, "name"},
		{map[string]any{"kind": "page", "name": "x", "team_id": 9}, "team_id"},
		{map[string]any{"kind": "hook", "name": "x"}, "settings.app_id"},
		{map[string]any{"kind": "page", "name": "x", "settings": map[string]string{"theme": "pink"}}, "settings.theme"},
		{map[string]any{"kind": "page", "name": "x", "settings": map[string]string{"nothing": "x"}}, "settings.nothing"},
	} {
		boss.do("POST", "/inboxes", c.body).fails(http.StatusUnprocessableEntity, "invalid").has(`"field":"` + c.field + `"`)
	}
	boss.do("POST", "/inboxes", map[string]any{"kind": "hook", "name": "x", "settings": map[string]string{"app_id": "wx1"}}).
		want(http.StatusCreated).has(`"callback_url":"https://help.example.com/hooks/`).lacks("embed")
	boss.do("GET", "/inbox-kinds", nil).want(http.StatusOK).has(`"kind":"hook"`, `"webhook":true`, `"webhook":false`, `"secret":true`, `"value":"dark"`)
}
