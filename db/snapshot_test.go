package db_test

import (
	"context"
	"errors"
	"testing"
	"testing/fstest"
	"time"

	"huiyin/db"
	"huiyin/db/pgtest"
)

// eachDatabase runs a test on SQLite and on PostgreSQL, with a table of jobs.
func eachDatabase(t *testing.T, test func(t *testing.T, d *db.DB)) {
	for name, url := range map[string]func(t *testing.T) string{
		"sqlite":   func(t *testing.T) string { return t.TempDir() + "/test.db" },
		"postgres": func(t *testing.T) string { return pgtest.URL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			d, err := db.Open(context.Background(), url(t), db.Options{})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = d.Close() })
			jobs(t, d)
			test(t, d)
		})
	}
}

// jobs makes the table of jobs.
func jobs(t *testing.T, d *db.DB) {
	t.Helper()
	files := fstest.MapFS{"0001_jobs.sql": {Data: []byte(`-- +goose Up
CREATE TABLE jobs (id INTEGER PRIMARY KEY, due_at INTEGER, lease_until INTEGER NOT NULL DEFAULT 0, lease_token TEXT NOT NULL DEFAULT '',
 attempts INTEGER NOT NULL DEFAULT 0, recovered INTEGER NOT NULL DEFAULT 0);
`)}}
	if err := d.Migrate(context.Background(), db.Migrations{Domain: "jobs", Files: files}); err != nil {
		t.Fatal(err)
	}
}

func addJob(t *testing.T, d *db.DB) {
	t.Helper()
	err := d.Tx(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Insert(context.Background(), "INSERT INTO jobs (due_at) VALUES (?)", db.Millis(tx.Now))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSnapshotStandsStill(t *testing.T) {
	eachDatabase(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		addJob(t, d)
		refused := errors.New("refused")
		err := d.Snapshot(ctx, func(from db.Querier) error {
			for range 3 {
				var n int
				if err := from.QueryRow(ctx, "SELECT COUNT(*) FROM jobs WHERE attempts = ?", 0).Scan(&n); err != nil || n != 1 {
					t.Errorf("%d jobs, %v", n, err)
				}
				addJob(t, d)
			}
			rows, err := from.Query(ctx, "SELECT id FROM jobs WHERE id > ?", 0)
			if err != nil {
				return err
			}
			defer rows.Close()
			n := 0
			for rows.Next() {
				n++
			}
			if n != 1 {
				t.Errorf("%d rows", n)
			}
			return errors.Join(rows.Err(), refused)
		})
		if !errors.Is(err, refused) {
			t.Error(err)
		}
	})
}

func TestFreedLeasesAreTakenAtOnceAndFenced(t *testing.T) {
	eachDatabase(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		addJob(t, d)
		q := db.Queue{Table: "jobs"}
		claim := func(token string) (leases []db.Lease) {
			t.Helper()
			err := d.Tx(ctx, func(tx *db.Tx) (err error) {
				leases, err = q.Claim(ctx, tx, token, time.Hour, 10)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return leases
		}
		dead := claim("dead")
		if len(dead) != 1 || len(claim("too early")) != 0 {
			t.Fatalf("%+v", dead)
		}
		if err := d.Tx(ctx, func(tx *db.Tx) error { return q.Free(ctx, tx) }); err != nil {
			t.Fatal(err)
		}
		next := claim("next")
		if len(next) != 1 || !next[0].Recovered || next[0].Attempts != 2 {
			t.Fatalf("%+v", next)
		}
		err := d.Tx(ctx, func(tx *db.Tx) error { return q.Finish(ctx, tx, dead[0], time.Time{}) })
		if !errors.Is(err, db.ErrLeaseLost) {
			t.Errorf("who was thought dead finishes the job: %v", err)
		}
	})
}
