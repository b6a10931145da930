package search

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // the driver named "sqlite"
)

// schema names the tables and how texts are cut; a file of another one is built anew.
const schema = "3"

// file is the index on disk: an SQLite file of this node's own, with two full-text tables that keep no texts. What can be
// filtered by stands among the terms as characters of no script, so that a filter is one more list to intersect.
type file struct {
	write, read *sql.DB
}

const (
	createFile = `CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE VIRTUAL TABLE said USING fts5(terms, content='', contentless_delete=1, tokenize='ascii', prefix='1 2 3');
CREATE VIRTUAL TABLE people USING fts5(terms, content='', contentless_delete=1, tokenize='ascii', prefix='1 2 3');
CREATE TABLE said_sums (id INTEGER PRIMARY KEY, sum INTEGER NOT NULL);
CREATE TABLE people_sums (id INTEGER PRIMARY KEY, sum INTEGER NOT NULL);
CREATE TABLE threads (id INTEGER PRIMARY KEY, marks TEXT NOT NULL, subject TEXT NOT NULL, contact INTEGER NOT NULL);
CREATE TABLE hours (hour INTEGER PRIMARY KEY, low INTEGER NOT NULL, high INTEGER NOT NULL);`
)

// dsn keeps the file small in memory and whole after a crash; what a power cut takes is indexed again.
func dsn(path string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() +
		"?_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_pragma=busy_timeout(5000)&_pragma=cache_size(-8000)&_pragma=temp_store(MEMORY)&_pragma=journal_size_limit(16777216)"
}

func connect(path string) (*file, error) {
	write, err := sql.Open("sqlite", dsn(path))
	if err != nil {
		return nil, fmt.Errorf("open search index: %w", err)
	}
	write.SetMaxOpenConns(1)
	read, err := sql.Open("sqlite", dsn(path))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open search index: %w", err), write.Close())
	}
	read.SetMaxOpenConns(2)
	read.SetMaxIdleConns(2)
	return &file{write, read}, nil
}

// openFile opens the index and reads how far it had come.
func openFile(path string) (*file, progress, error) {
	var p progress
	if _, err := os.Stat(path); err != nil {
		return nil, p, err
	}
	f, err := connect(path)
	if err != nil {
		return nil, p, err
	}
	var value string
	if err = f.read.QueryRow("SELECT value FROM meta WHERE key = 'progress'").Scan(&value); err == nil {
		err = json.Unmarshal([]byte(value), &p)
	}
	if err == nil && p.Schema != schema {
		err = errors.New("it was made by another version")
	}
	if err != nil {
		return nil, p, errors.Join(err, f.close())
	}
	return f, p, nil
}

// newFile makes an empty index, away with whatever is there.
func newFile(path string) (*file, error) {
	for _, end := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(path + end); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("remove old search index: %w", err)
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make index folder: %w", err)
	}
	f, err := connect(path)
	if err != nil {
		return nil, err
	}
	if _, err := f.write.Exec(createFile); err != nil {
		return nil, errors.Join(fmt.Errorf("create search index: %w", err), f.close())
	}
	return f, nil
}

func (f *file) close() error { return errors.Join(f.read.Close(), f.write.Close()) }

// progress is how far the index has come: which event it followed last, and down to which message and contact it was built.
type progress struct {
	Schema   string `json:"schema"`
	N        int64  `json:"n"`        // the event followed last
	At       int64  `json:"at"`       // its time, so that another database's log is noticed
	Messages int64  `json:"messages"` // indexed down to this id; 1: all
	Contacts int64  `json:"contacts"`
	Newest   int64  `json:"newest"` // message when building began
	Joining  int    `json:"joining"`
}

// What building left in many pieces, each of which a search looks into, is joined into one afterwards.
const (
	joinNotBegun = iota
	joinBegun
	joined
)

func (p progress) built() bool { return p.Messages == 1 && p.Contacts == 1 }

// batch is one transaction of the index.
type batch struct {
	ctx context.Context
	tx  *sql.Tx
}

// change runs fn in one transaction and notes how far the index has come with it.
func (f *file) change(ctx context.Context, p progress, fn func(b batch) error) error {
	tx, err := f.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("write search index: %w", err)
	}
	defer func() { _ = tx.Rollback() }()
	b := batch{ctx, tx}
	if err := fn(b); err != nil {
		return err
	}
	value, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("write search index: %w", err)
	}
	b.exec(&err, "INSERT INTO meta (key, value) VALUES ('progress', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", string(value))
	if err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("write search index: %w", err)
	}
	return nil
}

func (b batch) exec(err *error, query string, args ...any) {
	if *err != nil {
		return
	}
	if _, failed := b.tx.ExecContext(b.ctx, query, args...); failed != nil {
		*err = fmt.Errorf("write search index: %w", failed)
	}
}

// prepared is a statement that runs many times in a batch.
type prepared struct {
	b batch
	s *sql.Stmt // nil after an error
}

func (b batch) prepare(err *error, query string) prepared {
	if *err != nil {
		return prepared{}
	}
	s, failed := b.tx.PrepareContext(b.ctx, query)
	if failed != nil {
		*err = fmt.Errorf("write search index: %w", failed)
	}
	return prepared{b, s}
}

func (p prepared) run(err *error, args ...any) {
	if *err != nil {
		return
	}
	if _, failed := p.s.Exec(args...); failed != nil { // which ends with its transaction; the driver would watch a context each time
		*err = fmt.Errorf("write search index: %w", failed)
	}
}

func (p prepared) close() {
	if p.s != nil {
		_ = p.s.Close() // it ends with its transaction anyway
	}
}

// broken tells whether an error means that the file is not to be trusted any more, rather than that it was given up.
func broken(err error) bool {
	return err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) && !strings.Contains(err.Error(), "interrupted")
}
