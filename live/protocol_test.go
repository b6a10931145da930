package live_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// The cases follow the groups of the Autobahn test suite (crossbario/autobahn-testsuite, fuzzing client), as far as they
// concern a server that takes text only and sends it back. Each speaks bytes over TCP to a real server.

const (
	text, binaryOp, cont, closeOp, ping, pong = 0x81, 0x82, 0x80, 0x88, 0x89, 0x8a
	open                                      = 0x7f // takes the final bit away from a first byte
	bye                                       = 1000
	wrong                                     = 1002
	noType                                    = 1003
	noText                                    = 1007
	refused                                   = 1008
	large                                     = 1009
)

type protocolCase struct {
	name  string
	send  []byte
	chop  int // bytes a write; 0: all at once
	texts []string
	pongs []string
	code  int  // that the server closes with
	good  bool // the client closes once it has everything
}

// ok is a case after which the client closes as one should, and is answered so.
func ok(name string, send []byte, texts []string, pongs ...string) protocolCase {
	return protocolCase{name: name, send: send, texts: texts, pongs: pongs, code: bye, good: true}
}

func bad(name string, code int, parts ...[]byte) protocolCase {
	return protocolCase{name: name, send: join(parts...), code: code}
}

func (c protocolCase) chopped(by int) protocolCase {
	c.name, c.chop = fmt.Sprintf("%s, in pieces of %d", c.name, by), by
	return c
}

func (c protocolCase) run(t *testing.T, e *echo) {
	w := e.dial(t)
	for chunk := range slices.Chunk(c.send, max(1, map[bool]int{true: len(c.send), false: c.chop}[c.chop == 0])) {
		if _, err := w.Write(chunk); err != nil {
			break // the server has closed already
		}
	}
	got := got{code: -1}
	for c.good && (len(got.texts) < len(c.texts) || len(got.pongs) < len(c.pongs)) && w.more(&got) {
	}
	if c.good {
		if _, err := w.Write(closeWith(bye, "")); err != nil {
			t.Fatal(err)
		}
	}
	for w.more(&got) {
	}
	if got.code != c.code {
		t.Fatalf("closed with %d, want %d", got.code, c.code)
	}
	// What was said before a breach need not have been sent back when it came.
	if c.good && len(got.texts) < len(c.texts) || len(got.texts) > len(c.texts) || !slices.Equal(got.texts, c.texts[:len(got.texts)]) {
		t.Fatalf("sent back %.200q, want %.200q", got.texts, c.texts)
	}
	if !slices.Equal(got.pongs, c.pongs) {
		t.Fatalf("pongs %q, want %q", got.pongs, c.pongs)
	}
}

func TestProtocol(t *testing.T) {
	groups := map[string][]protocolCase{"1 messages": messageCases(), "2 pings": pingCases(), "3 reserved bits": reservedBitCases(),
		"4 opcodes": opcodeCases(), "5 fragments": fragmentCases(), "6 text": textCases(), "7 close": closeCases(), "8 masks": maskCases()}
	total := 0
	e := newEcho(t, 1<<20)
	for _, group := range sortedKeys(groups) {
		t.Run(group, func(t *testing.T) {
			for i, c := range groups[group] {
				t.Run(fmt.Sprintf("%d %s", i+1, c.name), func(t *testing.T) { c.run(t, e) })
			}
		})
		total += len(groups[group])
	}
	small := newEcho(t, 0)
	limits := limitCases()
	t.Run("9 limits", func(t *testing.T) {
		for i, c := range limits {
			t.Run(fmt.Sprintf("%d %s", i+1, c.name), func(t *testing.T) { c.run(t, small) })
		}
	})
	if total += len(limits); total < 300 {
		t.Errorf("%d cases", total)
	}
	for deadline := time.Now().Add(10 * time.Second); int(e.ended.Load()+small.ended.Load()) < total && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	if ended := int(e.ended.Load() + small.ended.Load()); ended != total {
		t.Errorf("%d of %d streams ended", ended, total)
	}
}

func sortedKeys(m map[string][]protocolCase) (keys []string) {
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func messageCases() (cases []protocolCase) {
	for _, n := range []int{0, 1, 125, 126, 127, 128, 65535, 65536, 200_000} {
		body := strings.Repeat("*", n)
		cases = append(cases, ok(fmt.Sprintf("text of %d", n), fr(text, body), []string{body}),
			bad(fmt.Sprintf("binary of %d", n), noType, fr(binaryOp, strings.Repeat("\xfe", n))))
	}
	long := strings.Repeat("*", 65536)
	return append(cases, ok("text of 65536", fr(text, long), []string{long}).chopped(997),
		ok("ten texts at once", slices.Concat(slices.Repeat([][]byte{fr(text, "x")}, 10)...), slices.Repeat([]string{"x"}, 10)),
		bad("a text that the server will not have", refused, fr(text, "nonsense!")))
}

func pingCases() []protocolCase {
	many := slices.Concat(slices.Repeat([][]byte{fr(ping, "payload")}, 10)...)
	pongs := slices.Repeat([]string{"payload"}, 10)
	long := strings.Repeat("\xfe", 125)
	return []protocolCase{
		ok("an empty ping", fr(ping, ""), nil, ""),
		ok("a ping with text", fr(ping, "Hello, world!"), nil, "Hello, world!"),
		ok("a ping with bytes", fr(ping, "\x00\xff\xfe\xfd\xfc\xfb\x00\xff"), nil, "\x00\xff\xfe\xfd\xfc\xfb\x00\xff"),
		ok("a ping of 125", fr(ping, long), nil, long),
		ok("a ping of 125", fr(ping, long), nil, long).chopped(1),
		bad("a ping of 126", wrong, fr(ping, long+"x")),
		ok("an unsolicited pong", fr(pong, ""), nil),
		ok("an unsolicited pong with text", fr(pong, "unsolicited"), nil),
		ok("an unsolicited pong, then a ping", join(fr(pong, "unsolicited"), fr(ping, "my ping")), nil, "my ping"),
		bad("a pong of 126", wrong, fr(pong, long+"x")),
		ok("ten pings", many, nil, pongs...),
		ok("ten pings", many, nil, pongs...).chopped(1),
		{name: "more pings than anybody needs", send: slices.Concat(slices.Repeat([][]byte{fr(ping, "")}, 101)...), pongs: slices.Repeat([]string{""}, 100), code: refused},
	}
}

func reservedBitCases() (cases []protocolCase) {
	for bits := byte(1); bits <= 7; bits++ {
		for _, op := range []byte{text, binaryOp, cont, closeOp, ping, pong} {
			cases = append(cases, bad(fmt.Sprintf("bits %d on %x", bits, op), wrong, fr(op|bits<<4, "")))
		}
		cases = append(cases, protocolCase{name: fmt.Sprintf("bits %d on the second text", bits), send: join(fr(text, "Hello"), fr(text|bits<<4, "x"), fr(ping, "")),
			texts: []string{"Hello"}, code: wrong})
	}
	return cases
}

func opcodeCases() (cases []protocolCase) {
	for _, op := range []byte{3, 4, 5, 6, 7, 0xb, 0xc, 0xd, 0xe, 0xf} {
		cases = append(cases, bad(fmt.Sprintf("opcode %x", op), wrong, fr(0x80|op, "")), bad(fmt.Sprintf("opcode %x with text", op), wrong, fr(0x80|op, "text")),
			bad(fmt.Sprintf("opcode %x not final", op), wrong, fr(op, "")),
			protocolCase{name: fmt.Sprintf("opcode %x after a text", op), send: join(fr(text, "Hello"), fr(0x80|op, "x"), fr(ping, "")), texts: []string{"Hello"}, code: wrong})
	}
	return cases
}

func fragmentCases() []protocolCase {
	a, b, end := fr(text&open, "fragment1"), fr(cont&open, "fragment2"), fr(cont, "fragment3")
	two, three := []string{"fragment1fragment3"}, []string{"fragment1fragment2fragment3"}
	cases := []protocolCase{
		bad("a ping in two parts", wrong, fr(ping&open, "f1"), fr(cont, "f2")),
		bad("a pong in two parts", wrong, fr(pong&open, "f1"), fr(cont, "f2")),
		bad("a close in two parts", wrong, fr(closeOp&open, "\x03\xe8"), fr(cont, "")),
		ok("two parts", join(a, end), two), ok("two parts", join(a, end), two).chopped(1), ok("two parts", join(a, end), two).chopped(3),
		ok("three parts", join(a, b, end), three),
		ok("a ping between two parts", join(a, fr(ping, "p"), end), two, "p"),
		ok("a ping between two parts", join(a, fr(ping, "p"), end), two, "p").chopped(1),
		ok("a pong between two parts", join(a, fr(pong, "p"), end), two),
		ok("pings between three parts", join(a, fr(ping, "1"), b, fr(ping, "2"), end), three, "1", "2"),
		bad("a last part of nothing", wrong, fr(cont, "x")), bad("a part of nothing", wrong, fr(cont&open, "x")),
		bad("parts of nothing, then a text", wrong, fr(cont&open, "x"), fr(text, "y")), bad("an empty part of nothing", wrong, fr(cont, "")),
		bad("a text within a text", wrong, a, fr(text, "x")), bad("binary within a text", wrong, a, fr(binaryOp, "x")),
		bad("an unfinished text within a text", wrong, a, a), bad("a text within a text in parts", wrong, a, b, fr(text, "x")),
		ok("empty parts", join(fr(text&open, ""), fr(cont&open, ""), fr(cont, "")), []string{""}),
		ok("empty parts around words", join(fr(text&open, ""), fr(cont&open, "word"), fr(cont, "")), []string{"word"}),
		bad("binary in parts", noType, fr(binaryOp&open, "a"), fr(cont, "b")),
		protocolCase{name: "a part after a whole text", send: join(fr(text, "Hello"), fr(cont, "x")), texts: []string{"Hello"}, code: wrong},
		{name: "a close between two parts", send: join(a, closeWith(bye, "")), code: bye},
		ok("two texts in parts", join(a, end, a, b, end), []string{two[0], three[0]}),
	}
	parts := [][]byte{fr(text&open, "")}
	for range 200 {
		parts = append(parts, fr(cont&open, "ab"))
	}
	return append(cases, ok("two hundred parts", join(join(parts...), fr(cont, "c")), []string{strings.Repeat("ab", 200) + "c"}))
}

// textCases are the sequences of Markus Kuhn's UTF-8 decoder test, whole and cut at each byte into two parts.
func textCases() (cases []protocolCase) {
	for _, good := range []string{"Hello-µ@ßöäüàá-UTF-8!!", "κόσμε", "您好，我想开发票", "👩‍👩‍👧", "\x00", "\x7f", "\u0080", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\ufffd",
		"\ufffe", "\uffff", "\U00010000", "\U0001fffe", "\U0010ffff", "\ufdd0"} {
		cases = append(cases, ok(fmt.Sprintf("good %q", good), fr(text, good), []string{good}))
		if len(good) > 1 && len(good) < 5 {
			cases = append(cases, ok(fmt.Sprintf("good %q", good), fr(text, good), []string{good}).chopped(1))
			for cut := 1; cut < len(good); cut++ {
				cases = append(cases, ok(fmt.Sprintf("good %q cut at %d", good, cut), join(fr(text&open, good[:cut]), fr(cont, good[cut:])), []string{good}))
			}
		}
	}
	broken := []string{"\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf", "\xf8\x80\x80\x80\xaf", "\xfc\x80\x80\x80\x80\xaf", "\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf",
		"\xc0\x80", "\xe0\x80\x80", "\xf0\x80\x80\x80", "\xed\xa0\x80", "\xed\xad\xbf", "\xed\xae\x80", "\xed\xaf\xbf", "\xed\xb0\x80", "\xed\xbe\x80", "\xed\xbf\xbf",
		"\xed\xa0\x80\xed\xb0\x80", "\xf4\x90\x80\x80", "\xf7\xbf\xbf\xbf", "\xfb\xbf\xbf\xbf\xbf", "\xce", "\xe4\xbd", "\xf0\x9f\x91", "κόσμε\xed\xa0\x80edited", "\xce\xba\xe1"}
	for b := 0x80; b <= 0xff; b++ {
		broken = append(broken, "a"+string([]byte{byte(b)})+" ")
	}
	for _, text1 := range broken {
		cases = append(cases, bad(fmt.Sprintf("broken %q", text1), noText, fr(text, text1)))
	}
	return append(cases, bad("broken in the second part", noText, fr(text&open, "good"), fr(cont, "\xff")),
		bad("cut off in the last part", noText, fr(text&open, "您"), fr(cont, "\xe5\xa5")))
}

func closeCases() (cases []protocolCase) {
	cases = []protocolCase{
		{name: "without a code", send: fr(closeOp, ""), code: 0},
		bad("with one byte", wrong, fr(closeOp, "a")),
		{name: "with a reason", send: closeWith(bye, "Hello World!"), code: bye},
		{name: "with a reason of 123", send: closeWith(bye, strings.Repeat("*", 123)), code: bye},
		bad("with a reason of 124", wrong, closeWith(bye, strings.Repeat("*", 124))),
		bad("with a reason that is no text", noText, closeWith(bye, "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80edited")),
		{name: "twice", send: join(closeWith(bye, ""), closeWith(bye, "")), code: bye},
		{name: "then a ping", send: join(closeWith(bye, ""), fr(ping, "x")), code: bye},
		{name: "then a text", send: join(closeWith(bye, ""), fr(text, "x")), code: bye},
		{name: "then half a text", send: join(closeWith(bye, ""), fr(text&open, "x")), code: bye},
		{name: "then a long text", send: join(closeWith(bye, ""), fr(text, strings.Repeat("x", 50_000))), code: bye},
	}
	for _, code := range []int{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999} {
		cases = append(cases, protocolCase{name: fmt.Sprint("code ", code), send: closeWith(code, ""), code: code})
	}
	for _, code := range []int{0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535} {
		cases = append(cases, bad(fmt.Sprint("code ", code), wrong, closeWith(code, "")), bad(fmt.Sprint("code ", code, " with a reason"), wrong, closeWith(code, "x")))
	}
	return cases
}

func maskCases() (cases []protocolCase) {
	for _, op := range []byte{text, binaryOp, cont, closeOp, ping, pong} {
		cases = append(cases, bad(fmt.Sprintf("%x not masked", op), wrong, header(op, 0, 2), []byte("ab")))
	}
	chance := rand.New(rand.NewPCG(1, 2))
	for i := range 10 {
		mask := [4]byte{byte(chance.Uint32()), byte(chance.Uint32()), byte(chance.Uint32()), byte(chance.Uint32())}
		if i == 0 {
			mask = [4]byte{}
		}
		cases = append(cases, ok(fmt.Sprintf("mask %x", mask), frMasked(text, "您好 hello", mask), []string{"您好 hello"}))
	}
	return cases
}

// limitCases are for a server that takes messages of 512 bytes.
func limitCases() (cases []protocolCase) {
	for _, n := range []int{511, 512} {
		cases = append(cases, ok(fmt.Sprint("text of ", n), fr(text, strings.Repeat("x", n)), []string{strings.Repeat("x", n)}))
	}
	half := strings.Repeat("x", 256)
	cases = append(cases, bad("text of 513", large, fr(text, half+half+"x")), bad("parts of 513", large, fr(text&open, half), fr(cont, half+"x")),
		ok("parts of 512", join(fr(text&open, half), fr(cont, half)), []string{half + half}))
	for _, n := range []uint64{1 << 16, 1 << 31, 1 << 32, 1<<63 - 1} {
		cases = append(cases, bad(fmt.Sprint("a header that says ", n), large, header(text, 0x80, n), []byte("mask")),
			bad(fmt.Sprint("a part that says ", n), large, fr(text&open, "x"), header(cont, 0x80, n), []byte("mask")))
	}
	cases = append(cases, bad("a length below zero", wrong, []byte{text, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0}, []byte("mask")),
		bad("a length of all ones", wrong, []byte{text, 0xff, 255, 255, 255, 255, 255, 255, 255, 255}, []byte("mask")))
	for _, n := range []byte{0, 1, 125} {
		cases = append(cases, bad(fmt.Sprint("length ", n, " in 16 bits"), wrong, []byte{text, 0xfe, 0, n}, []byte("mask")),
			bad(fmt.Sprint("length ", n, " in 64 bits"), wrong, []byte{text, 0xff, 0, 0, 0, 0, 0, 0, 0, n}, []byte("mask")))
	}
	return append(cases, bad("length 65535 in 64 bits", wrong, []byte{text, 0xff, 0, 0, 0, 0, 0, 0, 255, 255}, []byte("mask")),
		bad("a ping whose length is in 16 bits", wrong, []byte{ping, 0xfe, 0, 10}, []byte("mask")))
}
