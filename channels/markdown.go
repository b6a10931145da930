package channels

import (
	"bytes"
	"html"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

// markup turns Markdown into HTML and cleans HTML; both are made once, being costly to make.
type markup struct {
	markdown goldmark.Markdown
	keep     *bluemonday.Policy // what may be shown
	strip    *bluemonday.Policy // nothing but text
}

var theMarkup = sync.OnceValue(newMarkup)

func newMarkup() markup {
	keep := bluemonday.NewPolicy()
	keep.AllowElements("p", "br", "strong", "em", "del", "code", "pre", "blockquote", "ul", "li", "hr",
		"h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr")
	keep.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	keep.AllowElements("ol")
	keep.AllowAttrs("align").Matching(regexp.MustCompile(`^(left|center|right)$`)).OnElements("th", "td")
	keep.AllowElements("th", "td")
	keep.AllowAttrs("href").OnElements("a")
	keep.AllowAttrs("src").Matching(regexp.MustCompile(`^/[^/\\]`)).OnElements("img") // no third party learns who reads
	keep.AllowAttrs("alt").OnElements("img")
	keep.AllowURLSchemes("http", "https", "mailto", "tel")
	keep.AllowRelativeURLs(true)
	keep.RequireParseableURLs(true)
	keep.RequireNoFollowOnLinks(true)
	keep.RequireNoReferrerOnLinks(true)
	keep.AddTargetBlankToFullyQualifiedLinks(true)
	return markup{markdown: goldmark.New(goldmark.WithExtensions(extension.Strikethrough, extension.Table, extension.Linkify)),
		keep: keep, strip: bluemonday.StrictPolicy()}
}

// RenderMarkdown turns Markdown into HTML that is safe to show: no scripts, styles, forms or frames, and links
// that open elsewhere without telling where from. A text that cannot be rendered comes out as plain text.
func RenderMarkdown(text string) string {
	var b bytes.Buffer
	m := theMarkup()
	if err := m.markdown.Convert([]byte(text), &b); err != nil {
		return html.EscapeString(text)
	}
	return strings.TrimSpace(m.keep.Sanitize(b.String()))
}

// SanitizeHTML keeps of foreign HTML what RenderMarkdown would make.
func SanitizeHTML(text string) string { return strings.TrimSpace(theMarkup().keep.Sanitize(text)) }

// PlainText is a Markdown text as words only, for channels that show no markup: links keep their address in
// brackets, list items their dash or number.
func PlainText(markdown string) string { return PlainTextWith(markdown, LinkWords) }

// PlainTextWith is PlainText with links of the channel's own; link is given a link's words and its address, and a picture's words and
// its address.
func PlainTextWith(markdown string, link func(words, address string) string) string {
	var b bytes.Buffer
	m := theMarkup()
	if err := m.markdown.Convert([]byte(markdown), &b); err != nil {
		return markdown
	}
	text := spell(b.String(), link)
	return strings.TrimSpace(manyLines.ReplaceAllString(html.UnescapeString(m.strip.Sanitize(text)), "\n\n"))
}

var (
	manyLines = regexp.MustCompile(`\n{3,}`)
	anyLink   = regexp.MustCompile(`<a href="([^"]*)">(.*?)</a>`)
	anyImage  = regexp.MustCompile(`<img src="([^"]*)" alt="([^"]*)"[^>]*>`)
	anyItem   = regexp.MustCompile(`<(/?)(ul|ol|li)(?: start="([0-9]+)")?>(?:\s*<p>)?`)
	anyCell   = regexp.MustCompile(`</t[hd]>\s*(</tr>\s*)?`)
	anyRow    = regexp.MustCompile(`</?(thead|tbody|tr)>\s*`)
	anyBlock  = regexp.MustCompile(`</(p|h[1-6]|pre|blockquote|table|ul|ol)>\n?`)
	anyRule   = regexp.MustCompile(`<hr[^>]*>`)
)

// spell writes into the text what its markup means.
func spell(markup string, link func(words, address string) string) string {
	markup = anyLink.ReplaceAllStringFunc(markup, func(found string) string {
		part := anyLink.FindStringSubmatch(found)
		words := html.UnescapeString(theMarkup().strip.Sanitize(part[2]))
		return html.EscapeString(link(words, html.UnescapeString(part[1])))
	})
	markup = anyImage.ReplaceAllStringFunc(markup, func(found string) string {
		part := anyImage.FindStringSubmatch(found)
		return html.EscapeString(link(html.UnescapeString(part[2]), html.UnescapeString(part[1])))
	})
	markup = spellItems(markup)
	markup = anyCell.ReplaceAllStringFunc(markup, spellCell)
	markup = anyRow.ReplaceAllString(markup, "")
	markup = anyRule.ReplaceAllString(markup, "———")
	return anyBlock.ReplaceAllString(markup, "$0\n")
}

// spellItems begins each item of a list with its dash, or with its number where the list has an order.
func spellItems(markup string) string {
	var next []int // number of each open list's next item; below 0: it has no order
	return anyItem.ReplaceAllStringFunc(markup, func(tag string) string {
		part := anyItem.FindStringSubmatch(tag)
		last := len(next) - 1
		switch {
		case part[1] == "/" && part[2] != "li":
			next = next[:max(last, 0)]
		case part[1] == "/":
		case part[2] == "ul":
			next = append(next, -1)
		case part[2] == "ol":
			next = append(next, startOf(part[3]))
		case last < 0 || next[last] < 0:
			return "- "
		default:
			next[last]++
			return strconv.Itoa(next[last]-1) + ". "
		}
		return tag
	})
}

func startOf(start string) int {
	n, err := strconv.Atoi(start)
	if err != nil {
		return 1
	}
	return n
}

// spellCell ends a cell of a table: with a gap, or with the line when it is the row's last.
func spellCell(end string) string {
	if strings.Contains(end, "</tr>") {
		return "\n"
	}
	return "  "
}

// LinkWords is a link in words: its address follows in brackets unless the words are the address.
func LinkWords(words, address string) string {
	bare := strings.TrimPrefix(strings.TrimPrefix(address, "mailto:"), "tel:")
	if words == "" || words == address || words == bare {
		return bare
	}
	return words + " (" + bare + ")"
}

// WholeLinks is a way to write links, for addresses that lie with this server: they begin with base.
func WholeLinks(base string, link func(words, address string) string) func(words, address string) string {
	return func(words, address string) string { return link(words, Whole(base, address)) }
}

// Whole is an address as others can follow it: one of this server's begins with base.
func Whole(base, address string) string {
	if base != "" && strings.HasPrefix(address, "/") && !strings.HasPrefix(address, "//") {
		return base + address
	}
	return address
}
