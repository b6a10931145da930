package conversation

import (
	"context"
	"fmt"
	"slices"
	"time"

	"huiyin/db"
)

// Bounds on what counting looks at, so that it costs the same however many conversations there are. A count that has
// met its bound says that there may be more.
const (
	countedLive = 5_000 // conversations that go on, looked at once for all criteria together
	countedPast = 1_000 // the newest, looked at for criteria that take in resolved ones
)

// Tallied is how many conversations criteria mean; with AtLeast, as far as was looked.
type Tallied struct {
	Count
	AtLeast bool
}

// CountEach counts what each of several criteria means, in a scope. What the kept counters know is read from them. For
// the others the conversations that go on are gone through once.
func (s *Store) CountEach(ctx context.Context, from db.Querier, scope Scope, list []Criteria, now time.Time) ([]Tallied, error) {
	counts := make([]Tallied, len(list))
	var live []int
	list = slices.Clone(list)
	for i, c := range list {
		var err error
		c.promised = s.Promised
		list[i] = c
		switch {
		case c.placed():
			counts[i].Count, err = s.countPlaced(ctx, from, scope, c)
		case c.live():
			live = append(live, i)
		default:
			counts[i], err = s.countPast(ctx, from, scope, c, now)
		}
		if err != nil {
			return nil, err
		}
	}
	return counts, s.countLive(ctx, from, scope, list, live, now, counts)
}

// countPlaced adds kept counters up.
func (s *Store) countPlaced(ctx context.Context, from db.Querier, scope Scope, c Criteria) (Count, error) {
	var w where
	scope.limit(&w, "t")
	c.place(&w, "t", scope.AgentID)
	var n Count
	err := from.QueryRow(ctx, "SELECT COALESCE(SUM(t.total), 0), COALESCE(SUM(t.unread), 0) FROM tallies t WHERE t.total > 0"+w.text, w.args...).Scan(&n.Total, &n.Unread)
	if err != nil {
		return n, fmt.Errorf("count conversations: %w", err)
	}
	if c.Unread {
		n.Total = n.Unread
	}
	return n, nil
}

// countLive goes through the conversations that go on, once for all the criteria at the given places of the list.
func (s *Store) countLive(ctx context.Context, from db.Querier, scope Scope, list []Criteria, at []int, now time.Time, counts []Tallied) error {
	if len(at) == 0 {
		return nil
	}
	sums, flags := "COUNT(*)", "CASE WHEN c.unread > 0 THEN 1 ELSE 0 END AS fresh"
	var args []any
	for n, i := range at {
		w := where{}
		list[i].place(&w, "c", scope.AgentID)
		list[i].rest(&w, now)
		if list[i].Unread {
			w.add("c.unread > 0")
		}
		sums += fmt.Sprintf(", SUM(m%d), SUM(m%d * fresh)", n, n)
		flags += fmt.Sprintf(", CASE WHEN 1 = 1%s THEN 1 ELSE 0 END AS m%d", w.text, n)
		args = append(args, w.args...)
	}
	var w where
	scope.limit(&w, "c")
	// The limit keeps SQLite from judging each flag once for each sum.
	query := "SELECT " + sums + " FROM (SELECT " + flags + ` FROM (SELECT DISTINCT status, inbox_id, team_id FROM tallies WHERE total > 0 AND status <> 'resolved') p
 JOIN conversations c ON c.status = p.status AND c.inbox_id = p.inbox_id AND c.team_id = p.team_id WHERE 1 = 1` + w.text + " LIMIT ?) f"
	var looked int64
	into := []any{&looked}
	found := make([]*int64, 2*len(at))
	for i := range found {
		into = append(into, &found[i])
	}
	if err := from.QueryRow(ctx, query, append(append(args, w.args...), countedLive)...).Scan(into...); err != nil {
		return fmt.Errorf("count conversations: %w", err)
	}
	for n, i := range at {
		counts[i] = Tallied{Count{number(found[2*n]), number(found[2*n+1])}, looked == countedLive}
	}
	return nil
}

// number is a sum, which is nothing over no rows.
func number(sum *int64) int64 {
	if sum == nil {
		return 0
	}
	return *sum
}

// countPast counts among the newest conversations that have the criteria's status, inbox, team and owner.
func (s *Store) countPast(ctx context.Context, from db.Querier, scope Scope, c Criteria, now time.Time) (Tallied, error) {
	f := Filter{Scope: scope, Criteria: Criteria{Status: c.Status, Inboxes: c.Inboxes, Channels: c.Channels, Teams: c.Teams, Owners: c.Owners}, Limit: countedPast - 1, Now: now}
	runs, err := s.runs(ctx, from, f)
	if err != nil || len(runs) == 0 {
		return Tallied{}, err
	}
	f.dialect = s.DB.Dialect()
	newest, args := f.newest(runs)
	w := where{}
	c.rest(&w, now)
	if c.Unread {
		w.add("c.unread > 0")
	}
	sum := "SUM(CASE WHEN %s" + w.text + " THEN 1 ELSE 0 END)"
	query := "SELECT COUNT(*), " + fmt.Sprintf(sum, "1 = 1") + ", " + fmt.Sprintf(sum, "c.unread > 0") + " FROM conversations c WHERE c.id IN (" + newest + ")"
	var looked int64
	var total, unread *int64
	err = from.QueryRow(ctx, query, slices.Concat(w.args, w.args, args)...).Scan(&looked, &total, &unread)
	if err != nil {
		return Tallied{}, fmt.Errorf("count conversations: %w", err)
	}
	return Tallied{Count{number(total), number(unread)}, looked == countedPast}, nil
}
