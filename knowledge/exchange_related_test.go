package knowledge_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"huiyin/db"
	"huiyin/knowledge"
)

// asides are the internal notes of the articles and what they are related to, by title.
func asides(t testing.TB, d *db.DB) string {
	t.Helper()
	page, err := knowledge.List(context.Background(), d, knowledge.Filter{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	titles, list := map[int64]string{}, map[string]string{}
	for _, item := range page.Articles {
		titles[item.ID] = item.Title
	}
	for _, item := range page.Articles {
		a, err := knowledge.Get(context.Background(), d, item.ID)
		if err != nil {
			t.Fatal(err)
		}
		said := a.Title + " " + string(a.Status) + " " + a.Content.Notes + ":"
		for _, id := range a.Content.Related {
			said += " " + titles[id]
		}
		if a.Status == knowledge.Published && a.Unpublished() {
			said += " (not live)"
		}
		list[a.Title] = said
	}
	return strings.Join([]string{list["甲"], list["乙，怎么办"], list["丙"]}, "\n")
}

// TestExportsCarryNotesAndRelated takes articles that refer to each other, forwards and back, with and without a key, to another house.
func TestExportsCarryNotesAndRelated(t *testing.T) {
	const lines = `{"key":"a","question":"甲","answer":"甲一","notes":"只给同事看\n第二行","related":["乙，怎么办","c"]}` + "\n" +
		`{"question":"乙，怎么办","answer":"乙一","related":["a"]}` + "\n" + `{"key":"c","question":"丙","answer":"丙一","status":"draft","related":["丁，没有","丙"]}`
	const want = "甲 published 只给同事看\n第二行: 乙，怎么办 丙\n乙，怎么办 published : 甲\n丙 draft : 丙"
	first := openSQLite(t)
	i, _ := importFile(t, first, "f.jsonl", lines, knowledge.ImportOptions{})
	if got := asides(t, first); got != want {
		t.Fatalf("%s\nwant %s", got, want)
	}
	rows, err := knowledge.ImportRows(context.Background(), first, i.ID, knowledge.ImportRowsFilter{})
	if err != nil || rows[0].Message != "" || rows[2].Message != "there is no related article 丁，没有" {
		t.Errorf("%+v, %v", rows, err)
	}
	for _, c := range []struct{ format, name string }{{"jsonl", "f.jsonl"}, {"csv", "f.csv"}, {"xlsx", "f.xlsx"}, {"markdown", "f.zip"}} {
		var file bytes.Buffer
		if _, err := knowledge.Export(context.Background(), first, knowledge.Format(c.format), &file); err != nil {
			t.Fatal(err)
		}
		other := openSQLite(t)
		i, report := importFile(t, other, c.name, file.String(), knowledge.ImportOptions{})
		if got := asides(t, other); got != want || report.Added != 3 {
			t.Errorf("%s: %s\nwant %s: %+v", c.name, got, want, report)
		}
		if again, _ := importFile(t, other, c.name, file.String(), knowledge.ImportOptions{}); again.Changed != 0 || again.Unchanged != 3 {
			t.Errorf("%s again: %+v", c.name, again)
		}
		if undo(t, other, i.ID, knowledge.Undo{By: editor}); asides(t, other) != "\n\n" {
			t.Errorf("%s undone: %s", c.name, asides(t, other))
		}
	}
}

// TestARowBelowMakesTheRelatedArticle changes nothing of an article but whom it is related to, which is added later in the file.
func TestARowBelowMakesTheRelatedArticle(t *testing.T) {
	d := openSQLite(t)
	importText(t, d, knowledge.JSONL, `{"key":"a","question":"甲","answer":"甲一"}`)
	was := asides(t, d)
	i, _ := importFile(t, d, "f.jsonl", `{"key":"a","question":"甲","related":["c"]}`+"\n"+`{"key":"c","question":"丙","answer":"丙一"}`, knowledge.ImportOptions{})
	if got := asides(t, d); i.Changed != 1 || i.Unchanged != 0 || got != "甲 published : 丙\n\n丙 published :" {
		t.Errorf("%+v: %s", i, got)
	}
	if undo(t, d, i.ID, knowledge.Undo{By: editor}); asides(t, d) != was {
		t.Errorf("undone: %s", asides(t, d))
	}
	if got := outcomes(importText(t, d, knowledge.JSONL, `{"question":"戊","related":"a"}`)); got != "1 refused related" {
		t.Error(got)
	}
	// Only what is new may be written, or nothing: what a file says of an article that is there is not looked at.
	i, _ = importFile(t, d, "f.jsonl", `{"key":"a","question":"甲","related":["nobody"]}`, knowledge.ImportOptions{Mode: knowledge.CreateOnly})
	if i.Unchanged != 1 || asides(t, d) != was {
		t.Errorf("%+v: %s", i, asides(t, d))
	}
}
