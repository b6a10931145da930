package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
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
	d := &DB{dialect: Postgres, pool: pool, clock: &clock{local: options.Now}, stmts: newStatements()}
	if !options.ServerTime {
		return d, nil
	}
	if err := d.followServer(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// postgresSession is a transaction under way on a connection of its own.
type postgresSession struct{ conn *sql.Conn }

func (s postgresSession) exec(ctx context.Context, query string, args []any) (sql.Result, error) {
	return s.conn.ExecContext(ctx, dollars(query), args...)
}

func (s postgresSession) query(ctx context.Context, query string, args []any) (*sql.Rows, error) {
	return s.conn.QueryContext(ctx, dollars(query), args...)
}

func (s postgresSession) queryRow(ctx context.Context, query string, args []any) *sql.Row {
	return s.conn.QueryRowContext(ctx, dollars(query), args...)
}

func (s postgresSession) scanRow(ctx context.Context, query string, args []any, into []any) error {
	return s.queryRow(ctx, query, args).Scan(into...)
}

// commit sends the closing statements and the commit in one flight, so that the locks they take are held while the server
// works and writes, and not while the network carries words.
func (s postgresSession) commit(ctx context.Context, closing []statement) error {
	batch := &pgx.Batch{}
	for _, st := range closing {
		batch.Queue(dollars(st.query), st.args...)
	}
	batch.Queue("COMMIT")
	return s.raw(func(conn *pgx.Conn) error {
		answers := conn.SendBatch(ctx, batch)
		var tag pgconn.CommandTag
		for range batch.Len() {
			var err error
			if tag, err = answers.Exec(); err != nil {
				_ = answers.Close()
				return err
			}
		}
		if err := answers.Close(); err != nil {
			return err
		}
		if tag.String() != "COMMIT" {
			return errUndone
		}
		return nil
	})
}

// errUndone is the server's answer to the commit of a transaction in which a statement has failed.
var errUndone = errors.New("the transaction was undone: a statement in it had failed")

// rollback undoes what is not committed. A connection on which that fails is given up, and the server undoes it by itself.
func (s postgresSession) rollback(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rollbackWithin)
	defer cancel()
	_ = s.raw(func(conn *pgx.Conn) error {
		if conn.PgConn().TxStatus() == idle {
			return nil
		}
		if _, err := conn.Exec(ctx, "ROLLBACK"); err != nil {
			_ = conn.Close(ctx)
			return driver.ErrBadConn
		}
		return nil
	})
}

const (
	rollbackWithin = 5 * time.Second
	idle           = 'I' // https://www.postgresql.org/docs/current/protocol-message-formats.html, ReadyForQuery
)

func (s postgresSession) raw(do func(*pgx.Conn) error) error {
	return s.conn.Raw(func(under any) error {
		conn, ok := under.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("no connection to PostgreSQL but a %T", under)
		}
		return do(conn.Conn())
	})
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
	conn, err := d.pool.Conn(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = conn.Close() }()
	s := postgresSession{conn}
	if _, err := conn.ExecContext(ctx, "BEGIN"); err != nil {
		s.rollback(ctx)
		return fmt.Errorf("begin: %w", err)
	}
	tx := &Tx{Now: d.Now(), dialect: Postgres, session: s}
	if err := tx.call(fn); err != nil {
		s.rollback(ctx)
		return err
	}
	if err := s.commit(ctx, tx.closing); err != nil {
		s.rollback(ctx)
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
