package wecom_test

import (
	"fmt"
	"net"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

// claimed gives a conversation to Anna.
func (o *office) claimed(id int64) {
	o.Helper()
	o.tx(func(tx *db.Tx) error { _, err := o.desk.Claim(o.ctx, tx, id, o.anna, false); return err })
}

func (o *office) newTeam(name string) (team handoff.Team) {
	o.Helper()
	o.tx(func(tx *db.Tx) (err error) {
		team, err = o.desk.CreateTeam(o.ctx, tx, handoff.Team{Name: name})
		return err
	})
	return team
}

func TestWhatBringsAConversationIntoHumanHandsAndWhatDoesNot(t *testing.T) {
	for label, c := range map[string]struct {
		act  func(o *office, id int64)
		want []string // of the notice; nil: there is none
	}{
		"transferred to a team": {func(o *office, id int64) {
			to := o.newTeam("Network")
			o.claimed(id)
			o.tx(func(tx *db.Tx) error {
				_, err := o.desk.Transfer(o.ctx, tx, id, o.anna, handoff.Target{TeamID: to.ID}, "for you only")
				return err
			})
		}, []string{"Transferred"}},
		"transferred to a colleague": {func(o *office, id int64) {
			o.claimed(id)
			o.tx(func(tx *db.Tx) error {
				lin, err := o.desk.CreateAgent(o.ctx, tx, handoff.Agent{Name: "Lin", Email: "lin@example.com", Role: handoff.AgentRole, TeamIDs: []int64{o.team.ID}})
				if err == nil {
					_, err = o.desk.Transfer(o.ctx, tx, id, o.anna, handoff.Target{AgentID: lin.ID}, "")
				}
				return err
			})
		}, []string{"Transferred", "With Lin"}},
		"its agent has left": {func(o *office, id int64) {
			o.claimed(id)
			o.says("Wang Li", "are you there?")
			o.tx(func(tx *db.Tx) error {
				_, err := tx.Exec(o.ctx, "UPDATE agents SET active = 0 WHERE id = ?", o.anna.ID)
				return err
			})
			if err := o.desk.Sweep(o.ctx); err != nil {
				o.Fatal(err)
			}
		}, []string{"Back in the queue"}},
		"a full queue overflows": {func(o *office, id int64) { o.activity(id, "overflowed") }, []string{"Transferred"}},
		"a snooze ends in the queue": {func(o *office, id int64) {
			o.claimed(id)
			o.snoozed(id, 0)
		}, []string{"Back in the queue"}},
		"a snooze ends with its owner": {func(o *office, id int64) {
			o.claimed(id)
			o.snoozed(id, o.anna.ID)
		}, nil},
		"it is claimed":              {func(o *office, id int64) { o.claimed(id) }, nil},
		"the customer writes on":     {func(o *office, id int64) { o.says("Wang Li", "please hurry") }, nil},
		"a colleague leaves a note":  {func(o *office, id int64) { o.note(id) }, nil},
		"it is resolved in the desk": {func(o *office, id int64) { o.resolved(id) }, nil},
	} {
		t.Run(label, func(t *testing.T) {
			onBoth(t, func(o *office) {
				id := o.customer("Wang Li", "my bill is wrong")
				o.told(1, "Handed over")
				o.settled()
				c.act(o, id)
				o.clock.pass(11 * time.Second)
				o.customer("Ann Smith", "the barrier")
				o.until("the barrier", func() bool {
					return slices.ContainsFunc(o.group.all(), func(s string) bool { return strings.Contains(s, "the barrier") })
				})
				o.settled()
				var about []string
				for _, notice := range o.group.all()[1:] {
					if strings.Contains(notice, "#1\n") {
						about = append(about, notice)
					}
				}
				if len(about) != min(1, len(c.want)) {
					t.Fatalf("the group is told %q", about)
				}
				for _, word := range c.want {
					if !strings.Contains(about[0], word) || strings.Contains(about[0], "for you only") {
						t.Fatalf("the notice %q lacks %q, or holds too much", about[0], word)
					}
				}
			})
		})
	}
}

// activity writes a line of the desk's into a conversation that waits.
func (o *office) activity(id int64, kind string) {
	o.Helper()
	o.tx(func(tx *db.Tx) error {
		c, err := o.store.Load(o.ctx, tx, id)
		if err == nil {
			_, err = o.store.Activity(o.ctx, tx, c, kind, nil, "")
		}
		return err
	})
}

// snoozed puts a conversation aside for a minute, and lets the minute pass; then it is its owner's, or nobody's.
func (o *office) snoozed(id, owner int64) {
	o.Helper()
	o.tx(func(tx *db.Tx) error {
		if _, err := o.desk.Snooze(o.ctx, tx, id, o.anna, tx.Now.Add(time.Minute)); err != nil {
			return err
		}
		_, err := tx.Exec(o.ctx, "UPDATE conversations SET agent_id = ?, waiting_since = ? WHERE id = ?", owner, db.Millis(tx.Now), id)
		return err
	})
	o.clock.pass(2 * time.Minute)
	o.tx(func(tx *db.Tx) error { return o.desk.Wake(o.ctx, tx, id) })
}

func (o *office) note(id int64) {
	o.Helper()
	o.tx(func(tx *db.Tx) error {
		c, err := o.store.Load(o.ctx, tx, id)
		if err == nil {
			_, err = o.store.Reply(o.ctx, tx, c, conversation.Draft{Sender: conversation.FromAgent, AgentID: o.anna.ID, Private: true, Text: "he is angry"})
		}
		return err
	})
}

func (o *office) resolved(id int64) {
	o.Helper()
	o.claimed(id)
	o.tx(func(tx *db.Tx) error { _, err := o.desk.Resolve(o.ctx, tx, id, o.anna); return err })
}

func TestTwoNodesTellEachHandOffOnce(t *testing.T) {
	onBoth(t, func(o *office) {
		s := o.settings()
		s.Version, s.Minutes = 1, 0
		o.tx(func(tx *db.Tx) error { return o.board.Save(o.ctx, tx, s) })
		o.start(o.node())
		const customers = 8
		for i := range customers {
			o.customer(fmt.Sprint("Customer ", i), "my bill is wrong")
		}
		o.until("all notices", func() bool {
			if o.idle() {
				o.clock.pass(time.Second)
			}
			return len(o.group.all()) >= customers
		})
		o.settled()
		seen := map[string]int{}
		for _, notice := range o.group.all() {
			title, _, _ := strings.Cut(notice, "\n")
			seen[title]++
		}
		if len(seen) != customers || len(o.group.all()) != customers {
			t.Fatalf("the group is told %v", seen)
		}
	})
}

// idle tells that no node is at work on a place.
func (o *office) idle() bool {
	var n int
	return o.store.DB.QueryRow(o.ctx, "SELECT COUNT(*) FROM mirrors WHERE lease_token <> ''").Scan(&n) == nil && n == 0
}

// A node dies between noting that it posts and hearing what became of it.
func TestANodeThatDiedWhilePosting(t *testing.T) {
	for label, c := range map[string]struct{ tries, told int }{"for the first time": {1, 1}, "for the second time": {2, 0}} {
		t.Run(label, func(t *testing.T) {
			onBoth(t, func(o *office) {
				o.stop()
				id := o.customer("Wang Li", "my bill is wrong")
				o.tx(func(tx *db.Tx) error {
					var way int64
					if err := tx.QueryRow(o.ctx, "SELECT MAX(seq) FROM messages WHERE conversation_id = ? AND content LIKE '%queued%'", id).Scan(&way); err != nil {
						return err
					}
					_, err := tx.Insert(o.ctx, "INSERT INTO mirrors (board, conversation_id, state, due_at, lease_until, lease_token, attempts) VALUES ('wecom_robot', ?, ?, 1, 1, 'dead', 1)",
						id, fmt.Sprintf(`{"trying":"way %d","tries":%d}`, way, c.tries))
					return err
				})
				o.start(o.node())
				o.customer("Ann Smith", "the barrier")
				o.told(c.told + 1)
				o.settled()
				if all := strings.Join(o.group.all(), "\n"); strings.Contains(all, "my bill is wrong") != (c.told == 1) {
					t.Fatal("the group is told", all)
				}
			})
		})
	}
}

func TestWeComDownAndBack(t *testing.T) {
	onBoth(t, func(o *office) {
		address := o.server.Listener.Addr().String()
		o.server.Close()
		waits, over := o.customer("Wang Li", "my bill is wrong"), o.customer("Ann Smith", "never mind")
		o.until("the trouble being told", func() bool {
			p, err := o.board.Problem(o.ctx, o.store.DB)
			return err == nil && strings.Contains(p, "cannot be reached") && !strings.Contains(p, "secret-")
		})
		o.resolved(over)
		for range 120 { // an hour
			o.until("no try being under way", o.idle)
			o.clock.pass(30 * time.Second)
			o.live.Pulse(conversation.TopicEvents)
			time.Sleep(2 * time.Millisecond)
		}
		listener, err := net.Listen("tcp", address)
		if err != nil {
			t.Skip("the address is taken by another program:", err)
		}
		back := httptest.NewUnstartedServer(o.group)
		_ = back.Listener.Close()
		back.Listener = listener
		back.Start()
		o.Cleanup(back.Close)
		o.group.then(gateway) // its gateway is back before it is
		o.until("the notices", func() bool {
			if o.idle() {
				o.clock.pass(time.Second)
			}
			return len(o.group.all()) >= 2
		})
		o.settled()
		all := o.group.all()
		if len(all) != 2 || !strings.Contains(all[0], "Handed over") || !strings.Contains(all[1], "Unclaimed") || strings.Contains(strings.Join(all, ""), "never mind") {
			t.Fatalf("the group is told of #%d: %q", waits, all)
		}
		if p, err := o.board.Problem(o.ctx, o.store.DB); err != nil || p != "" {
			t.Fatal("there still is a problem:", p, err)
		}
	})
}

func TestARobotThatIsAddedTellsWhoWaitsAlready(t *testing.T) {
	onBoth(t, func(o *office) {
		network := o.newTeam("Network")
		s := o.settings()
		s.Version, s.Robots = 1, map[int64]string{network.ID: webhook}
		o.tx(func(tx *db.Tx) error { return o.board.Save(o.ctx, tx, s) })
		old := o.customer("Ann Smith", "long ago")
		o.claimed(old)
		o.clock.pass(20 * time.Minute)
		o.customer("Wang Li", "my bill is wrong")
		s.Version, s.Robots = 2, map[int64]string{network.ID: "", 0: webhook}
		o.tx(func(tx *db.Tx) error { return o.board.Save(o.ctx, tx, s) })
		o.told(1, "Handed over", "my bill is wrong")
		o.settled()
		o.told(1)
	})
}

func TestAKeyGoesOnlyWhereItWasGivenFor(t *testing.T) {
	onBoth(t, func(o *office) {
		s := o.settings()
		s.Version, s.APIBase, s.Robots = 1, "http://elsewhere.example", map[int64]string{0: ""}
		if err := o.store.DB.Tx(o.ctx, func(tx *db.Tx) error { return o.board.Save(o.ctx, tx, s) }); err == nil {
			t.Fatal("the stored key goes to another address")
		}
		if err := o.board.Check(o.ctx, s); err == nil {
			t.Fatal("the stored key was tried out at another address")
		}
	})
}
