package mail

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
)

// notTNEF says that a winmail.dat could not be read.
const notTNEF problem = "Outlook packed files into winmail.dat, which is damaged; it is attached as it came."

// tnef reads a winmail.dat, in which Outlook packs what it does not say in MIME (MS-OXTNEF): its files become files of
// the mail, and its text is taken when the mail says nothing else.
func (w *walk) tnef(e *entity) {
	data, whole := e.read(int(min(w.limits.Size, maxSigned)))
	t := readTNEF(data)
	if !whole || !t.ok {
		w.note(notTNEF)
		w.file(e)
		return
	}
	for _, f := range t.files {
		if f.name = fileName(f.name); len(f.data) > 0 {
			p := bytesPart(f.name, f.kind, f.data)
			p.ContentID = f.contentID
			w.add(p)
		}
	}
	if t.html != nil {
		w.packed = append(w.packed, segment{html: []*entity{{mediaType: kind{value: "text/html"}, body: t.html}}})
	} else if t.text != "" {
		w.packed = append(w.packed, segment{plain: []*entity{{mediaType: kind{value: "text/plain", params: map[string]string{"charset": "utf-8"}}, body: []byte(t.text)}}})
	}
}

// tnefFile is a file in a winmail.dat.
type tnefFile struct {
	name, kind, contentID string
	data                  []byte
}

// tnefMail is what a winmail.dat holds.
type tnefMail struct {
	ok    bool
	text  string
	html  []byte
	files []*tnefFile
}

// The attributes that are read (MS-OXTNEF, 2.1.3.2), and how many.
const (
	tnefSignature  = 0x223E9F78
	attBody        = 0x0002800C
	attMessage     = 0x00069003
	attRenderData  = 0x00069002
	attTitle       = 0x00018010
	attData        = 0x0006800F
	attAttachment  = 0x00069005
	maxAttributes  = 20_000
	maxProperties  = 2_000
	propLongName   = 0x3707
	propShortName  = 0x3704
	propData       = 0x3701
	propMimeTag    = 0x370E
	propContentID  = 0x3712
	propBody       = 0x1000
	propHTML       = 0x1013
	typeMultiple   = 0x1000
	typeString     = 0x001E
	typeUnicode    = 0x001F
	typeBinary     = 0x0102
	typeObject     = 0x000D
	namedFirst     = 0x8000
	objectIDLength = 16
)

// readTNEF goes over the attributes: level, id, length, data, checksum.
func readTNEF(data []byte) tnefMail {
	var t tnefMail
	r := &words{data: data}
	if r.u32() != tnefSignature {
		return t
	}
	r.u16()
	for range maxAttributes {
		if len(r.data) < 9 {
			break
		}
		r.take(1)
		id, size := r.u32(), r.u32()
		value := r.take(int(size))
		r.u16()
		if r.short {
			break
		}
		t.ok = true
		t.attribute(id, value)
	}
	return t
}

func (t *tnefMail) attribute(id uint32, value []byte) {
	switch id {
	case attBody:
		t.text = decodeText(bytes.TrimRight(value, "\x00"), "")
	case attMessage:
		for _, p := range properties(value) {
			switch {
			case p.id == propHTML && len(p.value) > 0:
				t.html = p.value
			case p.id == propBody && t.text == "":
				t.text = p.text()
			}
		}
	case attRenderData:
		t.files = append(t.files, &tnefFile{kind: "application/octet-stream"})
	}
	if len(t.files) == 0 {
		return
	}
	f := t.files[len(t.files)-1]
	switch id {
	case attTitle:
		f.name = decodeText(bytes.TrimRight(value, "\x00"), "")
	case attData:
		f.data = value
	case attAttachment:
		f.describe(properties(value))
	}
}

// describe takes over what the properties of a file say better than its attributes.
func (f *tnefFile) describe(list []property) {
	for _, p := range list {
		switch p.id {
		case propLongName:
			f.name = p.text()
		case propShortName:
			if f.name == "" {
				f.name = p.text()
			}
		case propMimeTag:
			f.kind = strings.ToLower(oneLine(p.text(), 100))
		case propContentID:
			f.contentID = tidyID(strings.Trim(p.text(), "<> "))
		case propData:
			if f.data == nil && len(p.value) > objectIDLength && p.kind == typeObject {
				f.data = p.value[objectIDLength:]
			} else if f.data == nil {
				f.data = p.value
			}
		}
	}
}

// property is one MAPI property.
type property struct {
	id, kind uint16
	value    []byte // of several values the first
}

// text is a property that is words.
func (p property) text() string {
	if p.kind != typeUnicode {
		return decodeText(bytes.TrimRight(p.value, "\x00"), "")
	}
	units := make([]uint16, len(p.value)/2)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(p.value[2*i:])
	}
	return strings.TrimRight(tidyText(string(utf16.Decode(units))), "\x00")
}

// properties reads a list of properties (MS-OXTNEF, 2.1.3.4). What cannot be read ends it.
func properties(data []byte) []property {
	r := &words{data: data}
	count := r.u32()
	var all []property
	for range min(count, maxProperties) {
		p := property{kind: r.u16(), id: r.u16()}
		if p.id >= namedFirst {
			r.named()
		}
		p.value = r.value(p.kind)
		if r.short {
			break
		}
		all = append(all, p)
	}
	return all
}

// words reads little-endian numbers; short is set once there was too little.
type words struct {
	data  []byte
	short bool
}

func (r *words) take(n int) []byte {
	if n < 0 || n > len(r.data) {
		r.short, r.data = true, nil
		return nil
	}
	out := r.data[:n]
	r.data = r.data[n:]
	return out
}

func (r *words) u16() uint16 {
	if b := r.take(2); b != nil {
		return binary.LittleEndian.Uint16(b)
	}
	return 0
}

func (r *words) u32() uint32 {
	if b := r.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

// named passes over the name of a property: its set, and a number or words.
func (r *words) named() {
	r.take(16)
	if r.u32() == 0 {
		r.u32()
		return
	}
	r.padded(int(r.u32()))
}

// padded takes bytes that are filled up to a multiple of four.
func (r *words) padded(n int) []byte {
	out := r.take(n)
	if rest := n % 4; n > 0 && rest != 0 {
		r.take(min(4-rest, len(r.data)))
	}
	return out
}

// value reads the value, or the first of several values, of a type.
func (r *words) value(kind uint16) []byte {
	many := kind&typeMultiple != 0
	kind &^= typeMultiple
	variable := kind == typeString || kind == typeUnicode || kind == typeBinary || kind == typeObject
	count := uint32(1)
	if many || variable {
		count = r.u32()
	}
	var first []byte
	for i := range min(count, maxProperties) {
		var v []byte
		if variable {
			v = r.padded(int(r.u32()))
		} else {
			v = r.take(fixedSize(kind))
		}
		if i == 0 {
			first = v
		}
	}
	return first
}

// fixedSize is how many bytes a value of a type takes, filled up to four.
func fixedSize(kind uint16) int {
	switch kind {
	case 0x0005, 0x0006, 0x0007, 0x0014, 0x0040: // double, currency, time, 64 bits
		return 8
	case 0x0048: // a GUID
		return 16
	}
	return 4
}
