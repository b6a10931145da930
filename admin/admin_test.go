package admin_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"huiyin/admin"
	"huiyin/admin/reports"
	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/db/pgtest"
	"huiyin/handoff"
	"huiyin/handoff/mirror"
	"huiyin/handoff/slack"
	"huiyin/handoff/wecom"
	"huiyin/knowledge"
	"huiyin/knowledge/gaps"
	"huiyin/knowledge/golden"
	"huiyin/knowledge/help"
	"huiyin/live"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

const password = "correct horse battery"

// house is a whole server over a real database, reached over HTTP.
type house struct {
	t       testing.TB
	db      *db.DB
	store   *conversation.Store
	desk    *handoff.Desk
	server  *admin.Server
	url     string
	log     *bytes.Buffer
	clock   *clock
	people  map[handoff.Role]handoff.Agent
	inbox   conversation.Inbox
	tried   admin.TryRequest
	options admin.Options
	routes  []*echo.Route
	owner   *caller // signed in once; nil: not yet
}

// clock is the time of a house; it goes on by itself and can be moved.
type clock struct {
	mu    sync.Mutex
	ahead time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}

// onBoth runs a test on SQLite and on PostgreSQL.
func onBoth(t *testing.T, test func(*testing.T, *house)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, open(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, openAt(t, pgtest.URL(t), nil)) })
}

// open makes a house with one person of each role and a web chat.
func open(t testing.TB) *house {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "huiyin.db"), nil)
}

func openAt(t testing.TB, url string, change func(*admin.Options)) *house {
	t.Helper()
	h := empty(t, url, change)
	hash, err := admin.HashPassword(password)
	h.must(err)
	for _, role := range handoff.Roles() {
		h.tx(func(tx *db.Tx) error {
			a, err := h.desk.CreateAgent(context.Background(), tx, handoff.Agent{Name: string(role), Email: string(role) + "@example.com", Role: role, Language: "en"})
			if err != nil {
				return err
			}
			h.people[role] = a
			return admin.SetPasswordHash(context.Background(), tx, a.ID, hash)
		})
	}
	h.tx(func(tx *db.Tx) (err error) {
		h.inbox, err = h.store.CreateInbox(context.Background(), tx, conversation.Inbox{Kind: "page", Name: "Site", Bot: true})
		return err
	})
	return h
}

// empty makes a house with nobody in it.
func empty(t testing.TB, url string, change func(*admin.Options)) *house {
	t.Helper()
	ctx := context.Background()
	h := &house{t: t, clock: &clock{}, log: &bytes.Buffer{}, people: map[handoff.Role]handoff.Agent{}}
	var err error
	h.db, err = db.Open(ctx, url, db.Options{Now: h.clock.now})
	h.must(err)
	h.must(h.db.Migrate(ctx, conversation.Migrations(), knowledge.Migrations(), golden.Migrations(), handoff.Migrations(), admin.Migrations(), reports.Migrations(), gaps.Migrations(), help.Migrations(), mirror.Migrations(), slack.Migrations(), wecom.Migrations()))
	log := slog.New(slog.NewTextHandler(&guarded{to: h.log}, nil))
	index, err := knowledge.Open(ctx, t.TempDir(), h.db, log)
	h.must(err)
	vault, err := channels.NewVault(bytes.Repeat([]byte("k"), 32))
	h.must(err)
	hub := live.NewHub(nil)
	h.store = newStore(h.db, hub)
	h.desk = handoff.New(h.db, h.store, hub)
	helpCentre, err := help.New(ctx, help.Options{DB: h.db, Meaning: index, Log: log, Channel: "page", Public: "https://help.example.com", Key: []byte("k"),
		Render: channels.RenderMarkdown, Plain: channels.PlainText})
	h.must(err)
	h.options = admin.Options{DB: h.db, Help: helpCentre, Conversations: h.store, Files: conversation.Files{Folder: t.TempDir()}, Knowledge: index, Desk: h.desk, Found: h.index(t),
		Live: hub, Vault: vault, Adapters: []channels.Adapter{page{}, hook{}, &platform{}, postbox{}}, PublicURL: "https://help.example.com", SetupToken: "open-sesame",
		Log: log, Try: h.try, Answers: h.answers()}
	if change != nil {
		change(&h.options)
	}
	t.Cleanup(func() {
		_ = index.Close()
		_ = h.db.Close()
	})
	h.restart()
	return h
}

// restart puts a new server in front of the same database.
func (h *house) restart() {
	h.t.Helper()
	var err error
	h.options.Robots = wecom.New(wecom.Options{DB: h.options.DB, Conversations: h.options.Conversations, Desk: h.options.Desk, Live: h.options.Live, Sealer: h.options.Vault, Log: slog.New(slog.DiscardHandler)})
	h.options.Slack = slack.New(slack.Options{DB: h.options.DB, Conversations: h.options.Conversations, Files: h.options.Files, Desk: h.options.Desk, Live: h.options.Live, Sealer: h.options.Vault, Log: slog.New(slog.DiscardHandler)})
	h.server, err = admin.New(h.options)
	h.must(err)
	e := echo.New()
	h.server.Register(e)
	h.routes = e.Routes()
	site := httptest.NewServer(e)
	h.url = site.URL
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); h.server.Run(ctx) }()
	h.t.Cleanup(func() {
		cancel()
		site.CloseClientConnections()
		site.Close()
		<-done
	})
}

func (h *house) try(_ context.Context, r admin.TryRequest) (admin.TryResult, error) {
	if r.Text == "a person please" {
		return admin.TryResult{Decision: "handoff", Explanation: json.RawMessage(`{"intent":"human"}`)}, nil
	}
	h.tried = r
	return admin.TryResult{Decision: "answer", Text: "**yes**", Hits: []knowledge.Hit{{ArticleID: 7, Question: "Q", Language: "en"}},
		Explanation: json.RawMessage(`{"rule":"test"}`)}, nil
}

// page is a channel with pages of its own and a secret.
type page struct{}

// Kind describes it.
func (page) Kind() channels.Kind {
	return channels.Kind{Name: "page", Title: channels.Words{Zh: "网页", En: "Page"}, Settings: []channels.Setting{
		{Key: "greeting", Type: channels.Text}, {Key: "token", Type: channels.Text, Secret: true},
		{Key: "theme", Type: channels.Select, Options: []channels.Option{{Value: "light"}, {Value: "dark"}}}}}
}

// Send takes everything.
func (page) Send(context.Context, conversation.Inbox, channels.Outgoing) (channels.Accepted, error) {
	return channels.Accepted{}, nil
}

// Routes has none.
func (page) Routes(channels.Host) []channels.Route { return nil }

// Show shows the settings as they are.
func (page) Show(inbox conversation.Inbox, language string) any {
	return map[string]any{"language": language, "settings": inbox.Settings}
}

// hook is a channel that is called back.
type hook struct{}

// Kind describes it.
func (hook) Kind() channels.Kind {
	return channels.Kind{Name: "hook", Settings: []channels.Setting{{Key: "app_id", Type: channels.Text, Required: true}}}
}

// Send takes everything.
func (hook) Send(context.Context, conversation.Inbox, channels.Outgoing) (channels.Accepted, error) {
	return channels.Accepted{}, nil
}

// Receive takes nothing.
func (hook) Receive(conversation.Inbox, *http.Request) (channels.Received, error) {
	return channels.Received{}, nil
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) tx(fn func(*db.Tx) error) {
	h.t.Helper()
	h.must(h.db.Tx(context.Background(), fn))
}

// says lets a customer write and returns the conversation.
func (h *house) says(address, text string) *conversation.Conversation {
	h.t.Helper()
	r, err := h.store.Record(context.Background(), h.inbox, conversation.Incoming{Address: address, Text: text,
		Profile: conversation.Profile{Name: "Customer " + address, Phone: "13800000000"}})
	h.must(err)
	return r.Conversation
}

// queued lets a customer write and puts the conversation into the queue.
func (h *house) queued(address, text string) *conversation.Conversation {
	h.t.Helper()
	c := h.says(address, text)
	h.tx(func(tx *db.Tx) error {
		loaded, err := h.store.Load(context.Background(), tx, c.ID)
		if err != nil {
			return err
		}
		return h.desk.Request(context.Background(), tx, loaded, handoff.Asked)
	})
	return c
}

// caller is somebody with a session or a key, or nobody.
type caller struct {
	h      *house
	header http.Header
}

// nobody is who has not signed in.
func (h *house) nobody() *caller { return &caller{h, http.Header{}} }

// as signs somebody in who has the role.
func (h *house) as(role handoff.Role) *caller {
	h.t.Helper()
	return h.signIn(string(role)+"@example.com", password)
}

func (h *house) signIn(email, password string) *caller {
	h.t.Helper()
	c := h.nobody()
	r := c.do("POST", "/session", map[string]string{"email": email, "password": password})
	r.want(http.StatusOK)
	c.header.Set("Cookie", "huiyin_session="+r.cookie("huiyin_session").Value)
	c.header.Set("X-Huiyin", "1")
	return c
}

// key makes a key with scopes and calls with it.
func (h *house) key(scopes ...string) *caller {
	h.t.Helper()
	secret, _, err := h.server.CreateKey(context.Background(), "robot", scopes)
	h.must(err)
	return &caller{h, http.Header{"Authorization": {"Bearer " + secret}}}
}

// with is the caller with one more header.
func (c *caller) with(name, value string) *caller {
	more := c.header.Clone()
	more.Set(name, value)
	return &caller{c.h, more}
}

// do calls the API with a body that is JSON, text, or nothing.
func (c *caller) do(method, path string, body any) *answer {
	c.h.t.Helper()
	var text []byte
	switch b := body.(type) {
	case nil:
	case string:
		text = []byte(b)
	default:
		var err error
		text, err = json.Marshal(b)
		c.h.must(err)
	}
	return c.send(method, path, "application/json", text)
}

func (c *caller) send(method, path, kind string, body []byte) *answer {
	c.h.t.Helper()
	if !strings.HasPrefix(path, "/api/") {
		path = "/api/v1" + path
	}
	r, err := http.NewRequest(method, c.h.url+path, bytes.NewReader(body))
	c.h.must(err)
	for name, values := range c.header {
		r.Header[name] = values
	}
	if len(body) > 0 && r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", kind)
	}
	res, err := http.DefaultClient.Do(r)
	c.h.must(err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	c.h.must(err)
	return &answer{c.h.t, c.h, method + " " + path, res, text}
}

// answer is what came back.
type answer struct {
	t     testing.TB
	house *house
	what  string
	*http.Response
	text []byte
}

func (a *answer) want(status int) *answer {
	a.t.Helper()
	if a.StatusCode != status {
		a.t.Fatalf("%s: status %d, want %d: %s\n%s", a.what, a.StatusCode, status, a.text, a.house.log)
	}
	return a
}

// fails wants a problem with a code.
func (a *answer) fails(status int, code string) *answer {
	a.t.Helper()
	a.want(status)
	var p struct{ Code, Detail, Title string }
	if kind := a.Header.Get("Content-Type"); kind != "application/problem+json" || json.Unmarshal(a.text, &p) != nil || p.Code != code || p.Detail == "" || p.Title == "" {
		a.t.Fatalf("%s: %s %s, want code %s", a.what, kind, a.text, code)
	}
	return a
}

// into reads the answer.
func (a *answer) into(v any) {
	a.t.Helper()
	if err := json.Unmarshal(a.text, v); err != nil {
		a.t.Fatalf("%s: %v in %s", a.what, err, a.text)
	}
}

// has wants pieces of text in the answer.
func (a *answer) has(pieces ...string) *answer {
	a.t.Helper()
	for _, p := range pieces {
		if !strings.Contains(string(a.text), p) {
			a.t.Fatalf("%s: no %s in %.1000s", a.what, p, a.text)
		}
	}
	return a
}

// lacks wants pieces of text not in the answer.
func (a *answer) lacks(pieces ...string) *answer {
	a.t.Helper()
	for _, p := range pieces {
		if strings.Contains(string(a.text), p) {
			a.t.Fatalf("%s: %s in %.1000s", a.what, p, a.text)
		}
	}
	return a
}

func (a *answer) cookie(name string) *http.Cookie {
	a.t.Helper()
	for _, c := range a.Cookies() {
		if c.Name == name {
			return c
		}
	}
	a.t.Fatalf("%s: no cookie %s", a.what, name)
	return nil
}
