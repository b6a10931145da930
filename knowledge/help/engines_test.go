package help_test

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"huiyin/db"
	"huiyin/knowledge"
	"huiyin/knowledge/help"
)

func TestSearchEngines(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		c := both("怎么开发票？", "How do I get an invoice?", "in the app")
		c.Category = "billing"
		a := h.publish(c)
		h.publish(knowledge.Content{Question: map[string]string{"zh": "只有中文"}, Answer: map[string]string{"zh": "是"}})
		h.settle("/help/zh/", "只有中文", true)
		zh := fmt.Sprintf("https://hub.example/help/zh/a/%d-zen-me-kai-fa-piao", a.ID)
		var set struct {
			URLs []struct {
				Loc   string `xml:"loc"`
				Links []struct {
					Lang string `xml:"hreflang,attr"`
					Href string `xml:"href,attr"`
				} `xml:"link"`
			} `xml:"url"`
		}
		h.must(xml.Unmarshal([]byte(h.get("/help/sitemap.xml").want(http.StatusOK).body), &set))
		found := false
		for _, u := range set.URLs {
			if u.Loc == zh {
				found = len(u.Links) == 2 && strings.Contains(u.Links[1].Href, "/en/a/")
			}
		}
		if !found || len(set.URLs) != 7 { // two homes, two categories, three articles
			t.Errorf("%d addresses: %+v", len(set.URLs), set.URLs)
		}
		h.get("/help/zh/feed.xml").want(http.StatusOK).has("<entry>", zh, "怎么开发票？")
		h.get("/robots.txt").want(http.StatusOK).has("Sitemap: https://hub.example/help/sitemap.xml", "Disallow: /help/zh/search")
		for _, path := range []string{"/help/sitemap-1.xml", "/help/sitemap-0.xml", "/help/sitemap-x.xml"} {
			if status := h.get(path).status; path != "/help/sitemap-1.xml" && status != http.StatusNotFound {
				t.Errorf("%s: status %d", path, status)
			}
		}
		h.save(func(s *help.Settings) { s.Indexable = false })
		h.settle("/robots.txt", "Sitemap:", false)
		h.get("/help/sitemap.xml").want(http.StatusNotFound)
		h.get("/help/zh/").has(`name="robots" content="noindex"`)
	})
}

// On an address of its own the help centre stands at the top, and everything else of the server stays where it is.
func TestOwnAddress(t *testing.T) {
	h := open(t, t.TempDir()+"/h.db")
	a := h.publish(both("怎么开发票？", "How do I get an invoice?", "in the app"))
	h.save(func(s *help.Settings) { s.BaseURL = "https://help.star.example" })
	h.settle("/help/zh/", "https://help.star.example/zh/", true)
	ask := func(path string) *answer {
		r := h.request("GET", path, nil)
		r.Host = "help.star.example"
		return h.do(r)
	}
	ask("/").want(http.StatusFound).leads("/zh/")
	ask("/zh/").want(http.StatusOK).has(`href="/en/"`, `action="/zh/search"`).lacks(`"/help/`)
	ask(fmt.Sprintf("/en/a/%d", a.ID)).leads(fmt.Sprintf("/en/a/%d-how-do-i-get-an-invoice", a.ID))
	ask("/robots.txt").has("Sitemap: https://help.star.example/sitemap.xml", "Disallow: /zh/search")
	ask("/sitemap.xml").has("https://help.star.example/zh/a/")
	ask("/console/").want(http.StatusTeapot)
	h.get(fmt.Sprintf("/a/%d", a.ID)).leads(fmt.Sprintf("https://help.star.example/zh/a/%d-zen-me-kai-fa-piao", a.ID))
	h.get("/zh/").want(http.StatusTeapot)
}

// mostOfFirstPage is what the first page may weigh without pictures, uncompressed.
const mostOfFirstPage = 50 << 10

var linked = regexp.MustCompile(`(?:href|src)="(/help/assets/[^"]+)"`)

func TestFirstPageIsLight(t *testing.T) {
	h := open(t, t.TempDir()+"/h.db")
	for i := range 60 { // a full first page
		c := both(fmt.Sprintf("第 %d 个常见的问题，它的标题有二十来个字？", i), fmt.Sprintf("Question number %d, which has a title of usual length?", i), strings.Repeat("答案 ", 200))
		c.Category = fmt.Sprintf("topic-%d", i%12)
		h.publish(c)
	}
	h.settle("/help/zh/", "第 59 个", true)
	for _, path := range []string{"/help/zh/", "/help/en/", "/help/zh/c/topic-1", "/help/en/search?q=question"} {
		page := h.get(path)
		bytes := len(page.body)
		for _, file := range linked.FindAllStringSubmatch(page.body, -1) {
			got := h.get(file[1]).want(http.StatusOK)
			if !strings.Contains(got.header.Get("Cache-Control"), "immutable") {
				t.Errorf("%s is not kept by browsers", file[1])
			}
			bytes += len(got.body)
		}
		if bytes > mostOfFirstPage {
			t.Errorf("%s weighs %d bytes", path, bytes)
		}
	}
	h.get("/help/assets/help-000000.css").want(http.StatusOK)
	h.get("/help/assets/nothing.png").want(http.StatusNotFound)
}

func TestSettings(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.publish(both("怎么开发票？", "How do I get an invoice?", "in the app"))
		logo := "data:image/png;base64,iVBORw0KGgo="
		h.save(func(s *help.Settings) {
			s.Name, s.Intro = map[string]string{"zh": "星桥 <帮助>"}, map[string]string{"en": "What can we do?"}
			s.Logo, s.Inbox, s.Colour = logo, 7, "#0b7a6f"
			s.Links = []help.Link{{Text: map[string]string{"en": "Home"}, URL: "https://star.example/"}}
		})
		h.settle("/help/zh/", "星桥 &lt;帮助&gt;", true)
		h.get("/help/zh/").has(`data-chat="7"`, `href="/chat/7?lang=zh-CN"`, ">Home</a>", `/help/assets/help-`, ".png")
		h.get("/help/en/").has("What can we do?", "Help centre")
		stale, err := help.ReadSettings(context.Background(), h.db)
		h.must(err)
		stale.Version--
		err = h.db.Tx(context.Background(), func(tx *db.Tx) error { return help.SaveSettings(context.Background(), tx, stale, "Wu") })
		if !errors.Is(err, knowledge.ErrConflict) {
			t.Errorf("an edit over another's: %v", err)
		}
	})
}

// A preview shows settings that nobody has saved, to whoever has it and for a while only.
func TestPreview(t *testing.T) {
	h := open(t, t.TempDir()+"/h.db")
	h.publish(both("怎么开发票？", "How do I get an invoice?", "in the app"))
	h.save(func(s *help.Settings) { s.Open = false })
	s := help.Defaults()
	s.Name, s.Colour = map[string]string{"zh": "未保存"}, "#ff0000"
	token, err := h.centre.Preview(s)
	h.must(err)
	h.settle("/help/zh/?preview="+token, "怎么开发票？", true)
	h.get("/help/zh/?preview="+token).want(http.StatusOK).has("未保存", "noindex", "preview="+token[:10])
	h.get("/help/zh/").want(http.StatusNotFound)
	h.get("/help/zh/?preview=" + token[:len(token)-1] + "x").want(http.StatusNotFound)
	h.get("/help/zh/?preview=1.2.3").want(http.StatusNotFound)
	h.later(31 * 60 * 1e9)
	h.get("/help/zh/?preview=" + token).want(http.StatusNotFound)
	s.Colour = "red"
	if _, err := h.centre.Preview(s); err == nil {
		t.Error("a preview of wrong settings")
	}
}
