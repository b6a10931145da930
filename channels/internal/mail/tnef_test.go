package mail

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"io"
	"strings"
	"testing"
	"unicode/utf16"
)

// packer writes a winmail.dat.
type packer struct{ out bytes.Buffer }

func newPacker() *packer {
	p := &packer{}
	_ = binary.Write(&p.out, binary.LittleEndian, uint32(tnefSignature))
	_ = binary.Write(&p.out, binary.LittleEndian, uint16(1))
	return p
}

func (p *packer) attribute(level byte, id uint32, value []byte) {
	p.out.WriteByte(level)
	_ = binary.Write(&p.out, binary.LittleEndian, []uint32{id, uint32(len(value))})
	p.out.Write(value)
	sum := uint16(0)
	for _, c := range value {
		sum += uint16(c)
	}
	_ = binary.Write(&p.out, binary.LittleEndian, sum)
}

// mapi writes a list of properties, each with one value of variable length.
func mapi(props ...property) []byte {
	var out bytes.Buffer
	_ = binary.Write(&out, binary.LittleEndian, uint32(len(props)))
	for _, p := range props {
		_ = binary.Write(&out, binary.LittleEndian, []uint16{p.kind, p.id})
		if p.id >= namedFirst {
			out.Write(make([]byte, 16))
			_ = binary.Write(&out, binary.LittleEndian, []uint32{1, 6})
			out.WriteString("a\x00b\x00c\x00\x00\x00")
		}
		if p.kind == 0x0003 {
			out.Write([]byte{1, 0, 0, 0})
			continue
		}
		_ = binary.Write(&out, binary.LittleEndian, []uint32{1, uint32(len(p.value))})
		out.Write(p.value)
		out.Write(make([]byte, (4-len(p.value)%4)%4))
	}
	return out.Bytes()
}

func wide(s string) []byte {
	var out bytes.Buffer
	_ = binary.Write(&out, binary.LittleEndian, append(utf16.Encode([]rune(s)), 0))
	return out.Bytes()
}

func sampleTNEF() []byte {
	p := newPacker()
	p.attribute(1, 0x00089006, []byte{0, 0, 1, 0})
	p.attribute(1, attMessage, mapi(property{0x8001, 0x001F, wide("x")}, property{0x0E07, 0x0003, nil}, property{propHTML, typeBinary, []byte("<p>附件请查收<script>x</script></p>")}))
	p.attribute(2, attRenderData, make([]byte, 14))
	p.attribute(2, attTitle, []byte("REPORT~1.PDF\x00"))
	p.attribute(2, attData, []byte("%PDF-1.4"))
	p.attribute(2, attAttachment, mapi(property{propLongName, typeUnicode, wide("../季度报告.pdf")}, property{propMimeTag, typeString, []byte("application/pdf\x00")}))
	p.attribute(2, attRenderData, make([]byte, 14))
	p.attribute(2, attTitle, []byte("b.txt\x00"))
	p.attribute(2, attData, []byte("hello"))
	return p.out.Bytes()
}

func tnefMailOf(data []byte) string {
	return "From: a@example.cn\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\n\n--x\nContent-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n" +
		base64.StdEncoding.EncodeToString(data) + "\n--x--\n"
}

func TestTNEF(t *testing.T) {
	p := read(t, tnefMailOf(sampleTNEF()))
	if len(p.Parts) != 2 || p.Parts[0].Name != "季度报告.pdf" || p.Parts[0].Type != "application/pdf" || p.Parts[1].Name != "b.txt" {
		t.Fatalf("parts %+v", p.Parts)
	}
	if data, _ := io.ReadAll(p.Parts[0].Open()); string(data) != "%PDF-1.4" {
		t.Errorf("file %q", data)
	}
	plain := strings.Replace(tnefMailOf(sampleTNEF()), "Content-Type: text/plain\n\n\n", "Content-Type: application/octet-stream\n\n\n", 1)
	if p := read(t, plain); p.Text != "附件请查收" || p.HTML != "<p>附件请查收</p>" {
		t.Errorf("text %q, html %q", p.Text, p.HTML)
	}
}

func TestDamagedTNEFIsKept(t *testing.T) {
	p := read(t, tnefMailOf([]byte("not a winmail.dat")))
	if len(p.Parts) != 1 || p.Parts[0].Name != "winmail.dat" || len(p.Problems) != 1 {
		t.Errorf("parts %+v, problems %q", p.Parts, p.Problems)
	}
	whole := sampleTNEF()
	for n := range whole {
		readTNEF(whole[:n])
	}
}

func FuzzTNEF(f *testing.F) {
	f.Add(sampleTNEF())
	f.Fuzz(func(t *testing.T, data []byte) {
		total := 0
		for _, file := range readTNEF(data).files {
			total += len(file.data)
		}
		if total > len(data)*2 {
			t.Errorf("%d bytes out of %d", total, len(data))
		}
	})
}
