package mail

import (
	"regexp"

	"github.com/microcosm-cc/bluemonday"
)

// fence passes cleaned HTML through a second cleaner that others wrote and many have tried. It lets through just what
// the first one writes, so that what slips by one of them meets the other.
func fence(s string) string {
	if s == "" {
		return ""
	}
	return fencing.Sanitize(s)
}

var fencing = fencePolicy()

// fencePolicy names the elements and attributes that cleanTree writes.
func fencePolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	for tag := range kept {
		p.AllowElements(tag.String())
	}
	p.AllowNoAttrs().OnElements("span", "font", "a", "img", "abbr", "q")
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.AllowDataURIImages()
	p.RequireParseableURLs(true)
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("target").Matching(regexp.MustCompile(`^_blank$`)).OnElements("a")
	p.AllowAttrs("rel").Matching(regexp.MustCompile(`^noopener noreferrer nofollow$`)).OnElements("a")
	p.AllowAttrs("title").OnElements("a")
	p.AllowAttrs("src").Matching(regexp.MustCompile(`^data:image/`)).OnElements("img")
	p.AllowAttrs("data-cid", "alt").OnElements("img")
	p.AllowAttrs("data-src").Matching(regexp.MustCompile(`^https?://`)).OnElements("img")
	p.AllowAttrs("width", "height", "border", "cellpadding", "cellspacing", "colspan", "rowspan", "start", "size", "hspace", "vspace").Matching(regexp.MustCompile(`^[0-9%+.px-]+$`)).Globally()
	p.AllowAttrs("align", "valign", "dir", "type").Matching(regexp.MustCompile(`^[A-Za-z1]+$`)).Globally()
	p.AllowAttrs("bgcolor", "color").Matching(regexp.MustCompile(`^[#A-Za-z0-9]+$`)).Globally()
	p.AllowAttrs("face").OnElements("font")
	p.AllowAttrs("style").Matching(regexp.MustCompile(`^[^\\<>@{}]*$`)).Globally()
	return p
}
