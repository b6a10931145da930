package handoff_test

import (
	"errors"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

func TestAWeekOfShiftsIsPlannedAgain(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	onBoth(t, func(r *room) {
		at := func(month time.Month, day, hour int) time.Time {
			return time.Date(2027, month, day, hour, 0, 0, 0, berlin)
		}
		plan := func(a handoff.Agent, start time.Time) {
			r.tx(func(tx *db.Tx) error {
				_, err := r.PlanShift(r.ctx, tx, handoff.Shift{AgentID: a.ID, StartsAt: start, EndsAt: start.Add(8 * time.Hour), Note: "早班"})
				return err
			})
		}
		plan(r.anna, at(3, 22, 8))  // a week before the clocks go forward
		plan(r.anna, at(3, 26, 22)) // over midnight
		plan(r.lin, at(3, 23, 8))
		plan(r.lin, at(3, 30, 9)) // in the way
		plan(r.anna, at(3, 21, 23))
		all := func(int64) bool { return true }
		copied := func(days int, may func(int64) bool) (c handoff.Copied, err error) {
			err = r.DB.Tx(r.ctx, func(tx *db.Tx) (err error) {
				c, err = r.CopyShifts(r.ctx, tx, at(3, 22, 0), at(3, 29, 0), days, berlin, may)
				return err
			})
			return c, err
		}
		got, err := copied(7, all)
		if err != nil || got != (handoff.Copied{Planned: 2, Skipped: 1}) {
			t.Fatalf("%+v, %v", got, err)
		}
		list, err := r.Shifts(r.ctx, r.DB, at(3, 29, 0), at(4, 4, 0))
		if err != nil || len(list) != 3 || !list[0].StartsAt.Equal(at(3, 29, 8)) || list[0].Note != "早班" || !list[2].EndsAt.Equal(at(4, 3, 6)) {
			t.Fatalf("%+v, %v", list, err)
		}
		if got, err := copied(7, all); err != nil || got != (handoff.Copied{Skipped: 3}) {
			t.Errorf("again: %+v, %v", got, err)
		}
		if got, err := copied(14, func(id int64) bool { return id == r.lin.ID }); err != nil || got != (handoff.Copied{Planned: 1}) {
			t.Errorf("of one: %+v, %v", got, err)
		}
		var field *conversation.FieldError
		if _, err := copied(0, all); !errors.As(err, &field) {
			t.Errorf("onto itself: %v", err)
		}
	})
}
