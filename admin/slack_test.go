package admin_test

import (
	"net/http"
	"strings"
	"testing"

	"huiyin/handoff"
)

func TestSlackIsSetUpAndItsTokensAreNeverShown(t *testing.T) {
	h := open(t)
	boss := h.as(handoff.Administrator)
	boss.do("GET", "/slack", nil).want(http.StatusOK).has(`"enabled":false`, `"bot_token_set":false`, `/hooks/slack/events`)
	body := func(version int) map[string]any {
		return map[string]any{"version": version, "enabled": true, "socket": true, "prefix": "", "language": "zh", "channels": []any{map[string]any{"team_id": 0, "channel": "C0123456789"}}}
	}
	boss.do("PUT", "/slack", body(0)).fails(http.StatusUnprocessableEntity, "invalid")
	full := body(0)
	full["bot_token"], full["app_token"] = "xoxb-secret", "xapp-secret"
	answer := boss.do("PUT", "/slack", full).want(http.StatusOK).has(`"bot_token_set":true`, `"app_token_set":true`, `"version":1`)
	if strings.Contains(string(answer.text), "secret\"") {
		t.Fatal("a token is shown:", string(answer.text))
	}
	boss.do("PUT", "/slack", body(0)).fails(http.StatusUnprocessableEntity, "invalid")
	boss.do("PUT", "/slack", body(1)).want(http.StatusOK).has(`"bot_token_set":true`)
	boss.do("GET", "/audit", nil).want(http.StatusOK).has("slack_changed")
	var sealed string
	h.must(h.db.QueryRow(t.Context(), "SELECT sealed FROM slack_app").Scan(&sealed))
	if strings.Contains(sealed, "secret") {
		t.Fatal("the tokens are not sealed:", sealed)
	}
}

func TestAnAgentGetsACodeToLinkSlack(t *testing.T) {
	h := open(t)
	agent := h.as(handoff.AgentRole)
	agent.do("GET", "/me/slack", nil).want(http.StatusOK).has(`"available":false`)
	var made struct{ Code string }
	agent.do("POST", "/me/slack", nil).want(http.StatusCreated).into(&made)
	if len(made.Code) != 10 {
		t.Fatalf("the code is %q", made.Code)
	}
	h.key("*").do("POST", "/me/slack", nil).fails(http.StatusUnprocessableEntity, "invalid")
	agent.do("DELETE", "/me/slack", nil).want(http.StatusNoContent)
}
