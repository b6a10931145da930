package db_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"huiyin/db"
)

func TestWhatIsSentAheadRunsInItsOrder(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
			send := func(text string) {
				if err := tx.Send(ctx, number, text); err != nil {
					t.Error(err)
				}
			}
			send("first")
			send("second")
			var n int
			if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM notes").Scan(&n); err != nil || n != 2 {
				t.Errorf("%d rows, %v", n, err)
			}
			send("third")
			if n, err := tx.Exec(ctx, "UPDATE notes SET body = ? WHERE body = ?", "3rd", "third"); err != nil || n != 1 {
				t.Errorf("%d rows, %v", n, err)
			}
			tx.Last(place, number, "last")
			send("fourth")
			return nil
		})
		if _, texts := bodies(t, d); !slices.Equal(texts, []string{"first", "second", "3rd", "fourth", "last"}) {
			t.Errorf("%q", texts)
		}
	})
}

func TestWhatIsSentAheadAndFailsUndoesAll(t *testing.T) {
	cases := map[string]func(ctx context.Context, tx *db.Tx) error{
		"found by the next statement": func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, number, "after")
			return err
		},
		"found by a query": func(ctx context.Context, tx *db.Tx) error {
			rows, err := tx.Query(ctx, "SELECT id FROM notes")
			if err == nil {
				err = rows.Close()
			}
			return err
		},
		"found by the commit": func(context.Context, *db.Tx) error { return nil },
		"and is passed over": func(ctx context.Context, tx *db.Tx) error {
			_, _ = tx.Exec(ctx, number, "after")
			_, _ = tx.Exec(ctx, number, "long after")
			tx.Last(place, number, "last")
			return nil
		},
	}
	onBoth(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		for name, then := range cases {
			for _, wrong := range []string{"INSERT INTO notes (id, body) VALUES (1, NULL)", "INSERT INTO nothing (id) VALUES (1)"} {
				for range 22 { // more than there are connections
					err := d.Tx(ctx, func(tx *db.Tx) error {
						tx.OnCommit(func() { t.Errorf("%s: told as committed", name) })
						if err := tx.Send(ctx, wrong); err != nil {
							return err
						}
						return then(ctx, tx)
					})
					if err == nil {
						t.Errorf("%s: no error", name)
					}
				}
			}
		}
		inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.Send(ctx, number, "well") })
		if _, texts := bodies(t, d); !slices.Equal(texts, []string{"well"}) {
			t.Errorf("%q", texts)
		}
	})
}

// A first statement that cannot even be prepared keeps the transaction from beginning: what follows must not run outside of one.
func TestNothingRunsOutsideATransactionThatDidNotBegin(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		if d.Dialect() == db.SQLite {
			t.Skip("SQLite's transaction has begun before its first statement")
		}
		ctx := context.Background()
		err := d.Tx(ctx, func(tx *db.Tx) error {
			var n int
			_ = tx.QueryRow(ctx, "SELECT nothing FROM nowhere").Scan(&n)
			if _, err := tx.Exec(ctx, number, "outside"); err == nil {
				t.Error("it ran")
			}
			return nil
		})
		if err == nil {
			t.Error("it was committed")
		}
		if ids, _ := bodies(t, d); len(ids) != 0 {
			t.Errorf("%d rows are there", len(ids))
		}
	})
}

func TestAFirstQueryGivesWhatAnyOtherGives(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
			for _, text := range []string{"a", "b", "c"} {
				if err := tx.Send(ctx, number, text); err != nil {
					return err
				}
			}
			return nil
		})
		type row struct {
			n, sum  int64
			missing *string
			text    string
			yes     bool
		}
		read := func(ctx context.Context, tx *db.Tx) (rows []row) {
			found, err := tx.Query(ctx, `SELECT id, (SELECT SUM(id) FROM notes), CASE WHEN id < 0 THEN body END, body, EXISTS (SELECT 1 FROM notes) FROM notes ORDER BY id`)
			if err != nil {
				t.Fatal(err)
			}
			defer found.Close()
			for found.Next() {
				var r row
				if err := found.Scan(&r.n, &r.sum, &r.missing, &r.text, &r.yes); err != nil {
					t.Fatal(err)
				}
				rows = append(rows, r)
			}
			return rows
		}
		inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
			first, second := read(ctx, tx), read(ctx, tx)
			if want := (row{n: 2, sum: 6, text: "b", yes: true}); len(first) != 3 || first[1] != want || !slices.Equal(first, second) {
				t.Errorf("%+v, then %+v", first, second)
			}
			return nil
		})
		inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
			rows, err := tx.Query(ctx, "SELECT id FROM notes WHERE id > ?", 1)
			if err != nil || !rows.Next() || rows.Close() != nil { // left in the middle
				t.Fatalf("%v", err)
			}
			var n int
			if err := tx.QueryRow(ctx, "SELECT id FROM notes WHERE id > 3").Scan(&n); !db.NoRows(err) {
				t.Errorf("%d, %v", n, err)
			}
			return nil
		})
		inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
			var n int
			if err := tx.QueryRow(ctx, "SELECT id FROM notes WHERE id > 3").Scan(&n); !db.NoRows(err) {
				t.Errorf("%d, %v", n, err)
			}
			return nil
		})
	})
}

func TestATransactionOfOneStatementTakesNoOther(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		told := false
		err := d.One(ctx, func(tx *db.Tx) error {
			tx.OnCommit(func() { told = true })
			_, err := tx.Exec(ctx, number, "one")
			return err
		})
		if _, texts := bodies(t, d); err != nil || !told || !slices.Equal(texts, []string{"one"}) {
			t.Fatalf("%q, %v, told %v", texts, err, told)
		}
		if d.Dialect() == db.SQLite {
			return // there it is a transaction like any other
		}
		for name, second := range map[string]func(tx *db.Tx) error{
			"exec":  func(tx *db.Tx) error { _, err := tx.Exec(ctx, number, "two"); return err },
			"send":  func(tx *db.Tx) error { return tx.Send(ctx, number, "two") },
			"last":  func(tx *db.Tx) error { tx.Last(place, number, "two"); return nil },
			"row":   func(tx *db.Tx) error { var n int64; return tx.Row(ctx, "SELECT 1", nil, &n) },
			"query": func(tx *db.Tx) error { _, err := tx.Query(ctx, "SELECT 1"); return err },
			"one":   func(tx *db.Tx) error { var n int; return tx.QueryRow(ctx, "SELECT 1").Scan(&n) },
		} {
			err := d.One(ctx, func(tx *db.Tx) error {
				if _, err := tx.Exec(ctx, "UPDATE notes SET body = body"); err != nil {
					return err
				}
				return second(tx)
			})
			if err == nil {
				t.Errorf("%s: a second statement was taken", name)
			}
		}
		if _, texts := bodies(t, d); !slices.Equal(texts, []string{"one"}) {
			t.Errorf("%q", texts)
		}
	})
}

func TestTakingFromAQueue(t *testing.T) {
	eachDatabase(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		q := db.Queue{Table: "jobs"}
		take := func() []db.Lease {
			t.Helper()
			leases, err := q.Take(ctx, d, time.Now().String(), time.Hour, 10)
			if err != nil {
				t.Fatal(err)
			}
			return leases
		}
		if got := take(); len(got) != 0 {
			t.Fatalf("%+v of an empty queue", got)
		}
		addJob(t, d)
		got := take()
		if len(got) != 1 || got[0].Attempts != 1 || got[0].Recovered {
			t.Fatalf("%+v", got)
		}
		if again := take(); len(again) != 0 {
			t.Fatalf("%+v is in other hands", again)
		}
		late := got[0]
		late.Token = "another's"
		err := d.Tx(ctx, func(tx *db.Tx) error { return q.Finish(ctx, tx, late, time.Time{}) })
		if !errors.Is(err, db.ErrLeaseLost) {
			t.Errorf("%v", err)
		}
		if _, err := (db.Queue{Table: "nothing"}).Take(ctx, d, "t", time.Hour, 1); err == nil || !strings.Contains(err.Error(), "nothing") {
			t.Errorf("%v", err)
		}
	})
}

// A list that is written into its query is run without being prepared, with arguments of every kind.
func TestAQueryThatIsNotKeptTakesTheSameArguments(t *testing.T) {
	type word string
	onBoth(t, func(t *testing.T, d *db.DB) {
		inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
			for _, text := range []string{"a", "b", "c"} {
				if err := tx.Send(ctx, number, text); err != nil {
					return err
				}
			}
			return nil
		})
		const query = "SELECT id, body, (SELECT SUM(id) FROM notes) FROM notes WHERE id IN (" + db.Once + "1, 2) AND id < ? AND body <> ? AND body = ? LIMIT ?"
		var id, sum int64
		var body string
		check := func(where string, err error) {
			t.Helper()
			if err != nil || id != 2 || body != "b" || sum != 6 {
				t.Errorf("%s: %d %q %d, %v", where, id, body, sum, err)
			}
			id, body, sum = 0, "", 0
		}
		ctx := context.Background()
		for range 3 {
			check("outside", d.QueryRow(ctx, query, 3, word("a"), "b", int64(1)).Scan(&id, &body, &sum))
		}
		inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
			check("first", tx.QueryRow(ctx, query, 3, word("a"), "b", int64(1)).Scan(&id, &body, &sum))
			check("after", tx.QueryRow(ctx, query, 3, word("a"), "b", int64(1)).Scan(&id, &body, &sum))
			n, err := tx.Exec(ctx, "UPDATE notes SET body = ? WHERE id IN ("+db.Once+"1, 3) AND body = ?", word("z"), word("c"))
			if err != nil || n != 1 {
				t.Errorf("%d, %v", n, err)
			}
			return nil
		})
	})
}
