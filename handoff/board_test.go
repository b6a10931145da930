package handoff_test

import (
	"errors"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

func (r *room) mayReply(id int64, a handoff.Agent) error {
	r.Helper()
	return r.DB.Tx(r.ctx, func(tx *db.Tx) error {
		c, err := r.Conversations.Load(r.ctx, tx, id)
		if err != nil {
			return err
		}
		return r.MayReply(r.ctx, tx, c, a)
	})
}

func (r *room) joins(id int64, actor handoff.Agent, who int64) error {
	r.Helper()
	return r.DB.Tx(r.ctx, func(tx *db.Tx) error { _, err := r.Join(r.ctx, tx, id, actor, who); return err })
}

// There is one owner; who joins may answer beside them, and only while they have it.
func TestJoin(t *testing.T) {
	onBoth(t, func(r *room) {
		id := r.queued(handoff.Asked)
		helper := r.hire("Helper", handoff.AgentRole, r.team.ID)
		stranger := r.hire("Stranger", handoff.AgentRole, r.other.ID)
		var field *conversation.FieldError
		if err := r.joins(id, r.lin, r.lin.ID); !errors.As(err, &field) {
			t.Errorf("nobody has it: %v", err)
		}
		r.tx(func(tx *db.Tx) error { _, err := r.Claim(r.ctx, tx, id, r.anna, false); return err })
		var owned *handoff.OwnedError
		if err := r.mayReply(id, r.lin); !errors.As(err, &owned) {
			t.Errorf("a lead who has not joined: %v", err)
		}
		for name, c := range map[string]struct {
			actor handoff.Agent
			who   int64
			want  func(error) bool
		}{
			"a lead by right":            {r.lin, r.lin.ID, func(err error) bool { return err == nil }},
			"a colleague by themselves":  {helper, helper.ID, func(err error) bool { return errors.Is(err, handoff.ErrForbidden) }},
			"asked by the owner":         {r.anna, helper.ID, func(err error) bool { return err == nil }},
			"somebody of another team":   {r.anna, stranger.ID, func(err error) bool { return errors.As(err, &field) }},
			"the owner":                  {r.lin, r.anna.ID, func(err error) bool { return errors.As(err, &field) }},
			"nobody":                     {r.lin, 999, func(err error) bool { return errors.As(err, &field) }},
			"another team's lead":        {r.mei, r.mei.ID, func(err error) bool { return errors.Is(err, conversation.ErrNotFound) }},
			"an editor, asked by a lead": {r.lin, r.editor.ID, func(err error) bool { return errors.As(err, &field) }},
		} {
			if err := r.joins(id, c.actor, c.who); !c.want(err) {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, a := range []handoff.Agent{r.lin, helper, r.anna} {
			if err := r.mayReply(id, a); err != nil {
				t.Errorf("%s: %v", a.Name, err)
			}
		}
		c, err := r.Conversations.Get(r.ctx, r.DB, id)
		if err != nil || c.AgentID != r.anna.ID {
			t.Fatalf("the owner changed: %v %v", c, err)
		}
		r.tx(func(tx *db.Tx) error {
			_, err := r.Transfer(r.ctx, tx, id, r.anna, handoff.Target{AgentID: r.lin.ID}, "")
			return err
		})
		if err := r.mayReply(id, helper); !errors.As(err, &owned) {
			t.Errorf("it went to another owner: %v", err)
		}
	})
}

func TestLines(t *testing.T) {
	onBoth(t, func(r *room) {
		r.queued(handoff.Asked)
		r.clock.pass(10 * time.Minute)
		r.queued(handoff.Asked)
		r.clock.pass(10 * time.Minute)
		if err := r.SetPresence(r.ctx, r.anna.ID, handoff.Online); err != nil {
			t.Fatal(err)
		}
		lines, err := r.Lines(r.ctx, r.DB, handoff.Scope(r.lin))
		if err != nil || len(lines) != 2 || lines[0].TeamID != 0 {
			t.Fatalf("%+v %v", lines, err)
		}
		l := lines[1]
		if l.TeamID != r.team.ID || l.Waiting != 2 || l.Online != 1 || l.Average != 15*time.Minute || r.clock.Now().Sub(l.Since) != 20*time.Minute {
			t.Errorf("%+v", l)
		}
		if others, err := r.Lines(r.ctx, r.DB, handoff.Scope(r.mei)); err != nil || len(others) != 2 || others[1].TeamID != r.other.ID || others[1].Waiting != 0 {
			t.Errorf("another team's queue shows: %+v %v", others, err)
		}
		ids, err := r.Conversations.QueueIn(r.ctx, r.DB, handoff.Scope(r.boss), r.team.ID, 1)
		if err != nil || len(ids) != 1 || ids[0] != 1 {
			t.Errorf("%v %v", ids, err)
		}
	})
}

func TestSetAway(t *testing.T) {
	onBoth(t, func(r *room) {
		if err := r.SetPresence(r.ctx, r.anna.ID, handoff.Online); err != nil {
			t.Fatal(err)
		}
		away := func(actor handoff.Agent) error {
			return r.DB.Tx(r.ctx, func(tx *db.Tx) error { _, err := r.SetAway(r.ctx, tx, actor, r.anna.ID, handoff.Away); return err })
		}
		if err := away(r.mei); !errors.Is(err, handoff.ErrForbidden) {
			t.Errorf("another team's lead: %v", err)
		}
		r.clock.pass(30 * time.Second)
		if err := away(r.lin); err != nil {
			t.Fatal(err)
		}
		a, err := r.Agent(r.ctx, r.DB, r.anna.ID)
		if err != nil || a.Presence != handoff.Away {
			t.Errorf("%+v %v", a, err)
		}
		since, err := r.PresentSince(r.ctx, r.DB)
		if err != nil || !since[r.anna.ID].Equal(r.clock.Now()) {
			t.Errorf("since %v, %v", since[r.anna.ID], err)
		}
		if err := away(r.boss); err != nil {
			t.Error(err)
		}
		r.clock.pass(2 * time.Minute)
		if since, err := r.PresentSince(r.ctx, r.DB); err != nil || !since[r.anna.ID].Equal(r.clock.Now().Add(-150*time.Second)) {
			t.Errorf("gone since %v, %v", since[r.anna.ID], err)
		}
	})
}
