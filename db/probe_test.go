package db_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"

	"huiyin/db"
	"huiyin/db/pgtest"
)

func TestProbeWrites(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	d := openAt(t, path)
	before := logSize(t, path)
	if err := d.Probe(context.Background()); err != nil {
		t.Fatal(err)
	}
	if logSize(t, path) == before {
		t.Error("nothing was written")
	}
}

func TestProbeFailsWhereNothingCanBeStored(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
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
	if err := d.Probe(context.Background()); !errors.Is(err, db.ErrUnavailable) {
		t.Errorf("a locked database: %v", err)
	}
}

func TestProbeOfPostgreSQL(t *testing.T) {
	ctx := context.Background()
	url := pgtest.URL(t)
	d := openWith(t, url, db.Options{})
	if err := d.Probe(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Pool().Exec("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$"); err != nil {
		t.Fatal(err)
	}
	readOnly := openWith(t, url, db.Options{})
	if err := readOnly.Probe(ctx); !errors.Is(err, db.ErrUnavailable) {
		t.Errorf("a read-only database: %v", err)
	}
	if err := readOnly.Tx(ctx, func(tx *db.Tx) error { _, err := tx.Exec(ctx, "CREATE TABLE a (b TEXT)"); return err }); !errors.Is(err, db.ErrUnavailable) {
		t.Errorf("a write into it: %v", err)
	}
}
