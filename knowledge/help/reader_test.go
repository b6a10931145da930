package help_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"huiyin/db"
	"huiyin/knowledge"
	"huiyin/knowledge/help"
)

func TestVotes(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		a := h.publish(both("怎么开发票？", "How do I get an invoice?", "in the app"))
		h.settle("/help/zh/", "怎么开发票？", true)
		page := fmt.Sprintf("/help/en/a/%d-how-do-i-get-an-invoice", a.ID)
		post := fmt.Sprintf("/help/en/a/%d", a.ID)
		cookie := ""
		send := func(form url.Values) *answer {
			r := h.request("POST", post, form)
			if cookie != "" {
				r.Header.Set("Cookie", cookie)
			}
			got := h.do(r)
			if set := got.header.Get("Set-Cookie"); set != "" {
				cookie, _, _ = strings.Cut(set, ";")
				for _, want := range []string{"HttpOnly", "SameSite=Strict", "Secure", "Path=/help"} {
					if !strings.Contains(set, want) {
						t.Errorf("the cookie is not %s: %s", want, set)
					}
				}
			}
			return got
		}
		send(url.Values{"helpful": {"no"}}).want(http.StatusSeeOther).leads(page + "?voted=no#feedback")
		h.get(page+"?voted=no").has(`name="reason"`, `name="comment"`)
		send(url.Values{"helpful": {"no"}}).leads(page + "?voted=again#feedback")
		send(url.Values{"helpful": {"yes"}}).leads(page + "?voted=again#feedback")
		send(url.Values{}).leads(page + "?voted=no#feedback")
		send(url.Values{"reason": {"wrong"}, "comment": {" the price <changed> "}}).leads(page + "?voted=noted#feedback")
		send(url.Values{"reason": {"unclear"}}).leads(page + "?voted=noted#feedback") // the first reason stays
		first := cookie
		cookie = ""
		send(url.Values{"helpful": {"yes"}}).leads(page + "?voted=yes#feedback")
		if cookie == first {
			t.Error("two visitors are one")
		}
		h.get(page + "?voted=yes").has("Glad it helped")
		counted, err := knowledge.Get(context.Background(), h.db, a.ID)
		h.must(err)
		if counted.Helpful != 1 || counted.Unhelpful != 1 {
			t.Errorf("helpful %d, unhelpful %d", counted.Helpful, counted.Unhelpful)
		}
		list, err := help.Complaints(context.Background(), h.db, a.ID, 10)
		h.must(err)
		if len(list) != 1 || list[0].Reason != "wrong" || list[0].Comment != "the price <changed>" || list[0].Language != "en" {
			t.Errorf("complaints: %+v", list)
		}
	})
}

func TestVotesThatAreRefused(t *testing.T) {
	h := open(t, t.TempDir()+"/h.db")
	a := h.publish(both("怎么开发票？", "How do I get an invoice?", "in the app"))
	hidden := h.draft(both("草稿", "A draft", "x"))
	h.settle("/help/zh/", "怎么开发票？", true)
	path := fmt.Sprintf("/help/zh/a/%d", a.ID)
	for name, header := range map[string][2]string{"another site": {"Sec-Fetch-Site", "cross-site"}, "another origin": {"Origin", "https://evil.example"}} {
		r := h.request("POST", path, url.Values{"helpful": {"no"}})
		r.Header.Set(header[0], header[1])
		if got := h.do(r); got.status != http.StatusForbidden {
			t.Errorf("%s: status %d", name, got.status)
		}
	}
	for _, wrong := range []string{"/help/zh/a/x", "/help/zh/b/1", "/help/fr/a/1"} {
		if got := h.do(h.request("POST", wrong, url.Values{"helpful": {"no"}})); got.status < 400 {
			t.Errorf("%s: status %d", wrong, got.status)
		}
	}
	h.do(h.request("POST", fmt.Sprintf("/help/zh/a/%d", hidden.ID), url.Values{"helpful": {"no"}})).want(http.StatusNotFound)
	h.do(h.request("DELETE", path, nil)).want(http.StatusMethodNotAllowed)
	last := ""
	for range 40 {
		last = h.do(h.request("POST", path, url.Values{"helpful": {"no"}})).header.Get("Location")
	}
	if !strings.Contains(last, "voted=many") {
		t.Errorf("forty visitors of one address: %s", last)
	}
	h.later(time.Hour)
	if got := h.do(h.request("POST", path, url.Values{"helpful": {"no"}})).header.Get("Location"); !strings.Contains(got, "voted=no") {
		t.Errorf("an hour later: %s", got)
	}
	counted, err := knowledge.Get(context.Background(), h.db, a.ID)
	h.must(err)
	if counted.Unhelpful != 31 {
		t.Errorf("%d counted", counted.Unhelpful)
	}
}

func TestMissedSearches(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		a := h.publish(both("怎么开发票？", "How do I get an invoice?", "in the app"))
		h.settle("/help/zh/", "怎么开发票？", true)
		article := fmt.Sprintf("/help/zh/a/%d-zen-me-kai-fa-piao", a.ID)
		h.get("/help/zh/search?q=游泳池")
		h.get("/help/zh/search?q=游泳池？")
		h.get("/help/zh/search?q=fapiao")
		h.get("/help/zh/search?q=fapiao")
		h.get(article + "?q=fapiao") // opened from the results
		h.get(article + "?s=fp")     // opened while typing
		h.do(h.request("POST", "/help/zh/missed", url.Values{"q": {"我的号码 13800138000 a@b.example"}})).want(http.StatusNoContent)
		h.do(h.request("POST", "/help/zh/missed", url.Values{"q": {"发票"}})).want(http.StatusNoContent)
		h.do(h.request("POST", "/help/zh/missed", url.Values{})).want(http.StatusNoContent)
		robot := h.request("GET", "/help/zh/search?q=robots", nil)
		robot.Header.Set("User-Agent", "Googlebot/2.1")
		h.do(robot)
		h.stop() // what was counted is written at the end
		list, err := help.MissedSearches(context.Background(), h.db, h.now().AddDate(0, 0, -7), 10)
		h.must(err)
		got := map[string][2]int{}
		for _, m := range list {
			got[m.Term] = [2]int{m.Nothing, m.Unopened}
			if strings.ContainsAny(m.Term, "1380@") {
				t.Errorf("%q may name somebody", m.Term)
			}
		}
		if got["游泳池"] != [2]int{2, 0} || got["fapiao"] != [2]int{0, 1} || got["发票"] != [2]int{0, 1} || len(got) != 4 {
			t.Errorf("missed: %v", got)
		}
		h.begin()
		h.get(article)
		h.later(10 * time.Second)
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, "INSERT INTO help_views (day, article_id, views) VALUES ('2020-01-01', ?, 9)", a.ID)
			return err
		})
		h.stop()
		var views int
		h.must(h.db.QueryRow(context.Background(), "SELECT SUM(views) FROM help_views WHERE day > '2020-01-01'").Scan(&views))
		if views != 3 {
			t.Errorf("%d views", views)
		}
	})
}

// What is read most stands first among the popular.
func TestPopular(t *testing.T) {
	h := open(t, t.TempDir()+"/h.db")
	h.publish(both("一号文章？", "Article one?", "x"))
	second := h.publish(both("二号文章？", "Article two?", "x"))
	h.settle("/help/zh/", "二号文章", true)
	order := func() bool {
		body := h.get("/help/zh/").body
		popular := body[strings.Index(body, `class="ranked"`):]
		return strings.Index(popular, "二号") < strings.Index(popular, "一号")
	}
	if order() {
		t.Error("the later one stands first before anybody has read it")
	}
	h.tx(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO help_views (day, article_id, views) VALUES ('2026-11-20', ?, 5)", second.ID)
		return err
	})
	h.later(2 * time.Minute)
	for end := time.Now().Add(30 * time.Second); !order(); time.Sleep(5 * time.Millisecond) {
		h.centre.Poke()
		if time.Now().After(end) {
			t.Fatal("what is read most does not stand first")
		}
	}
}
