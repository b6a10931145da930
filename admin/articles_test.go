package admin_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"huiyin/handoff"
)

type article struct {
	ID, Version       int64
	Status, Title     string
	HasDraft          bool  `json:"has_draft"`
	PublishedRevision int64 `json:"published_revision"`
	Revision          int64
}

func (a article) path(more string) string { return fmt.Sprintf("/articles/%d%s", a.ID, more) }

func invoice() map[string]any {
	return map[string]any{"key": "invoice", "category": "账单/发票", "tags": []string{"bill"}, "languages": map[string]any{
		"zh": map[string]any{"question": "怎么开发票？", "similar": []string{"开票"}, "answer": "在**我的**里开。"},
		"en": map[string]any{"question": "How do I get an invoice?", "similar": []string{}, "answer": "In *My account*."}}}
}

func TestArticleLife(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		editor := h.as(handoff.Editor)
		var a article
		editor.do("POST", "/articles", invoice()).want(http.StatusCreated).has(`"title":"How do I get an invoice?"`, `"updated_by":"editor"`, `"status":"draft"`).into(&a)
		editor.do("POST", a.path("/publish"), map[string]any{"version": a.Version - 1}).fails(http.StatusConflict, "conflict")
		editor.do("POST", a.path("/publish"), map[string]any{"version": a.Version}).want(http.StatusOK).into(&a)
		if a.Status != "published" || a.HasDraft || a.PublishedRevision != 1 {
			t.Fatalf("%+v", a)
		}
		change := invoice()
		change["version"], change["note"] = a.Version, "clearer"
		delete(change, "category")
		delete(change, "tags")
		change["languages"].(map[string]any)["en"].(map[string]any)["answer"] = "In My account, under Bills."
		editor.do("PATCH", a.path(""), change).want(http.StatusOK).has("under Bills", "账单/发票", `"tags":["bill"]`).into(&a)
		if !a.HasDraft || a.Revision != 2 || a.PublishedRevision != 1 {
			t.Fatalf("%+v", a)
		}
		delete(change, "version")
		editor.do("PATCH", a.path(""), change).fails(http.StatusUnprocessableEntity, "invalid")
		editor.do("GET", a.path("/revisions"), nil).want(http.StatusOK).has(`"number":2`, `"note":"clearer"`, `"published":true`)
		editor.do("POST", a.path("/revisions/1/restore"), map[string]any{"version": a.Version}).want(http.StatusOK).lacks("under Bills").into(&a)
		editor.do("POST", a.path("/revisions/9/restore"), map[string]any{"version": a.Version}).fails(http.StatusNotFound, "not_found")
		editor.do("POST", a.path("/unpublish"), map[string]any{"version": a.Version}).want(http.StatusOK).has(`"status":"draft"`).into(&a)
		editor.do("DELETE", a.path(""), nil).want(http.StatusNoContent)
		editor.do("GET", a.path(""), nil).want(http.StatusOK).has(`"status":"archived"`, `"has_draft":false`)
		h.as(handoff.Owner).do("GET", "/audit", nil).has("article_published", "article_unpublished", "article_archived")
	})
}

func TestArticleList(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		editor := h.as(handoff.Editor)
		for i := range 5 {
			body := invoice()
			body["key"] = fmt.Sprint("k", i)
			body["category"] = fmt.Sprintf("账单/%d", i%2)
			editor.do("POST", "/articles", body).want(http.StatusCreated)
		}
		var page struct {
			Items []article
			Next  string
			Total int
		}
		editor.do("GET", "/articles?limit=3&category=账单", nil).want(http.StatusOK).has(`"languages":{}`).lacks("similar").into(&page)
		if len(page.Items) != 3 || page.Total != 5 || page.Next == "" {
			t.Fatalf("%+v", page)
		}
		editor.do("GET", "/articles?limit=3&category=账单&cursor="+page.Next, nil).want(http.StatusOK).into(&page)
		for query, total := range map[string]string{"?q=invoice": "5", "?q=发票": "5", "?q=nothing": "0", "?status=published": "0", "?status=draft": "5", "?tag=bill": "5", "?category=账单/1": "2"} {
			editor.do("GET", "/articles"+query, nil).want(http.StatusOK).has(`"total":` + total)
		}
		editor.do("GET", "/articles/categories", nil).want(http.StatusOK).has(`{"articles":3,"names":{},"path":"账单/0"}`, `{"articles":2,"names":{},"path":"账单/1"}`)
	})
}

func TestArticleRefused(t *testing.T) {
	h := open(t)
	editor := h.as(handoff.Editor)
	editor.do("POST", "/articles", map[string]any{"languages": map[string]any{}}).fails(http.StatusUnprocessableEntity, "invalid")
	editor.do("POST", "/articles", map[string]any{"languages": map[string]any{"en": map[string]any{"question": "q", "similar": []string{}}}}).
		fails(http.StatusUnprocessableEntity, "invalid").has("languages.en.answer")
	var a article
	editor.do("POST", "/articles", map[string]any{"languages": map[string]any{"en": map[string]any{"question": "q", "similar": []string{}, "answer": ""}}}).
		want(http.StatusCreated).into(&a)
	editor.do("POST", a.path("/publish"), map[string]any{"version": a.Version}).fails(http.StatusUnprocessableEntity, "invalid")
}

func TestImportAndExport(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		editor := h.as(handoff.Editor)
		lines := `{"key":"a","question":{"en":"Where is my bill?"},"answer":{"en":"In the app."}}` + "\n" + `{"key":"b"}` + "\n"
		editor.upload("/articles/import?dry_run=true", "kb.jsonl", []byte(lines)).want(http.StatusOK).has(`"added":1`, `"refused":1`, `"outcome":"refused"`, "reason")
		editor.do("GET", "/articles", nil).has(`"total":0`)
		editor.upload("/articles/import", "kb.jsonl", []byte(lines)).want(http.StatusOK).has(`"added":1`)
		editor.do("GET", "/articles?status=draft", nil).has(`"total":1`)
		lines = strings.Replace(lines, "In the app", "On the site", 1)
		editor.upload("/articles/import?publish=true", "kb.jsonl", []byte(lines)).want(http.StatusOK).has(`"changed":1`)
		editor.upload("/articles/import", "kb.xls", []byte(lines)).fails(http.StatusUnprocessableEntity, "invalid").has("CSV")
		out := editor.do("GET", "/articles/export?format=jsonl", nil).want(http.StatusOK).has("On the site")
		if out.Header.Get("Content-Disposition") != `attachment; filename="articles.jsonl"` {
			t.Errorf("%v", out.Header)
		}
		editor.do("GET", "/articles/export?format=csv", nil).want(http.StatusOK).has("On the site")
		editor.do("GET", "/articles/export?format=pdf", nil).fails(http.StatusUnprocessableEntity, "invalid")
		h.as(handoff.Owner).do("GET", "/audit", nil).has("articles_imported", "articles_exported", "1 as csv")
	})
}

func TestTryAndPreview(t *testing.T) {
	h := open(t)
	me := h.as(handoff.AgentRole)
	me.do("POST", "/answers/try", map[string]any{"text": "invoice?", "language": "en", "drafts": true}).want(http.StatusOK).
		has(`"decision":"answer"`, `strong`, `"article_id":7`, `"explanation":{"rule":"test"}`)
	if h.tried.Text != "invoice?" || h.tried.Language != "en" || !h.tried.Drafts {
		t.Fatalf("%+v", h.tried)
	}
	me.do("POST", "/articles/preview", map[string]any{"markdown": "# Hi\n<script>alert(1)</script>\n- [a](https://a.example)"}).want(http.StatusOK).
		has(`\u003ch1\u003eHi`, `- a (https://a.example)`).lacks("script")
	c := h.says("a", "first question")
	h.says("a", "second question")
	me.do("GET", fmt.Sprintf("/conversations/%d/suggestions", c.ID), nil).want(http.StatusOK).has(`"article_id":7`)
	if h.tried.Text != "second question" || h.tried.Drafts {
		t.Fatalf("%+v", h.tried)
	}
	h.says("a", "a person please")
	me.do("GET", fmt.Sprintf("/conversations/%d/suggestions", c.ID), nil).want(http.StatusOK).has(`"article_id":7`)
	if h.tried.Text != "second question" {
		t.Fatalf("suggested for %+v", h.tried)
	}
}

func TestCategories(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		editor := h.as(handoff.Editor)
		body := invoice()
		body["category"] = "账单/发票"
		editor.do("POST", "/articles", body).want(http.StatusCreated)
		editor.do("PUT", "/articles/categories", map[string]any{"path": "bills", "names": map[string]string{"zh": "账务", "en": "Bills"}}).want(http.StatusNoContent)
		editor.do("POST", "/articles/categories/move", map[string]any{"path": "账单/发票", "to": "bills/invoices"}).want(http.StatusOK).has(`{"articles":1}`)
		editor.do("POST", "/articles/categories/move", map[string]any{"path": "bills", "to": "bills/invoices/x"}).fails(http.StatusUnprocessableEntity, "invalid").has("below itself")
		editor.do("GET", "/articles?category=bills", nil).want(http.StatusOK).has(`"total":1`, "bills/invoices")
		editor.do("GET", "/articles/categories", nil).want(http.StatusOK).has(`{"articles":0,"names":{"en":"Bills","zh":"账务"},"path":"bills"}`, `{"articles":1,"names":{},"path":"bills/invoices"}`)
		editor.do("POST", "/articles/categories/remove", map[string]any{"path": "bills/invoices"}).want(http.StatusOK).has(`{"articles":1}`)
		editor.do("POST", "/articles/categories/remove", map[string]any{"path": "bills/invoices"}).fails(http.StatusNotFound, "not_found")
		h.as(handoff.AgentRole).do("POST", "/articles/categories/remove", map[string]any{"path": "bills"}).fails(http.StatusForbidden, "forbidden")
		h.as(handoff.Owner).do("GET", "/audit", nil).has("category_saved", "账单/发票 → bills/invoices (1)", "category_removed")
	})
}
