// Package widget holds the built script that sites embed: the loader and the app it loads. It serves nothing
// and knows no address; package webchat does.
package widget

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Files are the built files: widget.js and assets. Before the pages are built there are none.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		return dist
	}
	return files
}
