package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"
)

// Tx is a transaction under way. Now is one instant for all that is written in it.
type Tx struct {
	Now time.Time

	dialect     Dialect
	session     session
	beforeWrite func() error // SQLite: takes a savepoint before the first write
	atEnd       []func() error
	closing     []statement // run after them, before the commit or together with it
	onCommit    []func()
}

// session runs statements for one transaction: the SQLite writer's connection, or a PostgreSQL transaction.
type session interface {
	exec(ctx context.Context, query string, args []any) (sql.Result, error)
	query(ctx context.Context, query string, args []any) (*sql.Rows, error)
	queryRow(ctx context.Context, query string, args []any) *sql.Row
	scanRow(ctx context.Context, query string, args []any, into []any) error
	send(ctx context.Context, query string, args []any) error
}

// Tx runs fn in a transaction. Whatever fn returns as error undoes all it wrote. On SQLite concurrent callers
// share one commit, so fn must be quick and do no I/O of its own; on both databases fn may run again after a
// serialisation failure, so what it leaves in variables must be overwritten, not added to.
func (d *DB) Tx(ctx context.Context, fn func(*Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if d.writer != nil {
		return classify(d.writer.do(ctx, fn))
	}
	return d.classified(ctx, d.postgresTx(ctx, fn))
}

// classified is what a transaction's error means to its caller.
func (d *DB) classified(ctx context.Context, err error) error {
	if left := ctx.Err(); err != nil && errors.Is(left, context.Canceled) { // a connection cut off then is no trouble of the database
		return fmt.Errorf("%w: %w", left, err)
	}
	return classify(err)
}

// Dialect tells which database the transaction runs on.
func (t *Tx) Dialect() Dialect { return t.dialect }

// Exec runs a statement and tells how many rows it changed.
func (t *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	if err := t.write(); err != nil {
		return 0, err
	}
	result, err := t.session.exec(ctx, query, args)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// Send runs a statement of which nobody needs to know how many rows it changed: on PostgreSQL it goes to the server in one
// flight with the next statement or with the commit, whose error is then also its own. It must not be able to break a
// unique index, which callers tell from other errors.
func (t *Tx) Send(ctx context.Context, query string, args ...any) error {
	if err := t.write(); err != nil {
		return err
	}
	return t.session.send(ctx, query, args)
}

// Insert runs an INSERT into a table with an "id" column and returns the new id.
func (t *Tx) Insert(ctx context.Context, query string, args ...any) (int64, error) {
	if err := t.write(); err != nil {
		return 0, err
	}
	if t.dialect == Postgres {
		var id int64
		err := t.session.queryRow(ctx, query+" RETURNING id", args).Scan(&id)
		return id, err
	}
	result, err := t.session.exec(ctx, query, args)
	if err != nil {
		return 0, err
	}
	return result.LastInsertId()
}

// Query reads rows inside the transaction, or runs a writing statement with RETURNING.
func (t *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := t.writeIfNeeded(query); err != nil {
		return nil, err
	}
	return t.session.query(ctx, query, args)
}

// QueryRow reads one row inside the transaction, or runs a writing statement with RETURNING.
func (t *Tx) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	if err := t.writeIfNeeded(query); err != nil {
		return t.session.queryRow(ctx, "SELECT 1 WHERE 1 = 0", nil)
	}
	return t.session.queryRow(ctx, query, args)
}

// Row reads one row of integers and texts inside the transaction: QueryRow for where it is called very often.
func (t *Tx) Row(ctx context.Context, query string, args []any, into ...any) error {
	return t.session.scanRow(ctx, query, args, into)
}

// ForUpdate is the clause that locks the rows just read: nothing on SQLite, where one writer works at a time.
func (t *Tx) ForUpdate() string {
	if t.dialect == Postgres {
		return " FOR UPDATE"
	}
	return ""
}

// Lock holds a named lock until the transaction ends, so that numbers can be given without gaps in commit order.
func (t *Tx) Lock(ctx context.Context, key int64) error {
	if t.dialect == SQLite {
		return nil
	}
	_, err := t.session.exec(ctx, takeLock, []any{key})
	return err
}

// LockShared holds a named lock together with others who hold it so, while nobody holds it by Lock.
func (t *Tx) LockShared(ctx context.Context, key int64) error {
	if t.dialect == SQLite {
		return nil
	}
	_, err := t.session.exec(ctx, "SELECT pg_advisory_xact_lock_shared(?)", []any{key})
	return err
}

// InsertNew is Insert for a statement with ON CONFLICT DO NOTHING; inserted is false when the row was there.
func (t *Tx) InsertNew(ctx context.Context, query string, args ...any) (id int64, inserted bool, err error) {
	if err := t.write(); err != nil {
		return 0, false, err
	}
	if t.dialect == Postgres {
		err = t.session.queryRow(ctx, query+" RETURNING id", args).Scan(&id)
		if NoRows(err) {
			return 0, false, nil
		}
		return id, err == nil, err
	}
	result, err := t.session.exec(ctx, query, args)
	if err != nil {
		return 0, false, err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return 0, false, err
	}
	id, err = result.LastInsertId()
	return id, err == nil, err
}

// AtEnd asks for fn to run inside the transaction after its body, before the closing statements.
func (t *Tx) AtEnd(fn func() error) { t.atEnd = append(t.atEnd, fn) }

// statement is one to be run, with its arguments.
type statement struct {
	query string
	args  []any
}

// Last asks for a statement to be run as the last thing before the commit, behind a named lock that everybody takes: on
// PostgreSQL it goes to the server in one flight with the commit, so that the lock is held for a moment only.
func (t *Tx) Last(lock int64, query string, args ...any) {
	if t.dialect == Postgres && !slices.ContainsFunc(t.closing, func(s statement) bool { return s.query == takeLock && s.args[0] == any(lock) }) {
		t.closing = append(t.closing, statement{takeLock, []any{lock}})
	}
	t.closing = append(t.closing, statement{query, args})
}

const takeLock = "SELECT pg_advisory_xact_lock(?)"

// OnCommit asks for fn to run once the transaction is durable; it does not run when it is undone.
func (t *Tx) OnCommit(fn func()) { t.onCommit = append(t.onCommit, fn) }

func (t *Tx) write() error {
	if t.beforeWrite == nil {
		return nil
	}
	err := t.beforeWrite()
	t.beforeWrite = nil
	return err
}

func (t *Tx) writeIfNeeded(query string) error {
	if len(query) > 6 && (query[0] == 'S' || query[0] == 's') && (query[1] == 'E' || query[1] == 'e') {
		return nil
	}
	return t.write()
}

func (t *Tx) committed() {
	for _, fn := range t.onCommit {
		fn()
	}
}

// call runs fn and turns a panic in it into an error, so that one caller's fault cannot end the others' commit.
func (t *Tx) call(fn func(*Tx) error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("transaction panicked: %v\n%s", r, debug.Stack())
		}
	}()
	if err := fn(t); err != nil {
		return err
	}
	for i := 0; i < len(t.atEnd); i++ {
		if err := t.atEnd[i](); err != nil {
			return err
		}
	}
	return nil
}

// close runs the closing statements one by one.
func (t *Tx) close(ctx context.Context) error {
	for _, s := range t.closing {
		if _, err := t.Exec(ctx, s.query, s.args...); err != nil {
			return err
		}
	}
	return nil
}

// NoRows tells whether err means that nothing was found.
func NoRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// Millis is a time as it is stored; the zero time is 0.
func Millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// Time is a stored time; 0 is the zero time.
func Time(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
