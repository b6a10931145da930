package handoff

import (
	"context"
	"fmt"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff/hours"
)

// Calendar is when a team works. A team without a schedule never closes.
func (d *Desk) Calendar(ctx context.Context, from db.Querier, teamID int64) (*hours.Calendar, error) {
	var s Schedule
	err := from.QueryRow(ctx, `SELECT s.id, s.version, s.zone, s.week, s.days FROM schedule_teams t JOIN schedules s ON s.id = t.schedule_id
 WHERE t.team_id = ?`, teamID).Scan(&s.ID, &s.Version, &s.Zone, &s.Week, &s.Days)
	if db.NoRows(err) {
		return hours.Always(), nil
	}
	if err != nil {
		return nil, fmt.Errorf("read hours of team %d: %w", teamID, err)
	}
	return d.parsed(s)
}

// OnDuty is Online and Calendar in one question.
func (d *Desk) OnDuty(ctx context.Context, from db.Querier, teamID int64) (online int, calendar *hours.Calendar, err error) {
	count, args := d.countOnline(teamID)
	var s Schedule
	var zone, week, days *string
	err = from.QueryRow(ctx, "SELECT ("+count+`), COALESCE(s.id, 0), COALESCE(s.version, 0), s.zone, s.week, s.days FROM (SELECT 1 AS one) o
 LEFT JOIN schedule_teams t ON t.team_id = ? LEFT JOIN schedules s ON s.id = t.schedule_id`, append(args, teamID)...).
		Scan(&online, &s.ID, &s.Version, &zone, &week, &days)
	if err != nil {
		return 0, nil, fmt.Errorf("read who is on duty in team %d: %w", teamID, err)
	}
	if s.ID == 0 {
		return online, hours.Always(), nil
	}
	s.Zone, s.Week, s.Days = *zone, *week, *days
	calendar, err = d.parsed(s)
	return online, calendar, err
}

// keptCalendars bounds the calendars that stay parsed.
const keptCalendars = 100

// parsed is the schedule's calendar, read once for each version.
func (d *Desk) parsed(s Schedule) (*hours.Calendar, error) {
	key := [2]int64{s.ID, s.Version}
	d.mu.Lock()
	c := d.calendars[key]
	d.mu.Unlock()
	if c != nil {
		return c, nil
	}
	c, err := s.Calendar()
	if err != nil {
		return nil, fmt.Errorf("schedule %d: %w", s.ID, err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.calendars == nil || len(d.calendars) >= keptCalendars {
		d.calendars = map[[2]int64]*hours.Calendar{}
	}
	d.calendars[key] = c
	return c, nil
}

// Opening is whether a team works now.
type Opening struct {
	TeamID    int64
	Scheduled bool // it has hours; a team without never closes
	Open      bool
	ClosesAt  time.Time // while it is open; zero: never
	OpensAt   time.Time // while it is closed; zero: never
	OnDuty    int       // people at work for it
}

// Opening tells whether a team works now.
func (d *Desk) Opening(ctx context.Context, from db.Querier, teamID int64) (Opening, error) {
	calendar, err := d.Calendar(ctx, from, teamID)
	if err != nil {
		return Opening{}, err
	}
	o := Opening{TeamID: teamID, Scheduled: !calendar.AlwaysOpen()}
	now := d.DB.Now()
	if o.Open = calendar.Open(now); o.Open {
		o.ClosesAt, _ = calendar.Until(now)
	} else {
		o.OpensAt, _ = calendar.Next(now)
	}
	o.OnDuty, err = d.Online(ctx, from, teamID)
	return o, err
}

// FromTheNight tells of waiting conversations which of them came to the queue while their team was closed.
func (d *Desk) FromTheNight(ctx context.Context, from db.Querier, list []*conversation.Conversation) (map[int64]bool, error) {
	calendars := map[int64]*hours.Calendar{}
	night := map[int64]bool{}
	for _, c := range list {
		if !c.Queueing() || c.QueuedAt.IsZero() {
			continue
		}
		calendar, known := calendars[c.TeamID]
		if !known {
			var err error
			if calendar, err = d.Calendar(ctx, from, c.TeamID); err != nil {
				return nil, err
			}
			calendars[c.TeamID] = calendar
		}
		if !calendar.Open(c.QueuedAt) {
			night[c.ID] = true
		}
	}
	return night, nil
}
