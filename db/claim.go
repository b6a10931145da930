package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// ErrLeaseLost means that another worker has taken the row over; nothing may be written for it.
var ErrLeaseLost = errors.New("the lease was lost")

// Queue names a table whose rows are jobs. The table has the columns id, due_at (null: nothing to do),
// lease_until, lease_token, attempts and recovered.
type Queue struct {
	Table string
	Group string // column whose rows go one at a time, in Order; empty: all rows are independent
	Order string // column that orders the rows of a group
	Where string // a condition on the row q, for what this worker cannot take now; empty: all
}

// Lease is a row claimed for a while. Recovered means that an earlier worker had it and never said how it ended.
type Lease struct {
	ID        int64
	Token     string
	Attempts  int
	Recovered bool
}

// Claim leases up to limit due rows for the given time. The token, new for each claim, fences every later
// write: a worker that was too slow cannot finish a row that another one has meanwhile.
func (q Queue) Claim(ctx context.Context, tx *Tx, token string, lease time.Duration, limit int) ([]Lease, error) {
	now := Millis(tx.Now)
	rows, err := tx.Query(ctx, q.statement(tx.Dialect()), Millis(tx.Now.Add(lease)), token, now, now, limit)
	if err != nil {
		return nil, fmt.Errorf("claim from %s: %w", q.Table, err)
	}
	defer rows.Close()
	var leases []Lease
	for rows.Next() {
		l := Lease{Token: token}
		if err := rows.Scan(&l.ID, &l.Attempts, &l.Recovered); err != nil {
			return nil, fmt.Errorf("claim from %s: %w", q.Table, err)
		}
		leases = append(leases, l)
	}
	return leases, rows.Err()
}

// Take is Claim in a transaction of its own. Where there is nothing to be had nothing is written.
func (q Queue) Take(ctx context.Context, d *DB, token string, lease time.Duration, limit int) (leases []Lease, err error) {
	if d.Dialect() == SQLite { // whose one writer is not to be bothered in vain
		if due, err := q.Due(ctx, d, d.Now()); err != nil || !due {
			return nil, err
		}
	}
	err = d.One(ctx, func(tx *Tx) (err error) {
		leases, err = q.Claim(ctx, tx, token, lease, limit)
		return err
	})
	return leases, err
}

func (q Queue) statement(dialect Dialect) string {
	s := "UPDATE " + q.Table + " SET lease_until = ?, recovered = CASE WHEN lease_token <> '' THEN 1 ELSE 0 END," +
		" lease_token = ?, attempts = attempts + 1 WHERE id IN (SELECT q.id FROM " + q.Table + " q" +
		" WHERE q.due_at <= ? AND q.lease_until <= ?"
	if q.Group != "" {
		s += " AND NOT EXISTS (SELECT 1 FROM " + q.Table + " p WHERE p." + q.Group + " = q." + q.Group +
			" AND p.due_at IS NOT NULL AND p." + q.Order + " < q." + q.Order + ")"
	}
	if q.Where != "" {
		s += " AND (" + q.Where + ")"
	}
	s += " ORDER BY q.due_at, q.id LIMIT ?"
	if dialect == Postgres {
		s += " FOR UPDATE SKIP LOCKED"
	}
	return s + ") RETURNING id, attempts, recovered"
}

// Finish takes the row out of the queue, or puts it back for nextDue when that is not the zero time.
func (q Queue) Finish(ctx context.Context, tx *Tx, l Lease, nextDue time.Time) error {
	n, err := tx.Exec(ctx, "UPDATE "+q.Table+" SET due_at = ?, lease_until = 0, lease_token = '', recovered = 0"+
		" WHERE id = ? AND lease_token = ?", dueAt(nextDue), l.ID, l.Token)
	if err != nil {
		return fmt.Errorf("finish %s %d: %w", q.Table, l.ID, err)
	}
	if n == 0 {
		return ErrLeaseLost
	}
	return nil
}

// FinishAnd is Finish that writes further columns of the row (set, with its arguments) and reads some of what the row is then, in
// the same statement. No row: ErrLeaseLost.
func (q Queue) FinishAnd(ctx context.Context, tx *Tx, l Lease, nextDue time.Time, set, returning string, args ...any) *sql.Row {
	all := append([]any{dueAt(nextDue)}, args...)
	return tx.QueryRow(ctx, "UPDATE "+q.Table+" SET due_at = ?, lease_until = 0, lease_token = '', recovered = 0, "+set+
		" WHERE id = ? AND lease_token = ? RETURNING "+returning, append(all, l.ID, l.Token)...)
}

// dueAt is a due time as it is stored; the zero time is none.
func dueAt(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return Millis(t)
}

// Extend makes a lease last until the time given, unless another worker has taken the row over.
func (q Queue) Extend(ctx context.Context, tx *Tx, l Lease, until time.Time) error {
	n, err := tx.Exec(ctx, "UPDATE "+q.Table+" SET lease_until = ? WHERE id = ? AND lease_token = ?", Millis(until), l.ID, l.Token)
	if err != nil {
		return fmt.Errorf("extend lease of %s %d: %w", q.Table, l.ID, err)
	}
	if n == 0 {
		return ErrLeaseLost
	}
	return nil
}

// Free ends the leases of workers that are known to be dead, so that their rows need not wait for them to run out.
// A row that one of them had stays marked as recovered.
func (q Queue) Free(ctx context.Context, tx *Tx) error {
	_, err := tx.Exec(ctx, "UPDATE "+q.Table+" SET lease_until = 0 WHERE due_at IS NOT NULL AND lease_until > 0")
	if err != nil {
		return fmt.Errorf("free %s: %w", q.Table, err)
	}
	return nil
}

// Due tells, without writing, whether a row waits to be claimed.
func (q Queue) Due(ctx context.Context, from Querier, now time.Time) (due bool, err error) {
	query := "SELECT EXISTS (SELECT 1 FROM " + q.Table + " q WHERE q.due_at <= ? AND q.lease_until <= ?"
	if q.Where != "" {
		query += " AND (" + q.Where + ")"
	}
	if err := from.QueryRow(ctx, query+")", Millis(now), Millis(now)).Scan(&due); err != nil {
		return false, fmt.Errorf("whether %s are due: %w", q.Table, err)
	}
	return due, nil
}

// Backlog is how many rows are due and in nobody's hands, and since when the oldest of them is.
func (q Queue) Backlog(ctx context.Context, from Querier, now time.Time) (due int64, oldest time.Duration, err error) {
	var since *int64
	row := from.QueryRow(ctx, "SELECT COUNT(*), MIN(due_at) FROM "+q.Table+" WHERE due_at <= ? AND lease_until <= ?", Millis(now), Millis(now))
	if err := row.Scan(&due, &since); err != nil {
		return 0, 0, fmt.Errorf("backlog of %s: %w", q.Table, err)
	}
	if since != nil {
		oldest = now.Sub(Time(*since))
	}
	return due, oldest, nil
}
