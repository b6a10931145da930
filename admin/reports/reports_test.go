package reports

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
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

func sorted(words []string) string {
	slices.Sort(words)
	return strings.Join(words, " ")
}

// office is a desk at which some days go by, all of it real.
type office struct {
	*testing.T
	*Store
	desk    *handoff.Desk
	mu      sync.Mutex
	now     time.Time
	zone    string
	inboxes []conversation.Inbox
	teams   []handoff.Team
	agents  []handoff.Agent
	boss    handoff.Agent
}

func onBoth(t *testing.T, test func(o *office)) {
	t.Run("sqlite", func(t *testing.T) { test(newOffice(t, filepath.Join(t.TempDir(), "huiyin.db"))) })
	t.Run("postgres", func(t *testing.T) { test(newOffice(t, pgtest.URL(t))) })
}

func newOffice(t *testing.T, url string) *office {
	t.Helper()
	o := &office{T: t, now: time.Date(2026, 10, 20, 3, 0, 0, 0, time.UTC), zone: "Asia/Shanghai"}
	d, err := db.Open(context.Background(), url, db.Options{Now: o.time})
	o.must(err)
	t.Cleanup(func() { _ = d.Close() })
	o.must(d.Migrate(context.Background(), conversation.Migrations(), handoff.Migrations(), Migrations()))
	store := &conversation.Store{DB: d}
	o.desk = handoff.New(d, store, live.NewHub(nil))
	o.Store = &Store{DB: d, Conversations: store, Zone: o.place, Log: slog.New(slog.DiscardHandler)}
	o.tx(func(ctx context.Context, tx *db.Tx) error {
		for i := range 2 {
			team, err := o.desk.CreateTeam(ctx, tx, handoff.Team{Name: fmt.Sprint("team", i)})
			if err != nil {
				return err
			}
			o.teams = append(o.teams, team)
			inbox, err := store.CreateInbox(ctx, tx, conversation.Inbox{Kind: "wire", Name: fmt.Sprint("inbox", i), Bot: i == 0, TeamID: team.ID})
			if err != nil {
				return err
			}
			o.inboxes = append(o.inboxes, inbox)
			a, err := o.desk.CreateAgent(ctx, tx, handoff.Agent{Name: fmt.Sprint("agent", i), Email: fmt.Sprintf("a%d@example.com", i), Role: handoff.AgentRole, Language: "en", TeamIDs: []int64{team.ID}})
			if err != nil {
				return err
			}
			o.agents = append(o.agents, a)
		}
		o.boss, err = o.desk.CreateAgent(ctx, tx, handoff.Agent{Name: "boss", Email: "boss@example.com", Role: handoff.Owner, Language: "en"})
		return err
	})
	return o
}

func (o *office) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

func (o *office) tx(fn func(ctx context.Context, tx *db.Tx) error) {
	o.Helper()
	o.must(o.DB.Tx(context.Background(), func(tx *db.Tx) error { return fn(context.Background(), tx) }))
}

func (o *office) time() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

func (o *office) pass(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = o.now.Add(d)
}

func (o *office) place(context.Context) (*time.Location, error) { return time.LoadLocation(o.zone) }

// write lets a customer write.
func (o *office) write(who int) *conversation.Conversation {
	o.Helper()
	r, err := o.Conversations.Record(context.Background(), o.inboxes[who%len(o.inboxes)], conversation.Incoming{Address: fmt.Sprint("c", who), Text: "hello"})
	o.must(err)
	return r.Conversation
}

// act does one thing at random; what cannot be done now is refused by the desk, which is part of the day.
func (o *office) act(chance *rand.Rand) {
	for _, a := range o.agents {
		o.must(o.desk.SetPresence(context.Background(), a.ID, handoff.Online))
	}
	c := o.write(chance.IntN(12))
	agent := o.agents[chance.IntN(len(o.agents))]
	_ = o.DB.Tx(context.Background(), func(tx *db.Tx) error {
		ctx := context.Background()
		c, err := o.Conversations.Load(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		if c.Queueing() { // as the hub does
			if err := o.desk.Request(ctx, tx, c, handoff.NoBot); err != nil {
				return err
			}
		}
		switch chance.IntN(9) {
		case 0:
			return o.desk.Request(ctx, tx, c, handoff.Asked)
		case 1:
			_, err = o.desk.Claim(ctx, tx, c.ID, agent, false)
		case 2:
			_, err = o.Conversations.Reply(ctx, tx, c, conversation.Draft{Sender: conversation.FromAgent, AgentID: agent.ID, Text: "hi"})
		case 3:
			_, err = o.desk.Resolve(ctx, tx, c.ID, o.boss)
		case 4:
			_, err = o.desk.Transfer(ctx, tx, c.ID, o.boss, handoff.Target{TeamID: o.teams[chance.IntN(2)].ID}, "")
		case 5:
			_, err = o.desk.Release(ctx, tx, c.ID, o.boss, handoff.ToBot)
		case 6:
			_, err = o.Conversations.Reply(ctx, tx, c, conversation.Draft{Sender: conversation.FromBot, Text: "42", Explanation: "{}", Content: conversation.Content{ArticleID: 1, Rateable: true}})
		case 7:
			_, err = o.Conversations.SetHelpful(ctx, tx, c.ID, c.LastSeq, false)
		case 8:
			if c, err = o.desk.Resolve(ctx, tx, c.ID, o.boss); err == nil {
				err = o.Conversations.Rate(ctx, tx, c, conversation.Rating{Score: 1 + chance.IntN(5)})
			}
		}
		return err
	})
	o.pass(time.Duration(chance.IntN(5*3600)) * time.Second)
}

// kept is everything that is kept, as text.
func (o *office) kept() string {
	o.Helper()
	var b strings.Builder
	for _, query := range []string{
		"SELECT 'fact', conversation_id, n, kind, day, hour, inbox_id, team_id, agent_id, value, '' FROM report_facts ORDER BY 2, 3",
		"SELECT 'day', day, 0, kind, inbox_id, team_id, agent_id, n, total, 0, spread FROM report_days WHERE n <> 0 ORDER BY 2, 4, 5, 6, 7",
		"SELECT 'hour', day, hour, kind, inbox_id, team_id, n, 0, 0, 0, '' FROM report_hours WHERE n <> 0 ORDER BY 2, 3, 4, 5, 6",
	} {
		rows, err := o.DB.Query(context.Background(), query)
		o.must(err)
		for rows.Next() {
			var table, kind, spread string
			var n [8]int64
			o.must(rows.Scan(&table, &n[0], &n[1], &kind, &n[2], &n[3], &n[4], &n[5], &n[6], &n[7], &spread))
			fmt.Fprintln(&b, table, kind, n, spread)
		}
		o.must(rows.Err())
		_ = rows.Close()
	}
	return b.String()
}

// What is measured step by step, by two nodes at once, while days go by, is what measuring everything at the end gives.
func TestRecomputedFromRawRowsGivesTheSame(t *testing.T) {
	onBoth(t, func(o *office) {
		chance := rand.New(rand.NewPCG(1, 2))
		for i := range 300 {
			o.act(chance)
			if i%20 == 0 {
				o.both()
			}
		}
		o.both()
		step := o.kept()
		o.tx(func(ctx context.Context, tx *db.Tx) error {
			for _, table := range []string{"report_facts", "report_days", "report_hours", "report_state"} {
				if _, err := tx.Exec(ctx, "DELETE FROM "+table); err != nil {
					return err
				}
			}
			return nil
		})
		o.must(o.CatchUp(context.Background()))
		if again := o.kept(); again != step {
			o.Fatalf("measured step by step:\n%s\nmeasured at the end:\n%s", step, again)
		}
		o.must(o.Rebuild(context.Background()))
		o.must(o.CatchUp(context.Background()))
		if again := o.kept(); again != step {
			o.Fatal("measured twice it counts twice")
		}
		o.countsByHand()
	})
}

// both lets two nodes measure at once; one of them may find its turn taken.
func (o *office) both() {
	o.Helper()
	var nodes sync.WaitGroup
	for range 2 {
		nodes.Go(func() {
			if err := o.CatchUp(context.Background()); err != nil {
				o.Error(err)
			}
		})
	}
	nodes.Wait()
	o.must(o.CatchUp(context.Background()))
}

// countsByHand compares some figures with what the raw rows say by plain SQL.
func (o *office) countsByHand() {
	o.Helper()
	r, err := o.Read(context.Background(), Query{From: 20260101, To: 20261231, Scope: conversation.Scope{All: true}})
	o.must(err)
	for kind, c := range map[Kind]struct{ query, what string }{
		Received: {"SELECT COUNT(*) FROM messages WHERE sender = 'contact' AND content NOT LIKE '%\"rating\"%'", "total"},
		Replied:  {"SELECT COUNT(*) FROM messages WHERE sender = 'agent' AND private = 0", "total"},
		Rated:    {"SELECT SUM(score) FROM ratings", "total"},
		Waited:   {"SELECT COUNT(*) FROM assignments WHERE waited >= 0", "n"},
		Resolved: {"SELECT COUNT(*) FROM messages WHERE sender = 'system' AND content LIKE '%\"activity\":\"resolved\"%'", "n"},
	} {
		var want int64
		o.must(o.DB.QueryRow(context.Background(), c.query).Scan(&want))
		got := int64(0)
		if f := r.All[kind]; f != nil && c.what == "n" {
			got = f.N
		} else if f != nil {
			got = f.Total
		}
		if got != want || want == 0 {
			o.Errorf("%s: %d, by hand %d", kind, got, want)
		}
	}
	if r.Behind || r.At.IsZero() || len(r.Days) < 10 {
		o.Errorf("behind %v, at %v, %d days", r.Behind, r.At, len(r.Days))
	}
}

// A new time zone moves everything into its days.
func TestAnotherZoneIsMeasuredAnew(t *testing.T) {
	onBoth(t, func(o *office) {
		o.now = time.Date(2026, 11, 21, 20, 0, 0, 0, time.UTC)
		o.write(0)
		o.must(o.CatchUp(context.Background()))
		if kept := o.kept(); !strings.Contains(kept, "20261122 ") || strings.Contains(kept, "20261121 ") {
			o.Fatal(kept)
		}
		o.zone = "America/New_York"
		o.must(o.CatchUp(context.Background()))
		if kept := o.kept(); !strings.Contains(kept, "20261121 ") || strings.Contains(kept, "20261122 ") {
			o.Fatal(kept)
		}
	})
}

func TestReportsShowWhatOneMaySee(t *testing.T) {
	onBoth(t, func(o *office) {
		ctx := context.Background()
		for who := range 4 { // two in each team
			c := o.write(who)
			o.tx(func(ctx context.Context, tx *db.Tx) error {
				if _, err := o.desk.Claim(ctx, tx, c.ID, o.agents[who%2], false); err != nil {
					return err
				}
				c, err := o.Conversations.Load(ctx, tx, c.ID)
				if err != nil {
					return err
				}
				_, err = o.Conversations.Reply(ctx, tx, c, conversation.Draft{Sender: conversation.FromAgent, AgentID: o.agents[who%2].ID, Text: "hi"})
				return err
			})
		}
		o.must(o.CatchUp(ctx))
		today := DayOf(o.now.In(must(o.place(ctx))))
		lead := conversation.Scope{AgentID: 99, TeamIDs: []int64{o.teams[0].ID}}
		for name, c := range map[string]struct {
			q                Query
			started, replied int64
		}{
			"everything":           {Query{Scope: conversation.Scope{All: true}}, 4, 4},
			"one team":             {Query{Scope: lead}, 2, 2},
			"another's team":       {Query{Scope: lead, TeamID: o.teams[1].ID}, 0, 0},
			"no team":              {Query{Scope: conversation.Scope{AgentID: 99}}, 0, 0},
			"one's own":            {Query{Scope: handoff.Scope(must(o.desk.Agent(ctx, o.DB, o.agents[0].ID))), Own: true}, 0, 2},
			"own, asking for more": {Query{Scope: handoff.Scope(must(o.desk.Agent(ctx, o.DB, o.agents[0].ID))), Own: true, AgentID: o.agents[1].ID}, 0, 2},
			"an inbox":             {Query{Scope: conversation.Scope{All: true}, InboxID: o.inboxes[1].ID}, 2, 2},
			"an agent":             {Query{Scope: conversation.Scope{All: true}, AgentID: o.agents[1].ID}, 0, 2},
		} {
			c.q.From, c.q.To = today, today
			r, err := o.Read(ctx, c.q)
			o.must(err)
			behind, err := o.Store.Behind(ctx, c.q, Replied, Behind{}, 10)
			o.must(err)
			if n(r.All, Started) != c.started || n(r.All, Replied) != c.replied || int64(len(behind)) != c.replied {
				o.Errorf("%s: %d started, %d replied, %d behind", name, n(r.All, Started), n(r.All, Replied), len(behind))
			}
		}
		first, err := o.Store.Behind(ctx, Query{From: today, To: today, Scope: conversation.Scope{All: true}}, Started, Behind{}, 3)
		o.must(err)
		rest, err := o.Store.Behind(ctx, Query{From: today, To: today, Scope: conversation.Scope{All: true}}, Started, first[2], 3)
		o.must(err)
		if len(first) != 3 || len(rest) != 1 || rest[0].ConversationID != 1 {
			o.Errorf("pages: %v then %v", first, rest)
		}
		later, err := o.Read(ctx, Query{From: 20261021, To: 20261021, Scope: conversation.Scope{All: true}})
		o.must(err)
		if n(later.All, Started) != 0 || n(later.Before, Started) != 4 {
			o.Errorf("the day after: %d, before %d", n(later.All, Started), n(later.Before, Started))
		}
	})
}

func n(f Figures, k Kind) int64 {
	if f[k] == nil {
		return 0
	}
	return f[k].N
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
