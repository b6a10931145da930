package handoff_test

import (
	"context"
	"errors"
	"testing"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

// deeds is what became of each thing an agent tried: "" done, "owned", "forbidden" or "not found".
type deeds struct{ claim, takeOver, reply, note, release, resolve string }

func all(answer string) deeds { return deeds{answer, answer, answer, answer, answer, answer} }

// tries has the agent try everything, each on a fresh conversation.
func (r *room) tries(fresh func() int64, a handoff.Agent) deeds {
	r.Helper()
	on := func(do func(ctx context.Context, tx *db.Tx, id int64) error) string {
		id := fresh()
		return r.answer(r.DB.Tx(r.ctx, func(tx *db.Tx) error { return do(r.ctx, tx, id) }))
	}
	return deeds{
		claim:    r.answer(r.claim(fresh(), a, false)),
		takeOver: r.answer(r.claim(fresh(), a, true)),
		reply:    r.answer(r.reply(fresh(), a)),
		note: on(func(ctx context.Context, tx *db.Tx, id int64) error {
			c, err := r.Conversations.Load(ctx, tx, id)
			if err != nil {
				return err
			}
			return r.MayNote(ctx, tx, c, a)
		}),
		release: on(func(ctx context.Context, tx *db.Tx, id int64) error {
			_, err := r.Release(ctx, tx, id, a, handoff.ToQueue)
			return err
		}),
		resolve: on(func(ctx context.Context, tx *db.Tx, id int64) error {
			_, err := r.Resolve(ctx, tx, id, a)
			return err
		}),
	}
}

func (r *room) answer(err error) string {
	r.Helper()
	var owned *handoff.OwnedError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &owned):
		return "owned"
	case errors.Is(err, handoff.ErrForbidden):
		return "forbidden"
	case errors.Is(err, conversation.ErrNotFound):
		return "not found"
	}
	r.Error(err)
	return err.Error()
}

// The conversation belongs to the team of anna and lin: first nobody has it, then anna.
func TestPermissions(t *testing.T) {
	r := onSQLite(t)
	colleague, fired := r.hire("Bo", handoff.AgentRole, r.team.ID), r.hire("Cy", handoff.AgentRole, r.team.ID)
	fired.Active = false
	r.tx(func(tx *db.Tx) error { return r.SaveAgent(r.ctx, tx, fired) })
	machine := deeds{claim: "forbidden", takeOver: "forbidden", reply: "forbidden"}
	for _, c := range []struct {
		name        string
		agent       handoff.Agent
		free, annas deeds
	}{
		{name: "anna", agent: r.anna},
		{name: "a colleague", agent: colleague, annas: deeds{claim: "owned", takeOver: "forbidden", reply: "owned", release: "owned", resolve: "owned"}},
		{name: "the lead", agent: r.lin, annas: deeds{claim: "owned", reply: "owned"}},
		{name: "the owner", agent: r.boss, annas: deeds{claim: "owned", reply: "owned"}},
		{name: "another team's lead", agent: r.mei, free: all("not found"), annas: all("not found")},
		{name: "an editor", agent: r.editor, free: all("forbidden"), annas: all("forbidden")},
		{name: "who has left", agent: fired, free: all("forbidden"), annas: all("forbidden")},
		{name: "who never was", agent: handoff.Agent{ID: 999, Role: handoff.Owner, Active: true}, free: all("not found"), annas: all("not found")},
		{name: "the machine", agent: handoff.Machine(), free: machine, annas: machine},
	} {
		if got := r.tries(func() int64 { return r.queued(handoff.Asked) }, c.agent); got != c.free {
			t.Errorf("%s, nobody has it: %+v, want %+v", c.name, got, c.free)
		}
		if got := r.tries(func() int64 { return r.held(r.anna) }, c.agent); got != c.annas {
			t.Errorf("%s, anna has it: %+v, want %+v", c.name, got, c.annas)
		}
	}
}

// What counts is the role in the database, not the one in a session that is out of date.
func TestAnOldSessionHasNoOldRights(t *testing.T) {
	r := onSQLite(t)
	id, old := r.held(r.anna), r.lin
	demoted := r.lin
	demoted.Role = handoff.AgentRole
	r.tx(func(tx *db.Tx) error { return r.SaveAgent(r.ctx, tx, demoted) })
	if err := r.claim(id, old, true); !errors.Is(err, handoff.ErrForbidden) {
		t.Error(err)
	}
}

func TestMayReplyByStatus(t *testing.T) {
	onBoth(t, func(r *room) {
		as := func(id int64, do func(tx *db.Tx, id int64) error) int64 {
			r.tx(func(tx *db.Tx) error { return do(tx, id) })
			return id
		}
		snooze := func(tx *db.Tx, id int64) error {
			_, err := r.Snooze(r.ctx, tx, id, handoff.Machine(), r.clock.Now().Add(maxAway))
			return err
		}
		resolve := func(tx *db.Tx, id int64) error { _, err := r.Resolve(r.ctx, tx, id, r.anna); return err }
		for _, c := range []struct {
			name   string
			id     int64
			want   string
			status conversation.Status
		}{
			{"the bot's", r.customer("zh").ID, "", conversation.Open},
			{"queued", r.queued(handoff.Asked), "", conversation.Open},
			{"snoozed, nobody's", as(r.queued(handoff.Asked), snooze), "", conversation.Open},
			{"snoozed, anna's", as(r.held(r.anna), snooze), "owned", conversation.Snoozed},
			{"snoozed, one's own", as(r.held(r.lin), snooze), "", conversation.Snoozed},
			{"resolved by anna", as(r.held(r.anna), resolve), "", conversation.Open},
			{"anna's", r.held(r.anna), "owned", conversation.Open},
			{"one's own", r.held(r.lin), "", conversation.Open},
		} {
			if got := r.answer(r.reply(c.id, r.lin)); got != c.want {
				r.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
			if got := r.get(c.id); got.Status != c.status || (c.want == "" && got.AgentID != r.lin.ID) {
				r.Errorf("%s: then %s of agent %d", c.name, got.Status, got.AgentID)
			}
			r.sound(c.id)
		}
	})
}

// A resolved conversation is not taken up again once its customer has a newer one.
func TestTheOlderConversationStaysResolved(t *testing.T) {
	r := onSQLite(t)
	old := r.says("wang", "zh").ID
	r.tx(func(tx *db.Tx) error { _, err := r.Resolve(r.ctx, tx, old, r.anna); return err })
	r.clock.pass(maxAway)
	if newer := r.says("wang", "zh").ID; newer == old {
		t.Fatal("no newer conversation")
	}
	if err := r.reply(old, r.anna); !errors.Is(err, conversation.ErrNotOpen) {
		t.Errorf("reply: %v", err)
	}
	err := r.DB.Tx(r.ctx, func(tx *db.Tx) error { _, err := r.Reopen(r.ctx, tx, old, r.anna); return err })
	if !errors.Is(err, conversation.ErrNotOpen) {
		t.Errorf("reopen: %v", err)
	}
}

func TestScope(t *testing.T) {
	r := onSQLite(t)
	ours := &conversation.Conversation{TeamID: r.team.ID}
	nobodys := &conversation.Conversation{}
	meis := &conversation.Conversation{TeamID: r.team.ID, AgentID: r.mei.ID}
	for _, c := range []struct {
		name                string
		agent               handoff.Agent
		ours, nobodys, meis bool
	}{
		{"owner", r.boss, true, true, true},
		{"agent", r.anna, true, true, true},
		{"lead", r.lin, true, true, true},
		{"another team's lead", r.mei, false, true, true},
	} {
		s := handoff.Scope(c.agent)
		if s.Sees(ours) != c.ours || s.Sees(nobodys) != c.nobodys || s.Sees(meis) != c.meis {
			t.Errorf("%s: %v %v %v", c.name, s.Sees(ours), s.Sees(nobodys), s.Sees(meis))
		}
	}
}

func TestRoles(t *testing.T) {
	for _, c := range []struct {
		role                 handoff.Role
		valid, serves, leads bool
	}{
		{handoff.Owner, true, true, true},
		{handoff.Administrator, true, true, true},
		{handoff.Lead, true, true, true},
		{handoff.AgentRole, true, true, false},
		{handoff.Editor, true, false, false},
		{handoff.System, false, false, true},
		{"king", false, false, false},
	} {
		if c.role.Valid() != c.valid || c.role.Serves() != c.serves || c.role.Leads() != c.leads {
			t.Errorf("%s: %v %v %v", c.role, c.role.Valid(), c.role.Serves(), c.role.Leads())
		}
	}
	for _, role := range handoff.Roles() {
		if !role.Valid() {
			t.Errorf("%s is listed and not valid", role)
		}
	}
}
