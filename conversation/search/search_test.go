package search_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/conversation/search"
	"huiyin/db"
	"huiyin/db/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// house is a database with an index that follows it.
type house struct {
	*conversation.Store
	*search.Index
	t      testing.TB
	folder string
	inbox  conversation.Inbox
	at     time.Time
}

func onBoth(t *testing.T, test func(h *house)) {
	t.Run("sqlite", func(t *testing.T) { test(open(t, t.TempDir()+"/huiyin.db")) })
	t.Run("postgres", func(t *testing.T) { test(open(t, pgtest.URL(t))) })
}

func open(t testing.TB, url string) *house {
	h := &house{t: t, folder: t.TempDir(), at: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
	d, err := db.Open(context.Background(), url, db.Options{Now: func() time.Time { return h.at }})
	h.must(err)
	t.Cleanup(func() { _ = d.Close() })
	h.must(d.Migrate(context.Background(), conversation.Migrations()))
	h.Store = &conversation.Store{DB: d}
	h.inbox = h.makeInbox("Web")
	h.reopen()
	t.Cleanup(func() { _ = h.Index.Close() })
	return h
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) reopen() {
	if h.Index != nil {
		h.must(h.Index.Close())
	}
	h.Index = search.Open(h.folder, h.Store, slog.New(slog.DiscardHandler))
}

func (h *house) makeInbox(name string) (i conversation.Inbox) {
	h.tx(func(ctx context.Context, tx *db.Tx) (err error) {
		i, err = h.CreateInbox(ctx, tx, conversation.Inbox{Kind: "webchat", Name: name})
		return err
	})
	return i
}

func (h *house) tx(fn func(ctx context.Context, tx *db.Tx) error) {
	h.t.Helper()
	ctx := context.Background()
	h.must(h.DB.Tx(ctx, func(tx *db.Tx) error { return fn(ctx, tx) }))
}

func (h *house) says(address, text string) *conversation.Conversation {
	h.t.Helper()
	r, err := h.Record(context.Background(), h.inbox, conversation.Incoming{Address: address, Text: text, Profile: conversation.Profile{Name: "Customer " + address}})
	h.must(err)
	return r.Conversation
}

func (h *house) change(id int64, fn func(c *conversation.Conversation)) {
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

// settle lets the index do all there is to do.
func (h *house) settle() {
	h.t.Helper()
	for range 10000 {
		more, err := h.Step(context.Background())
		h.must(err)
		if !more && h.Building() == 100 {
			return
		}
	}
	h.t.Fatal("the index never settles")
}

var all = conversation.Scope{All: true}

// found gives the texts of what a search finds, newest first.
func (h *house) found(q search.Filter) []string {
	h.t.Helper()
	if q.Scope.TeamIDs == nil && q.Scope.AgentID == 0 {
		q.Scope = all
	}
	if q.Limit == 0 {
		q.Limit = 20
	}
	page, err := h.Index.Messages(context.Background(), q)
	h.must(err)
	texts := []string{}
	for _, hit := range page.Hits {
		texts = append(texts, hit.Text)
	}
	return texts
}

func (h *house) finds(query string, want ...string) {
	h.t.Helper()
	if got := h.found(search.Filter{Query: query}); strings.Join(got, "|") != strings.Join(want, "|") {
		h.t.Errorf("%q finds %q, want %q", query, got, want)
	}
}

func TestWordsOfBothLanguages(t *testing.T) {
	onBoth(t, func(h *house) {
		texts := []string{"宽带又断了，什么时候修好？", "請問寬頻月費", "我想开发票", "My invoice HY20261122-8899 is wrong", "call 138-0013-8000 please", "Invoices, again", "ＦＵＬＬ width"}
		for i, text := range texts {
			h.says(fmt.Sprint("v", i), text)
		}
		h.settle()
		h.finds("宽带", texts[0])
		h.finds("宽带断", nil...)
		h.finds("断了 宽带", texts[0])
		h.finds("寬帶又斷", texts[0])
		h.finds("宽频月费", texts[1])
		h.finds("发票", texts[2])
		h.finds("票", texts[2])
		h.finds("开", texts[2])
		h.finds("INVOICE", texts[5], texts[3])
		h.finds("inv", texts[5], texts[3])
		h.finds("8899", texts[3])
		h.finds("2026112", texts[3])
		h.finds("00138000", texts[4])
		h.finds("138 0013 8000", texts[4])
		h.finds("138-0013-8000", texts[4])
		h.finds("13800138000", texts[4])
		h.finds("HY20261122-88", texts[3])
		h.finds("HY20261122-99", nil...)
		h.finds("full", texts[6])
		h.finds("invoice 宽带", nil...)
		h.finds(`") OR (`, nil...)
		h.finds("nobody", nil...)
		h.finds("", nil...)
	})
}

func TestFilters(t *testing.T) {
	onBoth(t, func(h *house) {
		one := h.says("a", "refund one")
		h.change(one.ID, func(c *conversation.Conversation) { c.TeamID, c.AgentID, c.Status = 3, 7, conversation.Open })
		h.at = h.at.Add(48 * time.Hour)
		two := h.says("b", "refund two")
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			c, err := h.Load(ctx, tx, two.ID)
			if err != nil {
				return err
			}
			if err := h.SetTags(ctx, tx, c, []string{"退款 急"}); err != nil {
				return err
			}
			if err := h.Save(ctx, tx, c); err != nil {
				return err
			}
			_, err = h.Reply(ctx, tx, c, conversation.Draft{Sender: conversation.FromAgent, AgentID: 7, Text: "refund answered", Private: true})
			return err
		})
		second := h.makeInbox("Other")
		h.inbox = second
		h.says("c", "refund three")
		h.settle()
		for _, c := range []struct {
			name string
			q    search.Filter
			want string
		}{
			{"all", search.Filter{}, "refund three|refund answered|refund two|refund one"},
			{"inbox", search.Filter{InboxID: second.ID}, "refund three"},
			{"team", search.Filter{TeamID: 3}, "refund one"},
			{"agent", search.Filter{AgentID: 7}, "refund one"},
			{"status", search.Filter{Status: conversation.Open}, "refund three|refund answered|refund two|refund one"},
			{"sender", search.Filter{Sender: conversation.FromAgent}, "refund answered"},
			{"tag", search.Filter{Tag: "退款 急"}, "refund answered|refund two"},
			{"from", search.Filter{From: h.at.Add(-time.Hour)}, "refund three|refund answered|refund two"},
			{"to", search.Filter{To: h.at.Add(-time.Hour)}, "refund one"},
			{"files", search.Filter{Files: true}, ""},
			{"several", search.Filter{TeamID: 3, Status: conversation.Open, To: h.at}, "refund one"},
			{"none fits", search.Filter{TeamID: 3, InboxID: second.ID}, ""},
		} {
			c.q.Query = "refund"
			if got := strings.Join(h.found(c.q), "|"); got != c.want {
				h.t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
		}
	})
}

func TestAnotherTeamsWordsAreNeverFound(t *testing.T) {
	onBoth(t, func(h *house) {
		theirs := h.says("a", "a secret of theirs")
		h.says("b", "a secret of nobody")
		h.settle()
		mine := conversation.Scope{AgentID: 7, TeamIDs: []int64{1}}
		sees := func(want string) {
			h.t.Helper()
			if got := strings.Join(h.found(search.Filter{Query: "secret", Scope: mine}), "|"); got != want {
				h.t.Fatalf("%q, want %q", got, want)
			}
		}
		sees("a secret of nobody|a secret of theirs")
		h.change(theirs.ID, func(c *conversation.Conversation) { c.TeamID = 2 })
		sees("a secret of nobody") // before the index has followed
		h.settle()
		sees("a secret of nobody")
		h.change(theirs.ID, func(c *conversation.Conversation) { c.Status, c.AgentID = conversation.Open, 7 })
		h.settle()
		sees("a secret of nobody|a secret of theirs")
		people := func() int {
			found, err := h.People(context.Background(), "customer", mine, 10)
			h.must(err)
			return len(found)
		}
		if n := people(); n != 2 {
			h.t.Fatal(n)
		}
		h.change(theirs.ID, func(c *conversation.Conversation) { c.AgentID = 0 })
		if n := people(); n != 1 {
			h.t.Fatal(n)
		}
	})
}

func TestPeopleByNameAndNumber(t *testing.T) {
	onBoth(t, func(h *house) {
		record := func(address string, p conversation.Profile) *conversation.Conversation {
			r, err := h.Record(context.Background(), h.inbox, conversation.Incoming{Address: address, Text: "hi", Profile: p})
			h.must(err)
			return r.Conversation
		}
		li := record("oX1", conversation.Profile{Name: "王丽", Phone: "+86 138 0013 8000"})
		record("oX2", conversation.Profile{Name: "小王", Email: "xiao.wang@example.com"})
		h.settle()
		names := func(query string) string {
			found, err := h.People(context.Background(), query, all, 10)
			h.must(err)
			var list []string
			for _, p := range found {
				list = append(list, p.Name)
			}
			return strings.Join(list, "|")
		}
		for query, want := range map[string]string{"王": "王丽|小王", "王丽": "王丽", "8000": "王丽", "13800138000": "王丽", "wang": "小王", "example": "小王", "ox1": "王丽", "张": ""} {
			if got := names(query); got != want {
				h.t.Errorf("%q: %q, want %q", query, got, want)
			}
		}
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			c, err := h.LoadContact(ctx, tx, li.ContactID)
			if err != nil {
				return err
			}
			c.Name = "Zhang Li"
			return h.SaveContact(ctx, tx, c)
		})
		h.settle()
		if got := names("zhang"); got != "Zhang Li" {
			h.t.Error(got)
		}
	})
}

func TestPagesGoOnWhereTheyEnded(t *testing.T) {
	onBoth(t, func(h *house) {
		for i := range 25 {
			h.says(fmt.Sprint("v", i), "same words")
		}
		h.settle()
		seen, below := map[int64]bool{}, int64(0)
		for range 4 {
			page, err := h.Index.Messages(context.Background(), search.Filter{Query: "same", Scope: all, Limit: 10, Below: below})
			h.must(err)
			for _, hit := range page.Hits {
				seen[hit.ID] = true
			}
			if below = page.Next; below == 0 {
				break
			}
		}
		if len(seen) != 25 || below != 0 {
			h.t.Fatalf("%d of 25, next %d", len(seen), below)
		}
	})
}

func TestItIsBuiltAnewWhenItMust(t *testing.T) {
	onBoth(t, func(h *house) {
		h.says("a", "before the index")
		h.settle()
		for name, harm := range map[string]func(path string){
			"restarted": func(string) {},
			"deleted":   func(path string) { h.must(os.Remove(path)) },
			"overwritten": func(path string) {
				h.must(os.WriteFile(path, []byte("no database at all, but long enough to be read as one"), 0o600))
			},
			"cut in halves": func(path string) { h.must(os.Truncate(path, 6000)) },
		} {
			h.must(h.Index.Close())
			harm(h.folder + "/messages.sqlite")
			if name != "restarted" {
				_ = os.Remove(h.folder + "/messages.sqlite-wal")
			}
			h.reopen()
			text := "after it was " + name
			h.says(name, text)
			_, _ = h.Index.Messages(context.Background(), search.Filter{Query: "before", Scope: all, Limit: 5}) // may find the damage
			h.settle()
			h.finds("before", "before the index")
			h.finds(text, text)
		}
		h.must(os.Remove(h.folder + "/messages.sqlite")) // under a running index
		if _, err := h.Index.Messages(context.Background(), search.Filter{Query: "before", Scope: all, Limit: 5}); err != nil && !errors.Is(err, search.ErrRebuilding) {
			h.t.Fatal(err)
		}
		h.settle()
		h.finds("before", "before the index")
	})
}

func TestAnotherDatabaseIsNoticed(t *testing.T) {
	onBoth(t, func(h *house) {
		h.says("a", "of the first database")
		h.settle()
		other := open(h.t, h.t.TempDir()+"/huiyin.db")
		other.folder, other.at = h.folder, other.at.Add(time.Second)
		h.must(h.Index.Close())
		h.must(other.Index.Close())
		other.Index = nil
		other.says("b", "of the second database")
		other.reopen()
		h.t.Cleanup(func() { _ = other.Index.Close() })
		other.settle()
		other.finds("first", nil...)
		other.finds("second", "of the second database")
	})
}
