package help

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
)

//go:embed assets/help.css assets/help.js
var assetFiles embed.FS

// files are the style and the script as they are embedded.
type files struct{ style, script []byte }

func readFiles() (files, error) {
	style, err := assetFiles.ReadFile("assets/help.css")
	if err != nil {
		return files{}, fmt.Errorf("read the help centre's files: %w", err)
	}
	script, err := assetFiles.ReadFile("assets/help.js")
	if err != nil {
		return files{}, fmt.Errorf("read the help centre's files: %w", err)
	}
	return files{style, script}, nil
}

// look is what follows from settings for every page: the files as they are served, by names that change with their content.
type look struct {
	Style, Script, Logo string // names
	content             map[string]asset
}

type asset struct {
	kind string
	data []byte
}

// dress makes the files of settings.
func (c *Centre) dress(s Settings) look {
	l := look{content: map[string]asset{}}
	l.Style = l.add("css", "text/css; charset=utf-8", append([]byte(theme(s.Colour)), c.files.style...))
	l.Script = l.add("js", "text/javascript; charset=utf-8", c.files.script)
	if kind, data, ok := strings.Cut(strings.TrimPrefix(s.Logo, "data:"), ";base64,"); ok {
		if picture, err := base64.StdEncoding.DecodeString(data); err == nil {
			l.Logo = l.add(strings.TrimPrefix(kind, "image/"), kind, picture)
		}
	}
	return l
}

func (l *look) add(ending, kind string, data []byte) string {
	sum := sha256.Sum256(data)
	name := "help-" + hex.EncodeToString(sum[:6]) + "." + ending
	l.content[name] = asset{kind, data}
	return name
}

// serveFile sends one of the files. A name of another version gets the version there is, to be kept by nobody.
func (c *Centre) serveFile(v *visit, name string) {
	l := c.dress(v.settings)
	h := v.w.Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	a, ok := l.content[name]
	if !ok {
		h.Set("Cache-Control", "no-cache")
		switch {
		case strings.HasSuffix(name, ".css"):
			a = l.content[l.Style]
		case strings.HasSuffix(name, ".js"):
			a = l.content[l.Script]
		default:
			http.NotFound(v.w, v.r)
			return
		}
	}
	h.Set("Content-Type", a.kind)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	v.send(a.data)
}

// leastPacked is from how many bytes on compressing is worth its while.
const leastPacked = 1024

// send writes a body, compressed where the browser takes that.
func (v *visit) send(body []byte) {
	h := v.w.Header()
	h.Add("Vary", "Accept-Encoding")
	if len(body) < leastPacked || !strings.Contains(v.r.Header.Get("Accept-Encoding"), "gzip") || strings.HasPrefix(h.Get("Content-Type"), "image/") {
		v.write(body)
		return
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(body); err != nil || z.Close() != nil {
		v.write(body)
		return
	}
	h.Set("Content-Encoding", "gzip")
	v.write(packed.Bytes())
}

func (v *visit) write(body []byte) {
	if v.status != 0 {
		v.w.WriteHeader(v.status)
	}
	if v.r.Method != http.MethodHead {
		_, _ = v.w.Write(body)
	}
}
