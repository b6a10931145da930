package mail

import (
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
)

// cleanHTML leaves of a mail's HTML what can do nothing.
func cleanHTML(s string) string {
	p := bluemonday.UGCPolicy()
	p.AllowURLSchemes("http", "https", "mailto", "tel", "cid")
	return p.Sanitize(s)
}

// htmlText is what HTML says, as plain text.
func htmlText(s string) string {
	var out strings.Builder
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return strings.TrimSpace(out.String())
		case html.TextToken:
			out.Write(z.Text())
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			if name, _ := z.TagName(); len(name) > 0 && strings.Contains(" p div br tr li h1 h2 h3 table ", " "+string(name)+" ") {
				out.WriteByte('\n')
			}
		}
	}
}
