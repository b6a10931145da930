package live_test

import (
	"encoding/binary"
	"strings"
	"testing"
	"time"
)

// A client that does not read holds up nobody, and when it reads again every frame is whole and none is out of turn.
func TestAClientThatDoesNotReadHoldsUpNobody(t *testing.T) {
	e := newEcho(t, 0)
	slow, quick := e.dial(t), e.dial(t)
	const many = 100
	hint := func(n int) []byte {
		return append(binary.BigEndian.AppendUint32(nil, uint32(n)), strings.Repeat("x", 128<<10)...)
	}
	for e.hub.Listeners("all") < 2 {
		time.Sleep(time.Millisecond)
	}
	for n := range many {
		e.hub.Hint("all", hint(n))
		if op, text, err := quick.frame(); err != nil || op != 1 || string(text) != string(hint(n)) {
			t.Fatalf("%d: %d of %d bytes, %v", n, op, len(text), err)
		}
	}
	last := -1
	for last < many-1 {
		op, text, err := slow.frame()
		if err != nil || op != 1 || len(text) != len(hint(0)) {
			t.Fatalf("after %d: %d of %d bytes, %v", last, op, len(text), err)
		}
		n := int(binary.BigEndian.Uint32(text))
		if n <= last {
			t.Fatalf("%d after %d", n, last)
		}
		last = n
	}
	if last < many-1 {
		t.Errorf("the newest was dropped: %d", last)
	}
}
