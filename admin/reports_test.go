package admin_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"huiyin/db"
	"huiyin/handoff"
)

// measured waits until the figures are as far as the events.
func (h *house) measured(me *caller, query string, parts ...string) {
	h.t.Helper()
	for range 100 {
		a := me.do("GET", "/reports?"+query, nil).want(http.StatusOK)
		missing := false
		for _, part := range parts {
			missing = missing || !strings.Contains(string(a.text), part)
		}
		if !missing {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	me.do("GET", "/reports?"+query, nil).has(parts...)
}

func TestReports(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		boss, lead, agent := h.as(handoff.Administrator), h.as(handoff.Lead), h.as(handoff.AgentRole)
		boss.do("PUT", "/reports/settings", map[string]any{"time_zone": "Mars/Olympus", "version": 0}).fails(http.StatusUnprocessableEntity, "invalid")
		boss.do("PUT", "/reports/settings", map[string]any{"time_zone": "Asia/Shanghai", "version": 0}).want(http.StatusOK).has(`"version":1`)
		agent.do("PUT", "/reports/settings", map[string]any{"time_zone": "UTC", "version": 1}).fails(http.StatusForbidden, "forbidden")
		zone, err := time.LoadLocation("Asia/Shanghai")
		h.must(err)
		c := h.queued("a", "a person please")
		agent.do("POST", "/conversations/"+fmt.Sprint(c.ID)+"/messages", map[string]any{"text": "here I am"}).want(http.StatusCreated)
		other := h.queued("b", "another team's")
		h.tx(func(tx *db.Tx) error {
			team, err := h.desk.CreateTeam(context.Background(), tx, handoff.Team{Name: "=HYPERLINK(1)"})
			if err != nil {
				return err
			}
			c, err := h.store.Load(context.Background(), tx, other.ID)
			if err != nil {
				return err
			}
			c.TeamID = team.ID
			return h.store.Save(context.Background(), tx, c)
		})
		today := h.clock.now().In(zone).Format(time.DateOnly)
		days := "from=" + today + "&to=" + today
		h.measured(boss, days, `{"kind":"started","n":2,"total":2}`, `"behind":false`)
		h.measured(lead, days, `{"kind":"started","n":1,"total":1}`)
		agent.do("GET", "/reports?"+days, nil).want(http.StatusOK).has(`"own":true`, `{"kind":"replied","n":1,"total":1}`).lacks(`"started"`, "HYPERLINK")
		lead.do("GET", "/reports?"+days, nil).lacks("HYPERLINK", `"n":2`)
		boss.do("GET", "/reports/conversations?kind=started&limit=1&"+days, nil).want(http.StatusOK).has(`"next":"`, `"id":2`)
		lead.do("GET", "/reports/conversations?kind=started&"+days, nil).want(http.StatusOK).has(`"id":1`).lacks(`"id":2,`)
		boss.do("GET", "/reports/conversations?kind=started&cursor=x&"+days, nil).fails(http.StatusUnprocessableEntity, "invalid")
		boss.do("GET", "/reports/export?by=team&"+days, nil).want(http.StatusOK).has("'=HYPERLINK(1),1")
		boss.do("GET", "/reports/export?by=day&"+days, nil).want(http.StatusOK).has(today + ",2")
		boss.do("GET", "/reports/export?by=agent&"+days, nil).want(http.StatusOK).has("agent,0,0,1")
		boss.do("GET", "/reports/export?by=inbox&"+days, nil).want(http.StatusOK).has("Site,2")
		boss.do("GET", "/reports?from=2026-02-01&to=2026-01-01", nil).fails(http.StatusUnprocessableEntity, "invalid")
		boss.do("GET", "/reports?from=2024-01-01&to=2026-01-01", nil).fails(http.StatusUnprocessableEntity, "invalid")
		boss.do("GET", "/reports?from=2026-02-30&to=2026-03-01", nil).fails(http.StatusUnprocessableEntity, "invalid")
	})
}

// The day at a glance counts no conversation of another team's.
func TestOverviewKeepsToTheTeams(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		c := h.queued("a", "secret")
		h.tx(func(tx *db.Tx) error {
			team, err := h.desk.CreateTeam(context.Background(), tx, handoff.Team{Name: "Others"})
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
		h.as(handoff.Owner).do("GET", "/overview", nil).has(`"waiting":1`, `"received_today":1`)
		h.as(handoff.AgentRole).do("GET", "/overview", nil).has(`"waiting":0`, `"received_today":0`, `"handed_off_today":0`, `"open":0`).lacks("longest_wait_since")
		h.as(handoff.Lead).do("GET", "/overview", nil).has(`"waiting":0`)
		h.as(handoff.Editor).do("GET", "/overview", nil).fails(http.StatusForbidden, "forbidden")
	})
}
