package handoff_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

// hold keeps a reply of an agent.
func (r *room) hold(id int64, a handoff.Agent, l handoff.Later) (kept handoff.Later, err error) {
	err = r.DB.Tx(r.ctx, func(tx *db.Tx) error {
		c, err := r.Conversations.Load(r.ctx, tx, id)
		if err != nil {
			return err
		}
		kept, err = r.Hold(r.ctx, tx, c, a, l)
		return err
	})
	return kept, err
}

// later is how the replies for later of a conversation stand.
func (r *room) later(id int64) (states []string) {
	r.Helper()
	found, err := r.LaterOf(r.ctx, r.DB, id)
	if err != nil {
		r.Fatal(err)
	}
	for _, l := range found {
		states = append(states, fmt.Sprint(l.State, " ", l.Reason))
	}
	return states
}

// replies are the texts that went to the customer from agents.
func (r *room) written(id int64) (texts []string) {
	r.Helper()
	list, err := r.Conversations.Messages(r.ctx, r.DB, id, conversation.Page{Limit: 100})
	if err != nil {
		r.Fatal(err)
	}
	for _, m := range list {
		if m.Sender == conversation.FromAgent && !m.Private {
			texts = append(texts, m.Text)
		}
	}
	return texts
}

func (r *room) due() {
	r.Helper()
	if err := r.SendDue(r.ctx); err != nil {
		r.Fatal(err)
	}
}

func TestAReplyCanBeTakenBackUntilItsSecondsAreOver(t *testing.T) {
	onBoth(t, func(r *room) {
		id := r.queued(handoff.Asked)
		write := func(text string) handoff.Later {
			r.Helper()
			l, err := r.hold(id, r.anna, handoff.Later{Undo: true, SendAt: r.clock.Now().Add(5 * time.Second), Words: handoff.Words{Text: text, ClientID: text}})
			if err != nil {
				r.Fatal(err)
			}
			return l
		}
		first := write("oops")
		if again := write("oops"); again.ID != first.ID {
			r.Errorf("a repeat made another one: %d, %d", first.ID, again.ID)
		}
		if c, err := r.Conversations.Get(r.ctx, r.DB, id); err != nil || c.AgentID != r.anna.ID || len(r.written(id)) != 0 {
			r.Errorf("owner %v, replies %v, %v", c, r.written(id), err)
		}
		r.tx(func(tx *db.Tx) error { _, err := r.Withdraw(r.ctx, tx, id, first.ID, r.anna); return err })
		r.clock.pass(10 * time.Second)
		if r.due(); len(r.written(id)) != 0 {
			r.Errorf("withdrawn and sent: %v", r.written(id))
		}
		second := write("hello")
		r.due()
		r.clock.pass(5 * time.Second)
		r.due()
		r.due()
		if got := r.written(id); len(got) != 1 || got[0] != "hello" {
			r.Errorf("sent %v, want it once", got)
		}
		err := r.DB.Tx(r.ctx, func(tx *db.Tx) error { _, err := r.Withdraw(r.ctx, tx, id, second.ID, r.anna); return err })
		if !errors.Is(err, handoff.ErrGone) {
			r.Errorf("withdrawn after it was sent: %v", err)
		}
		third, bo := write("lin's business"), r.hire("Bo", handoff.AgentRole, r.team.ID)
		err = r.DB.Tx(r.ctx, func(tx *db.Tx) error { _, err := r.Withdraw(r.ctx, tx, id, third.ID, bo); return err })
		if !errors.Is(err, handoff.ErrForbidden) {
			r.Errorf("a colleague's was withdrawn: %v", err)
		}
	})
}

func TestAScheduledReplyAsksWhenTheCustomerWroteMeanwhile(t *testing.T) {
	onBoth(t, func(r *room) {
		c := r.customer("en")
		r.request(c.ID, handoff.Asked)
		l, err := r.hold(c.ID, r.anna, handoff.Later{SendAt: r.clock.Now().Add(time.Hour), Words: handoff.Words{Text: "tomorrow", Then: []handoff.Action{{Kind: handoff.ActResolve}}}})
		if err != nil {
			r.Fatal(err)
		}
		if _, err := r.Conversations.Record(r.ctx, r.inbox, conversation.Incoming{SourceID: "again", Address: r.addressOf(c.ID), Text: "never mind"}); err != nil {
			r.Fatal(err)
		}
		r.clock.pass(time.Hour)
		r.due()
		if got := r.later(c.ID); len(got) != 1 || got[0] != "asked " || len(r.written(c.ID)) != 0 {
			r.Errorf("%v, replies %v", got, r.written(c.ID))
		}
		r.tx(func(tx *db.Tx) error {
			taken, err := r.TakeLater(r.ctx, tx, c.ID, l.ID, r.anna)
			if err != nil {
				return err
			}
			taken.Words.Text, taken.SendAt = "all right", r.clock.Now().Add(time.Minute)
			_, err = r.Rearrange(r.ctx, tx, taken)
			return err
		})
		if mine, err := r.LaterBy(r.ctx, r.DB, r.anna.ID); err != nil || len(mine) != 1 || mine[0].State != handoff.LaterWaiting {
			r.Errorf("%+v, %v", mine, err)
		}
		r.clock.pass(time.Minute)
		r.due()
		if got, err := r.Conversations.Get(r.ctx, r.DB, c.ID); err != nil || got.Status != conversation.Resolved || fmt.Sprint(r.written(c.ID)) != "[all right]" {
			r.Errorf("%v, replies %v, %v", got.Status, r.written(c.ID), err)
		}
	})
}

func (r *room) addressOf(id int64) string {
	r.Helper()
	c, err := r.Conversations.Get(r.ctx, r.DB, id)
	if err != nil {
		r.Fatal(err)
	}
	i, err := r.Conversations.Identity(r.ctx, r.DB, c.IdentityID)
	if err != nil {
		r.Fatal(err)
	}
	return i.Address
}

func TestAReplyForLaterStopsWhenItMayNoLongerGoOut(t *testing.T) {
	onBoth(t, func(r *room) {
		for _, c := range []struct {
			name, want string
			meanwhile  func(tx *db.Tx, id int64) error
		}{
			{"a colleague took it over", "stopped owned", func(tx *db.Tx, id int64) error {
				_, err := r.Claim(r.ctx, tx, id, r.lin, true)
				return err
			}},
			{"it went to another team", "stopped forbidden", func(tx *db.Tx, id int64) error {
				_, err := r.Transfer(r.ctx, tx, id, r.lin, handoff.Target{TeamID: r.other.ID}, "")
				return err
			}},
		} {
			id := r.queued(handoff.Asked)
			if _, err := r.hold(id, r.anna, handoff.Later{SendAt: r.clock.Now().Add(time.Hour), Words: handoff.Words{Text: "later"}}); err != nil {
				r.Fatal(err)
			}
			r.tx(func(tx *db.Tx) error { return c.meanwhile(tx, id) })
			r.clock.pass(2 * time.Hour)
			r.due()
			if got := r.later(id); len(got) != 1 || got[0] != c.want || len(r.written(id)) != 0 {
				r.Errorf("%s: %v, want %s; replies %v", c.name, got, c.want, r.written(id))
			}
		}
		id := r.queued(handoff.Asked)
		for name, l := range map[string]handoff.Later{
			"nothing":  {SendAt: r.clock.Now().Add(time.Hour)},
			"a note":   {SendAt: r.clock.Now().Add(time.Hour), Words: handoff.Words{Text: "x", Private: true}},
			"the past": {SendAt: r.clock.Now().Add(-time.Hour), Words: handoff.Words{Text: "x"}},
			"years":    {SendAt: r.clock.Now().Add(9000 * time.Hour), Words: handoff.Words{Text: "x"}},
			"a minute": {Undo: true, SendAt: r.clock.Now().Add(time.Minute), Words: handoff.Words{Text: "x"}},
			"no act":   {SendAt: r.clock.Now().Add(time.Hour), Words: handoff.Words{Text: "x", Then: []handoff.Action{{Kind: "sing"}}}},
		} {
			if _, err := r.hold(id, r.anna, l); field(err) == "" {
				r.Errorf("%s was kept: %v", name, err)
			}
		}
	})
}

func TestAReplyIsRefusedWhenSomethingNewerWasSaid(t *testing.T) {
	onBoth(t, func(r *room) {
		id := r.queued(handoff.Asked)
		say := func(a handoff.Agent, w handoff.Words) error {
			return r.DB.Tx(r.ctx, func(tx *db.Tx) error {
				c, err := r.Conversations.Load(r.ctx, tx, id)
				if err != nil {
					return err
				}
				_, err = r.Say(r.ctx, tx, c, a, w)
				return err
			})
		}
		seen := func() int64 {
			c, err := r.Conversations.Get(r.ctx, r.DB, id)
			if err != nil {
				r.Fatal(err)
			}
			return c.LastSeq
		}
		old := seen()
		if err := say(r.anna, handoff.Words{Text: "first", SourceID: "s1", Seen: old}); err != nil {
			r.Fatal(err)
		}
		r.tx(func(tx *db.Tx) error { _, err := r.Claim(r.ctx, tx, id, r.lin, true); return err })
		var newer *handoff.NewerError
		if err := say(r.lin, handoff.Words{Text: "the same again", Seen: old}); !errors.As(err, &newer) || len(newer.Messages) != 1 || newer.Messages[0].Text != "first" {
			r.Errorf("%v, want the newer reply", err)
		}
		if err := say(r.lin, handoff.Words{Text: "a note", Private: true, Seen: old}); err != nil {
			r.Errorf("a note: %v", err)
		}
		if err := say(r.lin, handoff.Words{Text: "seen it", SourceID: "s2", Seen: seen()}); err != nil {
			r.Errorf("after reading: %v", err)
		}
		r.tx(func(tx *db.Tx) error { _, err := r.Claim(r.ctx, tx, id, r.boss, true); return err })
		if err := say(r.boss, handoff.Words{Text: "boss", Seen: seen()}); err != nil {
			r.Fatal(err)
		}
		r.tx(func(tx *db.Tx) error {
			_, err := r.Transfer(r.ctx, tx, id, r.boss, handoff.Target{AgentID: r.lin.ID}, "")
			return err
		})
		if err := say(r.lin, handoff.Words{Text: "seen it", SourceID: "s2", Seen: old}); err != nil {
			r.Errorf("the repeat of a stored one: %v", err)
		}
		if got := fmt.Sprint(r.written(id)); got != "[first seen it boss]" {
			r.Error(got)
		}
	})
}
