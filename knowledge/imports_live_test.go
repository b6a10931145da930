package knowledge_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"huiyin/db"
	"huiyin/knowledge"
)

// answersLive are the answers that customers get, by number of article.
func answersLive(t testing.TB, d *db.DB) string {
	t.Helper()
	var list []string
	err := knowledge.EachLive(context.Background(), d, func(l knowledge.Live) { list = append(list, l.Content.Answer["zh"]) })
	if err != nil {
		t.Error(err)
	}
	return strings.Join(list, " ")
}

// silent makes an import look as if its node had died a minute ago.
func silent(t testing.TB, d *db.DB, id int64) {
	t.Helper()
	write(t, d, func(tx *db.Tx) error {
		_, err := tx.Exec(context.Background(), "UPDATE article_imports SET beat_at = ? WHERE id = ?", db.Millis(tx.Now.Add(-time.Minute)), id)
		return err
	})
}

// long is a file of several batches over what startingPoint made; the article a is in the first and in the last.
func long() string {
	lines := []string{`{"key":"a","question":"甲","answer":"甲九"}`, `{"key":"b","question":"乙","answer":"乙九","status":"published"}`, `{"key":"c","question":"丙","status":"archived"}`}
	for n := range 50 {
		lines = append(lines, fmt.Sprintf(`{"key":"k%d","question":"问题 %d","answer":"答 %d","category":"新"}`, n, n, n))
	}
	return strings.Join(append(lines, `{"key":"a","question":"甲","tags":["again"]}`), "\n")
}

// importsAreLiveAtOnce looks at what customers get while an import and its undoing run.
func importsAreLiveAtOnce(t *testing.T, d *db.DB) {
	was, ctx, seen := startingPoint(t, d), context.Background(), 0
	before := answersLive(t, d)
	look := func(want *string) func(knowledge.Content, knowledge.Content, bool) error {
		return func(knowledge.Content, knowledge.Content, bool) error {
			seen++
			if got := answersLive(t, d); got != *want {
				t.Errorf("while it runs: %s, want %s", got, *want)
			}
			return nil
		}
	}
	mark := logLength(t, d)
	i, report := importFile(t, d, "f.jsonl", long(), knowledge.ImportOptions{Allow: look(&before)})
	after := answersLive(t, d)
	if i.State != knowledge.ImportDone || report.Added != 50 || report.Changed != 4 || seen != 54 || !strings.HasPrefix(after, "甲九 乙九 答 0 答 1") || !strings.HasSuffix(after, "答 49") {
		t.Errorf("%+v, %d looks: %s", i, seen, after)
	}
	if n := logLength(t, d) - mark; n < 53 {
		t.Errorf("%d changes are logged", n)
	}
	a, err := knowledge.ByKey(ctx, d, "a")
	if err != nil || a.Content.Answer["zh"] != "甲九" || len(a.Content.Tags) != 1 || a.Content.Tags[0] != "again" || a.Unpublished() {
		t.Errorf("said in two batches: %+v, %v", a, err)
	}
	if got := imported(t, d, 0); len(got) != 1 || got[0] != a.ID {
		t.Errorf("changed for the customers: %v", got)
	}
	if b, err := knowledge.ByKey(ctx, d, "b"); err != nil || len(imported(t, d, b.ID)) != 1 || len(imported(t, d, b.ID+1000)) != 0 {
		t.Errorf("brought to the customers: %v, %v", imported(t, d, b.ID), err)
	}
	seen = 0
	if i = undo(t, d, i.ID, knowledge.Undo{By: editor, Allow: look(&after)}); i.Kept != 0 || seen != 53 || answersLive(t, d) != before || standing(t, d) != was || len(imported(t, d, 0)) != 0 {
		t.Errorf("undone: %+v, %d looks: %s", i, seen, standing(t, d))
	}
}

// imported are the articles that imports gave to the customers a moment ago.
func imported(t testing.TB, d *db.DB, article int64) (ids []int64) {
	t.Helper()
	list, err := knowledge.ImportedLive(context.Background(), d, d.Now().Add(-time.Hour), d.Now().Add(time.Hour), article)
	if err != nil {
		t.Error(err)
	}
	for _, w := range list {
		ids = append(ids, w.Article)
	}
	return ids
}

// logLength is the number of the newest change; they have no gaps.
func logLength(t testing.TB, d *db.DB) (n int) {
	t.Helper()
	var rows int
	if err := d.QueryRow(context.Background(), "SELECT MAX(n), COUNT(*) FROM knowledge_changes").Scan(&n, &rows); err != nil || n != rows {
		t.Errorf("%d changes, the newest is %d: %v", rows, n, err)
	}
	return n
}

// undoIsGoneOnWith stops an undo half-way, as a crash does, and lets another node find it.
func undoIsGoneOnWith(t *testing.T, d *db.DB) {
	was := startingPoint(t, d)
	i, _ := importFile(t, d, "f.jsonl", long(), knowledge.ImportOptions{})
	after, seen := answersLive(t, d), 0
	ctx, stop := context.WithCancel(context.Background())
	half := knowledge.Undo{By: editor, Allow: func(knowledge.Content, knowledge.Content, bool) error {
		if seen++; seen == 30 {
			stop()
		}
		return nil
	}}
	write(t, d, func(tx *db.Tx) error { return knowledge.BeginUndo(context.Background(), tx, i.ID, half) })
	if err := knowledge.RunUndo(ctx, d, i.ID, half); err == nil {
		t.Fatal("it was not stopped")
	}
	if got := answersLive(t, d); got != after {
		t.Errorf("half undone, customers get %s", got)
	}
	if n, err := knowledge.RecoverImports(context.Background(), d, nil); n != 0 || err != nil {
		t.Errorf("one that is at work: %d, %v", n, err)
	}
	silent(t, d, i.ID)
	asked := int64(-1)
	allowed := func(_ context.Context, by int64) (func(before, after knowledge.Content, live bool) error, error) {
		asked = by
		return func(before, _ knowledge.Content, _ bool) error {
			if before.Question["zh"] == "问题 49" {
				return &knowledge.Invalid{Field: "category", Message: "not any more"}
			}
			return nil
		}, nil
	}
	if n, err := knowledge.RecoverImports(context.Background(), d, allowed); n != 1 || err != nil || asked != editor.ID {
		t.Fatalf("%d, %v, asked for %d", n, err, asked)
	}
	i, err := knowledge.GetImport(context.Background(), d, i.ID)
	if err != nil || i.State != knowledge.ImportUndone || i.UndoneBy != editor.Name || i.Kept != 1 || standing(t, d) != was || !strings.HasSuffix(answersLive(t, d), " 答 49") {
		t.Errorf("%+v, %v: %s; %s", i, err, standing(t, d), answersLive(t, d))
	}
}

// overtakenArticlesAreLeft withdraws an article, and asks for approvals, while an import is under way.
func overtakenArticlesAreLeft(t *testing.T, d *db.DB) {
	startingPoint(t, d)
	ctx := context.Background()
	files := []string{"1a.md", "---\nkey: a\nquestion: 甲\n---\n甲九", "1c.md", "---\nkey: c\nquestion: 丙\n---\n丙九"}
	meanwhile := func(string, []byte) (string, error) {
		a, err := knowledge.ByKey(ctx, d, "a")
		if err != nil {
			return "", err
		}
		return "/p", d.Tx(ctx, func(tx *db.Tx) error {
			_, err := knowledge.Unpublish(ctx, tx, a.ID, a.Version)
			return err
		})
	}
	// Batches have twenty articles: the picture is met when those before it are written.
	for n := range 20 {
		files = append(files, fmt.Sprintf("1d%02d.md", n), fmt.Sprintf("---\nkey: k%d\nquestion: 问题 %d\n---\n答 %d", n, n, n))
	}
	files = append(files, "2.md", "# 最后\n![p](p.png)", "p.png", "png")
	i, _ := importFile(t, d, "f.zip", packed(t, files...), knowledge.ImportOptions{Picture: meanwhile})
	if got := standing(t, d); i.State != knowledge.ImportDone || !strings.HasPrefix(got, "a draft 甲九, b draft 乙一, c published 丙九") {
		t.Errorf("%+v: %s", i, got)
	}
	rows, err := knowledge.ImportRows(ctx, d, i.ID, knowledge.ImportRowsFilter{})
	if err != nil || len(rows) != 23 || !strings.Contains(rows[0].Message, "withdrew") {
		t.Errorf("%+v, %v", rows, err)
	}
}
