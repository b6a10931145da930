package mirror

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"huiyin/db"
)

func TestWhatIsSaidIsShownOnceAndInOrder(t *testing.T) {
	onBoth(t, func(r *room) {
		m := r.node()
		one, two := r.says("ann", "a1"), r.says("bob", "b1")
		r.turn(m)
		r.wantShown() // what was said before the wall came to want a conversation is the desk's own matter
		for _, text := range []string{"2", "3"} {
			r.says("ann", "a"+text)
			r.says("bob", "b"+text)
			r.turn(m)
			r.turn(m) // nothing is left
		}
		want := map[string]int{}
		for i, line := range r.wall.shown() {
			want[line] = i
		}
		for _, id := range []int64{one, two} {
			name := map[int64]string{one: "a", two: "b"}[id]
			if second, third := want[fmt.Sprintf("#%d %s2", id, name)], want[fmt.Sprintf("#%d %s3", id, name)]; second >= third {
				t.Fatal("out of order:", r.wall.shown())
			}
		}
		if len(want) != 4 || len(r.wall.shown()) != 4 {
			t.Fatal("not each once:", r.wall.shown())
		}
		if n, problem := r.waiting(); n != 0 || problem != "" {
			t.Fatal("still waiting:", n, problem)
		}
	})
}

func TestWhenAPlaceThatWaitsIsShownAgain(t *testing.T) {
	failure := errors.New("the desk is down")
	for label, c := range map[string]struct {
		failure error
		words   bool          // something is said meanwhile
		early   time.Duration // nothing is tried until then
		due     time.Duration // and it is tried from then on
	}{
		"an error, and silence":              {failure: failure, early: 900 * time.Millisecond, due: time.Second},
		"a refusal, and silence":             {failure: &Later{After: 15 * time.Second, Problem: "archived"}, early: 14 * time.Second, due: 15 * time.Second},
		"a refusal, and the customer writes": {failure: &Later{After: 15 * time.Second, Problem: "archived"}, words: true, early: 4 * time.Second, due: afterFailure},
		"a pause with its reason":            {failure: &Later{After: time.Minute, Problem: "status 503", Asked: true}, words: true, early: 59 * time.Second, due: time.Minute},
		"the desk asks for a pause":          {failure: &Later{After: time.Minute}, words: true, early: 59 * time.Second, due: time.Minute},
		"nothing to show yet, and silence":   {failure: &Later{After: time.Minute, Idle: true}, early: 59 * time.Second, due: time.Minute},
		"nothing to show yet, and words":     {failure: &Later{After: time.Minute, Idle: true}, words: true},
	} {
		t.Run(label, func(t *testing.T) {
			onBoth(t, func(r *room) {
				m := r.node()
				r.says("ann", "a1")
				r.turn(m)
				r.says("ann", "a2")
				r.wall.then(r.wall.fails(c.failure))
				r.turn(m)
				if c.words {
					r.says("ann", "a3")
				}
				if before := r.wall.times(); c.early > 0 {
					r.clock.pass(c.early)
					if r.turn(m); r.wall.times() != before {
						t.Fatal("it was tried within", c.early)
					}
				}
				r.clock.pass(c.due - c.early)
				if r.turn(m); len(r.wall.shown()) == 0 {
					t.Fatal("it was not tried after", c.due)
				}
			})
		})
	}
}

// What is said while a place is being shown is not slept through by the pause that showing ends with.
func TestWhatIsSaidWhileAPlaceIsBeingShown(t *testing.T) {
	for label, c := range map[string]struct {
		after error
		due   time.Duration
	}{
		"it succeeds":           {},
		"nothing to show yet":   {after: &Later{After: time.Hour, Idle: true}},
		"the desk is refusing":  {after: &Later{After: time.Hour, Problem: "no"}, due: afterFailure},
		"the desk asks to wait": {after: &Later{After: time.Minute}, due: time.Minute},
	} {
		t.Run(label, func(t *testing.T) {
			onBoth(t, func(r *room) {
				m := r.node()
				id := r.says("ann", "a1")
				r.turn(m)
				r.says("ann", "a2")
				r.wall.then(func(*Place) error {
					r.says("ann", "a3")
					if more, err := m.follow(r.ctx); more || err != nil {
						return errors.Join(err, errors.New("follow"))
					}
					return c.after
				})
				r.turn(m)
				r.clock.pass(c.due)
				r.turn(m)
				r.wantShown(fmt.Sprintf("#%d a2", id), fmt.Sprintf("#%d a3", id))
			})
		})
	}
}

func TestFailuresWaitLongerEachTimeAndSayWhy(t *testing.T) {
	onBoth(t, func(r *room) {
		m := r.node()
		r.says("ann", "a1")
		r.turn(m)
		r.says("ann", "a2")
		failure := errors.New("the desk is down")
		for n, wait := range []time.Duration{1, 2, 4, 8, 16, 32, 64, 120, 120} {
			r.wall.then(r.wall.fails(failure))
			before := r.wall.times()
			if r.turn(m); r.wall.times() != before+1 {
				t.Fatal("try", n+1, "did not come")
			}
			if waiting, problem := r.waiting(); waiting != 1 || problem != failure.Error() {
				t.Fatal("waiting:", waiting, problem)
			}
			r.clock.pass(wait*time.Second - time.Millisecond)
			if r.turn(m); r.wall.times() != before+1 {
				t.Fatal("try", n+2, "came too soon")
			}
			r.clock.pass(time.Millisecond)
		}
		r.turn(m)
		r.wantShown("#1 a2")
		if waiting, problem := r.waiting(); waiting != 0 || problem != "" {
			t.Fatal("waiting:", waiting, problem)
		}
	})
}

func TestANodeThatDiesOrIsTooSlow(t *testing.T) {
	onBoth(t, func(r *room) {
		m := r.node()
		id := r.says("ann", "a1")
		r.turn(m)
		r.says("ann", "a2")
		var slow *Place
		r.wall.then(func(p *Place) error {
			slow = p
			r.clock.pass(lease + time.Second)
			other := r.node()
			r.turn(other)
			return p.Save(r.ctx)
		})
		r.turn(m)
		r.wantShown(fmt.Sprintf("#%d a2", id))
		if err := m.extend(r.ctx, slow.lease); !errors.Is(err, db.ErrLeaseLost) {
			t.Fatal("who was too slow may keep it:", err)
		}
		if err := slow.Save(r.ctx); !errors.Is(err, db.ErrLeaseLost) {
			t.Fatal("who was too slow may still write:", err)
		}
		if n := len(r.wall.unsure); !r.wall.unsure[n-1] {
			t.Fatal("who takes over is not told that the step may have been taken")
		}
		r.says("ann", "a3")
		r.turn(m)
		if n := len(r.wall.unsure); r.wall.unsure[n-1] {
			t.Fatal("the next is unsure as well")
		}
	})
}

func TestAStepThatTakesLongKeepsItsPlace(t *testing.T) {
	onBoth(t, func(r *room) {
		m := r.node()
		id := r.says("ann", "a1")
		r.turn(m)
		r.says("ann", "a2")
		r.wall.then(func(p *Place) error {
			for range 4 { // as hold does it every ten seconds
				r.clock.pass(lease - time.Second)
				if err := m.extend(r.ctx, p.lease); err != nil {
					return err
				}
				r.turn(r.node())
			}
			return nil
		})
		r.turn(m)
		r.wantShown(fmt.Sprintf("#%d a2", id))
		if r.wall.times() != 2 {
			t.Fatal("it was shown by another meanwhile:", r.wall.times())
		}
	})
}

func TestManyNodesShowEachPlaceOneAtATime(t *testing.T) {
	onBoth(t, func(r *room) {
		var want []string
		for i := range 20 {
			want = append(want, fmt.Sprintf("#%d x2", r.says(fmt.Sprint("c", i), "x1")))
		}
		first := r.node()
		r.turn(first)
		r.turn(first)
		for i := range 20 {
			r.says(fmt.Sprint("c", i), "x2")
		}
		var nodes sync.WaitGroup
		for range 4 {
			nodes.Go(func() {
				m := r.node()
				m.prepare()
				var underWay sync.WaitGroup
				for range 8 {
					if err := m.turn(r.ctx, &underWay, make(chan struct{}, atOnce)); err != nil {
						t.Error(err)
					}
					underWay.Wait()
				}
			})
		}
		nodes.Wait()
		seen := map[string]int{}
		for _, line := range r.wall.shown() {
			seen[line]++
		}
		for _, line := range want {
			if seen[line] != 1 {
				t.Fatalf("%q is shown %d times: %q", line, seen[line], r.wall.shown())
			}
		}
	})
}

func TestADeskThatWasAwayForLongerThanEventsAreKept(t *testing.T) {
	onBoth(t, func(r *room) {
		m := r.node()
		known := r.says("ann", "a1")
		r.turn(m)
		r.says("ann", "a2")
		fresh := r.says("bob", "b1")
		r.tx(func(tx *db.Tx) error {
			_, err := tx.Exec(r.ctx, "DELETE FROM events WHERE n < (SELECT MAX(n) FROM events)")
			return err
		})
		r.turn(m)
		r.wantShown(fmt.Sprintf("#%d a2", known))
		if at, err := At(r.ctx, r.store.DB, "wall", fmt.Sprint("at ", known)); err != nil || at != known {
			t.Fatal("at that place:", at, err)
		}
		r.says("bob", "b2")
		r.turn(m)
		r.wantShown(fmt.Sprintf("#%d a2", known), fmt.Sprintf("#%d b2", fresh))
	})
}

func TestRunShowsWhatHappensAndEnds(t *testing.T) {
	onBoth(t, func(r *room) {
		ctx, end := context.WithCancel(r.ctx)
		done := make(chan struct{})
		go func() { defer close(done); r.node().Run(ctx) }()
		id := r.says("ann", "a1")
		r.until("a place", func() bool {
			var n int
			return r.store.DB.QueryRow(r.ctx, "SELECT COUNT(*) FROM mirrors WHERE conversation_id = ?", id).Scan(&n) == nil && n == 1
		})
		r.says("ann", "a2")
		r.until("the word", func() bool { return len(r.wall.shown()) == 1 })
		end()
		<-done
	})
}

func (r *room) until(what string, is func() bool) {
	r.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if is() {
			return
		}
	}
	r.Fatalf("%s did not come about; the wall shows %q", what, r.wall.shown())
}

var _ Board = (*wall)(nil)
