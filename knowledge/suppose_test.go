package knowledge_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"huiyin/db"
	"huiyin/knowledge"
	"huiyin/nlu"
)

// shelf is a base of so many articles with three phrasings each; published unless the key ends in d.
func shelf(t testing.TB, articles int) (*db.DB, *knowledge.Index) {
	t.Helper()
	d := openSQLite(t)
	var file strings.Builder
	for i := range articles {
		fmt.Fprintf(&file, `{"key":"k%d","status":"published","question":{"zh":%q},"similar":{"zh":[%q,%q]},"answer":{"zh":"编号 %d。"}}`+"\n",
			i, benchQuestion(3*i), benchQuestion(3*i+1), benchQuestion(3*i+2), i)
	}
	if r := importText(t, d, knowledge.JSONL, file.String()); r.Refused > 0 {
		t.Fatalf("%d refused", r.Refused)
	}
	x, _ := openIndex(t, t.TempDir(), d)
	return d, x
}

// rewrite gives an article other content as a draft.
func rewrite(t testing.TB, d *db.DB, key string, change func(*knowledge.Content)) knowledge.Article {
	t.Helper()
	var a knowledge.Article
	err := d.Tx(context.Background(), func(tx *db.Tx) (err error) {
		var id int64
		if err := tx.QueryRow(context.Background(), "SELECT id FROM articles WHERE external_key = ?", key).Scan(&id); err != nil {
			return err
		}
		if a, err = knowledge.Get(context.Background(), tx, id); err != nil {
			return err
		}
		change(&a.Content)
		a, err = knowledge.SaveDraft(context.Background(), tx, editor, a.ID, a.Version, a.Content, "")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func first(t testing.TB, s interface {
	Search(context.Context, nlu.Analysis, knowledge.Options) ([]knowledge.Hit, error)
}, text string) knowledge.Hit {
	t.Helper()
	hits, err := s.Search(context.Background(), nlu.Analyze(text), knowledge.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(hits) == 0 {
		return knowledge.Hit{}
	}
	return hits[0]
}

// What is supposed is what searches find when the change has been made and learnt.
func TestSupposedLikeLearnt(t *testing.T) {
	ctx := context.Background()
	const n, near = 40, 1e-6
	d, x := shelf(t, n)
	before, err := x.Copy(ctx)
	if err != nil {
		t.Fatal(err)
	}
	a := rewrite(t, d, "k7", func(c *knowledge.Content) {
		c.Similar["zh"] = append(c.Similar["zh"], "冰激凌机坏了怎么修", "修冰激凌机")
	})
	if got := first(t, before, "冰激凌机坏了").ArticleID; got == a.ID {
		t.Error("the draft is found before")
	}
	after, err := x.Suppose(ctx, before, knowledge.Supposition{Publish: []int64{a.ID}})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Tx(ctx, func(tx *db.Tx) error { _, err := knowledge.Publish(ctx, tx, a.ID, a.Version); return err }); err != nil {
		t.Fatal(err)
	}
	now, err := x.Copy(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if now.Edition() == before.Edition() {
		t.Error("another edition has the same number")
	}
	for i := -1; i < 300; i++ {
		text := "请问" + benchQuestion(max(i, 0)*31%(3*n))
		if i < 0 {
			text = "冰激凌机坏了"
		}
		want, got := first(t, now, text), first(t, after, text)
		if want.ArticleID != got.ArticleID || want.RevisionID != got.RevisionID || math.Abs(want.Confidence-got.Confidence) > near {
			t.Errorf("%s: supposed %d (%.3f), is %d (%.3f)", text, got.ArticleID, got.Confidence, want.ArticleID, want.Confidence)
		}
	}
}

func TestSupposedWithout(t *testing.T) {
	ctx := context.Background()
	d, x := shelf(t, 20)
	before, err := x.Copy(ctx)
	if err != nil {
		t.Fatal(err)
	}
	a := rewrite(t, d, "k3", func(c *knowledge.Content) { c.Similar["zh"] = nil })
	asked := benchQuestion(9)
	for name, s := range map[string]knowledge.Supposition{"unpublished": {Unpublish: []int64{a.ID}}, "archived": {Archive: []int64{a.ID}}} {
		after, err := x.Suppose(ctx, before, s)
		if err != nil {
			t.Fatal(err)
		}
		if first(t, before, asked).ArticleID != a.ID || first(t, after, asked).ArticleID == a.ID {
			t.Errorf("%s: the article is found still", name)
		}
	}
	if err := d.Tx(ctx, func(tx *db.Tx) error { _, err := knowledge.Archive(ctx, tx, a.ID, a.Version); return err }); err != nil {
		t.Fatal(err)
	}
	gone, err := x.Copy(ctx)
	if err != nil {
		t.Fatal(err)
	}
	back, err := x.Suppose(ctx, gone, knowledge.Supposition{Publish: []int64{a.ID}})
	if err != nil || first(t, back, asked).ArticleID != a.ID {
		t.Error("an archived article that would be published is not found", err)
	}
	if _, err := x.Suppose(ctx, gone, knowledge.Supposition{Publish: []int64{9999}}); err == nil {
		t.Error("an article that is not there can be supposed")
	}
}

func TestSupposedSynonyms(t *testing.T) {
	ctx := context.Background()
	_, x := shelf(t, 20)
	before, err := x.Copy(ctx)
	if err != nil {
		t.Fatal(err)
	}
	after, err := x.Suppose(ctx, before, knowledge.Supposition{Synonyms: [][]string{{"宽带", "猫猫线"}}})
	if err != nil {
		t.Fatal(err)
	}
	b, a := first(t, before, "猫猫线"), first(t, after, "猫猫线")
	if b.ArticleID != 0 && b.Confidence >= a.Confidence || a.ArticleID == 0 {
		t.Errorf("a synonym changes nothing: %+v, then %+v", b.Confidence, a.Confidence)
	}
	if again := first(t, before, "猫猫线"); again.ArticleID != b.ArticleID {
		t.Error("the copy has changed")
	}
}

// What was learnt is learnt again only when what customers get has changed.
func TestLearnsOnlyWhatChanged(t *testing.T) {
	ctx := context.Background()
	d, x := shelf(t, 12)
	learn := func() *knowledge.Rehearsed {
		t.Helper()
		if err := x.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		if err := x.Learn(ctx); err != nil || len(x.Rehearsal()) == 0 {
			t.Fatal(err)
		}
		return &x.Rehearsal()[0]
	}
	first := learn()
	a := rewrite(t, d, "k3", func(c *knowledge.Content) { c.Similar["zh"] = append(c.Similar["zh"], "冰激凌机坏了") })
	if learn() != first {
		t.Error("a draft was learnt from")
	}
	if err := d.Tx(ctx, func(tx *db.Tx) error { _, err := knowledge.Publish(ctx, tx, a.ID, a.Version); return err }); err != nil {
		t.Fatal(err)
	}
	if learn() == first {
		t.Error("a publication was not learnt from")
	}
}
