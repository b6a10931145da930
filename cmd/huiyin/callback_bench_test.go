package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// The benchmarks of this file measure rounds by themselves; run them with -benchtime 1x.
const (
	callbackRounds    = 21
	callbackRound     = 100 * time.Millisecond
	callbackCustomers = 4096 // who take turns; each stays below what web chat allows a visitor
	callbackInboxes   = 16   // of web chat, whose limits are an inbox's
)

var callbackText = strings.Repeat("你好，我家的宽带从昨天晚上开始就很慢，", 3) + "my order is #20261121."

// BenchmarkCallback compares how fast WeChat's callbacks and web chat's messages are acknowledged, each through the
// server's own routes and durable when it is: 64 at a time, the ways taking turns so that the machine's noise hits all alike.
func BenchmarkCallback(b *testing.B) {
	n := benchNode(b)
	handler := n.routes()
	ways := []*way{{name: "webchat", one: n.chatWay(b, handler)}, {name: "safe", one: n.wechatWay(b, handler, "safe")},
		{name: "plain", one: n.wechatWay(b, handler, "plain")}}
	b.Run("connections=64", func(b *testing.B) {
		for b.Loop() {
			for range callbackRounds {
				for _, w := range ways {
					w.run(b, 64)
				}
			}
		}
		b.ReportMetric(0, "ns/op")
		for _, w := range ways {
			b.ReportMetric(middleOf(w.rates), w.name+"/s")
			b.ReportMetric(middleOf(w.p50s), w.name+"-p50-ms")
			b.ReportMetric(middleOf(w.p99s), w.name+"-p99-ms")
		}
		var ratios []float64
		for i := range ways[1].rates {
			ratios = append(ratios, ways[1].rates[i]/ways[0].rates[i])
		}
		b.ReportMetric(middleOf(ratios), "ratio")
		b.ReportMetric(slices.Min(ratios), "ratio-min")
	})
}

// way is one way in.
type way struct {
	name              string
	one               func(n int64) int // brings message n and gives the status
	count             atomic.Int64
	rates, p50s, p99s []float64
}

func (w *way) run(b *testing.B, connections int) {
	waits := make([][]time.Duration, connections)
	var all sync.WaitGroup
	start := time.Now()
	for c := range connections {
		all.Go(func() {
			for before := time.Now(); before.Sub(start) < callbackRound; {
				if status := w.one(w.count.Add(1)); status/100 != 2 {
					b.Errorf("%s: status %d", w.name, status)
					return
				}
				now := time.Now()
				waits[c] = append(waits[c], now.Sub(before))
				before = now
			}
		})
	}
	all.Wait()
	joined := slices.Concat(waits...)
	w.rates = append(w.rates, float64(len(joined))/time.Since(start).Seconds())
	p := percentilesOf(joined)
	w.p50s, w.p99s = append(w.p50s, p.P50), append(w.p99s, p.P99)
}

func middleOf(values []float64) float64 {
	values = slices.Sorted(slices.Values(values))
	return values[len(values)/2]
}

// benchNode is a server in this process that answers requests and does nothing else.
func benchNode(b *testing.B) *node {
	n, err := serveCmd{where: where{Data: b.TempDir()}, Listen: "127.0.0.1:0", LogLevel: "error"}.build(context.Background(), streams{out: io.Discard, err: io.Discard})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = n.close() })
	return n
}

func (n *node) benchInbox(b *testing.B, kind string, settings map[string]string) int64 {
	inbox := conversation.Inbox{Kind: kind, Name: "Bench", Bot: true, Settings: settings}
	for _, a := range n.hub.Adapters() {
		if a.Kind().Name != kind {
			continue
		}
		closed, err := n.vault.Close(a.Kind(), inbox)
		if err != nil {
			b.Fatal(err)
		}
		inbox = closed
	}
	err := n.db.Tx(context.Background(), func(tx *db.Tx) (err error) {
		inbox, err = n.conversations.CreateInbox(context.Background(), tx, inbox)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return inbox.ID
}

func status(handler http.Handler, r *http.Request, customer int64) int {
	r.RemoteAddr = fmt.Sprintf("198.51.%d.%d:5000", customer/250, customer%250)
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w.Code
}

// wechatWay brings text messages of customers by callbacks.
func (n *node) wechatWay(b *testing.B, handler http.Handler, mode string) func(int64) int {
	account := makeWechatAccount(mode, false)
	inbox := n.benchInbox(b, "wechat", account.settings("http://127.0.0.1:1"))
	one := func(i int64) int {
		customer := (i + 2*callbackCustomers) % callbackCustomers
		query, body := account.callback("oCustomer"+strconv.FormatInt(customer, 10), strconv.FormatInt(1_000_000+i, 10), callbackText)
		return status(handler, httptest.NewRequest(http.MethodPost, "/hooks/"+strconv.FormatInt(inbox, 10)+"?"+query, strings.NewReader(string(body))), customer)
	}
	for i := range int64(callbackCustomers) {
		one(-1 - i)
	}
	return one
}

// chatWay brings the same messages as web chat's visitors send them.
func (n *node) chatWay(b *testing.B, handler http.Handler) func(int64) int {
	var inboxes []string
	for range callbackInboxes {
		inboxes = append(inboxes, "/chat/"+strconv.FormatInt(n.benchInbox(b, "webchat", nil), 10))
	}
	tokens := make([]string, callbackCustomers)
	for i := range tokens {
		r := httptest.NewRequest(http.MethodPost, inboxes[i%callbackInboxes]+"/session", strings.NewReader(`{"language":"zh"}`))
		r.Header.Set("Content-Type", "application/json")
		r.RemoteAddr = fmt.Sprintf("198.51.%d.%d:5000", i/250, i%250)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		var session struct{ Token string }
		if err := json.Unmarshal(w.Body.Bytes(), &session); err != nil || session.Token == "" {
			b.Fatalf("session: %s", w.Body)
		}
		tokens[i] = session.Token
	}
	one := func(i int64) int {
		customer := (i + 2*callbackCustomers) % callbackCustomers
		body := fmt.Sprintf(`{"client_id":"c%016x","text":"%s","language":"zh"}`, i, callbackText)
		r := httptest.NewRequest(http.MethodPost, inboxes[customer%callbackInboxes]+"/messages", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+tokens[customer])
		return status(handler, r, customer)
	}
	for i := range int64(callbackCustomers) {
		one(-1 - i)
	}
	return one
}

// BenchmarkWechatTurn measures whole turns at 200 a second in AES safe mode: from the moment at which a callback is due to
// the answer at WeChat's side, by customer service message and, for comparison, in the callback's response. The server
// is a process of its own.
func BenchmarkWechatTurn(b *testing.B) {
	base, key := benchServer(b)
	for _, passive := range []bool{false, true} {
		name := map[bool]string{false: "custom", true: "passive"}[passive]
		b.Run(name, func(b *testing.B) {
			account := makeWechatAccount("safe", passive)
			platform, err := startPlatform(account, "")
			if err != nil {
				b.Fatal(err)
			}
			defer platform.stop()
			plan := loadPlan{base: base, key: key, questions: greetings(), customers: 400, rate: 200, duration: 10 * time.Second, patience: loadPatience, seed: 1}
			api := loadAPI{base: base, key: key, client: loadClient()}
			if plan.inbox, err = api.makeInbox(context.Background(), "wechat", account.settings(platform.base)); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				report, err := plan.runWechat(context.Background(), account, platform)
				if err != nil || report.verdict() != nil {
					b.Fatalf("%v\n%s", err, report.text())
				}
				b.ReportMetric(0, "ns/op")
				b.ReportMetric(report.Reply.P50, "p50-ms")
				b.ReportMetric(report.Reply.P99, "p99-ms")
				b.ReportMetric(report.Ack.P50, "ack-p50-ms")
				b.ReportMetric(report.Ack.P99, "ack-p99-ms")
				b.ReportMetric(report.Late.P99, "generator-late-p99-ms")
			}
		})
	}
}

// benchServer starts a server on an empty folder and gives its address and a key for everything.
func benchServer(b *testing.B) (base, key string) {
	folder := b.TempDir()
	l := httptest.NewServer(nil)
	address := l.Listener.Addr().String()
	l.Close()
	process := program("serve", "--listen", address, "--data", folder)
	if err := process.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = process.Process.Kill(); _ = process.Wait() })
	base = "http://" + address
	for end := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		response, err := http.Get(base + "/readyz")
		if err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				break
			}
		}
		if time.Now().After(end) {
			b.Fatalf("the server does not serve: %v", err)
		}
	}
	made := callWith("", "apikey", "create", "--name", "bench", "--scope", "*", "--data", folder)
	if made.code != 0 {
		b.Fatalf("%+v", made)
	}
	return base, strings.TrimSpace(made.out)
}
