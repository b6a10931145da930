package weixin

import (
	"regexp"
	"strings"
)

// Card is a page that a message stands for: on the web, or of a Mini Program.
type Card struct{ Title, URL, App, Page string }

var loneLink = regexp.MustCompile(`^\[([^\]\n]+)\]\(([^)\s]+)\)$`)

// appScheme heads the address of a Mini Program's page: weapp://APPID/path?query.
const appScheme = "weapp://"

// ReadCard reads a card from a text that is one link and nothing else: [Title](https://…) or [Title](weapp://APPID/path).
func ReadCard(text string) (Card, bool) {
	found := loneLink.FindStringSubmatch(strings.TrimSpace(text))
	if found == nil {
		return Card{}, false
	}
	c := Card{Title: Clean(found[1])}
	if rest, ok := strings.CutPrefix(found[2], appScheme); ok {
		c.App, c.Page, _ = strings.Cut(rest, "/")
		return c, c.App != "" && c.Page != ""
	}
	c.URL = found[2]
	return c, strings.HasPrefix(c.URL, "https://") || strings.HasPrefix(c.URL, "http://")
}
