package mirror

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/db/pgtest"
	"huiyin/live"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

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

// wall is a desk that shows what customers said, a line for each message, and does what a test asks of it before.
type wall struct {
	store *conversation.Store

	mu     sync.Mutex
	lines  []string
	unsure []bool
	next   []func(p *Place) error // before the next places are shown
	closed bool                   // it wants no more conversations
}

func (w *wall) Name() string { return "wall" }

func (w *wall) Wants(_ context.Context, _ db.Querier, c *conversation.Conversation) (bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return !w.closed && c.Status == conversation.Open, nil
}

func (w *wall) Show(ctx context.Context, p *Place) error {
	w.mu.Lock()
	w.unsure = append(w.unsure, p.Unsure)
	var first func(*Place) error
	if len(w.next) > 0 {
		first, w.next = w.next[0], w.next[1:]
	}
	w.mu.Unlock()
	if first != nil {
		if err := first(p); err != nil {
			return err
		}
	}
	messages, err := w.store.Messages(ctx, w.store.DB, p.ConversationID, conversation.Page{After: p.Seq, Limit: 100})
	if err != nil {
		return err
	}
	for _, m := range messages {
		w.mu.Lock()
		w.lines = append(w.lines, fmt.Sprintf("#%d %s", p.ConversationID, m.Text))
		w.mu.Unlock()
		p.Ref = fmt.Sprint("at ", p.ConversationID)
		if err := p.Posted(ctx, Post{Seq: m.Seq, Ref: fmt.Sprint("line ", m.Seq), Shown: m.Text}); err != nil {
			return err
		}
	}
	return nil
}

func (w *wall) then(next ...func(*Place) error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.next = next
}

func (w *wall) fails(err error) func(*Place) error { return func(*Place) error { return err } }

func (w *wall) shown() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string{}, w.lines...)
}

func (w *wall) times() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.unsure)
}

// room is a wall with customers, on one database.
type room struct {
	testing.TB
	ctx   context.Context
	clock *clock
	store *conversation.Store
	live  *live.Hub
	wall  *wall
	inbox conversation.Inbox
	said  int
}

func onBoth(t *testing.T, test func(r *room)) {
	t.Run("sqlite", func(t *testing.T) { test(open(t, filepath.Join(t.TempDir(), "huiyin.db"))) })
	t.Run("postgres", func(t *testing.T) { test(open(t, pgtest.URL(t))) })
}

func open(t testing.TB, url string) *room {
	t.Helper()
	r := &room{TB: t, ctx: t.Context(), clock: &clock{now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}, live: live.NewHub(nil)}
	d, err := db.Open(r.ctx, url, db.Options{Now: r.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if err := d.Migrate(r.ctx, conversation.Migrations(), Migrations()); err != nil {
		t.Fatal(err)
	}
	r.store = &conversation.Store{DB: d, OnChange: func(conversation.Event) { r.live.Pulse(conversation.TopicEvents) }}
	r.wall = &wall{store: r.store}
	r.tx(func(tx *db.Tx) error {
		r.inbox, err = r.store.CreateInbox(r.ctx, tx, conversation.Inbox{Kind: "webchat", Name: "Web"})
		return err
	})
	r.turn(r.node()) // it begins before the first customer comes
	return r
}

// node is one of any number of programs that keep the wall in step.
func (r *room) node() *Mirror {
	return &Mirror{DB: r.store.DB, Conversations: r.store, Live: r.live, Board: r.wall, Log: slog.New(slog.DiscardHandler)}
}

// turn has a node do what is due now.
func (r *room) turn(m *Mirror) {
	r.Helper()
	m.prepare()
	var underWay sync.WaitGroup
	err := m.turn(r.ctx, &underWay, make(chan struct{}, atOnce))
	underWay.Wait()
	if err != nil {
		r.Fatal(err)
	}
}

func (r *room) tx(fn func(*db.Tx) error) {
	r.Helper()
	if err := r.store.DB.Tx(r.ctx, fn); err != nil {
		r.Fatal(err)
	}
}

// says has a customer write; with the first word their conversation begins, in human hands.
func (r *room) says(customer, text string) int64 {
	r.Helper()
	r.said++
	got, err := r.store.Record(r.ctx, r.inbox, conversation.Incoming{SourceID: fmt.Sprint("m", r.said), Address: customer, Text: text})
	if err != nil {
		r.Fatal(err)
	}
	if got.Conversation.Status != conversation.Open {
		r.tx(func(tx *db.Tx) error {
			_, err := tx.Exec(r.ctx, "UPDATE conversations SET status = ? WHERE id = ?", conversation.Open, got.Conversation.ID)
			return err
		})
	}
	return got.Conversation.ID
}

func (r *room) wantShown(want ...string) {
	r.Helper()
	if got := r.wall.shown(); fmt.Sprint(got) != fmt.Sprint(want) {
		r.Fatalf("the wall shows %q, want %q", got, want)
	}
}

func (r *room) waiting() (n int, problem string) {
	r.Helper()
	n, problem, err := Waiting(r.ctx, r.store.DB, "wall")
	if err != nil {
		r.Fatal(err)
	}
	return n, problem
}
