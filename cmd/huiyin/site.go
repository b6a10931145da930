package main

import (
	"context"
	"embed"
	"html"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
)

//go:embed all:demo
var demoFiles embed.FS

const landing = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Huiyin 回音</title><style>body{font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;max-width:36rem;margin:15vh auto;padding:0 1.5rem;color:#1f2329}
@media(prefers-color-scheme:dark){body{background:#17181a;color:#e8eaed}a{color:#8ab4f8}}</style>
<h1>Huiyin 回音</h1><p>客户服务中枢正在运行。<br>The customer-service hub is running.</p>
<p><a href="/console/">座席工作台 · Agent desk</a></p></html>
`

// site is the landing page, or with --demo the demo company's home page with the widget on it.
func (n *node) site() http.Handler {
	if n.demoInbox == 0 {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/" {
				http.NotFound(w, r)
				return
			}
			page(w, landing)
		})
	}
	files, err := fs.Sub(demoFiles, "demo/site")
	if err != nil {
		return http.NotFoundHandler()
	}
	index, err := fs.ReadFile(files, "index.html")
	if err != nil {
		return http.NotFoundHandler()
	}
	rest := http.FileServerFS(files)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			page(w, strings.Replace(string(index), "{{WIDGET}}", n.widgetTag(r.Context()), 1))
			return
		}
		rest.ServeHTTP(w, r)
	})
}

// widgetTag embeds the chat. It names the colour, so that the button has it before anything else is loaded.
func (n *node) widgetTag(ctx context.Context) string {
	tag := `<script src="/widget.js" data-inbox="` + strconv.FormatInt(n.demoInbox, 10) + `"`
	if inbox, err := n.hub.Inbox(ctx, n.demoInbox); err == nil && inbox.Settings["color"] != "" {
		tag += ` data-color="` + html.EscapeString(inbox.Settings["color"]) + `"`
	}
	return tag + ` async></script>`
}

func page(w http.ResponseWriter, text string) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; base-uri 'none'; frame-ancestors 'none'")
	_, _ = w.Write([]byte(text))
}
