package handoff_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
	"huiyin/handoff/hours"
)

// shanghai is the office of the tests: closed at night, at the weekend and on the days given. The room's clock stands at
// Friday 17:00 there.
func shanghai(teams ...int64) handoff.Schedule {
	return handoff.Schedule{Name: "Office", Zone: "Asia/Shanghai", Week: "mon-fri 08:30-12:00 13:30-18:00", Days: "2026-11-24 closed 盘点", TeamIDs: teams}
}

func (r *room) schedule(s handoff.Schedule) (made handoff.Schedule) {
	r.Helper()
	r.tx(func(tx *db.Tx) (err error) {
		made, err = r.CreateSchedule(r.ctx, tx, s)
		return err
	})
	return made
}

func (r *room) saves(s handoff.Schedule) (saved handoff.Schedule, err error) {
	err = r.DB.Tx(r.ctx, func(tx *db.Tx) (err error) {
		saved, err = r.SaveSchedule(r.ctx, tx, s)
		return err
	})
	return saved, err
}

func (r *room) opening(team int64) handoff.Opening {
	r.Helper()
	o, err := r.Opening(r.ctx, r.DB, team)
	if err != nil {
		r.Fatal(err)
	}
	return o
}

func TestATeamsHours(t *testing.T) {
	onBoth(t, func(r *room) {
		if o := r.opening(r.team.ID); !o.Open || o.Scheduled || !o.ClosesAt.IsZero() {
			t.Errorf("without hours: %+v", o)
		}
		s := r.schedule(shanghai(r.team.ID))
		if o := r.opening(r.team.ID); !o.Open || !o.Scheduled || o.ClosesAt.Sub(r.clock.Now()) != time.Hour {
			t.Errorf("on Friday at 17:00: %+v", o)
		}
		r.clock.pass(2 * time.Hour)
		if o := r.opening(r.team.ID); o.Open || o.OpensAt.UTC().Format(time.RFC3339) != "2026-11-23T00:30:00Z" {
			t.Errorf("on Friday at 19:00: %+v", o)
		}
		if o := r.opening(r.other.ID); !o.Open {
			t.Errorf("another team: %+v", o)
		}
		s.Week, s.TeamIDs = "mon-sun 00:00-24:00", []int64{0, r.other.ID}
		saved, err := r.saves(s)
		if err != nil || saved.Version != 2 || len(saved.TeamIDs) != 2 {
			t.Fatalf("%+v, %v", saved, err)
		}
		if o := r.opening(r.team.ID); o.Scheduled {
			t.Errorf("after it lost its hours: %+v", o)
		}
		if o := r.opening(0); !o.Open || !o.Scheduled {
			t.Errorf("no team: %+v", o)
		}
		if _, err := r.saves(s); !errors.Is(err, handoff.ErrChanged) {
			t.Errorf("on top of an old version: %v", err)
		}
		r.tx(func(tx *db.Tx) error { return r.DeleteSchedule(r.ctx, tx, s.ID) })
		if list, err := r.Schedules(r.ctx, r.DB); err != nil || len(list) != 0 {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

func TestASecondScheduleTakesTheTeam(t *testing.T) {
	onBoth(t, func(r *room) {
		first := r.schedule(shanghai(r.team.ID))
		second := shanghai(r.team.ID)
		second.Name = "Nights"
		r.schedule(second)
		again, err := r.Schedule(r.ctx, r.DB, first.ID)
		if err != nil || len(again.TeamIDs) != 0 {
			t.Errorf("%+v, %v", again, err)
		}
	})
}

func TestSchedulesThatAreRefused(t *testing.T) {
	r := onSQLite(t)
	r.schedule(shanghai())
	for field, change := range map[string]func(*handoff.Schedule){
		"name": func(*handoff.Schedule) {}, // taken
		"zone": func(s *handoff.Schedule) { s.Zone = "Nowhere/City" },
		"week": func(s *handoff.Schedule) { s.Week = "mon 9-18" },
		"days": func(s *handoff.Schedule) { s.Days = "tomorrow closed" },
	} {
		s := shanghai()
		change(&s)
		err := r.DB.Tx(r.ctx, func(tx *db.Tx) error { _, err := r.CreateSchedule(r.ctx, tx, s); return err })
		var wrong *conversation.FieldError
		if !errors.As(err, &wrong) || wrong.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	s := shanghai(99)
	s.Name = "Other"
	err := r.DB.Tx(r.ctx, func(tx *db.Tx) error { _, err := r.CreateSchedule(r.ctx, tx, s); return err })
	var wrong *conversation.FieldError
	if !errors.As(err, &wrong) || wrong.Field != "team_ids" {
		t.Error(err)
	}
}

func TestAfterHoursTheCustomerIsPromisedATime(t *testing.T) {
	onBoth(t, func(r *room) {
		r.schedule(shanghai(r.team.ID))
		r.clock.pass(14 * time.Hour) // Saturday 7:00
		first, second := r.queued(handoff.Asked), r.queued(handoff.Asked)
		if got := r.last(first).Text; !strings.Contains(got, "We open Monday at 8:30, and your message is first in line then") {
			t.Errorf("first: %q", got)
		}
		if got := r.last(second).Text; !strings.Contains(got, "We open Monday at 8:30; you are number 2 in line") {
			t.Errorf("second: %q", got)
		}
		zh := r.customer("zh")
		r.request(zh.ID, handoff.Asked)
		if got := r.last(zh.ID).Text; !strings.Contains(got, "我们周一 8:30开始服务，您排在第 3 位") {
			t.Errorf("in Chinese: %q", got)
		}
		if p := r.standing(first); p.OpensAt.UTC().Format(time.RFC3339) != "2026-11-23T00:30:00Z" || p.AgentsOnline {
			t.Errorf("%+v", p)
		}
		r.online(r.anna) // overtime
		if p := r.standing(first); !p.OpensAt.IsZero() || !p.AgentsOnline {
			t.Errorf("with somebody at the desk: %+v", p)
		}
	})
}

func TestWhoCameInTheNightIsFirstInTheMorning(t *testing.T) {
	onBoth(t, func(r *room) {
		r.schedule(shanghai(r.team.ID))
		r.clock.pass(14 * time.Hour)
		night := r.queued(handoff.Asked)
		r.clock.pass(49*time.Hour + 40*time.Minute) // Monday 8:40
		r.online(r.anna)
		day := r.queued(handoff.Asked)
		if p := r.standing(night); p.Position != 1 {
			t.Errorf("the night's place is %d", p.Position)
		}
		if p := r.standing(day); p.Position != 2 {
			t.Errorf("the day's place is %d", p.Position)
		}
		list := []*conversation.Conversation{r.get(night), r.get(day), r.get(r.held(r.anna))}
		got, err := r.FromTheNight(r.ctx, r.DB, list)
		if err != nil || len(got) != 1 || !got[night] {
			t.Errorf("%v, %v", got, err)
		}
	})
}

func TestHolidaysAreImportedAndTakenBack(t *testing.T) {
	onBoth(t, func(r *room) {
		s := r.schedule(shanghai(r.team.ID))
		days, err := hours.ParseDays("2026-11-23..2026-11-24 closed 节日\n2026-11-28 like mon 调休")
		if err != nil {
			t.Fatal(err)
		}
		changes, err := s.PreviewHolidays(days)
		if err != nil || len(changes) != 3 || changes[0].Before != nil || changes[1].Before == nil || changes[1].Same {
			t.Fatalf("%+v, %v", changes, err)
		}
		var made handoff.HolidayImport
		r.tx(func(tx *db.Tx) error {
			made, err = r.ImportHolidays(r.ctx, tx, s.ID, "2026.csv", days, r.boss.ID)
			return err
		})
		got, err := r.Schedule(r.ctx, r.DB, s.ID)
		if err != nil || got.Days != "2026-11-23..2026-11-24 closed 节日\n2026-11-28 like mon 调休" {
			t.Fatalf("%q, %v", got.Days, err)
		}
		got.Days = strings.Replace(got.Days, "like mon", "09:00-12:00", 1) // somebody mends a day
		if _, err := r.saves(got); err != nil {
			t.Fatal(err)
		}
		for range 2 { // taking back twice is taking back once
			r.tx(func(tx *db.Tx) error { return r.UndoHolidays(r.ctx, tx, s.ID, made.ID) })
		}
		got, err = r.Schedule(r.ctx, r.DB, s.ID)
		if err != nil || got.Days != "2026-11-24 closed 盘点\n2026-11-28 09:00-12:00 调休" {
			t.Errorf("%q, %v", got.Days, err)
		}
		list, err := r.HolidayImports(r.ctx, r.DB, s.ID)
		if err != nil || len(list) != 1 || list[0].UndoneAt.IsZero() || list[0].File != "2026.csv" {
			t.Errorf("%+v, %v", list, err)
		}
		err = r.DB.Tx(r.ctx, func(tx *db.Tx) error { return r.UndoHolidays(r.ctx, tx, s.ID, 99) })
		if !errors.Is(err, conversation.ErrNotFound) {
			t.Error(err)
		}
	})
}
