package admin_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"huiyin/db"
	"huiyin/handoff"
)

// teamed makes a team of some people.
func (h *house) teamed(name string, roles ...handoff.Role) handoff.Team {
	h.t.Helper()
	var team handoff.Team
	h.tx(func(tx *db.Tx) (err error) {
		t := handoff.Team{Name: name}
		for _, r := range roles {
			t.MemberIDs = append(t.MemberIDs, h.people[r].ID)
		}
		team, err = h.desk.CreateTeam(context.Background(), tx, t)
		return err
	})
	return team
}

func (h *house) moves(id, team int64) {
	h.t.Helper()
	h.tx(func(tx *db.Tx) error {
		c, err := h.store.Load(context.Background(), tx, id)
		if err != nil {
			return err
		}
		c.TeamID = team
		return h.store.Save(context.Background(), tx, c)
	})
}

func TestBoard(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		boss, lead, agent := h.as(handoff.Administrator), h.as(handoff.Lead), h.as(handoff.AgentRole)
		mine, other := h.teamed("Mine", handoff.Lead, handoff.AgentRole), h.teamed("Other", handoff.Owner)
		a, b := h.queued("a", "mine waits"), h.queued("b", "other waits")
		h.moves(a.ID, mine.ID)
		h.moves(b.ID, other.ID)
		agent.do("PATCH", "/me", map[string]any{"presence": "online"}).want(http.StatusOK)
		boss.do("GET", "/board", nil).want(http.StatusOK).has(`"team":"Mine"`, `"team":"Other"`, "mine waits", "other waits")
		lead.do("GET", "/board", nil).want(http.StatusOK).has(`"team":"Mine"`, `"waiting":1`, "mine waits", `"name":"agent"`).lacks("other waits", `"team":"Other"`, `"name":"owner"`)
		boss.do("GET", fmt.Sprintf("/board?team_id=%d", other.ID), nil).has("other waits").lacks("mine waits", `"name":"agent"`)
		lead.do("GET", fmt.Sprintf("/board?team_id=%d", other.ID), nil).fails(http.StatusNotFound, "not_found")
		agent.do("GET", "/board", nil).fails(http.StatusForbidden, "forbidden")

		away := fmt.Sprintf("/agents/%d/presence", h.people[handoff.AgentRole].ID)
		lead.do("PUT", away, map[string]any{"presence": "away"}).want(http.StatusNoContent)
		lead.do("GET", "/board", nil).has(`"presence":"away"`)
		lead.do("PUT", fmt.Sprintf("/agents/%d/presence", h.people[handoff.Owner].ID), map[string]any{"presence": "away"}).fails(http.StatusForbidden, "forbidden")

		path := fmt.Sprintf("/conversations/%d", a.ID)
		lead.do("POST", path+"/whisper", map[string]any{"text": "ask for the order"}).fails(http.StatusConflict, "no_owner")
		agent.do("POST", path+"/claim", nil).want(http.StatusOK)
		lead.do("POST", path+"/whisper", map[string]any{"text": "ask for the order"}).want(http.StatusCreated).has(`"whisper":true`, `"private":true`)
		lead.do("POST", path+"/messages", map[string]any{"text": "I am here too"}).fails(http.StatusConflict, "owned_by_other")
		lead.do("POST", path+"/join", nil).want(http.StatusOK)
		lead.do("POST", path+"/messages", map[string]any{"text": "I am here too"}).want(http.StatusCreated)
		agent.do("GET", path, nil).has(`"agent":{"id":` + fmt.Sprint(h.people[handoff.AgentRole].ID))
		lead.do("POST", fmt.Sprintf("/conversations/%d/join", b.ID), nil).fails(http.StatusNotFound, "not_found")
		lead.do("POST", fmt.Sprintf("/conversations/%d/whisper", b.ID), map[string]any{"text": "x"}).fails(http.StatusNotFound, "not_found")
	})
}

func TestWall(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		boss := h.as(handoff.Administrator)
		team := h.teamed("Mine", handoff.AgentRole)
		c := h.queued("a", "nobody may read this on a wall")
		h.moves(c.ID, team.ID)
		var made struct {
			URL   string
			Token struct{ ID int64 }
		}
		boss.do("POST", "/wall-tokens", map[string]any{"name": " Hall ", "team_id": team.ID}).want(http.StatusCreated).into(&made)
		_, secret, ok := strings.Cut(made.URL, "https://help.example.com/console/wall#")
		if !ok || len(secret) < 20 {
			t.Fatal(made.URL)
		}
		screen := h.nobody().with("Wall-Token", secret)
		screen.do("GET", "/wall", nil).want(http.StatusOK).has(`"name":"Hall"`, `"waiting":1`, `"team":"Mine"`).lacks("nobody may read", "Customer", "1380")
		screen.do("GET", "/board", nil).fails(http.StatusUnauthorized, "unauthorized")
		screen.do("GET", "/conversations", nil).fails(http.StatusUnauthorized, "unauthorized")
		boss.do("GET", "/wall-tokens", nil).has(`"name":"Hall"`, "last_used_at").lacks(secret)
		boss.do("POST", "/wall-tokens", map[string]any{"name": "x", "team_id": 99}).fails(http.StatusUnprocessableEntity, "invalid")
		h.nobody().with("Wall-Token", secret+"x").do("GET", "/wall", nil).fails(http.StatusUnauthorized, "unauthorized")
		boss.do("DELETE", fmt.Sprintf("/wall-tokens/%d", made.Token.ID), nil).want(http.StatusNoContent)
		screen.do("GET", "/wall", nil).fails(http.StatusUnauthorized, "unauthorized")
		boss.do("DELETE", fmt.Sprintf("/wall-tokens/%d", made.Token.ID), nil).fails(http.StatusNotFound, "not_found")
	})
}
