package admin_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"huiyin/db"
	"huiyin/handoff"
)

// routed saves rules in which conversations without a team are offered, changed as wanted.
func (h *house) routed(change func(rules, team map[string]any)) *answer {
	h.t.Helper()
	admin := h.as(handoff.Administrator)
	var got struct {
		Version   int64
		Rules     map[string]any
		UsualTeam map[string]any `json:"usual_team"`
	}
	admin.do("GET", "/routing/settings", nil).want(http.StatusOK).into(&got)
	got.UsualTeam["strategy"] = "least_busy"
	if change != nil {
		change(got.Rules, got.UsualTeam)
	}
	got.Rules["teams"].(map[string]any)["0"] = got.UsualTeam
	return admin.do("PUT", "/routing/settings", map[string]any{"version": got.Version, "rules": got.Rules})
}

func TestRoutingSettings(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		lead := h.as(handoff.Lead)
		lead.do("GET", "/routing/settings", nil).want(http.StatusOK).has(`"version":0`, `"strategy":"manual"`, `"usual_units":{`, `"teams":{}`, `"nudge":true`)
		h.routed(nil).want(http.StatusOK).has(`"version":1`, `"strategy":"least_busy"`, `"changed_by":"administrator"`)
		h.routed(func(rules, _ map[string]any) { rules["capacity"] = 0 }).fails(http.StatusUnprocessableEntity, "invalid").has("capacity")
		h.routed(func(_, team map[string]any) { team["overflow_minutes"] = 3 }).fails(http.StatusUnprocessableEntity, "invalid").has("overflow_team")
		admin := h.as(handoff.Administrator)
		var got map[string]any
		admin.do("GET", "/routing/settings", nil).into(&got)
		admin.do("PUT", "/routing/settings", map[string]any{"version": 0, "rules": got["rules"]}).fails(http.StatusConflict, "conflict")
		admin.do("GET", "/audit", nil).has("routing_settings_changed", "least_busy")
	})
}

func TestAbilities(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		admin, agent, deputy := h.as(handoff.Administrator), h.people[handoff.AgentRole], h.people[handoff.Lead]
		path := fmt.Sprintf("/users/%d", agent.ID)
		admin.do("PATCH", path, map[string]any{"abilities": map[string]any{"skills": map[string]int{" Bills ": 4}, "languages": []string{"zh", "en"},
			"capacity": 20, "most": map[string]int{"page": 3}, "stand_in": deputy.ID}}).want(http.StatusOK).has(`"skills":{"bills":4}`, `"capacity":20`, `"stand_in":`)
		admin.do("GET", "/users", nil).has(`"bills":4`)
		admin.do("GET", "/routing/settings", nil).has(`"skills":["bills"]`)
		for name, wrong := range map[string]map[string]any{
			"level":    {"skills": map[string]int{"bills": 6}},
			"capacity": {"capacity": 500},
			"self":     {"stand_in": agent.ID},
			"editor":   {"stand_in": h.people[handoff.Editor].ID},
		} {
			if code := admin.do("PATCH", path, map[string]any{"abilities": wrong}).StatusCode; code != http.StatusUnprocessableEntity && code != http.StatusBadRequest {
				t.Errorf("%s: %d", name, code)
			}
		}
	})
}

func TestOffers(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		h.routed(nil).want(http.StatusOK)
		me, other := h.as(handoff.AgentRole), h.as(handoff.Lead)
		stream, others := me.follow("", ""), other.follow("", "")
		me.do("PATCH", "/me", map[string]any{"presence": "online"}).want(http.StatusOK)
		other.do("PATCH", "/me", map[string]any{"presence": "away"}).want(http.StatusOK)
		id := h.queued("visitor-1", "hello").ID
		h.must(h.desk.Route(ctx))
		hint := stream.until("the offer", func(e event) bool { return e.Kind == "offer" })
		var offers []struct {
			ID           int64
			Rule         string
			LeftMs       int64 `json:"left_ms"`
			Conversation struct{ ID int64 }
		}
		me.do("GET", "/offers", nil).want(http.StatusOK).into(&offers)
		if len(offers) != 1 || offers[0].ID != hint.OfferID || offers[0].Conversation.ID != id || offers[0].Rule != "least_busy" || offers[0].LeftMs <= 0 {
			t.Fatalf("%+v after %+v", offers, hint)
		}
		other.do("GET", "/offers", nil).want(http.StatusOK).has("[]")
		path := fmt.Sprintf("/offers/%d", offers[0].ID)
		other.do("POST", path+"/accept", nil).fails(http.StatusNotFound, "not_found")
		me.do("POST", path+"/decline", nil).want(http.StatusNoContent)
		other.do("GET", fmt.Sprintf("/conversations/%d/routing", id), nil).want(http.StatusOK).
			has(`"waits":true`, `"position":1`, `"outcome":"declined"`, `"now":"nobody_fits"`, `"name":"agent"`)
		second := h.queued("visitor-2", "hello").ID
		h.must(h.desk.Route(ctx))
		me.do("GET", "/offers", nil).want(http.StatusOK).into(&offers)
		path = fmt.Sprintf("/offers/%d", offers[0].ID)
		me.do("POST", path+"/accept", nil).want(http.StatusOK).has(fmt.Sprintf(`"id":%d`, second), `"agent":{`)
		me.do("POST", path+"/accept", nil).want(http.StatusOK)
		others.until("the claim", func(e event) bool {
			if e.Kind == "offer" {
				t.Error("a colleague is told of the offer")
			}
			return e.Conversation != nil && e.Conversation.ID == second
		})
	})
}

// Another team's conversation is offered to nobody outside it, whatever the customer's dedicated agent or the last one is.
func TestNothingOfAnotherTeamIsOffered(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		_, theirs := h.teams()
		h.routed(func(rules, team map[string]any) { rules["teams"].(map[string]any)[fmt.Sprint(theirs.TeamID)] = team }).want(http.StatusOK)
		me := h.as(handoff.AgentRole)
		me.do("PATCH", "/me", map[string]any{"presence": "online"}).want(http.StatusOK)
		h.tx(func(tx *db.Tx) error {
			c, err := h.store.Contact(context.Background(), tx, theirs.ContactID)
			if err != nil {
				return err
			}
			c.ManagerID = h.people[handoff.AgentRole].ID
			return h.store.SaveContact(context.Background(), tx, c)
		})
		h.must(h.desk.Route(context.Background()))
		me.do("GET", "/offers", nil).want(http.StatusOK).lacks(fmt.Sprintf(`"conversation":{"id":%d`, theirs.ID))
		me.do("GET", fmt.Sprintf("/conversations/%d/routing", theirs.ID), nil).fails(http.StatusNotFound, "not_found")
	})
}

// From the request for a human to the offer read by an idle agent's console, over a real stream and a real database.
func BenchmarkRequestToScreen(b *testing.B) {
	h := open(b)
	ctx := context.Background()
	h.routed(func(rules, _ map[string]any) { rules["capacity"] = 200 })
	ring := make(chan struct{}, 1)
	h.desk.OnRoute = func() {
		select {
		case ring <- struct{}{}:
		default:
		}
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range ring {
			_ = h.desk.Route(ctx)
		}
	}()
	me := h.as(handoff.AgentRole)
	stream := me.follow("", "")
	me.do("PATCH", "/me", map[string]any{"presence": "online"})
	var worst []time.Duration
	b.ResetTimer()
	for i := range b.N {
		b.StopTimer()
		c := h.says(fmt.Sprint("visitor-", i), "a person, please")
		b.StartTimer()
		began := time.Now()
		h.tx(func(tx *db.Tx) error {
			c, err := h.store.Load(ctx, tx, c.ID)
			if err != nil {
				return err
			}
			return h.desk.Request(ctx, tx, c, handoff.Asked)
		})
		e := stream.until("the offer", func(e event) bool { return e.Kind == "offer" && e.Outcome == "" })
		var offers []struct{ ID int64 }
		me.do("GET", "/offers", nil).into(&offers)
		worst = append(worst, time.Since(began))
		b.StopTimer()
		if len(offers) != 1 || offers[0].ID != e.OfferID {
			b.Fatalf("%+v", offers)
		}
		me.do("POST", fmt.Sprintf("/offers/%d/accept", e.OfferID), nil).want(http.StatusOK)
		me.do("POST", fmt.Sprintf("/conversations/%d/resolve", c.ID), nil).want(http.StatusOK)
		b.StartTimer()
	}
	b.StopTimer()
	slices.Sort(worst)
	b.ReportMetric(float64(worst[len(worst)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(worst[len(worst)*99/100].Microseconds())/1000, "p99-ms")
	close(ring)
	<-done
}
