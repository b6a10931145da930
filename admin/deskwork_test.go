package admin_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

type rows struct {
	Results []struct {
		ID           int64
		OK           bool
		Code, Detail string
	}
}

// ofTeam gives a conversation to a team that nobody but owner and administrator belongs to.
func (h *house) ofTeam(c *conversation.Conversation) {
	h.t.Helper()
	h.tx(func(tx *db.Tx) error {
		team, err := h.desk.CreateTeam(context.Background(), tx, handoff.Team{Name: fmt.Sprint("Others ", c.ID)})
		if err != nil {
			return err
		}
		loaded, err := h.store.Load(context.Background(), tx, c.ID)
		if err != nil {
			return err
		}
		loaded.TeamID = team.ID
		return h.store.Save(context.Background(), tx, loaded)
	})
}

func TestBulk(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me, lead := h.as(handoff.AgentRole), h.as(handoff.Lead)
		a, b, hidden, theirs := h.queued("a", "x"), h.queued("b", "x"), h.queued("c", "x"), h.queued("d", "x")
		h.ofTeam(hidden)
		lead.do("POST", fmt.Sprintf("/conversations/%d/claim", theirs.ID), nil).want(http.StatusOK)
		ids := []int64{a.ID, b.ID, hidden.ID, theirs.ID, a.ID, 999}
		body := map[string]any{"ids": ids, "actions": []any{map[string]any{"kind": "tag", "tags": []string{"bulk"}}, map[string]any{"kind": "resolve"}}}
		again := me.with("Idempotency-Key", "once")
		for range 2 {
			var got rows
			again.do("POST", "/conversations/bulk", body).want(http.StatusOK).lacks("Customer c").into(&got)
			want := map[int64]string{a.ID: "", b.ID: "", hidden.ID: "not_found", theirs.ID: "owned_by_other", 999: "not_found"}
			for _, r := range got.Results {
				if r.Code != want[r.ID] || r.OK != (r.Code == "") || !r.OK && r.Detail == "" {
					t.Errorf("%+v, want %q", r, want[r.ID])
				}
			}
			if len(got.Results) != 5 {
				t.Errorf("%+v", got)
			}
		}
		for id, tags := range map[int64]string{a.ID: `"tags":["bulk"]`, theirs.ID: `"tags":[]`} {
			lead.do("GET", fmt.Sprintf("/conversations/%d", id), nil).want(http.StatusOK).has(tags)
		}
		me.do("POST", "/conversations/bulk", map[string]any{"ids": []int64{}, "actions": body["actions"]}).fails(http.StatusUnprocessableEntity, "invalid")
		me.do("POST", "/conversations/bulk", map[string]any{"ids": ids, "actions": []any{map[string]any{"kind": "tag"}}}).fails(http.StatusUnprocessableEntity, "invalid")
		me.do("POST", "/conversations/bulk", map[string]any{"ids": make([]int64, 101), "actions": body["actions"]}).fails(http.StatusUnprocessableEntity, "invalid")
	})
}

func TestLaterOverTheAPI(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me, lead, editorial := h.as(handoff.AgentRole), h.as(handoff.Lead), h.as(handoff.Owner)
		c := h.queued("a", "x")
		path := fmt.Sprintf("/conversations/%d/later", c.ID)
		var l struct{ ID int64 }
		me.do("POST", path, map[string]any{"text": " hello ", "undo_seconds": 5, "client_id": "u1"}).want(http.StatusCreated).has(`"undo":true`, `"state":"waiting"`, `"text":"hello"`).into(&l)
		lead.do("GET", path, nil).want(http.StatusOK).has("hello")
		lead.do("POST", fmt.Sprintf("/conversations/%d/messages", c.ID), map[string]any{"text": "me too"}).fails(http.StatusConflict, "owned_by_other")
		me.do("DELETE", fmt.Sprintf("%s/%d", path, l.ID), nil).want(http.StatusOK).has(`"withdrawn"`)
		me.do("DELETE", fmt.Sprintf("%s/%d", path, l.ID), nil).fails(http.StatusConflict, "gone")
		me.do("POST", path, map[string]any{"text": "see you", "send_at": h.clock.now().Add(time.Hour)}).want(http.StatusCreated).into(&l)
		me.do("GET", "/later", nil).want(http.StatusOK).has("see you")
		me.do("PATCH", fmt.Sprintf("%s/%d", path, l.ID), map[string]any{"text": "see you soon", "now": true}).want(http.StatusOK)
		me.do("GET", fmt.Sprintf("/conversations/%d/messages", c.ID), nil).has("see you soon", `"activity":"scheduled"`).lacks("hello")
		me.do("GET", path, nil).want(http.StatusOK).has("[]")
		me.do("POST", path, map[string]any{"text": "x", "send_at": h.clock.now().Add(-time.Hour)}).fails(http.StatusUnprocessableEntity, "invalid")
		me.do("POST", path, map[string]any{"text": "x", "undo_seconds": 99}).fails(http.StatusUnprocessableEntity, "invalid")
		h.ofTeam(h.queued("b", "x"))
		h.key("*").do("GET", path, nil).want(http.StatusOK)
		editorial.do("GET", path, nil).want(http.StatusOK)
	})
}

func TestACollisionIsStoppedAtSend(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me, lead := h.as(handoff.AgentRole), h.as(handoff.Lead)
		c := h.queued("a", "x")
		path := fmt.Sprintf("/conversations/%d", c.ID)
		me.do("POST", path+"/messages", map[string]any{"text": "I have it", "last_seq": 1}).want(http.StatusCreated)
		lead.do("POST", path+"/claim", map[string]any{"take_over": true}).want(http.StatusOK)
		for _, way := range []string{"/messages", "/later"} {
			lead.do("POST", path+way, map[string]any{"text": "no, I", "last_seq": 1, "undo_seconds": 5}).want(map[string]int{"/messages": 422, "/later": 409}[way])
		}
		lead.do("POST", path+"/messages", map[string]any{"text": "no, I", "last_seq": 1}).fails(http.StatusConflict, "newer_reply").has(`"newer":[`, "I have it")
		var last struct {
			LastSeq int64 `json:"last_seq"`
		}
		lead.do("GET", path, nil).into(&last)
		lead.do("POST", path+"/messages", map[string]any{"text": "no, I", "last_seq": last.LastSeq}).want(http.StatusCreated)
	})
}

func TestDraftsOfTwoDevices(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me, lead := h.as(handoff.AgentRole), h.as(handoff.Lead)
		c, hidden := h.queued("a", "x"), h.queued("b", "x")
		h.ofTeam(hidden)
		path := fmt.Sprintf("/conversations/%d/drafts", c.ID)
		save := func(text string, version int) *answer {
			return me.do("PUT", path, map[string]any{"kind": "reply", "text": text, "version": version})
		}
		save("one", 0).want(http.StatusOK).has(`"version":1`)
		save("two", 1).want(http.StatusOK).has(`"version":2`)
		save("from the phone", 1).fails(http.StatusConflict, "draft_changed").has(`"text":"two"`, `"version":2`)
		save("first", 0).fails(http.StatusConflict, "draft_changed")
		me.do("GET", path, nil).want(http.StatusOK).has("two")
		lead.do("GET", path, nil).want(http.StatusOK).lacks("two")
		me.do("GET", "/drafts", nil).want(http.StatusOK).has("two")
		save("", 2).want(http.StatusOK)
		me.do("GET", "/drafts", nil).want(http.StatusOK).has("[]")
		me.do("PUT", fmt.Sprintf("/conversations/%d/drafts", hidden.ID), map[string]any{"kind": "reply", "text": "x", "version": 0}).fails(http.StatusNotFound, "not_found")
		me.do("PUT", path, map[string]any{"kind": "poem", "text": "x", "version": 0}).fails(http.StatusUnprocessableEntity, "invalid")
		h.key("*").do("PUT", path, map[string]any{"kind": "reply", "text": "x", "version": 0}).fails(http.StatusForbidden, "forbidden")
	})
}

func TestSavedViews(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me, lead := h.as(handoff.AgentRole), h.as(handoff.Lead)
		en, hidden := h.queued("a", "x"), h.queued("b", "x")
		me.do("PATCH", fmt.Sprintf("/conversations/%d", en.ID), map[string]any{"tags": []string{"vip"}}).want(http.StatusOK)
		me.do("PATCH", fmt.Sprintf("/conversations/%d", hidden.ID), map[string]any{"tags": []string{"vip"}}).want(http.StatusOK)
		h.ofTeam(hidden)
		view := map[string]any{"name": " VIP  open ", "criteria": map[string]any{"tags": []string{"vip"}, "status": []string{"open"}}, "sort": "waiting"}
		var v struct{ ID int64 }
		me.do("POST", "/views", view).want(http.StatusCreated).has(`"audience":"private"`, `"name":"VIP open"`, `"editable":true`).into(&v)
		var l listed
		me.do("GET", fmt.Sprintf("/conversations?saved=%d", v.ID), nil).want(http.StatusOK).into(&l)
		if len(l.Items) != 1 || l.Items[0].ID != en.ID {
			t.Errorf("%+v", l)
		}
		me.do("GET", `/conversations?sort=priority&filter=%7B%22tags%22%3A%5B%22vip%22%5D%7D`, nil).want(http.StatusOK).has("Customer a").lacks("Customer b")
		me.do("GET", "/conversations/counts", nil).want(http.StatusOK).has(fmt.Sprintf(`"saved":[{"id":%d,"total":1,"unread":1}]`, v.ID))
		lead.do("GET", "/views", nil).want(http.StatusOK).has("[]")
		lead.do("GET", fmt.Sprintf("/conversations?saved=%d", v.ID), nil).fails(http.StatusNotFound, "not_found")
		lead.do("DELETE", fmt.Sprintf("/views/%d", v.ID), nil).fails(http.StatusNotFound, "not_found")
		view["audience"] = "all"
		me.do("POST", "/views", view).fails(http.StatusForbidden, "forbidden")
		lead.do("POST", "/views", view).want(http.StatusCreated).into(&v)
		me.do("GET", "/views", nil).want(http.StatusOK).has(`"editable":false`)
		me.do("PUT", fmt.Sprintf("/views/%d", v.ID), view).fails(http.StatusForbidden, "forbidden")
		view["name"] = "Everybody's"
		lead.do("PUT", fmt.Sprintf("/views/%d", v.ID), view).want(http.StatusOK).has("Everybody's")
		lead.do("DELETE", fmt.Sprintf("/views/%d", v.ID), nil).want(http.StatusNoContent)
		for _, bad := range []string{"filter=%7B", "filter=%7B%22x%22%3A1%7D", "sort=size", "saved=1&filter=%7B%7D"} {
			if got := me.do("GET", "/conversations?"+bad, nil); got.StatusCode != http.StatusUnprocessableEntity && got.StatusCode != http.StatusNotFound {
				t.Errorf("%s: %d", bad, got.StatusCode)
			}
		}
		view["audience"], view["team_id"] = "team", 999
		lead.do("POST", "/views", view).fails(http.StatusUnprocessableEntity, "invalid")
	})
}

func TestMentionsReachThoseWhoMaySee(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me, ctx := h.as(handoff.AgentRole), context.Background()
		c := h.queued("a", "x")
		h.tx(func(tx *db.Tx) error { // everybody is in a team that the note names too
			var ids []int64
			for _, a := range h.people {
				ids = append(ids, a.ID)
			}
			_, err := h.desk.CreateTeam(ctx, tx, handoff.Team{Name: "All", MemberIDs: ids})
			return err
		})
		note := map[string]any{"text": "@lead please look", "private": true, "client_id": "n1", "mention_agents": []int64{h.people[handoff.Lead].ID, h.people[handoff.AgentRole].ID, 999}, "mention_teams": []int64{1}}
		for range 2 {
			me.do("POST", fmt.Sprintf("/conversations/%d/messages", c.ID), note).want(http.StatusCreated)
		}
		for role, want := range map[handoff.Role]int{handoff.Lead: 1, handoff.Owner: 1, handoff.AgentRole: 0, handoff.Editor: 0} {
			list, err := h.server.Notices(ctx, h.db, h.people[role].ID, 0, 10)
			if err != nil || len(list) != want {
				t.Errorf("%s: %+v, %v", role, list, err)
			}
		}
		lead := h.people[handoff.Lead].ID
		list, _ := h.server.Notices(ctx, h.db, lead, 0, 10)
		if n := list[0]; n.Kind != "mention" || n.ConversationID != c.ID || n.Seq == 0 || !n.ReadAt.IsZero() {
			t.Errorf("%+v", n)
		}
		h.tx(func(tx *db.Tx) error { return h.server.ReadNotices(ctx, tx, lead, list[0].ID) })
		if list, _ = h.server.Notices(ctx, h.db, lead, 0, 10); list[0].ReadAt.IsZero() {
			t.Error("still unread")
		}
	})
}

func TestMacros(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me, lead := h.as(handoff.AgentRole), h.as(handoff.Lead)
		macro := map[string]any{"shortcut": "refund", "title": "Refund", "text": "Dear {{customer.name}}", "actions": []any{map[string]any{"kind": "tag", "tags": []string{"refund"}}}}
		var m struct{ ID int64 }
		me.do("POST", "/canned-replies", macro).want(http.StatusCreated).has(`"audience":"private"`, `"kind":"tag"`).into(&m)
		lead.do("POST", "/canned-replies", macro).want(http.StatusCreated).has(`"audience":"all"`)
		lead.do("POST", "/canned-replies", macro).fails(http.StatusUnprocessableEntity, "invalid")
		lead.do("GET", "/canned-replies", nil).want(http.StatusOK).lacks(`"private"`)
		lead.do("DELETE", fmt.Sprintf("/canned-replies/%d", m.ID), nil).fails(http.StatusNotFound, "not_found")
		me.do("POST", fmt.Sprintf("/canned-replies/%d/used", m.ID), nil).want(http.StatusNoContent)
		me.do("GET", "/canned-replies", nil).want(http.StatusOK).has(`"uses":1`, `"audience":"all"`)
		macro["audience"] = "all"
		me.do("PATCH", fmt.Sprintf("/canned-replies/%d", m.ID), macro).fails(http.StatusForbidden, "forbidden")
		macro["audience"], macro["text"] = "private", ""
		me.do("PATCH", fmt.Sprintf("/canned-replies/%d", m.ID), macro).want(http.StatusOK)
		macro["actions"] = []any{}
		me.do("PATCH", fmt.Sprintf("/canned-replies/%d", m.ID), macro).fails(http.StatusUnprocessableEntity, "invalid")
		me.do("DELETE", fmt.Sprintf("/canned-replies/%d", m.ID), nil).want(http.StatusNoContent)
		c := h.queued("a", "x")
		me.do("POST", fmt.Sprintf("/conversations/%d/messages", c.ID), map[string]any{"text": "done", "actions": []any{map[string]any{"kind": "tag", "tags": []string{"refund"}},
			map[string]any{"kind": "snooze", "text": "money is on its way"}}}).want(http.StatusCreated)
		me.do("GET", fmt.Sprintf("/conversations/%d", c.ID), nil).has(`"tags":["refund"]`, `"status":"snoozed"`, `"snooze_reason":"money is on its way"`).lacks("snoozed_until")
	})
}

func TestTagsAreRenamedAndMerged(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		boss := h.as(handoff.Owner)
		a, b := h.queued("a", "x"), h.queued("b", "x")
		for c, tags := range map[*conversation.Conversation][]string{a: {"bil"}, b: {"bil", "bill"}} {
			boss.do("PATCH", fmt.Sprintf("/conversations/%d", c.ID), map[string]any{"tags": tags}).want(http.StatusOK)
		}
		boss.do("POST", "/tags", map[string]any{"tag": "new"}).want(http.StatusNoContent)
		boss.do("POST", "/tags/rename", map[string]any{"tag": "bil", "to": "bill"}).want(http.StatusOK).has(`"changed":2`)
		boss.do("GET", "/tags/usage", nil).want(http.StatusOK).has(`{"tag":"bill","uses":2}`, `{"tag":"new","uses":0}`)
		boss.do("POST", "/tags/rename", map[string]any{"tag": "bill", "to": "bill"}).want(http.StatusOK).has(`"changed":0`)
		boss.do("POST", "/tags/rename", map[string]any{"tag": "bill", "to": ""}).want(http.StatusOK)
		boss.do("GET", "/tags", nil).want(http.StatusOK).has(`["new"]`)
		boss.do("POST", "/tags/rename", map[string]any{"tag": "new", "to": strings.Repeat("x", 51)}).fails(http.StatusUnprocessableEntity, "invalid")
		boss.do("GET", "/audit", nil).has("tag_renamed")
	})
}

func TestMergeAndSnoozeOverTheAPI(t *testing.T) {
	h := open(t)
	me := h.as(handoff.AgentRole)
	a, b := h.queued("a", "x"), h.queued("b", "x")
	merge := func(into int64) *answer {
		return me.do("POST", fmt.Sprintf("/conversations/%d/merge", b.ID), map[string]any{"into": into})
	}
	merge(a.ID).fails(http.StatusUnprocessableEntity, "invalid").has("another customer")
	h.tx(func(tx *db.Tx) error {
		_, err := tx.Exec(context.Background(), "UPDATE conversations SET contact_id = ? WHERE id = ?", a.ContactID, b.ID)
		return err
	})
	merge(a.ID).want(http.StatusOK).has(fmt.Sprintf(`"merged_into":%d`, a.ID), `"status":"resolved"`)
	me.do("GET", fmt.Sprintf("/conversations/%d/merged", a.ID), nil).want(http.StatusOK).has(fmt.Sprintf(`"id":%d`, b.ID))
	h.ofTeam(b)
	me.do("GET", fmt.Sprintf("/conversations/%d/merged", a.ID), nil).want(http.StatusOK).has(`[]`)
	h.as(handoff.Owner).do("POST", fmt.Sprintf("/conversations/%d/unmerge", b.ID), nil).want(http.StatusOK).lacks("merged_into").has(`"status":"open"`)
	h.as(handoff.Owner).do("GET", "/audit", nil).has("conversation_merged", "conversation_unmerged")
	path := fmt.Sprintf("/conversations/%d/snooze", a.ID)
	me.do("POST", path, map[string]any{"until": h.clock.now().Add(-time.Hour)}).fails(http.StatusUnprocessableEntity, "invalid")
	me.do("POST", path, map[string]any{"reason": "parts"}).want(http.StatusOK).has(`"snooze_reason":"parts"`)
	me.do("POST", fmt.Sprintf("/conversations/%d/viewing", a.ID), map[string]any{"typing": true}).want(http.StatusNoContent)
	me.do("POST", fmt.Sprintf("/conversations/%d/viewing", b.ID), nil).fails(http.StatusNotFound, "not_found")
	h.key("*").do("POST", fmt.Sprintf("/conversations/%d/viewing", a.ID), nil).fails(http.StatusForbidden, "forbidden")
	me.do("PATCH", "/me", map[string]any{"undo_seconds": 10}).want(http.StatusOK).has(`"undo_seconds":10`)
	me.do("GET", "/me", nil).has(`"undo_seconds":10`)
	me.do("PATCH", "/me", map[string]any{"undo_seconds": 21}).fails(http.StatusUnprocessableEntity, "invalid")
}
