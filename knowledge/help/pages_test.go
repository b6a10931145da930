package help_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"huiyin/db"
	"huiyin/knowledge"
	"huiyin/knowledge/help"
)

// What is not published, not public or not valid is nowhere: on no page, in no search, list, feed or data for search engines. This is
// the eighth law.
func TestOnlyWhatCustomersMayRead(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		day := h.now()
		open := both("怎么开发票？", "How do I get an invoice?", "shown-answer")
		open.Category = "billing/invoices"
		shown := h.publish(open)
		hidden := map[string]knowledge.Article{}
		put := func(name string, change func(*knowledge.Content), published bool) {
			c := both("保密发票 "+name, "Secret invoice "+name, "hidden-answer "+name)
			c.Category, c.Tags = "secret-"+name, []string{"hidden-tag-" + name}
			c.Similar = map[string][]string{"zh": {"内部怎么开发票 " + name}, "en": {"hidden phrasing " + name}}
			change(&c)
			if published {
				hidden[name] = h.publish(c)
			} else {
				hidden[name] = h.draft(c)
			}
		}
		put("draft", func(*knowledge.Content) {}, false)
		put("internal", func(c *knowledge.Content) { c.Audience = knowledge.Internal }, true)
		put("expired", func(c *knowledge.Content) { c.ValidUntil = day.Add(-time.Hour) }, true)
		put("future", func(c *knowledge.Content) { c.ValidFrom = day.Add(time.Hour) }, true)
		put("archived", func(*knowledge.Content) {}, true)
		put("withdrawn", func(*knowledge.Content) {}, true)
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			if _, err := knowledge.Archive(ctx, tx, hidden["archived"].ID, hidden["archived"].Version); err != nil {
				return err
			}
			_, err := knowledge.Unpublish(ctx, tx, hidden["withdrawn"].ID, hidden["withdrawn"].Version)
			return err
		})
		// a newer draft of what is published
		edited := open
		edited.Answer = map[string]string{"zh": "hidden-answer edit", "en": "hidden-answer edit"}
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			_, err := knowledge.SaveDraft(ctx, tx, knowledge.Author{}, shown.ID, shown.Version, edited, "hidden-note")
			return err
		})
		h.settle("/help/zh/", "怎么开发票？", true)
		h.settle("/help/zh/", "保密发票", false)
		for _, path := range append(everyPage(shown.ID), "/help/zh/search?q=bmfp", "/help/zh/search?q=保蜜", "/help/en/search?q=secrt+hiden+phrasin", "/help/zh/find?q=bmfp", "/help/en/find?q=secret", "/help/zh/find?q=内部", "/help/en/find?q=hidden-tag") {
			h.get(path).lacks("保密", "Secret invoice", "hidden-", "hidden phrasing", "内部怎么")
		}
		for name, a := range hidden {
			for _, path := range []string{"/help/zh/a/%d", "/help/en/a/%d-secret-invoice", "/a/%d"} {
				h.get(fmt.Sprintf(path, a.ID)).want(http.StatusNotFound).lacks("保密", "Secret invoice", "hidden-")
			}
			h.get("/help/zh/c/secret-" + name).want(http.StatusNotFound)
		}
		h.get("/help/zh/a/4711").want(http.StatusNotFound)
		h.later(2 * time.Hour)
		h.settle("/help/en/", "Secret invoice future", true) // its time has come
		h.get(fmt.Sprintf("/help/zh/a/%d", hidden["future"].ID)).want(http.StatusMovedPermanently)
	})
}

// everyPage are all kinds of pages.
func everyPage(article int64) []string {
	return []string{"/help/zh/", "/help/en/", "/help/zh/c/billing", "/help/en/c/billing/invoices", fmt.Sprintf("/help/zh/a/%d-zen-me-kai-fa-piao", article),
		fmt.Sprintf("/help/en/a/%d-how-do-i-get-an-invoice", article), "/help/zh/search?q=fapiao", "/help/en/search?q=invoice", "/help/zh/find?q=fp", "/help/en/find?q=inv",
		"/help/sitemap.xml", "/help/zh/feed.xml", "/help/en/feed.xml", "/robots.txt"}
}

func TestPages(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		c := both("怎么开发票？", "How do I get an invoice?", "在 App 里 <b>开</b>")
		c.Category = "billing/invoices"
		c.Variants = []knowledge.Variant{{Channel: "site", Answer: map[string]string{"en": "the web's own answer"}}, {Tier: "gold", Answer: map[string]string{"en": "gold only"}}}
		a := h.publish(c)
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			return knowledge.SaveCategory(ctx, tx, "billing", map[string]string{"zh": "账单与缴费", "en": "Billing"})
		})
		h.settle("/help/zh/", "怎么开发票？", true)
		for _, path := range everyPage(a.ID) {
			h.get(path).want(http.StatusOK)
		}
		h.get("/help/zh/").has(`lang="zh-CN"`, "账单与缴费", `hreflang="en" href="https://hub.example/help/en/"`, `<link rel="canonical" href="https://hub.example/help/zh/">`)
		h.get("/help/en/c/billing").has("<h1>Billing</h1>", "invoices", "How do I get an invoice?")
		page := fmt.Sprintf("/help/en/a/%d-how-do-i-get-an-invoice", a.ID)
		h.get(page).has("the web&#39;s own answer", `"@type":"FAQPage"`, `"@type":"BreadcrumbList"`, `property="og:title"`, "22 November 2026", `aria-current="page"`).lacks("gold only", "<b>")
		h.get(fmt.Sprintf("/help/zh/a/%d-zen-me-kai-fa-piao", a.ID)).has("&lt;b&gt;开", "2026年11月22日")
		h.get(fmt.Sprintf("/help/en/a/%d-old-words", a.ID)).want(http.StatusMovedPermanently).leads(page)
		h.get(fmt.Sprintf("/help/en/a/%d?q=x", a.ID)).want(http.StatusMovedPermanently).leads(page + "?q=x")
		h.get("/help").want(http.StatusFound).leads("/help/zh/")
		h.get("/help/en").want(http.StatusMovedPermanently).leads("/help/en/")
		for _, path := range []string{"/help/fr/", "/help/zh/a/x", "/help/zh/a/-1", "/help/zh/nothing", "/help/zh/c/nothing", "/help/en/a/99999999999999999999"} {
			h.get(path).want(http.StatusNotFound).has("noindex")
		}
	})
}

func TestLanguageOfTheFirstPage(t *testing.T) {
	h := open(t, t.TempDir()+"/h.db")
	for header, want := range map[string]string{"": "zh", "en-GB,en;q=0.9": "en", "zh-TW": "zh", "fr-FR,zh;q=0.3": "zh", "fr": "en", "en;q=0.2,zh-CN;q=0.8": "zh", "*": "zh", ";;q=x,": "zh"} {
		r := h.request("GET", "/help?x=1", nil)
		r.Header.Set("Accept-Language", header)
		a := h.do(r).want(http.StatusFound).leads("/help/" + want + "/?x=1")
		if !strings.Contains(strings.Join(a.header.Values("Vary"), ","), "Accept-Language") {
			t.Errorf("%q: it may be kept for others", header)
		}
	}
}

// A closed help centre is not there; single articles are, by the short address that messages carry.
func TestClosed(t *testing.T) {
	h := open(t, t.TempDir()+"/h.db")
	a := h.publish(both("怎么开发票？", "How do I get an invoice?", "in the app"))
	h.settle("/help/zh/", "怎么开发票？", true)
	short := fmt.Sprintf("/a/%d", a.ID)
	h.get(short).want(http.StatusFound).leads(fmt.Sprintf("https://hub.example/help/zh/a/%d-zen-me-kai-fa-piao", a.ID))
	h.save(func(s *help.Settings) { s.Open = false })
	h.settle("/help/zh/", "怎么开发票？", false)
	for _, path := range everyPage(a.ID) {
		h.get(path).want(http.StatusNotFound)
	}
	h.get(short).want(http.StatusOK).has("怎么开发票？", "in the app", "noindex").lacks("data-chat", "canonical")
	for _, path := range []string{"/a/x", "/a/4711"} {
		h.get(path).want(http.StatusNotFound)
	}
}

func TestBrowsersKeepPages(t *testing.T) {
	h := open(t, t.TempDir()+"/h.db")
	h.publish(both("怎么开发票？", "How do I get an invoice?", "in the app"))
	h.settle("/help/zh/", "怎么开发票？", true)
	for _, path := range []string{"/help/zh/", "/help/en/a/1-how-do-i-get-an-invoice", "/help/sitemap.xml", "/help/zh/feed.xml"} {
		first := h.get(path).want(http.StatusOK)
		r := h.request("GET", path, nil)
		r.Header.Set("If-None-Match", first.header.Get("ETag"))
		if again := h.do(r).want(http.StatusNotModified); again.body != "" {
			t.Errorf("%s: sent again", path)
		}
	}
	if h.get("/help/en/a/1-how-do-i-get-an-invoice").header.Get("Last-Modified") == "" {
		t.Error("an article does not say when it was changed")
	}
	head := h.do(h.request("HEAD", "/help/zh/", nil)).want(http.StatusOK)
	if head.body != "" {
		t.Error("a body for HEAD")
	}
}

// Nothing on a page comes from elsewhere, and no script runs but the page's own.
func TestPolicy(t *testing.T) {
	h := open(t, t.TempDir()+"/h.db")
	a := h.publish(both("怎么开发票？", "How do I get an invoice?", "in the app"))
	h.settle("/help/zh/", "怎么开发票？", true)
	for _, path := range everyPage(a.ID)[:8] {
		page := h.get(path)
		policy := page.header.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "script-src 'self';", "style-src 'self';", "base-uri 'none'", "frame-ancestors 'self'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: the policy does not say %s: %s", path, part, policy)
			}
		}
		page.lacks("onclick", "javascript:", "<style", `src="http`, "ZgotmplZ")
		if len(page.header.Values("Set-Cookie")) > 0 {
			t.Errorf("%s sets a cookie", path)
		}
	}
}
