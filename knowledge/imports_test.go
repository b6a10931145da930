package knowledge_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"huiyin/db"
	"huiyin/knowledge"
	"huiyin/knowledge/sheet"
)

// table makes a file of this kind in memory.
func table(t testing.TB, kind sheet.Kind, rows ...[]string) string {
	t.Helper()
	var out bytes.Buffer
	w, err := sheet.NewWriter(kind, &out, "articles")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := w.Row(r...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func importFile(t testing.TB, d *db.DB, name, text string, o knowledge.ImportOptions) (knowledge.ImportInfo, knowledge.Report) {
	t.Helper()
	i, report, err := knowledge.ImportFile(context.Background(), d, editor, name, strings.NewReader(text), o)
	if err != nil {
		t.Fatal(err)
	}
	return i, report
}

// standing is what the articles are, in short: "a published 答, b draft 旧".
func standing(t testing.TB, d *db.DB) string {
	t.Helper()
	page, err := knowledge.List(context.Background(), d, knowledge.Filter{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, item := range page.Articles {
		a, err := knowledge.Get(context.Background(), d, item.ID)
		if err != nil {
			t.Fatal(err)
		}
		text := a.Key + " " + string(a.Status) + " " + a.Content.Answer["zh"]
		if a.Status == knowledge.Published && a.Unpublished() {
			live, err := knowledge.GetRevision(context.Background(), d, a.PublishedRevision)
			if err != nil {
				t.Fatal(err)
			}
			text += " over " + live.Content.Answer["zh"]
		}
		found[a.Key] = text
	}
	var list []string
	for _, key := range []string{"a", "b", "c", "d", ""} {
		if found[key] != "" {
			list = append(list, found[key])
		}
	}
	return strings.Join(list, ", ")
}

// startingPoint is a published article, a draft, and a published one with a newer draft.
func startingPoint(t testing.TB, d *db.DB) string {
	importText(t, d, knowledge.JSONL, `{"key":"a","question":"甲","answer":"甲一","tags":["t"]}`+"\n"+`{"key":"b","question":"乙","answer":"乙一","status":"draft"}`+"\n"+`{"key":"c","question":"丙","answer":"丙一"}`)
	c, err := knowledge.ByKey(context.Background(), d, "c")
	if err != nil {
		t.Fatal(err)
	}
	c.Content.Answer = map[string]string{"zh": "丙二"}
	write(t, d, func(tx *db.Tx) error {
		_, err := knowledge.SaveDraft(context.Background(), tx, editor, c.ID, c.Version, c.Content, "")
		return err
	})
	return standing(t, d)
}

const changesAll = "key,question,answer\na,甲,甲九\nb,乙,乙九\nc,丙,丙九\nd,丁,丁九\na,甲,甲十\n,,\n,,no question\n"

func undo(t testing.TB, d *db.DB, id int64, u knowledge.Undo) knowledge.ImportInfo {
	t.Helper()
	write(t, d, func(tx *db.Tx) error { return knowledge.BeginUndo(context.Background(), tx, id, u) })
	if err := knowledge.RunUndo(context.Background(), d, id, u); err != nil {
		t.Fatal(err)
	}
	i, err := knowledge.GetImport(context.Background(), d, id)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// importsAreUndone imports over articles of every kind, and takes all of it back.
func importsAreUndone(t *testing.T, d *db.DB) {
	was := startingPoint(t, d)
	if dry, _ := importFile(t, d, "f.csv", changesAll, knowledge.ImportOptions{DryRun: true}); dry.State != knowledge.ImportChecked || dry.Added != 1 || dry.Changed != 4 || dry.Refused != 1 || standing(t, d) != was {
		t.Errorf("dry run: %+v\n%s", dry, standing(t, d))
	}
	i, _ := importFile(t, d, "f.csv", changesAll, knowledge.ImportOptions{})
	if i.State != knowledge.ImportDone || i.Done != 6 || i.Added != 1 || i.Changed != 4 || i.Refused != 1 {
		t.Errorf("%+v", i)
	}
	if got, want := standing(t, d), "a published 甲十, b draft 乙九, c published 丙九, d published 丁九"; got != want {
		t.Errorf("imported: %s, want %s", got, want)
	}
	if i = undo(t, d, i.ID, knowledge.Undo{By: editor}); i.State != knowledge.ImportUndone || i.Kept != 0 || i.UndoneBy != "Lin" {
		t.Errorf("%+v", i)
	}
	if got := standing(t, d); got != was {
		t.Errorf("undone: %s, want %s", got, was)
	}
	if a, err := knowledge.ByKey(context.Background(), d, "a"); err != nil || len(a.Content.Tags) != 1 {
		t.Errorf("%+v, %v", a, err)
	}
	if err := d.Tx(context.Background(), func(tx *db.Tx) error { return knowledge.BeginUndo(context.Background(), tx, i.ID, knowledge.Undo{}) }); !errors.Is(err, knowledge.ErrImportState) {
		t.Errorf("twice: %v", err)
	}
	list, err := knowledge.ListImports(context.Background(), d, 0, 0)
	if err != nil || len(list) != 1 || list[0].ID != i.ID {
		t.Errorf("%+v, %v", list, err)
	}
}

// undoLeavesWhatChanged undoes an import over whose articles people have written since.
func undoLeavesWhatChanged(t *testing.T, d *db.DB) {
	startingPoint(t, d)
	ctx := context.Background()
	i, _ := importFile(t, d, "f.csv", changesAll, knowledge.ImportOptions{})
	a, _ := knowledge.ByKey(ctx, d, "a")
	used, _ := knowledge.ByKey(ctx, d, "d")
	a.Content.Answer["zh"] = "甲 by hand"
	write(t, d, func(tx *db.Tx) error {
		_, err := knowledge.SaveDraft(ctx, tx, editor, a.ID, a.Version, a.Content, "")
		return errors.Join(err, knowledge.Used(ctx, tx, used.ID))
	})
	refuse := func(before, _ knowledge.Content, _ bool) error {
		if before.Question["zh"] == "乙" {
			return &knowledge.Invalid{Field: "category", Message: "not yours"}
		}
		return nil
	}
	i = undo(t, d, i.ID, knowledge.Undo{By: editor, Allow: refuse})
	if got, want := standing(t, d), "a published 甲 by hand over 甲十, b draft 乙九, c published 丙二 over 丙一, d archived 丁九"; got != want || i.Kept != 2 {
		t.Errorf("%d kept: %s, want %s", i.Kept, got, want)
	}
	rows, err := knowledge.ImportRows(ctx, d, i.ID, knowledge.ImportRowsFilter{Kept: true})
	if err != nil || len(rows) != 3 || rows[0].Key != "a" || rows[0].Title != "甲" {
		t.Errorf("%+v, %v", rows, err)
	}
	if i = undo(t, d, i.ID, knowledge.Undo{By: editor, Force: true}); i.Kept != 0 || standing(t, d) != "a published 甲一, b draft 乙一, c published 丙二 over 丙一, d archived 丁九" {
		t.Errorf("forced: %d kept, %s", i.Kept, standing(t, d))
	}
}

// failedImportsLeaveNothing reads files that cannot be read to their end.
func failedImportsLeaveNothing(t *testing.T, d *db.DB) {
	was := startingPoint(t, d)
	var file strings.Builder
	file.WriteString(changesAll)
	for n := range 60 {
		fmt.Fprintf(&file, "k%d,问题 %d,答\n", n, n)
	}
	file.WriteString("x,\"" + strings.Repeat("endless ", 1<<20))
	_, _, err := knowledge.ImportFile(context.Background(), d, editor, "f.csv", strings.NewReader(file.String()), knowledge.ImportOptions{})
	var invalid *knowledge.Invalid
	if !errors.As(err, &invalid) {
		t.Errorf("%v", err)
	}
	if got := standing(t, d); got != was {
		t.Errorf("%s, want %s", got, was)
	}
	if list, err := knowledge.ListImports(context.Background(), d, 0, 0); err != nil || len(list) != 1 || list[0].State != knowledge.ImportFailed || list[0].Problem == "" {
		t.Errorf("%+v, %v", list, err)
	}
}

// cutOffImportsAreTakenBack finds an import whose node has died.
func cutOffImportsAreTakenBack(t *testing.T, d *db.DB) {
	ctx := context.Background()
	was := startingPoint(t, d)
	i, _ := importFile(t, d, "f.csv", changesAll, knowledge.ImportOptions{})
	write(t, d, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE article_imports SET state = 'running', beat_at = ? WHERE id = ?", db.Millis(tx.Now), i.ID)
		return err
	})
	if n, err := knowledge.RecoverImports(ctx, d, nil); n != 0 || err != nil {
		t.Errorf("one that is at work: %d, %v", n, err)
	}
	write(t, d, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE article_imports SET beat_at = ? WHERE id = ?", db.Millis(tx.Now.Add(-time.Minute)), i.ID)
		return err
	})
	if n, err := knowledge.RecoverImports(ctx, d, nil); n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	i, err := knowledge.GetImport(ctx, d, i.ID)
	if got := standing(t, d); err != nil || got != was || i.State != knowledge.ImportFailed {
		t.Errorf("%s, want %s; %+v, %v", got, was, i, err)
	}
}

func TestImportColumnsAndModes(t *testing.T) {
	strange := [][]string{{"Nr", "Frage", "Reply EN", "Reply ZH", "when"}, {"a", "甲", "one", "一", "2026-12-01 08:00:00"}, {"b", "", "two", "", ""}, {"z", "新", "three", "三", ""}}
	columns := map[string]int{"key": 0, "question.zh": 1, "answer.en": 2, "answer.zh": 3, "valid_from": 4}
	for _, c := range []struct {
		name    string
		options knowledge.ImportOptions
		want    string
	}{
		{"mapped", knowledge.ImportOptions{Table: knowledge.Table{Columns: columns}}, "2 changed, 3 refused question, 4 added"},
		{"create only", knowledge.ImportOptions{Table: knowledge.Table{Columns: columns}, Mode: knowledge.CreateOnly}, "2 unchanged, 3 refused question, 4 added"},
		{"update only", knowledge.ImportOptions{Table: knowledge.Table{Columns: columns}, Mode: knowledge.UpdateOnly}, "2 changed, 3 unchanged, 4 unchanged"},
		{"by question", knowledge.ImportOptions{Table: knowledge.Table{Columns: columns}, Match: knowledge.MatchQuestion}, "2 changed, 3 refused question, 4 added"},
	} {
		for _, kind := range []sheet.Kind{sheet.CSV, sheet.XLSX} {
			d := openSQLite(t)
			importText(t, d, knowledge.JSONL, `{"key":"a","question":"甲","answer":"甲一"}`)
			_, report := importFile(t, d, "f."+string(kind), table(t, kind, strange...), c.options)
			if got := outcomes(report); got != c.want {
				t.Errorf("%s, %s: %s, want %s", c.name, kind, got, c.want)
			}
		}
	}
	for name, o := range map[string]knowledge.ImportOptions{"match": {Match: "x"}, "mode": {Mode: "x"}, "column": {Table: knowledge.Table{Columns: map[string]int{"x": 1}}},
		"no question": {Table: knowledge.Table{Columns: map[string]int{"answer": 1}}}, "sheet": {Table: knowledge.Table{Sheet: "x"}}} {
		_, _, err := knowledge.ImportFile(context.Background(), openSQLite(t), editor, "f.csv", strings.NewReader("a,b\n"), o)
		var invalid *knowledge.Invalid
		if !errors.As(err, &invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestImportReport(t *testing.T) {
	d := openSQLite(t)
	i, _ := importFile(t, d, "f.csv", "key,question,answer\n=a,问,答\nb,,\n", knowledge.ImportOptions{})
	var out bytes.Buffer
	if err := knowledge.WriteImportReport(context.Background(), d, i.ID, sheet.CSV, &out); err != nil {
		t.Fatal(err)
	}
	if text := out.String(); !strings.Contains(text, ",2,'=a,问,added,") || !strings.Contains(text, "refused,question,write the question") {
		t.Error(text)
	}
}

func TestImportRefusesTooManyBeforeItBegins(t *testing.T) {
	d := openSQLite(t)
	file := "question\n" + strings.Repeat("q\n", knowledge.MaxRows+1)
	_, _, err := knowledge.ImportFile(context.Background(), d, editor, "f.csv", strings.NewReader(file), knowledge.ImportOptions{})
	var invalid *knowledge.Invalid
	if !errors.As(err, &invalid) || !strings.Contains(invalid.Message, "100000") {
		t.Errorf("%v", err)
	}
	if list, err := knowledge.ListImports(context.Background(), d, 0, 0); err != nil || len(list) > 0 {
		t.Errorf("%+v, %v", list, err)
	}
}

func BenchmarkImport(b *testing.B) {
	rows := [][]string{{"编号", "分类", "问题", "相似问题", "答案"}}
	for i := range 100_000 {
		rows = append(rows, []string{fmt.Sprint("k", i), "业务/" + fmt.Sprint(i%50), benchQuestion(3 * i), benchQuestion(3*i+1) + "\n" + benchQuestion(3*i+2), fmt.Sprintf("第一步，打开应用；第二步，确认。编号 %d。", i)})
	}
	file := table(b, sheet.XLSX, rows...)
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		d := openSQLite(b)
		if i, _ := importFile(b, d, "f.xlsx", file, knowledge.ImportOptions{}); i.Added != 100_000 {
			b.Fatalf("%+v", i)
		}
	}
}
