package conversation

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"huiyin/db"
)

// Several parts of a node follow the event log at their leisure. What they do about an event depends on little of its message,
// so this file reads that little once for all of them, and keeps the newest.

// Passed is one event of the log, with as much of its message as tells whom it concerns.
type Passed struct {
	N              int64
	Kind           string
	ConversationID int64
	Seq            int64     // of the message, when the event is about one
	At             time.Time // when that message was written
	Plain          bool      // a customer has written a message that is no news: nothing that was said or decided before is any different
	Line           bool      // an activity line, or a whisper, was added
	Idle           bool      // only how a message of an agent's or the customer's is delivered or read has changed
}

// keptPassed is how many events are kept at least, once there are so many: those of some seconds of a busy node.
const keptPassed = 16_384

// passing keeps the newest events that were read, without gaps.
type passing struct {
	mu   sync.Mutex
	kept []Passed
}

// Passed reads up to limit events after number n, in order. last is the newest number of which the caller knows (EventRange).
func (s *Store) Passed(ctx context.Context, n, last int64, limit int) ([]Passed, error) {
	p := &s.passing
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.kept) > 0 && p.kept[len(p.kept)-1].N > last { // the log is not what it was, or the caller is a moment late
		p.kept = nil
	}
	list, covered := p.after(n, limit)
	if len(list) == limit || covered && n+int64(len(list)) >= last {
		return list, nil
	}
	more, err := s.readPassed(ctx, s.DB, n+int64(len(list)), limit-len(list))
	if err != nil {
		p.kept = nil
		return nil, err
	}
	switch {
	case covered:
		from := len(p.kept) - len(list)
		p.kept = append(p.kept, more...)
		list = p.kept[from:len(p.kept):len(p.kept)]
	case len(p.kept) == 0 || n > p.kept[0].N:
		p.kept, list = more, slices.Clip(more)
	default: // somebody who is far behind
		return more, nil
	}
	if n := len(p.kept); n > 0 && p.kept[n-1].N-p.kept[0].N != int64(n-1) { // a damaged log; it is found by its numbers no more
		p.kept = nil
	}
	if len(p.kept) > 2*keptPassed {
		p.kept = slices.Clone(p.kept[len(p.kept)-keptPassed:])
	}
	return list, nil
}

// after is what is kept after number n; covered tells whether nothing lies between.
func (p *passing) after(n int64, limit int) (list []Passed, covered bool) {
	if len(p.kept) == 0 {
		return nil, false
	}
	at := n + 1 - p.kept[0].N
	if at < 0 || at > int64(len(p.kept)) {
		return nil, false
	}
	end := min(int(at)+limit, len(p.kept))
	return p.kept[at:end:end], true
}

// selectPassed is planned each time: PostgreSQL would go on with the plan that it made when there was hardly a message.
const selectPassed = "SELECT " + db.Once + `e.n, e.kind, e.conversation_id, e.seq, COALESCE(m.sender, ''), COALESCE(m.created_at, 0), COALESCE(m.content, '')
 FROM events e LEFT JOIN messages m ON m.conversation_id = e.conversation_id AND m.seq = e.seq WHERE e.n > %d ORDER BY e.n LIMIT %d`

func (s *Store) readPassed(ctx context.Context, from db.Querier, n int64, limit int) ([]Passed, error) {
	rows, err := from.Query(ctx, fmt.Sprintf(selectPassed, n, limit))
	if err != nil {
		return nil, fmt.Errorf("read what has passed: %w", err)
	}
	defer rows.Close()
	var list []Passed
	for rows.Next() {
		var e Passed
		var at int64
		var sender, content string
		if err := rows.Scan(&e.N, &e.Kind, &e.ConversationID, &e.Seq, &sender, &at, &content); err != nil {
			return nil, fmt.Errorf("read what has passed: %w", err)
		}
		e.At = db.Time(at)
		if err := e.judge(Sender(sender), content); err != nil {
			return nil, fmt.Errorf("read message %d of conversation %d: %w", e.Seq, e.ConversationID, err)
		}
		list = append(list, e)
	}
	return list, rows.Err()
}

func (e *Passed) judge(sender Sender, content string) error {
	switch e.Kind {
	case EventMessage:
		c, err := told(content)
		e.Plain = sender == FromContact && !Step{Sender: sender, Content: c}.Event()
		e.Line = c.Activity != "" || c.Whisper
		return err
	case EventMessageState:
		e.Idle = sender == FromAgent || sender == FromContact
	}
	return nil
}

// told is decodeContent for those who ask what happened: of a content that says nothing of it, as most do not, nothing is decoded.
func told(content string) (Content, error) {
	for _, name := range [...]string{`"activity":`, `"whisper":`, `"consent":`, `"rating":`, `"article_id":`, `"choice":`} {
		if strings.Contains(content, name) {
			return decodeContent(content)
		}
	}
	return Content{}, nil
}

// Heard is a customer's message that is no news.
type Heard struct {
	Seq int64
	At  time.Time
}

// Doings is what some events come to, for those who measure conversations.
type Doings struct {
	Event int64             // the last of the events
	Whole []int64           // conversations in which something was said or decided, or that are no longer what they were
	Heard map[int64][]Heard // others, in which customers have written; in order
}

// Doings sums up events after number n, as many as limit or, sooner, until more than most conversations are Whole.
func (s *Store) Doings(ctx context.Context, n, last int64, limit, most int) (Doings, error) {
	d := Doings{Event: n, Heard: map[int64][]Heard{}}
	list, err := s.Passed(ctx, n, last, limit)
	whole := map[int64]bool{}
	for _, e := range list {
		switch id := e.ConversationID; {
		case whole[id] || e.Idle:
		case e.Plain:
			d.Heard[id] = append(d.Heard[id], Heard{e.Seq, e.At})
		case len(whole) == most:
			return d, nil
		default:
			whole[id] = true
			d.Whole = append(d.Whole, id)
			delete(d.Heard, id)
		}
		d.Event = e.N
	}
	return d, err
}

// Unmeasured are conversations that no event has led to yet.
type Unmeasured struct {
	UpTo  int64 // with these, all up to it are measured
	Whole []int64
	More  bool
}

// Unmeasured finds conversations after an id that are not among the doings, at most limit; one of which only the newest words were heard
// is taken out of the doings. While there are events left it finds none, since these lead to most; then it only tells how far what is
// measured reaches.
func (s *Store) Unmeasured(ctx context.Context, from db.Querier, id int64, d Doings, limit int, atEnd bool) (Unmeasured, error) {
	u := Unmeasured{UpTo: id}
	known := map[int64]bool{}
	for _, w := range d.Whole {
		known[w] = true
	}
	most := limit + len(d.Whole) + len(d.Heard)
	fresh, err := s.IDsAfter(ctx, from, id, most)
	for _, id := range fresh {
		// What was heard from its first message on is measured with that; another may have been here for long.
		begun := len(d.Heard[id]) > 0 && d.Heard[id][0].Seq == 1
		if !known[id] && !begun {
			if !atEnd || len(u.Whole) == limit {
				u.More = true
				break
			}
			u.Whole = append(u.Whole, id)
			delete(d.Heard, id)
		}
		u.UpTo = id
	}
	u.More = u.More || len(fresh) == most
	return u, err
}
