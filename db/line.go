package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"strings"
)

// line is the writer's connection to SQLite. Only the writer's goroutine uses it, one statement after another, so
// it talks to the driver itself where database/sql would lock, copy and convert for callers that run side by
// side; queries whose rows a caller walks through go by database/sql, over the same connection.
//
// The statements of a shared transaction never take a caller's context: a cancelled one would end the commit of
// all the others.
type line struct {
	driver driver.Conn
	pool   *sql.DB // holds the connection and nothing else
	conn   *sql.Conn
	stmts  *statements
	kept   map[string]keptStatement
	values []driver.NamedValue // of the statement that runs, used again by the next
	row    []driver.Value
}

// keptStatement is a prepared statement of the driver.
type keptStatement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// onlyConn gives database/sql the connection that is open already.
type onlyConn struct {
	conn driver.Conn
	of   driver.Driver
}

// Connect returns the one connection.
func (c onlyConn) Connect(context.Context) (driver.Conn, error) { return c.conn, nil }

// Driver is the driver that opened it.
func (c onlyConn) Driver() driver.Driver { return c.of }

func openLine(ctx context.Context, d driver.Driver, dsn string) (*line, error) {
	opened, err := d.Open(dsn)
	if err != nil {
		return nil, err
	}
	pool := sql.OpenDB(onlyConn{opened, d})
	pool.SetMaxOpenConns(1)
	conn, err := pool.Conn(ctx)
	if err != nil {
		_ = pool.Close()
		return nil, err
	}
	return &line{driver: opened, pool: pool, conn: conn, stmts: newStatements(), kept: map[string]keptStatement{}}, nil
}

func (l *line) close() {
	for _, stmt := range l.kept {
		_ = stmt.Close()
	}
	l.stmts.close()
	_ = l.conn.Close()
	_ = l.pool.Close()
}

func (l *line) exec(_ context.Context, query string, args []any) (sql.Result, error) {
	ctx := context.Background()
	stmt, err := l.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	if stmt == nil {
		return l.conn.ExecContext(ctx, query, args...)
	}
	if err := l.bind(args); err != nil {
		return nil, err
	}
	return stmt.ExecContext(ctx, l.values)
}

func (l *line) send(ctx context.Context, query string, args []any) error {
	_, err := l.exec(ctx, query, args)
	return err
}

func (l *line) query(_ context.Context, query string, args []any) (*sql.Rows, error) {
	ctx := context.Background()
	stmt, err := l.stmts.get(ctx, l.conn, query)
	if err != nil {
		return nil, err
	}
	if stmt == nil {
		return l.conn.QueryContext(ctx, query, args...)
	}
	return stmt.QueryContext(ctx, args...)
}

func (l *line) queryRow(_ context.Context, query string, args []any) *sql.Row {
	ctx := context.Background()
	stmt, err := l.stmts.get(ctx, l.conn, query)
	if err != nil || stmt == nil {
		return l.conn.QueryRowContext(ctx, query, args...)
	}
	return stmt.QueryRowContext(ctx, args...)
}

// scanRow is queryRow and Scan in one, for integers and texts.
func (l *line) scanRow(_ context.Context, query string, args []any, into []any) error {
	ctx := context.Background()
	stmt, err := l.prepared(ctx, query)
	if err != nil {
		return err
	}
	if stmt == nil {
		return l.conn.QueryRowContext(ctx, query, args...).Scan(into...)
	}
	if err := l.bind(args); err != nil {
		return err
	}
	rows, err := stmt.QueryContext(ctx, l.values)
	if err != nil {
		return err
	}
	return errors.Join(l.first(rows, into), rows.Close())
}

func (l *line) first(rows driver.Rows, into []any) error {
	l.row = append(l.row[:0], make([]driver.Value, len(into))...)
	if err := rows.Next(l.row); err == io.EOF {
		return sql.ErrNoRows
	} else if err != nil {
		return err
	}
	for i, to := range into {
		if err := assign(to, l.row[i]); err != nil {
			return fmt.Errorf("column %d: %w", i+1, err)
		}
	}
	return nil
}

func assign(to any, v driver.Value) error {
	switch to := to.(type) {
	case *string:
		text, ok := v.(string)
		if *to = text; ok {
			return nil
		}
	case *int64:
		n, ok := v.(int64)
		if *to = n; ok {
			return nil
		}
	case *int:
		n, ok := v.(int64)
		if *to = int(n); ok {
			return nil
		}
	}
	return fmt.Errorf("a %T does not go into a %T", v, to)
}

// prepared is the kept statement, or nil for a query that is not kept.
func (l *line) prepared(ctx context.Context, query string) (keptStatement, error) {
	if stmt, ok := l.kept[query]; ok {
		return stmt, nil
	}
	preparer, ok := l.driver.(driver.ConnPrepareContext)
	if !ok || len(l.kept) >= maxStatements || strings.Contains(query, Once) {
		return nil, nil
	}
	made, err := preparer.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	stmt, ok := made.(keptStatement)
	if !ok {
		return nil, made.Close()
	}
	l.kept[query] = stmt
	return stmt, nil
}

// bind turns the arguments into what the driver takes.
func (l *line) bind(args []any) (err error) {
	l.values = l.values[:0]
	for i, a := range args {
		switch v := a.(type) {
		case int64, string, nil:
		case int:
			a = int64(v)
		default:
			if a, err = driver.DefaultParameterConverter.ConvertValue(a); err != nil {
				return fmt.Errorf("argument %d: %w", i+1, err)
			}
		}
		l.values = append(l.values, driver.NamedValue{Ordinal: i + 1, Value: a})
	}
	return nil
}
