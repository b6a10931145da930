package hub_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/db/pgtest"
	"huiyin/handoff"
	"huiyin/hub"
	"huiyin/knowledge"
	"huiyin/knowledge/golden"
	"huiyin/live"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// wire is a channel whose provider is this test: it posts JSON and keeps what it is sent.
type wire struct {
	mu     sync.Mutex
	sent   []string
	refuse error // what the next sends are answered with
	hang   func(address string)
	stall  chan struct{} // not nil: a send never gets an answer, and says here that it waits for one
}

func (w *wire) Kind() channels.Kind { return channels.Kind{Name: "wire"} }

func (w *wire) Send(ctx context.Context, _ conversation.Inbox, out channels.Outgoing) (channels.Accepted, error) {
	if w.stall != nil {
		w.stall <- struct{}{}
		<-ctx.Done()
		return channels.Accepted{}, ctx.Err()
	}
	if w.hang != nil {
		w.hang(out.Address)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.refuse != nil {
		return channels.Accepted{}, w.refuse
	}
	w.sent = append(w.sent, out.Address+": "+out.Message.Text)
	return channels.Accepted{ProviderID: fmt.Sprint("p", out.ID)}, nil
}

func (w *wire) Receive(_ conversation.Inbox, r *http.Request) (channels.Received, error) {
	var m struct{ ID, From, Text, Receipt, State string }
	if r.Header.Get("Secret") != "right" {
		return channels.Received{}, channels.ErrUnauthorized
	}
	if err := json.NewDecoder(r.Body).Decode(&m); err != nil {
		return channels.Received{}, &conversation.FieldError{Field: "body", Message: "not JSON"}
	}
	if m.Receipt != "" {
		return channels.Received{Receipts: []conversation.Receipt{{ProviderID: m.Receipt, State: conversation.Delivery(m.State)}}}, nil
	}
	return channels.Received{Messages: []conversation.Incoming{{SourceID: m.ID, Address: m.From, Text: m.Text}},
		Ack: channels.Ack{Status: http.StatusAccepted, Body: []byte("stored")}}, nil
}

func (w *wire) all() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Join(w.sent, "\n")
}

// house is a running hub over one database with one inbox and a few articles.
type house struct {
	*hub.Hub
	t     *testing.T
	wire  *wire
	meter *meter
	ear   *ear
	inbox conversation.Inbox
	log   *bytes.Buffer
	agent handoff.Agent
}

func build(t *testing.T, url string) *house {
	t.Helper()
	ctx := context.Background()
	d, err := db.Open(ctx, url, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Migrate(ctx, conversation.Migrations(), knowledge.Migrations(), golden.Migrations(), handoff.Migrations()); err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, wire: &wire{}, meter: newMeter(), ear: &ear{said: make(chan string, 10)}, log: &bytes.Buffer{}}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	articles := `{"key":"slow","question":{"zh":"宽带网速很慢怎么办","en":"Why is my broadband slow?"},"similar":{"zh":["网速太慢"],"en":["slow internet"]},"answer":{"zh":"请重启光猫。","en":"Restart the modem."},"status":"published"}
{"key":"invoice","question":{"zh":"怎么开发票","en":"How do I get an invoice?"},"similar":{"zh":["开票"],"en":["invoice please"]},"answer":{"zh":"在 App 里开。","en":"In the app."},"status":"published"}
{"key":"invoice-lost","question":{"zh":"发票丢了怎么补","en":"I lost my invoice"},"similar":{"zh":["补开发票"],"en":["invoice lost"]},"answer":{"zh":"可以补开。","en":"We print it again."},"status":"published"}`
	if _, err := knowledge.Import(ctx, d, knowledge.Author{Name: "test"}, knowledge.JSONL, strings.NewReader(articles)); err != nil {
		t.Fatal(err)
	}
	index, err := knowledge.Open(ctx, filepath.Join(t.TempDir(), "index"), d, log)
	if err != nil {
		t.Fatal(err)
	}
	vault, err := channels.NewVault(bytes.Repeat([]byte("k"), 32))
	if err != nil {
		t.Fatal(err)
	}
	store, bus := &conversation.Store{DB: d}, live.NewHub(nil)
	desk := handoff.New(d, store, bus)
	h.Hub = hub.New(hub.Options{DB: d, Conversations: store, Files: conversation.Files{Folder: t.TempDir()}, Knowledge: index, Desk: desk,
		Live: bus, Vault: vault, Log: log}, []channels.Adapter{h.wire, h.meter, h.ear, letterbox{h.wire}, sparing{letterbox{h.wire}}})
	err = d.Tx(ctx, func(tx *db.Tx) (err error) {
		if h.inbox, err = store.CreateInbox(ctx, tx, conversation.Inbox{Kind: "wire", Name: "Wire", Bot: true}); err != nil {
			return err
		}
		h.agent, err = desk.CreateAgent(ctx, tx, handoff.Agent{Name: "林晓", Email: "lin@example.com", Role: handoff.AgentRole, Language: "zh", Active: true})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = index.Close(); _ = d.Close() })
	return h
}

func (h *house) start() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); h.Run(ctx) }()
	h.t.Cleanup(func() { cancel(); <-done })
}

func onBoth(t *testing.T, test func(h *house)) {
	t.Run("sqlite", func(t *testing.T) { test(build(t, filepath.Join(t.TempDir(), "huiyin.db"))) })
	t.Run("postgres", func(t *testing.T) { test(build(t, pgtest.URL(t))) })
}

func (h *house) post(body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/hooks/1", strings.NewReader(body))
	r.Header.Set("Secret", "right")
	w := httptest.NewRecorder()
	h.ServeHook(w, r, fmt.Sprint(h.inbox.ID))
	return w
}

func (h *house) asks(from, text string) {
	h.t.Helper()
	body, _ := json.Marshal(map[string]string{"ID": from + text + time.Now().String(), "From": from, "Text": text})
	if w := h.post(string(body)); w.Code != http.StatusAccepted || w.Body.String() != "stored" {
		h.t.Fatalf("%d %s", w.Code, w.Body)
	}
}

// eventually waits for what another goroutine does.
func (h *house) eventually(what string, ok func() bool) {
	h.t.Helper()
	for range 3000 {
		if ok() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	h.t.Fatalf("never: %s; sent so far:\n%s", what, h.wire.all())
}

func (h *house) gets(text string) {
	h.t.Helper()
	h.eventually(text, func() bool { return strings.Contains(h.wire.all(), text) })
}

func (h *house) conversation(id int64) *conversation.Conversation {
	h.t.Helper()
	c, err := h.Conversations.Get(context.Background(), h.DB, id)
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

func (h *house) messages(id int64) []conversation.Message {
	h.t.Helper()
	messages, err := h.Conversations.Messages(context.Background(), h.DB, id, conversation.Page{Limit: 100})
	if err != nil {
		h.t.Fatal(err)
	}
	return messages
}

func TestTheWholeRoad(t *testing.T) {
	onBoth(t, func(h *house) {
		h.start()
		h.asks("li", "网速太慢")
		h.gets("li: 请重启光猫。")
		h.asks("bob", "slow internet")
		h.gets("bob: Restart the modem.")
		messages := h.messages(1)
		answer := messages[1]
		if answer.Sender != conversation.FromBot || !strings.Contains(answer.Explanation, `"revision":`) || !answer.Content.Rateable {
			h.t.Fatalf("%+v", answer)
		}
		h.eventually("sent", func() bool { return h.messages(1)[1].Delivery == conversation.Sent })
		if w := h.post(fmt.Sprintf(`{"Receipt":"p%d","State":"read"}`, answer.ID)); w.Code != http.StatusOK {
			h.t.Fatal(w.Code, w.Body)
		}
		if got := h.messages(1)[1].Delivery; got != conversation.Read {
			h.t.Fatal(got)
		}
	})
}

func TestAskForAHumanAndTheBotKeepsSilent(t *testing.T) {
	onBoth(t, func(h *house) {
		h.start()
		h.asks("li", "转人工")
		h.eventually("queued", func() bool { return h.conversation(1).Queueing() })
		ctx := context.Background()
		err := h.DB.Tx(ctx, func(tx *db.Tx) error { _, err := h.Desk.Claim(ctx, tx, 1, h.agent, false); return err })
		if err != nil {
			h.t.Fatal(err)
		}
		before := len(h.messages(1))
		h.asks("li", "网速太慢")
		h.asks("other", "网速太慢")
		h.gets("other: 请重启光猫。")
		if got := h.messages(1); len(got) != before+1 {
			h.t.Fatalf("the bot spoke: %+v", got[before:])
		}
		why := false
		for _, m := range h.messages(1) {
			why = why || m.Private && m.Content.Activity == "bot_handoff" && m.Explanation != ""
		}
		if !why {
			h.t.Fatal("the hand-off is not explained")
		}
	})
}

func TestButtonsAndTypedNumbersChoose(t *testing.T) {
	onBoth(t, func(h *house) {
		h.start()
		ctx := context.Background()
		h.asks("li", "你好")
		h.gets("li: 您好")
		invoice, err := knowledge.ByKey(ctx, h.DB, "invoice-lost")
		if err != nil {
			h.t.Fatal(err)
		}
		err = h.DB.Tx(ctx, func(tx *db.Tx) error {
			c, err := h.Conversations.Load(ctx, tx, 1)
			if err != nil {
				return err
			}
			_, err = h.Conversations.Reply(ctx, tx, c, conversation.Draft{Sender: conversation.FromBot, Text: "which?", Explanation: "{}",
				Content: conversation.Content{Choices: []conversation.Choice{{Label: "发票丢了", Value: fmt.Sprint("article:", invoice.ID)}, {Label: "转人工", Value: "human"}}}})
			return err
		})
		if err != nil {
			h.t.Fatal(err)
		}
		h.asks("li", " １ ")
		h.gets("li: 可以补开。")
	})
}

func TestNotUnderstoodOffersAHuman(t *testing.T) {
	onBoth(t, func(h *house) {
		h.start()
		h.asks("li", "今天月亮为什么是绿色的呀")
		h.gets("li: 抱歉，我没太明白")
		last := h.messages(1)[1]
		if len(last.Content.Choices) != 1 || last.Content.Choices[0].Value != "human" || h.conversation(1).Misunderstood != 1 {
			h.t.Fatalf("%+v", last)
		}
	})
}

func TestVerdicts(t *testing.T) {
	onBoth(t, func(h *house) {
		h.start()
		ctx := context.Background()
		h.asks("li", "网速太慢")
		h.gets("li: 请重启光猫。")
		customer := h.Customer()
		if err := customer.Verdict(ctx, h.inbox, "li", 1, 2, false); err != nil {
			h.t.Fatal(err)
		}
		h.gets("li: 抱歉没能帮到您")
		article, err := knowledge.ByKey(ctx, h.DB, "slow")
		if err != nil || article.Unhelpful != 1 || article.Used != 1 {
			h.t.Fatalf("%+v, %v", article, err)
		}
		if err := customer.Verdict(ctx, h.inbox, "li", 1, 1, true); err == nil {
			h.t.Fatal("a verdict on the customer's own message")
		}
		h.asks("mallory", "hello")
		if err := customer.Verdict(ctx, h.inbox, "mallory", 1, 2, true); !errors.Is(err, conversation.ErrNotFound) {
			h.t.Fatalf("a stranger's verdict: %v", err)
		}
	})
}

func TestHumanWithoutAMessageFirst(t *testing.T) {
	onBoth(t, func(h *house) {
		h.start()
		ctx := context.Background()
		if err := h.Customer().Human(ctx, h.inbox, "li", "en"); err != nil {
			h.t.Fatal(err)
		}
		h.eventually("queued", func() bool {
			s, err := h.Customer().Standing(ctx, h.inbox, "li")
			return err == nil && s.Status == "queued" && s.Position == 1
		})
		if s, err := h.Customer().Standing(ctx, h.inbox, "nobody"); err != nil || s.Status != "none" {
			h.t.Fatalf("%+v, %v", s, err)
		}
	})
}

func TestHooksRefuseWhatIsNotTheProviders(t *testing.T) {
	h := build(t, filepath.Join(t.TempDir(), "huiyin.db"))
	for name, test := range map[string]struct {
		inbox, secret, body string
		want                int
	}{
		"no such inbox":     {"999", "right", "{}", http.StatusNotFound},
		"not a number":      {"../x", "right", "{}", http.StatusNotFound},
		"unsigned":          {"1", "", "{}", http.StatusUnauthorized},
		"not JSON":          {"1", "right", "<xml/>", http.StatusBadRequest},
		"too large":         {"1", "right", strings.Repeat(" ", 2<<20), http.StatusBadRequest},
		"unknown receipt":   {"1", "right", `{"Receipt":"x","State":"read"}`, http.StatusOK},
		"an ordinary hello": {"1", "right", `{"ID":"1","From":"li","Text":"hi"}`, http.StatusAccepted},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "/hooks/x", strings.NewReader(test.body))
			r.Header.Set("Secret", test.secret)
			w := httptest.NewRecorder()
			h.ServeHook(w, r, test.inbox)
			if w.Code != test.want {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
		})
	}
}

func TestDeliveryOutcomes(t *testing.T) {
	for name, test := range map[string]struct {
		refuse error
		want   conversation.Delivery
	}{
		"refused for good":  {&channels.SendError{Reason: "window over"}, conversation.Failed},
		"outcome unknown":   {&channels.SendError{Reason: "timed out", Uncertain: true}, conversation.Uncertain},
		"busy, tried again": {&channels.SendError{Reason: "busy", Retry: true}, conversation.Queued},
		"out of reach":      {errors.New("connection refused"), conversation.Queued},
	} {
		t.Run(name, func(t *testing.T) {
			h := build(t, filepath.Join(t.TempDir(), "huiyin.db"))
			h.wire.refuse = test.refuse
			h.start()
			h.asks("li", "网速太慢")
			h.eventually(string(test.want), func() bool {
				m := h.messages(1)
				return len(m) == 2 && m[1].Delivery == test.want && m[1].Reason != ""
			})
		})
	}
}

// What was handed over when the server stopped may have arrived: it is not sent again.
func TestStoppedWhileSending(t *testing.T) {
	onBoth(t, func(h *house) {
		h.wire.stall = make(chan struct{})
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() { defer close(done); h.Run(ctx) }()
		h.asks("li", "网速太慢")
		<-h.wire.stall
		stop()
		<-done
		if m := h.messages(1); len(m) != 2 || m[1].Delivery != conversation.Uncertain || m[1].Reason == "" {
			h.t.Fatalf("%+v", m)
		}
	})
}
