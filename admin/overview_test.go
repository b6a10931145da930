package admin_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

func TestOverview(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me := h.as(handoff.AgentRole)
		me.do("PATCH", "/me", map[string]any{"presence": "online"}).want(http.StatusOK)
		h.queued("a", "human")
		c := h.says("b", "invoice?")
		h.tx(func(tx *db.Tx) error {
			ctx := context.Background()
			loaded, err := h.store.Load(ctx, tx, c.ID)
			if err != nil {
				return err
			}
			m, err := h.store.Reply(ctx, tx, loaded, conversation.Draft{Sender: conversation.FromBot, Text: "here"})
			if err != nil {
				return err
			}
			_, err = h.store.SetHelpful(ctx, tx, c.ID, m.Seq, true)
			return err
		})
		me.do("GET", "/overview", nil).want(http.StatusOK).has(`"received_today":2`, `"conversations_today":2`, `"solved_by_bot_today":1`,
			`"handed_off_today":1`, `"helpful_today":1`, `"unhelpful_today":0`, `"waiting":1`, `"open":1`, `"agents_online":1`, `"longest_wait_since"`)
		h.says("c", "hello")
		me.do("GET", "/overview", nil).has(`"received_today":2`)
		h.clock.move(10 * time.Second)
		me.do("GET", "/overview", nil).has(`"received_today":3`)
	})
}
