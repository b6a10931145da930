package live

import (
	"bytes"
	"testing"
	"testing/iotest"
)

// FuzzFrames reads whatever bytes as a client's frames: each ends, within the limit, and the same in pieces.
func FuzzFrames(f *testing.F) {
	for _, seed := range []string{"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", "\x01\x80abcd\x80\x80abcd", "\x88\x82abcd\x62\x8a", "\x89\xfe\x00\x7e", "\x81\xff\x00\x00\x00\x00\x00\x01\x00\x00mask",
		"\x82\xfe\x01\x00mask", "\xf1\x80abcd"} {
		f.Add([]byte(seed))
	}
	const limit = 300
	f.Fuzz(func(t *testing.T, stream []byte) {
		whole := &frameReader{from: bytes.NewReader(stream), limit: limit}
		pieces := &frameReader{from: iotest.OneByteReader(bytes.NewReader(stream)), limit: limit}
		var a, b partial
		for range len(stream) + 1 {
			op, text, err := whole.next(&a)
			op2, text2, err2 := pieces.next(&b)
			if op != op2 || !bytes.Equal(text, text2) || codeOf(err) != codeOf(err2) || (err == nil) != (err2 == nil) {
				t.Fatalf("whole %x %q %v, in pieces %x %q %v", op, text, err, op2, text2, err2)
			}
			if len(text) > limit || op.control() && len(text) > maxControl {
				t.Fatalf("%d bytes", len(text))
			}
			if err != nil {
				return
			}
			if op == opClose {
				if code, err := closing(text); err == nil && code != noCode && !closeCode(code) {
					t.Fatalf("code %d", code)
				}
			}
		}
		t.Fatal("there is no end")
	})
}
