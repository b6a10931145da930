package webchat

import (
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"net/http"
	"strings"

	"huiyin/channels"
	"huiyin/conversation"
)

// pageWords is the whole page around the widget, which fills it. It has no script of its own and one style, allowed by
// its hash.
const pageWords = `<!doctype html>
<html lang="{{.Lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="{{.Color}}">
<link rel="icon" href="data:,">
<title>{{.Title}}</title>
<style>` + pageStyle + `</style>
</head>
<body>
<noscript>{{.NoScript}}</noscript>
<script src="../widget.js" data-inbox="{{.Inbox}}" data-mode="{{.Mode}}"{{with .Asked}} data-lang="{{.}}"{{end}}{{with .Ask}} data-ask="{{.}}"{{end}} async></script>
</body>
</html>
`

const pageStyle = `html,body{margin:0;height:100%;background:Canvas;color:CanvasText;font:16px/1.5 system-ui,sans-serif}noscript{display:block;padding:2rem}`

// page is what the template shows.
type page struct{ Lang, Title, Color, NoScript, Inbox, Mode, Asked, Ask string }

const previewInbox = "preview"

// servePage shows an inbox's chat as a page, for a WebView, a QR code or a page inside WeChat.
func (a *Adapter) servePage(host channels.Host) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c := &call{Adapter: a, host: host, w: w, r: r}
		inbox, err := c.findInbox()
		if err == nil {
			c.inbox = inbox
			err = c.count(allowance{name: "page", address: addressReads})
		}
		if err != nil {
			a.refuse(w, r, err)
			return
		}
		asked := r.URL.Query().Get("lang")
		if asked == "" || len(asked) > maxLanguage {
			asked = ""
		}
		wanted := asked
		if wanted == "" {
			wanted, _, _ = strings.Cut(r.Header.Get("Accept-Language"), ",")
		}
		language := pick(inbox, wanted)
		a.writePage(w, r, page{Lang: language, Title: words(inbox, "title", language), Color: kind().Value(inbox, "color"),
			Inbox: r.PathValue("inbox"), Mode: "page", Asked: asked, Ask: clip(clean(r.URL.Query().Get("ask")), maxRunes)}, frameAncestors(inbox))
	}
}

// servePreview is the page without an inbox, which the console shows settings in that are not saved yet.
func (a *Adapter) servePreview(w http.ResponseWriter, r *http.Request) {
	a.writePage(w, r, page{Lang: "en", Title: "Preview", Color: "#ffffff", Inbox: previewInbox, Mode: "preview"}, "'self'")
}

func (a *Adapter) writePage(w http.ResponseWriter, r *http.Request, p page, ancestors string) {
	p.NoScript = map[bool]string{true: "请打开浏览器的 JavaScript 以使用在线客服。", false: "Please allow JavaScript to use this chat."}[p.Lang != "en"]
	connect := "'self'"
	if p.Mode == "preview" {
		connect = "'none'"
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src '"+a.pageHash+"'; connect-src "+connect+
		"; img-src 'self' data: blob: https: http:; media-src 'self' blob: https: http:; base-uri 'none'; form-action 'none'; frame-ancestors "+ancestors+
		"; require-trusted-types-for 'script'; trusted-types huiyin")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-cache")
	h.Set("Vary", "Accept-Language")
	if err := a.pageShape.Execute(w, p); err != nil && r.Context().Err() == nil {
		a.Log.Debug("web chat page was not written", "error", err)
	}
}

func newPage() *template.Template { return template.Must(template.New("page").Parse(pageWords)) }

// frameAncestors are the sites that may show the page in a frame: those that may embed the widget.
func frameAncestors(inbox conversation.Inbox) string {
	list := kind().Lines(inbox, "origins")
	if len(list) == 0 {
		return "*"
	}
	for i, o := range list {
		list[i] = strings.TrimSuffix(strings.TrimSpace(o), "/")
	}
	return "'self' " + strings.Join(list, " ")
}

// clip cuts a text to so many runes.
func clip(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most])
	}
	return text
}

// styleHash names a style that a Content-Security-Policy allows (CSP Level 3 §6.7.3.3).
func styleHash(style string) string {
	sum := sha256.Sum256([]byte(style))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
