package admin_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

func TestPreviewOfSettingsThatAreNotSaved(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		boss := h.as(handoff.Administrator)
		var made struct{ ID int64 }
		boss.do("POST", "/inboxes", map[string]any{"kind": "page", "name": "Shop", "settings": map[string]string{"greeting": "Hi", "token": "s3cret"}}).want(http.StatusCreated).
			has(`"page_url":"https://help.example.com/chat/`).into(&made)
		preview := func(body map[string]any) *answer { return boss.do("POST", "/inboxes/preview", body) }
		preview(map[string]any{"kind": "page", "id": made.ID, "language": "zh-TW", "settings": map[string]string{"greeting": "Welcome", "token": channels.Mask}}).
			want(http.StatusOK).has(`"language":"zh-TW"`, `"greeting":"Welcome"`).lacks("s3cret")
		preview(map[string]any{"kind": "page", "settings": map[string]string{"greeting": "New"}}).want(http.StatusOK).has(`"greeting":"New"`).lacks("Welcome")
		preview(map[string]any{"kind": "page", "id": made.ID, "settings": map[string]string{"theme": "pink"}}).fails(http.StatusUnprocessableEntity, "invalid").has("settings.theme")
		preview(map[string]any{"kind": "page", "id": 99, "settings": map[string]string{}}).fails(http.StatusNotFound, "not_found")
		preview(map[string]any{"kind": "hook", "settings": map[string]string{}}).fails(http.StatusUnprocessableEntity, "invalid")
		preview(map[string]any{"kind": "pigeon", "settings": map[string]string{}}).fails(http.StatusUnprocessableEntity, "invalid")
		boss.do("GET", fmt.Sprintf("/inboxes/%d", made.ID), nil).has(`"greeting":"Hi"`)
		h.as(handoff.AgentRole).do("POST", "/inboxes/preview", map[string]any{"kind": "page", "settings": map[string]string{}}).want(http.StatusForbidden)
	})
}

func TestRatingsAreShown(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me := h.as(handoff.AgentRole)
		c := h.says("visitor-1", "hello")
		path := fmt.Sprintf("/conversations/%d", c.ID)
		me.do("GET", path, nil).want(http.StatusOK).has(`"contact_online":false`).lacks(`"rating"`)
		watch := h.options.Live.Subscribe(channels.Topic(h.inbox.ID, "visitor-1"))
		me.do("GET", path, nil).has(`"contact_online":true`)
		watch.Close()
		h.tx(func(tx *db.Tx) error {
			ctx := context.Background()
			loaded, err := h.store.Load(ctx, tx, c.ID)
			if err != nil {
				return err
			}
			loaded.Status = conversation.Resolved
			if err := h.store.Save(ctx, tx, loaded); err != nil {
				return err
			}
			return h.store.Rate(ctx, tx, loaded, conversation.Rating{Score: 4, Comment: "quick", Reason: "solved"})
		})
		for _, list := range []string{path, fmt.Sprintf("/contacts/%d/conversations", c.ContactID), "/conversations?view=resolved"} {
			me.do("GET", list, nil).want(http.StatusOK).has(`"rating":{"at":`, `"comment":"quick"`, `"reason":"solved"`, `"score":4`)
		}
	})
}
