package conversation

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// folder is a Shelf on disk. Files are gathered in it, so that they can be moved to their place in one step.
type folder string

var _ Shelf = folder("")

func (f folder) path(name string) string { return filepath.Join(string(f), name[:2], name[2:4], name) }

// Keep moves a gathered file to its place.
func (f folder) Keep(name string, gathered *os.File) error {
	if err := gathered.Sync(); err != nil {
		return err
	}
	path := f.path(name)
	if now := time.Now(); os.Chtimes(path, now, now) == nil {
		return f.syncTo(path) // the same bytes are there; their name may not be safe yet
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if err := os.Rename(gathered.Name(), path); err != nil {
		return err
	}
	return f.syncTo(path)
}

// syncTo makes a file's name durable, and those of the folders above it, which may be new: a name outlives a power cut only
// when its own folder is synced (fsync(2)).
func (f folder) syncTo(path string) error {
	for _, at := range []string{filepath.Dir(path), filepath.Dir(filepath.Dir(path)), string(f), filepath.Dir(string(f))} {
		if err := syncFolder(at); err != nil && !errors.Is(err, fs.ErrPermission) { // what we may not read we have not made
			return err
		}
	}
	return nil
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}

// Fetch opens a file.
func (f folder) Fetch(name string) (*os.File, error) { return os.Open(f.path(name)) }

// Remove deletes a file.
func (f folder) Remove(name string) error { return os.Remove(f.path(name)) }

// Look tells about a file.
func (f folder) Look(name string) (size int64, kept time.Time, err error) {
	info, err := os.Stat(f.path(name))
	if err != nil {
		return 0, time.Time{}, err
	}
	return info.Size(), info.ModTime(), nil
}

// Walk goes through all files, and leaves out those that are being gathered.
func (f folder) Walk(do func(name string) error) error {
	err := filepath.WalkDir(string(f), func(_ string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), ".") {
			return err
		}
		return do(d.Name())
	})
	if err != nil {
		return fmt.Errorf("go through the files: %w", err)
	}
	return nil
}
