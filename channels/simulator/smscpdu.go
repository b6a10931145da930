package simulator

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"unicode/utf16"
)

// SMPP 3.4, section 5.1.2.1: the commands that the centre knows.
const (
	smppNack        = 0x80000000
	smppReceiver    = 0x00000001
	smppTransmitter = 0x00000002
	smppSubmit      = 0x00000004
	smppDeliver     = 0x00000005
	smppUnbind      = 0x00000006
	smppTransceiver = 0x00000009
	smppEnquire     = 0x00000015
	smppResponse    = 0x80000000
)

// smppPDU is one PDU.
type smppPDU struct {
	id, status, seq uint32
	body            []byte
}

func readSMPP(r io.Reader) (smppPDU, error) {
	var head [16]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return smppPDU{}, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n < 16 || n > 1<<17 {
		return smppPDU{}, fmt.Errorf("a PDU of %d bytes", n)
	}
	p := smppPDU{id: binary.BigEndian.Uint32(head[4:]), status: binary.BigEndian.Uint32(head[8:]), seq: binary.BigEndian.Uint32(head[12:]), body: make([]byte, n-16)}
	_, err := io.ReadFull(r, p.body)
	return p, err
}

func (p smppPDU) bytes() []byte {
	out := make([]byte, 0, 16+len(p.body))
	for _, v := range []uint32{uint32(16 + len(p.body)), p.id, p.status, p.seq} {
		out = binary.BigEndian.AppendUint32(out, v)
	}
	return append(out, p.body...)
}

// smppFields reads a body field by field; what is missing is empty.
type smppFields struct{ rest []byte }

func (f *smppFields) text() string {
	before, after, _ := bytes.Cut(f.rest, []byte{0})
	f.rest = after
	return string(before)
}

func (f *smppFields) take(n int) []byte {
	n = min(n, len(f.rest))
	taken := f.rest[:n]
	f.rest = f.rest[n:]
	return taken
}

func (f *smppFields) octet() byte {
	if b := f.take(1); len(b) == 1 {
		return b[0]
	}
	return 0
}

// ShortMessage is one submit_sm or deliver_sm.
type ShortMessage struct {
	From, To      string
	Class, Coding byte
	Data          []byte // short_message, its user data header included
	Parameters    map[uint16][]byte
	Registered    byte
}

func readShort(body []byte) ShortMessage {
	f := smppFields{body}
	m := ShortMessage{Parameters: map[uint16][]byte{}}
	f.text()
	f.take(2)
	m.From = f.text()
	f.take(2)
	m.To = f.text()
	m.Class = f.octet()
	f.take(2)
	f.text()
	f.text()
	m.Registered = f.octet()
	f.take(1)
	m.Coding = f.octet()
	f.take(1)
	m.Data = f.take(int(f.octet()))
	for len(f.rest) >= 4 {
		tag, n := binary.BigEndian.Uint16(f.take(2)), f.take(2)
		m.Parameters[tag] = f.take(int(binary.BigEndian.Uint16(n)))
	}
	return m
}

func (m ShortMessage) body() []byte {
	b := []byte{0, 1, 1}
	b = append(append(b, m.From...), 0, 1, 1)
	b = append(append(b, m.To...), 0, m.Class, 0, 0, 0, 0, m.Registered, 0, m.Coding, 0, byte(len(m.Data)))
	b = append(b, m.Data...)
	for _, tag := range []uint16{0x001e, 0x0427, 0x0204, 0x020c, 0x020e, 0x020f, 0x0424, 0x0423} {
		if v, ok := m.Parameters[tag]; ok {
			b = binary.BigEndian.AppendUint16(b, tag)
			b = append(binary.BigEndian.AppendUint16(b, uint16(len(v))), v...)
		}
	}
	return b
}

// words is the text of a message or part without its header. The centre reads what its tests write: UCS-2, and of GSM-7 the
// characters that are those of ASCII.
func (m ShortMessage) words() string {
	raw := m.Data
	if v, ok := m.Parameters[0x0424]; ok {
		raw = v
	}
	if m.Class&0x40 != 0 && len(raw) > 0 {
		raw = raw[min(len(raw), 1+int(raw[0])):]
	}
	if m.Coding != 8 {
		return string(raw)
	}
	units := make([]uint16, 0, len(raw)/2)
	for i := 0; i+1 < len(raw); i += 2 {
		units = append(units, binary.BigEndian.Uint16(raw[i:]))
	}
	return string(utf16.Decode(units))
}

// place is which part of how many it is, and of what.
func (m ShortMessage) place() (ref string, n, total int) {
	if d := m.Data; m.Class&0x40 != 0 && len(d) >= 6 && d[1] == 0 && d[2] == 3 {
		return fmt.Sprint(d[3]), int(d[5]), int(d[4])
	}
	if t, s := m.Parameters[0x020e], m.Parameters[0x020f]; len(t) == 1 && len(s) == 1 {
		return string(m.Parameters[0x020c]), int(s[0]), int(t[0])
	}
	return "", 1, 1
}

// Ucs2 writes a text as a phone sends it: UTF-16, big end first.
func Ucs2(text string) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(text)) {
		out = binary.BigEndian.AppendUint16(out, u)
	}
	return out
}

// Parts writes a text in parts of so many units each, by a header with an 8-bit reference, cutting where it falls.
func Parts(from, to, text string, ref byte, units int) (all []ShortMessage) {
	raw := Ucs2(text)
	total := (len(raw) + 2*units - 1) / (2 * units)
	for n := range total {
		piece := raw[2*units*n : min(len(raw), 2*units*(n+1))]
		all = append(all, ShortMessage{From: from, To: to, Class: 0x40, Coding: 8, Data: append([]byte{5, 0, 3, ref, byte(total), byte(n + 1)}, piece...)})
	}
	return all
}
