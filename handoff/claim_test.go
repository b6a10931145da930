package handoff_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

// together runs fn n times at once and returns what each said.
func together(n int, fn func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			<-start
			errs[i] = fn(i)
		}()
	}
	close(start)
	wg.Wait()
	return errs
}

func TestOfFiftyClaimsOneWins(t *testing.T) {
	onBoth(t, func(r *room) {
		var agents []handoff.Agent
		for i := range 50 {
			agents = append(agents, r.hire(fmt.Sprint("Agent ", i), handoff.AgentRole, r.team.ID))
		}
		id := r.queued(handoff.Asked)
		winners := 0
		var refused *handoff.OwnedError
		for _, err := range together(50, func(i int) error { return r.claim(id, agents[i], false) }) {
			switch {
			case err == nil:
				winners++
			case !errors.As(err, &refused):
				r.Error(err)
			}
		}
		if winners != 1 || refused.Agent.ID != r.get(id).AgentID {
			r.Errorf("%d won; refused by %q, owner %d", winners, refused.Agent.Name, r.get(id).AgentID)
		}
		if got := r.kinds(id); got != "queued claimed " {
			r.Errorf("lines %s", got)
		}
		r.sound(id)
	})
}

func TestRepliesRaceWithClaims(t *testing.T) {
	onBoth(t, func(r *room) {
		for range 5 {
			id := r.queued(handoff.Asked)
			errs := together(20, func(i int) error {
				if i%2 == 0 {
					return r.reply(id, r.anna)
				}
				return r.claim(id, r.lin, false)
			})
			won := map[int]bool{}
			for i, err := range errs {
				var owned *handoff.OwnedError
				if err == nil {
					won[i%2] = true
				} else if !errors.As(err, &owned) {
					r.Error(err)
				}
			}
			if len(won) != 1 {
				r.Errorf("both sides had it: %v", errs)
			}
			messages, err := r.Conversations.Messages(r.ctx, r.DB, id, conversation.Page{Limit: 100})
			if err != nil {
				r.Fatal(err)
			}
			for _, m := range messages {
				if m.Sender == conversation.FromAgent && m.AgentID != r.get(id).AgentID {
					r.Errorf("agent %d wrote, agent %d has it", m.AgentID, r.get(id).AgentID)
				}
			}
			r.sound(id)
		}
	})
}

func TestTransferRacesWithResolve(t *testing.T) {
	onBoth(t, func(r *room) {
		for range 10 {
			id := r.held(r.anna)
			errs := together(2, func(i int) error {
				return r.DB.Tx(r.ctx, func(tx *db.Tx) (err error) {
					if i == 0 {
						_, err = r.Transfer(r.ctx, tx, id, r.lin, handoff.Target{AgentID: r.lin.ID}, "please")
					} else {
						_, err = r.Resolve(r.ctx, tx, id, r.lin)
					}
					return err
				})
			})
			if errs[1] != nil || (errs[0] != nil && !errors.Is(errs[0], handoff.ErrResolved)) {
				r.Errorf("transfer: %v, resolve: %v", errs[0], errs[1])
			}
			if c := r.get(id); c.Status != conversation.Resolved {
				r.Errorf("status %s", c.Status)
			}
			r.sound(id)
		}
	})
}

// Everything at once on few conversations: whatever is refused, nothing deadlocks and the rows agree.
func TestEverythingAtOnce(t *testing.T) {
	onBoth(t, func(r *room) {
		r.Absence = 0
		var ids []int64
		for i := range 4 {
			c := r.says(fmt.Sprint("customer", i), "zh")
			r.request(c.ID, handoff.Asked)
			ids = append(ids, c.ID)
		}
		errs := together(90, func(i int) error { return r.act(i, ids[i%len(ids)]) })
		for _, err := range errs {
			var owned *handoff.OwnedError
			var field *conversation.FieldError
			if err != nil && !errors.As(err, &owned) && !errors.As(err, &field) && !errors.Is(err, handoff.ErrResolved) {
				r.Error(err)
			}
		}
		r.sound(ids...)
		r.counted()
		r.noDeadlocks()
	})
}

// noDeadlocks asks PostgreSQL, which would have undone one of the two and let it run again unseen.
func (r *room) noDeadlocks() {
	r.Helper()
	if r.DB.Dialect() != db.Postgres {
		return
	}
	r.DB.Pool().SetMaxIdleConns(0) // a connection tells its figures when it ends
	for connections := 2; connections > 1; {
		row := r.DB.Pool().QueryRow("SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()")
		if err := row.Scan(&connections); err != nil {
			r.Fatal(err)
		}
	}
	var n int
	if err := r.DB.Pool().QueryRow("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").Scan(&n); err != nil || n != 0 {
		r.Errorf("%d deadlocks, %v", n, err)
	}
}

// act does one of the things agents, customers and timers do.
func (r *room) act(i int, id int64) error {
	agent := []handoff.Agent{r.anna, r.lin, r.boss}[i%3]
	switch i / 4 % 9 {
	case 0:
		return r.claim(id, agent, agent.Role.Leads())
	case 1:
		return r.reply(id, agent)
	case 2:
		return r.Seen(r.ctx, agent.ID)
	case 3:
		return r.Sweep(r.ctx)
	case 4:
		in := conversation.Incoming{SourceID: fmt.Sprint("again", i), Address: fmt.Sprint("customer", i%4), Text: "在吗"}
		_, err := r.Conversations.Record(r.ctx, r.inbox, in)
		return err
	}
	return r.DB.Tx(r.ctx, func(tx *db.Tx) (err error) {
		switch i / 4 % 9 {
		case 5:
			_, err = r.Release(r.ctx, tx, id, agent, handoff.ToQueue)
		case 6:
			_, err = r.Transfer(r.ctx, tx, id, agent, handoff.Target{TeamID: r.team.ID}, "")
		case 7:
			_, err = r.Resolve(r.ctx, tx, id, agent)
		default:
			_, err = r.Reopen(r.ctx, tx, id, agent)
		}
		return err
	})
}

// counted checks that the kept counters agree with the rows.
func (r *room) counted() {
	r.Helper()
	counts, err := r.Conversations.Counts(r.ctx, r.DB, conversation.Scope{All: true})
	if err != nil {
		r.Fatal(err)
	}
	for _, view := range []conversation.View{conversation.ViewQueue, conversation.ViewResolved, conversation.ViewAll} {
		list, _, err := r.Conversations.List(r.ctx, r.DB, conversation.Filter{View: view, Scope: conversation.Scope{All: true}, Limit: 100})
		if err != nil || int64(len(list)) != counts[view].Total {
			r.Errorf("view %s: %d rows, counted %d, %v", view, len(list), counts[view].Total, err)
		}
	}
}

func TestClaim(t *testing.T) {
	onBoth(t, func(r *room) {
		id := r.queued(handoff.Asked)
		if err := r.claim(id, r.anna, false); err != nil {
			r.Fatal(err)
		}
		c := r.get(id)
		if c.Status != conversation.Open || c.AgentID != r.anna.ID || !c.QueuedAt.IsZero() {
			r.Errorf("after the claim: %+v", c)
		}
		if line := r.last(id); line.Text != "Anna Chen is with you now" || line.Private || line.Content.ActivityData["agent"] != "Anna Chen" {
			r.Errorf("line %+v", line)
		}
		if err := r.claim(id, r.anna, false); err != nil || r.kinds(id) != "queued claimed " {
			r.Errorf("claimed again: %v, %s", err, r.kinds(id))
		}
		var owned *handoff.OwnedError
		if err := r.claim(id, r.lin, false); !errors.As(err, &owned) || owned.Agent.ID != r.anna.ID || err.Error() != "Anna Chen has this conversation" {
			r.Errorf("a colleague: %v", err)
		}
		if err := r.claim(id, r.lin, true); err != nil || r.get(id).AgentID != r.lin.ID {
			r.Errorf("take over: %v", err)
		}
		if err := r.claim(id, r.anna, true); !errors.Is(err, handoff.ErrForbidden) {
			r.Errorf("an agent takes over: %v", err)
		}
		r.sound(id)
	})
}

func TestAClaimTakesThePendingTurnFromTheBot(t *testing.T) {
	r := onSQLite(t)
	c := r.customer("zh")
	if c.TurnDue.IsZero() {
		t.Fatal("the bot owes nothing")
	}
	if err := r.reply(c.ID, r.lin); err != nil {
		t.Fatal(err)
	}
	if c := r.get(c.ID); c.Status != conversation.Open || c.AgentID != r.lin.ID || !c.TurnDue.IsZero() {
		t.Errorf("%+v", c)
	}
	if line := r.last(c.ID); line.Text != "林晓 为您服务" {
		t.Errorf("line %q", line.Text)
	}
}
