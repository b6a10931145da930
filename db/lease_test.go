package db_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"huiyin/db"
)

func TestALeaseThatIsExtendedStays(t *testing.T) {
	eachDatabase(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		addJob(t, d)
		addJob(t, d)
		q := db.Queue{Table: "jobs"}
		claim := func(where string, lease time.Duration) (leases []db.Lease) {
			t.Helper()
			q.Where = where
			err := d.Tx(ctx, func(tx *db.Tx) (err error) {
				leases, err = q.Claim(ctx, tx, time.Now().String(), lease, 10)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return leases
		}
		if got := claim("q.id NOT IN (1, 2)", time.Hour); len(got) != 0 {
			t.Fatalf("what is left out was taken: %+v", got)
		}
		mine := claim("", -time.Second)
		if len(mine) != 2 {
			t.Fatalf("%+v", mine)
		}
		extend := func(l db.Lease) error {
			return d.Tx(ctx, func(tx *db.Tx) error { return q.Extend(ctx, tx, l, tx.Now.Add(time.Hour)) })
		}
		if err := extend(mine[0]); err != nil {
			t.Fatal(err)
		}
		if got := claim("", time.Hour); len(got) != 1 || got[0].ID != mine[1].ID {
			t.Fatalf("%+v", got)
		}
		if err := extend(mine[1]); !errors.Is(err, db.ErrLeaseLost) {
			t.Fatalf("a lease that another has was extended: %v", err)
		}
	})
}

func TestBacklogIsWhatNobodyHasInHand(t *testing.T) {
	eachDatabase(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		q := db.Queue{Table: "jobs"}
		backlog := func(later time.Duration) (int64, time.Duration) {
			t.Helper()
			n, oldest, err := q.Backlog(ctx, d, d.Now().Add(later))
			if err != nil {
				t.Fatal(err)
			}
			return n, oldest
		}
		if n, oldest := backlog(0); n != 0 || oldest != 0 {
			t.Errorf("empty: %d, %v", n, oldest)
		}
		addJob(t, d)
		addJob(t, d)
		if n, oldest := backlog(time.Hour); n != 2 || oldest < time.Hour {
			t.Errorf("due: %d, %v", n, oldest)
		}
		err := d.Tx(ctx, func(tx *db.Tx) error {
			_, err := q.Claim(ctx, tx, "mine", 2*time.Hour, 1)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if n, _ := backlog(time.Minute); n != 1 {
			t.Errorf("one in hand: %d", n)
		}
		if n, _ := backlog(3 * time.Hour); n != 2 {
			t.Errorf("its lease has ended: %d", n)
		}
	})
}

// Whether anything is due is what a worker asks at every message: what others have in hand, what is left out and what is due
// later does not count.
func TestDueIsWhatAWorkerCouldClaim(t *testing.T) {
	eachDatabase(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		q := db.Queue{Table: "jobs"}
		due := func(want bool, where string, later time.Duration) {
			t.Helper()
			asked := q
			asked.Where = where
			if got, err := asked.Due(ctx, d, d.Now().Add(later)); err != nil || got != want {
				t.Errorf("due %v, %v", got, err)
			}
		}
		due(false, "", 0)
		addJob(t, d)
		due(true, "", 0)
		due(false, "q.id <> 1", 0)
		due(false, "", -time.Hour)
		if err := d.Tx(ctx, func(tx *db.Tx) error {
			_, err := q.Claim(ctx, tx, "mine", time.Minute, 1)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		due(false, "", 0)
		due(true, "", time.Hour)
	})
}
