package knowledge_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"huiyin/db"
	"huiyin/db/pgtest"
	"huiyin/knowledge"
)

// everyPage reads a list to its end, some articles at a time.
func everyPage(t *testing.T, read func(f knowledge.Filter) (knowledge.Page, knowledge.Counts, error), f knowledge.Filter) (ids []int64, counts knowledge.Counts) {
	t.Helper()
	for f.Limit = 3; ; {
		page, count, err := read(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range page.Articles {
			ids = append(ids, a.ID)
		}
		counts = count
		if f.Cursor = page.Next; f.Cursor == "" {
			return ids, counts
		}
	}
}

// The finder gives what the database would give, whatever was changed since it looked last, also by somebody else.
func TestFinderFindsWhatTheDatabaseFinds(t *testing.T) {
	for name, open := range map[string]func() *db.DB{"sqlite": func() *db.DB { return openSQLite(t) }, "postgres": func() *db.DB { return openAt(t, pgtest.URL(t)) }} {
		t.Run(name, func(t *testing.T) {
			ctx, d, chance := context.Background(), open(), rand.New(rand.NewPCG(1, 2))
			var finder knowledge.Finder
			words := []string{"发票", "宽带", "断网", "Invoice", "abroad", "100%", "a_b"}
			pick := func() string { return words[chance.IntN(len(words))] }
			var all []knowledge.Article
			for round := range 25 {
				c := content(pick()+"怎么办？", pick()+" 请看 "+pick(), pick()+" 呢")
				c.Category, c.Tags = fmt.Sprintf("类%d/小%d", chance.IntN(3), chance.IntN(2)), []string{fmt.Sprint("签", chance.IntN(3))}
				all = append(all, create(t, d, fmt.Sprint("K", round), c))
				changeOne(t, d, &all[chance.IntN(len(all))], c, chance.IntN(4))
				for _, f := range []knowledge.Filter{{Text: "发票"}, {Text: "怎么办 宽带"}, {Text: "INVOICE"}, {Text: "%"}, {Text: "a_b"}, {Text: "k3"}, {Text: "没有这个"}, {Text: "类1", Category: "类1"},
					{Text: "断网", Tag: "签1"}, {Text: "请看", Status: knowledge.Published}, {Text: "怎", Status: knowledge.Archived}, {Text: "怎", Owner: 7}, {}} {
					wantIDs, want := everyPage(t, func(f knowledge.Filter) (knowledge.Page, knowledge.Counts, error) {
						page, err := knowledge.List(ctx, d, f)
						if err != nil {
							return page, knowledge.Counts{}, err
						}
						counts, err := knowledge.Count(ctx, d, f)
						return page, counts, err
					}, f)
					gotIDs, got := everyPage(t, func(f knowledge.Filter) (knowledge.Page, knowledge.Counts, error) { return finder.List(ctx, d, f) }, f)
					if !reflect.DeepEqual(gotIDs, wantIDs) || got != want {
						t.Fatalf("round %d, %+v: %v %+v, want %v %+v", round, f, gotIDs, got, wantIDs, want)
					}
				}
			}
			if _, _, err := finder.List(ctx, d, knowledge.Filter{Text: "x", Cursor: "no"}); err == nil {
				t.Error("a wrong cursor is taken")
			}
		})
	}
}

func changeOne(t *testing.T, d *db.DB, a *knowledge.Article, c knowledge.Content, how int) {
	t.Helper()
	if how == 0 {
		saved, err := save(d, *a, c)
		if err != nil {
			t.Fatal(err)
		}
		*a = saved
		return
	}
	write(t, d, func(tx *db.Tx) (err error) {
		switch how {
		case 1:
			*a, err = knowledge.Publish(context.Background(), tx, a.ID, a.Version)
		case 2:
			*a, err = knowledge.Archive(context.Background(), tx, a.ID, a.Version)
		}
		return err
	})
}

func TestFinderStartsOverWithAnotherDatabase(t *testing.T) {
	var finder knowledge.Finder
	for _, key := range []string{"one", "two"} {
		d := openSQLite(t)
		create(t, d, key, content("同一个问题", "答"))
		page, counts, err := finder.List(context.Background(), d, knowledge.Filter{Text: "同一"})
		if err != nil || counts.Total != 1 || page.Articles[0].Key != key {
			t.Errorf("%s: %+v, %v", key, page, err)
		}
	}
}
