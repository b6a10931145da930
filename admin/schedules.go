package admin

import (
	"context"
	"time"

	"huiyin/admin/api"
	"huiyin/db"
	"huiyin/handoff"
	"huiyin/handoff/hours"
)

// ListSchedules shows all opening hours with what they mean now.
func (s *Server) ListSchedules(ctx context.Context, _ api.ListSchedulesRequestObject) (api.ListSchedulesResponseObject, error) {
	found, err := s.Desk.Schedules(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	shown := make(api.ListSchedules200JSONResponse, 0, len(found))
	for _, schedule := range found {
		one, err := s.viewSchedule(schedule)
		if err != nil {
			return nil, err
		}
		shown = append(shown, one)
	}
	return shown, nil
}

// CreateSchedule makes opening hours.
func (s *Server) CreateSchedule(ctx context.Context, r api.CreateScheduleRequestObject) (api.CreateScheduleResponseObject, error) {
	var made handoff.Schedule
	err := s.write(ctx, func(tx *db.Tx) (err error) {
		if made, err = s.Desk.CreateSchedule(ctx, tx, scheduleOf(0, r.Body)); err != nil {
			return err
		}
		return s.note(ctx, tx, "schedule_created", object("schedule", made.ID), made.Name)
	})
	if err != nil {
		return nil, err
	}
	shown, err := s.viewSchedule(made)
	return api.CreateSchedule201JSONResponse(shown), err
}

// SaveSchedule changes opening hours.
func (s *Server) SaveSchedule(ctx context.Context, r api.SaveScheduleRequestObject) (api.SaveScheduleResponseObject, error) {
	var saved handoff.Schedule
	err := s.write(ctx, func(tx *db.Tx) (err error) {
		if saved, err = s.Desk.SaveSchedule(ctx, tx, scheduleOf(r.Id, r.Body)); err != nil {
			return err
		}
		return s.note(ctx, tx, "schedule_changed", object("schedule", saved.ID), saved.Name)
	})
	if err != nil {
		return nil, err
	}
	shown, err := s.viewSchedule(saved)
	return api.SaveSchedule200JSONResponse(shown), err
}

// DeleteSchedule removes opening hours.
func (s *Server) DeleteSchedule(ctx context.Context, r api.DeleteScheduleRequestObject) (api.DeleteScheduleResponseObject, error) {
	err := s.write(ctx, func(tx *db.Tx) error {
		if err := s.Desk.DeleteSchedule(ctx, tx, r.Id); err != nil {
			return err
		}
		return s.note(ctx, tx, "schedule_deleted", object("schedule", r.Id), "")
	})
	return api.DeleteSchedule204Response{}, err
}

// PreviewSchedule shows what hours would mean now.
func (s *Server) PreviewSchedule(_ context.Context, r api.PreviewScheduleRequestObject) (api.PreviewScheduleResponseObject, error) {
	shown, err := s.viewSchedule(scheduleOf(0, r.Body))
	return api.PreviewSchedule200JSONResponse(shown.Meaning), err
}

func scheduleOf(id int64, in *api.ScheduleInput) handoff.Schedule {
	return handoff.Schedule{ID: id, Name: in.Name, Zone: in.Zone, Week: in.Week, Days: in.Days, Version: val(in.Version), TeamIDs: in.TeamIds}
}

func (s *Server) viewSchedule(schedule handoff.Schedule) (api.Schedule, error) {
	calendar, err := schedule.Calendar()
	if err != nil {
		return api.Schedule{}, err
	}
	return api.Schedule{Id: schedule.ID, Name: schedule.Name, Zone: schedule.Zone, Week: schedule.Week, Days: schedule.Days, Version: schedule.Version,
		TeamIds: ids(schedule.TeamIDs), Meaning: viewMeaning(calendar, s.DB.Now())}, nil
}

// viewMeaning is a calendar as it stands at a time.
func viewMeaning(calendar *hours.Calendar, now time.Time) api.ScheduleMeaning {
	now = now.In(calendar.Zone())
	week := calendar.Week()
	m := api.ScheduleMeaning{Open: calendar.Open(now), Now: now.Format("2006-01-02 15:04 -07:00"),
		Week: api.Words{Zh: week.Words(true), En: week.Words(false)}, Exceptions: []api.ScheduleDay{}}
	if closes, ok := calendar.Until(now); ok {
		m.ClosesAt = &closes
	}
	if opens, ok := calendar.Next(now); ok && !m.Open {
		m.OpensAt, m.Opens = &opens, &api.Words{Zh: calendar.When(opens, now, true), En: calendar.When(opens, now, false)}
	}
	for day := range week {
		m.Spans = append(m.Spans, viewSpans(week[(day+1)%len(week)]))
	}
	today := hours.DateOf(now)
	spans, day := calendar.Spans(today)
	m.Today = api.ScheduleToday{Date: today.String(), Spans: viewSpans(spans), Day: viewDayOf(calendar, day)}
	for _, d := range calendar.Days() {
		shown := *viewDayOf(calendar, &d)
		if m.Next == nil && d.Date.Compare(today) > 0 {
			m.Next = &shown
		}
		m.Exceptions = append(m.Exceptions, shown)
	}
	return m
}

func viewSpans(spans []hours.Span) []string {
	shown := make([]string, 0, len(spans))
	for _, s := range spans {
		shown = append(shown, s.String())
	}
	return shown
}

// viewDayOf is an exceptional day with the hours that it has in a calendar.
func viewDayOf(calendar *hours.Calendar, d *hours.Day) *api.ScheduleDay {
	if d == nil {
		return nil
	}
	shown := api.ScheduleDay{Date: d.Date.String(), Kind: api.ScheduleDayKind(d.Kind), Name: d.Name, Spans: viewSpans(d.Spans)}
	if d.Kind == hours.Like {
		shown.Like = opt(api.ScheduleDayLike(hours.WeekdayWord(d.Like)))
		shown.Spans = viewSpans(calendar.Week()[d.Like])
	}
	return &shown
}
