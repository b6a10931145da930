package admin_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"huiyin/handoff"
)

func TestRepeatsGetTheFirstAnswer(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me := h.as(handoff.Owner)
		once := me.with("Idempotency-Key", "k1")
		first := once.do("POST", "/teams", map[string]any{"name": "Network"}).want(http.StatusCreated)
		again := once.do("POST", "/teams", map[string]any{"name": "Network"}).want(http.StatusCreated)
		if string(first.text) != string(again.text) || again.Header.Get("Idempotent-Replay") != "true" {
			t.Fatalf("%s, then %s", first.text, again.text)
		}
		once.do("POST", "/teams", map[string]any{"name": "Other"}).fails(http.StatusUnprocessableEntity, "idempotency_key_reused")
		once.do("POST", "/canned-replies", map[string]any{"shortcut": "hi", "title": "Hi", "text": "Hello"}).want(http.StatusCreated)
		h.as(handoff.Administrator).with("Idempotency-Key", "k1").do("POST", "/teams", map[string]any{"name": "Another person's"}).want(http.StatusCreated)
		me.with("Idempotency-Key", fmt.Sprintf("%0101d", 1)).do("POST", "/teams", map[string]any{"name": "x"}).fails(http.StatusUnprocessableEntity, "invalid")
	})
}

func TestARefusedRequestMayBeTriedAgain(t *testing.T) {
	h := open(t)
	once := h.as(handoff.Owner).with("Idempotency-Key", "k1")
	once.do("POST", "/users", map[string]any{"name": "Li", "email": "agent@example.com", "role": "agent", "password": "0123456789"}).fails(http.StatusUnprocessableEntity, "invalid")
	once.do("POST", "/users", map[string]any{"name": "Li", "email": "li@example.com", "role": "agent", "password": "0123456789"}).want(http.StatusCreated)
}

func TestManyAtOnceDoItOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me := h.as(handoff.AgentRole).with("Idempotency-Key", "same")
		c := h.queued("a", "hello")
		var wg sync.WaitGroup
		var mu sync.Mutex
		statuses := map[int]int{}
		for range 8 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				r := me.do("POST", fmt.Sprintf("/conversations/%d/messages", c.ID), map[string]any{"text": "hi"})
				mu.Lock()
				defer mu.Unlock()
				statuses[r.StatusCode]++
			}()
		}
		wg.Wait()
		if statuses[http.StatusCreated] == 0 || statuses[http.StatusCreated]+statuses[http.StatusConflict] != 8 {
			t.Fatalf("statuses %v", statuses)
		}
		var messages []struct{ Sender string }
		me.do("GET", fmt.Sprintf("/conversations/%d/messages", c.ID), nil).into(&messages)
		replies := 0
		for _, m := range messages {
			if m.Sender == "agent" {
				replies++
			}
		}
		if replies != 1 {
			t.Fatalf("%d replies", replies)
		}
	})
}

func TestKeysOfRepeatsAreForgotten(t *testing.T) {
	h := open(t)
	me := h.key("createTeam").with("Idempotency-Key", "k1")
	me.do("POST", "/teams", map[string]any{"name": "Network"}).want(http.StatusCreated)
	h.clock.move(25 * time.Hour)
	h.must(h.server.Prune(t.Context()))
	me.do("POST", "/teams", map[string]any{"name": "Network"}).fails(http.StatusUnprocessableEntity, "invalid")
}
