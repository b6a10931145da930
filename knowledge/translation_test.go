package knowledge_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"huiyin/db"
	"huiyin/knowledge"
	"huiyin/knowledge/sheet"
)

// filledIn is a translator's work on a file: some texts get a target.
func filledIn(t *testing.T, format knowledge.Format, file string) string {
	t.Helper()
	if format == knowledge.XLIFF {
		return strings.NewReplacer("<source>甲</source>", "<source>甲</source><target>One <g id='1'>&amp; more</g></target>", "<source>甲一</source>", "<source>甲一</source><alt-trans><target>wrong</target></alt-trans><target>First</target>").Replace(file)
	}
	book, err := sheet.Open(strings.NewReader(file), int64(len(file)), sheet.Defaults())
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.Rows("")
	if err != nil {
		t.Fatal(err)
	}
	var all [][]string
	for {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return table(t, book.Kind, all...)
		}
		if err != nil {
			t.Fatal(err)
		}
		cells := append(row.Cells, "", "")[:6]
		switch cells[4] {
		case "甲":
			cells[5] = "One & more"
		case "甲一":
			cells[5] = "First"
		}
		all = append(all, cells)
	}
}

// translationsComeBack is a translation out and in.
func translationsComeBack(t *testing.T, d *db.DB) {
	for _, format := range []knowledge.Format{knowledge.CSV, knowledge.XLSX, knowledge.XLIFF} {
		ctx := context.Background()
		key := string(format)
		importText(t, d, knowledge.JSONL, `{"key":"`+key+`","tags":["`+key+`"],"question":{"zh":"甲"},"similar":{"zh":["甲甲","甲？"]},"answer":{"zh":"甲一"},"status":"published"}`+"\n"+`{"question":{"en":"No Chinese"},"tags":["`+key+`"]}`)
		var out bytes.Buffer
		if n, err := knowledge.ExportTranslation(ctx, d, knowledge.Filter{Tag: key}, knowledge.Translation{Source: "zh", Target: "en"}, format, &out); n != 1 || err != nil {
			t.Fatalf("%s: %d, %v", format, n, err)
		}
		file := filledIn(t, format, out.String())
		_, report := importFile(t, d, "t."+key, file, knowledge.ImportOptions{})
		a, err := knowledge.ByKey(ctx, d, key)
		if err != nil || report.Changed != 1 || report.Rows[0].Message != "" || report.Rows[0].Key != key || a.Content.Question["en"] != "One & more" || a.Content.Answer["en"] != "First" || len(a.Content.Similar["en"]) != 0 {
			t.Errorf("%s: %+v, %+v, %v", format, report, a.Content, err)
		}
		if a.Status != knowledge.Published || !a.Unpublished() {
			t.Errorf("%s: a translation has reached customers: %+v", format, a)
		}
		a.Content.Answer["zh"] = "甲二"
		write(t, d, func(tx *db.Tx) error {
			a, err = knowledge.SaveDraft(ctx, tx, editor, a.ID, a.Version, a.Content, "")
			if err == nil {
				_, err = knowledge.Publish(ctx, tx, a.ID, a.Version)
			}
			return err
		})
		if _, report = importFile(t, d, "t."+key, strings.ReplaceAll(file, "First", "Later"), knowledge.ImportOptions{DryRun: true}); !strings.Contains(report.Rows[0].Message, "answer") && format != knowledge.XLSX {
			t.Errorf("%s: a changed source is not told: %+v", format, report.Rows)
		}
	}
}

func TestTranslationRefused(t *testing.T) {
	d := openSQLite(t)
	for _, c := range []knowledge.Translation{{Source: "zh", Target: "zh"}, {Source: "", Target: "en"}, {Source: "zh", Target: "<x>"}} {
		if _, err := knowledge.ExportTranslation(context.Background(), d, knowledge.Filter{}, c, knowledge.CSV, io.Discard); err == nil {
			t.Errorf("%+v is taken", c)
		}
	}
	if _, err := knowledge.ExportTranslation(context.Background(), d, knowledge.Filter{}, knowledge.Translation{Source: "zh", Target: "en"}, knowledge.JSONL, io.Discard); err == nil {
		t.Error("jsonl is taken")
	}
	_, report := importFile(t, d, "t.csv", "article,key,revision,field,source zh,target en\n99,,1,question,甲,One\nx,,1,question,甲,One\n", knowledge.ImportOptions{})
	if got := outcomes(report); got != "2 refused article, 3 refused article" {
		t.Error(got)
	}
	for _, file := range []string{`<xliff><file original="x" target-language="en"><trans-unit id="question"><source>a</source><target>b</target></trans-unit></file></xliff>`} {
		if _, report := importFile(t, d, "t.xlf", file, knowledge.ImportOptions{}); outcomes(report) != "1 refused article" {
			t.Error(outcomes(report))
		}
	}
}

func FuzzImportXLIFF(f *testing.F) {
	f.Add(`<xliff><file original="huiyin:1:1" source-language="zh" target-language="en"><trans-unit id="answer"><source>a</source><target>b</target></trans-unit></file></xliff>`)
	d := openSQLite(f)
	f.Fuzz(func(t *testing.T, text string) {
		_, _, err := knowledge.ImportFile(context.Background(), d, editor, "a.xlf", strings.NewReader(text), knowledge.ImportOptions{DryRun: true})
		var invalid *knowledge.Invalid
		if err != nil && !errors.As(err, &invalid) {
			t.Fatal(err)
		}
	})
}
