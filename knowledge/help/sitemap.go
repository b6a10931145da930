package help

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// mostInSitemap is how many addresses one file may list (sitemaps.org, "Using Sitemap index files").
const mostInSitemap = 50_000

type siteURL struct {
	Loc     string    `xml:"loc"`
	LastMod string    `xml:"lastmod,omitempty"`
	Links   []siteRef `xml:"xhtml:link"`
}

type siteRef struct {
	Rel  string `xml:"rel,attr"`
	Lang string `xml:"hreflang,attr"`
	Href string `xml:"href,attr"`
}

type siteSet struct {
	XMLName xml.Name  `xml:"urlset"`
	Space   string    `xml:"xmlns,attr"`
	XHTML   string    `xml:"xmlns:xhtml,attr"`
	URLs    []siteURL `xml:"url"`
}

type siteIndex struct {
	XMLName xml.Name  `xml:"sitemapindex"`
	Space   string    `xml:"xmlns,attr"`
	Maps    []siteURL `xml:"sitemap"`
}

const sitemapSpace = "http://www.sitemaps.org/schemas/sitemap/0.9"

// sitemap answers for sitemap.xml and its parts, sitemap-1.xml and on. Where there is too much for one file the first is an index.
func (c *Centre) sitemap(v *visit, name string) {
	if !v.settings.Indexable {
		http.NotFound(v.w, v.r)
		return
	}
	all := c.addresses(v)
	if name == ".xml" && len(all) <= mostInSitemap {
		c.sendXML(v, "application/xml", siteSet{Space: sitemapSpace, XHTML: "http://www.w3.org/1999/xhtml", URLs: all})
		return
	}
	parts := (len(all) + mostInSitemap - 1) / mostInSitemap
	if name == ".xml" {
		index := siteIndex{Space: sitemapSpace}
		for i := range parts {
			index.Maps = append(index.Maps, siteURL{Loc: c.absolute(v.settings, "/sitemap-"+strconv.Itoa(i+1)+".xml")})
		}
		c.sendXML(v, "application/xml", index)
		return
	}
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(name, "-"), ".xml"))
	if err != nil || n < 1 || n > parts || name != "-"+strconv.Itoa(n)+".xml" {
		http.NotFound(v.w, v.r)
		return
	}
	c.sendXML(v, "application/xml", siteSet{Space: sitemapSpace, XHTML: "http://www.w3.org/1999/xhtml", URLs: all[(n-1)*mostInSitemap : min(n*mostInSitemap, len(all))]})
}

// addresses are all pages that search engines may list.
func (c *Centre) addresses(v *visit) []siteURL {
	var list []siteURL
	views := map[string]*view{}
	byID := map[string]map[int64]*book{}
	for _, l := range languages() {
		views[l], byID[l] = c.shelf.view(l, v.now), map[int64]*book{}
		for _, b := range views[l].books {
			byID[l][b.id] = b
		}
		list = append(list, siteURL{Loc: c.absolute(v.settings, "/"+l+"/")})
	}
	for _, l := range languages() {
		for _, one := range c.categories(v.r.Context(), v.now) {
			if len(views[l].under[one.Path]) > 0 {
				list = append(list, siteURL{Loc: c.absolute(v.settings, categoryPath(l, one.Path))})
			}
		}
		for _, b := range views[l].books {
			entry := siteURL{Loc: c.absolute(v.settings, articlePath(b)), LastMod: b.updated.UTC().Format(time.DateOnly)}
			if other := byID[wordsFor(l).OtherCode][b.id]; other != nil {
				for _, o := range []*book{b, other} {
					entry.Links = append(entry.Links, siteRef{"alternate", wordsFor(o.language).HTML, c.absolute(v.settings, articlePath(o))})
				}
			}
			list = append(list, entry)
		}
	}
	return list
}

func (c *Centre) sendXML(v *visit, kind string, document any) {
	body, err := xml.Marshal(document)
	if err != nil {
		c.Log.Error("a list of the help centre was not written", "error", err)
		http.Error(v.w, "this cannot be shown at the moment", http.StatusInternalServerError)
		return
	}
	h := v.w.Header()
	h.Set("Content-Type", kind+"; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-cache")
	body = append([]byte(xml.Header), body...)
	if !unchanged(v, body, time.Time{}) {
		v.send(body)
	}
}

// robots says what search engines may read: never searches, which are without number. Pages that are not to be listed say so
// themselves.
func (c *Centre) robots(v *visit) {
	if !v.settings.Open {
		http.NotFound(v.w, v.r)
		return
	}
	var b strings.Builder
	b.WriteString("User-agent: *\n")
	for _, l := range languages() {
		fmt.Fprintf(&b, "Disallow: %s/%s/search\nDisallow: %s/%s/find\n", v.base, l, v.base, l)
	}
	b.WriteString("Disallow: /api/\nDisallow: /chat/\nDisallow: /rate/\n")
	if v.settings.Indexable {
		fmt.Fprintf(&b, "\nSitemap: %s\n", c.absolute(v.settings, "/sitemap.xml"))
	}
	v.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	v.w.Header().Set("Cache-Control", "public, max-age=300")
	v.send([]byte(b.String()))
}

// ServeRobots answers for robots.txt at the top of the server.
func (c *Centre) ServeRobots(w http.ResponseWriter, r *http.Request) {
	c.robots(&visit{w: w, r: r, path: "/robots.txt", base: Path, settings: *c.settings.Load(), now: c.DB.Now()})
}
