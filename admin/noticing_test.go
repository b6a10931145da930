package admin_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"huiyin/admin"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/db/pgtest"
	"huiyin/handoff"
)

// told waits until somebody's list of notices holds all of these.
func (h *house) told(c *caller, parts ...string) {
	h.t.Helper()
	for range 100 {
		a := c.do("GET", "/notices", nil).want(http.StatusOK)
		missing := 0
		for _, part := range parts {
			if !strings.Contains(string(a.text), part) {
				missing++
			}
		}
		if missing == 0 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	c.do("GET", "/notices", nil).has(parts...)
}

func (h *house) line(id int64, activity string, data map[string]string) {
	h.t.Helper()
	h.tx(func(tx *db.Tx) error {
		c, err := h.store.Load(context.Background(), tx, id)
		if err != nil {
			return err
		}
		_, err = h.store.Activity(context.Background(), tx, c, activity, data, "")
		return err
	})
}

func TestNotices(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		boss, lead, agent := h.as(handoff.Owner), h.as(handoff.Lead), h.as(handoff.AgentRole)
		mine, other := h.teamed("Mine", handoff.Lead, handoff.AgentRole), h.teamed("Other", handoff.Owner)
		c := h.queued("a", "hello")
		h.moves(c.ID, mine.ID)
		h.told(agent, `"items":[]`, `"unread":0`)
		path := fmt.Sprintf("/conversations/%d", c.ID)
		boss.do("POST", path+"/transfer", map[string]any{"agent_id": h.people[handoff.AgentRole].ID}).want(http.StatusOK)
		h.told(agent, `"kind":"assigned"`, `"unread":1`)
		lead.do("POST", path+"/whisper", map[string]any{"text": "ask for the order"}).want(http.StatusCreated)
		h.told(agent, `"kind":"whisper"`, "ask for the order", `"unread":2`)
		h.line(c.ID, "sla_warned", nil)
		h.line(c.ID, "sla_breached", nil)
		h.line(c.ID, "sla_escalated", map[string]string{"action": "notify"})
		h.line(c.ID, "woken", nil)
		h.line(c.ID, "rated", map[string]string{"score": "5"})
		h.line(c.ID, "rated", map[string]string{"score": "1", "low": "true"})
		h.line(c.ID, "requeued", map[string]string{"agent_id": fmt.Sprint(h.people[handoff.AgentRole].ID)})
		h.told(agent, `"kind":"returned"`, `"kind":"sla"`, `"kind":"bad_rating"`, `"unread":8`)
		h.told(lead, `"kind":"bad_rating"`, `"kind":"sla"`, `"unread":3`)
		h.told(boss, `"unread":0`)
		alone := h.queued("b", "a secret")
		h.moves(alone.ID, other.ID)
		h.line(alone.ID, "sla_escalated", map[string]string{"action": "notify"})
		h.told(boss, `"kind":"sla"`, `"unread":1`) // a team without a lead
		agent.do("POST", "/notices/read", map[string]any{"up_to": 1 << 40}).want(http.StatusNoContent)
		agent.do("GET", "/notices?limit=3", nil).has(`"unread":0`, `"next":"`)
		h.moves(c.ID, other.ID)
		lead.do("GET", "/notices", nil).has(`"items":[]`).lacks("sla", "hello")
		h.restart()
		h.told(h.as(handoff.AgentRole), `"unread":0`)
	})
}

func TestNoticeWishes(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me := h.as(handoff.AgentRole)
		me.do("GET", "/me/notices", nil).want(http.StatusOK).has(`"mail_minutes":10`, `{"kind":"mention","mail":true,"push":true,"sound":true}`)
		me.do("PUT", "/me/notices", map[string]any{"quiet_from": "22:00", "quiet_to": "07:00", "mail_minutes": 0,
			"kinds": []map[string]any{{"kind": "sla", "push": false, "sound": false, "mail": true}}}).want(http.StatusOK)
		me.do("GET", "/me/notices", nil).has(`"quiet_from":"22:00"`, `{"kind":"sla","mail":true,"push":false,"sound":false}`)
		me.do("PUT", "/me/notices", map[string]any{"mail_minutes": 5, "kinds": []map[string]any{{"kind": "gossip", "push": true, "sound": true, "mail": true}}}).fails(http.StatusUnprocessableEntity, "invalid")
		me.do("PUT", "/me/notices", map[string]any{"mail_minutes": 5, "quiet_from": "25:00", "kinds": []any{}}).fails(http.StatusUnprocessableEntity, "invalid")
		h.key("*").do("PUT", "/me/notices", map[string]any{"mail_minutes": 5, "kinds": []any{}}).fails(http.StatusForbidden, "forbidden")
	})
}

// What nobody has looked at goes out by mail once, however many nodes there are, and without the customer's words.
func TestNoticesGoOutByMailOnce(t *testing.T) {
	for name, url := range map[string]func() string{"sqlite": func() string { return t.TempDir() + "/huiyin.db" }, "postgres": func() string { return pgtest.URL(t) }} {
		t.Run(name, func(t *testing.T) {
			var mu sync.Mutex
			var sent []string
			h := openAt(t, url(), func(o *admin.Options) {
				o.SendNow = func(_ context.Context, inbox conversation.Inbox, address, text string) error {
					mu.Lock()
					defer mu.Unlock()
					sent = append(sent, inbox.Name+" → "+address+": "+text)
					return nil
				}
			})
			h.tx(func(tx *db.Tx) error {
				_, err := h.store.CreateInbox(context.Background(), tx, conversation.Inbox{Kind: "hook", Name: "Mail", Settings: map[string]string{"address": "help@example.com"}})
				return err
			})
			c := h.queued("a", "a secret of the customer's")
			h.told(h.as(handoff.Lead), `"unread":0`)
			h.line(c.ID, "rated", map[string]string{"score": "1", "low": "true"})
			h.told(h.as(handoff.Lead), `"kind":"bad_rating"`)
			h.restart()
			h.clock.move(11 * time.Minute)
			all := func() string { mu.Lock(); defer mu.Unlock(); return strings.Join(sent, "\n") }
			for i := 0; i < 100 && all() == ""; i++ {
				time.Sleep(50 * time.Millisecond)
			}
			h.clock.move(time.Hour)
			time.Sleep(1200 * time.Millisecond) // another look by both
			if got := all(); strings.Count(got, "→") != 1 || !strings.Contains(got, "Mail → lead@example.com: You have 1 notices") ||
				!strings.Contains(got, "https://help.example.com/console/inbox/all/1") || strings.Contains(got, "secret") {
				t.Fatal(got)
			}
		})
	}
}
