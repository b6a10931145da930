// Package page holds the built page of the simulator: the customers' phones. It serves nothing and knows no address;
// package simulator does.
package page

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Files are the built files: index.html and assets. Before the pages are built there are none.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		return dist
	}
	return files
}
