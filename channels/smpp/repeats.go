package smpp

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"time"
)

// SMPP gives a customer's text no id. An SMSC repeats what it got no response to: on a new connection soon after it was
// bound, or on the same one while we are at it. A customer may send the same words twice too, such as the number of a choice.
// So the id is made of sender, receiver, words and a stretch of time, and counted on for each further time that cannot be
// the SMSC's repeat. It is the same again after a crash, as long as the repeat comes within repeatWithin of the new
// connection and the words had not been sent twice in that stretch.
const (
	repeatWithin = time.Minute
	stretch      = 10 * time.Minute
	border       = 2 * time.Minute // of a stretch, in which a repeat may be of the one before
	maxSeen      = 50_000
)

// repeats remembers the texts of the last stretches. The zero value is ready.
type repeats struct {
	mu    sync.Mutex
	seen  map[string]*occurrence
	first time.Time // when the first connection was bound since this node listens
	nonce string
}

// occurrence is the last time that words came.
type occurrence struct {
	id     string
	at     time.Time
	by     *session
	seq    int32
	open   bool // not answered
	bucket int64
	n      int
}

// hashed is a name that reveals nothing of what it is made of.
func hashed(of ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(of, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// listening tells that this node begins to listen: what it remembers of another time is of no use.
func (r *repeats) listening(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.first.IsZero() {
		r.first, r.nonce = now, rand.Text()
	}
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
	next := &occurrence{at: now, by: by, seq: seq, open: true, bucket: now.UnixNano() / int64(stretch)}
	next.id = r.fresh(words, o, next, now)
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

func (r *repeats) fresh(words string, last, next *occurrence, now time.Time) string {
	crashed := last == nil && now.Sub(r.first) < repeatWithin // perhaps: then it has its id already
	start := time.Unix(0, next.bucket*int64(stretch))
	if crashed && now.Sub(start) < border {
		next.bucket--
	}
	if last != nil && last.bucket == next.bucket {
		next.n = last.n + 1
	}
	of := []string{words, fmt.Sprint(next.bucket), fmt.Sprint(next.n)}
	if !crashed && r.first.UnixNano()/int64(stretch) == next.bucket { // not an id of the time before the crash
		of = append(of, r.nonce)
	}
	return hashed(of...)
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
