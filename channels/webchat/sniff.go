package webchat

import (
	"bytes"
	"net/http"
	"path"
	"strings"
)

// maxFile bounds an upload, in bytes.
const maxFile = 20 << 20

// head is how many bytes tell what a file is.
const head = 512

// fileTypes are what the widget offers to choose.
func fileTypes() []string {
	return []string{"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain", "text/csv", "audio/*", "video/*",
		".txt", ".csv", ".log", ".md", ".zip", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx"}
}

// shownInline are the types that a browser may show in place: they carry no script.
func shownInline(kind string) bool {
	switch kind {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		return true
	}
	return strings.HasPrefix(kind, "audio/") || strings.HasPrefix(kind, "video/")
}

const openXML = "application/vnd.openxmlformats-officedocument."

// packed are the office files that are zip archives inside.
func packed(extension string) string {
	switch extension {
	case ".docx":
		return openXML + "wordprocessingml.document"
	case ".xlsx":
		return openXML + "spreadsheetml.sheet"
	case ".pptx":
		return openXML + "presentationml.presentation"
	}
	return "application/zip"
}

// old are the office files of before, by the container they share.
func old(extension string) string {
	switch extension {
	case ".doc":
		return "application/msword"
	case ".xls":
		return "application/vnd.ms-excel"
	case ".ppt":
		return "application/vnd.ms-powerpoint"
	}
	return ""
}

// sniff judges a file by its first bytes; its name only tells apart what shares a container. Empty: not taken.
func sniff(first []byte, name string) string {
	extension := strings.ToLower(path.Ext(name))
	if bytes.HasPrefix(first, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")) {
		return old(extension)
	}
	kind, _, _ := strings.Cut(http.DetectContentType(first), ";")
	switch {
	case kind == "application/zip":
		return packed(extension)
	case kind == "text/plain":
		return plain(first, extension)
	case kind == "application/pdf", kind == "application/ogg", shownInline(kind):
		return kind
	}
	return ""
}

// plain refuses what a browser would take for a page or a drawing, whatever it is called.
func plain(first []byte, extension string) string {
	start := bytes.ToLower(bytes.TrimLeft(first, "\ufeff \t\r\n"))
	if bytes.HasPrefix(start, []byte("<")) || bytes.Contains(start, []byte("<svg")) {
		return ""
	}
	switch extension {
	case ".svg", ".html", ".htm", ".xhtml", ".xml", ".js", ".mjs":
		return ""
	case ".csv":
		return "text/csv"
	}
	return "text/plain"
}
