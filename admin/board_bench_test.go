package admin_test

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"testing"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/db/pgtest"
	"huiyin/handoff"
)

// BenchmarkBoard is a look at the board of 500 agents in 10 teams and 5 000 customers who wait.
func BenchmarkBoard(b *testing.B) {
	for name, url := range map[string]func() string{"sqlite": func() string { return filepath.Join(b.TempDir(), "huiyin.db") }, "postgres": func() string { return pgtest.URL(b) }} {
		b.Run(name, func(b *testing.B) {
			h := openAt(b, url(), nil)
			h.crowd(500, 10, 5000)
			boss := h.as(handoff.Owner)
			b.ResetTimer()
			for range b.N {
				boss.do("GET", "/board", nil).want(http.StatusOK)
			}
		})
	}
}

func (h *house) crowd(agents, teams, waiting int) {
	h.t.Helper()
	ctx := context.Background()
	list := make([]handoff.Team, teams)
	for i := range list {
		list[i] = h.teamed(fmt.Sprint("team", i))
	}
	h.tx(func(tx *db.Tx) error {
		for i := range agents {
			a, err := h.desk.CreateAgent(ctx, tx, handoff.Agent{Name: fmt.Sprint("agent", i), Email: fmt.Sprintf("a%d@example.com", i), Role: handoff.AgentRole, Language: "en", TeamIDs: []int64{list[i%teams].ID}})
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, "UPDATE agents SET seen_at = ? WHERE id = ?", db.Millis(tx.Now), a.ID); err != nil {
				return err
			}
		}
		return nil
	})
	for i := 0; i < waiting; i += 250 {
		h.tx(func(tx *db.Tx) error {
			for j := i; j < min(waiting, i+250); j++ {
				r, err := h.store.RecordTx(ctx, tx, h.inbox, conversation.Incoming{Address: fmt.Sprint("c", j), Text: "hello"})
				if err != nil {
					return err
				}
				c, err := h.store.Load(ctx, tx, r.Conversation.ID)
				if err != nil {
					return err
				}
				c.Status, c.TeamID = conversation.Open, list[j%teams].ID
				if err := h.store.Save(ctx, tx, c); err != nil {
					return err
				}
			}
			return nil
		})
	}
}
