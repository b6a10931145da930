// Package console holds the built pages of the agents' and editors' desk and serves them under /console/.
// It knows files and caching only; data comes to the pages through the REST API.
package console

import (
	"embed"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

//go:embed all:dist
var built embed.FS

const prefix = "/console/"

// policy lets the pages run our own scripts only. Blobs and data are images an agent is about to send; the frame shows
// what a web chat will look like.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; " +
	"img-src 'self' data: blob:; media-src 'self' blob:; manifest-src 'self'; frame-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

const notBuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Console not built</title>
<h1>Console not built: run <code>make build</code></h1>
<p>This binary was compiled without its pages. 控制台尚未构建：请运行 <code>make build</code>。</p></html>
`

// Handler serves the console under /console/: its files, and the one page for every route of the browser's router.
func Handler() http.Handler {
	dist, err := fs.Sub(built, "dist")
	if err != nil {
		return http.HandlerFunc(serveNotBuilt)
	}
	return handler(dist)
}

func handler(dist fs.FS) http.Handler {
	page, err := fs.ReadFile(dist, "index.html")
	if err != nil {
		return http.HandlerFunc(serveNotBuilt)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "the console's pages can only be read", http.StatusMethodNotAllowed)
			return
		}
		secure(w.Header())
		name := strings.TrimPrefix(path.Clean(r.URL.Path), strings.TrimSuffix(prefix, "/"))
		if serveFile(w, r, dist, strings.TrimPrefix(name, "/")) {
			return
		}
		servePage(w, r, page)
	})
}

func secure(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
}

// serveFile answers for a built file, or with 404 for a hashed asset that this build does not have:
// a page in its place would be taken for a broken script.
func serveFile(w http.ResponseWriter, r *http.Request, dist fs.FS, name string) bool {
	hashed := strings.HasPrefix(name, "assets/")
	body, encoding, err := read(dist, name, r.Header.Get("Accept-Encoding"))
	if err != nil || hidden(name) {
		if hashed {
			w.Header().Set("Cache-Control", "no-store")
			http.Error(w, "this build has no such file; reload the page", http.StatusNotFound)
		}
		return hashed
	}
	h := w.Header()
	h.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	h.Set("Vary", "Accept-Encoding")
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	h.Set("Cache-Control", cacheFor(hashed))
	write(w, r, body)
	return true
}

func hidden(name string) bool {
	return name == "index.html" || strings.HasPrefix(name, ".") || strings.HasSuffix(name, ".gz")
}

func cacheFor(hashed bool) string {
	if hashed {
		return "public, max-age=31536000, immutable"
	}
	return "public, max-age=3600"
}

func read(dist fs.FS, name, accepts string) (body []byte, encoding string, err error) {
	if name == "" || !fs.ValidPath(name) {
		return nil, "", fs.ErrNotExist
	}
	if strings.Contains(accepts, "gzip") {
		if body, err = fs.ReadFile(dist, name+".gz"); err == nil {
			return body, "gzip", nil
		}
	}
	body, err = fs.ReadFile(dist, name)
	return body, "", err
}

func servePage(w http.ResponseWriter, r *http.Request, page []byte) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	write(w, r, page)
}

func serveNotBuilt(w http.ResponseWriter, r *http.Request) {
	secure(w.Header())
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusServiceUnavailable)
	write(w, r, []byte(notBuilt))
}

// write ignores the error: it says only that the browser went away.
func write(w http.ResponseWriter, r *http.Request, body []byte) {
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}
