package gaps

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/db/pgtest"
	"huiyin/knowledge"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// shop is a place where customers ask, a bot decides and agents reply, all of it as it is stored.
type shop struct {
	*testing.T
	*Store
	mu    sync.Mutex
	now   time.Time
	inbox [2]conversation.Inbox
	names int
}

func onBoth(t *testing.T, test func(s *shop)) {
	t.Run("sqlite", func(t *testing.T) { test(newShop(t, filepath.Join(t.TempDir(), "huiyin.db"))) })
	t.Run("postgres", func(t *testing.T) { test(newShop(t, pgtest.URL(t))) })
}

func newShop(t *testing.T, url string) *shop {
	t.Helper()
	s := &shop{T: t, now: time.Date(2026, 10, 20, 3, 0, 0, 0, time.UTC)}
	d, err := db.Open(context.Background(), url, db.Options{Now: s.time})
	s.must(err)
	t.Cleanup(func() { _ = d.Close() })
	s.must(d.Migrate(context.Background(), conversation.Migrations(), knowledge.Migrations(), Migrations()))
	s.Store = &Store{DB: d, Conversations: &conversation.Store{DB: d}, Log: slog.New(slog.DiscardHandler),
		Zone: func(context.Context) (*time.Location, error) { return time.UTC, nil }}
	s.tx(func(ctx context.Context, tx *db.Tx) error {
		for i := range s.inbox {
			s.inbox[i], err = s.Conversations.CreateInbox(ctx, tx, conversation.Inbox{Kind: "wire", Name: fmt.Sprint("inbox", i), Bot: true, TeamID: int64(7 + i)})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return s
}

func (s *shop) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *shop) tx(fn func(ctx context.Context, tx *db.Tx) error) {
	s.Helper()
	s.must(s.DB.Tx(context.Background(), func(tx *db.Tx) error { return fn(context.Background(), tx) }))
}

func (s *shop) time() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *shop) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

func (s *shop) catchUp() {
	s.Helper()
	s.must(s.CatchUp(context.Background()))
}

// customer is one conversation with a customer.
type customer struct {
	*shop
	inbox   int
	address string
	id      int64
	last    conversation.Message
}

func (s *shop) customer(inbox int) *customer {
	s.names++
	return &customer{shop: s, inbox: inbox, address: fmt.Sprint("c", s.names)}
}

// asks writes what a customer says, or presses a button.
func (c *customer) asks(text string, choice ...string) *customer {
	c.Helper()
	c.pass(time.Minute)
	in := conversation.Incoming{Address: c.address, Text: text}
	if len(choice) > 0 {
		in.Choice = choice[0]
	}
	r, err := c.Conversations.Record(context.Background(), c.shop.inbox[c.inbox], in)
	c.must(err)
	c.id = r.Conversation.ID
	return c
}

// bot writes what the bot does, with its reasons as the hub stores them.
func (c *customer) bot(act string, article, revision int64) *customer {
	c.Helper()
	c.pass(time.Second)
	reason := ""
	if act == "handoff" {
		reason = "not_understood"
	}
	why, err := json.Marshal(map[string]any{"asked": "words", "language": "zh", "decision": map[string]any{"act": act, "article": article, "revision": revision, "reason": reason}})
	c.must(err)
	d := conversation.Draft{Sender: conversation.FromBot, Text: "…", Explanation: string(why)}
	if act == "handoff" {
		d.Private, d.Content = true, conversation.Content{Activity: "bot_handoff"}
	}
	return c.reply(d)
}

func (c *customer) agent(text string, private bool) *customer {
	c.Helper()
	c.pass(time.Minute)
	return c.reply(conversation.Draft{Sender: conversation.FromAgent, AgentID: 3, Text: text, Private: private})
}

func (c *customer) reply(d conversation.Draft) *customer {
	c.Helper()
	c.tx(func(ctx context.Context, tx *db.Tx) error {
		of, err := c.Conversations.Load(ctx, tx, c.id)
		if err != nil {
			return err
		}
		c.last, err = c.Conversations.Reply(ctx, tx, of, d)
		return err
	})
	return c
}

// helped is the customer's word on the last answer.
func (c *customer) helped(yes bool) *customer {
	c.Helper()
	c.tx(func(ctx context.Context, tx *db.Tx) error {
		_, err := c.Conversations.SetHelpful(ctx, tx, c.id, c.last.Seq, yes)
		return err
	})
	return c
}

// wrong is an agent's.
func (c *customer) wrong() *customer {
	c.Helper()
	c.tx(func(ctx context.Context, tx *db.Tx) error { return c.Conversations.MarkWrong(ctx, tx, c.last, 3, "") })
	return c
}

// resolved ends the matter.
func (c *customer) resolved() *customer {
	c.Helper()
	c.pass(time.Minute)
	c.tx(func(ctx context.Context, tx *db.Tx) error {
		of, err := c.Conversations.Load(ctx, tx, c.id)
		if err != nil {
			return err
		}
		of.Status = conversation.Resolved
		_, err = c.Conversations.Activity(ctx, tx, of, "resolved", nil, "")
		return err
	})
	return c
}

// article makes an article; published when it has an answer.
func (s *shop) article(question, answer string) knowledge.Article {
	s.Helper()
	var a knowledge.Article
	s.tx(func(ctx context.Context, tx *db.Tx) (err error) {
		a, err = knowledge.Create(ctx, tx, knowledge.Author{}, knowledge.NewArticle{Content: knowledge.Content{Question: map[string]string{"zh": question}, Answer: map[string]string{"zh": answer}}})
		if err == nil && answer != "" {
			a, err = knowledge.Publish(ctx, tx, a.ID, a.Version)
		}
		return err
	})
	return a
}

var everything = conversation.Scope{All: true}

func (s *shop) list(q Query) []Gap {
	s.Helper()
	q.Limit = 50
	if !q.Scope.All && q.Scope.TeamIDs == nil {
		q.Scope = everything
	}
	list, _, err := s.List(context.Background(), q)
	s.must(err)
	return list
}
