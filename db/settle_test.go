package db_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"huiyin/db"
)

// leftBehind is the path of a database as a process that died left it, with two notes in its log.
func leftBehind(t *testing.T) string {
	t.Helper()
	from, to := filepath.Join(t.TempDir(), "a.db"), filepath.Join(t.TempDir(), "b.db")
	d := openAt(t, from)
	for _, body := range []string{"one", "two"} {
		if err := insertNote(d, body); err != nil {
			t.Fatal(err)
		}
	}
	for _, end := range []string{"", "-wal"} {
		content, err := os.ReadFile(from + end)
		if err == nil {
			err = os.WriteFile(to+end, content, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if logSize(t, to) == 0 {
		t.Fatal("nothing in the log")
	}
	return to
}

func logSize(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func openWith(t *testing.T, path string, options db.Options) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), path, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

func countNotes(t *testing.T, from db.Querier) (n int) {
	t.Helper()
	if err := from.QueryRow(context.Background(), "SELECT COUNT(*) FROM notes").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSettleEmptiesTheLogThatIsFound(t *testing.T) {
	path := leftBehind(t)
	d := openWith(t, path, db.Options{Settle: true})
	if n := logSize(t, path); n != 0 {
		t.Errorf("%d bytes in the log", n)
	}
	if n := countNotes(t, d); n != 2 {
		t.Errorf("%d notes", n)
	}
}

func TestSettleWaitsForReaders(t *testing.T) {
	t.Parallel()
	path := leftBehind(t)
	reader := openWith(t, path, db.Options{})
	ctx := context.Background()
	var settled *db.DB
	err := reader.Snapshot(ctx, func(q db.Querier) error {
		if n := countNotes(t, q); n != 2 {
			t.Errorf("%d notes", n)
		}
		settled = openWith(t, path, db.Options{Settle: true})
		return insertNote(settled, "while somebody reads")
	})
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		before := logSize(t, path)
		if err := insertNote(settled, time.Now().String()); err != nil {
			t.Fatal(err)
		}
		if logSize(t, path) < before {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the log is never emptied")
		}
	}
}
