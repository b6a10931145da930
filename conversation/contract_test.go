package conversation_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/db/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// clock is a time that tests move by hand.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// house is one store on one of the databases.
type house struct {
	*conversation.Store
	*clock
	inbox conversation.Inbox
	t     *testing.T
}

// onBoth runs a test on SQLite and on PostgreSQL.
func onBoth(t *testing.T, test func(h house)) {
	for name, url := range map[string]func(t *testing.T) string{
		"sqlite":   func(t *testing.T) string { return t.TempDir() + "/huiyin.db" },
		"postgres": func(t *testing.T) string { return pgtest.URL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			c := &clock{at: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)}
			d, err := db.Open(context.Background(), url(t), db.Options{Now: c.now})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = d.Close() })
			if err := d.Migrate(context.Background(), conversation.Migrations()); err != nil {
				t.Fatal(err)
			}
			h := house{Store: &conversation.Store{DB: d}, clock: c, t: t}
			h.inbox = h.makeInbox(true)
			test(h)
		})
	}
}

func (h house) tx(fn func(ctx context.Context, tx *db.Tx) error) {
	h.t.Helper()
	ctx := context.Background()
	if err := h.DB.Tx(ctx, func(tx *db.Tx) error { return fn(ctx, tx) }); err != nil {
		h.t.Fatal(err)
	}
}

func (h house) makeInbox(bot bool) (inbox conversation.Inbox) {
	h.tx(func(ctx context.Context, tx *db.Tx) (err error) {
		inbox, err = h.CreateInbox(ctx, tx, conversation.Inbox{Kind: "webchat", Name: "Web", Bot: bot, Settings: map[string]string{"greeting": "hi"}, Sealed: "x"})
		return err
	})
	return inbox
}

func (h house) record(in conversation.Incoming) conversation.Recorded {
	h.t.Helper()
	r, err := h.Record(context.Background(), h.inbox, in)
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

func (h house) get(id int64) *conversation.Conversation {
	h.t.Helper()
	c, err := h.Get(context.Background(), h.DB, id)
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

// change loads a conversation, lets fn change it and saves it.
func (h house) change(id int64, fn func(c *conversation.Conversation)) {
	h.t.Helper()
	h.tx(func(ctx context.Context, tx *db.Tx) error {
		c, err := h.Load(ctx, tx, id)
		if err != nil {
			return err
		}
		fn(c)
		return h.Save(ctx, tx, c)
	})
}

func (h house) reply(id int64, d conversation.Draft) (m conversation.Message) {
	h.t.Helper()
	h.tx(func(ctx context.Context, tx *db.Tx) error {
		c, err := h.Load(ctx, tx, id)
		if err != nil {
			return err
		}
		m, err = h.Reply(ctx, tx, c, d)
		return err
	})
	return m
}

func TestRecordNumbersEverythingOnce(t *testing.T) {
	onBoth(t, func(h house) {
		ctx := context.Background()
		var wg sync.WaitGroup
		for i := range 60 {
			for range 2 { // the provider repeats each
				wg.Go(func() {
					in := conversation.Incoming{SourceID: fmt.Sprint("m", i), Address: fmt.Sprint("visitor", i%5), Text: "宽带断了"}
					if _, err := h.Record(ctx, h.inbox, in); err != nil {
						h.t.Error(err)
					}
				})
			}
		}
		wg.Wait()
		h.eventsRise()
		list, _, err := h.List(ctx, h.DB, conversation.Filter{Scope: conversation.Scope{All: true}, Limit: 10})
		if err != nil || len(list) != 5 {
			h.t.Fatalf("%d conversations, %v", len(list), err)
		}
		for _, c := range list {
			messages, err := h.Messages(ctx, h.DB, c.ID, conversation.Page{Limit: 100})
			if err != nil || len(messages) != 12 || c.LastSeq != 12 || c.Unread != 12 {
				h.t.Fatalf("conversation %d: %d messages, last %d, unread %d, %v", c.ID, len(messages), c.LastSeq, c.Unread, err)
			}
			for i, m := range messages {
				if m.Seq != int64(i+1) {
					h.t.Fatalf("seq %d at %d", m.Seq, i)
				}
			}
		}
		h.wantCounts(map[conversation.View]conversation.Count{conversation.ViewBot: {Total: 5, Unread: 5}, conversation.ViewAll: {Total: 5, Unread: 5}})
	})
}

func (h house) eventsRise() {
	h.t.Helper()
	events, err := h.Events(context.Background(), h.DB, 0, 10_000)
	if err != nil {
		h.t.Fatal(err)
	}
	for i, e := range events {
		if e.N != int64(i+1) {
			h.t.Fatalf("event %d has number %d", i, e.N)
		}
	}
}

func (h house) wantCounts(want map[conversation.View]conversation.Count) {
	h.t.Helper()
	got, err := h.Counts(context.Background(), h.DB, conversation.Scope{All: true, AgentID: 7})
	if err != nil {
		h.t.Fatal(err)
	}
	for _, v := range []conversation.View{conversation.ViewMine, conversation.ViewQueue, conversation.ViewBot, conversation.ViewSnoozed, conversation.ViewResolved, conversation.ViewAll} {
		if got[v] != want[v] {
			h.t.Errorf("%s: %v, want %v", v, got[v], want[v])
		}
	}
}

func TestDuplicateReturnsTheFirst(t *testing.T) {
	onBoth(t, func(h house) {
		first := h.record(conversation.Incoming{SourceID: "a", Address: "v", Text: "hello"})
		again := h.record(conversation.Incoming{SourceID: "a", Address: "v", Text: "hello"})
		if !again.Duplicate || again.Message.ID != first.Message.ID || again.Conversation.LastSeq != 1 {
			h.t.Fatalf("again %+v", again)
		}
		h.change(first.Conversation.ID, func(c *conversation.Conversation) { c.Status = conversation.Resolved })
		h.pass(48 * time.Hour)
		late := h.record(conversation.Incoming{SourceID: "a", Address: "v", Text: "hello"})
		if !late.Duplicate || late.Started {
			h.t.Fatalf("a late repeat started a conversation: %+v", late)
		}
	})
}

func TestWhoseTurnAfterAMessage(t *testing.T) {
	for name, test := range map[string]struct {
		before  func(c *conversation.Conversation)
		wait    time.Duration
		status  conversation.Status
		agent   int64
		owed    bool
		another bool // a new conversation is started
	}{
		"with the bot":               {func(*conversation.Conversation) {}, 0, conversation.Pending, 0, true, false},
		"in the queue":               {func(c *conversation.Conversation) { c.Status = conversation.Open }, 0, conversation.Open, 0, false, false},
		"with an agent":              {func(c *conversation.Conversation) { c.Status, c.AgentID = conversation.Open, 7 }, 0, conversation.Open, 7, false, false},
		"snoozed wakes":              {func(c *conversation.Conversation) { c.Status, c.AgentID = conversation.Snoozed, 7 }, 0, conversation.Open, 7, false, false},
		"resolved today":             {func(c *conversation.Conversation) { c.Status, c.AgentID = conversation.Resolved, 7 }, time.Hour, conversation.Pending, 0, true, false},
		"resolved long ago: another": {func(c *conversation.Conversation) { c.Status = conversation.Resolved }, 25 * time.Hour, conversation.Pending, 0, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(h house) {
				first := h.record(conversation.Incoming{Address: "v", Text: "1", Profile: conversation.Profile{Name: "王丽"}})
				h.change(first.Conversation.ID, test.before)
				h.pass(test.wait)
				r := h.record(conversation.Incoming{Address: "v", Text: "2"})
				c := h.get(r.Conversation.ID)
				if c.Status != test.status || c.AgentID != test.agent || c.TurnDue.IsZero() == test.owed || r.Started != test.another {
					h.t.Fatalf("%+v, started %v", c, r.Started)
				}
				if c.ContactID != first.Conversation.ContactID {
					h.t.Fatal("the contact was made twice")
				}
			})
		})
	}
}

func TestReplyQueuesOnceAndNotesStayInside(t *testing.T) {
	onBoth(t, func(h house) {
		ctx := context.Background()
		id := h.record(conversation.Incoming{Address: "v", Text: "help"}).Conversation.ID
		m := h.reply(id, conversation.Draft{Sender: conversation.FromAgent, AgentID: 7, Text: "hello", SourceID: "agent:7:x"})
		same := h.reply(id, conversation.Draft{Sender: conversation.FromAgent, AgentID: 7, Text: "hello", SourceID: "agent:7:x"})
		note := h.reply(id, conversation.Draft{Sender: conversation.FromAgent, AgentID: 7, Text: "difficult customer", Private: true})
		if same.ID != m.ID || m.Delivery != conversation.Queued || note.Delivery != "" || note.Seq != m.Seq+1 {
			h.t.Fatalf("%+v, %+v, %+v", m, same, note)
		}
		c := h.get(id)
		if c.Unread != 0 || !c.WaitingSince.IsZero() || c.Preview != "hello" || c.LastSeq != 3 {
			h.t.Fatalf("%+v", c)
		}
		seen, err := h.Thread(ctx, h.DB, c.IdentityID, 0, 0, 10)
		if err != nil || len(seen) != 2 || slices.ContainsFunc(seen, func(m conversation.Message) bool { return m.Private }) {
			h.t.Fatalf("the customer sees %+v, %v", seen, err)
		}
		err = h.DB.Tx(ctx, func(tx *db.Tx) error {
			c, err := h.Load(ctx, tx, id)
			if err != nil {
				return err
			}
			_, err = h.Reply(ctx, tx, c, conversation.Draft{Sender: conversation.FromAgent})
			return err
		})
		var field *conversation.FieldError
		if !errors.As(err, &field) {
			h.t.Fatalf("an empty reply: %v", err)
		}
		h.eventsRise()
	})
}

func TestCountersFollowEveryChange(t *testing.T) {
	onBoth(t, func(h house) {
		a := h.record(conversation.Incoming{Address: "a", Text: "1"}).Conversation.ID
		b := h.record(conversation.Incoming{Address: "b", Text: "1"}).Conversation.ID
		h.change(a, func(c *conversation.Conversation) { c.Status = conversation.Open })
		h.wantCounts(map[conversation.View]conversation.Count{conversation.ViewQueue: {1, 1}, conversation.ViewBot: {1, 1}, conversation.ViewAll: {2, 2}})
		h.change(a, func(c *conversation.Conversation) { c.AgentID = 7 })
		h.tx(func(ctx context.Context, tx *db.Tx) error { return h.MarkAgentRead(ctx, tx, a, 99) })
		h.wantCounts(map[conversation.View]conversation.Count{conversation.ViewMine: {1, 0}, conversation.ViewBot: {1, 1}, conversation.ViewAll: {2, 1}})
		h.record(conversation.Incoming{Address: "a", Text: "2"})
		h.wantCounts(map[conversation.View]conversation.Count{conversation.ViewMine: {1, 1}, conversation.ViewBot: {1, 1}, conversation.ViewAll: {2, 2}})
		h.change(b, func(c *conversation.Conversation) { c.Status = conversation.Resolved })
		h.change(a, func(c *conversation.Conversation) { c.Status = conversation.Snoozed })
		h.wantCounts(map[conversation.View]conversation.Count{conversation.ViewSnoozed: {1, 1}, conversation.ViewResolved: {1, 0}, conversation.ViewAll: {2, 1}})
	})
}

func TestListPagesWithoutGapOrRepeat(t *testing.T) {
	onBoth(t, func(h house) {
		for i := range 23 {
			h.record(conversation.Incoming{Address: fmt.Sprint("v", i), Text: "x", Profile: conversation.Profile{Name: strings.Repeat("李", i%3+1)}})
			if i%4 == 0 {
				h.pass(time.Second)
			}
		}
		for _, view := range []conversation.View{conversation.ViewAll, conversation.ViewQueue} {
			if view == conversation.ViewQueue {
				for id := int64(1); id <= 23; id++ {
					h.change(id, func(c *conversation.Conversation) {
						c.Status, c.Priority = conversation.Open, conversation.Priority(id%4)
					})
				}
			}
			seen := map[int64]bool{}
			f := conversation.Filter{View: view, Scope: conversation.Scope{All: true}, Limit: 5}
			var last *conversation.Conversation
			for {
				page, next, err := h.List(context.Background(), h.DB, f)
				if err != nil {
					h.t.Fatal(err)
				}
				for _, c := range page {
					if seen[c.ID] || (view == conversation.ViewQueue && last != nil && c.Priority > last.Priority) {
						h.t.Fatalf("%s: conversation %d out of place", view, c.ID)
					}
					seen[c.ID], last = true, c
				}
				if next == nil {
					break
				}
				place, ok := conversation.ParsePlace(next.String())
				if !ok || place != *next {
					h.t.Fatalf("cursor %q", next)
				}
				f.After = place
			}
			if len(seen) != 23 {
				h.t.Fatalf("%s: %d conversations", view, len(seen))
			}
		}
	})
}
