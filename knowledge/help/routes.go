package help

import (
	"net/http"
	"strconv"
	"strings"
)

// serve answers one request for a path of the help centre.
func (c *Centre) serve(w http.ResponseWriter, r *http.Request, path, base string) {
	v := &visit{w: w, r: r, path: path, base: base, settings: *c.settings.Load(), now: c.DB.Now()}
	if s, ok := c.previewed(r.URL.Query().Get("preview"), v.now); ok {
		v.settings, v.preview = s, true
	}
	if name, ok := strings.CutPrefix(path, "/assets/"); ok { // an article shown alone wants its style too
		c.serveFile(v, name)
		return
	}
	if !v.settings.Open && !v.preview {
		http.NotFound(w, r)
		return
	}
	select {
	case <-c.ready:
	case <-r.Context().Done():
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		c.post(v)
		return
	}
	c.get(v)
}

// get answers with the page of a path.
func (c *Centre) get(v *visit) {
	switch name := strings.TrimPrefix(v.path, "/"); {
	case name == "":
		v.w.Header().Add("Vary", "Accept-Language")
		v.w.Header().Set("Cache-Control", "no-cache")
		http.Redirect(v.w, v.r, v.link("/"+preferred(v.r.Header.Get("Accept-Language"))+"/"+query(v.r.URL.RawQuery)), http.StatusFound)
		return
	case name == "robots.txt":
		c.robots(v)
		return
	case strings.HasPrefix(name, "sitemap"):
		c.sitemap(v, strings.TrimPrefix(name, "sitemap"))
		return
	}
	language, rest, below := strings.Cut(strings.TrimPrefix(v.path, "/"), "/")
	if !speaks(language) {
		language = preferred(v.r.Header.Get("Accept-Language"))
		v.language, v.words = language, wordsFor(language)
		c.missing(v)
		return
	}
	v.language, v.words = language, wordsFor(language)
	if !below {
		http.Redirect(v.w, v.r, v.home()+query(v.r.URL.RawQuery), http.StatusMovedPermanently)
		return
	}
	c.page(v, rest)
}

func query(raw string) string {
	if raw == "" {
		return ""
	}
	return "?" + raw
}

// page answers with a page of one language.
func (c *Centre) page(v *visit, rest string) {
	kind, name, _ := strings.Cut(rest, "/")
	switch {
	case rest == "":
		c.homePage(v)
	case kind == "c" && name != "":
		c.categoryPage(v, strings.TrimSuffix(name, "/"))
	case kind == "a":
		c.articlePage(v, name)
	case rest == "search":
		c.searchPage(v)
	case rest == "find":
		c.instant(v)
	case rest == "feed.xml":
		c.feed(v)
	default:
		c.missing(v)
	}
}

// maxForm is how many bytes of a form are read.
const maxForm = 16 << 10

// post takes what readers send. What another site sends in their name is refused.
func (c *Centre) post(v *visit) {
	language, rest, _ := strings.Cut(strings.TrimPrefix(v.path, "/"), "/")
	if v.r.Method != http.MethodPost || !speaks(language) || v.preview {
		http.Error(v.w, "nothing is taken here", http.StatusMethodNotAllowed)
		return
	}
	if err := c.guard.Check(v.r); err != nil {
		http.Error(v.w, "this was sent by another site", http.StatusForbidden)
		return
	}
	v.language, v.words = language, wordsFor(language)
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, maxForm)
	kind, name, _ := strings.Cut(rest, "/")
	switch {
	case kind == "a":
		if id, ok := idOf(name); ok {
			c.takeVote(v, id)
			return
		}
	case rest == "missed":
		c.takeMissed(v)
		return
	}
	http.NotFound(v.w, v.r)
}

// idOf reads the number at the beginning of an article's name.
func idOf(name string) (int64, bool) {
	digits, _, _ := strings.Cut(name, "-")
	id, err := strconv.ParseInt(digits, 10, 64)
	return id, err == nil && id > 0 && digits[0] != '+'
}
