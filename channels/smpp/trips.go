package smpp

import (
	"math/rand/v2"
	"sync"
	"time"

	"huiyin/conversation"
)

// trips are the messages under way and those whose outcome is unknown, by the references that their parts carry. The zero
// value is ready.
type trips struct {
	mu   sync.Mutex
	refs map[uint16]*trip
	ids  map[string]*trip // of parts of uncertain messages, as the SMSC knows them
	next uint16
}

// trip is a message on its way.
type trip struct {
	message int64
	number  string
	skip    int
	refs    []uint16
	told    []chan string // ids that came by a receipt
	ids     []string
	arrived []bool
	doubt   bool
	begun   time.Time
}

// tripLasts is how long after a message its receipts still mean it: longer than any carrier tries.
const tripLasts = 72 * time.Hour

func (ts *trips) begin(message int64, number string, parts, skip int) *trip {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	if ts.refs == nil {
		ts.refs, ts.ids, ts.next = map[uint16]*trip{}, map[string]*trip{}, uint16(rand.Uint32())
	}
	t := &trip{message: message, number: number, skip: skip, ids: make([]string, parts), arrived: make([]bool, parts), begun: time.Now()}
	for range parts {
		ts.next++
		if old := ts.refs[ts.next]; old != nil { // 65 536 parts ago
			ts.drop(old)
		}
		ts.refs[ts.next] = t
		t.refs, t.told = append(t.refs, ts.next), append(t.told, make(chan string, 1))
	}
	return t
}

// know notes the SMSC's id of a part.
func (ts *trips) know(t *trip, part int, id string) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	t.ids[part] = id
}

// end forgets a message, or keeps it in mind while its outcome is unknown.
func (ts *trips) end(t *trip, doubt bool) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	if t.doubt = doubt; !doubt {
		ts.drop(t)
		return
	}
	for _, id := range t.ids {
		if id != "" {
			ts.ids[id] = t
		}
	}
}

func (ts *trips) drop(t *trip) {
	for _, ref := range t.refs {
		if ts.refs[ref] == t {
			delete(ts.refs, ref)
		}
	}
	for _, id := range t.ids {
		if ts.ids[id] == t {
			delete(ts.ids, id)
		}
	}
}

// settle makes a receipt say which message of ours it is about, where that is known here only.
func (ts *trips) settle(r conversation.Receipt, ref uint16, referred bool, number string) conversation.Receipt {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	t, part := ts.find(r.ProviderID, ref, referred, number)
	if t == nil {
		return r
	}
	if t.ids[part] == "" && r.ProviderID != "" {
		t.ids[part] = r.ProviderID
		select {
		case t.told[part] <- r.ProviderID:
		default:
		}
	}
	t.arrived[part] = r.State == conversation.Delivered
	if !t.doubt {
		return r
	}
	if r.State == conversation.Failed || t.all() {
		r.MessageID = t.message
		ts.drop(t)
	}
	return r
}

func (ts *trips) find(id string, ref uint16, referred bool, number string) (*trip, int) {
	t := ts.ids[id]
	if t != nil {
		for i := range t.ids {
			if t.ids[i] == id {
				return t, i
			}
		}
	}
	t = ts.refs[ref]
	if !referred || t == nil || t.number != number || time.Since(t.begun) > tripLasts {
		return nil, 0
	}
	for i := range t.refs {
		if t.refs[i] == ref {
			return t, i
		}
	}
	return nil, 0
}

// all tells whether every part has arrived; those of an earlier attempt went out before.
func (t *trip) all() bool {
	for i := t.skip; i < len(t.arrived); i++ {
		if !t.arrived[i] {
			return false
		}
	}
	return true
}
