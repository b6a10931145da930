package db_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"huiyin/db"
	"huiyin/db/pgtest"
)

// machine is a clock that can be set wrong.
type machine struct{ wrong atomic.Int64 }

func (m *machine) now() time.Time {
	return time.Now().Round(0).Add(time.Duration(m.wrong.Load()))
}

// Nodes whose machines' clocks are minutes apart live in one time, and a lease of one is no earlier over for another.
func TestNodesShareTheServersTime(t *testing.T) {
	url := pgtest.URL(t)
	var nodes []*db.DB
	for _, wrong := range []time.Duration{0, 5 * time.Minute, -5 * time.Minute} {
		m := &machine{}
		m.wrong.Store(int64(wrong))
		d, err := db.Open(t.Context(), url, db.Options{Now: m.now, ServerTime: true})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = d.Close() })
		if off := d.Skew() - wrong; off.Abs() > 30*time.Second {
			t.Errorf("a clock that is %v wrong was taken for %v", wrong, d.Skew())
		}
		if off := time.Since(d.Now()); off.Abs() > 30*time.Second {
			t.Errorf("with a clock that is %v wrong the time is %v off", wrong, off)
		}
		nodes = append(nodes, d)
	}
	jobs(t, nodes[0])
	addJob(t, nodes[0])
	q := db.Queue{Table: "jobs"}
	claim := func(d *db.DB) (leases []db.Lease) {
		t.Helper()
		err := d.Tx(t.Context(), func(tx *db.Tx) (err error) {
			leases, err = q.Claim(t.Context(), tx, "token", 2*time.Minute, 10)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return leases
	}
	for end := time.Now().Add(30 * time.Second); len(claim(nodes[2])) == 0; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the node that is behind does not see the job as due")
		}
	}
	for _, d := range nodes {
		if got := claim(d); len(got) != 0 {
			t.Errorf("a lease was over before its time: %+v", got)
		}
	}
}

// A clock that is set wrong while the node runs is found out.
func TestAClockThatIsSetWrong(t *testing.T) {
	m := &machine{}
	d, err := db.Open(t.Context(), pgtest.URL(t), db.Options{Now: m.now, ServerTime: true})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	m.wrong.Store(int64(5 * time.Minute))
	for end := time.Now().Add(time.Minute); time.Since(d.Now()).Abs() > 30*time.Second; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the time is still %v off", time.Since(d.Now()))
		}
	}
	if d.Skew() < 4*time.Minute {
		t.Errorf("the skew is %v", d.Skew())
	}
}

func TestTheMachinesTime(t *testing.T) {
	fixed := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	d, err := db.Open(context.Background(), pgtest.URL(t), db.Options{Now: func() time.Time { return fixed }})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if !d.Now().Equal(fixed) || d.Skew() != 0 {
		t.Errorf("%v, %v", d.Now(), d.Skew())
	}
}
