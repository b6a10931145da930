package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// How WeChat brings a callback: https://developers.weixin.qq.com/doc/service/guide/product/message/Passive_user_reply_message.html
const (
	wechatWait  = 5 * time.Second
	wechatTries = 4
)

// wechatCustomer writes one message after the other, each when the one before has its answer.
type wechatCustomer struct {
	run    *wechatRun
	openID string
	chance *mathrand.Rand
	queue  *jobQueue

	mu      sync.Mutex
	allowed int
	sent    []*wechatSending
	news    chan struct{} // something was received
	silent  bool          // a message had no answer: a human has the customer, or something is wrong
	faults  []string

	retried, repeated int
}

// wechatSending is one message and what became of it.
type wechatSending struct {
	job
	acked   time.Time
	failed  string
	replies []wechatReply // received after it, before the next one
}

// wechatReply is what was shown to the customer.
type wechatReply struct {
	text    string
	passive bool
	at      time.Time
}

func newWechatCustomer(r *wechatRun, n int) *wechatCustomer {
	return &wechatCustomer{run: r, openID: "o" + r.account.appID + strconv.Itoa(n), queue: newJobQueue(), news: make(chan struct{}, 1),
		chance: mathrand.New(mathrand.NewPCG(r.seed, uint64(n+1)))}
}

// receive shows the customer a message; false when WeChat does not allow it.
func (v *wechatCustomer) receive(text string, passive bool) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !passive {
		if v.allowed == 0 {
			return false
		}
		v.allowed--
	}
	if len(v.sent) == 0 {
		v.faults = append(v.faults, "doubled: "+v.openID+" was written to and had said nothing")
		return true
	}
	last := v.sent[len(v.sent)-1]
	last.replies = append(last.replies, wechatReply{text, passive, time.Now()})
	select {
	case v.news <- struct{}{}:
	default:
	}
	return true
}

// send sends what is queued.
func (v *wechatCustomer) send(ctx context.Context) {
	for {
		j, ok := v.queue.take()
		if !ok || ctx.Err() != nil {
			return
		}
		s := &wechatSending{job: j}
		v.mu.Lock()
		v.sent, v.allowed = append(v.sent, s), wechatAllowance
		v.mu.Unlock()
		id := v.run.ids.take()
		err := v.bring(ctx, s, id)
		if err != nil {
			s.failed = err.Error()
			continue
		}
		s.acked = time.Now()
		if v.chance.Float64() < v.run.repeat {
			v.bringAgain(ctx, s, id)
		}
		v.await(ctx, s)
	}
}

// bring brings a message as WeChat does: five seconds, and three times more.
func (v *wechatCustomer) bring(ctx context.Context, s *wechatSending, id string) error {
	var last error
	for try := range wechatTries {
		if try > 0 {
			v.retried++
		}
		text, said, err := v.callback(ctx, s.text, id)
		if err == nil {
			if said {
				v.receive(text, true)
			}
			return nil
		}
		last = err
		sleep(ctx, 50*time.Millisecond)
	}
	return last
}

// bringAgain brings a message that was acknowledged once more. Its response may carry the answer if nothing has yet, or the
// same answer that the first response carried, which WeChat shows once; anything else is a double.
func (v *wechatCustomer) bringAgain(ctx context.Context, s *wechatSending, id string) {
	text, said, err := v.callback(ctx, s.text, id)
	v.mu.Lock()
	v.repeated++
	shown := slices.Clone(s.replies)
	v.mu.Unlock()
	switch {
	case err != nil || !said:
	case len(shown) == 0:
		v.receive(text, true)
	case !slices.ContainsFunc(shown, func(r wechatReply) bool { return r.passive && r.text == text }):
		v.mu.Lock()
		v.faults = append(v.faults, "doubled: the repeat of a message of "+v.openID+" was answered and had its answer")
		v.mu.Unlock()
	}
}

// callback makes one request.
func (v *wechatCustomer) callback(ctx context.Context, text, id string) (answer string, said bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, wechatWait)
	defer cancel()
	query, body := v.run.account.callback(v.openID, id, text)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, v.run.base+"/hooks/"+strconv.FormatInt(v.run.inbox, 10)+"?"+query, bytes.NewReader(body))
	if err != nil {
		return "", false, err
	}
	r.Header.Set("Content-Type", "text/xml")
	response, err := v.run.api.client.Do(r)
	if err != nil {
		return "", false, err
	}
	defer response.Body.Close()
	got, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return "", false, err
	}
	if response.StatusCode != http.StatusOK {
		return "", false, fmt.Errorf("the server answered %d: %.200s", response.StatusCode, got)
	}
	return v.run.account.read(got)
}

// await waits for the answer to a message.
func (v *wechatCustomer) await(ctx context.Context, s *wechatSending) {
	if v.silent {
		return
	}
	end := time.NewTimer(v.run.patience)
	defer end.Stop()
	for {
		v.mu.Lock()
		n := len(s.replies)
		v.mu.Unlock()
		if n > 0 {
			return
		}
		select {
		case <-v.news:
		case <-ctx.Done():
			return
		case <-end.C:
			v.silent = true
			return
		}
	}
}

// judge compares what the customer sent and was shown with what the server has.
func (v *wechatCustomer) judge(t storedThread) visitorAccount {
	v.mu.Lock()
	defer v.mu.Unlock()
	a := visitorAccount{retried: v.retried, repeated: v.repeated, faults: v.faults}
	after := v.match(&a, t.messages)
	for i, s := range v.sent {
		if s.acked.IsZero() {
			a.failed++
			continue
		}
		a.accepted++
		a.acks = append(a.acks, s.acked.Sub(s.due))
		v.judgeReplies(&a, s, after[i], t.status)
	}
	return a
}

// match finds each message among the stored ones, in order, and gives our messages stored after each.
func (v *wechatCustomer) match(a *visitorAccount, stored []storedMessage) [][]storedMessage {
	after := make([][]storedMessage, len(v.sent))
	next := 0
	for _, m := range stored {
		if m.Sender != "contact" {
			if next > 0 && !m.Private && m.Text != "" {
				after[next-1] = append(after[next-1], m)
			}
			continue
		}
		for next < len(v.sent) && v.sent[next].text != m.Text {
			v.missing(a, v.sent[next])
			next++
		}
		if next == len(v.sent) {
			a.fault("doubled: %s has a message at %d that was not sent again", v.openID, m.Seq)
			return after
		}
		next++
	}
	for _, s := range v.sent[next:] {
		v.missing(a, s)
	}
	return after
}

func (v *wechatCustomer) missing(a *visitorAccount, s *wechatSending) {
	if !s.acked.IsZero() {
		a.fault("lost: a message of %s was acknowledged and is not there", v.openID)
	}
}

// judgeReplies compares what was stored as an answer with what was shown.
func (v *wechatCustomer) judgeReplies(a *visitorAccount, s *wechatSending, stored []storedMessage, status string) {
	for _, m := range stored {
		if m.Delivery == "failed" || m.Delivery == "uncertain" {
			a.fault("lost: an answer to %s is %s: %s", v.openID, m.Delivery, m.Reason)
		}
	}
	shown := len(s.replies)
	switch {
	case shown > len(stored):
		a.fault("doubled: %s was shown %d messages where %d are stored", v.openID, shown, len(stored))
	case shown == 0 && len(stored) > 0:
		a.fault("lost: %s was not shown the answer at %d, which is %s", v.openID, stored[0].Seq, stored[0].Delivery)
	case shown == 0 && status != "pending":
		a.handedOff++
	case shown == 0:
		a.fault("unanswered: a message of %s", v.openID)
	}
	if shown == 0 {
		return
	}
	a.answered++
	a.replies = append(a.replies, s.replies[0].at.Sub(s.due))
	if s.replies[0].passive {
		a.passive++
	}
}

var errNeedsNoInbox = errors.New("--kind wechat, sms_smpp and email make an inbox of their own, whose secrets they know; leave --inbox out")
