package help

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"
)

//go:embed pages/*.html
var pageFiles embed.FS

func readPages() (*template.Template, error) {
	pages, err := template.ParseFS(pageFiles, "pages/*.html")
	if err != nil {
		return nil, fmt.Errorf("read the help centre's pages: %w", err)
	}
	return pages, nil
}

// page is what every template is given.
type page struct {
	W                  words
	Base, Home, Search string
	Site               string // the help centre's name
	Title              string // of the page
	Description        string
	Canonical          string
	Alternates         []alternate
	Switch             string // the page, or else the home page, in the other language
	Index              bool   // search engines may list this page
	Look               look
	Logo               string
	Links              []footLink
	Crumbs             []crumb
	Structured         []any // JSON-LD
	Chat               *chat
	Query              string
	Body               any
	Kind               string // of the page for search engines: website or article
	Feed               string
}

type alternate struct{ Language, URL string }

type footLink struct{ Text, URL string }

type crumb struct {
	Text, URL string
	Last      bool
}

// chat is how readers reach a person.
type chat struct {
	Inbox   int64
	Page    string // for browsers without script
	Colour  string
	Script  string
	Article string // the title of the article that is being read
}

// newPage is a page before its own content.
func (c *Centre) newPage(v *visit, title, path string) *page {
	s := v.settings
	site := text(s.Name, v.language, v.words.Title)
	p := &page{W: v.words, Base: v.base, Home: v.home(), Search: v.link("/" + v.language + "/search"), Site: site, Title: title, Canonical: c.absolute(s, path),
		Switch: v.link("/" + v.words.OtherCode + "/"), Index: s.Indexable && !v.preview, Look: c.dress(s), Kind: "website", Feed: v.link("/" + v.language + "/feed.xml")}
	if p.Look.Logo != "" {
		p.Logo = v.link("/assets/" + p.Look.Logo)
	}
	p.Look.Style, p.Look.Script = v.link("/assets/"+p.Look.Style), v.link("/assets/"+p.Look.Script)
	if v.preview { // unsaved settings have a style of their own
		p.Look.Style += "?preview=" + v.r.URL.Query().Get("preview")
		p.Switch += "?preview=" + v.r.URL.Query().Get("preview")
	}
	for _, l := range s.Links {
		if words := text(l.Text, v.language, l.Text[v.words.OtherCode]); words != "" {
			p.Links = append(p.Links, footLink{words, l.URL})
		}
	}
	if s.Inbox != 0 {
		p.Chat = &chat{Inbox: s.Inbox, Page: c.ChatURL(s.Inbox, v.words.HTML), Colour: s.Colour, Script: "/widget.js"}
	}
	return p
}

// inLanguages says under which addresses a page stands in each language; the first is that of readers of none of them.
func (p *page) inLanguages(c *Centre, s Settings, paths map[string]string) {
	if len(paths) < 2 {
		return
	}
	for _, l := range languages() {
		p.Alternates = append(p.Alternates, alternate{wordsFor(l).HTML, c.absolute(s, paths[l])})
	}
}

// policy lets a page load nothing from elsewhere and run no script but its own and the chat's. Structured data is no script.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; " +
	"font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"

// show writes a page. A browser that has it already is told so.
func (c *Centre) show(v *visit, name string, p *page, changed time.Time) {
	var b bytes.Buffer
	if err := c.pages.ExecuteTemplate(&b, name+".html", p); err != nil {
		c.Log.Error("a page of the help centre was not written", "page", name, "error", err)
		http.Error(v.w, "this page cannot be shown at the moment", http.StatusInternalServerError)
		return
	}
	h := v.w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", v.words.HTML)
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	if !p.Index {
		h.Set("X-Robots-Tag", "noindex")
	}
	if v.status == 0 {
		h.Set("Cache-Control", "no-cache")
		if unchanged(v, b.Bytes(), changed) {
			return
		}
	}
	v.send(b.Bytes())
}

// unchanged marks an answer, and ends the request of a browser that has the same already.
func unchanged(v *visit, body []byte, changed time.Time) bool {
	sum := sha256.Sum256(body)
	mark := `W/"` + hex.EncodeToString(sum[:8]) + `"` // weak: the same page may come compressed
	v.w.Header().Set("ETag", mark)
	if !changed.IsZero() {
		v.w.Header().Set("Last-Modified", changed.UTC().Format(http.TimeFormat))
	}
	if known := v.r.Header.Get("If-None-Match"); known == "" || !strings.Contains(known, mark) {
		return false
	}
	v.w.Header().Add("Vary", "Accept-Encoding")
	v.w.WriteHeader(http.StatusNotModified)
	return true
}

// missing is the page of what is not here.
func (c *Centre) missing(v *visit) {
	v.status = http.StatusNotFound
	v.w.Header().Set("Cache-Control", "no-store")
	p := c.newPage(v, v.words.NotFound, "/"+v.language+"/")
	p.Index, p.Canonical = false, ""
	c.show(v, "missing", p, time.Time{})
}
