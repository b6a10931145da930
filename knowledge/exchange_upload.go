package knowledge

import (
	"fmt"
	"io"
	"os"
)

// Upload is a file to import, with its name; the name's end says what form it has.
type Upload struct {
	Name string
	Size int64
	file *os.File
}

// Spool keeps what comes in a temporary file, since some forms are not read from front to back. What is larger than
// MaxFile is refused. Close removes the file.
func Spool(name string, from io.Reader) (*Upload, error) {
	file, err := os.CreateTemp("", "huiyin-import-*")
	if err != nil {
		return nil, fmt.Errorf("keep upload: %w", err)
	}
	_ = os.Remove(file.Name()) // it lives as long as it is open; elsewhere Close removes it
	u := &Upload{Name: name, file: file}
	if u.Size, err = io.Copy(file, &limited{from: from, left: MaxFile}); err != nil {
		_ = u.Close()
		return nil, err
	}
	return u, nil
}

// ReadAt reads from anywhere in the file.
func (u *Upload) ReadAt(p []byte, at int64) (int, error) { return u.file.ReadAt(p, at) }

// Close removes the file.
func (u *Upload) Close() error {
	err := u.file.Close()
	_ = os.Remove(u.file.Name())
	return err
}

// text is the file from its beginning.
func (u *Upload) text() io.Reader { return io.NewSectionReader(u, 0, u.Size) }

// limited is a reader that refuses what is beyond its limit, rather than cutting it off.
type limited struct {
	from io.Reader
	left int64
}

// Read reads up to the limit.
func (l *limited) Read(p []byte) (int, error) {
	n, err := l.from.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return 0, &Invalid{"file", fmt.Sprintf("larger than %d MB; divide the file", MaxFile>>20)}
	}
	return n, err
}
