package admin_test

import (
	"maps"
	"net/http"
	"testing"

	"huiyin/handoff"
)

func TestSurveyRules(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me := h.as(handoff.Administrator)
		me.do("GET", "/inboxes/1/survey", nil).want(http.StatusOK).has(`"enabled":false`, `"scale":"five"`)
		rule := map[string]any{"enabled": true, "delay_minutes": 5, "percent": 50, "scale": "two", "way": "reply", "bot_too": true,
			"question_zh": " 还满意吗？ ", "question_en": "", "low_up_to": 2, "on_low": "reopen"}
		me.do("PUT", "/inboxes/1/survey", rule).want(http.StatusOK).has(`"question_zh":"还满意吗？"`)
		me.do("GET", "/inboxes/1/survey", nil).has(`"percent":50`, `"on_low":"reopen"`, `"bot_too":true`)
		me.do("GET", "/audit", nil).has("survey_changed")
		for field, bad := range map[string]any{"percent": 0, "delay_minutes": 1441, "scale": "ten", "on_low": "shout", "low_up_to": 5} {
			wrong := maps.Clone(rule)
			wrong[field] = bad
			me.do("PUT", "/inboxes/1/survey", wrong).fails(http.StatusUnprocessableEntity, "invalid")
		}
		me.do("GET", "/inboxes/9/survey", nil).fails(http.StatusNotFound, "not_found")
		me.do("PUT", "/inboxes/9/survey", rule).fails(http.StatusNotFound, "not_found")
	})
}
