package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"runtime"
	"strconv"
	"sync"
	"time"

	"modernc.org/sqlite" // the driver named "sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// maxBatch bounds how many transactions share one commit, and so how long the first of them waits.
const maxBatch = 128

func sqliteDSN(path string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() +
		"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(" + strconv.Itoa(busyTimeout) + ")" +
		"&_pragma=foreign_keys(1)&_pragma=cache_size(-16000)&_pragma=temp_store(MEMORY)&_pragma=journal_size_limit(67108864)" +
		"&_pragma=wal_autocheckpoint(0)" // the copier does that
}

func openSQLite(ctx context.Context, path string, options Options) (*DB, error) {
	pool, err := sql.Open("sqlite", sqliteDSN(path))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	pool.SetMaxOpenConns(max(4, runtime.NumCPU()) + 1)
	pool.SetMaxIdleConns(max(4, runtime.NumCPU()) + 1)
	line, err := openLine(ctx, pool.Driver(), sqliteDSN(path))
	if err != nil {
		_ = pool.Close()
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	d := &DB{dialect: SQLite, pool: pool, clock: &clock{local: options.Now}, stmts: newStatements(), name: path}
	unsettled := false
	if options.Settle {
		if unsettled, err = line.settle(ctx); err != nil {
			line.close()
			return nil, errors.Join(fmt.Errorf("open %s: make the log safe: %w", path, err), pool.Close())
		}
	}
	d.writer = startWriter(d, line, unsettled)
	return d, nil
}

// writer is the one goroutine that writes to SQLite. Transactions that arrive while it commits wait together
// and then share the next commit: each runs behind a savepoint of its own, and all are answered after the
// one fsync.
type writer struct {
	db   *DB
	line *line
	jobs chan *job
	quit chan struct{}
	done chan struct{}
	once sync.Once

	copier    copier
	unsettled bool // the log is not safe yet, because somebody was reading
	settled   time.Time
}

type job struct {
	fn     func(*Tx) error
	ctx    context.Context
	tx     *Tx
	err    error
	result chan error
}

func startWriter(d *DB, l *line, unsettled bool) *writer {
	w := &writer{db: d, line: l, jobs: make(chan *job, 4*maxBatch), quit: make(chan struct{}), done: make(chan struct{}), unsettled: unsettled,
		copier: copier{line: l, pool: d.pool, path: d.name}}
	go w.run()
	return w
}

func (w *writer) stop() {
	w.once.Do(func() { close(w.quit) })
	<-w.done
}

func (w *writer) do(ctx context.Context, fn func(*Tx) error) error {
	j := &job{fn: fn, ctx: ctx, result: make(chan error, 1)}
	select {
	case w.jobs <- j:
	case <-w.quit:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-j.result:
		return err
	case <-w.done:
		select {
		case err := <-j.result:
			return err
		default:
			return ErrClosed
		}
	}
}

func (w *writer) run() {
	defer close(w.done)
	defer w.line.close()
	defer w.copier.wait()
	for {
		select {
		case j := <-w.jobs:
			w.commit(w.gather(j))
			if !w.unsettled {
				w.copier.committed()
			}
		case <-w.quit:
			w.drain()
			return
		}
	}
}

func (w *writer) drain() {
	for {
		select {
		case j := <-w.jobs:
			w.commit(w.gather(j))
		default:
			return
		}
	}
}

func (w *writer) gather(first *job) []*job {
	batch := []*job{first}
	for len(batch) < maxBatch {
		select {
		case j := <-w.jobs:
			batch = append(batch, j)
		default:
			return batch
		}
	}
	return batch
}

// commit runs a batch in one SQLite transaction and answers every job after it is durable.
func (w *writer) commit(batch []*job) {
	err := w.transaction(batch)
	for _, j := range batch {
		if j.err == nil && err != nil {
			j.err = err
		}
		if j.err == nil && j.tx != nil {
			j.tx.committed()
		}
		j.result <- j.err
	}
}

func (w *writer) transaction(batch []*job) error {
	if w.unsettled {
		if err := w.settleSoon(); err != nil {
			return err
		}
	}
	if err := w.plain("BEGIN IMMEDIATE"); err != nil {
		_ = w.plain("ROLLBACK") // should an earlier one have failed, the next batch finds the way free
		return fmt.Errorf("begin: %w", err)
	}
	for _, j := range batch {
		if err := w.runJob(j); err != nil {
			_ = w.plain("ROLLBACK")
			return err
		}
	}
	if err := w.plain("COMMIT"); err != nil {
		_ = w.plain("ROLLBACK")
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// runJob runs one job behind its savepoint. The error it returns is one that undid the whole batch.
func (w *writer) runJob(j *job) error {
	if j.err = j.ctx.Err(); j.err != nil {
		return nil
	}
	wrote := false
	tx := &Tx{Now: w.db.Now(), dialect: SQLite, session: w.line}
	tx.beforeWrite = func() error {
		wrote = true
		return w.plain("SAVEPOINT job")
	}
	j.tx = tx
	if j.err = tx.call(j.fn); j.err == nil {
		j.err = tx.close(j.ctx)
	}
	if !wrote {
		return nil
	}
	if j.err == nil {
		return w.plain("RELEASE job")
	}
	if err := w.plain("ROLLBACK TO job"); err != nil {
		return fmt.Errorf("undo: %w (after %w)", err, j.err)
	}
	return w.plain("RELEASE job")
}

func (w *writer) plain(query string) error {
	_, err := w.line.exec(context.Background(), query, nil)
	return err
}

func sqliteUnique(err error) bool {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	return e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
}
