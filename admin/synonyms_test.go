package admin_test

import (
	"net/http"
	"strings"
	"testing"

	"huiyin/handoff"
)

func TestSynonyms(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me := h.as(handoff.Editor)
		me.do("GET", "/synonyms", nil).want(http.StatusOK).has(`"groups":[]`)
		me.do("PUT", "/synonyms", map[string]any{"groups": [][]string{{" 大王卡 ", "super SIM", "大王卡"}, {"alone"}}}).want(http.StatusOK).
			has(`"groups":[["大王卡","super SIM"]]`)
		me.do("GET", "/synonyms", nil).has(`"大王卡"`)
		me.do("PUT", "/synonyms", map[string]any{"groups": [][]string{{strings.Repeat("x", 61), "y"}}}).fails(http.StatusUnprocessableEntity, "invalid")
		h.as(handoff.Administrator).do("GET", "/audit", nil).has(`"synonyms_changed"`, "1 groups")
		h.as(handoff.AgentRole).do("GET", "/synonyms", nil).want(http.StatusOK)
		h.as(handoff.AgentRole).do("PUT", "/synonyms", map[string]any{"groups": [][]string{}}).fails(http.StatusForbidden, "forbidden")
	})
}
