package admin_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"huiyin/handoff"
)

// grant is what somebody is given.
type grant map[string]any

func in(category string, may ...string) grant { return grant{"category": category, "may": may} }

func (h *house) limit(role handoff.Role, grants ...grant) {
	h.t.Helper()
	if grants == nil {
		grants = []grant{}
	}
	h.boss().do("PUT", fmt.Sprintf("/article-rights/%d", h.people[role].ID), map[string]any{"limited": true, "rights": grants}).want(http.StatusOK)
}

func (h *house) unlimit(role handoff.Role) {
	h.t.Helper()
	h.boss().do("PUT", fmt.Sprintf("/article-rights/%d", h.people[role].ID), map[string]any{"limited": false, "rights": []grant{}}).want(http.StatusOK)
}

// boss is the owner, signed in once, because signing in is slow on purpose.
func (h *house) boss() *caller {
	h.t.Helper()
	if h.owner == nil {
		h.owner = h.as(handoff.Owner)
	}
	return h.owner
}

// wrote makes an article of the owner's in a category; published, it has a newer draft besides.
func (h *house) wrote(category string, published bool) article {
	h.t.Helper()
	owner := h.boss()
	body := invoice()
	delete(body, "key")
	body["category"] = category
	var a article
	owner.do("POST", "/articles", body).want(http.StatusCreated).into(&a)
	if published {
		owner.do("POST", a.path("/publish"), map[string]any{"version": a.Version}).want(http.StatusOK).into(&a)
		body["version"], body["tags"] = a.Version, []string{"newer"}
		owner.do("PATCH", a.path(""), body).want(http.StatusOK).into(&a)
	}
	return a
}

// writeOperations are all ways to change an article of the category 账单/发票, and the right that each takes.
var writeOperations = []struct {
	name, right string
	published   bool
	do          func(c *caller, a article) *answer
}{
	{"create", "edit", false, func(c *caller, a article) *answer {
		body := invoice()
		body["key"] = fmt.Sprint("new-", a.ID)
		return c.do("POST", "/articles", body)
	}},
	{"save", "edit", true, func(c *caller, a article) *answer {
		body := invoice()
		delete(body, "key")
		body["version"], body["tags"] = a.Version, []string{"saved"}
		return c.do("PATCH", a.path(""), body)
	}},
	{"restore", "edit", true, func(c *caller, a article) *answer {
		return c.do("POST", a.path("/revisions/1/restore"), map[string]any{"version": a.Version})
	}},
	{"ask for review", "edit", true, versioned("POST", "/review")},
	{"look after", "edit", false, func(c *caller, a article) *answer { return c.do("PUT", a.path("/care"), map[string]any{}) }},
	{"archive a draft", "edit", false, func(c *caller, a article) *answer { return c.do("DELETE", a.path(""), nil) }},
	{"approve", "review", true, versioned("POST", "/review/approve")},
	{"return", "review", true, func(c *caller, a article) *answer {
		return c.do("POST", a.path("/review/return"), map[string]any{"version": a.Version, "words": "why"})
	}},
	{"publish", "publish", true, versioned("POST", "/publish")},
	{"schedule", "publish", true, func(c *caller, a article) *answer {
		return c.do("PUT", a.path("/schedule"), map[string]any{"version": a.Version, "publish_at": "2031-01-01T00:00:00Z"})
	}},
	{"unpublish", "publish", true, versioned("POST", "/unpublish")},
	{"archive what is live", "publish", true, func(c *caller, a article) *answer { return c.do("DELETE", a.path(""), nil) }},
	{"import drafts", "edit", false, func(c *caller, a article) *answer { return imported(c, a, "/articles/import") }},
	{"import and publish", "publish", false, func(c *caller, a article) *answer { return imported(c, a, "/articles/import?publish=true") }},
	{"comment", "any", true, func(c *caller, a article) *answer {
		return c.do("POST", a.path("/comments"), map[string]any{"text": "hm"})
	}},
}

func versioned(method, path string) func(*caller, article) *answer {
	return func(c *caller, a article) *answer {
		return c.do(method, a.path(path), map[string]any{"version": a.Version})
	}
}

// imported makes the answer to an import one that is refused like the others when its only row is.
func imported(c *caller, a article, path string) *answer {
	line := fmt.Sprintf(`{"key":"imported-%d-%d","category":"账单/发票","question":{"en":"Where is bill %d?"},"answer":{"en":"In the app."}}`+"\n", a.ID, len(path), a.ID)
	got := c.upload(path, "kb.jsonl", []byte(line)).want(http.StatusOK)
	if strings.Contains(string(got.text), "articles of this category") {
		got.StatusCode, got.text = http.StatusForbidden, []byte("not_your_category")
	}
	return got
}

func TestRightsByOperationAndCategory(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		everything := []string{"edit", "review", "publish"}
		for _, g := range []struct {
			name   string
			grants []grant
			may    []string // in 账单/发票
		}{
			{"nothing", nil, nil},
			{"an editor there", []grant{in("账单/发票", "edit")}, []string{"edit"}},
			{"a reviewer there", []grant{in("账单/发票", "review")}, []string{"review"}},
			{"a publisher there", []grant{in("账单/发票", "edit", "publish")}, []string{"edit", "publish"}},
			{"everything above", []grant{in("账单", everything...)}, everything},
			{"everything everywhere", []grant{in("", everything...)}, everything},
			{"everything below only", []grant{in("账单/发票/纸质", everything...)}, nil},
			{"everything elsewhere", []grant{in("流量", everything...), in("账单/发票2", everything...)}, nil},
		} {
			h.limit(handoff.Editor, g.grants...)
			editor := h.as(handoff.Editor)
			for _, op := range writeOperations {
				got := op.do(editor, h.wrote("账单/发票", op.published))
				allowed := len(g.may) > 0 && op.right == "any" || strings.Contains(strings.Join(g.may, " "), op.right)
				refused := got.StatusCode == http.StatusForbidden && strings.Contains(string(got.text), "not_your_category")
				if allowed && got.StatusCode >= 300 || !allowed && !refused {
					t.Errorf("%s: %s: allowed %v, but %d %.200s", g.name, op.name, allowed, got.StatusCode, got.text)
				}
			}
		}
	})
}

func TestRightsOfRoles(t *testing.T) {
	h := open(t)
	h.limit(handoff.Editor, in("账单", "edit"))
	const customers = "publish, schedule, unpublish, archive what is live, import and publish"
	for name, row := range map[string]struct {
		who     *caller
		refused string
	}{
		"owner":         {h.as(handoff.Owner), "approve"}, // it is their own text
		"administrator": {h.as(handoff.Administrator), ""}, "key": {h.key("*"), "approve"},
		"lead":   {h.as(handoff.Lead), customers + ", restore, archive a draft, import drafts"},
		"editor": {h.as(handoff.Editor), customers + ", approve, return"},
		"agent":  {h.as(handoff.AgentRole), customers + ", approve, return, create, save, restore, ask for review, look after, archive a draft, import drafts, comment"},
	} {
		for _, op := range writeOperations {
			if strings.HasPrefix(op.name, "import") && name != "editor" {
				continue // whether a role may import at all is the routes' table
			}
			got := op.do(row.who, h.wrote("账单/发票", op.published))
			refused, want := got.StatusCode >= 400, strings.Contains(", "+row.refused+",", ", "+op.name+",")
			if refused != want {
				t.Errorf("%s: %s: refused %v, want %v: %d %.200s", name, op.name, refused, want, got.StatusCode, got.text)
			}
		}
	}
}

func TestRightsWhenArticlesMove(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.limit(handoff.Editor, in("账单", "edit", "publish"))
		editor := h.as(handoff.Editor)
		mine, other := h.wrote("账单/发票", true), h.wrote("流量", true)
		move := func(a article, to string) *answer {
			body := invoice()
			delete(body, "key")
			body["version"], body["category"] = a.Version, to
			return editor.do("PATCH", a.path(""), body)
		}
		move(mine, "流量").fails(http.StatusForbidden, "not_your_category")
		move(other, "账单").fails(http.StatusForbidden, "not_your_category")
		h.as(handoff.Owner).do("PATCH", other.path(""), map[string]any{"version": other.Version, "category": "账单", "languages": invoice()["languages"]}).want(http.StatusOK).into(&other)
		editor.do("POST", other.path("/publish"), map[string]any{"version": other.Version}).fails(http.StatusForbidden, "not_your_category")
		editor.do("POST", "/articles/categories/move", map[string]any{"path": "账单", "to": "流量/账单"}).fails(http.StatusForbidden, "not_your_category")
		editor.do("POST", "/articles/categories/remove", map[string]any{"path": "账单"}).fails(http.StatusForbidden, "not_your_category")
		editor.do("PUT", "/articles/categories", map[string]any{"path": "新的", "names": map[string]string{}}).fails(http.StatusForbidden, "not_your_category")
		editor.do("PUT", "/synonyms", map[string]any{"groups": [][]string{}}).fails(http.StatusForbidden, "not_your_category")
		h.as(handoff.Owner).do("POST", "/articles/categories/move", map[string]any{"path": "账单", "to": "费用"}).want(http.StatusOK)
		editor.do("GET", mine.path(""), nil).want(http.StatusOK).has(`"may":["edit","publish"]`)
		h.as(handoff.Owner).do("GET", "/article-rights", nil).want(http.StatusOK).has(`"category":"费用"`)
	})
}

func TestRightsAreAdministered(t *testing.T) {
	h := open(t)
	owner := h.as(handoff.Owner)
	owner.do("GET", "/article-rights", nil).want(http.StatusOK).has(`"limited":false`, `"role":"editor"`, `"role":"lead"`).lacks(`"role":"owner"`, `"role":"agent"`)
	a := h.wrote("账单", false)
	h.as(handoff.Editor).do("GET", a.path(""), nil).has(`"may":["edit","review","publish"]`)
	h.as(handoff.AgentRole).do("GET", a.path(""), nil).lacks(`"may":[`)
	h.limit(handoff.Editor, in(" 账单 / 发票 ", "edit"), in("账单/发票", "review"))
	owner.do("GET", "/article-rights", nil).has(`"limited":true`, `"rights":[{"category":"账单/发票","may":["edit","review"]}]`)
	owner.do("GET", "/articles/people?category=账单/发票", nil).has(`"may":["edit","review"],"name":"editor"`).lacks(`"name":"agent"`)
	h.as(handoff.Editor).do("GET", "/articles", nil).lacks(`"may":[`)
	h.limit(handoff.Editor)
	owner.do("GET", "/article-rights", nil).has(`"limited":true,"rights":[]`)
	h.unlimit(handoff.Editor)
	h.as(handoff.Editor).do("GET", a.path(""), nil).has(`"may":["edit","review","publish"]`)
	put := func(role handoff.Role, body map[string]any) *answer {
		return owner.do("PUT", fmt.Sprintf("/article-rights/%d", h.people[role].ID), body)
	}
	put(handoff.AgentRole, map[string]any{"limited": true, "rights": []grant{}}).fails(http.StatusUnprocessableEntity, "invalid")
	put(handoff.Editor, map[string]any{"limited": true, "rights": []grant{in("账单")}}).fails(http.StatusUnprocessableEntity, "invalid")
	put(handoff.Editor, map[string]any{"limited": true, "rights": []grant{in("账单", "rule")}}).fails(http.StatusUnprocessableEntity, "invalid")
	owner.do("GET", "/audit", nil).has("article_rights_changed", "read only", "as the role allows")
}

// TestArticlesAreWrittenBehindRights looks for calls that write articles in files that ask for no right.
func TestArticlesAreWrittenBehindRights(t *testing.T) {
	writes := regexp.MustCompile(`knowledge\.(Create|SaveDraft|SaveOver|Restore|Publish|Unpublish|Archive|Schedule|SetCare|AskReview|WithdrawReview|ReturnReview|ApproveReview|MoveCategory|RemoveCategory|SaveCategory|ReplaceSynonyms|Import|ImportWith)\(`)
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 50 {
		t.Fatal(len(files), err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		asks := regexp.MustCompile(`s\.(articleFor|mayArticles|allowanceOf)\(`).Match(text)
		if found := writes.Find(text); found != nil && !asks {
			t.Errorf("%s calls %s…) without asking whether the caller may (articleFor, mayArticles)", name, found)
		}
	}
}
