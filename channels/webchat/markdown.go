package webchat

import (
	"bytes"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

// renderer turns the Markdown of bot and agents into HTML that a page may show.
type renderer struct {
	markdown goldmark.Markdown
	policy   *bluemonday.Policy
}

func newRenderer() renderer {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "strong", "em", "del", "code", "pre", "ul", "ol", "li", "blockquote", "hr",
		"h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("https", "http", "mailto", "tel")
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	return renderer{markdown: goldmark.New(goldmark.WithExtensions(extension.Linkify, extension.Table, extension.Strikethrough)), policy: p}
}

// html renders; raw HTML in the text is left out, and what comes out is cleaned once more.
func (r renderer) html(text string) string {
	var out bytes.Buffer
	if err := r.markdown.Convert([]byte(text), &out); err != nil {
		return ""
	}
	return r.policy.Sanitize(out.String())
}
