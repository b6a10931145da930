package admin_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"huiyin/db"
	"huiyin/handoff"
)

func TestALostAnswerIsNotDoneAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		once := h.as(handoff.Owner).with("Idempotency-Key", "k1")
		once.do("POST", "/teams", map[string]any{"name": "Network"}).want(http.StatusCreated)
		h.tx(func(tx *db.Tx) error { // as if the server had died between the work and keeping its answer
			_, err := tx.Exec(context.Background(), "UPDATE idempotency SET status = 0, response = ''")
			return err
		})
		once.do("POST", "/teams", map[string]any{"name": "Network"}).fails(http.StatusConflict, "in_progress")
	})
}

func TestARepeatIsKnownPerConversation(t *testing.T) {
	h := open(t)
	me := h.as(handoff.AgentRole).with("Idempotency-Key", "same")
	for _, address := range []string{"a", "b"} {
		c := h.queued(address, "human")
		path := fmt.Sprintf("/conversations/%d/messages", c.ID)
		me.do("POST", path, map[string]any{"text": "hello " + address}).want(http.StatusCreated).has("hello " + address)
		me.do("POST", path, map[string]any{"text": "hello " + address}).want(http.StatusCreated).has("hello " + address)
	}
}

func TestAClientsIdIsKnownPerConversation(t *testing.T) {
	h := open(t)
	me := h.as(handoff.AgentRole)
	for _, address := range []string{"a", "b"} {
		c := h.queued(address, "human")
		path := fmt.Sprintf("/conversations/%d/messages", c.ID)
		for range 2 {
			me.do("POST", path, map[string]any{"text": "hello " + address, "client_id": "1"}).want(http.StatusCreated).has("hello " + address)
		}
		var list []struct{ Sender string }
		me.do("GET", path, nil).into(&list)
		replies := 0
		for _, m := range list {
			if m.Sender == "agent" {
				replies++
			}
		}
		if replies != 1 {
			t.Errorf("%s: %d replies", address, replies)
		}
	}
}

func TestANewNameIsShownAtOnce(t *testing.T) {
	h := open(t)
	boss := h.as(handoff.Owner)
	c := h.queued("a", "human")
	path := fmt.Sprintf("/conversations/%d", c.ID)
	h.as(handoff.AgentRole).do("POST", path+"/claim", nil).want(http.StatusOK)
	boss.do("GET", path, nil).has(`"name":"agent"`)
	boss.do("PATCH", fmt.Sprintf("/users/%d", h.people[handoff.AgentRole].ID), map[string]any{"name": "Anna"}).want(http.StatusOK)
	boss.do("GET", path, nil).has(`"name":"Anna"`)
	boss.do("PATCH", fmt.Sprintf("/inboxes/%d", h.inbox.ID), map[string]any{"name": "Shop"}).want(http.StatusOK)
	boss.do("GET", path, nil).has(`"inbox_name":"Shop"`)
}

func TestNamesChangedElsewhereAreShownSoon(t *testing.T) {
	h := open(t)
	boss := h.as(handoff.Owner)
	c := h.queued("a", "human")
	path := fmt.Sprintf("/conversations/%d", c.ID)
	boss.do("GET", path, nil).has(`"inbox_name":"Site"`)
	h.tx(func(tx *db.Tx) error { // another node renames
		_, err := tx.Exec(context.Background(), "UPDATE inboxes SET name = 'Elsewhere'")
		return err
	})
	h.clock.move(2 * time.Second)
	boss.do("GET", path, nil).has(`"inbox_name":"Elsewhere"`)
}

func TestSignInIsSlowedDown(t *testing.T) {
	h := open(t)
	attempt := func(word string) *answer {
		return h.nobody().do("POST", "/session", map[string]string{"email": "agent@example.com", "password": word})
	}
	for range 6 {
		attempt("wrong password").fails(http.StatusUnauthorized, "wrong_credentials")
	}
	r := attempt(password).fails(http.StatusTooManyRequests, "throttled")
	if r.Header.Get("Retry-After") != "1" {
		t.Errorf("Retry-After %q", r.Header.Get("Retry-After"))
	}
	h.as(handoff.Owner)
	h.clock.move(2 * time.Second)
	attempt(password).want(http.StatusOK)
	attempt("wrong password").fails(http.StatusUnauthorized, "wrong_credentials")
	attempt(password).want(http.StatusOK)
}

func TestExpiredSessionsAreThrownAway(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.as(handoff.AgentRole)
		count := func() (n int) {
			t.Helper()
			h.must(h.db.QueryRow(context.Background(), "SELECT COUNT(*) FROM sessions").Scan(&n))
			return n
		}
		h.must(h.server.Prune(context.Background()))
		if count() != 1 {
			t.Fatal("a session that lives is thrown away")
		}
		h.clock.move(13 * time.Hour)
		h.must(h.server.Prune(context.Background()))
		if count() != 0 {
			t.Fatal("an expired session stays")
		}
	})
}

func TestAStreamOfAKey(t *testing.T) {
	h := open(t)
	_, theirs := h.teams()
	key := h.key("streamEvents")
	live := key.follow("", "")
	h.says("theirs", "for every key")
	e := live.until("another team's", says("for every key"))
	if e.ConversationID != theirs.ID {
		t.Fatalf("%+v", e)
	}
	h.key("listTags").do("GET", "/events", nil).fails(http.StatusForbidden, "forbidden")
}

func TestARevokedKeyLosesItsStream(t *testing.T) {
	h := open(t)
	boss := h.as(handoff.Owner)
	var made struct {
		Key    string
		APIKey struct{ ID int64 } `json:"api_key"`
	}
	boss.do("POST", "/api-keys", map[string]any{"name": "crm", "scopes": []string{"streamEvents"}}).want(http.StatusCreated).into(&made)
	live := h.nobody().with("Authorization", "Bearer "+made.Key).follow("", "")
	boss.do("DELETE", fmt.Sprintf("/api-keys/%d", made.APIKey.ID), nil).want(http.StatusNoContent)
	late := time.After(patience)
	for {
		select {
		case _, open := <-live.events:
			if !open {
				return
			}
		case <-late:
			t.Fatal("the stream of a revoked key goes on")
		}
	}
}
