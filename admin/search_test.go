package admin_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"testing"

	"huiyin/conversation"
	"huiyin/conversation/search"
	"huiyin/db"
	"huiyin/handoff"
)

// index is an index of messages that is settled by hand.
func (h *house) index(t testing.TB) *search.Index {
	x := search.Open(t.TempDir(), h.store, slog.New(slog.DiscardHandler))
	t.Cleanup(func() { _ = x.Close() })
	return x
}

func (h *house) settle() {
	for range 100 {
		more, err := h.server.Found.Step(context.Background())
		h.must(err)
		if !more && h.server.Found.Building() == 100 {
			return
		}
	}
	h.t.Fatal("the index never settles")
}

func TestSearch(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		boss, me, editor := h.as(handoff.Owner), h.as(handoff.AgentRole), h.as(handoff.Editor)
		one := h.says("visitor-1", "宽带又断了")
		h.says("visitor-2", "请问发票怎么开")
		boss.do("POST", "/articles", map[string]any{"languages": map[string]any{"zh": map[string]any{"question": "宽带断了怎么办", "similar": []string{}, "answer": "重启。"}}}).want(http.StatusCreated)
		h.settle()
		find := func(c *caller, q string) *answer {
			return c.do("GET", "/search?q="+url.QueryEscape(q), nil).want(http.StatusOK)
		}
		find(me, "宽带").has(`"ready":100`, `{"hit":true,"text":"宽带"},{"text":"又断了"}`, fmt.Sprintf(`"id":%d`, one.ID), `"seq":1`, `"articles":[{"id":1`).lacks("发票怎么开")
		find(me, "visitor-2").has(`"contacts":[{"contact":`, `"name":"Customer visitor-2"`, `"conversation_id":`)
		find(editor, "宽带").has(`"messages":[]`, `"contacts":[]`, `"articles":[{"id":1`)
		me.do("GET", "/search?in=messages&facets=true&q="+url.QueryEscape("宽带"), nil).want(http.StatusOK).
			has(`"articles":[]`, `"of":1`, `"inboxes":[{"count":1,"name":"Site","value":"1"}]`, `"senders":[{"count":1,"name":"contact"`)
		me.do("GET", "/search?sender=bot&q="+url.QueryEscape("宽带"), nil).want(http.StatusOK).has(`"messages":[]`)
		me.do("GET", "/search?q=x&cursor=!", nil).fails(http.StatusUnprocessableEntity, "invalid")
		me.do("GET", "/search", nil).fails(http.StatusUnprocessableEntity, "invalid")
		h.makeTeamOf(one)
		for range 2 { // before the index knows, and after
			a := me.do("GET", "/search?facets=true&q="+url.QueryEscape("宽带 断了"), nil).want(http.StatusOK)
			a.has(`"messages":[]`, `"of":0`).lacks("Theirs", "又断了")
			me.do("GET", "/search?q=visitor-1", nil).want(http.StatusOK).has(`"contacts":[]`)
			find(boss, "宽带").has("又断了")
			h.settle()
		}
	})
}

func TestHandoffCard(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me := h.as(handoff.AgentRole)
		c := h.says("visitor-1", "宽带又断了，订单 HY20261122")
		why := `{"asked":"宽带又断了","language":"zh","mood":"displeased","rule":"not sure","hits":[{"article":4,"question":"宽带断了怎么办","confidence":0.4}],"decision":{"act":"clarify","choices":[4]}}`
		h.botSays(c.ID, "您是想问？", why)
		h.says("visitor-1", "转人工")
		h.tx(func(tx *db.Tx) error {
			loaded, err := h.store.Load(context.Background(), tx, c.ID)
			if err != nil {
				return err
			}
			if _, err := h.desk.CreateCannedReply(context.Background(), tx, handoff.CannedReply{Shortcut: "kd", Title: "宽带断了", Text: "请先重启路由器。"}, h.people[handoff.Lead]); err != nil {
				return err
			}
			return h.desk.Request(context.Background(), tx, loaded, handoff.Asked)
		})
		path := fmt.Sprintf("/conversations/%d/card", c.ID)
		me.do("GET", path, nil).want(http.StatusOK).has(`"wants":[{"at":`, "宽带又断了，订单 HY20261122", `"act":"clarify"`, `"reason":"asked"`, `"mood":"displeased"`,
			`"missed":1`, `"topics":[{"article_id":4`, `"replies":[{"actions":`, "请先重启路由器", `"earlier":[]`, `"waiting_since"`).lacks("转人工")
		h.makeTeamOf(c)
		me.do("GET", path, nil).fails(http.StatusNotFound, "not_found")
	})
}

// makeTeamOf gives a conversation to a team that has no members.
func (h *house) makeTeamOf(c *conversation.Conversation) {
	h.tx(func(tx *db.Tx) error {
		team, err := h.desk.CreateTeam(context.Background(), tx, handoff.Team{Name: "Theirs"})
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
