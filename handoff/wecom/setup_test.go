package wecom_test

import (
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

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/db/pgtest"
	"huiyin/handoff"
	"huiyin/handoff/mirror"
	"huiyin/handoff/wecom"
	"huiyin/live"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

const webhook = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=secret-693axxx6"

type envelope struct{}

func (envelope) Seal(purpose, text string) (string, error) {
	return fmt.Sprintf("%s|%x", purpose, text), nil
}

func (envelope) Unseal(purpose, sealed string) (string, error) {
	hexed, ok := strings.CutPrefix(sealed, purpose+"|")
	if !ok {
		return "", errors.New("sealed for something else")
	}
	var text []byte
	_, err := fmt.Sscanf(hexed, "%x", &text)
	return string(text), err
}

// group is WeCom's side: a group with one robot, as the webhook's protocol has it.
type group struct {
	mu      sync.Mutex
	posted  []string
	asked   int
	answers []int // of the next requests: a code of WeCom's, or lost, or broken
}

const (
	lost    = -1 // posted, but the answer does not come
	gateway = -3 // not posted, and a gateway says so
	crowded = -4 // not posted, and a gateway asks for ten minutes without a request
	broken  = -2 // not posted, and the answer does not come
)

func (g *group) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	text, _ := io.ReadAll(r.Body)
	var in struct {
		Type     string `json:"msgtype"`
		Markdown struct {
			Content string `json:"content"`
		} `json:"markdown"`
	}
	code := 0
	if g.asked++; len(g.answers) > 0 {
		code, g.answers = g.answers[0], g.answers[1:]
	}
	switch {
	case json.Unmarshal(text, &in) != nil || in.Type != "markdown" || r.URL.Path != "/cgi-bin/webhook/send":
		code = 40008
	case r.URL.Query().Get("key") != "secret-693axxx6":
		code = 93000
	case len(in.Markdown.Content) > 4096:
		code = 40058
	case code == 0 || code == lost:
		g.posted = append(g.posted, in.Markdown.Content)
	}
	if code == gateway {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	if code == crowded {
		w.Header().Set("Retry-After", "600")
		w.WriteHeader(http.StatusTooManyRequests)
		return
	}
	if code < 0 {
		panic(http.ErrAbortHandler)
	}
	_, _ = fmt.Fprintf(w, `{"errcode":%d,"errmsg":"said so, hint: [1]"}`, code)
}

func (g *group) then(answers ...int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.answers = answers
}

func (g *group) all() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return append([]string{}, g.posted...)
}

func (g *group) requests() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.asked
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

type office struct {
	testing.TB
	ctx    context.Context
	clock  *clock
	store  *conversation.Store
	desk   *handoff.Desk
	live   *live.Hub
	board  *wecom.Board
	stop   func()
	group  *group
	server *httptest.Server
	inbox  conversation.Inbox
	team   handoff.Team
	anna   handoff.Agent
	said   int
}

func onBoth(t *testing.T, test func(o *office)) {
	t.Run("sqlite", func(t *testing.T) { test(open(t, filepath.Join(t.TempDir(), "huiyin.db"))) })
	t.Run("postgres", func(t *testing.T) { test(open(t, pgtest.URL(t))) })
}

func open(t testing.TB, url string) *office {
	t.Helper()
	o := &office{TB: t, ctx: t.Context(), group: &group{}, clock: &clock{now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}}
	d, err := db.Open(o.ctx, url, db.Options{Now: o.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if err := d.Migrate(o.ctx, conversation.Migrations(), handoff.Migrations(), mirror.Migrations(), wecom.Migrations()); err != nil {
		t.Fatal(err)
	}
	hub := live.NewHub(nil)
	o.store = &conversation.Store{DB: d, OnChange: func(conversation.Event) { hub.Pulse(conversation.TopicEvents) }}
	o.desk = handoff.New(d, o.store, hub)
	o.server = httptest.NewServer(o.group)
	t.Cleanup(o.server.Close)
	o.tx(func(tx *db.Tx) (err error) {
		if o.team, err = o.desk.CreateTeam(o.ctx, tx, handoff.Team{Name: "Billing"}); err != nil {
			return err
		}
		if o.inbox, err = o.store.CreateInbox(o.ctx, tx, conversation.Inbox{Kind: "webchat", Name: "Web", Bot: true, TeamID: o.team.ID}); err != nil {
			return err
		}
		o.anna, err = o.desk.CreateAgent(o.ctx, tx, handoff.Agent{Name: "Anna", Email: "anna@example.com", Role: handoff.AgentRole, TeamIDs: []int64{o.team.ID}})
		return err
	})
	o.live = hub
	o.board = o.node()
	o.tx(func(tx *db.Tx) error { return o.board.Save(o.ctx, tx, o.settings()) })
	o.stop = o.start(o.board)
	o.until("the robot being listened to", func() bool {
		var n int
		return d.QueryRow(o.ctx, "SELECT n FROM mirror_cursors").Scan(&n) == nil
	})
	return o
}

// node is the board as one of any number of programs runs it.
func (o *office) node() *wecom.Board {
	return wecom.New(wecom.Options{DB: o.store.DB, Conversations: o.store, Desk: o.desk, Live: o.live, Sealer: envelope{}, PublicURL: "http://hub.example", Log: slog.New(slog.DiscardHandler)})
}

func (o *office) start(b *wecom.Board) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); b.Run(ctx) }()
	stop = sync.OnceFunc(func() { cancel(); <-done })
	o.Cleanup(stop)
	return stop
}

func (o *office) settings() wecom.Settings {
	return wecom.Settings{Enabled: true, Language: "en", Minutes: 5, APIBase: o.server.URL, Robots: map[int64]string{0: webhook}}
}

func (o *office) tx(fn func(*db.Tx) error) {
	o.Helper()
	if err := o.store.DB.Tx(o.ctx, fn); err != nil {
		o.Fatal(err)
	}
}

// says has a customer write something.
func (o *office) says(name, text string) int64 {
	o.Helper()
	o.said++
	r, err := o.store.Record(o.ctx, o.inbox, conversation.Incoming{SourceID: fmt.Sprint("m", o.said), Address: name, Profile: conversation.Profile{Name: name}, Text: text, Language: "en"})
	if err != nil {
		o.Fatal(err)
	}
	return r.Conversation.ID
}

// customer lets a customer ask something and be handed to people.
func (o *office) customer(name, text string) int64 {
	o.Helper()
	id := o.says(name, text)
	o.tx(func(tx *db.Tx) error {
		c, err := o.store.Load(o.ctx, tx, id)
		if err != nil {
			return err
		}
		return o.desk.Request(o.ctx, tx, c, handoff.Asked)
	})
	return id
}

func (o *office) until(what string, is func() bool) {
	o.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if is() {
			return
		}
	}
	o.Fatalf("%s did not come about; the group holds %q", what, o.group.all())
}

// told waits until the group holds so many notices, the last with these words.
func (o *office) told(n int, words ...string) {
	o.Helper()
	o.until(fmt.Sprint(n, " notices"), func() bool { return len(o.group.all()) >= n })
	all := o.group.all()
	if len(all) != n {
		o.Fatalf("%d notices, want %d: %q", len(all), n, all)
	}
	for _, word := range words {
		if !strings.Contains(all[n-1], word) {
			o.Fatalf("the notice lacks %q: %s", word, all[n-1])
		}
	}
}

// settled waits until nothing is due, or only what waits for the clock, without a problem.
func (o *office) settled() {
	o.Helper()
	o.until("everything being told", func() bool {
		var n int
		err := o.store.DB.QueryRow(o.ctx, "SELECT COUNT(*) FROM mirrors WHERE due_at <= ?", db.Millis(o.clock.Now())).Scan(&n)
		return err == nil && n == 0
	})
}
