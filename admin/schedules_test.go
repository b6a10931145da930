package admin_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"huiyin/handoff"
)

func office(change map[string]any) map[string]any {
	s := map[string]any{"name": "Office", "zone": "Asia/Shanghai", "week": "mon-fri 08:30-12:00 13:30-18:00", "days": "2026-10-01..2026-10-07 closed 国庆节", "team_ids": []int64{}}
	for k, v := range change {
		s[k] = v
	}
	return s
}

func TestSchedules(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me := h.as(handoff.Administrator)
		me.do("GET", "/schedules", nil).want(http.StatusOK).has("[]")
		me.do("POST", "/schedules/preview", office(nil)).want(http.StatusOK).
			has(`"week":{"en":"Mon–Fri 08:30–12:00 13:30–18:00","zh":"周一至周五 08:30–12:00 13:30–18:00"}`, `"date":"2026-10-01"`, `"today":{`)
		me.do("POST", "/schedules/preview", office(map[string]any{"week": "always"})).fails(http.StatusUnprocessableEntity, "invalid")
		var made struct{ ID, Version int64 }
		me.do("POST", "/schedules", office(map[string]any{"team_ids": []int64{0}})).want(http.StatusCreated).into(&made)
		me.do("POST", "/schedules", office(nil)).fails(http.StatusUnprocessableEntity, "invalid")
		path := fmt.Sprintf("/schedules/%d", made.ID)
		me.do("PUT", path, office(map[string]any{"version": made.Version, "name": "Hotline", "team_ids": []int64{0}})).want(http.StatusOK).has(`"name":"Hotline"`, `"team_ids":[0]`)
		me.do("PUT", path, office(map[string]any{"version": made.Version})).fails(http.StatusConflict, "conflict")
		me.do("GET", "/openings", nil).want(http.StatusOK).has(`"scheduled":true`, `"on_duty":0`)
		me.do("GET", "/audit", nil).has("schedule_created", "schedule_changed")
		h.as(handoff.AgentRole).do("GET", "/schedules", nil).want(http.StatusOK).has("Hotline")
		me.do("DELETE", path, nil).want(http.StatusNoContent)
		me.do("DELETE", path, nil).fails(http.StatusNotFound, "not_found")
	})
}

func TestHolidaysByTheAPI(t *testing.T) {
	h := open(t)
	me := h.as(handoff.Administrator)
	var made struct{ ID int64 }
	me.do("POST", "/schedules", office(map[string]any{"days": ""})).want(http.StatusCreated).into(&made)
	path := fmt.Sprintf("/schedules/%d/holidays", made.ID)
	me.do("POST", path, map[string]any{"shipped": "china-2026", "dry": true}).want(http.StatusOK).
		has(`"date":"2026-10-10"`, `"like":"mon"`, `"spans":["08:30-12:00","13:30-18:00"]`, `"same":false`).lacks(`"import"`)
	me.do("GET", path, nil).want(http.StatusOK).has("[]")
	me.do("POST", path, map[string]any{"file": "x.csv", "text": "date,kind\n2026-10-32,holiday"}).fails(http.StatusUnprocessableEntity, "invalid")
	var done struct{ Import struct{ ID int64 } }
	me.do("POST", path, map[string]any{"shipped": "china-2026"}).want(http.StatusOK).has(`"days":39`, `"by":{`).into(&done)
	me.do("POST", path, map[string]any{"shipped": "china-2026", "dry": true}).want(http.StatusOK).has(`"same":true`).lacks(`"same":false`)
	me.do("POST", fmt.Sprintf("%s/%d/undo", path, done.Import.ID), nil).want(http.StatusOK).has(`"days":""`)
	me.do("GET", path, nil).has(`"undone_at"`)
	me.do("POST", path+"/99/undo", nil).fails(http.StatusNotFound, "not_found")
}

func TestShiftsByTheAPI(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.teams() // the agent is in a team, the lead in none
		agent, lead, owner := h.people[handoff.AgentRole], h.people[handoff.Lead], h.people[handoff.Owner]
		start := h.db.Now().Add(time.Hour).UTC().Truncate(time.Minute)
		input := func(id int64) map[string]any {
			return map[string]any{"agent_id": id, "starts_at": start, "ends_at": start.Add(8 * time.Hour), "note": "早班"}
		}
		h.as(handoff.Lead).do("POST", "/shifts", input(agent.ID)).fails(http.StatusForbidden, "forbidden")
		h.as(handoff.Lead).do("POST", "/shifts", input(lead.ID)).want(http.StatusCreated)
		var made struct{ ID int64 }
		h.as(handoff.Administrator).do("POST", "/shifts", input(agent.ID)).want(http.StatusCreated).has(`"note":"早班"`).into(&made)
		path := fmt.Sprintf("/shifts/%d", made.ID)
		h.as(handoff.AgentRole).do("POST", path+"/swap", map[string]any{"agent_id": owner.ID}).want(http.StatusOK).has(`"wanted_by":{`)
		h.as(handoff.AgentRole).do("POST", path+"/swap/answer", map[string]any{"accept": true}).fails(http.StatusForbidden, "forbidden")
		h.as(handoff.Owner).do("POST", path+"/swap/answer", map[string]any{"accept": true}).want(http.StatusOK).has(fmt.Sprintf(`"first_agent":{"id":%d`, agent.ID))
		copies := map[string]any{"from": start, "to": start.Add(time.Hour), "days": 7, "zone": "Asia/Shanghai", "team_id": 0}
		h.as(handoff.Lead).do("POST", "/shifts/copy", copies).want(http.StatusOK).has(`"planned":1`, `"skipped":0`) // their own
		h.as(handoff.Owner).do("POST", "/shifts/copy", copies).want(http.StatusOK).has(`"planned":1`, `"skipped":1`)
		copies["zone"] = "Nowhere/Land"
		h.as(handoff.Owner).do("POST", "/shifts/copy", copies).fails(http.StatusUnprocessableEntity, "invalid")
		from := start.Format(time.RFC3339)
		h.as(handoff.AgentRole).do("GET", "/shifts?from="+from+"&to="+start.Add(time.Hour).Format(time.RFC3339), nil).want(http.StatusOK).has("owner", "lead")
		h.as(handoff.AgentRole).do("GET", "/shifts?from="+from+"&to="+from, nil).fails(http.StatusUnprocessableEntity, "invalid")
		h.as(handoff.Lead).do("DELETE", path, nil).fails(http.StatusForbidden, "forbidden")
		h.as(handoff.Owner).do("DELETE", path, nil).want(http.StatusNoContent)
	})
}
