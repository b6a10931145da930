package admin_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

// botSays has the bot reply in a conversation.
func (h *house) botSays(id int64, text, explanation string) conversation.Message {
	h.t.Helper()
	var m conversation.Message
	h.tx(func(tx *db.Tx) error {
		c, err := h.store.Load(context.Background(), tx, id)
		if err != nil {
			return err
		}
		m, err = h.store.Reply(context.Background(), tx, c, conversation.Draft{Sender: conversation.FromBot, Text: text, Explanation: explanation})
		return err
	})
	return m
}

func TestReplay(t *testing.T) {
	h := open(t)
	me := h.as(handoff.AgentRole)
	c := h.says("a", "why?")
	answer, broken := h.botSays(c.ID, "then", `{"rule":"then"}`), h.botSays(c.ID, "x", `{}`)
	path := func(seq int64) string { return fmt.Sprintf("/conversations/%d/messages/%d/replay", c.ID, seq) }
	me.do("GET", path(answer.Seq), nil).want(http.StatusOK).
		has(`"then":{"rule":"then"}`, `"now":{"rule":"now"}`, `"then_text":"then"`, `"now_html":"\u003cp\u003e\u003cstrong\u003enow`, `{"now":"2","then":"1","what":"revision"}`)
	me.do("GET", path(broken.Seq), nil).fails(http.StatusConflict, "not_automatic")
	me.do("GET", path(1), nil).fails(http.StatusConflict, "not_automatic")
	me.do("GET", path(99), nil).fails(http.StatusNotFound, "not_found")
}

func TestMarkingAnswersWrong(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me := h.as(handoff.AgentRole)
		c := h.says("a", "为什么？")
		answer := h.botSays(c.ID, "因为。", `{"rule":"x"}`)
		path := fmt.Sprintf("/conversations/%d/messages/%d/wrong", c.ID, answer.Seq)
		me.do("PUT", path, map[string]string{"note": "other plan"}).want(http.StatusNoContent)
		me.do("GET", fmt.Sprintf("/conversations/%d/messages", c.ID), nil).has(`"wrong":true`)
		me.do("GET", "/answers/wrong", nil).want(http.StatusOK).has(`"said":"为什么？"`, `"answer":"因为。"`, `"note":"other plan"`)
		me.do("DELETE", path, nil).want(http.StatusNoContent)
		me.do("GET", "/answers/wrong", nil).want(http.StatusOK).has(`[]`)
		me.do("PUT", fmt.Sprintf("/conversations/%d/messages/1/wrong", c.ID), map[string]string{}).fails(http.StatusUnprocessableEntity, "invalid")
	})
}
