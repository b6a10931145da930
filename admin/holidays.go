package admin

import (
	"context"

	"huiyin/admin/api"
	"huiyin/db"
	"huiyin/handoff"
	"huiyin/handoff/hours"
)

// ImportHolidays takes a file of holidays over into opening hours, or only shows what would change.
func (s *Server) ImportHolidays(ctx context.Context, r api.ImportHolidaysRequestObject) (api.ImportHolidaysResponseObject, error) {
	name, days, err := holidaysOf(r.Body)
	if err != nil {
		return nil, err
	}
	schedule, err := s.Desk.Schedule(ctx, s.DB, r.Id)
	if err != nil {
		return nil, err
	}
	shown, err := viewChanges(schedule, days)
	if err != nil || val(r.Body.Dry) {
		return api.ImportHolidays200JSONResponse(shown), err
	}
	var made handoff.HolidayImport
	err = s.write(ctx, func(tx *db.Tx) (err error) {
		if made, err = s.Desk.ImportHolidays(ctx, tx, r.Id, name, days, whoOf(ctx).actor().ID); err != nil {
			return err
		}
		return s.note(ctx, tx, "holidays_imported", object("schedule", r.Id), name)
	})
	if err != nil {
		return nil, err
	}
	table, err := s.names.table(ctx)
	if err != nil {
		return nil, err
	}
	shown.Import = opt(viewImport(made, table))
	return api.ImportHolidays200JSONResponse(shown), nil
}

// holidaysOf reads the days of the file that was brought, or of one that the product ships.
func holidaysOf(in *api.HolidayFile) (name string, days []hours.Day, err error) {
	name, text := val(in.File), []byte(val(in.Text))
	if in.Shipped != nil {
		name, text = "china-2026.csv", hours.China2026()
	}
	if days, err = hours.ParseFile(name, text); err != nil {
		return name, nil, invalid("text", err.Error())
	}
	return name, days, nil
}

func viewChanges(schedule handoff.Schedule, days []hours.Day) (api.HolidayChanges, error) {
	calendar, err := schedule.Calendar()
	if err != nil {
		return api.HolidayChanges{}, err
	}
	changes, err := schedule.PreviewHolidays(days)
	if err != nil {
		return api.HolidayChanges{}, err
	}
	shown := api.HolidayChanges{Changes: make([]api.HolidayChange, 0, len(changes))}
	for _, c := range changes {
		shown.Changes = append(shown.Changes, api.HolidayChange{Day: *viewDayOf(calendar, &c.Day), Before: viewDayOf(calendar, c.Before), Same: c.Same})
	}
	return shown, nil
}

// ListHolidayImports shows the files of holidays that were taken over.
func (s *Server) ListHolidayImports(ctx context.Context, r api.ListHolidayImportsRequestObject) (api.ListHolidayImportsResponseObject, error) {
	if _, err := s.Desk.Schedule(ctx, s.DB, r.Id); err != nil {
		return nil, err
	}
	found, err := s.Desk.HolidayImports(ctx, s.DB, r.Id)
	if err != nil {
		return nil, err
	}
	table, err := s.names.table(ctx)
	if err != nil {
		return nil, err
	}
	shown := make(api.ListHolidayImports200JSONResponse, 0, len(found))
	for _, i := range found {
		shown = append(shown, viewImport(i, table))
	}
	return shown, nil
}

func viewImport(i handoff.HolidayImport, table *nameTable) api.HolidayImport {
	days, _ := hours.ParseDays(i.Added) // written by ourselves; unreadable, it counts none
	return api.HolidayImport{Id: i.ID, File: i.File, Days: len(days), By: person(i.AgentID, table.agents[i.AgentID]), At: i.At, UndoneAt: optTime(i.UndoneAt)}
}

// UndoHolidays takes an import of holidays back.
func (s *Server) UndoHolidays(ctx context.Context, r api.UndoHolidaysRequestObject) (api.UndoHolidaysResponseObject, error) {
	var schedule handoff.Schedule
	err := s.write(ctx, func(tx *db.Tx) (err error) {
		if err := s.Desk.UndoHolidays(ctx, tx, r.Id, r.Number); err != nil {
			return err
		}
		if err := s.note(ctx, tx, "holidays_undone", object("schedule", r.Id), ""); err != nil {
			return err
		}
		schedule, err = s.Desk.Schedule(ctx, tx, r.Id)
		return err
	})
	if err != nil {
		return nil, err
	}
	shown, err := s.viewSchedule(schedule)
	return api.UndoHolidays200JSONResponse(shown), err
}
