package main

import (
	"errors"
	"html"
	"net/http"
	"strconv"
	"strings"

	"huiyin/channels"
	"huiyin/conversation"
)

// articlePath is where customers read a whole article whose text message had to be short.
const articlePath = "/a/"

const articlePage = `<!doctype html><html lang="{lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">
<title>{title}</title><style>body{font:16px/1.7 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;max-width:40rem;margin:0 auto;padding:1.5rem;color:#1f2329;overflow-wrap:anywhere}
h1{font-size:1.4rem;line-height:1.4}img{max-width:100%}table{border-collapse:collapse}td,th{border:1px solid #d0d4da;padding:.3rem .6rem}
@media(prefers-color-scheme:dark){body{background:#17181a;color:#e8eaed}a{color:#8ab4f8}td,th{border-color:#44484f}}</style>
<main><h1>{title}</h1>{body}</main></html>
`

// articleURL is the page of an article; "" where customers cannot reach this server by a public address.
func (n *node) articleURL(id int64) string {
	return n.publicURL + articlePath + strconv.FormatInt(id, 10)
}

// serveArticle shows the published article to whoever has its number.
func (n *node) serveArticle(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.ParseInt(strings.TrimPrefix(r.URL.Path, articlePath), 10, 64)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	a, err := n.article(r.Context(), id, r.Header.Get("Accept-Language"))
	if errors.Is(err, conversation.ErrNotFound) {
		http.NotFound(w, r)
		return
	}
	if err != nil {
		n.log.Error("article not shown", "article", id, "error", err)
		http.Error(w, "the article cannot be read at the moment", http.StatusServiceUnavailable)
		return
	}
	language := "zh-CN"
	if a.Language == "en" {
		language = "en"
	}
	w.Header().Set("Referrer-Policy", "no-referrer")
	page(w, strings.NewReplacer("{lang}", language, "{title}", html.EscapeString(a.Title), "{body}", channels.RenderMarkdown(a.Answer)).Replace(articlePage))
}
