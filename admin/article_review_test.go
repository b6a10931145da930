package admin_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"huiyin/admin"
	"huiyin/db"
	"huiyin/handoff"
)

// second is another person of a role, signed in.
func (h *house) second(role handoff.Role, name string) *caller {
	h.t.Helper()
	hash, err := admin.HashPassword(password)
	h.must(err)
	h.tx(func(tx *db.Tx) error {
		a, err := h.desk.CreateAgent(context.Background(), tx, handoff.Agent{Name: name, Email: name + "@example.com", Role: role, Language: "en"})
		if err != nil {
			return err
		}
		return admin.SetPasswordHash(context.Background(), tx, a.ID, hash)
	})
	return h.signIn(name+"@example.com", password)
}

func fourEyes(h *house, on bool) {
	var rules struct{ Version int64 }
	h.as(handoff.Owner).do("GET", "/knowledge/rules", nil).want(http.StatusOK).into(&rules)
	h.as(handoff.Owner).do("PUT", "/knowledge/rules", map[string]any{"version": rules.Version, "four_eyes": on, "review_days": 30}).want(http.StatusOK)
}

func TestReviewByASecondPerson(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		fourEyes(h, true)
		writer, reader := h.as(handoff.Editor), h.second(handoff.Editor, "mo")
		var a article
		writer.do("POST", "/articles", invoice()).want(http.StatusCreated).has(`"needs_approval":true`).into(&a)
		step := func(c *caller, path string, more map[string]any) *answer {
			body := map[string]any{"version": a.Version}
			for name, value := range more {
				body[name] = value
			}
			got := c.do("POST", a.path(path), body)
			if got.StatusCode == http.StatusOK {
				got.into(&a)
			}
			return got
		}
		step(writer, "/publish", nil).fails(http.StatusConflict, "not_approved")
		step(h.key("*"), "/publish", nil).fails(http.StatusConflict, "not_approved")
		step(writer, "/review", map[string]any{"words": "please look"}).want(http.StatusOK).has(`"state":"asked"`)
		reader.do("GET", "/notices", nil).has(`"kind":"review_asked"`, `"text":"please look"`, `"unread":1`, `"title":"怎么开发票？"`)
		reader.do("GET", "/articles?show=to_review", nil).has(`"to_review":1`, `"total":1`)
		step(writer, "/review/approve", nil).fails(http.StatusConflict, "own_work")
		step(h.key("*"), "/review/approve", nil).fails(http.StatusConflict, "own_work")
		reader.do("POST", a.path("/comments"), map[string]any{"text": "Where exactly?", "place": "answer.en"}).want(http.StatusOK).has(`"revision":1`)
		step(reader, "/review/return", nil).fails(http.StatusUnprocessableEntity, "invalid")
		step(reader, "/review/return", map[string]any{"words": "say where"}).want(http.StatusOK).has(`"state":"returned"`, `"words":"say where"`, `"open_comments":1`)
		writer.do("GET", "/notices", nil).has(`"kind":"review_returned"`, `"kind":"article_comment"`)
		change := invoice()
		change["version"] = a.Version
		change["languages"].(map[string]any)["en"].(map[string]any)["answer"] = "In My account, under Bills."
		writer.do("PATCH", a.path(""), change).want(http.StatusOK).into(&a)
		var comments []struct{ Number int64 }
		writer.do("GET", a.path("/comments"), nil).want(http.StatusOK).into(&comments)
		writer.do("PATCH", fmt.Sprintf("%s/%d", a.path("/comments"), comments[0].Number), map[string]any{"resolved": true}).want(http.StatusNoContent)
		step(writer, "/review", nil).want(http.StatusOK)
		step(writer, "/review/withdraw", nil).want(http.StatusOK).lacks(`"state"`)
		step(writer, "/review", nil).want(http.StatusOK)
		step(reader, "/review/approve", map[string]any{"words": "good"}).want(http.StatusOK).has(`"state":"approved"`).lacks("needs_approval")
		step(writer, "/publish", map[string]any{"reason": "new prices"}).want(http.StatusOK).has(`"status":"published"`)
		writer.do("GET", a.path(""), nil).has(`"review_by":`)
		writer.do("GET", a.path("/history"), nil).want(http.StatusOK).has(`"action":"article_published"`, `"words":"new prices"`, `"action":"article_approved"`, `"action":"article_commented"`,
			`"action":"article_returned"`, `"action":"article_comment_resolved"`, `"action":"article_review_withdrawn"`, `"action":"saved","at"`, `"revision":2`)
	})
}

func TestReviewersAreTold(t *testing.T) {
	h := open(t)
	mo := h.second(handoff.Editor, "mo")
	var me struct{ ID int64 }
	mo.do("GET", "/me", nil).into(&me)
	a := h.wrote("账单", true)
	ask := func(reviewer int64) *answer {
		return h.as(handoff.Owner).do("POST", a.path("/review"), map[string]any{"version": a.Version, "reviewer": reviewer})
	}
	ask(h.people[handoff.AgentRole].ID).fails(http.StatusUnprocessableEntity, "invalid")
	ask(me.ID).want(http.StatusOK).has(`"reviewer":{"id":`).into(&a)
	mo.do("GET", "/notices", nil).has(`"unread":1`)
	mo.do("GET", "/articles?show=to_review", nil).has(`"total":1`)
	h.as(handoff.Editor).do("GET", "/articles?show=to_review", nil).has(`"total":0`).lacks("to_review")
	h.as(handoff.Editor).do("GET", "/notices", nil).has(`"unread":0`)
	h.limit(handoff.Editor, in("账单", "review"))
	ask(0).want(http.StatusOK)
	h.as(handoff.Editor).do("GET", "/notices", nil).has(`"unread":1`)
}

func TestImportAndTheSecondPerson(t *testing.T) {
	h := open(t)
	fourEyes(h, true)
	for name, c := range map[string]*caller{"an editor": h.as(handoff.Editor), "a key": h.key("*")} {
		line := fmt.Appendf(nil, `{"key":"%s","question":{"en":"Where is my bill?"},"answer":{"en":"In the app."}}`, name)
		c.upload("/articles/import?publish=true", "kb.jsonl", line).want(http.StatusOK).has(`"refused":1`, "second person")
		if got := c.upload("/articles/import", "kb.jsonl", line).want(http.StatusOK); !strings.Contains(string(got.text), `"refused":0`) {
			t.Errorf("%s: a draft is refused: %s", name, got.text)
		}
	}
}

func TestPlannedPublication(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		editor := h.as(handoff.Editor)
		var a article
		editor.do("POST", "/articles", invoice()).want(http.StatusCreated).into(&a)
		plan := func(version int64, from, to time.Duration) map[string]any {
			now := h.clock.now()
			return map[string]any{"version": version, "publish_at": now.Add(from), "expires_at": now.Add(to), "reason": "campaign"}
		}
		editor.do("PUT", a.path("/schedule"), plan(a.Version, -time.Hour, time.Hour)).fails(http.StatusUnprocessableEntity, "invalid")
		editor.do("PUT", a.path("/schedule"), plan(a.Version, time.Hour, 2*time.Hour)).want(http.StatusOK).has(`"publish_timer":{"at":`, `"expire_timer":`, `"revision":1`, `"reason":"campaign"`)
		h.restart() // what is planned is in the database
		editor.do("PUT", a.path("/care"), map[string]any{"owner": h.people[handoff.Lead].ID}).want(http.StatusOK).has(`"owner":{"id":`, `"name":"lead"`)
		h.clock.move(61 * time.Minute)
		editor.until(a.path(""), `"status":"published"`).lacks("publish_timer")
		editor.until("/notices", `"kind":"article_timer"`, `"text":"article_published_on_time"`)
		h.clock.move(time.Hour)
		editor.until(a.path(""), `"status":"archived"`)
		editor.do("GET", a.path("/history"), nil).has("article_published_on_time", "article_expired", "article_scheduled", `"words":"campaign"`)
		h.as(handoff.Lead).until("/notices", `"text":"article_expired"`)
	})
}

func TestLookAgain(t *testing.T) {
	h := open(t)
	a := h.wrote("账单", false)
	editor := h.as(handoff.Editor)
	editor.do("PUT", a.path("/care"), map[string]any{"owner": 999}).fails(http.StatusUnprocessableEntity, "invalid")
	editor.do("PUT", a.path("/care"), map[string]any{"owner": h.people[handoff.Editor].ID, "review_by": h.clock.now().Add(time.Hour)}).want(http.StatusOK)
	editor.do("GET", "/articles?show=mine", nil).has(`"total":1`).lacks(`"due"`)
	h.clock.move(2 * time.Hour)
	editor.until("/notices", `"kind":"article_due"`)
	editor.do("GET", "/articles?show=due", nil).has(`"total":1`, `"due":1`)
}

func TestTwoEditors(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		a := h.wrote("账单/发票", false)
		one, two := h.as(handoff.Editor), h.second(handoff.Editor, "mo")
		one.do("POST", a.path("/open"), map[string]any{}).want(http.StatusOK).has(`"others":[]`, `"revision":1`)
		two.do("POST", a.path("/open"), map[string]any{"writing": true}).want(http.StatusOK).has(`"name":"editor","writing":false`)
		one.do("POST", a.path("/open"), map[string]any{}).has(`"name":"mo","writing":true`)
		save := func(c *caller, tags []string, answer string) *answer {
			body := invoice()
			delete(body, "key")
			body["version"], body["tags"] = a.Version, tags
			body["languages"].(map[string]any)["en"].(map[string]any)["answer"] = answer
			return c.do("PATCH", a.path(""), body)
		}
		save(one, []string{"bill"}, "On the site.").want(http.StatusOK).has(`"revision":2`)
		one.do("POST", a.path("/open"), map[string]any{}).has(`"revision":2`, `"updated_by":"editor"`)
		save(two, []string{"bill", "new"}, "In *My account*.").want(http.StatusOK).has(`"revision":3`, "On the site.", `"tags":["bill","new"]`)
		save(two, []string{"bill"}, "In the shop.").fails(http.StatusConflict, "conflict").has(`"field":"answer.en"`)
		two.do("POST", a.path("/open"), map[string]any{"gone": true}).want(http.StatusOK)
		one.do("POST", a.path("/open"), map[string]any{}).has(`"others":[]`)
		h.key("*").do("POST", a.path("/open"), map[string]any{}).fails(http.StatusForbidden, "forbidden")
	})
}
