package help

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Path is where the help centre stands on the server's main address. On an address of its own it stands at the top.
const Path = "/help"

// visit is one request: who asks for what, under which settings.
type visit struct {
	w        http.ResponseWriter
	r        *http.Request
	path     string // behind Path, without it
	base     string // what stands before that path in links
	language string
	words    words
	settings Settings
	now      time.Time
	status   int // of the answer, where it is not 200
	preview  bool
}

// link is a path of the help centre as pages say it.
func (v *visit) link(path string) string { return v.base + path }

func (v *visit) home() string { return v.link("/" + v.language + "/") }

func articlePath(b *book) string {
	path := "/" + b.language + "/a/" + strconv.FormatInt(b.id, 10)
	if b.slug != "" {
		path += "-" + b.slug
	}
	return path
}

func categoryPath(language, category string) string {
	parts := strings.Split(category, "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	return "/" + language + "/c/" + strings.Join(parts, "/")
}

// origin is scheme, host and path before the help centre's own paths, as everybody outside is told: the address of its own, where
// it has one.
func (c *Centre) origin(s Settings) string {
	if s.BaseURL != "" {
		return s.BaseURL
	}
	return c.Public + Path
}

// absolute is the one address of a path that search engines are to know.
func (c *Centre) absolute(s Settings, path string) string { return c.origin(s) + path }

// ownHost tells whether a request came by the help centre's own address.
func (c *Centre) ownHost(r *http.Request) bool {
	s := c.settings.Load()
	if s == nil || !s.Open || s.BaseURL == "" || s.BaseURL == c.Public {
		return false
	}
	_, host, _ := strings.Cut(s.BaseURL, "://")
	return strings.EqualFold(host, r.Host)
}

// ownPath tells whether a path on the help centre's own address is one of its pages; the chat's are not.
func ownPath(path string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return first == "" || speaks(first) || first == "assets" || first == "robots.txt" || strings.HasPrefix(first, "sitemap")
}

// OnOwnHost answers what is asked at the help centre's own address, and hands everything else on.
func (c *Centre) OnOwnHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c.ownHost(r) && ownPath(r.URL.Path) {
			c.serve(w, r, r.URL.Path, "")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// ServeHTTP answers everything below Path.
func (c *Centre) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.serve(w, r, strings.TrimPrefix(r.URL.Path, Path), Path)
}

// preferred is the language of the pages that fits what a browser says its reader reads.
func preferred(header string) string {
	best, weight := languages()[0], -1.0
	for part := range strings.SplitSeq(header, ",") {
		tag, more, _ := strings.Cut(strings.TrimSpace(part), ";")
		q := 1.0
		if v, ok := strings.CutPrefix(strings.TrimSpace(more), "q="); ok {
			if n, err := strconv.ParseFloat(v, 64); err == nil {
				q = n
			}
		}
		code, _, _ := strings.Cut(strings.ToLower(tag), "-")
		if !speaks(code) {
			code = "en" // whoever reads neither is likelier to read English
			q /= 100
		}
		if tag != "" && tag != "*" && q > weight {
			best, weight = code, q
		}
	}
	return best
}

// Home is where readers find the help centre under some settings.
func (c *Centre) Home(s Settings) string { return c.absolute(s, "/") }
