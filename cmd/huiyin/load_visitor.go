package main

import (
	"context"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// spot is a place in a visitor's thread.
type spot struct{ conversation, seq int64 }

func (s spot) before(o spot) bool {
	return s.conversation < o.conversation || s.conversation == o.conversation && s.seq < o.seq
}

// String is the place as the server's cursor.
func (s spot) String() string {
	return strconv.FormatInt(s.conversation, 10) + "." + strconv.FormatInt(s.seq, 10)
}

// chatMessage is a message as web chat shows it to a visitor.
type chatMessage struct {
	Conversation, Seq int64
	From, Text        string
	ClientID          string `json:"client_id"`
}

func (m chatMessage) spot() spot { return spot{m.Conversation, m.Seq} }

// ours tells whether it is an answer: everything that the visitor did not write.
func (m chatMessage) ours() bool { return m.From != "contact" }

// sending is one message of a visitor and what became of it.
type sending struct {
	job
	acked  time.Time // zero: never
	at     spot
	failed string
}

// sight is a message as it came over the stream.
type sight struct {
	chatMessage
	at time.Time
}

// span is a time.
type span struct{ from, to time.Time }

// loadVisitor is one web visitor: it sends its messages one after the other and follows its stream.
type loadVisitor struct {
	run    *loadRun
	chance *mathrand.Rand // the sender's
	flip   *mathrand.Rand // the follower's
	token  string
	bot    bool
	queue  *jobQueue

	mu     sync.Mutex
	sent   []sending
	seen   []sight
	away   []span // without a stream
	faults []string

	retried, throttled, repeated, reconnected int
}

func newLoadVisitor(r *loadRun, n int) *loadVisitor {
	return &loadVisitor{run: r, queue: newJobQueue(), chance: mathrand.New(mathrand.NewPCG(r.seed, uint64(2*n+1))),
		flip: mathrand.New(mathrand.NewPCG(r.seed, uint64(2*n+2)))}
}

func (v *loadVisitor) path(rest string) string {
	return "/chat/" + strconv.FormatInt(v.run.inbox, 10) + "/" + rest
}

// open gets a session; a busy server is asked again.
func (v *loadVisitor) open(ctx context.Context) error {
	var session struct {
		Token  string
		Config struct{ Bot bool }
	}
	err := v.insist(ctx, func() error {
		return v.run.api.call(ctx, http.MethodPost, v.path("session"), "", map[string]string{"language": "zh"}, &session)
	})
	v.token, v.bot = session.Token, session.Config.Bot
	return err
}

// insist repeats a request that may succeed later, until patience ends.
func (v *loadVisitor) insist(ctx context.Context, request func() error) error {
	const longest = time.Second
	pause := 20 * time.Millisecond
	for end := time.Now().Add(v.run.patience); ; pause = min(2*pause, longest) {
		err := request()
		var r *refused
		if err == nil || !errors.As(err, &r) || !r.passing() || ctx.Err() != nil || time.Now().After(end) {
			return err
		}
		v.mu.Lock()
		v.retried++
		if r.status == http.StatusTooManyRequests {
			v.throttled++
		}
		v.mu.Unlock()
		sleep(ctx, max(r.after, pause))
	}
}

// send sends what is queued, each message when the one before has been acknowledged.
func (v *loadVisitor) send(ctx context.Context) {
	for {
		j, ok := v.queue.take()
		if !ok {
			return
		}
		s := sending{job: j}
		v.run.posted.Store(j.id, time.Now())
		m, err := v.post(ctx, j)
		if err != nil {
			s.failed = err.Error()
		} else {
			s.acked, s.at = time.Now(), m.spot()
		}
		v.mu.Lock()
		v.sent = append(v.sent, s)
		v.mu.Unlock()
		if err == nil && v.chance.Float64() < v.run.repeat {
			v.postAgain(ctx, s)
		}
	}
}

func (v *loadVisitor) post(ctx context.Context, j job) (chatMessage, error) {
	var answer struct{ Message chatMessage }
	err := v.insist(ctx, func() error {
		return v.run.api.call(ctx, http.MethodPost, v.path("messages"), v.token, map[string]string{"client_id": j.id, "text": j.text, "language": "zh"}, &answer)
	})
	return answer.Message, err
}

// postAgain posts a message that was acknowledged once more: the server must point to the first.
func (v *loadVisitor) postAgain(ctx context.Context, s sending) {
	m, err := v.post(ctx, s.job)
	if err != nil {
		return // not acknowledged: nothing was promised
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.repeated++
	if m.spot() != s.at {
		v.faults = append(v.faults, fmt.Sprintf("doubled: message %s was stored at %s, its repeat at %s", s.id, s.at, m.spot()))
	}
}

// waits tells whether an acknowledged message has no answer yet, or has not been shown.
func (v *loadVisitor) waits() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	for i := len(v.sent) - 1; i >= 0; i-- {
		if s := v.sent[i]; !s.acked.IsZero() {
			return v.bot && !v.answered(s.at)
		}
	}
	return false
}

// answered tells whether something of ours was shown after a place.
func (v *loadVisitor) answered(at spot) bool {
	for i := len(v.seen) - 1; i >= 0; i-- {
		if v.seen[i].ours() && at.before(v.seen[i].spot()) {
			return true
		}
	}
	return false
}

// last is the place of the last message that was shown.
func (v *loadVisitor) last() spot {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.seen) == 0 {
		return spot{}
	}
	return v.seen[len(v.seen)-1].spot()
}

// thread reads everything that the server has of the visitor's conversations, and where they stand.
func (v *loadVisitor) thread(ctx context.Context) (messages []chatMessage, status string, err error) {
	for at := (spot{}); ; {
		var page struct {
			Messages []chatMessage
			More     bool
			State    struct{ Status string }
		}
		err := v.insist(ctx, func() error {
			return v.run.api.call(ctx, http.MethodGet, v.path("messages?after="+at.String()), v.token, nil, &page)
		})
		if err != nil {
			return nil, "", err
		}
		messages = append(messages, page.Messages...)
		if !page.More || len(page.Messages) == 0 {
			return messages, page.State.Status, nil
		}
		at = messages[len(messages)-1].spot()
	}
}
