package smpp

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"sync"
	"time"
)

// SMPP gives a customer's text no id. An SMSC repeats what it got no response to: on a new connection soon after it was
// bound, or on the same one while we are at it. A customer may send the same words twice too, such as the number of a choice.
// So the id is made of sender, receiver, words and a stretch of time, and counted on for each further time that cannot be
// the SMSC's repeat. Stretches have names that are stored before they are used: who listens after a crash goes on with the last one
// for repeatWithin, so that an id is the same again, unless the words had been sent twice in that stretch or it began just then.
const (
	repeatWithin = time.Minute
	stretch      = 10 * time.Minute
	maxSeen      = 50_000
)

// repeats remembers the texts of the last stretches. The zero value is ready to listen.
type repeats struct {
	mu        sync.Mutex
	seen      map[string]*occurrence
	stretch   string    // its name
	began     time.Time // the stretch
	since     time.Time // when this node took the inbox over
	inherited bool      // the stretch is of the time before that
	kept      bool      // its name is stored
}

// occurrence is the last time that words came.
type occurrence struct {
	id   string
	at   time.Time
	by   *session
	seq  int32
	open bool   // not answered
	of   string // the name of its stretch
	n    int
}

// hashed is a name that reveals nothing of what it is made of.
func hashed(of ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(of, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// listening tells that this node begins to listen, and the stretch that was stored last. What it remembers is of no use when another
// node has listened meanwhile.
func (r *repeats) listening(stored string, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if stored != "" && stored == r.stretch {
		return
	}
	r.seen, r.since, r.stretch, r.began, r.kept, r.inherited = nil, now, stretchName(now), now, false, false
	if began, ok := stretchBegan(stored); ok && now.Sub(began) < 2*stretch {
		r.stretch, r.began, r.kept, r.inherited = stored, began, true, true
	}
}

// stretchBegan reads when a stretch began from its name.
func stretchBegan(name string) (time.Time, bool) {
	text, _, ok := strings.Cut(name, "-")
	millis, err := strconv.ParseInt(text, 10, 64)
	return time.UnixMilli(millis), ok && err == nil
}

func stretchName(began time.Time) string {
	return strconv.FormatInt(began.UnixMilli(), 10) + "-" + rand.Text()
}

// next is the name that is to be stored: of a stretch that is not, or of a new one when it is time for it; else empty.
func (r *repeats) next(now time.Time) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case !r.kept:
		return r.stretch
	case now.Sub(r.since) < repeatWithin || !r.inherited && now.Sub(r.began) < stretch:
		return ""
	}
	return stretchName(now)
}

// begin has a stretch begin whose name is stored.
func (r *repeats) begin(name string, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stretch, r.began, r.kept, r.inherited = name, now, true, false
}

// name gives the id of words that came.
func (r *repeats) name(words string, by *session, seq int32, now time.Time) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.seen == nil || len(r.seen) >= maxSeen {
		r.prune(now)
	}
	o := r.seen[words]
	if o != nil && o.repeated(by, seq, now) {
		o.by, o.seq, o.at = by, seq, now
		return o.id
	}
	next := &occurrence{at: now, by: by, seq: seq, open: true, of: r.stretch}
	if o != nil && o.of == next.of {
		next.n = o.n + 1
	}
	next.id = hashed(words, next.of, strconv.Itoa(next.n))
	r.seen[words] = next
	return next.id
}

// repeated tells whether the words can only be, or are likely to be, the SMSC's repeat.
func (o *occurrence) repeated(by *session, seq int32, now time.Time) bool {
	switch {
	case o.open:
		return now.Sub(o.at) < stretch
	case o.by == by:
		return o.seq == seq && now.Sub(o.at) < repeatWithin
	}
	return now.Sub(by.since) < repeatWithin && now.Sub(o.at) < stretch
}

// answered tells what became of the text with an id: durable, or refused for now so that it may come again.
func (r *repeats) answered(words string, durable bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if o := r.seen[words]; o != nil {
		o.open = !durable
	}
}

// prune forgets what is too old to be repeated; under a flood, everything.
func (r *repeats) prune(now time.Time) {
	kept := map[string]*occurrence{}
	for words, o := range r.seen {
		if now.Sub(o.at) < stretch {
			kept[words] = o
		}
	}
	if len(kept) >= maxSeen {
		kept = map[string]*occurrence{}
	}
	r.seen = kept
}
