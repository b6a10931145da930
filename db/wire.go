package db

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// wire is a connection to PostgreSQL that can put statements off until the next one goes to the server, and then sends them
// in the same flight: the server runs them in their order, and the network is waited for once. It puts off the BEGIN of every
// transaction, and what Tx.Send is given.
type wire struct {
	*stdlib.Conn
	ahead  []statement // to be sent before the next statement
	failed error       // of a flight in which a transaction may not even have begun: nothing may run outside of it instead
}

// wires makes them.
type wires struct{ driver.Connector }

// Connect opens a connection.
func (w wires) Connect(ctx context.Context) (driver.Conn, error) {
	opened, err := w.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	conn, ok := opened.(*stdlib.Conn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("no connection to PostgreSQL but a %T", opened), opened.Close())
	}
	return &wire{Conn: conn}, nil
}

func openWires(config pgx.ConnConfig) *sql.DB { return sql.OpenDB(wires{stdlib.GetConnector(config)}) }

// ExecContext runs a statement, behind those that were put off.
func (w *wire) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if w.failed == nil && len(w.ahead) == 0 {
		return w.Conn.ExecContext(ctx, query, unprepared(query, args))
	}
	answers, err := w.flight(ctx, query, args)
	if err != nil {
		return nil, err
	}
	tag, err := answers.Exec()
	if err = cmp.Or(err, answers.Close()); err != nil {
		return nil, err
	}
	return driver.RowsAffected(tag.RowsAffected()), nil
}

// QueryContext runs a query, behind the statements that were put off.
func (w *wire) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if w.failed == nil && len(w.ahead) == 0 {
		return w.Conn.QueryContext(ctx, query, unprepared(query, args))
	}
	answers, err := w.flight(ctx, query, args)
	if err != nil {
		return nil, err
	}
	rows, err := answers.Query()
	if err != nil {
		_ = answers.Close()
		return nil, err
	}
	r := &flightRows{rows: rows, answers: answers, more: rows.Next()}
	for _, f := range rows.FieldDescriptions() {
		r.names = append(r.names, f.Name)
	}
	if !r.more { // also where the query failed
		if err := cmp.Or(rows.Err(), r.Close()); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// unprepared has a statement of which the text hardly ever comes again run at once: preparing it would be a journey of its own,
// and would drive one that does come again out of the cache.
func unprepared(query string, args []driver.NamedValue) []driver.NamedValue {
	if !strings.Contains(query, Once) {
		return args
	}
	all := append(make([]driver.NamedValue, 0, len(args)+1), driver.NamedValue{Value: pgx.QueryExecModeExec})
	for _, a := range args {
		if plain, err := driver.DefaultParameterConverter.ConvertValue(a.Value); err == nil { // pgx tells a type by the value alone then
			a.Value = plain
		}
		all = append(all, a)
	}
	return all
}

// flight sends what was put off together with a statement, and takes the answers that come before that statement's.
func (w *wire) flight(ctx context.Context, query string, args []driver.NamedValue) (pgx.BatchResults, error) {
	if w.failed != nil {
		return nil, w.failed
	}
	values := make([]any, len(args))
	for i, a := range args {
		values[i] = a.Value
	}
	batch := w.batch()
	before := batch.Len()
	batch.Queue(query, values...)
	answers := w.Conn.Conn().SendBatch(ctx, batch)
	for range before {
		if _, err := answers.Exec(); err != nil {
			_ = answers.Close() // says the same again
			w.failed = notSent(err)
			return nil, w.failed
		}
	}
	return answers, nil
}

// forget leaves out what was put off, and what went wrong: the transaction is over.
func (w *wire) forget() { w.ahead, w.failed = nil, nil }

// batch begins a flight with what was put off.
func (w *wire) batch() *pgx.Batch {
	batch := &pgx.Batch{}
	for _, st := range w.ahead {
		batch.Queue(dollars(st.query), st.args...)
	}
	w.ahead = nil
	return batch
}

// notSent is how database/sql is told of a connection that was found dead before anything went out on it.
func notSent(err error) error {
	if pgconn.SafeToRetry(err) {
		return driver.ErrBadConn
	}
	return err
}

// flightRows are the rows of a query that did not fly alone.
type flightRows struct {
	rows    pgx.Rows
	answers pgx.BatchResults
	names   []string
	more    bool // the next row has been read
	closed  bool
}

// Columns are the columns' names.
func (r *flightRows) Columns() []string { return r.names }

// Next reads a row.
func (r *flightRows) Next(into []driver.Value) error {
	if !r.more && !r.rows.Next() {
		if err := cmp.Or(r.rows.Err(), r.Close()); err != nil {
			return err
		}
		return io.EOF
	}
	r.more = false
	values, err := r.rows.Values()
	if err != nil {
		return err
	}
	for i, v := range values {
		if into[i], err = plainValue(v); err != nil {
			return fmt.Errorf("column %d: %w", i+1, err)
		}
	}
	return nil
}

// Close leaves the rest of the rows and ends the flight.
func (r *flightRows) Close() error {
	if r.closed {
		return nil
	}
	r.closed = true
	r.rows.Close()
	return r.answers.Close()
}

// plainValue is a value as database/sql knows them.
func plainValue(v any) (driver.Value, error) {
	if valuer, ok := v.(driver.Valuer); ok { // such as a numeric, the sum of integers
		return valuer.Value()
	}
	return driver.DefaultParameterConverter.ConvertValue(v)
}
