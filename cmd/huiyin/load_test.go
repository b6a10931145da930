package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestLoadRefusesWhatCannotBeDone(t *testing.T) {
	for args, want := range map[string]string{
		"--url ftp://x":                 "--url must look like",
		"--customers 0":                 "--customers must be 1 to",
		"--rate 0":                      "--rate must be more than 0",
		"--rate NaN":                    "--rate must be more than 0",
		"--duration 10ms":               "--duration must be 1s to 24h",
		"--agents -1":                   "--agents",
		"--customers 5 --rate 100":      "use at least --customers 63",
		"--kind telepathy":              `--kind must be one of "webchat","wechat"`,
		"--rate many":                   "--rate",
		"--duration forever --rate 0.1": "--duration",
		"--kind wechat --inbox 3":       "leave --inbox out",
		"--kind wechat --agents 3":      "web chat only",
		"--kind wechat --mode secret":   "--mode",
	} {
		got := callWith("", append(strings.Fields("load --key k "+args), "--json")...)
		if got.code != exitUsage || !strings.Contains(got.errs, want) || got.out != "" {
			t.Errorf("%s: %+v", args, got)
		}
	}
	if got := callWith("", "load", "--kind", "webchat"); got.code != exitUsage || !strings.Contains(got.errs, "missing flags: --key") {
		t.Errorf("no key: %+v", got)
	}
}

func TestLoadAgainstNoServer(t *testing.T) {
	if got := callWith("", "load", "--url", "http://127.0.0.1:1", "--key", "k"); got.code != exitFailed || !strings.Contains(got.errs, "the server cannot be reached") {
		t.Errorf("%+v", got)
	}
}

func TestLoad(t *testing.T) {
	s, inbox, key := furnished(t, "")
	t.Run("through a temporary inbox", func(t *testing.T) {
		report := decode[loadReport](t, callWith("", "load", "--url", s.url(), "--key", key, "--customers", "20", "--rate", "40", "--duration", "2s", "--agents", "2", "--json"))
		if report.Accepted == 0 || report.Accepted != report.Scheduled || report.Answered != report.Accepted || report.Ack.Count != report.Accepted ||
			report.Agents.Events != 2*report.Accepted || len(report.Faults) != 0 {
			t.Errorf("%+v", report)
		}
		if list := s.call("inbox", "list"); strings.Contains(list, "Load test") {
			t.Errorf("the temporary inbox is still in service:\n%s", list)
		}
	})
	t.Run("with a wrong key", func(t *testing.T) {
		if got := callWith("", "load", "--url", s.url(), "--key", "hy_guess"); got.code != exitFailed || !strings.Contains(got.errs, "huiyin apikey create") {
			t.Errorf("%+v", got)
		}
	})
	t.Run("on an inbox that is not there", func(t *testing.T) {
		if got := callWith("", "load", "--url", s.url(), "--key", key, "--inbox", "99"); got.code != exitFailed || !strings.Contains(got.errs, "inbox 99") {
			t.Errorf("%+v", got)
		}
	})
	t.Run("finds what is lost behind a proxy that lies", func(t *testing.T) {
		proxy := httptest.NewServer(&liar{to: httputil.NewSingleHostReverseProxy(parse(t, s.url())), every: 5})
		t.Cleanup(proxy.Close)
		plan := loadPlan{base: proxy.URL, key: key, inbox: inbox, questions: []string{"怎么开电子发票？"}, customers: 10, rate: 20, duration: 2 * time.Second,
			patience: time.Second, drain: 2 * time.Second, seed: 1}
		report, err := plan.run(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if report.Lost == 0 || report.verdict() == nil || !strings.Contains(report.text(), "FAULT lost: message load-") {
			t.Errorf("%s", report.text())
		}
	})
	s.call("ledger", "check")
}

func parse(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// liar acknowledges some messages without handing them on.
type liar struct {
	to    http.Handler
	every int64
	n     atomic.Int64
}

func (l *liar) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/messages") || l.n.Add(1)%l.every != 0 {
		l.to.ServeHTTP(w, r)
		return
	}
	_, _ = io.Copy(io.Discard, r.Body)
	w.WriteHeader(http.StatusCreated)
	_, _ = io.WriteString(w, `{"message":{"conversation":1,"seq":999999}}`)
}

// judged is what reconciling gives for a visitor who sent a, b and c, all acknowledged, at 1.1, 1.3 and 1.5.
func judged(status string, shown, stored string) []string {
	v := &loadVisitor{bot: true}
	for i, id := range []string{"a", "b", "c"} {
		v.sent = append(v.sent, sending{job: job{id: id}, acked: time.Unix(1, 0), at: spot{1, int64(2*i + 1)}})
	}
	for _, m := range threadOf(shown) {
		v.seen = append(v.seen, sight{chatMessage: m})
	}
	a := visitorAccount{}
	thread := threadOf(stored)
	v.judgeStored(&a, thread)
	v.judgeShown(&a, thread)
	v.judgeReplies(&a, thread, status)
	return a.faults
}

// threadOf reads "1a 2 3b": seq and message id; without an id it is the bot's.
func threadOf(text string) (messages []chatMessage) {
	for i, word := range strings.Fields(text) {
		m := chatMessage{Conversation: 1, Seq: int64(i + 1), From: "bot"}
		if id := strings.TrimLeft(word, "0123456789"); id != "" {
			m.From, m.ClientID = "contact", id
		}
		if err := json.Unmarshal([]byte(strings.TrimRight(word, "abcdx")), &m.Seq); err != nil {
			panic(err)
		}
		messages = append(messages, m)
	}
	return messages
}

func TestReconcile(t *testing.T) {
	const sound = "1a 2 3b 4 5c 6"
	tests := []struct{ name, status, shown, stored, fault string }{
		{"sound", "bot", sound, sound, ""},
		{"lost", "bot", "1a 2 5c 6", "1a 2 5c 6", "lost: message b was acknowledged at 1.3 and is not there"},
		{"doubled", "bot", "1a 2 3b 4 5c 6 7b 8", "1a 2 3b 4 5c 6 7b 8", "doubled: message b is stored at [1.3 1.7]"},
		{"moved", "bot", "1a 2 3b 4 6 7c 8", "1a 2 3b 4 6 7c 8", "disordered: message c was acknowledged at 1.5 and is at 1.7"},
		{"not shown", "bot", "1a 2 3b 5c 6", sound, "lost: the stream did not bring 1.4, from bot"},
		{"answered twice", "bot", "1a 2 3 4b 5 6c 7", "1a 2 3 4b 5 6c 7", "doubled: 1.3 is the bot's reply number 2 to 1 messages"},
		{"unanswered", "bot", "1a 2 3b 4 5c", "1a 2 3b 4 5c", "unanswered: message c at 1.5"},
		{"left to a human", "queued", "1a 2 3b 4 5c", "1a 2 3b 4 5c", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			faults := judged(test.status, test.shown, test.stored)
			if test.fault == "" && len(faults) > 0 || test.fault != "" && !strings.Contains(strings.Join(faults, "\n"), test.fault) {
				t.Errorf("want %q, got %q", test.fault, faults)
			}
			var r loadReport
			r.Accepted = 3
			r.add(visitorAccount{faults: faults})
			if (r.verdict() != nil) != (test.fault != "") || r.Lost+r.Doubled+r.Disordered+r.Unanswered != len(faults) {
				t.Errorf("verdict %v of %+v", r.verdict(), r)
			}
		})
	}
}

func TestAStreamThatComesTwice(t *testing.T) {
	v := &loadVisitor{run: &loadRun{}, flip: rand.New(rand.NewPCG(1, 1))}
	for _, frame := range []string{`{"type":"message","message":{"conversation":1,"seq":2,"from":"bot"}}`, `{"type":"state"}`,
		`{"type":"message","message":{"conversation":1,"seq":1,"from":"contact"}}`, `{"type":"message","message":{"conversation":1,"seq":2}}`} {
		if err := v.show([]byte(frame), time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	if len(v.faults) != 1 || v.faults[0] != "doubled: 1.1 was shown after 1.2" {
		t.Errorf("%q", v.faults)
	}
	if err := v.show([]byte("{"), time.Time{}); err == nil {
		t.Error("a broken frame is taken")
	}
}

func TestAgentsAreShownEachMessageOnce(t *testing.T) {
	r := &loadRun{}
	r.posted.Store("m1", time.Unix(0, 0))
	r.posted.Store("m2", time.Unix(0, 0))
	r.visitors = []*loadVisitor{{sent: []sending{{job: job{id: "m1"}, acked: time.Unix(1, 0)}, {job: job{id: "m2"}, acked: time.Unix(1, 0)}}}}
	a := &loadAgent{run: r, seen: map[string]int{}}
	r.agents = []*loadAgent{a}
	for _, frame := range []string{`{"n":5,"kind":"message","message":{"client_id":"m1"}}`, `{"n":6,"kind":"message","message":{"client_id":"m1"}}`,
		`{"n":7,"kind":"message","message":{"client_id":"another's"}}`, `{"type":"typing"}`, `{"n":8,"kind":"conversation"}`, `no JSON`} {
		a.take([]byte(frame), time.Unix(0, 0).Add(3*time.Millisecond))
	}
	var report loadReport
	r.reconcileAgents(&report)
	if a.after != 8 || report.Lost != 1 || report.Doubled != 1 || report.Agents.Events != 1 || report.Agents.Ms.P99 != 3 {
		t.Errorf("%+v after %d", report, a.after)
	}
}

func TestRepliesWhileAwayAreNotTimed(t *testing.T) {
	at := func(ms int) time.Time { return time.UnixMilli(int64(ms)) }
	v := &loadVisitor{bot: true, away: []span{{at(0), at(10)}, {at(100), at(150)}}}
	v.seen = []sight{{chatMessage{Conversation: 1, Seq: 2, From: "bot"}, at(30)}, {chatMessage{Conversation: 1, Seq: 4, From: "bot"}, at(160)}}
	v.sent = []sending{{job: job{due: at(20)}, acked: at(21), at: spot{1, 1}}, {job: job{due: at(90)}, acked: at(91), at: spot{1, 3}}}
	a := visitorAccount{}
	v.judgeReplies(&a, threadOf("1a 2 3b 4"), "bot")
	if a.answered != 2 || len(a.replies) != 1 || a.replies[0] != 10*time.Millisecond {
		t.Errorf("%+v", a)
	}
}

func TestInsist(t *testing.T) {
	v := &loadVisitor{run: &loadRun{loadPlan: loadPlan{patience: 300 * time.Millisecond}}}
	for name, test := range map[string]struct {
		err   error
		calls int
	}{
		"a network that comes back": {&refused{err: errors.New("reset")}, 3},
		"a busy server":             {&refused{status: 429}, 3},
		"a plain no":                {&refused{status: 400}, 1},
		"another error":             {errors.New("not JSON"), 1},
	} {
		calls := 0
		err := v.insist(context.Background(), func() error {
			if calls++; calls == 3 {
				return nil
			}
			return test.err
		})
		if calls != test.calls || (err != nil) != (test.calls == 1) {
			t.Errorf("%s: %d calls, %v", name, calls, err)
		}
	}
	if err := v.insist(context.Background(), func() error { return &refused{status: 503} }); err == nil {
		t.Error("patience never ends")
	}
}

func TestPercentiles(t *testing.T) {
	var times []time.Duration
	for i := 100; i > 0; i-- {
		times = append(times, time.Duration(i)*time.Millisecond)
	}
	if got := percentilesOf(times); got != (percentiles{100, 51, 96, 100, 100}) {
		t.Errorf("%+v", got)
	}
	if got := percentilesOf(nil); got != (percentiles{}) {
		t.Errorf("%+v", got)
	}
}

func TestReportSaysWhenTheGeneratorIsSlow(t *testing.T) {
	slow := loadReport{Accepted: 1, Late: percentiles{P99: 50}}
	if !strings.Contains(slow.text(), "THE GENERATOR COULD NOT KEEP PACE (p99 50.0 ms late)") {
		t.Error(slow.text())
	}
	many := loadReport{Accepted: 1, KeptPace: true}
	for range 30 {
		many.fault("lost: one")
	}
	if text := many.text(); !strings.Contains(text, "and 10 more") || !strings.Contains(text, "kept pace") {
		t.Error(text)
	}
	if err := (loadReport{}).verdict(); err == nil || !strings.Contains(err.Error(), "no message was accepted") {
		t.Errorf("%v", err)
	}
	if err := (loadReport{Accepted: 1, Failed: 2}).verdict(); err == nil || !strings.Contains(err.Error(), "2 messages were not accepted in time") {
		t.Errorf("%v", err)
	}
}

func TestJobQueueKeepsTheOrder(t *testing.T) {
	q := newJobQueue()
	var got bytes.Buffer
	var taker sync.WaitGroup
	taker.Go(func() {
		for j, ok := q.take(); ok; j, ok = q.take() {
			got.WriteString(j.id)
		}
	})
	for _, id := range strings.Split("abcdef", "") {
		q.put(job{id: id})
	}
	q.close()
	taker.Wait()
	if got.String() != "abcdef" {
		t.Error(got.String())
	}
}
