package conversation

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	_ "image/gif"  // so that sizes of GIF pictures are known
	_ "image/jpeg" // likewise JPEG
	_ "image/png"  // likewise PNG
	"io"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"time"
)

// ErrTooLarge refuses a file over the limit.
var ErrTooLarge = errors.New("the file is too large")

// Files keeps the bytes of attachments under their SHA-256: in Folder, or in a store elsewhere that all nodes share, to
// which Folder is where a file is gathered before it goes there whole.
type Files struct {
	Folder string
	Away   Shelf // nil: in Folder
	// Rows knows which bytes are being deleted; nil: nobody deletes any while these are put, as when a backup is restored.
	Rows *Store
}

// Shelf keeps whole files under names and changes none of them. What is not there is fs.ErrNotExist.
type Shelf interface {
	Keeper
	Inventory
}

// Keeper puts files on a shelf and takes them down.
type Keeper interface {
	// Keep puts a gathered file on the shelf, durably, and whole or not at all. One that is there counts as kept now.
	Keep(name string, gathered *os.File) error
	// Fetch opens a file, from its beginning and whole.
	Fetch(name string) (*os.File, error)
	Remove(name string) error
}

// Inventory tells what is on a shelf.
type Inventory interface {
	Look(name string) (size int64, kept time.Time, err error)
	Walk(do func(name string) error) error
}

// Stored is a file that has been written.
type Stored struct {
	SHA256, Type  string
	Size          int64
	Width, Height int

	left string // the mark of the last deletion of the same bytes, read before they were put
}

// awayError is a shelf that does not answer. It tells on which, where ErrUnavailable alone means the database.
type awayError struct{ err error }

// Error says what is the matter.
func (e awayError) Error() string { return "the store of files: " + e.err.Error() }

// Unwrap is what the store said.
func (e awayError) Unwrap() error { return e.err }

// Is makes it an ErrUnavailable: the same may succeed later.
func (e awayError) Is(target error) bool { return target == ErrUnavailable }

func (f Files) shelf() Shelf {
	if f.Away != nil {
		return f.Away
	}
	return folder(f.Folder)
}

// told gives an error of the shelf the behaviour that callers expect.
func (f Files) told(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return ErrNotFound
	case f.Away != nil:
		return awayError{err}
	}
	return err
}

// Put writes a file of at most limit bytes durably and tells what it is, judged by its bytes.
func (f Files) Put(r io.Reader, limit int64) (Stored, error) {
	if err := os.MkdirAll(f.Folder, 0o700); err != nil {
		return Stored{}, fmt.Errorf("store file: %w", err)
	}
	gathered, err := os.CreateTemp(f.Folder, ".incoming-*")
	if err != nil {
		return Stored{}, fmt.Errorf("store file: %w", err)
	}
	defer func() { _ = os.Remove(gathered.Name()) }()
	stored, err := fill(gathered, r, limit)
	if err == nil && f.Rows != nil {
		stored.left, err = f.Rows.settle(context.Background(), f, stored.SHA256)
	}
	if err == nil {
		err = f.told(f.shelf().Keep(stored.SHA256, gathered))
	}
	if closeErr := gathered.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return Stored{}, fmt.Errorf("store file: %w", err)
	}
	return stored, nil
}

func fill(temp *os.File, r io.Reader, limit int64) (Stored, error) {
	hash := sha256.New()
	head := &headWriter{}
	n, err := io.Copy(io.MultiWriter(temp, hash, head), io.LimitReader(r, limit+1))
	if err != nil {
		return Stored{}, err
	}
	if n > limit {
		return Stored{}, ErrTooLarge
	}
	s := Stored{SHA256: hex.EncodeToString(hash.Sum(nil)), Type: http.DetectContentType(head.buf.Bytes()), Size: n}
	if strings.HasPrefix(s.Type, "image/") {
		size := measure(temp, head.buf.Bytes())
		s.Width, s.Height = size.Width, size.Height
	}
	return s, nil
}

// Open opens the bytes of an attachment.
func (f Files) Open(sum string) (*os.File, error) {
	if !isSum(sum) {
		return nil, ErrNotFound
	}
	file, err := f.shelf().Fetch(sum)
	return file, f.told(err)
}

func isSum(name string) bool { return len(name) == 64 && !strings.ContainsAny(name, "/.\\") }

// Each goes through the names of all files that are kept.
func (f Files) Each(do func(sum string) error) error {
	return f.shelf().Walk(func(name string) error {
		if !isSum(name) {
			return nil
		}
		return do(name)
	})
}

// underWay is how long bytes that were put may wait for their row, by the clock of the store.
const underWay = 10 * time.Minute

// justPut tells whether the bytes were put, or put again, so lately that their row may be under way.
func (f Files) justPut(sum string) bool {
	_, kept, err := f.shelf().Look(sum)
	return err == nil && time.Since(kept) < underWay
}

// Remove deletes the bytes of an attachment that no row names any more.
func (f Files) Remove(sum string) error {
	if err := f.told(f.shelf().Remove(sum)); err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	return nil
}

// wrong says what is wrong with an attachment's file; empty: nothing.
func (f Files) wrong(a Attachment) string {
	if len(a.SHA256) != 64 {
		return "the row names no file"
	}
	size, _, err := f.shelf().Look(a.SHA256)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return a.SHA256 + " is missing"
	case err != nil:
		return err.Error()
	case size != a.Size:
		return fmt.Sprintf("%s has %d bytes instead of %d", a.SHA256, size, a.Size)
	}
	return ""
}

// headWriter keeps the first bytes, which tell the type.
type headWriter struct{ buf bytes.Buffer }

// Write keeps what is still needed and swallows the rest.
func (h *headWriter) Write(p []byte) (int, error) {
	if room := 512 - h.buf.Len(); room > 0 {
		h.buf.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}
