package admin_test

import (
	"net/http"
	"testing"

	"huiyin/handoff"
)

func TestTriggersByTheAPI(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me := h.as(handoff.Administrator)
		me.do("GET", "/triggers", nil).want(http.StatusOK).has(`"version":0`, `"rules":[]`)
		rule := map[string]any{"id": 0, "name": "Refunds", "on": true, "when": map[string]any{"words": []string{"退款"}, "hours": "open"}, "do": "handoff", "priority": "high"}
		save := func(version int, rule map[string]any) *answer {
			return me.do("PUT", "/triggers", map[string]any{"version": version, "rules": []any{rule}})
		}
		save(0, rule).want(http.StatusOK).has(`"version":1`, `"words":["退款"]`, `"priority":"high"`, `"changed_by":"`)
		save(0, rule).fails(http.StatusConflict, "conflict")
		rule["name"] = "wrong"
		save(1, rule).fails(http.StatusUnprocessableEntity, "invalid").has("rules[0].name")
		rule["do"] = "dance"
		save(1, rule).fails(http.StatusUnprocessableEntity, "invalid")
		h.as(handoff.Lead).do("GET", "/triggers", nil).want(http.StatusOK).has("Refunds")
		me.do("GET", "/audit", nil).has("triggers_changed")
		me.do("POST", "/triggers/try", map[string]any{"rules": []any{}, "before": 3}).want(http.StatusOK).
			has(`"looked_at":500`, `"next":10`, `"handed_now":2`, `"matched":3`, `"then":"answer"`, `"text":"退款"`)
	})
}
