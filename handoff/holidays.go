package handoff

import (
	"context"
	"fmt"
	"slices"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff/hours"
)

// HolidayImport is a file of holidays taken over into a schedule.
type HolidayImport struct {
	ID, ScheduleID int64
	File           string
	Added, Before  string // the text of its days, and of what stood on those days before
	AgentID        int64
	At, UndoneAt   time.Time
}

// HolidayChange is what a file would do to one day of a schedule.
type HolidayChange struct {
	Day    hours.Day
	Before *hours.Day // what is there now; nil: nothing
	Same   bool
}

// PreviewHolidays tells what days would change in a schedule. Nothing is stored.
func (s Schedule) PreviewHolidays(days []hours.Day) ([]HolidayChange, error) {
	calendar, err := s.Calendar()
	if err != nil {
		return nil, err
	}
	changes := make([]HolidayChange, 0, len(days))
	for _, day := range days {
		c := HolidayChange{Day: day}
		if _, c.Before = calendar.Spans(day.Date); c.Before != nil {
			c.Same = c.Before.Same(day)
		}
		changes = append(changes, c)
	}
	return changes, nil
}

// ImportHolidays takes the days of a file over into a schedule: they replace what stood on their dates.
func (d *Desk) ImportHolidays(ctx context.Context, tx *db.Tx, scheduleID int64, file string, days []hours.Day, agentID int64) (HolidayImport, error) {
	s, err := d.Schedule(ctx, tx, scheduleID)
	if err != nil {
		return HolidayImport{}, err
	}
	changes, err := s.PreviewHolidays(days)
	if err != nil {
		return HolidayImport{}, err
	}
	var before []hours.Day
	for _, c := range changes {
		if c.Before != nil {
			before = append(before, *c.Before)
		}
	}
	if err := d.replaceDays(ctx, tx, s, days, days); err != nil {
		return HolidayImport{}, err
	}
	i := HolidayImport{ScheduleID: s.ID, File: clip(file), Added: hours.FormatDays(days), Before: hours.FormatDays(before), AgentID: agentID, At: tx.Now}
	i.ID, err = tx.Insert(ctx, "INSERT INTO schedule_imports (schedule_id, file, added, before, agent_id, at) VALUES (?, ?, ?, ?, ?, ?)",
		i.ScheduleID, i.File, i.Added, i.Before, i.AgentID, db.Millis(i.At))
	if err != nil {
		return HolidayImport{}, fmt.Errorf("note import of holidays: %w", err)
	}
	return i, nil
}

func clip(file string) string {
	if runes := []rune(file); len(runes) > maxName {
		return string(runes[:maxName])
	}
	return file
}

// replaceDays takes days away from a schedule, where they are still as they were brought, and puts others in.
func (d *Desk) replaceDays(ctx context.Context, tx *db.Tx, s Schedule, away, in []hours.Day) error {
	calendar, err := s.Calendar()
	if err != nil {
		return err
	}
	dates := map[hours.Date]bool{}
	for _, day := range away {
		dates[day.Date] = true
	}
	days := slices.DeleteFunc(calendar.Days(), func(day hours.Day) bool { return dates[day.Date] })
	s.Days = hours.FormatDays(append(days, in...))
	_, err = d.SaveSchedule(ctx, tx, s)
	return err
}

// UndoHolidays takes an import back: each of its days that is still as it was brought becomes what it was before.
func (d *Desk) UndoHolidays(ctx context.Context, tx *db.Tx, scheduleID, importID int64) error {
	all, err := d.HolidayImports(ctx, tx, scheduleID)
	if err != nil {
		return err
	}
	n := slices.IndexFunc(all, func(i HolidayImport) bool { return i.ID == importID })
	if n < 0 {
		return fmt.Errorf("import %d: %w", importID, conversation.ErrNotFound)
	}
	if !all[n].UndoneAt.IsZero() {
		return nil
	}
	s, err := d.Schedule(ctx, tx, scheduleID)
	if err != nil {
		return err
	}
	away, in, err := s.undo(all[n])
	if err != nil {
		return err
	}
	if err := d.replaceDays(ctx, tx, s, away, in); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "UPDATE schedule_imports SET undone_at = ? WHERE id = ?", db.Millis(tx.Now), importID)
	if err != nil {
		return fmt.Errorf("undo import of holidays: %w", err)
	}
	return nil
}

// undo finds the days of an import that nobody has changed since, and what was there before.
func (s Schedule) undo(i HolidayImport) (away, in []hours.Day, err error) {
	added, err := hours.ParseDays(i.Added)
	if err != nil {
		return nil, nil, fmt.Errorf("read import %d: %w", i.ID, err)
	}
	before, err := hours.ParseDays(i.Before)
	if err != nil {
		return nil, nil, fmt.Errorf("read import %d: %w", i.ID, err)
	}
	changes, err := s.PreviewHolidays(added)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range changes {
		if !c.Same {
			continue
		}
		away = append(away, c.Day)
		if n := slices.IndexFunc(before, func(b hours.Day) bool { return b.Date == c.Day.Date }); n >= 0 {
			in = append(in, before[n])
		}
	}
	return away, in, nil
}

// HolidayImports reads what was imported into a schedule, the newest first.
func (d *Desk) HolidayImports(ctx context.Context, from db.Querier, scheduleID int64) ([]HolidayImport, error) {
	rows, err := from.Query(ctx, "SELECT id, schedule_id, file, added, before, agent_id, at, undone_at FROM schedule_imports WHERE schedule_id = ? ORDER BY id DESC", scheduleID)
	if err != nil {
		return nil, fmt.Errorf("read imports of holidays: %w", err)
	}
	defer rows.Close()
	var found []HolidayImport
	for rows.Next() {
		var i HolidayImport
		var at, undone int64
		if err := rows.Scan(&i.ID, &i.ScheduleID, &i.File, &i.Added, &i.Before, &i.AgentID, &at, &undone); err != nil {
			return nil, fmt.Errorf("read imports of holidays: %w", err)
		}
		i.At, i.UndoneAt = db.Time(at), db.Time(undone)
		found = append(found, i)
	}
	return found, rows.Err()
}
