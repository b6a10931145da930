package knowledge_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"huiyin/db"
	"huiyin/db/pgtest"
	"huiyin/knowledge"
)

// calendar is a clock that is moved by hand.
type calendar struct {
	mu sync.Mutex
	at time.Time
}

func (c *calendar) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.at }

func (c *calendar) move(by time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.at = c.at.Add(by) }

func TestTimers(t *testing.T) {
	for name, check := range map[string]func(*testing.T, *db.DB, *calendar){
		"published and expired on time": onTime, "once on many nodes": onceOnMany, "the revision that was chosen": chosenRevision,
		"not approved any more": unapprovedTimer, "reminders": reminders, "what is refused": planRefused, "plans that are off": plansOff,
	} {
		for db, url := range map[string]func(*testing.T) string{
			"sqlite": func(t *testing.T) string { return filepath.Join(t.TempDir(), "t.db") }, "postgres": func(t *testing.T) string { return pgtest.URL(t) }} {
			t.Run(name+" "+db, func(t *testing.T) {
				c := &calendar{at: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
				check(t, openOn(t, url(t), c), c)
			})
		}
	}
}

func openOn(t *testing.T, url string, c *calendar) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), url, db.Options{Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if err := d.Migrate(context.Background(), knowledge.Migrations()); err != nil {
		t.Fatal(err)
	}
	return d
}

// runDue lets everything happen that is due, and tells what did.
func runDue(t *testing.T, d *db.DB) (list []knowledge.Happened) {
	t.Helper()
	_, err := knowledge.RunDue(context.Background(), d, func(_ context.Context, tx *db.Tx, h knowledge.Happened) error {
		tx.OnCommit(func() { list = append(list, h) })
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func planning(p knowledge.Plan) doing {
	return func(ctx context.Context, tx *db.Tx, a knowledge.Article) (knowledge.Article, error) {
		return knowledge.Schedule(ctx, tx, editor, a.ID, a.Version, p)
	}
}

func onTime(t *testing.T, d *db.DB, c *calendar) {
	a := create(t, d, "", content("问", "答"))
	must(t, d, a.ID, planning(knowledge.Plan{Publish: c.now().Add(time.Hour), Expire: c.now().Add(2 * time.Hour), Reason: "活动"}))
	for _, step := range []struct {
		name string
		on   time.Duration
		want knowledge.Status
		kind knowledge.TimerKind
	}{
		{"too early", 59 * time.Minute, knowledge.Draft, ""}, {"published", 2 * time.Minute, knowledge.Published, knowledge.PublishTimer},
		{"once", time.Minute, knowledge.Published, ""}, {"expired", time.Hour, knowledge.Archived, knowledge.ExpireTimer}, {"that too once", time.Hour, knowledge.Archived, ""},
	} {
		c.move(step.on)
		happened := runDue(t, d)
		a, err := knowledge.Get(context.Background(), d, a.ID)
		if err != nil || a.Status != step.want {
			t.Fatalf("%s: %+v, %v", step.name, a, err)
		}
		if step.kind == "" && len(happened) != 0 || step.kind != "" && (len(happened) != 1 || happened[0].Kind != step.kind || happened[0].By != editor || happened[0].Reason != "活动") {
			t.Fatalf("%s: %+v", step.name, happened)
		}
	}
}

func onceOnMany(t *testing.T, d *db.DB, c *calendar) {
	const articles = 12
	for range articles {
		must(t, d, create(t, d, "", content("问", "答")).ID, planning(knowledge.Plan{Publish: c.now().Add(time.Hour)}))
	}
	c.move(26 * time.Hour) // nobody was there at the time
	var mu sync.Mutex
	seen := map[int64]int{}
	var working sync.WaitGroup
	errs := make([]error, 4)
	for node := range errs {
		working.Go(func() {
			_, errs[node] = knowledge.RunDue(context.Background(), d, func(_ context.Context, tx *db.Tx, h knowledge.Happened) error {
				tx.OnCommit(func() { mu.Lock(); defer mu.Unlock(); seen[h.Article.ID]++ })
				return nil
			})
		})
	}
	working.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	runDue(t, d) // whoever found a row locked looks again
	for id, n := range seen {
		if n != 1 {
			t.Errorf("article %d: %d times", id, n)
		}
	}
	if len(seen) != articles {
		t.Errorf("%d of %d were published", len(seen), articles)
	}
}

func chosenRevision(t *testing.T, d *db.DB, c *calendar) {
	a := create(t, d, "", content("问", "第一版"))
	chosen := must(t, d, a.ID, planning(knowledge.Plan{Publish: c.now().Add(time.Hour)})).DraftRevision
	must(t, d, a.ID, writing(content("问", "第二版")))
	c.move(2 * time.Hour)
	happened := runDue(t, d)
	if len(happened) != 1 || happened[0].Article.PublishedRevision != chosen || !happened[0].Article.Unpublished() {
		t.Fatalf("%+v", happened)
	}
}

func unapprovedTimer(t *testing.T, d *db.DB, c *calendar) {
	ctx := context.Background()
	a := create(t, d, "", content("问", "答"))
	must(t, d, a.ID, planning(knowledge.Plan{Publish: c.now().Add(time.Hour)}))
	eyes(t, d, true)
	c.move(2 * time.Hour)
	if happened := runDue(t, d); len(happened) != 1 || happened[0].Trouble == "" || happened[0].Article.Status != knowledge.Draft {
		t.Fatalf("%+v", happened)
	}
	if again := runDue(t, d); len(again) != 0 {
		t.Fatalf("tried again: %+v", again)
	}
	timers, err := knowledge.TimersOf(ctx, d, a.ID)
	if err != nil || len(timers) != 1 || timers[0].Trouble == "" {
		t.Fatalf("%+v, %v", timers, err)
	}
	must(t, d, a.ID, approving(reviewer))
	must(t, d, a.ID, publishing)
	if timers, _ = knowledge.TimersOf(ctx, d, a.ID); len(timers) != 0 {
		t.Fatalf("the trouble is past: %+v", timers)
	}
}

func caring(care knowledge.Care) doing {
	return func(ctx context.Context, tx *db.Tx, a knowledge.Article) (knowledge.Article, error) {
		return knowledge.SetCare(ctx, tx, editor, a.ID, care)
	}
}

func reminders(t *testing.T, d *db.DB, c *calendar) {
	ctx := context.Background()
	a := create(t, d, "", content("问", "答"))
	must(t, d, a.ID, caring(knowledge.Care{Owner: 9, ReviewBy: c.now().Add(24 * time.Hour)}))
	c.move(25 * time.Hour)
	if happened := runDue(t, d); len(happened) != 1 || happened[0].Kind != knowledge.RemindTimer || happened[0].Article.Owner != 9 {
		t.Fatalf("%+v", happened)
	}
	due := knowledge.Filter{DueBy: c.now()}
	if page, err := knowledge.List(ctx, d, due); err != nil || len(page.Articles) != 1 {
		t.Fatalf("due: %+v, %v", page, err)
	}
	if mine, err := knowledge.List(ctx, d, knowledge.Filter{Owner: 9}); err != nil || len(mine.Articles) != 1 {
		t.Fatalf("of its owner: %+v, %v", mine, err)
	}
	must(t, d, a.ID, caring(knowledge.Care{Owner: 9, ReviewBy: c.now().Add(time.Hour)}))
	if page, err := knowledge.List(ctx, d, due); err != nil || len(page.Articles) != 0 {
		t.Fatalf("looked at: %+v, %v", page, err)
	}
	write(t, d, func(tx *db.Tx) error {
		_, err := knowledge.SaveRules(ctx, tx, knowledge.Rules{ReviewDays: 10})
		return err
	})
	c.move(2 * time.Hour)
	runDue(t, d)
	if a = must(t, d, a.ID, publishing); !a.ReviewBy.Equal(c.now().AddDate(0, 0, 10)) {
		t.Fatalf("the rule's date: %v", a.ReviewBy)
	}
}

func planRefused(t *testing.T, d *db.DB, c *calendar) {
	draft, live := create(t, d, "", content("问", "答")), publish(t, d, create(t, d, "", content("问二", "答二")))
	bare := create(t, d, "", knowledge.Content{Question: map[string]string{"zh": "没有答案"}})
	soon, later := c.now().Add(time.Hour), c.now().Add(2*time.Hour)
	for name, row := range map[string]struct {
		id    int64
		do    doing
		field string
	}{
		"in the past":                 {draft.ID, planning(knowledge.Plan{Publish: c.now().Add(-time.Second)}), "publish_at"},
		"beyond all plans":            {draft.ID, planning(knowledge.Plan{Publish: c.now().AddDate(11, 0, 0)}), "publish_at"},
		"without an answer":           {bare.ID, planning(knowledge.Plan{Publish: soon}), "answer"},
		"what is live already":        {live.ID, planning(knowledge.Plan{Publish: soon}), "publish_at"},
		"over before it began":        {draft.ID, planning(knowledge.Plan{Publish: later, Expire: soon}), "expires_at"},
		"the end of what never began": {draft.ID, planning(knowledge.Plan{Expire: soon}), "expires_at"},
		"a look in the past":          {draft.ID, caring(knowledge.Care{ReviewBy: c.now().Add(-time.Minute)}), "review_by"},
	} {
		var invalid *knowledge.Invalid
		if _, err := does(d, row.id, row.do); !errors.As(err, &invalid) || invalid.Field != row.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	eyes(t, d, true)
	if _, err := does(d, draft.ID, planning(knowledge.Plan{Publish: soon})); !errors.Is(err, knowledge.ErrNotApproved) {
		t.Errorf("scheduled without approval: %v", err)
	}
	must(t, d, live.ID, planning(knowledge.Plan{Expire: soon}))
}

func plansOff(t *testing.T, d *db.DB, c *calendar) {
	ctx := context.Background()
	plan := planning(knowledge.Plan{Publish: c.now().Add(time.Hour), Expire: c.now().Add(2 * time.Hour)})
	for name, row := range map[string]struct {
		do   doing
		left int
	}{
		"archived": {func(ctx context.Context, tx *db.Tx, a knowledge.Article) (knowledge.Article, error) {
			return knowledge.Archive(ctx, tx, a.ID, a.Version)
		}, 0},
		"published by hand": {publishing, 1},
		"taken back":        {planning(knowledge.Plan{}), 0},
	} {
		a := create(t, d, "", content("问", "答"))
		must(t, d, a.ID, plan)
		must(t, d, a.ID, row.do)
		if timers, err := knowledge.TimersOf(ctx, d, a.ID); err != nil || len(timers) != row.left {
			t.Errorf("%s: %+v, %v", name, timers, err)
		}
	}
}
