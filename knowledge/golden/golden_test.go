package golden_test

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"huiyin/db"
	"huiyin/db/pgtest"
	"huiyin/knowledge"
	"huiyin/knowledge/golden"
)

// bench is a database with two articles.
type bench struct {
	*db.DB
	t       *testing.T
	article [2]int64
}

// onBoth runs a test on both databases.
func onBoth(t *testing.T, test func(b *bench)) {
	t.Helper()
	for name, url := range map[string]string{"sqlite": filepath.Join(t.TempDir(), "g.db"), "postgres": pgtest.URL(t)} {
		t.Run(name, func(t *testing.T) {
			d, err := db.Open(context.Background(), url, db.Options{})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = d.Close() })
			b := &bench{DB: d, t: t}
			b.must(d.Migrate(context.Background(), knowledge.Migrations(), golden.Migrations()))
			b.tx(func(ctx context.Context, tx *db.Tx) error {
				for i := range b.article {
					a, err := knowledge.Create(ctx, tx, knowledge.Author{Name: "e"}, knowledge.NewArticle{Content: knowledge.Content{
						Question: map[string]string{"zh": "怎么开发票"}, Answer: map[string]string{"zh": "在 App 里开。"}}})
					if err != nil {
						return err
					}
					b.article[i] = a.ID
				}
				return nil
			})
			test(b)
		})
	}
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) tx(change func(ctx context.Context, tx *db.Tx) error) {
	b.t.Helper()
	b.must(b.Tx(context.Background(), func(tx *db.Tx) error { return change(context.Background(), tx) }))
}

func (b *bench) add(q golden.Question) (golden.Question, error) {
	var added golden.Question
	err := b.Tx(context.Background(), func(tx *db.Tx) (err error) { added, err = golden.Add(context.Background(), tx, q); return err })
	return added, err
}

func asks(text string, article int64) golden.Question {
	return golden.Question{Asked: golden.Asked{Question: text}, Wanted: golden.Wanted{Expect: golden.ExpectArticle, Article: article}}
}

func TestQuestions(t *testing.T) {
	onBoth(t, func(b *bench) {
		ctx := context.Background()
		q := asks("  发票怎么开？", b.article[0])
		q.Channel, q.Tier, q.Language, q.At = "sms", "gold", "zh", time.UnixMilli(1800000000000).UTC()
		q.Source, q.Author, q.Note = golden.Source{ConversationID: 7, Seq: 3}, knowledge.Author{ID: 2, Name: "林"}, "重要"
		one, err := b.add(q)
		b.must(err)
		if one.Question != "发票怎么开？" || one.Channel != "sms" || !one.At.Equal(q.At) || one.Source.Seq != 3 || one.Author.Name != "林" || one.Outcome != golden.NotRun || one.CreatedAt.IsZero() {
			b.t.Errorf("%+v", one)
		}
		again := q
		again.Article = b.article[1]
		if two, err := b.add(again); err != nil || two.ID != one.ID || two.Article != b.article[1] || two.Note != "重要" {
			b.t.Errorf("the same question is there twice: %+v %v", two, err)
		}
		other, err := b.add(golden.Question{Asked: golden.Asked{Question: "100% off_er!"}, Wanted: golden.Wanted{Expect: golden.ExpectNone, Article: 9}})
		b.must(err)
		if other.Article != 0 {
			b.t.Error("an article is expected where none is")
		}
		for text, want := range map[string]int{"": 2, "发票": 1, "OFF_ER": 1, "%": 1, "offXer": 0} {
			if list, err := golden.List(ctx, b.DB, golden.Filter{Text: text}); err != nil || len(list) != want {
				b.t.Errorf("%q: %d found, %v", text, len(list), err)
			}
		}
		if list, err := golden.List(ctx, b.DB, golden.Filter{Article: b.article[1], Outcome: "new", Limit: 5, Below: other.ID}); err != nil || len(list) != 1 {
			b.t.Errorf("%+v %v", list, err)
		}
		if list, err := golden.Of(ctx, b.DB, 7); err != nil || len(list) != 1 {
			b.t.Errorf("%+v %v", list, err)
		}
		b.edits(other)
	})
}

// edits saves, deletes and brings back.
func (b *bench) edits(q golden.Question) {
	b.t.Helper()
	ctx := context.Background()
	q.Question, q.Expect = "改了", golden.ExpectHandoff
	b.tx(func(ctx context.Context, tx *db.Tx) error {
		saved, err := golden.Save(ctx, tx, q)
		if err == nil && (saved.Question != "改了" || saved.Version != q.Version+1) {
			b.t.Errorf("%+v", saved)
		}
		return err
	})
	err := b.Tx(ctx, func(tx *db.Tx) error { _, err := golden.Save(ctx, tx, q); return err })
	if !errors.Is(err, knowledge.ErrConflict) {
		b.t.Errorf("saved over another's change: %v", err)
	}
	b.tx(func(ctx context.Context, tx *db.Tx) error { return golden.Delete(ctx, tx, q.ID) })
	if _, err := golden.Get(ctx, b.DB, q.ID); !errors.Is(err, knowledge.ErrNotFound) {
		b.t.Error("a deleted question is there", err)
	}
	b.tx(func(ctx context.Context, tx *db.Tx) error { return golden.Undelete(ctx, tx, q.ID) })
	if _, err := golden.Get(ctx, b.DB, q.ID); err != nil {
		b.t.Error(err)
	}
	if err := b.Tx(ctx, func(tx *db.Tx) error { return golden.Delete(ctx, tx, 999) }); !errors.Is(err, knowledge.ErrNotFound) {
		b.t.Error(err)
	}
}

func TestRefused(t *testing.T) {
	onBoth(t, func(b *bench) {
		for field, q := range map[string]golden.Question{
			"question":   asks(" ", b.article[0]),
			"article_id": asks("a", 0),
			"expect":     {Asked: golden.Asked{Question: "a"}, Wanted: golden.Wanted{Expect: "maybe"}},
			"language":   {Asked: golden.Asked{Question: "a", Language: "fr"}, Wanted: golden.Wanted{Expect: golden.ExpectNone}},
			"tier":       {Asked: golden.Asked{Question: "a", Tier: strings.Repeat("x", 41)}, Wanted: golden.Wanted{Expect: golden.ExpectNone}},
			"note":       {Asked: golden.Asked{Question: "a"}, Note: strings.Repeat("x", 1001), Wanted: golden.Wanted{Expect: golden.ExpectNone}},
		} {
			var invalid *knowledge.Invalid
			if _, err := b.add(q); !errors.As(err, &invalid) || invalid.Field != field {
				b.t.Errorf("%s: %v", field, err)
			}
		}
		if _, err := b.add(asks("a", 999)); err == nil {
			b.t.Error("an article that is not there is expected")
		}
		if _, err := b.add(asks(strings.Repeat("字", golden.MaxQuestion+1), b.article[0])); err == nil {
			b.t.Error("a question may be as long as a book")
		}
	})
}

func TestRuns(t *testing.T) {
	onBoth(t, func(b *bench) {
		ctx := context.Background()
		for _, text := range []string{"a", "b", "c"} {
			_, err := b.add(asks(text, b.article[0]))
			b.must(err)
		}
		settle := func(acts ...string) (broke int) {
			list, err := golden.List(ctx, b.DB, golden.Filter{})
			b.must(err)
			var decided []golden.Decided
			for _, act := range acts {
				decided = append(decided, golden.Decided{Act: act, Article: b.article[0], Title: "发票", Offers: []golden.Candidate{{Article: b.article[0]}}})
			}
			b.tx(func(ctx context.Context, tx *db.Tx) error {
				r, gone, err := golden.Settle(ctx, tx, list, decided)
				broke = len(gone)
				if err == nil {
					err = golden.Keep(ctx, tx, r, broke > 0, "林")
				}
				return err
			})
			return broke
		}
		if n := settle("answer", "clarify", "ask"); n != 0 {
			b.t.Errorf("%d broke that never passed", n)
		}
		if n := settle("handoff", "answer", "ask"); n != 1 {
			b.t.Errorf("%d broke", n)
		}
		list, err := golden.List(ctx, b.DB, golden.Filter{Outcome: "failed"})
		b.must(err)
		if len(list) != 2 || list[0].BrokeAt.IsZero() || list[0].Outcome != golden.Unanswered || list[0].Decided.Title != "发票" || !list[1].BrokeAt.IsZero() {
			b.t.Errorf("%+v", list)
		}
		counts, err := golden.Count(ctx, b.DB)
		b.must(err)
		if counts != (golden.Counts{Total: 3, Right: 1, Unanswered: 2}) {
			b.t.Errorf("%+v", counts)
		}
		runs, err := golden.Runs(ctx, b.DB, 1)
		b.must(err)
		if len(runs) != 1 || runs[0].Right != 1 || runs[0].Unanswered != 2 || runs[0].Broke != 1 || !runs[0].Nightly {
			b.t.Errorf("%+v", runs)
		}
	})
}

func TestNight(t *testing.T) {
	onBoth(t, func(b *bench) {
		ctx, zone := context.Background(), time.FixedZone("CST", 8*3600)
		night, err := golden.ReadNight(ctx, b.DB)
		b.must(err)
		if !night.On || night.Minute != 180 {
			b.t.Errorf("%+v", night)
		}
		dusk := func() {
			b.tx(func(ctx context.Context, tx *db.Tx) error { return golden.Dusk(ctx, tx, "n", zone) })
		}
		dusk()
		_, err = b.add(asks("a", b.article[0]))
		b.must(err)
		night, err = golden.ReadNight(ctx, b.DB)
		b.must(err)
		if local := night.Next.In(zone); local.Hour() != 3 || !night.Next.After(b.Now()) || night.Next.Sub(b.Now()) > 24*time.Hour {
			b.t.Errorf("next at %v", local)
		}
		if due, err := golden.IsDue(ctx, b.DB, b.Now()); due || err != nil {
			b.t.Error("a job is due", err)
		}
		b.tx(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, "UPDATE golden_night SET due_at = 5")
			return err
		})
		dusk()
		dusk()
		b.tx(func(ctx context.Context, tx *db.Tx) error {
			leases, err := golden.Queue().Claim(ctx, tx, "w", time.Minute, 9)
			if len(leases) != 1 {
				b.t.Errorf("%d runs of one night", len(leases))
			}
			return err
		})
		night.Minute, night.On = 23*60+30, false
		b.tx(func(ctx context.Context, tx *db.Tx) error {
			off, err := golden.SaveNight(ctx, tx, night, zone)
			if off.On || !off.Next.IsZero() {
				b.t.Errorf("%+v", off)
			}
			return err
		})
		for _, bad := range []golden.Night{night, {Minute: 1440, Version: night.Version + 1}} {
			if err := b.Tx(ctx, func(tx *db.Tx) error { _, err := golden.SaveNight(ctx, tx, bad, zone); return err }); err == nil {
				b.t.Errorf("saved: %+v", bad)
			}
		}
	})
}

func TestJobs(t *testing.T) {
	onBoth(t, func(b *bench) {
		ctx, who := context.Background(), knowledge.Author{ID: 4, Name: "林"}
		start := func(subject string) (j golden.Job) {
			b.tx(func(ctx context.Context, tx *db.Tx) (err error) {
				j, err = golden.Start(ctx, tx, golden.Job{Kind: golden.JobReplay, Subject: subject, Author: who}, golden.Change{Publish: 3})
				return err
			})
			return j
		}
		claim := func() (l db.Lease) {
			b.tx(func(ctx context.Context, tx *db.Tx) error {
				leases, err := golden.Queue().Claim(ctx, tx, "w", time.Minute, 1)
				if err == nil && len(leases) == 1 {
					l = leases[0]
				}
				return err
			})
			return l
		}
		first, second := start("article:3"), start("article:3")
		if first.State != golden.Waiting || first.Asked != `{"publish":3}` || first.Author != who {
			b.t.Errorf("%+v", first)
		}
		if due, err := golden.IsDue(ctx, b.DB, b.Now().Add(time.Second)); !due || err != nil {
			b.t.Error("no job is due", err)
		}
		for _, want := range []struct {
			id      int64
			stopped bool
		}{{first.ID, true}, {second.ID, false}} {
			l := claim()
			b.tx(func(ctx context.Context, tx *db.Tx) error {
				stopped, err := golden.Tell(ctx, tx, l, "asking", 3, 9, tx.Now.Add(time.Minute))
				if l.ID != want.id || stopped != want.stopped {
					b.t.Errorf("job %d stopped %v, want %+v", l.ID, stopped, want)
				}
				return err
			})
			state := golden.Done
			if want.stopped {
				state = golden.Cancelled
			}
			b.tx(func(ctx context.Context, tx *db.Tx) error {
				return golden.End(ctx, tx, l, golden.Ended{State: state, Red: true, Result: &golden.Foresight{Golden: 1}})
			})
			if err := b.Tx(ctx, func(tx *db.Tx) error { return golden.End(ctx, tx, l, golden.Ended{State: golden.Failed}) }); !errors.Is(err, db.ErrLeaseLost) {
				b.t.Errorf("ended twice: %v", err)
			}
		}
		last, err := golden.LastReplay(ctx, b.DB, "article:3")
		b.must(err)
		var f golden.Foresight
		b.must(json.Unmarshal([]byte(last.Result), &f))
		if last.ID != second.ID || !last.Red || last.Done != 9 || f.Golden != 1 || last.FinishedAt.IsZero() {
			b.t.Errorf("%+v", last)
		}
		if _, err := golden.LastReplay(ctx, b.DB, "article:4"); !errors.Is(err, knowledge.ErrNotFound) {
			b.t.Error(err)
		}
		third := start("")
		b.tx(func(ctx context.Context, tx *db.Tx) error { return golden.Stop(ctx, tx, third.ID) })
		b.tx(func(ctx context.Context, tx *db.Tx) error {
			if _, err := tx.Exec(ctx, "UPDATE golden_jobs SET finished_at = 5 WHERE id = ?", first.ID); err != nil {
				return err
			}
			return golden.Prune(ctx, tx)
		})
		if _, err := golden.GetJob(ctx, b.DB, first.ID); !errors.Is(err, knowledge.ErrNotFound) {
			b.t.Error("an old job is kept", err)
		}
	})
}
