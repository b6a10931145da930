package unpack

import "io"

// Leash is a reader that fails when more than Max bytes are read without a Reset: parsers that hold one record or one
// token in memory are kept from holding a whole hostile file.
type Leash struct {
	From io.Reader
	Max  int
	Over error // what it fails with
	read int
}

// Read reads up to the limit.
func (l *Leash) Read(p []byte) (int, error) {
	if l.read > l.Max {
		return 0, l.Over
	}
	n, err := l.From.Read(p)
	l.read += n
	return n, err
}

// Reset begins a new record.
func (l *Leash) Reset() { l.read = 0 }
