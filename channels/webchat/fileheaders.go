package webchat

import (
	"mime"
	"net/http"

	"huiyin/conversation"
)

// describe tells the browser what a file is and keeps it from running anything in it.
func describe(h http.Header, f conversation.Attachment) {
	disposition := "attachment"
	if shownInline(f.Type) {
		disposition = "inline"
	}
	h.Set("Content-Type", f.Type)
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": f.Name}))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Cache-Control", "private, max-age=3600, immutable")
	h.Set("ETag", `"`+f.SHA256[:32]+`"`)
}
