package handoff_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/db/pgtest"
	"huiyin/handoff"
	"huiyin/handoff/routing"
	"huiyin/live"
)

// hall is a desk with many agents and a long queue.
type hall struct {
	*testing.B
	*handoff.Desk
	ctx   context.Context
	inbox conversation.Inbox
	ids   []int64
}

func (h *hall) tx(fn func(*db.Tx) error) {
	h.Helper()
	if err := h.DB.Tx(h.ctx, fn); err != nil {
		h.Fatal(err)
	}
}

// crowded opens a desk with so many agents at work and so many customers waiting, of which the agents have one offer each.
func crowded(b *testing.B, url string, agents, waiting int) *hall {
	b.Helper()
	ctx := context.Background()
	d, err := db.Open(ctx, url, db.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = d.Close() })
	if err := d.Migrate(ctx, conversation.Migrations(), handoff.Migrations()); err != nil {
		b.Fatal(err)
	}
	h := &hall{B: b, Desk: handoff.New(d, &conversation.Store{DB: d}, live.NewHub(nil)), ctx: ctx}
	h.tx(func(tx *db.Tx) (err error) {
		if h.inbox, err = h.Conversations.CreateInbox(ctx, tx, conversation.Inbox{Kind: "page", Name: "Web", Bot: true}); err != nil {
			return err
		}
		s, t := routing.Shipped(), routing.ShippedTeam()
		t.Strategy, t.OfferSeconds, s.Capacity, s.Nudge = routing.BestFit, 600, routing.MaxCapacity, false
		s.Needs = []routing.Need{{Skill: "bills", Level: 1, Tier: "gold"}}
		s.Teams[0] = t
		return h.SaveRouting(ctx, tx, handoff.RoutingSettings{Settings: s})
	})
	for i := range agents {
		h.hire(i)
	}
	for i := range waiting {
		h.waits(i)
	}
	return h
}

func (h *hall) hire(i int) {
	h.Helper()
	var a handoff.Agent
	h.tx(func(tx *db.Tx) (err error) {
		if a, err = h.CreateAgent(h.ctx, tx, handoff.Agent{Name: fmt.Sprint("Agent ", i), Email: fmt.Sprintf("a%d@example.com", i), Role: handoff.AgentRole}); err != nil {
			return err
		}
		return h.SaveAbilities(h.ctx, tx, a.ID, handoff.Abilities{Skills: map[string]int{"bills": 1 + i%5, "fibre": 1 + i%3}, Languages: []string{"zh", "en"}})
	})
	if err := h.SetPresence(h.ctx, a.ID, handoff.Online); err != nil {
		h.Fatal(err)
	}
	h.ids = append(h.ids, a.ID)
}

func (h *hall) waits(i int) int64 {
	h.Helper()
	r, err := h.Conversations.Record(h.ctx, h.inbox, conversation.Incoming{Address: fmt.Sprint("v", i), Text: "hello", Language: "en",
		Profile: conversation.Profile{Attributes: map[string]string{"tier": []string{"", "gold"}[i%2]}}})
	if err != nil {
		h.Fatal(err)
	}
	h.tx(func(tx *db.Tx) error {
		c, err := h.Conversations.Load(h.ctx, tx, r.Conversation.ID)
		if err != nil {
			return err
		}
		return h.Request(h.ctx, tx, c, handoff.Asked)
	})
	return r.Conversation.ID
}

// One agent of five hundred has just come free, and five thousand customers wait: read everything, decide, write the offer.
func BenchmarkRouteOneOf500AgentsWith5000Waiting(b *testing.B) {
	for name, url := range map[string]func() string{"sqlite": func() string { return filepath.Join(b.TempDir(), "huiyin.db") }, "postgres": func() string { return pgtest.URL(b) }} {
		b.Run(name, func(b *testing.B) {
			h := crowded(b, url(), 500, 5000)
			if err := h.Route(h.ctx); err != nil {
				b.Fatal(err)
			}
			var took []time.Duration
			for i := 0; b.Loop(); i++ {
				b.StopTimer()
				me := handoff.Agent{ID: h.ids[i%len(h.ids)]}
				offers, err := h.OffersTo(h.ctx, h.DB, me.ID)
				if err != nil || len(offers) != 1 {
					b.Fatalf("%+v, %v", offers, err)
				}
				if err := h.Seen(h.ctx, me.ID); err != nil {
					b.Fatal(err)
				}
				h.tx(func(tx *db.Tx) error { return h.Decline(h.ctx, tx, offers[0].ID, me) })
				b.StartTimer()
				began := time.Now()
				if err := h.Route(h.ctx); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}

// The place of somebody far behind, as it is asked for by thousands of screens.
func BenchmarkPlaceAmong5000(b *testing.B) {
	h := crowded(b, filepath.Join(b.TempDir(), "huiyin.db"), 1, 5000)
	c, err := h.Conversations.Get(h.ctx, h.DB, 4990)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if p, err := h.Standing(h.ctx, h.DB, c); err != nil || p.Position < 2000 {
			b.Fatalf("%+v, %v", p, err)
		}
	}
}
