package knowledge

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// sniffed is how much of a file its encoding is told by.
const sniffed = 1 << 20

// decoded gives a file's text as UTF-8 without a byte order mark. Spreadsheet programs in China save GBK, those
// of Windows UTF-16; what is not valid UTF-8 is taken for GB18030, which includes GBK.
func decoded(from io.Reader) io.Reader {
	in := bufio.NewReaderSize(from, sniffed)
	head, _ := in.Peek(sniffed) // a read error comes again with the first Read
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, _ = in.Discard(3)
		return in
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return transform.NewReader(in, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder())
	case validHead(head):
		return in
	default:
		return transform.NewReader(in, simplifiedchinese.GB18030.NewDecoder())
	}
}

// validHead accepts UTF-8 that may be cut in its last character.
func validHead(head []byte) bool {
	for cut := 0; cut < utf8.UTFMax && cut <= len(head); cut++ {
		if utf8.Valid(head[:len(head)-cut]) {
			return cut == 0 || len(head) == sniffed
		}
	}
	return false
}

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
