package mail

import (
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// link are the attributes of a link: it opens apart from the console, tells nobody where it was clicked, and shows where
// it goes before it is.
func link(n *node) string {
	target := linkTarget(n)
	if target == "" {
		return ""
	}
	shown := html.EscapeString(target)
	return ` href="` + shown + `" title="` + html.EscapeString(cut(target, 300)) + `" target="_blank" rel="noopener noreferrer nofollow"`
}

// linkTarget is where a link goes; "" when it may not.
func linkTarget(n *node) string {
	s := strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || turns(r) {
			return -1
		}
		return r
	}, n.attr("href")))
	lower := strings.ToLower(s)
	if strings.HasPrefix(lower, "mailto:") || strings.HasPrefix(lower, "tel:") {
		if u, err := url.Parse(s); err == nil && len(s) <= 1000 {
			return u.Scheme + ":" + strings.Map(addressRune, u.Opaque)
		}
		return ""
	}
	return webAddress(s)
}

// addressRune keeps the characters of addresses and numbers.
func addressRune(r rune) rune {
	if r > ' ' && r < 0x7f && !strings.ContainsRune(`"'<>\^`+"`{|}", r) {
		return r
	}
	return -1
}

// looksLike is a text that reads as an address of the web, with its host.
var looksLike = regexp.MustCompile(`(?i)^\s*(?:https?://)?([a-z0-9\p{L}-]+(?:\.[a-z0-9\p{L}-]+)+)(?:[:/?#].*)?\s*$`)

// destination is put behind a link whose text names another host than the one it goes to.
func destination(n *node) string {
	target := linkTarget(n)
	u, err := url.Parse(target)
	if err != nil || u.Host == "" {
		return ""
	}
	m := looksLike.FindStringSubmatch(nodeText(n, 300))
	if m == nil || related(strings.TrimPrefix(strings.ToLower(m[1]), "www."), strings.ToLower(u.Hostname())) {
		return ""
	}
	return " [" + html.EscapeString(u.Hostname()) + "]"
}

// nodeText is the text in a node, up to so many bytes.
func nodeText(n *node, most int) string {
	var out strings.Builder
	var walk func(n *node)
	walk = func(n *node) {
		if out.Len() > most {
			return
		}
		out.WriteString(n.text)
		for _, child := range n.children {
			walk(child)
		}
	}
	walk(n)
	return cut(out.String(), most)
}
