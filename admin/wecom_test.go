package admin_test

import (
	"net/http"
	"strings"
	"testing"

	"huiyin/handoff"
)

func TestRobotsInWeComAreSetUpAndTheirAddressesAreNeverShown(t *testing.T) {
	h := open(t)
	boss := h.as(handoff.Administrator)
	boss.do("GET", "/wecom-robot", nil).want(http.StatusOK).has(`"enabled":false`, `"teams":[]`)
	body := func(version int, webhook string) map[string]any {
		return map[string]any{"version": version, "enabled": true, "language": "zh", "minutes": 5, "robots": []any{map[string]any{"team_id": 0, "webhook": webhook}}}
	}
	boss.do("PUT", "/wecom-robot", body(0, "")).fails(http.StatusUnprocessableEntity, "invalid")
	boss.do("PUT", "/wecom-robot", body(0, "https://evil.example/cgi-bin/webhook/send?key=1")).fails(http.StatusUnprocessableEntity, "invalid")
	answer := boss.do("PUT", "/wecom-robot", body(0, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=secret")).want(http.StatusOK).has(`"teams":[0]`, `"version":1`)
	if strings.Contains(string(answer.text), "secret") {
		t.Fatal("a key is shown:", string(answer.text))
	}
	boss.do("PUT", "/wecom-robot", body(0, "")).fails(http.StatusUnprocessableEntity, "invalid")
	boss.do("PUT", "/wecom-robot", body(1, "")).want(http.StatusOK).has(`"teams":[0]`, `"version":2`)
	boss.do("POST", "/wecom-robot/check", body(2, "https://evil.example/")).want(http.StatusOK).has("webhook begins with")
	boss.do("GET", "/audit", nil).want(http.StatusOK).has("wecom_robot_changed")
	var sealed string
	h.must(h.db.QueryRow(t.Context(), "SELECT sealed FROM wecom_robot").Scan(&sealed))
	if strings.Contains(sealed, "secret") {
		t.Fatal("the keys are not sealed:", sealed)
	}
}
