package admin_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"sync/atomic"
	"testing"

	"huiyin/admin"
	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/db/pgtest"
	"huiyin/handoff"
)

func TestAContactIsNotLostBetweenTwoAgents(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me := h.as(handoff.AgentRole)
		path := fmt.Sprintf("/contacts/%d", h.says("visitor-1", "hello").ContactID)
		var was struct{ Version int64 }
		me.do("GET", path, nil).want(http.StatusOK).into(&was)
		me.do("PATCH", path, map[string]any{"version": was.Version, "name": "王丽"}).want(http.StatusOK)
		me.do("PATCH", path, map[string]any{"version": was.Version, "name": "Lily"}).fails(http.StatusConflict, "conflict")
		together(8, func(i int) *answer {
			return me.do("PATCH", path, map[string]any{"attributes": map[string]string{fmt.Sprint("key", i): "x"}})
		})
		me.do("GET", path, nil).has("王丽", `"key0"`, `"key1"`, `"key2"`, `"key3"`, `"key4"`, `"key5"`, `"key6"`, `"key7"`)
	})
}

func TestTeamsAndInboxesAreNotLostBetweenTwo(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		boss := h.as(handoff.Owner)
		var team struct{ ID, Version int64 }
		boss.do("POST", "/teams", map[string]any{"name": "Bills"}).want(http.StatusCreated).into(&team)
		path := fmt.Sprintf("/teams/%d", team.ID)
		boss.do("PATCH", path, map[string]any{"version": team.Version, "name": "Fees"}).want(http.StatusOK)
		boss.do("PATCH", path, map[string]any{"version": team.Version, "name": "Bills and fees"}).fails(http.StatusConflict, "conflict")
		inbox := fmt.Sprintf("/inboxes/%d", h.inbox.ID)
		boss.do("PATCH", inbox, map[string]any{"version": 1, "name": "Shop"}).want(http.StatusOK).has(`"version":2`)
		boss.do("PATCH", inbox, map[string]any{"version": 1, "name": "Site"}).fails(http.StatusConflict, "conflict")
	})
}

func TestNotesOnAContact(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me, lead := h.as(handoff.AgentRole), h.as(handoff.Lead)
		c := h.says("visitor-1", "hello")
		path := fmt.Sprintf("/contacts/%d/notes", c.ContactID)
		var note struct{ ID int64 }
		me.do("POST", path, map[string]any{"text": " prefers phone ", "conversation_id": c.ID}).want(http.StatusCreated).has(`"text":"prefers phone"`, `"name":"agent"`).into(&note)
		one := fmt.Sprintf("%s/%d", path, note.ID)
		lead.do("PATCH", one, map[string]any{"text": "prefers mail"}).want(http.StatusNoContent)
		me.do("GET", path, nil).want(http.StatusOK).has(`"text":"prefers mail"`, `"versions":[{"agent":`, `"prefers phone"`, `"updated_by":{"id"`)
		other := h.says("visitor-2", "hello")
		me.do("PATCH", fmt.Sprintf("/contacts/%d/notes/%d", other.ContactID, note.ID), map[string]any{"text": "x"}).fails(http.StatusNotFound, "not_found")
		me.do("POST", path, map[string]any{"text": "x", "conversation_id": other.ID}).fails(http.StatusUnprocessableEntity, "invalid")
		me.do("DELETE", one, nil).want(http.StatusNoContent)
		me.do("GET", path, nil).want(http.StatusOK).has("[]")
		me.do("DELETE", one, nil).fails(http.StatusNotFound, "not_found")
	})
}

func TestAContactsConversationsComeInPages(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		var contact int64
		for i := range 5 {
			c := h.says("visitor-1", fmt.Sprint("matter ", i))
			contact = c.ContactID
			h.tx(func(tx *db.Tx) error {
				loaded, err := h.store.Load(context.Background(), tx, c.ID)
				if err != nil {
					return err
				}
				loaded.Status = conversation.Resolved
				return h.store.Save(context.Background(), tx, loaded)
			})
			h.clock.move(25 * 3600e9)
		}
		me := h.as(handoff.AgentRole)
		seen, cursor := map[int64]bool{}, ""
		for range 3 {
			var page struct {
				Items []struct{ ID int64 }
				Next  string
			}
			me.do("GET", fmt.Sprintf("/contacts/%d/conversations?limit=2&cursor=%s", contact, cursor), nil).want(http.StatusOK).into(&page)
			for _, c := range page.Items {
				seen[c.ID] = true
			}
			cursor = page.Next
		}
		if len(seen) != 5 || cursor != "" {
			t.Fatalf("%d conversations, next %q", len(seen), cursor)
		}
	})
}

func TestAttributesAsAnAdministratorDefinesThem(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		boss, me := h.as(handoff.Administrator), h.as(handoff.AgentRole)
		me.do("GET", "/contact-attributes", nil).want(http.StatusOK).has(`"version":0`, `"key":"tier"`)
		field := func(key, kind string, more map[string]any) map[string]any {
			f := map[string]any{"key": key, "name": map[string]string{"zh": key, "en": key}, "type": kind}
			for k, v := range more {
				f[k] = v
			}
			return f
		}
		save := func(version int, fields ...map[string]any) *answer {
			return boss.do("PUT", "/contact-attributes", map[string]any{"version": version, "fields": fields})
		}
		save(0, field("age", "number", nil), field("age", "text", nil)).fails(http.StatusUnprocessableEntity, "invalid")
		save(0, field("Age", "number", nil)).fails(http.StatusUnprocessableEntity, "invalid")
		save(0, field("plan", "choice", nil)).fails(http.StatusUnprocessableEntity, "invalid")
		save(0, field("age", "number", map[string]any{"required": true}), field("plan", "choice", map[string]any{"choices": []string{"5G", "4G"}}),
			field("since", "date", nil), field("vip", "boolean", map[string]any{"hidden": true})).want(http.StatusOK).has(`"version":1`)
		save(0, field("age", "number", nil)).fails(http.StatusConflict, "conflict")
		path := fmt.Sprintf("/contacts/%d", h.says("visitor-1", "hello").ContactID)
		me.do("GET", path, nil).has(`"missing":["age"]`, `"complete":33`)
		for key, value := range map[string]string{"age": "old", "plan": "6G", "since": "yesterday", "vip": "maybe"} {
			me.do("PATCH", path, map[string]any{"attributes": map[string]string{key: value}}).fails(http.StatusUnprocessableEntity, "invalid")
		}
		me.do("PATCH", path, map[string]any{"name": "Li", "attributes": map[string]string{"age": "41", "plan": "5G", "since": "2026-01-31", "vip": "true", "page": "/x"}}).
			want(http.StatusOK).has(`"missing":[]`, `"complete":83`)
	})
}

func TestMergeByHandIsForLeads(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me, lead := h.as(handoff.AgentRole), h.as(handoff.Lead)
		a, b := h.says("visitor-1", "hello"), h.says("visitor-2", "me again")
		into := fmt.Sprintf("/contacts/%d", a.ContactID)
		hand := map[string]any{"contact_id": b.ContactID, "evidence": "manual", "reason": "told us on the phone"}
		me.do("GET", into+"/matches", nil).want(http.StatusOK).has(`"evidence":"verified_phone"`, `"proven":false`, fmt.Sprintf(`"id":%d`, b.ContactID))
		me.do("POST", into+"/merge", hand).fails(http.StatusForbidden, "forbidden")
		me.do("POST", into+"/merge", map[string]any{"contact_id": b.ContactID, "evidence": "verified_phone"}).fails(http.StatusConflict, "no_evidence")
		me.do("POST", into+"/merge", map[string]any{"contact_id": b.ContactID, "evidence": "code"}).fails(http.StatusUnprocessableEntity, "invalid")
		lead.do("POST", into+"/merge", map[string]any{"contact_id": b.ContactID, "evidence": "manual"}).fails(http.StatusUnprocessableEntity, "invalid")
		var shown struct{ Merges []struct{ ID int64 } }
		lead.do("POST", into+"/merge", hand).want(http.StatusOK).has(`"visitor-2"`, `"merged_from"`, `"told us on the phone"`).into(&shown)
		me.do("GET", fmt.Sprintf("/contacts/%d", b.ContactID), nil).want(http.StatusOK).has(fmt.Sprintf(`"id":%d,`, a.ContactID))
		me.do("GET", fmt.Sprintf("/conversations/%d", b.ID), nil).has(fmt.Sprintf(`"contact":{"id":%d`, a.ContactID))
		undo := fmt.Sprintf("%s/merges/%d/undo", into, shown.Merges[0].ID)
		me.do("POST", undo, map[string]any{"reason": "two people"}).fails(http.StatusForbidden, "forbidden")
		lead.do("POST", undo, map[string]any{"reason": "two people"}).want(http.StatusOK).has(`"merges":[]`)
		lead.do("POST", undo, map[string]any{"reason": "two people"}).fails(http.StatusConflict, "merged")
		h.as(handoff.Owner).do("GET", "/audit", nil).has("contacts_merged", "contacts_unmerged", "two people")
	})
}

// texter is a channel that can write first.
type texter struct{ page }

func (texter) Kind() channels.Kind { return channels.Kind{Name: "texter"} }

func (texter) Reach(_ conversation.Inbox, said string) channels.Reached {
	if len(said) < 5 {
		return channels.Reached{Means: "phone"}
	}
	return channels.Reached{Means: "phone", Address: said}
}

func TestACodeProvesAnAddress(t *testing.T) {
	for name, url := range map[string]string{"sqlite": t.TempDir() + "/huiyin.db", "postgres": pgtest.URL(t)} {
		t.Run(name, func(t *testing.T) {
			var sent atomic.Pointer[string]
			var broken atomic.Bool
			h := openAt(t, url, func(o *admin.Options) {
				o.Adapters = append(o.Adapters, texter{})
				o.SendNow = func(_ context.Context, _ conversation.Inbox, _, text string) error {
					if broken.Load() {
						return &channels.SendError{Reason: "no credit left"}
					}
					sent.Store(&text)
					return errors.ErrUnsupported
				}
			})
			h.store.CodeKey = []byte("key")
			var texts conversation.Inbox
			h.tx(func(tx *db.Tx) (err error) {
				texts, err = h.store.CreateInbox(context.Background(), tx, conversation.Inbox{Kind: "texter", Name: "Texts"})
				return err
			})
			h.proveByCode(t, texts, &sent, &broken)
		})
	}
}

func (h *house) proveByCode(t *testing.T, texts conversation.Inbox, sent *atomic.Pointer[string], broken *atomic.Bool) {
	me := h.as(handoff.AgentRole)
	c := h.says("visitor-1", "hello")
	path := fmt.Sprintf("/conversations/%d", c.ID)
	to := map[string]any{"inbox_id": texts.ID, "address": "8613800138000"}
	me.do("POST", path+"/claim", nil).want(http.StatusOK)
	me.do("GET", path+"/codes", nil).want(http.StatusOK).has(`"to":"phone"`, `"items":[]`)
	me.do("POST", path+"/codes", map[string]any{"inbox_id": h.inbox.ID, "address": "8613800138000"}).fails(http.StatusUnprocessableEntity, "invalid")
	me.do("POST", path+"/codes", map[string]any{"inbox_id": texts.ID, "address": "123"}).fails(http.StatusUnprocessableEntity, "invalid")
	broken.Store(true)
	me.do("POST", path+"/codes", to).fails(http.StatusConflict, "not_sent").has("no credit left")
	broken.Store(false)
	me.do("POST", path+"/codes", to).fails(http.StatusConflict, "not_sent") // the provider could not be reached
	code := regexp.MustCompile(`\d{6}`).FindString(*sent.Load())
	if code == "" {
		t.Fatal(*sent.Load())
	}
	me.do("GET", path+"/codes", nil).has(`"state":"failed"`, `"address":"86138****8000"`).lacks(code)
	me.do("POST", path+"/codes/check", map[string]any{"code": code}).fails(http.StatusConflict, "wrong_code")
	h.server.SendNow = func(_ context.Context, _ conversation.Inbox, _, text string) error { sent.Store(&text); return nil }
	me.do("POST", path+"/codes", to).want(http.StatusCreated).has(`"state":"open"`).lacks("8613800138000")
	code = regexp.MustCompile(`\d{6}`).FindString(*sent.Load())
	me.do("POST", path+"/codes/check", map[string]any{"code": "x" + code}).fails(http.StatusConflict, "wrong_code")
	me.do("POST", path+"/codes/check", map[string]any{"code": code}).want(http.StatusOK).has(`"state":"proved"`)
	me.do("GET", fmt.Sprintf("/contacts/%d", c.ContactID), nil).has(`"address":"8613800138000"`, `"verified":true`)
	me.do("POST", path+"/codes", to).fails(http.StatusConflict, "too_many_codes")
	me.do("GET", path+"/messages", nil).has(`"activity":"verified"`).lacks(code)
}
