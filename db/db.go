// Package db opens the database (SQLite or PostgreSQL), migrates it, runs transactions and claims due rows.
// It knows no table: every domain brings its own SQL and its own migrations. One dialect of SQL serves both
// databases: placeholders are "?", integers are 64 bit, times are Unix milliseconds.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Dialect tells the two databases apart where their SQL differs.
type Dialect string

// The supported databases.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// ErrClosed is returned by a transaction asked for after Close.
var ErrClosed = errors.New("database is closed")

// Querier reads: a *DB outside and a *Tx inside a transaction.
type Querier interface {
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRow(ctx context.Context, query string, args ...any) *sql.Row
}

// Options are what a caller may set when opening a database.
type Options struct {
	Now        func() time.Time // the machine's clock; time.Now when nil
	Settle     bool             // SQLite: first make safe what is found in the log; for the process that serves
	ServerTime bool             // PostgreSQL: the time is the server's, whatever the machine's clock says
}

// DB is an open database.
type DB struct {
	dialect Dialect
	pool    *sql.DB
	writer  *writer // SQLite only: the one connection that writes
	clock   *clock
	stmts   *statements
	name    string

	unfollow func() // ends looking at the server's clock; nil: nobody does
}

// Open opens the database at url: "postgres://…", or the path of an SQLite file, which is made when missing.
func Open(ctx context.Context, url string, options Options) (*DB, error) {
	if options.Now == nil {
		options.Now = time.Now
	}
	if strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://") {
		return openPostgres(ctx, url, options)
	}
	if strings.Contains(url, "://") {
		return nil, fmt.Errorf("open database: %q is neither postgres://… nor a file path", schemeOf(url))
	}
	if err := os.MkdirAll(filepath.Dir(url), 0o700); err != nil {
		return nil, fmt.Errorf("open database: make folder: %w", err)
	}
	return openSQLite(ctx, url, options)
}

func schemeOf(url string) string { return url[:strings.Index(url, "://")+3] + "…" }

// Dialect tells which database this is.
func (d *DB) Dialect() Dialect { return d.dialect }

// Path is the SQLite file, or empty on PostgreSQL.
func (d *DB) Path() string { return d.name }

// Now is the time of all that is stored, cut to the millisecond.
func (d *DB) Now() time.Time { return d.clock.now().UTC().Truncate(time.Millisecond) }

// Ping answers whether the database can be reached.
func (d *DB) Ping(ctx context.Context) error { return d.pool.PingContext(ctx) }

// Pool is the underlying pool, for the few things that need it (backup, tests).
func (d *DB) Pool() *sql.DB { return d.pool }

// Query reads rows outside a transaction.
func (d *DB) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	query = d.rebind(query)
	stmt, err := d.stmts.get(ctx, d.pool, query)
	if err != nil {
		return nil, err
	}
	if stmt == nil {
		return d.pool.QueryContext(ctx, query, args...)
	}
	return stmt.QueryContext(ctx, args...)
}

// QueryRow reads one row outside a transaction.
func (d *DB) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	query = d.rebind(query)
	stmt, err := d.stmts.get(ctx, d.pool, query)
	if err != nil || stmt == nil {
		return d.pool.QueryRowContext(ctx, query, args...)
	}
	return stmt.QueryRowContext(ctx, args...)
}

// Close waits for the transactions under way and closes the database.
func (d *DB) Close() error {
	if d.writer != nil {
		d.writer.stop()
	}
	if d.unfollow != nil {
		d.unfollow()
	}
	d.stmts.close()
	err := d.pool.Close()
	if d.writer != nil {
		d.writer.copier.close()
	}
	return err
}

func (d *DB) rebind(query string) string {
	if d.dialect == SQLite {
		return query
	}
	return dollars(query)
}
