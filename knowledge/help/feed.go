package help

import (
	"encoding/xml"
	"time"
)

// The feed of what is new, as Atom (RFC 4287).

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID      string   `xml:"id"`
	Title   string   `xml:"title"`
	Updated string   `xml:"updated"`
	Summary string   `xml:"summary"`
	Link    atomLink `xml:"link"`
}

const mostInFeed = 30

func (c *Centre) feed(v *visit) {
	all := c.shelf.view(v.language, v.now).books
	home := c.absolute(v.settings, "/"+v.language+"/")
	site := text(v.settings.Name, v.language, v.words.Title)
	feed := atomFeed{Lang: v.words.HTML, ID: home, Title: site, Author: site, Updated: time.Unix(0, 0).UTC().Format(time.RFC3339),
		Links: []atomLink{{Href: home}, {Rel: "self", Href: home + "feed.xml"}}}
	for i, b := range all[:min(len(all), mostInFeed)] {
		at := b.updated.UTC().Format(time.RFC3339)
		if i == 0 {
			feed.Updated = at
		}
		address := c.absolute(v.settings, articlePath(b))
		feed.Entries = append(feed.Entries, atomEntry{ID: address, Title: b.title, Updated: at, Summary: b.summary, Link: atomLink{Href: address}})
	}
	c.sendXML(v, "application/atom+xml", feed)
}
