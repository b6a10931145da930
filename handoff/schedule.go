package handoff

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff/hours"
)

// Schedule is opening hours by name, which teams have. Team 0 stands for conversations of no team.
type Schedule struct {
	ID                   int64
	Name, Zone           string
	Week, Days           string // as package hours writes them
	Version              int64
	TeamIDs              []int64
	CreatedAt, UpdatedAt time.Time
}

// Calendar reads the schedule's texts. Its error names the field at fault.
func (s Schedule) Calendar() (*hours.Calendar, error) {
	zone, err := time.LoadLocation(s.Zone)
	if err != nil || s.Zone == "" || s.Zone == "Local" {
		return nil, &conversation.FieldError{Field: "zone", Message: "give a time zone such as Asia/Shanghai"}
	}
	week, err := hours.ParseWeek(s.Week)
	if err != nil {
		return nil, &conversation.FieldError{Field: "week", Message: err.Error()}
	}
	days, err := hours.ParseDays(s.Days)
	if err != nil {
		return nil, &conversation.FieldError{Field: "days", Message: err.Error()}
	}
	return hours.New(zone, week, days), nil
}

// clean brings the texts into the one form in which they are stored.
func (s *Schedule) clean() error {
	s.Name = strings.Join(strings.Fields(s.Name), " ")
	if s.Name == "" || len([]rune(s.Name)) > maxName {
		return &conversation.FieldError{Field: "name", Message: "give a name of at most 100 characters"}
	}
	calendar, err := s.Calendar()
	if err != nil {
		return err
	}
	s.Week, s.Days = calendar.Week().String(), hours.FormatDays(calendar.Days())
	s.TeamIDs = slices.Compact(slices.Sorted(slices.Values(s.TeamIDs)))
	return nil
}

// Schedules reads all schedules with the teams that have them.
func (d *Desk) Schedules(ctx context.Context, from db.Querier) ([]Schedule, error) {
	return querySchedules(ctx, from, "1 = 1")
}

// Schedule reads one.
func (d *Desk) Schedule(ctx context.Context, from db.Querier, id int64) (Schedule, error) {
	found, err := querySchedules(ctx, from, "id = ?", id)
	if err != nil {
		return Schedule{}, err
	}
	if len(found) == 0 {
		return Schedule{}, fmt.Errorf("schedule %d: %w", id, conversation.ErrNotFound)
	}
	return found[0], nil
}

func querySchedules(ctx context.Context, from db.Querier, where string, args ...any) ([]Schedule, error) {
	teams, err := scheduleTeams(ctx, from)
	if err != nil {
		return nil, err
	}
	rows, err := from.Query(ctx, "SELECT id, name, zone, week, days, version, created_at, updated_at FROM schedules WHERE "+where+" ORDER BY name, id", args...)
	if err != nil {
		return nil, fmt.Errorf("read schedules: %w", err)
	}
	defer rows.Close()
	var found []Schedule
	for rows.Next() {
		var s Schedule
		var created, updated int64
		if err := rows.Scan(&s.ID, &s.Name, &s.Zone, &s.Week, &s.Days, &s.Version, &created, &updated); err != nil {
			return nil, fmt.Errorf("read schedules: %w", err)
		}
		s.CreatedAt, s.UpdatedAt, s.TeamIDs = db.Time(created), db.Time(updated), teams[s.ID]
		found = append(found, s)
	}
	return found, rows.Err()
}

// scheduleTeams are the teams of each schedule.
func scheduleTeams(ctx context.Context, from db.Querier) (map[int64][]int64, error) {
	rows, err := from.Query(ctx, "SELECT schedule_id, team_id FROM schedule_teams ORDER BY team_id")
	if err != nil {
		return nil, fmt.Errorf("read teams of schedules: %w", err)
	}
	defer rows.Close()
	teams := map[int64][]int64{}
	for rows.Next() {
		var schedule, team int64
		if err := rows.Scan(&schedule, &team); err != nil {
			return nil, fmt.Errorf("read teams of schedules: %w", err)
		}
		teams[schedule] = append(teams[schedule], team)
	}
	return teams, rows.Err()
}

// CreateSchedule stores a new schedule and gives it to its teams, which lose the one they had.
func (d *Desk) CreateSchedule(ctx context.Context, tx *db.Tx, s Schedule) (Schedule, error) {
	if err := s.clean(); err != nil {
		return Schedule{}, err
	}
	moved, err := d.calendarsOf(ctx, tx, s.TeamIDs)
	if err != nil {
		return Schedule{}, err
	}
	id, inserted, err := tx.InsertNew(ctx, "INSERT INTO schedules (name, zone, week, days, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		s.Name, s.Zone, s.Week, s.Days, db.Millis(tx.Now), db.Millis(tx.Now))
	if err != nil {
		return Schedule{}, fmt.Errorf("create schedule: %w", err)
	}
	if !inserted {
		return Schedule{}, errScheduleTaken()
	}
	if err := d.giveSchedule(ctx, tx, id, s.TeamIDs); err != nil {
		return Schedule{}, err
	}
	if err := d.hoursMoved(ctx, tx, moved); err != nil {
		return Schedule{}, err
	}
	return d.Schedule(ctx, tx, id)
}

// SaveSchedule writes a schedule on top of the version it was read in, and gives it to its teams. Clocks that run by it are
// planned anew.
func (d *Desk) SaveSchedule(ctx context.Context, tx *db.Tx, s Schedule) (Schedule, error) {
	if err := s.clean(); err != nil {
		return Schedule{}, err
	}
	before, err := d.Schedule(ctx, tx, s.ID)
	if err != nil {
		return Schedule{}, err
	}
	moved, err := d.calendarsOf(ctx, tx, append(before.TeamIDs, s.TeamIDs...))
	if err != nil {
		return Schedule{}, err
	}
	n, err := tx.Exec(ctx, "UPDATE schedules SET name = ?, zone = ?, week = ?, days = ?, version = version + 1, updated_at = ? WHERE id = ? AND version = ?",
		s.Name, s.Zone, s.Week, s.Days, db.Millis(tx.Now), s.ID, s.Version)
	switch {
	case db.IsUnique(err):
		return Schedule{}, errScheduleTaken()
	case err != nil:
		return Schedule{}, fmt.Errorf("save schedule %d: %w", s.ID, err)
	case n == 0:
		return Schedule{}, ErrChanged
	}
	if err := d.giveSchedule(ctx, tx, s.ID, s.TeamIDs); err != nil {
		return Schedule{}, err
	}
	if err := d.hoursMoved(ctx, tx, moved); err != nil {
		return Schedule{}, err
	}
	return d.Schedule(ctx, tx, s.ID)
}

// DeleteSchedule removes a schedule; its teams never close from then on.
func (d *Desk) DeleteSchedule(ctx context.Context, tx *db.Tx, id int64) error {
	s, err := d.Schedule(ctx, tx, id)
	if err != nil {
		return err
	}
	moved, err := d.calendarsOf(ctx, tx, s.TeamIDs)
	if err != nil {
		return err
	}
	for _, query := range []string{"DELETE FROM schedule_teams WHERE schedule_id = ?", "DELETE FROM schedule_imports WHERE schedule_id = ?", "DELETE FROM schedules WHERE id = ?"} {
		if _, err := tx.Exec(ctx, query, id); err != nil {
			return fmt.Errorf("delete schedule %d: %w", id, err)
		}
	}
	return d.hoursMoved(ctx, tx, moved)
}

func (d *Desk) giveSchedule(ctx context.Context, tx *db.Tx, id int64, teamIDs []int64) error {
	if _, err := tx.Exec(ctx, "DELETE FROM schedule_teams WHERE schedule_id = ?", id); err != nil {
		return fmt.Errorf("give schedule %d to teams: %w", id, err)
	}
	for _, team := range teamIDs {
		if team != 0 {
			if _, err := d.Team(ctx, tx, team); err != nil {
				return asField(err, "team_ids", fmt.Sprintf("there is no team %d", team))
			}
		}
		_, err := tx.Exec(ctx, `INSERT INTO schedule_teams (team_id, schedule_id) VALUES (?, ?)
 ON CONFLICT (team_id) DO UPDATE SET schedule_id = excluded.schedule_id`, team, id)
		if err != nil {
			return fmt.Errorf("give schedule %d to teams: %w", id, err)
		}
	}
	return nil
}

// calendarsOf are the calendars of teams.
func (d *Desk) calendarsOf(ctx context.Context, from db.Querier, teamIDs []int64) (map[int64]*hours.Calendar, error) {
	all := map[int64]*hours.Calendar{}
	for _, id := range teamIDs {
		calendar, err := d.Calendar(ctx, from, id)
		if err != nil {
			return nil, err
		}
		all[id] = calendar
	}
	return all, nil
}

// hoursMoved plans clocks anew and lets who waits see when the team opens, given the calendars that held before.
func (d *Desk) hoursMoved(ctx context.Context, tx *db.Tx, before map[int64]*hours.Calendar) error {
	for id := range before {
		d.QueueMoved(ctx, tx, id)
	}
	return d.moveHours(ctx, tx, before)
}

func errScheduleTaken() error {
	return &conversation.FieldError{Field: "name", Message: "another schedule has this name"}
}
