package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// One runs fn in a transaction of exactly one statement. On PostgreSQL that statement is the transaction by itself, without the
// journeys of a beginning and a commit, and so it stands even when fn fails after it.
func (d *DB) One(ctx context.Context, fn func(*Tx) error) error {
	if d.writer != nil {
		return d.Tx(ctx, fn)
	}
	return d.classified(ctx, again(func() error { return d.postgresOne(ctx, fn) }))
}

func (d *DB) postgresOne(ctx context.Context, fn func(*Tx) error) error {
	conn, err := d.pool.Conn(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = conn.Close() }()
	tx := &Tx{Now: d.Now(), dialect: Postgres, session: &oneSession{postgresSession: postgresSession{conn}}}
	if err := tx.call(fn); err != nil {
		return err
	}
	if len(tx.closing) > 0 {
		return errNotOne
	}
	tx.committed()
	return nil
}

// errNotOne is the answer to a second statement: it would not belong to the first one's transaction.
var errNotOne = errors.New("a transaction of one statement takes no other")

// oneSession runs one statement.
type oneSession struct {
	postgresSession
	used bool
}

func (s *oneSession) use() error {
	if s.used {
		return errNotOne
	}
	s.used = true
	return nil
}

func (s *oneSession) exec(ctx context.Context, query string, args []any) (sql.Result, error) {
	if err := s.use(); err != nil {
		return nil, err
	}
	return s.postgresSession.exec(ctx, query, args)
}

func (s *oneSession) query(ctx context.Context, query string, args []any) (*sql.Rows, error) {
	if err := s.use(); err != nil {
		return nil, err
	}
	return s.postgresSession.query(ctx, query, args)
}

func (s *oneSession) queryRow(ctx context.Context, query string, args []any) *sql.Row {
	if s.use() != nil {
		query, args = "SELECT 1 WHERE 1 = 0", nil
	}
	return s.postgresSession.queryRow(ctx, query, args)
}

func (s *oneSession) scanRow(ctx context.Context, query string, args []any, into []any) error {
	if err := s.use(); err != nil {
		return err
	}
	return s.postgresSession.scanRow(ctx, query, args, into)
}

func (s *oneSession) send(ctx context.Context, query string, args []any) error {
	_, err := s.exec(ctx, query, args)
	return err
}
