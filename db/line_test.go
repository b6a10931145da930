package db_test

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"testing"

	"huiyin/db"
	"huiyin/db/pgtest"
)

// word is a text by another name, as statuses and kinds are.
type word string

func onBoth(t *testing.T, test func(t *testing.T, d *db.DB)) {
	t.Run("sqlite", func(t *testing.T) { test(t, openSQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, openAt(t, pgtest.URL(t))) })
}

func inTx(t *testing.T, d *db.DB, fn func(ctx context.Context, tx *db.Tx) error) {
	t.Helper()
	ctx := context.Background()
	if err := d.Tx(ctx, func(tx *db.Tx) error { return fn(ctx, tx) }); err != nil {
		t.Fatal(err)
	}
}

func TestRow(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
			if _, err := tx.Insert(ctx, "INSERT INTO notes (id, body) VALUES (?, ?)", 7, word("宽带")); err != nil {
				return err
			}
			for range 2 {
				var id int64
				var length int
				var body string
				err := tx.Row(ctx, "SELECT id, LENGTH(body), body FROM notes WHERE body = ?", []any{word("宽带")}, &id, &length, &body)
				if err != nil || id != 7 || length != 2 || body != "宽带" {
					t.Errorf("%d, %d, %q, %v", id, length, body, err)
				}
			}
			var body string
			if err := tx.Row(ctx, "SELECT body FROM notes WHERE id = "+db.Once+"8", nil, &body); !db.NoRows(err) {
				t.Errorf("no such row, by a query that is not kept: %v", err)
			}
			if err := tx.Row(ctx, "SELECT body FROM notes WHERE id = ?", []any{9}, &body); !db.NoRows(err) {
				t.Errorf("no such row: %v", err)
			}
			return nil
		})
	})
}

func TestRowSaysWhatDoesNotFit(t *testing.T) {
	d := openSQLite(t)
	inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.Exec(ctx, "INSERT INTO notes (body) VALUES ('x')"); err != nil {
			return err
		}
		var n int64
		var text string
		for name, test := range map[string]struct {
			query string
			args  []any
			into  []any
		}{
			"a text into a number":  {"SELECT body FROM notes", nil, []any{&n}},
			"a number into a text":  {"SELECT id FROM notes", nil, []any{&text}},
			"nothing into a number": {"SELECT NULL", nil, []any{&n}},
			"too few targets":       {"SELECT id, body FROM notes", nil, []any{&n}},
			"too many targets":      {"SELECT id FROM notes", nil, []any{&n, &text}},
			"an unknown target":     {"SELECT id FROM notes", nil, []any{&struct{}{}}},
			"an unknown argument":   {"SELECT id FROM notes WHERE id = ?", []any{struct{}{}}, []any{&n}},
			"a missing argument":    {"SELECT id FROM notes WHERE id = ?", nil, []any{&n}},
			"no such table":         {"SELECT id FROM nowhere", nil, []any{&n}},
		} {
			if err := tx.Row(ctx, test.query, test.args, test.into...); err == nil || db.NoRows(err) {
				t.Errorf("%s: %v", name, err)
			}
		}
		return tx.Row(ctx, "SELECT id FROM notes", nil, &n)
	})
}

func TestExecTakesEveryKindOfValue(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
			var none *string
			text := "by pointer"
			for _, body := range []any{"text", word("word"), &text, sql.NullString{String: "valid", Valid: true}} {
				if _, err := tx.Insert(ctx, "INSERT INTO notes (body) VALUES (?)", body); err != nil {
					t.Errorf("%T: %v", body, err)
				}
			}
			n, err := tx.Exec(ctx, "DELETE FROM notes WHERE COALESCE(body, ?) = ?", none, "text")
			if err != nil || n != 1 {
				t.Errorf("%d rows, %v", n, err)
			}
			return nil
		})
		rows, err := d.Query(context.Background(), "SELECT body FROM notes ORDER BY id")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		var all []string
		for rows.Next() {
			var body string
			if err := rows.Scan(&body); err != nil {
				t.Fatal(err)
			}
			all = append(all, body)
		}
		if want := []string{"word", "by pointer", "valid"}; !slices.Equal(all, want) {
			t.Errorf("%q, want %q", all, want)
		}
	})
}

func TestAFailedStatementLeavesTheTransactionUsable(t *testing.T) {
	d := openSQLite(t)
	inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.Insert(ctx, "INSERT INTO notes (body) VALUES (?)", "one"); err != nil {
			return err
		}
		if _, err := tx.Insert(ctx, "INSERT INTO notes (body) VALUES (?)", "one"); !db.IsUnique(err) {
			t.Errorf("a second one: %v", err)
		}
		if _, inserted, err := tx.InsertNew(ctx, "INSERT INTO notes (body) VALUES (?) ON CONFLICT DO NOTHING", "one"); inserted || err != nil {
			t.Errorf("a third one: %v, %v", inserted, err)
		}
		id, inserted, err := tx.InsertNew(ctx, "INSERT INTO notes (body) VALUES (?) ON CONFLICT DO NOTHING", "two")
		if id != 2 || !inserted || err != nil {
			t.Errorf("another: %d, %v, %v", id, inserted, err)
		}
		return nil
	})
}

func TestHooksRunAfterTheCommitOnly(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		var steps []string
		refused := errors.New("refused")
		for _, fate := range []error{nil, refused} {
			err := d.Tx(context.Background(), func(tx *db.Tx) error {
				tx.OnCommit(func() { steps = append(steps, "committed") })
				tx.AtEnd(func() error { steps = append(steps, "end"); return fate })
				steps = append(steps, "body")
				_, err := tx.Exec(context.Background(), "DELETE FROM notes")
				return err
			})
			if !errors.Is(err, fate) {
				t.Errorf("%v, want %v", err, fate)
			}
		}
		if want := []string{"body", "end", "committed", "body", "end"}; !slices.Equal(steps, want) {
			t.Errorf("%q, want %q", steps, want)
		}
	})
}
