package admin_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"huiyin/handoff"
)

func policy(change map[string]any) map[string]any {
	p := map[string]any{"id": 0, "name": "Standard", "on": true, "first_response": 10, "resolution": 480, "warn_percent": 80,
		"escalations": []map[string]any{{"after": 5, "action": "notify", "kinds": []string{"first_response"}}}}
	for k, v := range change {
		p[k] = v
	}
	return p
}

func TestServiceLevels(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me := h.as(handoff.Administrator)
		me.do("GET", "/sla", nil).want(http.StatusOK).has(`"version":""`, `"policies":[]`)
		var saved struct {
			Version  string
			Policies []struct{ ID, Version int64 }
		}
		me.do("PUT", "/sla", map[string]any{"version": "", "policies": []any{policy(nil), policy(map[string]any{"name": "VIP", "tiers": []string{"vip"}})}}).
			want(http.StatusOK).has(`"kinds":["first_response"]`, `"name":"VIP"`).into(&saved)
		me.do("PUT", "/sla", map[string]any{"version": "", "policies": []any{}}).fails(http.StatusConflict, "conflict")
		me.do("PUT", "/sla", map[string]any{"version": saved.Version, "policies": []any{policy(map[string]any{"first_response": 0, "resolution": 0})}}).
			fails(http.StatusUnprocessableEntity, "invalid").has("policies[0].targets")
		first := saved.Policies[0].ID
		me.do("PUT", "/sla", map[string]any{"version": saved.Version, "policies": []any{policy(map[string]any{"id": first, "first_response": 20})}}).
			want(http.StatusOK).has(`"version":2`).lacks("VIP")
		me.do("GET", fmt.Sprintf("/sla/%d/versions", first), nil).want(http.StatusOK).has(`"first_response":20`, `"first_response":10`)
		me.do("GET", "/sla/99/versions", nil).fails(http.StatusNotFound, "not_found")
		me.do("GET", "/audit", nil).has("service_levels_changed")
	})
}

func TestTheClocksOfAConversation(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.as(handoff.Owner).do("PUT", "/sla", map[string]any{"version": "", "policies": []any{policy(nil)}}).want(http.StatusOK)
		c := h.queued("q", "human")
		me, path := h.as(handoff.AgentRole), fmt.Sprintf("/conversations/%d", c.ID)
		me.do("GET", path, nil).want(http.StatusOK).has(`"sla":[{`, `"kind":"first_response"`, `"state":"ok"`, `"target_seconds":600`, `"due_at"`).lacks("from_night")
		h.clock.move(9 * time.Minute)
		me.do("GET", path, nil).has(`"state":"warn"`)
		h.clock.move(time.Minute)
		me.do("GET", "/conversations?view=queue", nil).has(`"state":"breached"`)
		h.must(h.desk.SoundAlarms(t.Context()))
		me.do("POST", path+"/messages", map[string]any{"text": "hello"}).want(http.StatusCreated)
		me.do("GET", path, nil).has(`"state":"paused"`, `"paused_for":"customer"`, `"left_seconds":`).lacks("first_response")
		me.do("GET", path+"/sla", nil).want(http.StatusOK).has(`"what":"started"`, `"what":"warned"`, `"what":"breached"`, `"what":"met"`, `"policy_version":1`)
	})
}

func TestClocksOfAnotherTeamAreNotShown(t *testing.T) {
	h := open(t)
	_, theirs := h.teams()
	h.as(handoff.AgentRole).do("GET", fmt.Sprintf("/conversations/%d/sla", theirs.ID), nil).fails(http.StatusNotFound, "not_found")
}

func TestAgentsSeeWhoCameInTheNight(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		today := h.db.Now().UTC().Format(time.DateOnly)
		h.as(handoff.Owner).do("POST", "/schedules", office(map[string]any{"zone": "UTC", "week": "mon-sun 00:00-24:00", "days": today + " closed", "team_ids": []int64{0}})).want(http.StatusCreated)
		c := h.queued("night", "human")
		h.as(handoff.AgentRole).do("GET", fmt.Sprintf("/conversations/%d", c.ID), nil).want(http.StatusOK).has(`"from_night":true`)
	})
}
