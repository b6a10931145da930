package smpp

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"huiyin/channels/simulator"
)

const zero = 1_000_000

// theTime is some time.
var theTime = time.Unix(zero, 0)

// TestJoins plays parts, each as its place, its words and how much later it comes than the one before.
func TestJoins(t *testing.T) {
	type in struct {
		n     byte
		text  string
		after time.Duration
		ref   uint16
	}
	for _, c := range []struct {
		name  string
		total byte
		parts []in
		want  string // what is taken, by the order, then how the last was answered
	}{
		{"in order", 2, []in{{n: 1, text: "a"}, {n: 2, text: "b"}}, "ab"},
		{"out of order", 3, []in{{n: 3, text: "c"}, {n: 1, text: "a"}, {n: 2, text: "b"}}, "abc"},
		{"doubled before the end", 2, []in{{n: 1, text: "a"}, {n: 1, text: "a"}, {n: 2, text: "b"}}, "ab"},
		{"doubled after the end", 2, []in{{n: 1, text: "a"}, {n: 2, text: "b"}, {n: 2, text: "b"}}, "ab|repeat"},
		{"all again", 2, []in{{n: 1, text: "a"}, {n: 2, text: "b"}, {n: 1, text: "a"}, {n: 2, text: "b"}}, "ab|repeat|repeat"},
		{"one missing", 2, []in{{n: 2, text: "b"}, {n: 0, after: 11 * time.Second}}, "[1/2 …] …b"},
		{"missing, and late", 2, []in{{n: 1, text: "a"}, {n: 0, after: 11 * time.Second}, {n: 2, text: "b"}}, "[1/2 …] a…|[1/2 …] …b"},
		{"late and doubled", 2, []in{{n: 1, text: "a"}, {n: 0, after: 11 * time.Second}, {n: 2, text: "b"}, {n: 2, text: "b"}}, "[1/2 …] a…|[1/2 …] …b|repeat"},
		{"the first again when it was given up", 2, []in{{n: 1, text: "a"}, {n: 0, after: 11 * time.Second}, {n: 1, text: "a"}}, "[1/2 …] a…|repeat"},
		{"in time", 2, []in{{n: 1, text: "a"}, {n: 0, after: 9 * time.Second}, {n: 2, text: "b"}}, "ab"},
		{"the reference is used again", 2, []in{{n: 1, text: "a"}, {n: 2, text: "b"}, {n: 1, text: "c"}, {n: 2, text: "d"}}, "ab|cd"},
		{"used again too early", 2, []in{{n: 1, text: "a"}, {n: 1, text: "c"}, {n: 2, text: "d"}}, "[1/2 …] a…|cd"},
		{"two at once", 2, []in{{n: 1, text: "a", ref: 1}, {n: 1, text: "c", ref: 2}, {n: 2, text: "d", ref: 2}, {n: 2, text: "b", ref: 1}}, "cd|ab"},
		{"forgotten after a while", 2, []in{{n: 1, text: "a"}, {n: 2, text: "b"}, {n: 0, after: 11 * time.Minute}, {n: 1, text: "a"}, {n: 2, text: "b"}}, "ab|ab"},
	} {
		var js joins
		var got []string
		now := theTime
		take := func(all []*joining) {
			for _, j := range all {
				got = append(got, j.text())
				js.settled(j, true)
			}
		}
		for _, p := range c.parts {
			now = now.Add(p.after)
			if p.n == 0 {
				take(js.late(now, 10*time.Second))
				continue
			}
			out := js.add(delivery{source: "1", dest: "2", data: []byte(p.text), part: part{ref: p.ref, total: c.total, n: p.n}}, asked{}, now)
			take(out.take)
			if out.repeat {
				got = append(got, "repeat")
			}
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%s: %q, want %q", c.name, strings.Join(got, "|"), c.want)
		}
	}
}

func TestJoinsThatWereNotDurableComeAgain(t *testing.T) {
	var js joins
	d := func(n byte) delivery { return delivery{data: []byte{n}, part: part{total: 2, n: n}} }
	js.add(d(1), asked{}, theTime)
	out := js.add(d(2), asked{}, theTime)
	if again := js.add(d(2), asked{}, theTime); !again.later || again.repeat {
		t.Errorf("a repeat while it is being taken: %+v", again)
	}
	js.settled(out.take[0], false)
	js.add(d(1), asked{}, theTime)
	if again := js.add(d(2), asked{}, theTime); len(again.take) != 1 {
		t.Errorf("%+v", again)
	}
}

func TestJoinsAreBounded(t *testing.T) {
	var js joins
	taken := 0
	for n := range maxJoins + 100 {
		taken += len(js.add(delivery{source: fmt.Sprint(n), data: []byte("a"), part: part{total: 2, n: 1}}, asked{}, theTime.Add(time.Duration(n))).take)
	}
	if taken != 100 || len(js.open) != maxJoins {
		t.Errorf("%d given up, %d kept", taken, len(js.open))
	}
}

// TestSignsAcrossParts cuts a text anywhere, also inside a surrogate pair, as some phones do.
func TestSignsAcrossParts(t *testing.T) {
	text := "a😀b👨‍👩‍👧c中文e\u0301🇨🇳"
	for units := 1; units < 20; units++ {
		var js joins
		parts := simulator.Parts("1", "2", text, 9, units)
		if len(parts) < 2 {
			continue
		}
		for i := range parts {
			m := parts[(i+units)%len(parts)]
			d := delivery{data: m.Data, coding: m.Coding, class: classUDH}
			if !d.header() {
				t.Fatal("no header")
			}
			for _, j := range js.add(d, asked{}, theTime).take {
				if j.text() != text {
					t.Errorf("%d units: %q", units, j.text())
				}
			}
		}
		if len(js.open) != 0 {
			t.Errorf("%d units: not joined", units)
		}
	}
}

func TestRepeats(t *testing.T) {
	at := func(d time.Duration) time.Time { return theTime.Add(d) }
	first, second := &session{since: at(0)}, &session{since: at(10 * time.Minute)}
	r := &repeats{}
	r.listening("", at(0))
	r.begin(r.next(at(0)), at(0))
	one := r.name("1", first, 1, at(2*time.Minute))
	if r.name("1", first, 2, at(2*time.Minute+time.Second)) != one {
		t.Error("repeated while we are at it")
	}
	r.answered("1", true)
	if r.name("1", first, 2, at(2*time.Minute+2*time.Second)) != one {
		t.Error("the same number again")
	}
	two := r.name("1", first, 3, at(3*time.Minute))
	if two == one {
		t.Error("a customer may say the same again")
	}
	r.answered("1", true)
	if r.name("1", second, 1, at(10*time.Minute+10*time.Second)) != two {
		t.Error("repeated on the next connection")
	}
	if r.name("1", second, 2, at(10*time.Minute+20*time.Second)) == two {
		t.Error("said again on the next connection")
	}
	r.answered("1", true)
	third := &session{since: at(11 * time.Minute)}
	if r.name("1", third, 9, at(14*time.Minute)) == two {
		t.Error("said again long after the connection was made")
	}
	r.answered("1", false)
	for n := range maxSeen + 10 {
		r.name(fmt.Sprint(n), third, int32(n), at(15*time.Minute))
	}
	if len(r.seen) > maxSeen {
		t.Errorf("%d are remembered", len(r.seen))
	}
}

// What comes again after a crash has the id that it had, whenever that was; what is said again later has another.
func TestRepeatsAfterACrash(t *testing.T) {
	for _, c := range []struct {
		name    string
		started time.Duration // how long the stretch had lasted when the node crashed
		down    time.Duration
		after   time.Duration // from the next start to the same words
		same    bool
		again   bool // it crashes a second time soon
	}{
		{name: "in the middle of a stretch", started: 5 * time.Minute, down: 3 * time.Second, after: time.Second, same: true},
		{name: "just after its beginning", started: time.Second, down: 3 * time.Second, after: time.Second, same: true},
		{name: "in its second minute", started: 90 * time.Second, down: 20 * time.Second, after: 30 * time.Second, same: true},
		{name: "at its end", started: 10*time.Minute - time.Second, down: 2 * time.Second, after: 40 * time.Second, same: true},
		{name: "crashed twice", started: time.Minute, down: time.Second, after: time.Second, same: true, again: true},
		{name: "long after the start", started: time.Minute, down: time.Second, after: 61 * time.Second, same: false},
		{name: "down for long", started: time.Minute, down: 20 * time.Minute, after: time.Second, same: false},
	} {
		stored, now := "", theTime
		node := func() *repeats {
			r := &repeats{}
			r.listening(stored, now)
			return r
		}
		turn := func(r *repeats) {
			if name := r.next(now); name != "" {
				stored = name
				r.begin(name, now)
			}
		}
		before := node()
		turn(before)
		now = now.Add(c.started)
		id := before.name("words", &session{}, 1, now)
		now = now.Add(c.down)
		next := node()
		turn(next)
		if c.again {
			now = now.Add(5 * time.Second)
			next = node()
			turn(next)
		}
		now = now.Add(c.after)
		turn(next)
		if got := next.name("words", &session{since: now}, 1, now) == id; got != c.same {
			t.Errorf("%s: the same %v", c.name, got)
		}
	}
}

// A node that another one has listened in place of remembers nothing of before.
func TestRepeatsOfAnotherNode(t *testing.T) {
	r, by := &repeats{}, &session{since: theTime}
	r.listening("", theTime)
	name := r.next(theTime)
	r.begin(name, theTime)
	id := r.name("words", by, 1, theTime)
	r.answered("words", true)
	r.listening(name, theTime.Add(time.Second))
	if r.name("words", by, 1, theTime.Add(time.Second)) != id {
		t.Error("its own is forgotten")
	}
	other := fmt.Sprint(theTime.UnixMilli(), "-other")
	r.listening(other, theTime.Add(time.Minute))
	if r.name("words", by, 1, theTime.Add(time.Minute)) == id {
		t.Error("what another one has stored is not gone on with")
	}
	for _, nonsense := range []string{"", "x", "-", "9", "1e3-x"} {
		if r.listening(nonsense, theTime); r.next(theTime) == "" {
			t.Errorf("%q is taken for a stretch", nonsense)
		}
	}
}
