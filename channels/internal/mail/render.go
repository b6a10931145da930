package mail

import (
	"bytes"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// cleaner writes a tree as HTML that can do nothing. What stays is named; all else goes.
type cleaner struct {
	out              bytes.Buffer
	keeps            func(line int) bool
	remote, trackers int
	shows            map[string]bool
}

// cleanTree writes those leaves of a tree that keeps wants, in the elements around them.
func cleanTree(root *node, keeps func(line int) bool) *cleaner {
	c := &cleaner{keeps: keeps, shows: map[string]bool{}}
	for _, child := range root.children {
		c.write(child)
	}
	return c
}

// write writes a node, and tells whether anything of it stayed.
func (c *cleaner) write(n *node) bool {
	switch {
	case n.tag == 0:
		if !c.keeps(n.line) {
			return false
		}
		c.out.WriteString(html.EscapeString(tidyText(n.text)))
		return true
	case n.tag == atom.Img:
		return c.keeps(n.line) && c.image(n)
	case void[n.tag]:
		if n.tag != atom.Col && !c.keeps(n.line) {
			return false
		}
		c.out.WriteString("<" + n.tag.String() + c.attributes(n) + ">")
		return true
	}
	return c.element(n)
}

// element writes an element with what is kept of its children; without children only when it stands in a kept line.
func (c *cleaner) element(n *node) bool {
	before := c.out.Len()
	c.out.WriteString("<" + n.tag.String() + c.attributes(n) + ">")
	inside := c.out.Len()
	some := false
	for _, child := range n.children {
		some = c.write(child) || some
	}
	if !some && !(len(n.children) == 0 && c.keeps(n.line)) && c.out.Len() == inside {
		c.out.Truncate(before)
		return false
	}
	if n.tag == atom.A {
		c.out.WriteString(destination(n))
	}
	c.out.WriteString("</" + n.tag.String() + ">")
	return true
}

// image writes a picture: one that came along by its Content-ID, one within the HTML as it is, one of another server
// without its address where a browser looks for it. What is too small to be seen only reports that the mail was read;
// it goes for good.
func (c *cleaner) image(n *node) bool {
	src := strings.TrimSpace(n.attr("src"))
	lower := strings.ToLower(src)
	kind := ""
	switch {
	case strings.HasPrefix(lower, "cid:"):
		id := contentKey(src[4:])
		c.shows[id] = true
		kind = ` data-cid="` + html.EscapeString(id) + `"`
	case embedded(lower):
		kind = ` src="` + html.EscapeString(strings.Join(strings.Fields(src), "")) + `"`
	case strings.HasPrefix(lower, "http:"), strings.HasPrefix(lower, "https:"), strings.HasPrefix(lower, "//"):
		c.remote++
		if tiny(n) {
			c.trackers++
			return false
		}
		address := webAddress(src)
		if address == "" {
			return false
		}
		kind = ` data-src="` + html.EscapeString(address) + `"`
	}
	alt := html.EscapeString(oneLine(n.attr("alt"), 300))
	if kind == "" && alt == "" {
		return false
	}
	c.out.WriteString("<img" + kind + ` alt="` + alt + `"` + c.attributes(n) + ">")
	return true
}

// contentKey is a Content-ID out of an address.
func contentKey(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		s = plain
	}
	return tidyID(strings.Trim(s, "<> "))
}

// maxEmbedded is how large a picture within the HTML may be.
const maxEmbedded = 200 << 10

// embedded tells whether an address is a picture of a kind that is only a picture.
func embedded(lower string) bool {
	if len(lower) > maxEmbedded {
		return false
	}
	for _, kind := range []string{"png", "jpeg", "jpg", "gif", "webp"} {
		if data, ok := strings.CutPrefix(lower, "data:image/"+kind+";base64,"); ok {
			return strings.Trim(data, "abcdefghijklmnopqrstuvwxyz0123456789+/= \r\n\t") == ""
		}
	}
	return false
}

// tiny tells whether a picture is too small to be seen.
func tiny(n *node) bool {
	if concealed(n) {
		return true
	}
	style := strings.ToLower(strings.Join(strings.Fields(n.attr("style")), "")) + ";"
	small := func(name string) bool {
		value := strings.TrimSuffix(strings.TrimSpace(n.attr(name)), "px")
		if size, err := strconv.ParseFloat(value, 64); err == nil && size <= 2 {
			return true
		}
		for _, s := range []string{"0", "1px", "2px", "0px", "1pt"} {
			if strings.HasPrefix(style, name+":"+s+";") || strings.Contains(style, ";"+name+":"+s+";") {
				return true
			}
		}
		return false
	}
	return small("width") || small("height")
}

// webAddress is an address of the web, whole; "" when it is none.
func webAddress(s string) string {
	if strings.HasPrefix(s, "//") {
		s = "https:" + s
	}
	u, err := url.Parse(s)
	if err != nil || len(s) > 4000 || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}

// numeric are the attributes that are numbers, and words those that are one of few words.
const (
	numeric = " width height border cellpadding cellspacing colspan rowspan start size hspace vspace "
	wordy   = " align valign dir type "
	colours = " bgcolor color "
)

// attributes writes what is kept of an element's attributes.
func (c *cleaner) attributes(n *node) string {
	var out strings.Builder
	put := func(key, value string) {
		if value != "" {
			out.WriteString(" " + key + `="` + html.EscapeString(value) + `"`)
		}
	}
	seen := ""
	for _, a := range n.attrs {
		if strings.Contains(seen, " "+a.Key+" ") {
			continue
		}
		seen += " " + a.Key + " "
		value := strings.TrimSpace(a.Val)
		switch {
		case strings.Contains(a.Key, " "):
		case a.Key == "style":
			put("style", cleanStyle(value))
		case strings.Contains(numeric, " "+a.Key+" ") && of(value, "0123456789%+-.px", 10),
			strings.Contains(wordy, " "+a.Key+" ") && of(strings.ToLower(value), "abcdefghijklmnopqrstuvwxyz1", 12),
			strings.Contains(colours, " "+a.Key+" ") && of(strings.ToLower(value), "#abcdefghijklmnopqrstuvwxyz0123456789", 30):
			put(a.Key, value)
		case a.Key == "face" && n.tag == atom.Font && harmless("font-family", strings.ToLower(value)):
			put("face", value)
		}
	}
	if n.tag == atom.A {
		out.WriteString(link(n))
	}
	return out.String()
}

// of tells whether a short text is made of the characters given.
func of(s, characters string, most int) bool {
	return s != "" && len(s) <= most && strings.Trim(s, characters) == ""
}
