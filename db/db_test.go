package db_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"

	"huiyin/db"
	"huiyin/db/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func openSQLite(t *testing.T) *db.DB {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "a b?.db"))
}

func openAt(t *testing.T, path string) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), path, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	files := fstest.MapFS{"0001_start.sql": {Data: []byte("-- +goose Up\nCREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE);\n")}}
	for range 2 {
		if err := d.Migrate(context.Background(), db.Migrations{Domain: "test", Files: files}); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

func TestConcurrentTransactionsKeepTheirOwnFate(t *testing.T) {
	d := openSQLite(t)
	ctx := context.Background()
	refused := errors.New("refused")
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			err := d.Tx(ctx, func(tx *db.Tx) error {
				if _, err := tx.Insert(ctx, "INSERT INTO notes (body) VALUES (?)", i); err != nil {
					return err
				}
				if i%10 == 0 {
					return refused
				}
				if i%10 == 1 {
					panic("a fault in one caller")
				}
				return nil
			})
			if (err != nil) != (i%10 < 2) {
				t.Errorf("job %d: %v", i, err)
			}
		}()
	}
	wg.Wait()
	var n int
	if err := d.QueryRow(ctx, "SELECT COUNT(*) FROM notes").Scan(&n); err != nil || n != 160 {
		t.Fatalf("rows = %d, %v; want 160", n, err)
	}
}
