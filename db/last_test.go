package db_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"huiyin/db"
)

const (
	number = "INSERT INTO notes (id, body) SELECT COALESCE(MAX(id), 0) + 1, ? FROM notes"
	place  = 4711
)

func bodies(t *testing.T, d *db.DB) (ids []int64, texts []string) {
	t.Helper()
	rows, err := d.Query(context.Background(), "SELECT id, body FROM notes ORDER BY id")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var text string
		if err := rows.Scan(&id, &text); err != nil {
			t.Fatal(err)
		}
		ids, texts = append(ids, id), append(texts, text)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return ids, texts
}

func TestTheLastStatementsRunInOrderAfterAllOthers(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
			tx.Last(place, number, "third")
			tx.Last(place, number, "fourth")
			tx.AtEnd(func() error {
				_, err := tx.Exec(ctx, number, "second")
				return err
			})
			_, err := tx.Exec(ctx, number, "first")
			return err
		})
		if _, texts := bodies(t, d); !slices.Equal(texts, []string{"first", "second", "third", "fourth"}) {
			t.Errorf("%q", texts)
		}
	})
}

func TestALastStatementThatFailsUndoesAll(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		for range 50 { // more than there are connections: none is left in the middle of a transaction
			err := d.Tx(ctx, func(tx *db.Tx) error {
				tx.Last(place, number, "once")
				tx.Last(place, number, "once")
				tx.OnCommit(func() { t.Error("told as committed") })
				return nil
			})
			if !db.IsUnique(err) {
				t.Fatalf("%v", err)
			}
		}
		if ids, _ := bodies(t, d); len(ids) != 0 {
			t.Errorf("%d rows are there", len(ids))
		}
	})
}

func TestNumbersGivenLastHaveNoGaps(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		const writers, each = 8, 40
		var all sync.WaitGroup
		refused := errors.New("refused")
		for w := range writers {
			all.Go(func() {
				for i := range each {
					err := d.Tx(context.Background(), func(tx *db.Tx) error {
						tx.Last(place, number, fmt.Sprint(w, "-", i))
						if i%8 == 7 {
							return refused
						}
						return nil
					})
					if err != nil && !errors.Is(err, refused) {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		ids, _ := bodies(t, d)
		if len(ids) != writers*each*7/8 || ids[len(ids)-1] != int64(len(ids)) {
			t.Errorf("%d rows, the last number is %d", len(ids), ids[len(ids)-1])
		}
	})
}

func TestACallerWhoLeavesLeavesNothingBehind(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		for i := range 50 {
			ctx, leave := context.WithCancel(context.Background())
			err := d.Tx(ctx, func(tx *db.Tx) error {
				tx.Last(place, number, fmt.Sprint("after ", i))
				_, err := tx.Exec(ctx, number, fmt.Sprint("before ", i))
				leave()
				return errors.Join(err, ctx.Err())
			})
			if !errors.Is(err, context.Canceled) {
				t.Fatalf("%v", err)
			}
		}
		if ids, _ := bodies(t, d); len(ids) != 0 {
			t.Errorf("%d rows are there", len(ids))
		}
	})
}
