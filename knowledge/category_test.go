package knowledge_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"huiyin/db"
	"huiyin/knowledge"
)

func inCategory(path string) knowledge.Content {
	c := content("问"+path, "答"+path)
	c.Category = path
	return c
}

func paths(t *testing.T, d *db.DB) string {
	t.Helper()
	all, err := knowledge.Categories(context.Background(), d)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, c := range all {
		list = append(list, fmt.Sprintf("%s:%d", c.Path, c.Articles))
	}
	return strings.Join(list, " ")
}

func move(d *db.DB, path, to, before string) (moved int, err error) {
	err = d.Tx(context.Background(), func(tx *db.Tx) (err error) {
		moved, err = knowledge.MoveCategory(context.Background(), tx, editor, knowledge.CategoryMove{Path: path, To: to, Before: before})
		return err
	})
	return moved, err
}

func categoriesMove(t *testing.T, d *db.DB) {
	ctx := context.Background()
	live := publish(t, d, create(t, d, "live", inCategory(`b&b/"x"`)))
	changed := publish(t, d, create(t, d, "changed", inCategory("b&b")))
	next := inCategory("a")
	next.Answer["zh"] = "新答案"
	changed, err := save(d, changed, next)
	if err != nil {
		t.Fatal(err)
	}
	draft := create(t, d, "draft", inCategory("b&bee"))
	if got := paths(t, d); got != `a:1 b&b:0 b&b/"x":1 b&bee:1` {
		t.Fatalf("before: %s", got)
	}
	if moved, err := move(d, "b&b", "a/c", ""); err != nil || moved != 2 {
		t.Fatalf("moved %d, %v", moved, err)
	}
	if got := paths(t, d); got != `a:1 a/c:0 a/c/"x":1 b&bee:1` {
		t.Errorf("after: %s", got)
	}
	for _, c := range []struct {
		was               knowledge.Article
		draft, live, text string
		revisions         int
	}{{live, `a/c/"x"`, `a/c/"x"`, `答b&b/"x"`, 2}, {changed, "a", "a/c", "答b&b", 4}, {draft, "b&bee", "", "", 1}} {
		a, err := knowledge.Get(ctx, d, c.was.ID)
		if err != nil || a.Content.Category != c.draft || a.Status != c.was.Status || a.Unpublished() != c.was.Unpublished() || a.Revisions != c.revisions {
			t.Errorf("%s: %+v, %v", c.was.Key, a, err)
		}
		if a.PublishedRevision == 0 {
			continue
		}
		r, err := knowledge.GetRevision(ctx, d, a.PublishedRevision)
		if err != nil || r.Content.Category != c.live || r.Content.Answer["zh"] != c.text {
			t.Errorf("%s is published as %+v, %v", c.was.Key, r, err)
		}
	}
	if _, err := move(d, "b&bee", "b&bee", "a"); err != nil {
		t.Fatal(err)
	}
	if got := paths(t, d); !strings.HasPrefix(got, "b&bee:1 a:1") {
		t.Errorf("placed: %s", got)
	}
	write(t, d, func(tx *db.Tx) error {
		n, err := knowledge.RemoveCategory(ctx, tx, editor, "a")
		if err == nil && n != 2 {
			t.Errorf("%d articles left with the category", n)
		}
		return err
	})
	if got := paths(t, d); got != `b&bee:1 c:0 c/"x":1` {
		t.Errorf("removed: %s", got)
	}
}

func movesKeepApprovals(t *testing.T, d *db.DB) {
	ctx := context.Background()
	a := create(t, d, "", inCategory("a"))
	write(t, d, func(tx *db.Tx) (err error) {
		a, err = knowledge.ApproveReview(ctx, tx, knowledge.Author{ID: 8, Name: "Mei"}, a.ID, a.Version, "fine")
		return err
	})
	if _, err := move(d, "a", "b", ""); err != nil {
		t.Fatal(err)
	}
	moved, err := knowledge.Get(ctx, d, a.ID)
	if err != nil || moved.Review != knowledge.Approved || moved.DraftRevision == a.DraftRevision {
		t.Fatalf("%+v, %v", moved, err)
	}
	if approved, err := knowledge.IsApproved(ctx, d, a.ID, moved.DraftRevision); err != nil || !approved {
		t.Errorf("approved: %v, %v", approved, err)
	}
}

func categoryNames(t *testing.T, d *db.DB) {
	ctx := context.Background()
	write(t, d, func(tx *db.Tx) error {
		return knowledge.SaveCategory(ctx, tx, " bills / invoices ", map[string]string{"zh": " 开 发票 ", "en": ""})
	})
	create(t, d, "", inCategory("bills"))
	if _, err := move(d, "bills/invoices", "invoices", "bills"); err != nil {
		t.Fatal(err)
	}
	all, err := knowledge.Categories(ctx, d)
	if err != nil || len(all) != 2 || all[0].Path != "invoices" || all[0].Name("zh") != "开 发票" || all[0].Name("en") != "invoices" || all[0].Parent() != "" {
		t.Errorf("%+v, %v", all, err)
	}
	for name, c := range map[string]struct {
		path  string
		names map[string]string
	}{
		"no path": {" / ", nil}, "too deep": {"a/b/c/d/e/f/g", nil}, "no language": {"a", map[string]string{"?": "x"}},
		"too long": {"a", map[string]string{"zh": strings.Repeat("长", knowledge.MaxCategoryName+1)}},
	} {
		var refused *knowledge.Invalid
		err := d.Tx(ctx, func(tx *db.Tx) error { return knowledge.SaveCategory(ctx, tx, c.path, c.names) })
		if !errors.As(err, &refused) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func movesRefused(t *testing.T, d *db.DB) {
	for _, path := range []string{"a/b", "c", "d/e/f/g"} {
		create(t, d, "", inCategory(path))
	}
	for name, m := range map[string][2]string{"below itself": {"a", "a/b/c"}, "onto another": {"a/b", "c"}, "nowhere": {"a", " "}, "too deep": {"d", "a/b/x/y"}} {
		var refused *knowledge.Invalid
		if _, err := move(d, m[0], m[1], ""); !errors.As(err, &refused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := move(d, "none", "x", ""); !errors.Is(err, knowledge.ErrNotFound) {
		t.Errorf("a category that is not there: %v", err)
	}
	if got := paths(t, d); got != "a:0 a/b:1 c:1 d:0 d/e:0 d/e/f:0 d/e/f/g:1" {
		t.Errorf("something has moved: %s", got)
	}
}
