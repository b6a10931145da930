package reports

import (
	"context"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"huiyin/db"
)

// row is a fact with its place, as it is stored.
type row struct {
	conversation, inbox, team int64
	n                         int
	Fact
}

// replace puts new facts of some conversations in the place of the old ones, and moves the sums along. It runs behind the
// turn, so that nobody else changes them meanwhile.
func replace(ctx context.Context, tx *db.Tx, ids []int64, list []measured) error {
	if len(ids) == 0 {
		return nil
	}
	old, err := readRows(ctx, tx, ids)
	if err != nil {
		return err
	}
	var fresh []row
	for _, m := range list {
		for i, f := range m.facts {
			fresh = append(fresh, row{m.id, m.inbox, m.team, i, f})
		}
	}
	gone, added := changed(old, fresh)
	if len(gone)+len(added) == 0 {
		return nil
	}
	if err := deleteRows(ctx, tx, gone); err != nil {
		return err
	}
	if err := insertRows(ctx, tx, added); err != nil {
		return err
	}
	sums := newSums()
	for _, r := range gone {
		sums.add(r, -1)
	}
	for _, r := range added {
		sums.add(r, 1)
	}
	return sums.apply(ctx, tx)
}

// changed are the rows that go and those that come; both lists are in order.
func changed(old, fresh []row) (gone, added []row) {
	has := make(map[row]bool, len(old))
	for _, r := range old {
		has[r] = true
	}
	for _, r := range fresh {
		if has[r] {
			delete(has, r)
		} else {
			added = append(added, r)
		}
	}
	for _, r := range old {
		if has[r] {
			gone = append(gone, r)
		}
	}
	return gone, added
}

func readRows(ctx context.Context, tx *db.Tx, ids []int64) ([]row, error) {
	rows, err := tx.Query(ctx, "SELECT conversation_id, n, kind, day, hour, inbox_id, team_id, agent_id, value FROM report_facts WHERE conversation_id IN ("+
		idList(ids)+") ORDER BY conversation_id, n")
	if err != nil {
		return nil, fmt.Errorf("read facts: %w", err)
	}
	defer rows.Close()
	var list []row
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.conversation, &r.n, &r.Kind, &r.Day, &r.Hour, &r.inbox, &r.team, &r.AgentID, &r.Value); err != nil {
			return nil, fmt.Errorf("read facts: %w", err)
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

func deleteRows(ctx context.Context, tx *db.Tx, list []row) error {
	for _, r := range list {
		if _, err := tx.Exec(ctx, "DELETE FROM report_facts WHERE conversation_id = ? AND n = ?", r.conversation, r.n); err != nil {
			return fmt.Errorf("delete facts: %w", err)
		}
	}
	return nil
}

func insertRows(ctx context.Context, tx *db.Tx, list []row) error {
	for _, r := range list {
		_, err := tx.Exec(ctx, "INSERT INTO report_facts (conversation_id, n, kind, day, hour, inbox_id, team_id, agent_id, value) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
			r.conversation, r.n, string(r.Kind), r.Day, r.Hour, r.inbox, r.team, r.AgentID, r.Value)
		if err != nil {
			return fmt.Errorf("insert facts: %w", err)
		}
	}
	return nil
}

func idList(ids []int64) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = strconv.FormatInt(id, 10)
	}
	return db.Once + strings.Join(words, ", ")
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

func (s sums) apply(ctx context.Context, tx *db.Tx) error {
	for p, d := range s.days {
		if d.n == 0 && d.total == 0 && d.spread.String() == "" {
			continue
		}
		if err := d.apply(ctx, tx, p); err != nil {
			return err
		}
	}
	for p, n := range s.hours {
		if n == 0 {
			continue
		}
		_, err := tx.Exec(ctx, `INSERT INTO report_hours (day, hour, kind, inbox_id, team_id, n) VALUES (?, ?, ?, ?, ?, ?)
 ON CONFLICT (day, hour, kind, inbox_id, team_id) DO UPDATE SET n = report_hours.n + excluded.n`, p.day, p.hour, string(p.kind), p.inbox, p.team, n)
		if err != nil {
			return fmt.Errorf("keep hours: %w", err)
		}
	}
	return nil
}

func (d *sum) apply(ctx context.Context, tx *db.Tx, p place) error {
	var was string
	err := tx.QueryRow(ctx, "SELECT spread FROM report_days WHERE day = ? AND kind = ? AND inbox_id = ? AND team_id = ? AND agent_id = ?",
		p.day, string(p.kind), p.inbox, p.team, p.agent).Scan(&was)
	if err != nil && !db.NoRows(err) {
		return fmt.Errorf("read day: %w", err)
	}
	is := maps.Clone(d.spread)
	is.add(was, 1)
	_, err = tx.Exec(ctx, `INSERT INTO report_days (day, kind, inbox_id, team_id, agent_id, n, total, spread) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
 ON CONFLICT (day, kind, inbox_id, team_id, agent_id) DO UPDATE SET n = report_days.n + excluded.n, total = report_days.total + excluded.total, spread = excluded.spread`,
		p.day, string(p.kind), p.inbox, p.team, p.agent, d.n, d.total, is.String())
	if err != nil {
		return fmt.Errorf("keep day: %w", err)
	}
	return nil
}
