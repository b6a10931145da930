package admin_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

func TestReply(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me := h.as(handoff.AgentRole)
		c := h.queued("a", "human")
		path := fmt.Sprintf("/conversations/%d", c.ID)
		me.do("POST", path+"/messages", map[string]any{"text": " Hello <script>alert(1)</script> ", "client_id": "c1"}).want(http.StatusCreated).
			has(`"sender":"agent"`, `"delivery":"queued"`, `"client_id":"c1"`, `"name":"agent"`, `"format":"text"`).lacks(`"html"`)
		me.do("GET", path, nil).has(`"agent":{"id":`, `"unread":0`, `"last_sender":"agent"`).lacks("queue_position")
		again := me.do("POST", path+"/messages", map[string]any{"text": "Hello", "client_id": "c1"}).want(http.StatusCreated)
		again.has("alert(1)")
		me.do("POST", path+"/messages", map[string]any{"text": "a note", "private": true}).want(http.StatusCreated).has(`"private":true`, `"delivery":""`)
		me.do("POST", path+"/messages", map[string]any{"text": "  "}).fails(http.StatusUnprocessableEntity, "invalid")
		me.do("POST", path+"/messages", map[string]any{"text": strings.Repeat("长", 10_001)}).fails(http.StatusUnprocessableEntity, "invalid")
		me.do("POST", path+"/messages", map[string]any{"text": "x", "private": true, "resolve": true}).fails(http.StatusUnprocessableEntity, "invalid")
		me.do("POST", path+"/messages", map[string]any{"text": "Bye", "resolve": true}).want(http.StatusCreated)
		me.do("GET", path, nil).has(`"status":"resolved"`)
	})
}

func TestReplyBelongsToTheOwner(t *testing.T) {
	h := open(t)
	agent, lead, robot := h.as(handoff.AgentRole), h.as(handoff.Lead), h.key("*")
	path := fmt.Sprintf("/conversations/%d", h.queued("a", "human").ID)
	agent.do("POST", path+"/claim", nil).want(http.StatusOK).has(`"name":"agent"`)
	lead.do("POST", path+"/messages", map[string]any{"text": "mine now"}).fails(http.StatusConflict, "owned_by_other").has("agent has this conversation")
	lead.do("POST", path+"/messages", map[string]any{"text": "a hint", "private": true}).want(http.StatusCreated)
	lead.do("POST", path+"/claim", nil).fails(http.StatusConflict, "owned_by_other")
	lead.do("POST", path+"/claim", map[string]any{"take_over": true}).want(http.StatusOK).has(`"name":"lead"`)
	agent.do("POST", path+"/claim", map[string]any{"take_over": true}).fails(http.StatusForbidden, "forbidden")
	agent.do("POST", path+"/messages", map[string]any{"text": "still mine?"}).fails(http.StatusConflict, "owned_by_other")
	robot.do("POST", path+"/messages", map[string]any{"text": "beep"}).fails(http.StatusForbidden, "forbidden")
	robot.do("POST", path+"/messages", map[string]any{"text": "beep", "private": true}).want(http.StatusCreated)
}

func TestMessagePages(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me := h.as(handoff.AgentRole)
		var c *conversation.Conversation
		for i := range 12 {
			c = h.says("a", fmt.Sprint("message ", i+1))
		}
		for _, p := range []struct {
			query       string
			first, last int64
		}{
			{"", 1, 12}, {"?limit=3", 10, 12}, {"?before=10&limit=3", 7, 9}, {"?after=9", 10, 12},
			{"?after=0&limit=4", 1, 4}, {"?after=4&limit=4", 5, 8}, {"?before=2", 1, 1},
		} {
			var page []struct{ Seq int64 }
			me.do("GET", fmt.Sprintf("/conversations/%d/messages%s", c.ID, p.query), nil).want(http.StatusOK).into(&page)
			if len(page) == 0 || page[0].Seq != p.first || page[len(page)-1].Seq != p.last || int64(len(page)) != p.last-p.first+1 {
				t.Errorf("%s: %+v, want %d to %d", p.query, page, p.first, p.last)
			}
		}
		me.do("GET", fmt.Sprintf("/conversations/%d/messages?after=12", c.ID), nil).want(http.StatusOK).has("[]")
		me.do("POST", fmt.Sprintf("/conversations/%d/read", c.ID), map[string]any{"seq": 5}).want(http.StatusNoContent)
		me.do("GET", fmt.Sprintf("/conversations/%d", c.ID), nil).has(`"unread":7`, `"agent_read_seq":5`)
	})
}

func TestBotAnswerIsShownWhole(t *testing.T) {
	h := open(t)
	c := h.says("a", "how?")
	h.tx(func(tx *db.Tx) error {
		loaded, err := h.store.Load(context.Background(), tx, c.ID)
		if err != nil {
			return err
		}
		_, err = h.store.Reply(context.Background(), tx, loaded, conversation.Draft{Sender: conversation.FromBot,
			Text: "**So** [here](https://x.example) <img src=x onerror=alert(1)>", Explanation: `{"rule":"sure"}`,
			Content: conversation.Content{Markdown: true, Choices: []conversation.Choice{{Label: "More", Value: "m"}}}})
		return err
	})
	h.as(handoff.AgentRole).do("GET", fmt.Sprintf("/conversations/%d/messages", c.ID), nil).want(http.StatusOK).
		has(`"format":"markdown"`, `\u003cstrong\u003eSo\u003c/strong\u003e`, `nofollow`, `"explanation":{"rule":"sure"}`, `"choices":[{"label":"More","value":"m"}]`).
		lacks(`onerror=alert(1)\u003e \u003c/p`)
}

func TestFailedMessageIsSentAgain(t *testing.T) {
	h := open(t)
	me := h.as(handoff.AgentRole)
	c := h.queued("a", "human")
	path := fmt.Sprintf("/conversations/%d/messages", c.ID)
	var m struct{ Seq int64 }
	me.do("POST", path, map[string]any{"text": "hello"}).want(http.StatusCreated).into(&m)
	retry := fmt.Sprintf("%s/%d/retry", path, m.Seq)
	me.do("POST", retry, nil).fails(http.StatusUnprocessableEntity, "invalid")
	h.tx(func(tx *db.Tx) error {
		_, err := tx.Exec(context.Background(), "UPDATE messages SET delivery = 'failed', reason = 'blocked', due_at = NULL WHERE seq = ? AND conversation_id = ?", m.Seq, c.ID)
		return err
	})
	me.do("GET", path, nil).has(`"delivery":"failed"`, `"reason":"blocked"`)
	me.do("POST", retry, nil).want(http.StatusOK).has(`"delivery":"queued"`).lacks("blocked")
	h.as(handoff.Lead).do("POST", retry, nil).fails(http.StatusConflict, "owned_by_other")
}

func TestDesk(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me, lead := h.as(handoff.AgentRole), h.as(handoff.Lead)
		path := fmt.Sprintf("/conversations/%d", h.queued("a", "human").ID)
		me.do("POST", path+"/claim", map[string]any{}).want(http.StatusOK).has(`"status":"open"`)
		me.do("POST", path+"/release", map[string]any{"to": "queue"}).want(http.StatusOK).has(`"queued_at"`)
		me.do("POST", path+"/release", map[string]any{"to": "heaven"}).fails(http.StatusUnprocessableEntity, "invalid")
		me.do("POST", path+"/claim", nil).want(http.StatusOK)
		me.do("POST", path+"/transfer", map[string]any{"agent_id": h.people[handoff.Lead].ID, "note": "for you"}).want(http.StatusOK).has(`"name":"lead"`)
		lead.do("GET", path+"/messages", nil).has("for you", `"activity":"transferred"`)
		me.do("POST", path+"/resolve", nil).fails(http.StatusConflict, "owned_by_other")
		lead.do("POST", path+"/snooze", map[string]any{"until": h.db.Now().AddDate(0, 0, 1)}).want(http.StatusOK).has(`"status":"snoozed"`, `"snoozed_until"`)
		lead.do("POST", path+"/resolve", nil).want(http.StatusOK).has(`"status":"resolved"`, `"resolved_at"`)
		lead.do("POST", path+"/release", map[string]any{"to": "bot"}).fails(http.StatusConflict, "resolved")
		lead.do("POST", path+"/reopen", nil).want(http.StatusOK).has(`"status":"open"`)
		lead.do("POST", path+"/release", map[string]any{"to": "bot"}).want(http.StatusOK).has(`"status":"pending"`)
	})
}
