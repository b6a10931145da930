package db_test

import (
	"context"
	"fmt"
	"testing"

	"huiyin/db"
)

// Rows that are written many at a time are the rows that were given, numbers of any size and texts of any letters.
func TestManyRowsAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		if err := d.Tx(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, "CREATE TABLE many (a BIGINT, b BIGINT, c TEXT)")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		text := func(i int) string { return fmt.Sprintf("%d ? %%s 'quoted' 回音", i) }
		for _, n := range []int{0, 1, 499, 500, 501, 1234} {
			list := make([]int, n)
			for i := range list {
				list[i] = i
			}
			err := d.Tx(ctx, func(tx *db.Tx) error {
				if _, err := tx.Exec(ctx, "DELETE FROM many"); err != nil {
					return err
				}
				return db.Many(ctx, tx, "INSERT INTO many (a, b, c) VALUES %s", list, func(v *db.Values, i int) { v.Add(i, int64(i)<<40-7, text(i)) })
			})
			if err != nil {
				t.Fatal(err)
			}
			rows, err := d.Query(ctx, "SELECT a, b, c FROM many ORDER BY a")
			if err != nil {
				t.Fatal(err)
			}
			found := 0
			for ; rows.Next(); found++ {
				var a, b int64
				var c string
				if err := rows.Scan(&a, &b, &c); err != nil || a != int64(found) || b != a<<40-7 || c != text(found) {
					t.Fatalf("row %d: %d %d %q %v", found, a, b, c, err)
				}
			}
			if err := rows.Err(); err != nil || found != n {
				t.Errorf("%d rows of %d, %v", found, n, err)
			}
		}
		if v := new(db.Values); !v.Empty() {
			t.Error("no row is some")
		}
	})
}
