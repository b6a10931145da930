package reports

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"huiyin/db"
)

func readRows(ctx context.Context, from db.Querier, ids []int64) (map[int64][]row, error) {
	found := map[int64][]row{}
	if len(ids) == 0 {
		return found, nil
	}
	rows, err := from.Query(ctx, "SELECT conversation_id, n, kind, day, hour, inbox_id, team_id, agent_id, value, seq FROM report_facts WHERE conversation_id IN ("+
		idList(ids)+") ORDER BY conversation_id, n")
	if err != nil {
		return nil, fmt.Errorf("read facts: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.conversation, &r.n, &r.Kind, &r.Day, &r.Hour, &r.inbox, &r.team, &r.AgentID, &r.Value, &r.seq); err != nil {
			return nil, fmt.Errorf("read facts: %w", err)
		}
		found[r.conversation] = append(found[r.conversation], r)
	}
	return found, rows.Err()
}

func idList(ids []int64) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = strconv.FormatInt(id, 10)
	}
	return db.Once + strings.Join(words, ", ")
}

func deleteRows(ctx context.Context, tx *db.Tx, list []row) error {
	return db.Many(ctx, tx, "DELETE FROM report_facts WHERE (conversation_id, n) IN (VALUES %s)", list, func(v *db.Values, r row) { v.Add(r.conversation, r.n) })
}

func insertRows(ctx context.Context, tx *db.Tx, list []row) error {
	return db.Many(ctx, tx, "INSERT INTO report_facts (conversation_id, n, kind, day, hour, inbox_id, team_id, agent_id, value, seq) VALUES %s", list,
		func(v *db.Values, r row) {
			v.Add(r.conversation, r.n, string(r.Kind), r.Day, r.Hour, r.inbox, r.team, r.AgentID, r.Value, r.seq)
		})
}

// countRows writes the values of rows that are there.
func countRows(ctx context.Context, tx *db.Tx, list []row) error {
	return db.Many(ctx, tx, `WITH fresh (conversation_id, n, value, seq) AS (VALUES %s) UPDATE report_facts SET value = fresh.value, seq = fresh.seq FROM fresh
 WHERE report_facts.conversation_id = fresh.conversation_id AND report_facts.n = fresh.n`, list, func(v *db.Values, r row) { v.Add(r.conversation, r.n, r.Value, r.seq) })
}

// place is the row of the sums that a fact counts in.
type place struct {
	day                int
	kind               Kind
	inbox, team, agent int64
}

type hourPlace struct {
	day, hour   int
	kind        Kind
	inbox, team int64
}

type sum struct {
	n, total int64
	spread   spread
}

func (d *sum) nothing() bool { return d.n == 0 && d.total == 0 && d.spread.String() == "" }

// sums are what some facts change about the sums.
type sums struct {
	days  map[place]*sum
	hours map[hourPlace]int64
}

func newSums() sums { return sums{map[place]*sum{}, map[hourPlace]int64{}} }

func (s sums) add(r row, times int64) {
	p := place{r.Day, r.Kind, r.inbox, r.team, r.AgentID}
	if s.days[p] == nil {
		s.days[p] = &sum{spread: spread{}}
	}
	d := s.days[p]
	d.n, d.total = d.n+times, d.total+times*r.Value
	if r.Kind.spreads() {
		d.spread[bucketOf(r.Kind, r.Value)] += times
	}
	if r.Kind.hourly() {
		s.hours[hourPlace{r.Day, r.Hour, r.Kind, r.inbox, r.team}] += times
	}
}

// placesAtOnce is how many places of the sums are read at once.
const placesAtOnce = 500

// settle leaves out what does not change, and adds to each spread what is stored of it, since it is written whole.
func (s sums) settle(ctx context.Context, from db.Querier) error {
	maps.DeleteFunc(s.days, func(_ place, d *sum) bool { return d.nothing() })
	maps.DeleteFunc(s.hours, func(_ hourPlace, n int64) bool { return n == 0 })
	for part := range slices.Chunk(slices.Collect(maps.Keys(s.days)), placesAtOnce) {
		if err := s.addStored(ctx, from, part); err != nil {
			return err
		}
	}
	return nil
}

func (s sums) addStored(ctx context.Context, from db.Querier, places []place) error {
	var v db.Values
	for _, p := range places {
		if p.kind.spreads() {
			v.Add(p.day, string(p.kind), p.inbox, p.team, p.agent)
		}
	}
	if v.Empty() {
		return nil
	}
	rows, err := from.Query(ctx, "SELECT day, kind, inbox_id, team_id, agent_id, spread FROM report_days WHERE (day, kind, inbox_id, team_id, agent_id) IN (VALUES "+
		v.String()+")", v.Args...)
	if err != nil {
		return fmt.Errorf("read days: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var p place
		var was string
		if err := rows.Scan(&p.day, &p.kind, &p.inbox, &p.team, &p.agent, &was); err != nil {
			return fmt.Errorf("read days: %w", err)
		}
		s.days[p].spread.add(was, 1)
	}
	return rows.Err()
}

func (s sums) write(ctx context.Context, tx *db.Tx) error {
	err := db.Many(ctx, tx, `INSERT INTO report_days (day, kind, inbox_id, team_id, agent_id, n, total, spread) VALUES %s
 ON CONFLICT (day, kind, inbox_id, team_id, agent_id) DO UPDATE SET n = report_days.n + excluded.n, total = report_days.total + excluded.total, spread = excluded.spread`,
		slices.Collect(maps.Keys(s.days)), func(v *db.Values, p place) {
			d := s.days[p]
			v.Add(p.day, string(p.kind), p.inbox, p.team, p.agent, d.n, d.total, d.spread.String())
		})
	if err != nil {
		return err
	}
	return db.Many(ctx, tx, `INSERT INTO report_hours (day, hour, kind, inbox_id, team_id, n) VALUES %s
 ON CONFLICT (day, hour, kind, inbox_id, team_id) DO UPDATE SET n = report_hours.n + excluded.n`,
		slices.Collect(maps.Keys(s.hours)), func(v *db.Values, p hourPlace) {
			v.Add(p.day, p.hour, string(p.kind), p.inbox, p.team, s.hours[p])
		})
}
