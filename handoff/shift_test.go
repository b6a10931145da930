package handoff_test

import (
	"errors"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

func (r *room) plan(a handoff.Agent, from, hours int) (s handoff.Shift, err error) {
	start := r.clock.Now().Add(time.Duration(from) * time.Hour)
	err = r.DB.Tx(r.ctx, func(tx *db.Tx) (err error) {
		s, err = r.PlanShift(r.ctx, tx, handoff.Shift{AgentID: a.ID, StartsAt: start, EndsAt: start.Add(time.Duration(hours) * time.Hour), Note: "早班"})
		return err
	})
	return s, err
}

func (r *room) onDuty(team int64) int {
	r.Helper()
	n, err := r.Online(r.ctx, r.DB, team)
	if err != nil {
		r.Fatal(err)
	}
	calendar, err := r.Calendar(r.ctx, r.DB, team)
	if err != nil {
		r.Fatal(err)
	}
	both, hours, err := r.OnDuty(r.ctx, r.DB, team)
	if now := r.DB.Now(); err != nil || both != n || hours.Open(now) != calendar.Open(now) {
		r.Errorf("%d are on duty, both in one say %d; open %v and %v; %v", n, both, calendar.Open(now), hours.Open(now), err)
	}
	return n
}

func TestOnDutyIsOnShiftAndPresent(t *testing.T) {
	onBoth(t, func(r *room) {
		r.online(r.anna, r.lin)
		if n := r.onDuty(r.team.ID); n != 2 {
			t.Errorf("without shifts %d are on duty", n)
		}
		s, err := r.plan(r.anna, 1, 8)
		if err != nil {
			t.Fatal(err)
		}
		if n := r.onDuty(r.team.ID); n != 1 {
			t.Errorf("before Anna's shift %d are on duty", n)
		}
		if off, err := r.OffShift(r.ctx, r.DB); err != nil || len(off) != 1 || !off[r.anna.ID] {
			t.Errorf("%v, %v", off, err)
		}
		r.clock.pass(time.Hour)
		r.online(r.anna, r.lin)
		if n := r.onDuty(r.team.ID); n != 2 {
			t.Errorf("on Anna's shift %d are on duty", n)
		}
		if n := r.onDuty(0); n != 2 {
			t.Errorf("for no team %d are on duty", n)
		}
		r.tx(func(tx *db.Tx) error { return r.DropShift(r.ctx, tx, s.ID) })
		r.clock.pass(-time.Hour)
		if n := r.onDuty(r.team.ID); n != 2 {
			t.Errorf("after the shift was dropped %d are on duty", n)
		}
	})
}

func TestShiftsAreSwapped(t *testing.T) {
	onBoth(t, func(r *room) {
		s, err := r.plan(r.anna, 0, 8)
		if err != nil {
			t.Fatal(err)
		}
		ask := func(by handoff.Agent, whom int64) error {
			return r.DB.Tx(r.ctx, func(tx *db.Tx) error { _, err := r.AskSwap(r.ctx, tx, s.ID, by, whom); return err })
		}
		take := func(by handoff.Agent, yes bool) error {
			return r.DB.Tx(r.ctx, func(tx *db.Tx) error { _, err := r.TakeSwap(r.ctx, tx, s.ID, by, yes); return err })
		}
		bert := r.hire("Bert", handoff.AgentRole, r.team.ID)
		var field *conversation.FieldError
		if err := take(bert, true); !errors.As(err, &field) {
			t.Errorf("nobody was asked: %v", err)
		}
		if err := ask(bert, bert.ID); !errors.Is(err, handoff.ErrForbidden) {
			t.Errorf("it is not Bert's: %v", err)
		}
		if err := ask(r.anna, bert.ID); err != nil {
			t.Fatal(err)
		}
		if err := take(r.anna, true); !errors.Is(err, handoff.ErrForbidden) {
			t.Errorf("Anna cannot answer for Bert: %v", err)
		}
		if err := take(bert, false); err != nil {
			t.Fatal(err)
		}
		if err := ask(r.lin, bert.ID); err != nil { // a lead asks for Anna
			t.Fatal(err)
		}
		if err := take(bert, true); err != nil {
			t.Fatal(err)
		}
		got, err := r.Shift(r.ctx, r.DB, s.ID)
		if err != nil || got.AgentID != bert.ID || got.FirstAgentID != r.anna.ID || got.WantedBy != 0 {
			t.Errorf("%+v, %v", got, err)
		}
		if _, err := r.plan(bert, 7, 8); !errors.As(err, &field) {
			t.Errorf("Bert works twice: %v", err)
		}
		list, err := r.Shifts(r.ctx, r.DB, r.clock.Now(), r.clock.Now().Add(time.Hour))
		if err != nil || len(list) != 1 {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

func TestShiftsThatAreRefused(t *testing.T) {
	r := onSQLite(t)
	for name, c := range map[string]struct {
		agent       handoff.Agent
		from, hours int
	}{"no time": {r.anna, 0, 0}, "longer than a day": {r.anna, 0, 25}, "an editor": {r.editor, 0, 8}, "nobody": {handoff.Agent{ID: 99}, 0, 8}} {
		var field *conversation.FieldError
		if _, err := r.plan(c.agent, c.from, c.hours); !errors.As(err, &field) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := r.DB.Tx(r.ctx, func(tx *db.Tx) error { return r.DropShift(r.ctx, tx, 99) }); !errors.Is(err, conversation.ErrNotFound) {
		t.Error(err)
	}
}
