package reports

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"huiyin/conversation"
)

// Query says which figures to read: the days from one to another, both included, of what somebody may see.
type Query struct {
	From, To                 int // days, such as 20261122
	Scope                    conversation.Scope
	Own                      bool // only what is the scope's agent's own
	InboxID, TeamID, AgentID int64
}

// where are the conditions of the query on a table with these dimensions; agents tells whether it knows agents.
func (q Query) where(agents bool) (string, []any) {
	text, args := "day BETWEEN ? AND ?", []any{q.From, q.To}
	if !q.Scope.All {
		teams := []string{"0"}
		for _, id := range q.Scope.TeamIDs {
			teams = append(teams, strconv.FormatInt(id, 10))
		}
		text += " AND team_id IN (" + strings.Join(teams, ", ") + ")"
	}
	for _, one := range []struct {
		column string
		id     int64
	}{{"inbox_id", q.InboxID}, {"team_id", q.TeamID}} {
		if one.id != 0 {
			text, args = text+" AND "+one.column+" = ?", append(args, one.id)
		}
	}
	if agent := q.agent(); agents && agent != 0 {
		text, args = text+" AND agent_id = ?", append(args, agent)
	}
	return text, args
}

func (q Query) agent() int64 {
	if q.Own {
		return q.Scope.AgentID
	}
	return q.AgentID
}

// Figure is one kind of fact summed up.
type Figure struct {
	N, Total    int64
	Median, P90 float64 // of the values, 0 where there are none
	Scores      [6]int64
	spread      spread
}

// Mean is the mean of the values.
func (f Figure) Mean() float64 {
	if f.N == 0 {
		return 0
	}
	return float64(f.Total) / float64(f.N)
}

// Figures are the sums of some days, by kind.
type Figures map[Kind]*Figure

func (f Figures) add(k Kind, n, total int64, text string) {
	if f[k] == nil {
		f[k] = &Figure{spread: spread{}}
	}
	f[k].N, f[k].Total = f[k].N+n, f[k].Total+total
	f[k].spread.add(text, 1)
}

func (f Figures) finish() {
	for k, one := range f {
		one.Median, one.P90 = one.spread.quantile(k, 0.5), one.spread.quantile(k, 0.9)
		if k == Rated {
			for score := range one.Scores {
				one.Scores[score] = one.spread[score]
			}
		}
	}
}

// Report is what a page of figures shows.
type Report struct {
	All, Before            Figures // Before: of as many days right before
	Days                   map[int]Figures
	Inboxes, Teams, Agents map[int64]Figures
	Hours                  map[Kind][7][24]int64 // by weekday, Monday first
	Zone                   string
	At                     time.Time // when it was measured last
	Behind                 bool      // not everything is measured yet
}

// Read reads a report.
func (s *Store) Read(ctx context.Context, q Query) (Report, error) {
	zone, err := s.Zone(ctx)
	if err != nil {
		return Report{}, err
	}
	r := Report{All: Figures{}, Before: Figures{}, Days: map[int]Figures{}, Inboxes: map[int64]Figures{}, Teams: map[int64]Figures{}, Agents: map[int64]Figures{},
		Hours: map[Kind][7][24]int64{}, Zone: zone.String()}
	if r.At, r.Behind, err = s.standing(ctx); err != nil {
		return r, err
	}
	err = s.each(ctx, q, func(p place, n, total int64, text string) {
		for _, f := range []Figures{r.All, at(r.Days, p.day), at(r.Inboxes, p.inbox), at(r.Teams, p.team), at(r.Agents, p.agent)} {
			f.add(p.kind, n, total, text)
		}
	})
	if err == nil {
		err = s.each(ctx, q.before(), func(p place, n, total int64, text string) { r.Before.add(p.kind, n, total, text) })
	}
	if err == nil && q.agent() == 0 {
		err = s.hours(ctx, q, zone, r.Hours)
	}
	for _, f := range []Figures{r.All, r.Before} {
		f.finish()
	}
	finishAll(r.Days)
	finishAll(r.Inboxes)
	finishAll(r.Teams)
	finishAll(r.Agents)
	return r, err
}

func finishAll[K comparable](all map[K]Figures) {
	for _, f := range all {
		f.finish()
	}
}

func at[K comparable](all map[K]Figures, key K) Figures {
	if all[key] == nil {
		all[key] = Figures{}
	}
	return all[key]
}

// before are as many days right before those of the query.
func (q Query) before() Query {
	from, to := DateOf(q.From, time.UTC), DateOf(q.To, time.UTC)
	days := int(to.Sub(from).Hours()/24) + 1
	q.From, q.To = DayOf(from.AddDate(0, 0, -days)), DayOf(from.AddDate(0, 0, -1))
	return q
}

// standing tells when the figures were measured last, and whether something is left to measure.
func (s *Store) standing(ctx context.Context) (at time.Time, behind bool, err error) {
	st, found, err := readState(ctx, s.DB)
	if err != nil || !found {
		return time.Time{}, true, err
	}
	left, err := s.Conversations.IDsAfter(ctx, s.DB, st.measured, 1)
	return st.at, len(left) > 0, err
}

func (s *Store) each(ctx context.Context, q Query, take func(p place, n, total int64, spread string)) error {
	where, args := q.where(true)
	rows, err := s.DB.Query(ctx, "SELECT day, kind, inbox_id, team_id, agent_id, n, total, spread FROM report_days WHERE "+where, args...)
	if err != nil {
		return fmt.Errorf("read figures: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var p place
		var n, total int64
		var text string
		if err := rows.Scan(&p.day, &p.kind, &p.inbox, &p.team, &p.agent, &n, &total, &text); err != nil {
			return fmt.Errorf("read figures: %w", err)
		}
		if n != 0 {
			take(p, n, total, text)
		}
	}
	return rows.Err()
}

func (s *Store) hours(ctx context.Context, q Query, zone *time.Location, into map[Kind][7][24]int64) error {
	where, args := q.where(false)
	rows, err := s.DB.Query(ctx, "SELECT day, hour, kind, SUM(n) FROM report_hours WHERE "+where+" GROUP BY day, hour, kind", args...)
	if err != nil {
		return fmt.Errorf("read hours: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var day, hour int
		var k Kind
		var n int64
		if err := rows.Scan(&day, &hour, &k, &n); err != nil {
			return fmt.Errorf("read hours: %w", err)
		}
		week := into[k]
		week[(int(DateOf(day, zone).Weekday())+6)%7][hour%24] += n
		into[k] = week
	}
	return rows.Err()
}

// Behind is one conversation behind a figure.
type Behind struct {
	ConversationID int64
	Day            int
	AgentID, Value int64
}

// Behind reads the conversations behind a figure, newest first, after a place where the last page ended.
func (s *Store) Behind(ctx context.Context, q Query, k Kind, after Behind, limit int) ([]Behind, error) {
	where, args := q.where(true)
	where, args = where+" AND kind = ?", append(args, string(k))
	if after.ConversationID != 0 {
		where += " AND (day < ? OR (day = ? AND conversation_id < ?))"
		args = append(args, after.Day, after.Day, after.ConversationID)
	}
	rows, err := s.DB.Query(ctx, "SELECT conversation_id, day, MAX(agent_id), MAX(value) FROM report_facts WHERE "+where+
		" GROUP BY day, conversation_id ORDER BY day DESC, conversation_id DESC LIMIT ?", append(args, limit)...)
	if err != nil {
		return nil, fmt.Errorf("read what is behind a figure: %w", err)
	}
	defer rows.Close()
	var list []Behind
	for rows.Next() {
		var b Behind
		if err := rows.Scan(&b.ConversationID, &b.Day, &b.AgentID, &b.Value); err != nil {
			return nil, fmt.Errorf("read what is behind a figure: %w", err)
		}
		list = append(list, b)
	}
	return list, rows.Err()
}
