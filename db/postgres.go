package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// postgresTries bounds how often a transaction that lost a deadlock or a serialisation race is run again.
const postgresTries = 5

func openPostgres(ctx context.Context, url string, options Options) (*DB, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, errors.New("open database: the postgres URL cannot be parsed")
	}
	pool := stdlib.OpenDB(*config)
	pool.SetMaxOpenConns(20)
	pool.SetMaxIdleConns(20)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	if err := pool.PingContext(ctx); err != nil {
		_ = pool.Close()
		return nil, fmt.Errorf("open database %s: %w", config.Host, err)
	}
	return &DB{dialect: Postgres, pool: pool, now: options.Now, stmts: newStatements()}, nil
}

type postgresSession struct{ tx *sql.Tx }

func (s postgresSession) exec(ctx context.Context, query string, args []any) (sql.Result, error) {
	return s.tx.ExecContext(ctx, dollars(query), args...)
}

func (s postgresSession) query(ctx context.Context, query string, args []any) (*sql.Rows, error) {
	return s.tx.QueryContext(ctx, dollars(query), args...)
}

func (s postgresSession) queryRow(ctx context.Context, query string, args []any) *sql.Row {
	return s.tx.QueryRowContext(ctx, dollars(query), args...)
}

func (s postgresSession) scanRow(ctx context.Context, query string, args []any, into []any) error {
	return s.queryRow(ctx, query, args).Scan(into...)
}

func (d *DB) postgresTx(ctx context.Context, fn func(*Tx) error) error {
	var err error
	for range postgresTries {
		if err = d.postgresTry(ctx, fn); !lostRace(err) {
			return err
		}
	}
	return err
}

func (d *DB) postgresTry(ctx context.Context, fn func(*Tx) error) error {
	under, err := d.pool.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	tx := &Tx{Now: d.Now(), dialect: Postgres, session: postgresSession{under}}
	if err := tx.call(fn); err != nil {
		_ = under.Rollback()
		return err
	}
	if err := under.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	tx.committed()
	return nil
}

func lostRace(err error) bool {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return false
	}
	return e.Code == "40001" || e.Code == "40P01"
}

func postgresUnique(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && e.Code == "23505"
}

// IsUnique tells whether err is the refusal of a second row where only one may be.
func IsUnique(err error) bool { return sqliteUnique(err) || postgresUnique(err) }
