package smpp

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"time"
)

// A text that came in parts is acknowledged as a whole: no part before all are there and durable. An SMSC that gets no
// response repeats the part, so nothing depends on what is remembered here. When the rest does not come in time, what is
// there is taken as it is, with a mark, and so is each part that comes later.

const (
	maxJoins = 10_000
	doneFor  = 10 * time.Minute // how long repeats of a part are recognised
)

// joins are the texts of which not all parts have come, and those that were taken. The zero value is ready.
type joins struct {
	mu   sync.Mutex
	open map[joinKey]*joining
	done map[joinKey]*joining
}

// joinKey is what the parts of one text have in common.
type joinKey struct {
	source, dest string
	ref          uint16
	wide         bool
	total        byte
}

// joining is a text of which some parts have come.
type joining struct {
	key     joinKey
	pieces  []*piece // by place; nil: not there
	asked   []asked  // what is to be answered
	since   time.Time
	durable bool
	partial bool // taken though incomplete
}

type piece struct {
	data   []byte
	coding byte
}

// asked is a request that waits for its response.
type asked struct {
	by *session
	f  frame
}

func (j *joining) same(n byte, d delivery) bool {
	p := j.pieces[n-1]
	return p != nil && p.coding == d.coding && bytes.Equal(p.data, d.data)
}

// joined is what a part has led to: a text to be taken, or an answer; neither while others are missing.
type joined struct {
	take   []*joining
	repeat bool // of a part that is durable
	later  bool // a repeat while its text is being taken
}

// add takes a part.
func (js *joins) add(d delivery, from asked, now time.Time) joined {
	js.mu.Lock()
	defer js.mu.Unlock()
	if js.open == nil {
		js.open, js.done = map[joinKey]*joining{}, map[joinKey]*joining{}
	}
	key := joinKey{d.source, d.dest, d.part.ref, d.part.wide, d.part.total}
	if done := js.done[key]; done != nil && js.open[key] == nil && now.Sub(done.since) < doneFor {
		switch {
		case done.same(d.part.n, d):
			return joined{repeat: done.durable, later: !done.durable}
		case done.partial && done.pieces[d.part.n-1] == nil:
			done.pieces[d.part.n-1] = &piece{d.data, d.coding}
			return joined{take: []*joining{alone(key, d, from, now)}}
		}
	}
	var out joined
	j := js.open[key]
	if j != nil && j.pieces[d.part.n-1] != nil && !j.same(d.part.n, d) { // the next text by the same reference
		out.take = append(out.take, js.giveUp(j, now))
		j = nil
	}
	if j == nil {
		j = &joining{key: key, pieces: make([]*piece, d.part.total), since: now}
		js.open[key] = j
	}
	j.pieces[d.part.n-1], j.asked = &piece{d.data, d.coding}, append(j.asked, from)
	if j.missing() == 0 {
		delete(js.open, key)
		j.since, js.done[key] = now, j
		out.take = append(out.take, j)
	} else if len(js.open) > maxJoins {
		out.take = append(out.take, js.giveUp(js.oldest(), now))
	}
	return out
}

// alone is a part that came after its text was given up.
func alone(key joinKey, d delivery, from asked, now time.Time) *joining {
	j := &joining{key: key, pieces: make([]*piece, d.part.total), asked: []asked{from}, since: now, partial: true}
	j.pieces[d.part.n-1] = &piece{d.data, d.coding}
	return j
}

func (js *joins) giveUp(j *joining, now time.Time) *joining {
	delete(js.open, j.key)
	j.partial, j.since, js.done[j.key] = true, now, j
	taken := *j
	taken.pieces = append([]*piece(nil), j.pieces...) // what comes later is not part of it
	return &taken
}

func (js *joins) oldest() (first *joining) {
	for _, j := range js.open {
		if first == nil || j.since.Before(first.since) {
			first = j
		}
	}
	return first
}

// late gives up on the texts whose parts have not come in time, and forgets what is too old to be repeated.
func (js *joins) late(now time.Time, patience time.Duration) (taken []*joining) {
	js.mu.Lock()
	defer js.mu.Unlock()
	for _, j := range js.open {
		if now.Sub(j.since) >= patience {
			taken = append(taken, js.giveUp(j, now))
		}
	}
	for key, j := range js.done {
		if now.Sub(j.since) > doneFor {
			delete(js.done, key)
		}
	}
	return taken
}

// settled tells what became of a text that was to be taken. One that is not durable comes again, all of it.
func (js *joins) settled(j *joining, durable bool) {
	js.mu.Lock()
	defer js.mu.Unlock()
	done := js.done[j.key]
	if done == nil {
		return
	}
	if done.durable = done.durable || durable; !durable {
		delete(js.done, j.key)
	}
}

func (j *joining) missing() (n int) {
	for _, p := range j.pieces {
		if p == nil {
			n++
		}
	}
	return n
}

// text puts the parts together. Those of one coding are read as one, so that a sign that was cut in two is whole again.
func (j *joining) text() string {
	var b strings.Builder
	if n := j.missing(); n > 0 {
		fmt.Fprintf(&b, "[%d/%d …] ", len(j.pieces)-n, len(j.pieces))
	}
	for i := 0; i < len(j.pieces); {
		if j.pieces[i] == nil {
			b.WriteString("…")
			i++
			continue
		}
		coding, raw := j.pieces[i].coding, []byte(nil)
		for ; i < len(j.pieces) && j.pieces[i] != nil && j.pieces[i].coding == coding; i++ {
			raw = append(raw, j.pieces[i].data...)
		}
		b.WriteString(textOf(raw, coding))
	}
	return b.String()
}
