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
)

// postgresTries bounds how often a transaction that lost a deadlock or a serialisation race is run again.
const postgresTries = 5

func openPostgres(ctx context.Context, url string, options Options) (*DB, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, errors.New("open database: the postgres URL cannot be parsed")
	}
	pool := openWires(*config)
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

// send puts a statement off until the next one, or the commit, goes to the server.
func (s postgresSession) send(_ context.Context, query string, args []any) error {
	return s.raw(func(w *wire) error {
		w.ahead = append(w.ahead, statement{query, args})
		return nil
	})
}

// commit sends the closing statements and the commit in one flight, so that the locks they take are held while the server
// works and writes, and not while the network carries words. A transaction of which nothing went to the server ends here.
func (s postgresSession) commit(ctx context.Context, closing []statement) error {
	return s.raw(func(w *wire) error {
		if w.failed != nil {
			return fmt.Errorf("%w: %w", errUndone, w.failed)
		}
		if len(closing) == 0 && len(w.ahead) == 1 && w.ahead[0].query == begin {
			w.forget()
			return nil
		}
		batch := w.batch()
		for _, st := range closing {
			batch.Queue(dollars(st.query), st.args...)
		}
		batch.Queue("COMMIT")
		answers := w.Conn.Conn().SendBatch(ctx, batch)
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

// begin goes to the server with the first statement of a transaction.
const begin = "BEGIN"

// errUndone is the server's answer to the commit of a transaction in which a statement has failed.
var errUndone = errors.New("the transaction was undone: a statement in it had failed")

// rollback undoes what is not committed. A connection on which that fails is given up, and the server undoes it by itself.
func (s postgresSession) rollback(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rollbackWithin)
	defer cancel()
	_ = s.raw(func(w *wire) error {
		w.forget()
		conn := w.Conn.Conn()
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

func (s postgresSession) raw(do func(*wire) error) error {
	return s.conn.Raw(func(under any) error {
		w, ok := under.(*wire)
		if !ok {
			return fmt.Errorf("no connection to PostgreSQL but a %T", under)
		}
		return do(w)
	})
}

func (d *DB) postgresTx(ctx context.Context, fn func(*Tx) error) error {
	return again(func() error { return d.postgresTry(ctx, fn) })
}

// again does what may lose a race until it does not, a few times.
func again(try func() error) (err error) {
	for range postgresTries {
		if err = try(); !lostRace(err) {
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
	if err := s.send(ctx, begin, nil); err != nil {
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
