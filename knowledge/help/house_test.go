package help_test

import (
	"context"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"huiyin/db"
	"huiyin/db/pgtest"
	"huiyin/knowledge"
	"huiyin/knowledge/help"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// house is a help centre that is open, before a database.
type house struct {
	t      testing.TB
	db     *db.DB
	index  *knowledge.Index
	centre *help.Centre
	site   *httptest.Server
	mu     sync.Mutex
	at     time.Time
	stop   func()
}

func (h *house) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(time.Millisecond)
	return h.at
}

// later moves the clock on.
func (h *house) later(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(d)
}

func onBoth(t *testing.T, check func(*testing.T, *house)) {
	t.Run("sqlite", func(t *testing.T) { check(t, open(t, filepath.Join(t.TempDir(), "h.db"))) })
	t.Run("postgres", func(t *testing.T) { check(t, open(t, pgtest.URL(t))) })
}

func open(t testing.TB, url string) *house {
	t.Helper()
	ctx := context.Background()
	h := &house{t: t, at: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	var err error
	h.db, err = db.Open(ctx, url, db.Options{Now: h.now})
	h.must(err)
	t.Cleanup(func() { _ = h.db.Close() })
	h.must(h.db.Migrate(ctx, knowledge.Migrations(), help.Migrations()))
	h.index, err = knowledge.Open(ctx, t.TempDir(), h.db, slog.New(slog.DiscardHandler))
	h.must(err)
	t.Cleanup(func() { _ = h.index.Close() })
	h.save(func(s *help.Settings) { s.Open = true })
	h.begin()
	return h
}

// begin starts the help centre, with an address before it.
func (h *house) begin() {
	h.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var err error
	h.centre, err = help.New(ctx, help.Options{DB: h.db, Meaning: h.index, Log: slog.New(slog.DiscardHandler), Channel: "site", Public: "https://hub.example", Key: []byte("key"),
		Render: func(s string) string { return "<p>" + html.EscapeString(s) + "</p>" }, Plain: func(s string) string { return s },
		Address: func(*http.Request) string { return "10.1.2.3" },
		ChatURL: func(inbox int64, language string) string { return fmt.Sprintf("/chat/%d?lang=%s", inbox, language) }})
	h.must(err)
	var working sync.WaitGroup
	working.Go(func() { h.centre.Run(ctx) })
	mux := http.NewServeMux()
	mux.Handle("/help", h.centre)
	mux.Handle("/help/", h.centre)
	mux.HandleFunc("GET /a/{id}", h.centre.ServeShort)
	mux.HandleFunc("GET /robots.txt", h.centre.ServeRobots)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	h.site = httptest.NewServer(h.centre.OnOwnHost(mux))
	var once sync.Once
	h.stop = func() {
		once.Do(func() {
			cancel()
			working.Wait()
			h.site.Close()
		})
	}
	h.t.Cleanup(h.stop)
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) tx(fn func(context.Context, *db.Tx) error) {
	h.t.Helper()
	h.must(h.db.Tx(context.Background(), func(tx *db.Tx) error { return fn(context.Background(), tx) }))
}

func (h *house) save(change func(*help.Settings)) {
	h.t.Helper()
	s, err := help.ReadSettings(context.Background(), h.db)
	h.must(err)
	change(&s)
	h.tx(func(ctx context.Context, tx *db.Tx) error { return help.SaveSettings(ctx, tx, s, "Lin") })
	if h.centre != nil {
		h.centre.Poke()
	}
}

// both is an article in both languages.
func both(zh, en, answer string) knowledge.Content {
	return knowledge.Content{Question: map[string]string{"zh": zh, "en": en}, Answer: map[string]string{"zh": answer, "en": answer}}
}

// draft writes an article that is not published.
func (h *house) draft(c knowledge.Content) (a knowledge.Article) {
	h.t.Helper()
	h.tx(func(ctx context.Context, tx *db.Tx) (err error) {
		a, err = knowledge.Create(ctx, tx, knowledge.Author{Name: "Lin"}, knowledge.NewArticle{Content: c})
		return err
	})
	return a
}

func (h *house) publish(c knowledge.Content) (a knowledge.Article) {
	h.t.Helper()
	a = h.draft(c)
	h.tx(func(ctx context.Context, tx *db.Tx) (err error) {
		a, err = knowledge.Publish(ctx, tx, a.ID, a.Version)
		return err
	})
	return a
}

// settle waits until the pages show, or do not show any more, what the database has.
func (h *house) settle(path, piece string, shown bool) {
	h.t.Helper()
	h.must(h.index.Refresh(context.Background()))
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		h.centre.Poke()
		if strings.Contains(h.get(path).body, piece) == shown {
			return
		}
		if time.Now().After(end) {
			h.t.Fatalf("%s: %q is shown: %v", path, piece, !shown)
		}
	}
}

// answer is what came of a request.
type answer struct {
	t      testing.TB
	path   string
	status int
	header http.Header
	body   string
}

func (h *house) do(r *http.Request) *answer {
	h.t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if r.Header.Get("User-Agent") == "" {
		r.Header.Set("User-Agent", "Mozilla/5.0")
	}
	response, err := client.Do(r)
	h.must(err)
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	h.must(err)
	return &answer{h.t, r.URL.Path, response.StatusCode, response.Header, string(body)}
}

func (h *house) request(method, path string, form url.Values) *http.Request {
	h.t.Helper()
	r, err := http.NewRequest(method, h.site.URL+path, strings.NewReader(form.Encode()))
	h.must(err)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return r
}

func (h *house) get(path string) *answer {
	h.t.Helper()
	return h.do(h.request("GET", path, nil))
}

func (a *answer) want(status int) *answer {
	a.t.Helper()
	if a.status != status {
		a.t.Errorf("%s: status %d, want %d: %.300s", a.path, a.status, status, a.body)
	}
	return a
}

func (a *answer) has(pieces ...string) *answer {
	a.t.Helper()
	for _, p := range pieces {
		if !strings.Contains(a.body, p) {
			a.t.Errorf("%s: no %q in %.3000s", a.path, p, a.body)
		}
	}
	return a
}

func (a *answer) lacks(pieces ...string) *answer {
	a.t.Helper()
	for _, p := range pieces {
		if strings.Contains(a.body, p) {
			a.t.Errorf("%s: there is %q", a.path, p)
		}
	}
	return a
}

func (a *answer) leads(to string) *answer {
	a.t.Helper()
	if got := a.header.Get("Location"); got != to {
		a.t.Errorf("%s leads to %q, want %q", a.path, got, to)
	}
	return a
}
