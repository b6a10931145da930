package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"huiyin/channels/simulator"
	"huiyin/db"
	"huiyin/db/pgtest"
)

// gate stands before a provider's API and does to each message what its words ask for, once. All else goes through.
type gate struct {
	provider http.Handler
	done     chan struct{} // closed at the end

	mu    sync.Mutex
	broke map[string]bool // by the words of a message
}

// gateFault is what becomes of a request: heard by the provider or not, and the answer.
type gateFault struct {
	name   string
	heard  bool
	answer func(g *gate, w http.ResponseWriter, real *httptest.ResponseRecorder)
}

func gateFaults() []gateFault {
	status := func(code int, more ...string) func(*gate, http.ResponseWriter, *httptest.ResponseRecorder) {
		return func(_ *gate, w http.ResponseWriter, _ *httptest.ResponseRecorder) {
			if len(more) > 0 {
				w.Header().Set("Retry-After", more[0])
			}
			w.WriteHeader(code)
		}
	}
	return []gateFault{
		{"500", false, status(http.StatusInternalServerError)},
		{"429 with Retry-After", false, status(http.StatusTooManyRequests, "1")},
		{"the answer is lost", true, func(_ *gate, w http.ResponseWriter, _ *httptest.ResponseRecorder) { panic(http.ErrAbortHandler) }},
		{"half an answer", true, func(_ *gate, w http.ResponseWriter, real *httptest.ResponseRecorder) {
			w.Header().Set("Content-Length", fmt.Sprint(real.Body.Len()))
			w.WriteHeader(real.Code)
			_, _ = w.Write(real.Body.Bytes()[:real.Body.Len()/2])
		}},
		{"an answer that is no JSON", true, func(_ *gate, w http.ResponseWriter, _ *httptest.ResponseRecorder) {
			_, _ = io.WriteString(w, `{"Code": [`)
		}},
		{"another JSON", true, func(_ *gate, w http.ResponseWriter, _ *httptest.ResponseRecorder) {
			_, _ = io.WriteString(w, `[1, "2"]`)
		}},
		{"silence", true, func(g *gate, w http.ResponseWriter, _ *httptest.ResponseRecorder) {
			<-g.done
			panic(http.ErrAbortHandler)
		}},
	}
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	words, _ := url.QueryUnescape(r.URL.RawQuery + " " + string(body))
	f, breaks := g.fault(words)
	if !breaks {
		g.provider.ServeHTTP(w, r)
		return
	}
	real := httptest.NewRecorder()
	if f.heard {
		g.provider.ServeHTTP(real, r)
	}
	f.answer(g, w, real)
}

// fault finds what a request asks for, the first time.
func (g *gate) fault(words string) (gateFault, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for n, f := range gateFaults() {
		mark := wordsFor(n)
		if strings.Contains(words, mark) && !g.broke[mark] {
			g.broke[mark] = true
			return f, true
		}
	}
	return gateFault{}, false
}

// wordsFor is the message that meets a fault.
func wordsFor(n int) string { return fmt.Sprintf("fault-%d-here", n) }

// Providers over HTTP that are down, busy, silent or talk nonsense lose nothing and double nothing: each message is with its customer
// once, or says why not, or says that nobody knows. Where the provider recognises a repeat nothing stays unknown.
func TestFaultsOfProviders(t *testing.T) {
	t.Parallel()
	const unknown, sent, waits = "uncertain", "sent", "queued"
	for _, c := range []struct {
		name  string
		make  func(t *testing.T) *wechatBase
		phone func(n int) string
		ends  []string // for each fault, and last for an API that is not who it should be
	}{
		{"wechat", func(t *testing.T) *wechatBase { return newWeChat(t, "", simulator.OfficialAccount, 5*time.Second) }, func(n int) string { return fmt.Sprint("c", n) },
			[]string{unknown, sent, unknown, unknown, unknown, unknown, unknown, waits}},
		{"wecom", func(t *testing.T) *wechatBase {
			return newWeChat(t, pgtest.URL(t), simulator.CustomerService, 5*time.Second)
		}, func(n int) string { return fmt.Sprint("c", n) },
			[]string{sent, sent, sent, sent, sent, sent, sent, waits}},
		{"aliyun", func(t *testing.T) *wechatBase { return newTexts(t, "", simulator.Aliyun) }, numbered,
			[]string{unknown, sent, sent, sent, sent, sent, sent, waits}}, // its receipts tell which text they are for
		{"tencent", func(t *testing.T) *wechatBase { return newTexts(t, "", simulator.Tencent) }, numbered,
			[]string{unknown, sent, unknown, unknown, unknown, unknown, unknown, waits}},
		{"twilio", func(t *testing.T) *wechatBase { return newTexts(t, pgtest.URL(t), simulator.Twilio) }, numbered,
			[]string{unknown, sent, unknown, unknown, unknown, unknown, unknown, waits}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := c.make(t)
			(&gated{wechatBase: b, ends: c.ends}).run(c.phone)
		})
	}
}

func numbered(n int) string { return fmt.Sprintf("86138%08d", n) }

// gated is an inbox whose provider's API is behind a gate.
type gated struct {
	*wechatBase
	ends   []string
	phones []*simulator.Phone
}

func (g *gated) run(name func(n int) string) {
	long := os.Getenv("HUIYIN_CRASH_ROUNDS") != ""
	faults := gateFaults()
	if !long {
		faults = faults[:len(faults)-1] // silence takes as long as the patience of those who wait
	}
	gate := &gate{provider: g.sim, done: make(chan struct{}), broke: map[string]bool{}}
	door := httptest.NewServer(gate)
	g.Cleanup(func() { close(gate.done); door.Close() })
	g.at(door.URL)
	g.exec(func(ctx context.Context, _ *parts, tx *db.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE inboxes SET bot = 0 WHERE id = ?", g.inbox)
		return err
	})
	for n := range len(faults) + 1 {
		g.phones = append(g.phones, g.account.Phone(name(n)))
		_, _ = g.phones[n].Do(context.Background(), simulator.Act{Do: "follow"}) // only where there is something to follow
		g.says(g.phones[n], "您好")
	}
	ids := g.conversationsOf(len(g.phones))
	for n := range faults {
		g.api(http.MethodPost, fmt.Sprintf("/conversations/%d/messages", ids[n]), map[string]any{"text": wordsFor(n)}, nil)
	}
	lost, doubled, uncertain := 0, 0, 0
	for n, f := range faults {
		state, reason := g.ending(wordsFor(n), g.ends[n])
		shown := times(g.phones[n], wordsFor(n))
		g.Logf("%s: %s, shown %d times (%s)", f.name, state, shown, reason)
		if state != g.ends[n] || shown > 1 || state == "sent" && shown != 1 || state != "sent" && reason == "" {
			g.Errorf("%s: %s (%s), shown %d times; it should be %s", f.name, state, reason, shown, g.ends[n])
		}
		lost, doubled = lost+lostOf(state, shown), doubled+max(shown-1, 0)
		if state == "uncertain" {
			uncertain++
		}
	}
	noteFault(g.T, faultRow{Rounds: len(faults) + 1, Accepted: len(faults) + 1, Lost: lost, Doubled: doubled, Uncertain: uncertain})
	g.stranger(ids[len(ids)-1])
}

func lostOf(state string, shown int) int {
	if state == "sent" && shown == 0 {
		return 1
	}
	return 0
}

// at has the inbox's provider reached at an address.
func (g *gated) at(address string) {
	g.call("inbox", "set", fmt.Sprint(g.inbox), "--set", "api_base="+address)
}

// stranger has the provider's address answered by somebody whose certificate is not known: nothing is told to them.
func (g *gated) stranger(conversation int64) {
	var heard atomic.Bool
	other := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { heard.Store(true) }))
	other.Config.ErrorLog = log.New(io.Discard, "", 0)
	other.StartTLS()
	g.at(other.URL)
	const words = "for-the-right-ears"
	g.api(http.MethodPost, fmt.Sprintf("/conversations/%d/messages", conversation), map[string]any{"text": words}, nil)
	state, reason := g.ending(words, g.ends[len(g.ends)-1])
	other.Close()
	told := heard.Load() || times(g.phones[len(g.phones)-1], words) > 0
	g.Logf("a stranger's certificate: %s (%s)", state, reason)
	if state != g.ends[len(g.ends)-1] || reason == "" || told {
		g.Errorf("a stranger's certificate: %s (%s), heard %v", state, reason, told)
	}
}

func (g *gated) conversationsOf(n int) []int64 {
	return (&sink{server: g.server, inbox: g.inbox}).conversationsOf(n)
}

func (g *gated) ending(words, want string) (state, reason string) {
	return (&sink{server: g.server, inbox: g.inbox}).ending(words, want)
}

// conversationsOf waits until so many customers have written, and gives their conversations in that order.
func (k *sink) conversationsOf(n int) (ids []int64) {
	k.untilStored(n)
	err := k.where().with(func(ctx context.Context, p *parts) (err error) {
		ids, err = k.conversations(ctx, p.db)
		return err
	})
	if err != nil {
		k.Fatal(err)
	}
	return ids
}

// ending waits until a message is where it should end, or has failed. What waits behind another waits for its reason.
func (k *sink) ending(words, want string) (state, reason string) {
	k.Helper()
	query := func(ctx context.Context, p *parts) error {
		return p.db.QueryRow(ctx, `SELECT m.delivery, CASE WHEN m.reason <> '' THEN m.reason ELSE COALESCE((SELECT MAX(b.reason) FROM messages b
 WHERE b.conversation_id = m.conversation_id AND b.seq < m.seq AND b.delivery = 'queued'), '') END FROM messages m WHERE m.inbox_id = ? AND m.text = ?`, k.inbox, words).Scan(&state, &reason)
	}
	for end := time.Now().Add(90 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if err := k.where().with(query); err != nil {
			k.Fatal(err)
		}
		if state == "delivered" {
			state = "sent"
		}
		if state == want && (state != "queued" || reason != "") || state == "failed" {
			break
		}
	}
	return state, reason
}
