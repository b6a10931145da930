package mail

import (
	"bytes"
	"io"
	"strings"
)

// decoder reads the bytes that a transfer encoding (RFC 2045, 6) stands for, leniently: what is no code of it is left out.
func decoder(data []byte, encoding string) io.Reader {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64", "base-64":
		return &base64Reader{data: data}
	case "quoted-printable", "quotedprintable":
		return &quotedReader{data: data}
	case "x-uuencode", "uuencode", "x-uue", "uue":
		return &uuReader{data: data}
	}
	return bytes.NewReader(data)
}

// decodedSize is about how many bytes decoder will bring.
func decodedSize(data []byte, encoding string) int64 {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64", "base-64":
		return int64(len(data)-len(data)/39) * 3 / 4
	case "x-uuencode", "uuencode", "x-uue", "uue":
		return int64(len(data)) * 45 / 63
	}
	return int64(len(data))
}

// base64Reader decodes base64 and takes no notice of what is not of its alphabet. Padding ends a group and not the
// text: some programs encode line by line.
type base64Reader struct {
	data []byte
	bits uint32
	have int
	out  [3]byte
	left []byte // of out, not yet read
}

func (r *base64Reader) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if len(r.left) > 0 {
			c := copy(p[n:], r.left)
			n, r.left = n+c, r.left[c:]
			continue
		}
		if !r.group() {
			break
		}
	}
	if n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	return n, nil
}

// group decodes the next up to three bytes; false at the end.
func (r *base64Reader) group() bool {
	for i, c := range r.data {
		v := base64Value[c]
		switch {
		case v < 64:
			r.bits, r.have = r.bits<<6|uint32(v), r.have+1
			if r.have == 4 {
				r.data = r.data[i+1:]
				r.finish()
				return true
			}
		case c == '=' && r.have >= 2:
			r.data = r.data[i+1:]
			r.finish()
			return true
		}
	}
	r.data = nil
	if r.have < 2 {
		return false
	}
	r.finish()
	return true
}

func (r *base64Reader) finish() {
	bits := r.bits << (6 * (4 - r.have))
	r.out = [3]byte{byte(bits >> 16), byte(bits >> 8), byte(bits)}
	r.left = r.out[:r.have-1]
	r.bits, r.have = 0, 0
}

// base64Value is the value of each character, 255 of those that are none. It takes both alphabets.
var base64Value = func() (t [256]byte) {
	for i := range t {
		t[i] = 255
	}
	for i, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") {
		t[c] = byte(i)
	}
	t['-'], t['_'] = 62, 63
	return t
}()

func decodeBase64(data []byte) []byte {
	out, _ := io.ReadAll(&base64Reader{data: data})
	return out
}

// quotedReader decodes quoted-printable, line by line.
type quotedReader struct {
	data []byte
	line []byte // decoded, not yet read
	room []byte
}

func (r *quotedReader) Read(p []byte) (int, error) {
	for len(r.line) == 0 {
		if len(r.data) == 0 {
			return 0, io.EOF
		}
		r.next()
	}
	n := copy(p, r.line)
	r.line = r.line[n:]
	return n, nil
}

// next decodes one line. Spaces before its end were added on the way (RFC 2045, 6.7, rule 3); "=" as its last
// character joins it with the one behind.
func (r *quotedReader) next() {
	end := bytes.IndexByte(r.data, '\n')
	line, stop := r.data, ""
	if end >= 0 {
		line, r.data, stop = r.data[:end], r.data[end+1:], "\n"
	} else {
		r.data = nil
	}
	if bytes.HasSuffix(line, []byte("\r")) && stop != "" {
		stop = "\r\n"
	}
	line = bytes.TrimRight(line, " \t\r")
	if bytes.HasSuffix(line, []byte("=")) {
		line, stop = line[:len(line)-1], ""
	}
	out := r.room[:0]
	for i := 0; i < len(line); i++ {
		if line[i] == '=' && i+2 < len(line) && nibble(line[i+1]) >= 0 && nibble(line[i+2]) >= 0 {
			out = append(out, byte(nibble(line[i+1])<<4|nibble(line[i+2])))
			i += 2
			continue
		}
		out = append(out, line[i])
	}
	r.room = append(out, stop...)
	r.line = r.room
}

// uuReader decodes uuencode, from its "begin" line, where it has one, to its "end".
type uuReader struct {
	data    []byte
	line    []byte
	started bool
}

func (r *uuReader) Read(p []byte) (int, error) {
	for len(r.line) == 0 {
		if len(r.data) == 0 {
			return 0, io.EOF
		}
		r.next()
	}
	n := copy(p, r.line)
	r.line = r.line[n:]
	return n, nil
}

func (r *uuReader) next() {
	line, rest := cutLine(r.data)
	r.data = rest
	if !r.started {
		if r.started = bytes.HasPrefix(line, []byte("begin ")); r.started || len(line) == 0 {
			return
		}
		r.started = true
	}
	if bytes.Equal(bytes.TrimSpace(line), []byte("end")) {
		r.data = nil
		return
	}
	if len(line) == 0 {
		return
	}
	r.line = uuLine(line)
}

// uuLine decodes a line of uuencode: its length, then four characters for three bytes.
func uuLine(line []byte) []byte {
	size := int(line[0]-' ') & 63
	out := make([]byte, 0, size+3)
	at := func(i int) byte {
		if i < len(line) {
			return (line[i] - ' ') & 63
		}
		return 0
	}
	for i := 1; len(out) < size; i += 4 {
		a, b, c, d := at(i), at(i+1), at(i+2), at(i+3)
		out = append(out, a<<2|b>>4, b<<4|c>>2, c<<6|d)
	}
	return out[:size]
}
