package help

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"huiyin/knowledge"
	"huiyin/nlu"
)

const (
	mostInstant = 7
	mostResults = 40
	mostMeant   = 10
)

// result is a found article with what fits marked.
type result struct {
	Title    []part `json:"title"`
	Summary  []part `json:"summary"`
	Category string `json:"category"`
	URL      string `json:"url"`
}

// search finds what fits the words, and behind it what fits the meaning.
func (c *Centre) search(v *visit, typed string, most int) []*book {
	c.shelf.mu.RLock()
	list := c.shelf.found[v.language].find(typed, v.now, most)
	c.shelf.mu.RUnlock()
	books := make([]*book, 0, most)
	for _, f := range list {
		books = append(books, f.book)
	}
	if typed = strings.TrimSpace(typed); len([]rune(typed)) < 2 || len(books) >= most {
		return books
	}
	hits, err := c.Meaning.Search(v.r.Context(), nlu.Analyze(clipRunes(typed, maxTyped)), knowledge.Options{Language: v.language, Limit: mostMeant, Channel: c.Channel, At: v.now})
	if err != nil {
		c.Log.Warn("a search of the help centre looked at words alone", "error", err)
	}
	for i, h := range hits {
		b := c.shelf.get(h.ArticleID, v.language, v.now)
		if b == nil || len(books) >= most {
			continue
		}
		at := slices.Index(books, b)
		switch {
		case i == 0 && h.Confidence >= surelyMeant && at != 0: // what the bot would answer stands first
			if at > 0 {
				books = slices.Delete(books, at, at+1)
			}
			books = slices.Insert(books, 0, b)
		case at < 0 && (h.Confidence >= likelyMeant || h.Confidence >= perhapsMeant && len(list) > 0):
			books = append(books, b)
		}
	}
	return books
}

const (
	surelyMeant  = 0.8
	likelyMeant  = 0.5  // shown although no word fits
	perhapsMeant = 0.25 // shown behind what words have found
)

func (c *Centre) results(v *visit, typed, param string, most int) []result {
	names := map[string]string{}
	for _, one := range c.categories(v.r.Context(), v.now) {
		names[one.Path] = one.Name(v.language)
	}
	m := newMarker(typed)
	list := []result{}
	for _, b := range c.search(v, typed, most) {
		list = append(list, result{Title: m.mark(b.title), Summary: m.mark(b.summary), Category: names[b.category],
			URL: v.link(articlePath(b)) + "?" + param + "=" + url.QueryEscape(clipRunes(typed, maxTyped))})
	}
	return list
}

// instant answers while somebody types.
func (c *Centre) instant(v *visit) {
	typed := v.r.URL.Query().Get("q")
	body, err := json.Marshal(map[string]any{"results": c.results(v, typed, byTyping, mostInstant)})
	if err != nil {
		http.Error(v.w, "nothing was found", http.StatusInternalServerError)
		return
	}
	h := v.w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Cache-Control", "private, max-age=30")
	v.send(body)
}

// searchBody is what the page of results shows.
type searchBody struct {
	Results []result
	Popular []item
}

func (c *Centre) searchPage(v *visit) {
	typed := clipRunes(oneLine(v.r.URL.Query().Get("q")), maxTyped)
	path := "/" + v.language + "/search"
	if typed == "" {
		http.Redirect(v.w, v.r, v.home(), http.StatusFound)
		return
	}
	p := c.newPage(v, v.words.ResultsFor+typed, path)
	if v.language == "en" {
		p.Title = v.words.ResultsFor + " “" + typed + "”"
	}
	p.Index, p.Canonical, p.Query = false, "", typed
	p.Switch = v.link("/"+v.words.OtherCode+"/search") + "?q=" + url.QueryEscape(typed)
	body := searchBody{Results: c.results(v, typed, byResults, mostResults)}
	if len(body.Results) == 0 {
		body.Popular = v.items(c.shelf.view(v.language, v.now).popular, topOfHome)
	}
	c.searched(v, typed, len(body.Results) > 0)
	p.Body = body
	c.show(v, "search", p, time.Time{})
}
