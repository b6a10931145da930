package admin_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"sync"
	"testing"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db/pgtest"
	"huiyin/handoff"
)

// together runs n requests at once and counts how each status came back.
func together(n int, request func(i int) *answer) map[int]int {
	var wg sync.WaitGroup
	var mu sync.Mutex
	statuses := map[int]int{}
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			r := request(i)
			mu.Lock()
			defer mu.Unlock()
			statuses[r.StatusCode]++
		}()
	}
	wg.Wait()
	return statuses
}

func TestOnlyOneOfManyClaims(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		people := []*caller{h.as(handoff.AgentRole), h.as(handoff.Lead), h.as(handoff.Administrator), h.as(handoff.Owner)}
		for round := range 5 {
			path := fmt.Sprintf("/conversations/%d/claim", h.queued(fmt.Sprint("c", round), "human").ID)
			statuses := together(len(people), func(i int) *answer { return people[i].do("POST", path, nil) })
			if statuses[http.StatusOK] != 1 || statuses[http.StatusConflict] != len(people)-1 {
				t.Fatalf("round %d: %v", round, statuses)
			}
		}
	})
}

func TestOnlyOneFirstOwner(t *testing.T) {
	for name, url := range map[string]string{"sqlite": filepath.Join(t.TempDir(), "x.db"), "postgres": pgtest.URL(t)} {
		t.Run(name, func(t *testing.T) {
			h := empty(t, url, nil)
			statuses := together(6, func(i int) *answer {
				return h.nobody().do("POST", "/setup", map[string]string{"token": "open-sesame", "name": "Olga",
					"email": fmt.Sprintf("olga%d@example.com", i), "password": "long enough indeed"})
			})
			if statuses[http.StatusOK] != 1 || statuses[http.StatusConflict] != 5 {
				t.Fatalf("%v", statuses)
			}
		})
	}
}

func TestOnlyOneEditorSaves(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		editor := h.as(handoff.Editor)
		var a article
		editor.do("POST", "/articles", invoice()).want(http.StatusCreated).into(&a)
		statuses := together(4, func(i int) *answer {
			change := invoice()
			change["version"] = a.Version
			change["category"] = fmt.Sprint("by editor ", i)
			return editor.do("PATCH", a.path(""), change)
		})
		if statuses[http.StatusOK] != 1 || statuses[http.StatusConflict] != 3 {
			t.Fatalf("%v", statuses)
		}
	})
}

// TestTheMainStory is what an agent lives through with one customer, as the console sees it.
func TestTheMainStory(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me := h.as(handoff.AgentRole)
		var start struct{ Last int64 }
		me.do("GET", "/events", nil).want(http.StatusOK).into(&start)
		live := me.follow(fmt.Sprintf("?after=%d", start.Last), "")

		c := h.queued("wang", "宽带断了，转人工")
		path := fmt.Sprintf("/conversations/%d", c.ID)
		live.until("the customer", says("宽带断了，转人工"))
		me.do("GET", "/conversations/counts", nil).has(`"queue":{"total":1,"unread":1}`)
		me.do("GET", path, nil).has(`"queue_position":1`)

		me.do("POST", path+"/claim", nil).want(http.StatusOK)
		live.until("the claim", func(e event) bool { return e.Message != nil && e.ConversationID == c.ID && e.Kind == "message" })
		me.do("GET", "/conversations/counts", nil).has(`"queue":{"total":0,"unread":0}`, `"mine":{"total":1,"unread":1}`)
		me.do("POST", path+"/read", map[string]any{"seq": 99}).want(http.StatusNoContent)
		me.do("GET", "/conversations/counts", nil).has(`"mine":{"total":1,"unread":0}`)

		me.do("POST", path+"/messages", map[string]any{"text": "您好，我来看看。", "client_id": "b1"}).want(http.StatusCreated)
		live.until("the reply", says("您好，我来看看。"))
		h.says("wang", "谢谢")
		live.until("the thanks", says("谢谢"))
		me.do("GET", path, nil).has(`"unread":1`, `"last_sender":"contact"`, `"waiting_since"`)

		me.do("POST", path+"/messages", map[string]any{"text": "不客气，再见。", "resolve": true}).want(http.StatusCreated)
		me.do("GET", path, nil).has(`"status":"resolved"`, `"unread":0`).lacks("waiting_since")
		me.do("GET", "/conversations/counts", nil).has(`"resolved":{"total":1,"unread":0}`, `"mine":{"total":0,"unread":0}`)

		var list []struct {
			Seq      int64
			Sender   string
			Activity string
		}
		me.do("GET", path+"/messages", nil).want(http.StatusOK).into(&list)
		for i, m := range list {
			if m.Seq != int64(i+1) {
				t.Fatalf("seq %d at %d", m.Seq, i)
			}
		}
		if last := list[len(list)-1]; last.Sender != "system" || last.Activity != "resolved" {
			t.Errorf("the last line is %+v", last)
		}
	})
}

func TestTypingOfCustomers(t *testing.T) {
	h := open(t)
	ours, theirs := h.teams()
	live := h.as(handoff.AgentRole).follow("", "")
	other := h.as(handoff.Owner).follow("", "")
	tell := func(id int64) {
		t.Helper()
		text, err := json.Marshal(channels.Typing{Kind: "typing", From: conversation.FromContact, Conversation: id})
		h.must(err)
		h.options.Live.Hint(channels.TopicHints, text)
	}
	// A stream is open once it has brought something.
	live.until("the first sign", func(event) bool { h.says("ours", "…"); return true })
	other.until("the first sign", func(event) bool { return true })
	h.options.Live.Hint(channels.TopicHints, []byte("not JSON"))
	tell(4711)
	tell(theirs.ID)
	tell(ours.ID)
	live.until("our customer's typing", func(e event) bool {
		if e.Kind == "typing" && e.ConversationID != ours.ID {
			t.Fatalf("%+v is not for this reader", e)
		}
		return e.Kind == "typing" && e.From == "contact"
	})
	other.until("their customer's typing", func(e event) bool { return e.Kind == "typing" && e.ConversationID == theirs.ID })
}

func TestTitlesInTheReadersLanguage(t *testing.T) {
	h := open(t)
	editor := h.as(handoff.Editor)
	var a article
	editor.do("POST", "/articles", invoice()).want(http.StatusCreated).has(`"title":"How do I get an invoice?"`).into(&a)
	editor.do("PATCH", "/me", map[string]any{"language": "zh"}).want(http.StatusOK)
	editor.do("GET", a.path(""), nil).has(`"title":"怎么开发票？"`)
	editor.do("GET", "/articles", nil).has(`"title":"怎么开发票？"`)
	h.key("getArticle").do("GET", a.path(""), nil).has(`"title":"怎么开发票？"`)
}

func TestChangesThatAreRefusedChangeNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		boss := h.as(handoff.Owner)
		inbox := fmt.Sprintf("/inboxes/%d", h.inbox.ID)
		boss.do("PATCH", inbox, map[string]any{"name": "Renamed", "team_id": 99}).fails(http.StatusUnprocessableEntity, "invalid")
		boss.do("PATCH", inbox, map[string]any{"name": "Renamed", "settings": map[string]string{"theme": "pink"}}).fails(http.StatusUnprocessableEntity, "invalid")
		boss.do("GET", inbox, nil).has(`"name":"Site"`)
		path := fmt.Sprintf("/conversations/%d", h.queued("a", "human").ID)
		long := make([]string, 21)
		for i := range long {
			long[i] = fmt.Sprint("tag", i)
		}
		boss.do("PATCH", path, map[string]any{"subject": "Renamed", "tags": long}).fails(http.StatusUnprocessableEntity, "invalid")
		boss.do("GET", path, nil).lacks("Renamed", "tag1")
		boss.do("POST", path+"/messages", map[string]any{"text": "x", "attachments": []string{"NOSUCH"}}).fails(http.StatusUnprocessableEntity, "invalid")
		boss.do("GET", path, nil).lacks(`"agent":{`)
		var n int
		h.must(h.db.QueryRow(context.Background(), "SELECT COUNT(*) FROM audit WHERE action = 'inbox_changed'").Scan(&n))
		if n != 0 {
			t.Errorf("%d changes are in the audit log that never were", n)
		}
	})
}

func TestTeamsAndMembers(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		boss := h.as(handoff.Administrator)
		var team struct{ ID int64 }
		agent := h.people[handoff.AgentRole].ID
		boss.do("POST", "/teams", map[string]any{"name": "Network", "member_ids": []int64{agent}}).want(http.StatusCreated).
			has(fmt.Sprintf(`"member_ids":[%d]`, agent)).into(&team)
		path := fmt.Sprintf("/teams/%d", team.ID)
		boss.do("PATCH", path, map[string]any{"name": "Field"}).want(http.StatusOK).has("Field", fmt.Sprintf(`"member_ids":[%d]`, agent))
		boss.do("PATCH", path, map[string]any{"name": "Field", "member_ids": []int64{4711}}).fails(http.StatusUnprocessableEntity, "invalid")
		boss.do("POST", "/teams", map[string]any{"name": "Field"}).fails(http.StatusUnprocessableEntity, "invalid")
		boss.do("PATCH", "/teams/4711", map[string]any{"name": "x"}).fails(http.StatusNotFound, "not_found")
		boss.do("GET", "/users", nil).has(fmt.Sprintf(`"team_ids":[%d]`, team.ID))
	})
}
