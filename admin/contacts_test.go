package admin_test

import (
	"fmt"
	"net/http"
	"testing"

	"huiyin/handoff"
)

func TestContacts(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me := h.as(handoff.AgentRole)
		c := h.says("visitor-1", "hello")
		path := fmt.Sprintf("/contacts/%d", c.ContactID)
		me.do("GET", path, nil).want(http.StatusOK).has(`"address":"visitor-1"`, `"phone":"13800000000"`, `"inbox_name":"Site"`, `"last_seen_at"`, `"attributes":{}`)
		me.do("PATCH", path, map[string]any{"name": "王丽", "attributes": map[string]string{"tier": "gold", "city": "上海"}}).
			want(http.StatusOK).has("王丽", `"tier":"gold"`, `"phone":"13800000000"`)
		me.do("PATCH", path, map[string]any{"attributes": map[string]string{"city": ""}, "phone": ""}).want(http.StatusOK).has(`"attributes":{"tier":"gold"}`).lacks("13800000000")
		me.do("GET", fmt.Sprintf("/conversations/%d", c.ID), nil).has(`"name":"王丽"`)
		me.do("GET", path+"/conversations", nil).want(http.StatusOK).has(fmt.Sprintf(`"id":%d`, c.ID))
		me.do("GET", "/contacts/4711", nil).fails(http.StatusNotFound, "not_found")
		many := map[string]string{}
		for i := range 51 {
			many[fmt.Sprint("key", i)] = "x"
		}
		me.do("PATCH", path, map[string]any{"attributes": many}).fails(http.StatusUnprocessableEntity, "invalid")
		me.do("PATCH", path, map[string]any{"manager_id": h.people[handoff.AgentRole].ID}).want(http.StatusOK).has(`"manager":{"id":`)
		me.do("PATCH", path, map[string]any{"name": "王丽"}).want(http.StatusOK).has(`"manager":{"id":`)
		me.do("PATCH", path, map[string]any{"manager_id": 4711}).fails(http.StatusUnprocessableEntity, "invalid")
		me.do("PATCH", path, map[string]any{"manager_id": h.people[handoff.Editor].ID}).fails(http.StatusUnprocessableEntity, "invalid")
		me.do("PATCH", path, map[string]any{"manager_id": 0}).want(http.StatusOK).lacks("manager")
		me.do("PATCH", path, map[string]any{"email": "li@example.com"}).want(http.StatusOK).has(`"email":"li@example.com"`)
	})
}

func TestCannedReplies(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		lead, agent := h.as(handoff.Lead), h.as(handoff.AgentRole)
		var made struct{ ID int64 }
		lead.do("POST", "/canned-replies", map[string]any{"shortcut": "hi", "title": "Greeting", "text": "Hello!", "language": "en"}).want(http.StatusCreated).into(&made)
		path := fmt.Sprintf("/canned-replies/%d", made.ID)
		agent.do("GET", "/canned-replies", nil).want(http.StatusOK).has(`"shortcut":"hi"`, `"language":"en"`)
		lead.do("POST", "/canned-replies", map[string]any{"shortcut": "hi", "title": "Greeting", "text": "Hi!", "language": "en"}).fails(http.StatusUnprocessableEntity, "invalid")
		lead.do("PATCH", path, map[string]any{"shortcut": "hello", "title": "Greeting", "text": "Hello there!"}).want(http.StatusOK).has("Hello there!", `"language":""`)
		lead.do("DELETE", path, nil).want(http.StatusNoContent)
		lead.do("DELETE", path, nil).fails(http.StatusNotFound, "not_found")
		agent.do("GET", "/canned-replies", nil).has("[]")
	})
}
