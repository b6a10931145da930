package handoff_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/db/pgtest"
	"huiyin/handoff"
	"huiyin/live"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// clock is the time of a test; it stands until it is moved.
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

// room is a desk with an inbox, a team and some agents, all of it real.
type room struct {
	*testing.T
	*handoff.Desk
	ctx   context.Context
	clock *clock
	inbox conversation.Inbox
	said  int

	team, other            handoff.Team
	anna, lin, mei, editor handoff.Agent // anna and lin in team, mei leads other
	boss                   handoff.Agent
}

// onBoth runs a test on SQLite and on PostgreSQL, each with a fresh room.
func onBoth(t *testing.T, test func(r *room)) {
	t.Run("sqlite", func(t *testing.T) { test(newRoom(t, filepath.Join(t.TempDir(), "huiyin.db"))) })
	t.Run("postgres", func(t *testing.T) { test(newRoom(t, pgtest.URL(t))) })
}

// onSQLite is for what does not depend on the database.
func onSQLite(t *testing.T) *room {
	t.Helper()
	return newRoom(t, filepath.Join(t.TempDir(), "huiyin.db"))
}

func newRoom(t *testing.T, url string) *room {
	t.Helper()
	c := &clock{now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
	d, err := db.Open(context.Background(), url, db.Options{Now: c.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if err := d.Migrate(context.Background(), conversation.Migrations(), handoff.Migrations()); err != nil {
		t.Fatal(err)
	}
	r := &room{T: t, Desk: handoff.New(d, &conversation.Store{DB: d}, live.NewHub(nil)), ctx: context.Background(), clock: c}
	r.furnish()
	return r
}

func (r *room) furnish() {
	r.Helper()
	r.tx(func(tx *db.Tx) (err error) {
		if r.team, err = r.CreateTeam(r.ctx, tx, handoff.Team{Name: "Billing"}); err != nil {
			return err
		}
		if r.other, err = r.CreateTeam(r.ctx, tx, handoff.Team{Name: "Network"}); err != nil {
			return err
		}
		r.inbox, err = r.Conversations.CreateInbox(r.ctx, tx, conversation.Inbox{Kind: "webchat", Name: "Web", Bot: true, TeamID: r.team.ID})
		return err
	})
	r.boss = r.hire("Boss", handoff.Owner)
	r.anna = r.hire("Anna Chen", handoff.AgentRole, r.team.ID)
	r.lin = r.hire("林晓", handoff.Lead, r.team.ID)
	r.mei = r.hire("Mei", handoff.Lead, r.other.ID)
	r.editor = r.hire("Ed", handoff.Editor)
}

func (r *room) hire(name string, role handoff.Role, teams ...int64) (a handoff.Agent) {
	r.Helper()
	r.said++
	r.tx(func(tx *db.Tx) (err error) {
		a, err = r.CreateAgent(r.ctx, tx, handoff.Agent{Name: name, Email: fmt.Sprintf("p%d@example.com", r.said), Role: role, TeamIDs: teams})
		return err
	})
	return a
}

// tx runs a transaction that must succeed.
func (r *room) tx(fn func(*db.Tx) error) {
	r.Helper()
	if err := r.DB.Tx(r.ctx, fn); err != nil {
		r.Fatal(err)
	}
}

// customer starts a conversation that the bot has.
func (r *room) customer(language string) *conversation.Conversation {
	r.Helper()
	r.said++
	return r.says(fmt.Sprint("visitor", r.said), language)
}

func (r *room) says(address, language string) *conversation.Conversation {
	r.Helper()
	r.said++
	rec, err := r.Conversations.Record(r.ctx, r.inbox, conversation.Incoming{
		SourceID: fmt.Sprint("m", r.said), Address: address, Text: "宽带断了", Language: language})
	if err != nil {
		r.Fatal(err)
	}
	return rec.Conversation
}

// queued starts a conversation that waits for a human.
func (r *room) queued(reason handoff.Reason) int64 {
	r.Helper()
	c := r.customer("en")
	r.request(c.ID, reason)
	return c.ID
}

func (r *room) request(id int64, reason handoff.Reason) {
	r.Helper()
	r.tx(func(tx *db.Tx) error {
		c, err := r.Conversations.Load(r.ctx, tx, id)
		if err != nil {
			return err
		}
		return r.Request(r.ctx, tx, c, reason)
	})
}

func (r *room) claim(id int64, a handoff.Agent, takeOver bool) error {
	return r.DB.Tx(r.ctx, func(tx *db.Tx) error {
		_, err := r.Claim(r.ctx, tx, id, a, takeOver)
		return err
	})
}

// held starts a conversation that the agent has.
func (r *room) held(a handoff.Agent) int64 {
	r.Helper()
	id := r.queued(handoff.Asked)
	if err := r.claim(id, a, false); err != nil {
		r.Fatal(err)
	}
	return id
}

// reply writes to the customer the way the API does.
func (r *room) reply(id int64, a handoff.Agent) error {
	return r.DB.Tx(r.ctx, func(tx *db.Tx) error {
		c, err := r.Conversations.Load(r.ctx, tx, id)
		if err != nil {
			return err
		}
		if err := r.MayReply(r.ctx, tx, c, a); err != nil {
			return err
		}
		_, err = r.Conversations.Reply(r.ctx, tx, c, conversation.Draft{Sender: conversation.FromAgent, AgentID: a.ID, Text: "hello"})
		return err
	})
}

func (r *room) get(id int64) *conversation.Conversation {
	r.Helper()
	c, err := r.Conversations.Get(r.ctx, r.DB, id)
	if err != nil {
		r.Fatal(err)
	}
	return c
}

func (r *room) standing(id int64) handoff.Place {
	r.Helper()
	p, err := r.Standing(r.ctx, r.DB, r.get(id))
	if err != nil {
		r.Fatal(err)
	}
	return p
}

func (r *room) online(agents ...handoff.Agent) {
	r.Helper()
	for _, a := range agents {
		if err := r.SetPresence(r.ctx, a.ID, handoff.Online); err != nil {
			r.Fatal(err)
		}
	}
}

func (r *room) sweep() {
	r.Helper()
	if err := r.Sweep(r.ctx); err != nil {
		r.Fatal(err)
	}
}

// lines are the activity lines of a conversation.
func (r *room) lines(id int64) []conversation.Message {
	r.Helper()
	all, err := r.Conversations.Messages(r.ctx, r.DB, id, conversation.Page{Limit: 200})
	if err != nil {
		r.Fatal(err)
	}
	var lines []conversation.Message
	for _, m := range all {
		if m.Sender == conversation.FromSystem {
			lines = append(lines, m)
		}
	}
	return lines
}

func (r *room) kinds(id int64) string {
	r.Helper()
	var kinds string
	for _, m := range r.lines(id) {
		kinds += m.Content.Activity + " "
	}
	return kinds
}

func (r *room) last(id int64) conversation.Message {
	r.Helper()
	lines := r.lines(id)
	if len(lines) == 0 {
		r.Fatal("no activity line")
	}
	return lines[len(lines)-1]
}

// sound checks that at most one assignment of each conversation is open, and that it is the owner's.
func (r *room) sound(ids ...int64) {
	r.Helper()
	for _, id := range ids {
		c := r.get(id)
		assignments, err := r.Assignments(r.ctx, r.DB, id)
		if err != nil {
			r.Fatal(err)
		}
		var holder []int64
		for _, a := range assignments {
			if a.EndedAt.IsZero() {
				holder = append(holder, a.AgentID)
			}
		}
		owned := c.AgentID != 0 && (c.Status == conversation.Open || c.Status == conversation.Snoozed)
		switch {
		case owned && (len(holder) != 1 || holder[0] != c.AgentID):
			r.Errorf("conversation %d is %s with agent %d, leases are held by %v", id, c.Status, c.AgentID, holder)
		case !owned && len(holder) > 0:
			r.Errorf("conversation %d is %s without owner, leases are held by %v", id, c.Status, holder)
		}
	}
}
