package help

import (
	"html"
	"regexp"
	"strings"
	"time"
)

// Structured data for search engines, in the words of schema.org. It says what the page shows and nothing else.

type object map[string]any

func (c *Centre) siteData(v *visit, p *page) []any {
	return []any{object{"@context": "https://schema.org", "@type": "WebSite", "name": p.Site, "url": c.absolute(v.settings, "/"+v.language+"/"), "inLanguage": v.words.HTML,
		"potentialAction": object{"@type": "SearchAction", "target": c.absolute(v.settings, "/"+v.language+"/search") + "?q={search_term_string}", "query-input": "required name=search_term_string"}}}
}

func (c *Centre) crumbData(v *visit, crumbs []crumb) any {
	var list []any
	for i, one := range crumbs {
		entry := object{"@type": "ListItem", "position": i + 1, "name": one.Text}
		if one.URL != "" {
			entry["item"] = c.absolute(v.settings, strings.TrimPrefix(one.URL, v.base))
		}
		list = append(list, entry)
	}
	return object{"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": list}
}

// answerData describes an article: a question and its answer where the title asks, else an article.
func (c *Centre) answerData(v *visit, a read, shown string) any {
	url := c.absolute(v.settings, articlePath(a.book))
	if asks(a.title) {
		return object{"@context": "https://schema.org", "@type": "FAQPage", "inLanguage": v.words.HTML, "url": url, "dateModified": a.updated.UTC().Format(time.RFC3339),
			"mainEntity": []any{object{"@type": "Question", "name": a.title, "acceptedAnswer": object{"@type": "Answer", "text": plainMarkup(shown)}}}}
	}
	return object{"@context": "https://schema.org", "@type": "Article", "inLanguage": v.words.HTML, "url": url, "headline": a.title, "description": a.summary,
		"datePublished": a.created.UTC().Format(time.RFC3339), "dateModified": a.updated.UTC().Format(time.RFC3339),
		"author": object{"@type": "Organization", "name": text(v.settings.Name, v.language, v.words.Title)}}
}

// asks tells whether a title is a question.
func asks(title string) bool {
	return strings.HasSuffix(title, "?") || strings.HasSuffix(title, "？")
}

var anyTag = regexp.MustCompile(`<[^>]*>`)

// plainMarkup is the answer in words, one line for each block.
func plainMarkup(markup string) string {
	markup = strings.NewReplacer("</p>", "\n", "</li>", "\n", "<br>", "\n", "</h2>", "\n", "</h3>", "\n", "</tr>", "\n", "</td>", " ", "</th>", " ").Replace(markup)
	lines := strings.Split(html.UnescapeString(anyTag.ReplaceAllString(markup, "")), "\n")
	var kept []string
	for _, l := range lines {
		if l = oneLine(l); l != "" {
			kept = append(kept, l)
		}
	}
	return strings.Join(kept, "\n")
}
