package admin

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"huiyin/admin/api"
	"huiyin/conversation"
)

// ShowMail sends a mail's HTML as a document of its own. Its HTML was cleaned when it came; whatever got through that
// meets a document that may run nothing, and load nothing but the pictures that stand in it as bytes.
func (s *Server) ShowMail(ctx context.Context, r api.ShowMailRequestObject) (api.ShowMailResponseObject, error) {
	if _, err := s.seen(ctx, s.DB, r.Id); err != nil {
		return nil, err
	}
	m, err := s.Conversations.Message(ctx, s.DB, r.Id, r.Seq)
	if err != nil {
		return nil, err
	}
	mail := m.Content.Mail
	if mail == nil {
		return nil, notFound()
	}
	text := m.HTML
	if val(r.Params.History) {
		text = mail.QuotedHTML
	}
	f := frame{message: m, inline: mail.Inline, files: s.Files, pictures: val(r.Params.Pictures), room: maxShown}
	return mailPage{body: f.fill(text), pictures: f.pictures, dark: val(r.Params.Dark)}, nil
}

// How large the pictures of a mail may be that stand in its document; larger ones are among its files.
const (
	maxPicture = 3 << 20
	maxShown   = 10 << 20
)

// frame fills pictures into a mail's HTML.
type frame struct {
	message  conversation.Message
	inline   map[string]string
	files    conversation.Files
	pictures bool // of other servers too
	room     int64
}

// fill gives each picture its source: one that came with the mail as bytes, one of another server its address when the
// reader asked for it.
func (f *frame) fill(text string) []byte {
	var out bytes.Buffer
	z := html.NewTokenizer(strings.NewReader(text))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return out.Bytes()
		}
		raw := slices.Clone(z.Raw())
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			out.Write(raw)
			continue
		}
		token := z.Token()
		if token.Data != "img" {
			out.Write(raw)
			continue
		}
		for i, a := range token.Attr {
			switch {
			case a.Key == "data-cid":
				token.Attr[i] = html.Attribute{Key: "src", Val: f.shown(a.Val)}
			case a.Key == "data-src" && f.pictures:
				token.Attr[i].Key = "src"
			}
		}
		token.Attr = slices.DeleteFunc(token.Attr, func(a html.Attribute) bool { return a.Key == "src" && a.Val == "" })
		out.WriteString(token.String())
	}
}

// shown is a picture of the mail as its bytes; "" when it cannot be shown.
func (f *frame) shown(id string) string {
	key, ok := f.inline[id]
	if !ok {
		return ""
	}
	i := slices.IndexFunc(f.message.Attachments, func(a conversation.Attachment) bool { return a.Key == key })
	if i < 0 {
		return ""
	}
	a := f.message.Attachments[i]
	if !strings.HasPrefix(a.Type, "image/") || !shownInPlace(a.Type) || a.Size > min(maxPicture, f.room) {
		return ""
	}
	file, err := f.files.Open(a.SHA256)
	if err != nil {
		return ""
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(io.LimitReader(file, maxPicture))
	if err != nil {
		return ""
	}
	f.room -= a.Size
	kind, _, _ := strings.Cut(a.Type, ";")
	return "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(data)
}

// mailPage is an answer that is a mail's document.
type mailPage struct {
	body           []byte
	pictures, dark bool
}

// mailStyle is the sheet that a mail is read on: white, unless the console is dark and the mail has no colours of its own.
const mailStyle = `html{color-scheme:%s}body{margin:0;padding:8px 10px;background:%s;color:%s;font:14px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;overflow-wrap:anywhere}` +
	`img{max-width:100%%;height:auto}img:not([src]){display:inline-block;min-width:20px;min-height:14px;border:1px dashed #999;border-radius:3px;font-size:12px;color:#777}` +
	`table{max-width:100%%}pre{white-space:pre-wrap}p{margin:0 0 .8em}blockquote{margin:0 0 0 .4em;padding-left:.8em;border-left:2px solid #bbb}a{color:%s}`

// VisitShowMailResponse sends the document so that it can do nothing even where nobody puts it in a sandbox.
func (p mailPage) VisitShowMailResponse(w http.ResponseWriter) error {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", mailPolicy(p.pictures))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "private, no-store")
	style := fmt.Sprintf(mailStyle, "light", "#fff", "#1d1d1f", "#0b57d0")
	if p.dark && !bytes.Contains(p.body, []byte("color")) {
		style = fmt.Sprintf(mailStyle, "dark", "#1f2126", "#e6e6e6", "#8ab4f8")
	}
	_, err := fmt.Fprintf(w, "<!doctype html><html><head><meta charset=\"utf-8\"><meta name=\"referrer\" content=\"no-referrer\"><title>mail</title><style>%s</style></head><body>%s</body></html>", style, p.body)
	return err
}

// mailPolicy allows a mail's document to show itself. Its links open apart, in windows without the sandbox.
func mailPolicy(pictures bool) string {
	images := "data:"
	if pictures {
		images = "data: https: http:"
	}
	return "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src " + images +
		"; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
}
