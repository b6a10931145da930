package webchat

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

// asset is one file of the widget, ready to be sent.
type asset struct {
	plain, packed []byte
	kind, mark    string
	remembered    string // how long a browser may keep it
}

// assets are the widget's files by the path below which they are asked for.
type assets map[string]asset

const (
	loaderName = "widget.js"
	// The loader keeps its name, so browsers ask for it again soon; the app's name changes with its content.
	loaderKept = "public, max-age=300"
	appKept    = "public, max-age=31536000, immutable"
)

func readAssets(files fs.FS) assets {
	found := assets{}
	_ = fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || (name != loaderName && !strings.HasPrefix(name, "assets/")) {
			return nil
		}
		content, err := fs.ReadFile(files, name)
		if err == nil {
			found[name] = newAsset(name, content)
		}
		return nil
	})
	return found
}

func newAsset(name string, content []byte) asset {
	sum := sha256.Sum256(content)
	a := asset{plain: content, kind: mime.TypeByExtension(path.Ext(name)), mark: `"` + hex.EncodeToString(sum[:8]) + `"`, remembered: appKept}
	if name == loaderName {
		a.remembered = loaderKept
	}
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return a
	}
	if _, err := w.Write(content); err == nil && w.Close() == nil {
		a.packed = packed.Bytes()
	}
	return a
}

func (s assets) loader(w http.ResponseWriter, r *http.Request) { s.serve(w, r, loaderName) }

// serve sends a file to whatever site embeds it.
func (s assets) serve(w http.ResponseWriter, r *http.Request, name string) {
	a, ok := s[name]
	if !ok {
		http.Error(w, "there is no such file; the widget is built by make build", http.StatusNotFound)
		return
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", a.remembered)
	h.Set("ETag", a.mark)
	h.Set("Vary", "Accept-Encoding")
	if r.Header.Get("If-None-Match") == a.mark {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", a.kind)
	body := a.plain
	if a.packed != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = a.packed
	}
	_, _ = w.Write(body)
}
