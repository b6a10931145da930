package sheet

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestDecodeWithACharacterCutByTheSample(t *testing.T) {
	for shift := range 3 {
		text := strings.Repeat("a", shift) + strings.Repeat("发票", sniffed/4)
		decoded, _ := Decode(iotest.HalfReader(strings.NewReader(text)))
		got, err := io.ReadAll(decoded)
		if err != nil || string(got) != text {
			t.Errorf("shifted by %d: %d bytes became %d, %v", shift, len(text), len(got), err)
		}
	}
}

func TestDecodeEmpty(t *testing.T) {
	decoded, _ := Decode(strings.NewReader(""))
	if got, err := io.ReadAll(decoded); err != nil || len(got) != 0 {
		t.Errorf("%q, %v", got, err)
	}
}

func TestGuards(t *testing.T) {
	for _, cell := range []string{"=1+1", "+86", "-x", "@a", "\tx", "'=1", "''=1", "plain", "'quoted", "", "'", "a=1"} {
		written := guarded(cell)
		if written != "" && strings.ContainsRune("=+-@\t", rune(written[0])) {
			t.Errorf("%q is written as %q", cell, written)
		}
		if back := unguarded(written); back != cell {
			t.Errorf("%q came back as %q", cell, back)
		}
	}
}
