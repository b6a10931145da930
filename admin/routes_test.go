package admin_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"huiyin/handoff"
)

// permitted says who may call what: p everybody, signed in or not; o owner, d administrator, l lead, a agent,
// e editor. It is written by hand, so that a slip in the specification is seen here.
var permitted = map[string]string{
	"GET /setup": "podlae", "POST /setup": "podlae", "POST /session": "podlae",
	"DELETE /session": "odlae", "GET /me": "odlae", "PATCH /me": "odlae",
	"GET /users": "odl", "POST /users": "od", "PATCH /users/:id": "od",
	"GET /api-keys": "od", "POST /api-keys": "od", "DELETE /api-keys/:id": "od",
	"GET /teams": "odlae", "POST /teams": "od", "PATCH /teams/:id": "od", "GET /agents": "odla",
	"GET /schedules": "odla", "POST /schedules": "od", "POST /schedules/preview": "od", "PUT /schedules/:id": "od", "DELETE /schedules/:id": "od",
	"GET /schedules/:id/holidays": "od", "POST /schedules/:id/holidays": "od", "POST /schedules/:id/holidays/:number/undo": "od",
	"GET /openings": "odla", "GET /shifts": "odla", "POST /shifts": "odl", "POST /shifts/copy": "odl", "DELETE /shifts/:id": "odl", "POST /shifts/:id/swap": "odla", "POST /shifts/:id/swap/answer": "odla",
	"GET /sla": "odl", "PUT /sla": "od", "GET /sla/:id/versions": "odl", "GET /conversations/:id/sla": "odla",
	"GET /inbox-kinds": "od", "GET /inboxes": "odlae", "POST /inboxes": "od", "POST /inboxes/preview": "od",
	"GET /inboxes/:id": "od", "PATCH /inboxes/:id": "od", "DELETE /inboxes/:id": "od",
	"POST /inboxes/:id/check": "od", "GET /inboxes/:id/survey": "od", "PUT /inboxes/:id/survey": "od", "GET /inboxes/:id/menu": "od", "POST /inboxes/:id/menu": "od", "POST /inboxes/:id/codes": "od",
	"GET /conversations": "odla", "GET /conversations/counts": "odla",
	"GET /conversations/:id": "odla", "PATCH /conversations/:id": "odla",
	"GET /conversations/:id/messages": "odla", "POST /conversations/:id/messages": "odla",
	"POST /conversations/:id/messages/:seq/retry": "odla", "POST /conversations/:id/claim": "odla",
	"POST /conversations/:id/release": "odla", "POST /conversations/:id/transfer": "odla",
	"POST /conversations/:id/resolve": "odla", "POST /conversations/:id/reopen": "odla",
	"POST /conversations/:id/snooze": "odla", "POST /conversations/:id/read": "odla",
	"GET /conversations/:id/routing": "odla", "GET /offers": "odla", "POST /offers/:id/accept": "odla", "POST /offers/:id/decline": "odla",
	"GET /routing/settings": "odl", "PUT /routing/settings": "od",
	"POST /conversations/:id/typing": "odla", "POST /conversations/:id/preview": "odla", "GET /conversations/:id/suggestions": "odla",
	"GET /contacts/:id": "odla", "PATCH /contacts/:id": "odla", "GET /contacts/:id/conversations": "odla",
	"GET /contacts/:id/notes": "odla", "POST /contacts/:id/notes": "odla", "PATCH /contacts/:id/notes/:number": "odla", "DELETE /contacts/:id/notes/:number": "odla",
	"GET /contacts/:id/matches": "odla", "POST /contacts/:id/merge": "odla", "POST /contacts/:id/merges/:number/undo": "odl",
	"GET /conversations/:id/card": "odla", "GET /search": "odlae",
	"GET /contact-attributes": "odlae", "PUT /contact-attributes": "od",
	"GET /conversations/:id/codes": "odla", "POST /conversations/:id/codes": "odla", "POST /conversations/:id/codes/check": "odla",
	"POST /attachments": "odlae", "GET /attachments/:key": "odlae",
	"GET /tags": "odla", "POST /tags": "od", "GET /tags/usage": "od", "POST /tags/rename": "od",
	"GET /canned-replies": "odla", "POST /canned-replies": "odla",
	"PATCH /canned-replies/:id": "odla", "DELETE /canned-replies/:id": "odla", "POST /canned-replies/:id/used": "odla",
	"POST /conversations/bulk": "odla", "POST /conversations/:id/merge": "odla", "POST /conversations/:id/unmerge": "odla", "GET /conversations/:id/merged": "odla",
	"POST /conversations/:id/viewing": "odla", "GET /conversations/:id/drafts": "odla", "PUT /conversations/:id/drafts": "odla", "GET /drafts": "odla",
	"GET /conversations/:id/later": "odla", "POST /conversations/:id/later": "odla", "PATCH /conversations/:id/later/:number": "odla",
	"DELETE /conversations/:id/later/:number": "odla", "GET /later": "odla",
	"GET /views": "odla", "POST /views": "odla", "PUT /views/:id": "odla", "DELETE /views/:id": "odla",
	"GET /synonyms": "odlae", "PUT /synonyms": "ode", "GET /articles": "odlae", "POST /articles": "odle", "GET /articles/categories": "odlae",
	"GET /knowledge/imports": "ode", "POST /knowledge/imports": "ode", "POST /knowledge/imports/look": "ode", "GET /knowledge/imports/:id": "ode",
	"GET /knowledge/imports/:id/rows": "ode", "GET /knowledge/imports/:id/report": "ode", "POST /knowledge/imports/:id/undo": "ode",
	"POST /articles/import": "ode", "GET /articles/export": "ode", "POST /articles/preview": "odlae",
	"GET /articles/:id": "odlae", "PATCH /articles/:id": "odle", "DELETE /articles/:id": "ode",
	"POST /articles/:id/publish": "ode", "POST /articles/:id/unpublish": "ode",
	"GET /articles/:id/revisions": "odlae", "POST /articles/:id/revisions/:number/restore": "ode",
	"GET /articles/tags": "odlae", "PUT /articles/categories": "ode", "POST /articles/categories/move": "ode", "POST /articles/categories/remove": "ode",
	"POST /articles/check": "odle", "POST /articles/files": "odle", "POST /articles/preview/channels": "odlae", "GET /articles/:id/questions": "odle",
	"GET /articles/typing/:article": "odle", "PUT /articles/typing/:article": "odle", "DELETE /articles/typing/:article": "odle",
	"GET /gaps": "odle", "GET /gaps/:id": "odle", "PATCH /gaps/:id": "odle", "POST /gaps/:id/draft": "odle", "POST /gaps/:id/attach": "odle",
	"POST /gaps/:id/merge": "odle", "POST /gaps/:id/split": "odle", "GET /article-health": "odle", "GET /quality": "odle",
	"GET /answer-proposals": "odle", "POST /answer-proposals/:id": "odle", "GET /synonyms/proposals": "odle", "POST /synonyms/proposals": "ode",
	"GET /triggers": "odl", "PUT /triggers": "od", "POST /triggers/try": "od",
	"GET /answers/settings": "odlae", "PUT /answers/settings": "od", "POST /answers/settings/meaning": "od", "GET /answers/wrong": "odlae",
	"GET /golden": "ode", "POST /golden": "odlae", "PATCH /golden/:id": "ode", "DELETE /golden/:id": "ode", "POST /golden/:id/undelete": "ode",
	"GET /golden/runs": "ode", "POST /golden/runs": "ode", "PUT /golden/night": "ode", "GET /golden/export": "ode", "POST /golden/import": "ode",
	"POST /answers/replays": "ode", "POST /answers/batch": "ode", "GET /answers/jobs/:id": "ode", "DELETE /answers/jobs/:id": "ode", "GET /answers/jobs/:id/report": "ode",
	"GET /conversations/:id/messages/:seq/replay": "odla", "PUT /conversations/:id/messages/:seq/wrong": "odla",
	"DELETE /conversations/:id/messages/:seq/wrong": "odla",
	"GET /conversations/:id/messages/:seq/mail":     "odla",
	"GET /help-centre":                              "ode", "PUT /help-centre": "od", "POST /help-centre/preview": "od", "GET /help-centre/missed": "odle",
	"GET /wecom-robot": "od", "PUT /wecom-robot": "od", "POST /wecom-robot/check": "od",
	"GET /slack": "od", "PUT /slack": "od", "POST /slack/check": "od", "GET /me/slack": "odla", "POST /me/slack": "odla", "DELETE /me/slack": "odla",
	"POST /conversations/:id/messages/:seq/original": "odla", "POST /answers/try": "odlae", "GET /events": "odla", "GET /overview": "odla",
	"GET /board": "odl", "PUT /agents/:id/presence": "odl", "POST /conversations/:id/join": "odla", "POST /conversations/:id/whisper": "odl",
	"GET /articles/people": "odlae", "POST /articles/:id/review": "odle", "POST /articles/:id/review/withdraw": "odle", "POST /articles/:id/review/return": "odle",
	"POST /articles/:id/review/approve": "odle", "PUT /articles/:id/schedule": "ode", "PUT /articles/:id/care": "odle", "GET /articles/:id/comments": "odlae",
	"POST /articles/:id/comments": "odle", "PATCH /articles/:id/comments/:number": "odle", "GET /articles/:id/history": "odlae", "POST /articles/:id/open": "odle",
	"GET /knowledge/rules": "odlae", "PUT /knowledge/rules": "od", "GET /article-rights": "od", "PUT /article-rights/:id": "od",
	"GET /notices": "odlae", "POST /notices/read": "odlae", "GET /me/notices": "odlae", "PUT /me/notices": "odlae",
	"GET /wall-tokens": "od", "POST /wall-tokens": "od", "DELETE /wall-tokens/:id": "od", "GET /wall": "podlae", "GET /reports": "odla", "GET /reports/conversations": "odla", "GET /reports/export": "odla", "GET /reports/settings": "odla", "PUT /reports/settings": "od", "GET /audit": "od",
}

var letters = map[handoff.Role]string{handoff.Owner: "o", handoff.Administrator: "d", handoff.Lead: "l", handoff.AgentRole: "a", handoff.Editor: "e"}

func TestEveryRouteForEveryRole(t *testing.T) {
	h := open(t)
	callers := map[string]*caller{"p": h.nobody()}
	for role, letter := range letters {
		callers[letter] = h.as(role)
	}
	seen := 0
	for _, route := range h.routes {
		path, under := strings.CutPrefix(route.Path, "/api/v1")
		if !under || route.Method == "echo_route_not_found" {
			continue
		}
		seen++
		who, known := permitted[route.Method+" "+path]
		if !known {
			t.Errorf("%s %s: nobody has said who may call it", route.Method, path)
			continue
		}
		for letter, c := range callers {
			if route.Method == http.MethodDelete && path == "/session" {
				c = anew(h, letter)
			}
			denied := isDenied(c.do(route.Method, concrete(path), nil))
			if allowed := strings.Contains(who, letter); allowed == denied {
				t.Errorf("%s %s by %s: denied %v, want %v", route.Method, path, letter, denied, !allowed)
			}
		}
	}
	if seen != len(permitted) {
		t.Errorf("%d routes are mounted, %d are in the table", seen, len(permitted))
	}
}

func anew(h *house, letter string) *caller {
	for role, l := range letters {
		if l == letter {
			return h.as(role)
		}
	}
	return h.nobody()
}

func concrete(path string) string {
	return strings.NewReplacer(":id", "999999", ":seq", "1", ":number", "1", ":key", "NOSUCHKEY").Replace(path)
}

// isDenied tells whether the gate has turned the caller away, rather than a handler.
func isDenied(a *answer) bool {
	text := string(a.text)
	return a.StatusCode == http.StatusUnauthorized && strings.Contains(text, "sign in, or send a key") ||
		a.StatusCode == http.StatusForbidden && strings.Contains(text, "ask an administrator")
}

func TestKeysReachOnlyTheirScopes(t *testing.T) {
	h := open(t)
	narrow, wide := h.key("listConversations"), h.key("*")
	for route, who := range permitted {
		method, path, _ := strings.Cut(route, " ")
		public, own := strings.Contains(who, "p"), route == "GET /conversations"
		if denied := isDenied(narrow.do(method, concrete(path), nil)); denied == (public || own) {
			t.Errorf("%s by a narrow key: denied %v", route, denied)
		}
		if denied := isDenied(wide.do(method, concrete(path), nil)); denied != !strings.Contains(who, "d") {
			t.Errorf("%s by a key for everything: denied %v", route, denied)
		}
	}
	h.nobody().with("Authorization", "Bearer hy_nonsense").do("GET", "/conversations", nil).fails(http.StatusUnauthorized, "unauthorized")
	h.nobody().with("Authorization", "Basic abc").do("GET", "/setup", nil).fails(http.StatusUnauthorized, "unauthorized")
}

func TestMeTellsWhatMayBeDone(t *testing.T) {
	h := open(t)
	for role, letter := range letters {
		var me struct{ Operations []string }
		h.as(role).do("GET", "/me", nil).want(http.StatusOK).into(&me)
		want := 0
		for _, who := range permitted {
			if strings.Contains(who, letter) {
				want++
			}
		}
		if len(me.Operations) != want || !slices.IsSorted(me.Operations) {
			t.Errorf("%s: %d operations, want %d", role, len(me.Operations), want)
		}
	}
	h.key("getMe").do("GET", "/me", nil).want(http.StatusOK).has(`"name":"robot"`, `"operations":["getMe","getSetup","getWall","postSetup","signIn"]`)
}
