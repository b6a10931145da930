package webchat_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/channels/webchat"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/db/pgtest"
	"huiyin/live"
)

// house is the web chat over a real database, with the road above it cut short: what comes in is recorded,
// and the test itself says what the bot or an agent says.
type house struct {
	t      testing.TB
	store  *conversation.Store
	live   *live.Hub
	inbox  conversation.Inbox
	other  conversation.Inbox // another web chat
	server *httptest.Server
	skew   atomic.Int64 // what the clock is ahead, in ns
	asked  atomic.Int64 // how often a person was asked for
	stood  atomic.Int64 // how often a standing was asked for
}

func build(t testing.TB, settings map[string]string) *house {
	t.Helper()
	return buildOn(t, filepath.Join(t.TempDir(), "test.db"), settings)
}

// onBoth runs a test on SQLite and on PostgreSQL.
func onBoth(t *testing.T, settings map[string]string, test func(t *testing.T, h *house)) {
	t.Run("sqlite", func(t *testing.T) { test(t, build(t, settings)) })
	t.Run("postgres", func(t *testing.T) { test(t, buildOn(t, pgtest.URL(t), settings)) })
}

func TestMain(m *testing.M) { pgtest.Main(m) }

func buildOn(t testing.TB, url string, settings map[string]string) *house {
	t.Helper()
	ctx := t.Context()
	d, err := db.Open(ctx, url, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if err := d.Migrate(ctx, conversation.Migrations()); err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, store: &conversation.Store{DB: d}, live: live.NewHub(nil)}
	h.store.OnChange = h.changed
	err = d.Tx(ctx, func(tx *db.Tx) (err error) {
		h.inbox, err = h.store.CreateInbox(ctx, tx, conversation.Inbox{Kind: webchat.Name, Name: "Web", Bot: true, Settings: settings})
		if err == nil {
			h.other, err = h.store.CreateInbox(ctx, tx, conversation.Inbox{Kind: webchat.Name, Name: "Other", Bot: true, Settings: map[string]string{}})
		}
		if err == nil {
			_, err = h.store.CreateInbox(ctx, tx, conversation.Inbox{Kind: "email", Name: "Mail", Settings: map[string]string{}})
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	h.serve()
	return h
}

func (h *house) serve() {
	a := h.adapter()
	mux := http.NewServeMux()
	mux.Handle("GET /", http.NotFoundHandler())
	for _, r := range a.Routes(h) {
		mux.Handle(r.Pattern, r.Handler)
	}
	h.server = httptest.NewServer(mux)
	h.t.Cleanup(func() { h.live.Stop(); h.server.Close() })
}

func (h *house) adapter() *webchat.Adapter {
	return webchat.New(webchat.Options{Live: h.live, Conversations: h.store, Files: conversation.Files{Folder: h.t.TempDir()},
		Key: []byte("a key of the test, thirty-two by"), Now: func() time.Time { return time.Now().Add(time.Duration(h.skew.Load())) },
		AgentName:    func(context.Context, int64) (string, error) { return "林晓", nil },
		PictureMark:  func(ctx context.Context, id int64) (string, error) { p, err := picture(ctx, id); return p.Mark, err },
		AgentPicture: picture,
		Article:      h.article, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
}

// picture is the face of agent 3; the others have none.
func picture(_ context.Context, id int64) (webchat.Picture, error) {
	if id != 3 {
		return webchat.Picture{}, nil
	}
	return webchat.Picture{Mark: "abc123", Type: "image/png", Data: []byte("\x89PNG of agent 3")}, nil
}

// article is the only one that customers may read.
func (h *house) article(_ context.Context, id int64, language string) (webchat.Article, error) {
	if id != 7 {
		return webchat.Article{}, conversation.ErrNotFound
	}
	return webchat.Article{ID: id, Title: "How to <ask>", Answer: "**Ask** <script>alert(1)</script>", Language: language, UpdatedAt: time.Unix(1_700_000_000, 0)}, nil
}

func (h *house) changed(e conversation.Event) {
	c, err := h.store.Get(context.Background(), h.store.DB, e.ConversationID)
	if err != nil {
		return
	}
	if i, err := h.store.Identity(context.Background(), h.store.DB, c.IdentityID); err == nil {
		h.live.Pulse(channels.Topic(c.InboxID, i.Address))
	}
}

func (h *house) Inbox(ctx context.Context, id int64) (conversation.Inbox, error) {
	return h.store.Inbox(ctx, h.store.DB, id)
}

func (h *house) Accept(ctx context.Context, inbox conversation.Inbox, in channels.Received) (recorded []conversation.Recorded, err error) {
	for _, m := range in.Messages {
		r, err := h.store.Record(ctx, inbox, m)
		if err != nil {
			return recorded, err
		}
		recorded = append(recorded, r)
	}
	return recorded, nil
}

func (h *house) Customer() channels.Customer { return h }

func (h *house) Human(context.Context, conversation.Inbox, string, string) error {
	h.asked.Add(1)
	return nil
}

func (h *house) Verdict(ctx context.Context, inbox conversation.Inbox, address string, id, seq int64, helpful bool) error {
	i, err := h.store.IdentityAt(ctx, h.store.DB, inbox.ID, address)
	if err != nil {
		return err
	}
	return h.store.DB.Tx(ctx, func(tx *db.Tx) error {
		c, err := h.store.Load(ctx, tx, id)
		if err != nil {
			return err
		}
		if c.IdentityID != i.ID {
			return conversation.ErrNotFound
		}
		_, err = h.store.SetHelpful(ctx, tx, id, seq, helpful)
		return err
	})
}

func (h *house) Standing(ctx context.Context, inbox conversation.Inbox, address string) (channels.Standing, error) {
	h.stood.Add(1)
	i, err := h.store.IdentityAt(ctx, h.store.DB, inbox.ID, address)
	if errors.Is(err, conversation.ErrNotFound) {
		return channels.Standing{Status: "none"}, nil
	}
	if err != nil {
		return channels.Standing{}, err
	}
	c, err := h.store.Get(ctx, h.store.DB, i.ConversationID)
	if err != nil || c.Status == conversation.Pending {
		return channels.Standing{Status: "bot"}, err
	}
	if c.Status == conversation.Resolved {
		return channels.Standing{Status: "resolved", Conversation: c.ID}, nil
	}
	return channels.Standing{Status: "queued", Position: 3, Wait: 2 * time.Minute, AgentsOnline: true}, nil
}

// say has the bot or an agent write in a conversation.
func (h *house) say(id int64, d conversation.Draft) conversation.Message {
	h.t.Helper()
	var m conversation.Message
	err := h.store.DB.Tx(context.Background(), func(tx *db.Tx) error {
		c, err := h.store.Load(context.Background(), tx, id)
		if err != nil {
			return err
		}
		m, err = h.store.Reply(context.Background(), tx, c, d)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return m
}

// change changes a conversation.
func (h *house) change(id int64, how func(*conversation.Conversation)) {
	h.t.Helper()
	err := h.store.DB.Tx(context.Background(), func(tx *db.Tx) error {
		c, err := h.store.Load(context.Background(), tx, id)
		if err != nil {
			return err
		}
		how(c)
		return h.store.Save(context.Background(), tx, c)
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// client is a visitor's program.
type client struct {
	*house
	inbox  int64
	token  string
	origin string
	header http.Header
}

// visit begins a visit of somebody new.
func (h *house) visit() *client {
	h.t.Helper()
	c := &client{house: h, inbox: h.inbox.ID, header: http.Header{}}
	c.token = c.session(`{"language":"en"}`).Token
	return c
}

type sessionAnswer struct {
	Token, Visitor, Cursor string
	ExpiresAt              time.Time `json:"expires_at"`
	Introduced, Returning  bool
	Config                 map[string]any
	State                  map[string]any
}

func (c *client) session(body string) (s sessionAnswer) {
	c.t.Helper()
	c.must(http.StatusOK, "POST", "session", body, &s)
	return s
}

type message struct {
	Conversation, Seq int64
	Cursor, From      string
	Text, HTML        string
	Activity          string
	ActivityData      map[string]string `json:"activity_data"`
	Explanation       string
	Author            struct{ Name string }
	Choices           []conversation.Choice
	Attachments       []file
	ClientID          string `json:"client_id"`
	Delivery          string
	CanRate           bool `json:"can_rate"`
	Helpful           *bool
	Article           int64
}

type file struct {
	Key, Name, Type, URL string
	Size                 int64
	Width, Height        int
}

type page struct {
	Messages []message
	Cursor   string
	More     bool
	State    map[string]any
}

func (c *client) list(query string) (p page) {
	c.t.Helper()
	c.must(http.StatusOK, "GET", "messages"+query, "", &p)
	return p
}

// send posts a message and returns it.
func (c *client) send(clientID, text string) message {
	c.t.Helper()
	body, err := json.Marshal(map[string]string{"client_id": clientID, "text": text})
	if err != nil {
		c.t.Fatal(err)
	}
	var answer struct{ Message message }
	c.must(http.StatusCreated, "POST", "messages", string(body), &answer)
	return answer.Message
}

// must makes a request and wants a status.
func (c *client) must(status int, method, path, body string, into any) {
	c.t.Helper()
	got, text := c.try(method, path, body)
	if got != status {
		c.t.Fatalf("%s %s: status %d, want %d: %s", method, path, got, status, text)
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal([]byte(text), into); err != nil {
		c.t.Fatalf("%s %s: %v in %s", method, path, err, text)
	}
}

func (c *client) try(method, path, body string) (status int, text string) {
	c.t.Helper()
	answer := c.do(method, path, strings.NewReader(body), "application/json")
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer.StatusCode, string(bytes.TrimSpace(content))
}

func (c *client) do(method, path string, body io.Reader, contentType string) *http.Response {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.url(path), body)
	if err != nil {
		c.t.Fatal(err)
	}
	for key, values := range c.header {
		r.Header[key] = values
	}
	r.Header.Set("Content-Type", contentType)
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	if c.origin != "" {
		r.Header.Set("Origin", c.origin)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer
}

func (c *client) url(path string) string {
	if strings.HasPrefix(path, "/") {
		return c.server.URL + path
	}
	return c.server.URL + "/chat/" + jsonInt(c.inbox) + "/" + path
}

func jsonInt(n int64) string {
	text, _ := json.Marshal(n)
	return string(text)
}

// sendQueued has what waits to be sent go out, as the road above would.
func (h *house) sendQueued() error {
	return h.store.DB.Tx(context.Background(), func(tx *db.Tx) error {
		ctx := context.Background()
		leases, err := conversation.Outbox().Claim(ctx, tx, "t", time.Minute, 100)
		if err != nil {
			return err
		}
		parcels, err := h.store.Parcels(ctx, tx, leases)
		for _, p := range parcels {
			if err == nil {
				err = h.store.MarkSent(ctx, tx, p, conversation.Sent, "")
			}
		}
		return err
	})
}
