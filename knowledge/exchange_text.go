package knowledge

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// maxLine bounds one line of a JSONL file.
const maxLine = 4 << 20

var errLongLine = &Invalid{"file", "this line is longer than 4 MB"}

// lines reads line by line and passes over a line that is too long.
type lines struct {
	from io.Reader
	in   *bufio.Reader
	n    int
}

// next gives a line without its end, and its number.
func (l *lines) next() ([]byte, int, error) {
	if l.in == nil {
		l.in = bufio.NewReaderSize(l.from, 64<<10)
	}
	var line []byte
	l.n++
	for long := false; ; {
		part, err := l.in.ReadSlice('\n')
		if long = long || len(line)+len(part) > maxLine; !long {
			line = append(line, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if long && (err == nil || errors.Is(err, io.EOF)) {
			return nil, l.n, errLongLine
		}
		if errors.Is(err, io.EOF) && len(line) > 0 {
			err = nil
		}
		return bytes.TrimRight(line, "\r\n"), l.n, err
	}
}
