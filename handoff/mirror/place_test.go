package mirror

import (
	"fmt"
	"testing"
	"time"

	"huiyin/db"
)

func TestPlacesAndPostsAreFoundAgain(t *testing.T) {
	onBoth(t, func(r *room) {
		m := r.node()
		id := r.says("ann", "a1")
		r.turn(m)
		for i := 2; i <= 6; i++ {
			r.says("ann", fmt.Sprint("a", i))
		}
		r.turn(m)
		if ref, err := RefOf(r.ctx, r.store.DB, "wall", id); err != nil || ref != fmt.Sprint("at ", id) {
			t.Fatal("it stands at", ref, err)
		}
		if ref, err := RefOf(r.ctx, r.store.DB, "wall", 404); err != nil || ref != "" {
			t.Fatal("nobody stands at", ref, err)
		}
		if at, err := At(r.ctx, r.store.DB, "door", fmt.Sprint("at ", id)); err != nil || at != 0 {
			t.Fatal("another board knows", at, err)
		}
		var posts []Post
		r.says("ann", "a7")
		r.wall.then(func(p *Place) (err error) {
			posts, err = p.Posts(r.ctx, 3)
			return err
		})
		r.turn(m)
		if len(posts) != 3 || posts[0].Shown != "a4" || posts[2].Shown != "a6" || posts[2].Ref != fmt.Sprint("line ", posts[2].Seq) {
			t.Fatalf("the newest posts are %+v", posts)
		}
	})
}

func TestAfterMendingEverythingIsTriedAtOnce(t *testing.T) {
	for label, again := range map[string]func(r *room) error{
		"retry": func(r *room) error {
			return r.store.DB.Tx(r.ctx, func(tx *db.Tx) error { return Retry(r.ctx, tx, "wall") })
		},
		"anew": func(r *room) error {
			return r.store.DB.Tx(r.ctx, func(tx *db.Tx) error { return r.node().Anew(r.ctx, tx) })
		},
	} {
		t.Run(label, func(t *testing.T) {
			onBoth(t, func(r *room) {
				m := r.node()
				id := r.says("ann", "a1")
				r.turn(m)
				r.says("ann", "a2")
				r.wall.then(r.wall.fails(&Later{After: time.Hour, Problem: "no token"}))
				r.turn(m)
				if err := again(r); err != nil {
					t.Fatal(err)
				}
				r.turn(m)
				r.wantShown(fmt.Sprintf("#%d a2", id))
			})
		})
	}
}

func TestAnewTakesUpWhatTheDeskDidNotWantBefore(t *testing.T) {
	onBoth(t, func(r *room) {
		m := r.node()
		r.wall.closed = true
		id := r.says("ann", "a1")
		r.turn(m)
		r.wall.closed = false
		r.turn(m)
		r.tx(func(tx *db.Tx) error { return r.node().Anew(r.ctx, tx) })
		r.turn(m)
		r.says("ann", "a2")
		r.turn(m)
		r.wantShown(fmt.Sprintf("#%d a2", id))
	})
}

func TestForgettingBeginsAnew(t *testing.T) {
	onBoth(t, func(r *room) {
		m := r.node()
		id := r.says("ann", "a1")
		r.turn(m)
		r.says("ann", "a2")
		r.turn(m)
		r.tx(func(tx *db.Tx) error { return Forget(r.ctx, tx, "wall") })
		if ref, err := RefOf(r.ctx, r.store.DB, "wall", id); err != nil || ref != "" {
			t.Fatal("it still stands at", ref, err)
		}
		r.turn(m)
		r.says("ann", "a3")
		r.turn(m)
		r.wantShown(fmt.Sprintf("#%d a2", id), fmt.Sprintf("#%d a3", id))
	})
}

func TestWhoLeavesAPlaceIsFoundThereStill(t *testing.T) {
	onBoth(t, func(r *room) {
		m := r.node()
		id := r.says("ann", "a1")
		r.turn(m)
		r.says("ann", "a2")
		r.turn(m)
		was := fmt.Sprint("at ", id)
		r.says("ann", "a3")
		r.wall.then(func(p *Place) error {
			if err := p.Leave(r.ctx); err != nil {
				return err
			}
			if posts, err := p.Posts(r.ctx, 10); err != nil || len(posts) != 0 {
				return fmt.Errorf("posts %v are kept: %w", posts, err)
			}
			return &Later{After: time.Hour, Idle: true}
		})
		r.turn(m)
		if at, err := At(r.ctx, r.store.DB, "wall", was); err != nil || at != 0 {
			t.Fatal("it still stands there:", at, err)
		}
		for ref, want := range map[string]int64{was: id, "at 404": 0} {
			if got, err := Past(r.ctx, r.store.DB, "wall", ref); err != nil || got != want {
				t.Fatal(ref, "was of", got, err)
			}
		}
		r.says("ann", "a4")
		r.turn(m)
		r.wantShown(fmt.Sprintf("#%d a2", id), fmt.Sprintf("#%d a3", id), fmt.Sprintf("#%d a4", id))
	})
}
