package db_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"huiyin/db"
	"huiyin/db/pgtest"
)

func insertNote(d *db.DB, body string) error {
	ctx := context.Background()
	return d.Tx(ctx, func(tx *db.Tx) error {
		_, err := tx.Insert(ctx, "INSERT INTO notes (body) VALUES (?)", body)
		return err
	})
}

func TestALockedDatabaseSaysSoAndRecovers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "locked.db")
	d := openAt(t, path)
	other, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	other.SetMaxOpenConns(1)
	if _, err := other.Exec("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	if err := insertNote(d, "while it is locked"); !errors.Is(err, db.ErrUnavailable) {
		t.Fatalf("while it is locked: %v", err)
	}
	if _, err := other.Exec("COMMIT"); err != nil {
		t.Fatal(err)
	}
	if err := insertNote(d, "afterwards"); err != nil {
		t.Fatalf("afterwards: %v", err)
	}
}

func TestAFullDatabaseSaysSoAndRecovers(t *testing.T) {
	d := openSQLite(t)
	ctx := context.Background()
	limit := func(pages int) error {
		return d.Tx(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, fmt.Sprint("PRAGMA max_page_count = ", pages))
			return err
		})
	}
	if err := limit(1); err != nil { // as many pages as there are
		t.Fatal(err)
	}
	if err := insertNote(d, strings.Repeat("x", 1<<20)); !errors.Is(err, db.ErrUnavailable) {
		t.Fatalf("while it is full: %v", err)
	}
	if err := limit(1 << 20); err != nil {
		t.Fatal(err)
	}
	if err := insertNote(d, "afterwards"); err != nil {
		t.Fatalf("afterwards: %v", err)
	}
}

func TestPostgresOutOfReachIsUnavailable(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	d, err := db.Open(ctx, pgtest.URL(t), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Tx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "SELECT pg_terminate_backend(pg_backend_pid())")
		return err
	}); !errors.Is(err, db.ErrUnavailable) {
		t.Fatalf("a connection that was ended: %v", err)
	}
	if err := d.Tx(ctx, func(tx *db.Tx) error { _, err := tx.Exec(ctx, "CREATE TABLE notes (body TEXT)"); return err }); err != nil {
		t.Fatalf("after the outage: %v", err)
	}
	refused := errors.New("refused")
	if err := d.Tx(ctx, func(*db.Tx) error { return refused }); err != refused {
		t.Fatalf("a caller's own error: %v", err)
	}
}

// TestACallerWhoLeftIsNoTroubleOfTheDatabase ends the context in the middle of a transaction.
func TestACallerWhoLeftIsNoTroubleOfTheDatabase(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		for range 20 {
			ctx, cancel := context.WithCancel(context.Background())
			err := d.Tx(ctx, func(tx *db.Tx) error {
				cancel()
				if _, err := tx.Insert(ctx, "INSERT INTO notes (body) VALUES (?)", "one"); err != nil {
					return err
				}
				return ctx.Err()
			})
			if !errors.Is(err, context.Canceled) || errors.Is(err, db.ErrUnavailable) {
				t.Fatalf("%v", err)
			}
		}
	})
}
