package live

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// The frames of a WebSocket (RFC 6455 §5), as a server reads and writes them.

// opcode says what a frame is (RFC 6455 §11.8).
type opcode byte

const (
	opContinue opcode = 0x0
	opText     opcode = 0x1
	opBinary   opcode = 0x2
	opClose    opcode = 0x8
	opPing     opcode = 0x9
	opPong     opcode = 0xA
)

func (o opcode) control() bool { return o&0x8 != 0 }

func (o opcode) known() bool {
	switch o {
	case opContinue, opText, opBinary, opClose, opPing, opPong:
		return true
	}
	return false
}

// The close codes that we send (RFC 6455 §7.4.1).
const (
	closeNormal    = 1000
	closeAway      = 1001
	closeProtocol  = 1002
	closeType      = 1003
	closeText      = 1007
	closePolicy    = 1008
	closeTooLarge  = 1009
	closeInternal  = 1011
	maxControl     = 125
	noCode         = 1005 // of a close frame without one; never sent
	frameRoom      = 14   // of the longest header
	reservedBits   = 0x70
	finalBit       = 0x80
	maskBit        = 0x80
	lengthBits     = 0x7f
	length16       = 126
	length64       = 127
	shortestLong16 = 126
	shortestLong64 = 1 << 16
)

// breach is what a client did against the protocol, and the code to close with.
type breach struct {
	code   int
	says   string
	client bool // it is the client's own close
}

// Error says what was against the protocol.
func (b *breach) Error() string { return fmt.Sprintf("%s (%d)", b.says, b.code) }

func against(says string) error { return &breach{code: closeProtocol, says: says} }

// codeOf is the code that an error closes a connection with; 0 when there is nobody to tell any more.
func codeOf(err error) int {
	var b *breach
	if errors.As(err, &b) {
		return b.code
	}
	return 0
}

// frame is the header of a client's frame.
type frame struct {
	op     opcode
	final  bool
	length uint64
	mask   [4]byte
}

// frameReader takes a client's frames from its bytes, with a buffer that is small because many connections are idle.
type frameReader struct {
	from  io.Reader
	limit int // of a message
	have  int // bytes in front
	at    int
	front [128]byte
}

// need has n bytes in front and returns them without taking them.
func (r *frameReader) need(n int) ([]byte, error) {
	if r.at+n > len(r.front) {
		copy(r.front[:], r.front[r.at:r.have])
		r.have, r.at = r.have-r.at, 0
	}
	for r.have-r.at < n {
		got, err := r.from.Read(r.front[r.have:])
		r.have += got
		if err != nil && r.have-r.at < n {
			return nil, err
		}
	}
	return r.front[r.at : r.at+n], nil
}

// take fills a buffer.
func (r *frameReader) take(into []byte) error {
	n := copy(into, r.front[r.at:r.have])
	if r.at += n; r.at == r.have {
		r.at, r.have = 0, 0
	}
	_, err := io.ReadFull(r.from, into[n:])
	return err
}

// header reads and checks the next frame's header (RFC 6455 §5.2).
func (r *frameReader) header() (f frame, err error) {
	b, err := r.need(2)
	if err != nil {
		return f, err
	}
	f = frame{op: opcode(b[0] & 0x0f), final: b[0]&finalBit != 0, length: uint64(b[1] & lengthBits)}
	switch {
	case b[0]&reservedBits != 0:
		return f, against("a reserved bit is set")
	case !f.op.known():
		return f, against("a reserved opcode")
	case b[1]&maskBit == 0:
		return f, against("a frame of a client is not masked")
	case f.op.control() && (!f.final || f.length > maxControl):
		return f, against("a control frame is in parts or too long")
	}
	r.at += 2
	if f.length, err = r.longer(f.length); err != nil {
		return f, err
	}
	if b, err = r.need(len(f.mask)); err != nil {
		return f, err
	}
	copy(f.mask[:], b)
	r.at += len(f.mask)
	return f, nil
}

// longer reads the length where seven bits do not hold it; it must be written in the shortest way.
func (r *frameReader) longer(short uint64) (uint64, error) {
	switch short {
	case length16:
		b, err := r.need(2)
		if err != nil {
			return 0, err
		}
		r.at += 2
		n := uint64(binary.BigEndian.Uint16(b))
		if n < shortestLong16 {
			return 0, against("a length is not written in the shortest way")
		}
		return n, nil
	case length64:
		b, err := r.need(8)
		if err != nil {
			return 0, err
		}
		r.at += 8
		n := binary.BigEndian.Uint64(b)
		if n < shortestLong64 || n>>63 != 0 {
			return 0, against("a length is not written in the shortest way")
		}
		return n, nil
	}
	return short, nil
}

// payload reads and unmasks what the frame carries, behind what there is of its message.
func (r *frameReader) payload(f frame, message []byte) ([]byte, error) {
	if !f.op.control() && f.length > uint64(r.limit-len(message)) {
		return nil, &breach{code: closeTooLarge, says: "the message is too long"}
	}
	start := len(message)
	message = append(message, make([]byte, f.length)...)
	part := message[start:]
	if err := r.take(part); err != nil {
		return nil, err
	}
	for i := range part {
		part[i] ^= f.mask[i%len(f.mask)]
	}
	return message, nil
}

// next reads on to the end of a message, or to a control frame, which may stand between its parts. The message of a
// control frame is its own; part is what there is so far of the other.
func (r *frameReader) next(part *partial) (op opcode, text []byte, err error) {
	for {
		f, err := r.header()
		if err != nil {
			return 0, nil, err
		}
		if f.op.control() {
			text, err := r.payload(f, nil)
			return f.op, text, err
		}
		if (f.op == opContinue) == (part.op == 0) {
			return 0, nil, against("parts of messages are mixed up")
		}
		if f.op != opContinue {
			part.op = f.op
		}
		if part.text, err = r.payload(f, part.text); err != nil {
			return 0, nil, err
		}
		if f.final {
			op, text, *part = part.op, part.text, partial{}
			return op, text, nil
		}
	}
}

// partial is a message of which not all parts have come; op is 0 when there is none.
type partial struct {
	op   opcode
	text []byte
}

// closing reads a close frame (RFC 6455 §5.5.1) and tells the code to answer with.
func closing(text []byte) (int, error) {
	if len(text) == 0 {
		return noCode, nil
	}
	if len(text) == 1 {
		return 0, against("a close code of one byte")
	}
	code := int(binary.BigEndian.Uint16(text))
	if !closeCode(code) {
		return 0, against("a close code that may not be sent")
	}
	if !utf8.Valid(text[2:]) {
		return 0, &breach{code: closeText, says: "a close reason that is no text"}
	}
	return code, nil
}

// closeCode tells whether a code may stand in a close frame (RFC 6455 §7.4, and those registered since).
func closeCode(code int) bool {
	switch {
	case code >= 3000 && code <= 4999:
		return true
	case code == 1004, code == noCode, code == 1006:
		return false
	}
	return code >= closeNormal && code <= 1014
}

// appendFrame writes a server's frame: whole and not masked.
func appendFrame(to []byte, op opcode, text []byte) []byte {
	to = append(to, finalBit|byte(op))
	switch n := len(text); {
	case n < length16:
		to = append(to, byte(n))
	case n < shortestLong64:
		to = binary.BigEndian.AppendUint16(append(to, length16), uint16(n))
	default:
		to = binary.BigEndian.AppendUint64(append(to, length64), uint64(n))
	}
	return append(to, text...)
}

// appendClose writes a close frame with a code.
func appendClose(to []byte, code int) []byte {
	if code == noCode {
		return appendFrame(to, opClose, nil)
	}
	return appendFrame(to, opClose, binary.BigEndian.AppendUint16(nil, uint16(code)))
}
