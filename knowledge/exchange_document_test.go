package knowledge_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"huiyin/db"
	"huiyin/knowledge"
)

// packed makes an archive of names and texts in turn.
func packed(t testing.TB, files ...string) string {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err == nil {
			_, err = io.WriteString(w, files[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// brief is all articles as "category | question | answer", in the order in which they were made.
func brief(t testing.TB, d *db.DB) string {
	t.Helper()
	var out bytes.Buffer
	if _, err := knowledge.Export(context.Background(), d, knowledge.JSONL, &out); err != nil {
		t.Fatal(err)
	}
	page, err := knowledge.List(context.Background(), d, knowledge.Filter{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, item := range slices.Backward(page.Articles) {
		a, err := knowledge.Get(context.Background(), d, item.ID)
		if err != nil {
			t.Fatal(err)
		}
		c := a.Content
		list = append(list, c.Category+" | "+c.Question["zh"]+c.Question["en"]+" | "+c.Answer["zh"]+c.Answer["en"])
	}
	return strings.Join(list, "\n")
}

func TestImportDocuments(t *testing.T) {
	word := packed(t, "word/document.xml", `<w:document xmlns:w="w"><w:body><w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:r><w:t>怎么退款？</w:t></w:r></w:p><w:p><w:r><w:t>点退款。</w:t></w:r></w:p></w:body></w:document>`)
	for _, c := range []struct {
		name, file, want, articles string
		level                      int
	}{
		{"a.html", "<meta charset=gbk><h1>\xcd\xcb\xbf\xee</h1><h2>\xd4\xf5\xc3\xb4\xcd\xcb\xa3\xbf</h2><p>\xb5\xe3\xcd\xcb\xbf\xee</p>", "1 added", "退款 | 怎么退？ | 点退款", 2},
		{"a.htm", "<p>Only text</p><script>alert(1)</script>", "1 added", " | a | Only text", 0},
		{"a.docx", word, "1 added", " | 怎么退款？ | 点退款。", 2},
		{"a.md", "# A\n## How do I pay?\nBy card.\n## And then?\n", "1 added, 2 added", "A | And then? | \nA | How do I pay? | By card.", 2},
		{"a.md", "---\nquestion: 怎么付款？\ntags: [a, b]\nstatus: 草稿\ncategory: 付款/方式\n---\n\n刷卡。\n", "1 added", "付款/方式 | 怎么付款？ | 刷卡。", 2},
		{"a.zip", packed(t, "kb/.DS_Store", "x", "__MACOSX/kb/a.md", "x", "kb/付款/a.md", "# 怎么付款？\n刷卡。![p](p.png)", "kb/付款/p.png", "png", "kb/b.docx", word), "1 added, 1 added", "付款 | 怎么付款？ | 刷卡。![p](p.png)\n | 怎么退款？ | 点退款。", 2},
		{"hostile.zip", packed(t, "../../evil.md", "# x\ny", "a.exe", "MZ", "b.docx", "no archive", "c.md", "---\n\t:\n---\nx", "d.html", "", "e.md", "# ok\nfine"), "1 refused file, 1 refused file, 1 refused file, 1 refused file, 1 refused file, 1 added", " | ok | fine", 2},
	} {
		d := openSQLite(t)
		i, report := importFile(t, d, c.name, c.file, knowledge.ImportOptions{Heading: c.level})
		if got := outcomes(report); got != c.want || i.State != knowledge.ImportDone {
			t.Errorf("%s: %s, want %s: %+v", c.name, got, c.want, report.Rows)
		}
		if got := brief(t, d); got != c.articles {
			t.Errorf("%s: %q, want %q", c.name, got, c.articles)
		}
	}
}

func TestImportTellsOfPictures(t *testing.T) {
	_, report := importFile(t, openSQLite(t), "a.html", `<h1>Q</h1><p>A<img src="x/y.png"></p><h1>Empty</h1>`, knowledge.ImportOptions{})
	if !strings.Contains(report.Rows[0].Message, "x/y.png") || !strings.Contains(report.Rows[1].Message, "draft") {
		t.Errorf("%+v", report.Rows)
	}
}

func TestImportRefusesDocuments(t *testing.T) {
	for name, file := range map[string]string{"a.docx": "text", "a.zip": "text", "empty.zip": packed(t), "pictures.zip": packed(t, "a.png", "x"), "a.pdf": "%PDF", "a.doc": "x", "a.xlf": "<xliff/>", "bad.xlf": "<"} {
		_, _, err := knowledge.ImportFile(context.Background(), openSQLite(t), editor, name, strings.NewReader(file), knowledge.ImportOptions{})
		var invalid *knowledge.Invalid
		if !errors.As(err, &invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var invalid *knowledge.Invalid
	if _, _, err := knowledge.ImportFile(context.Background(), openSQLite(t), editor, "a.md", strings.NewReader("x"), knowledge.ImportOptions{Heading: 9}); !errors.As(err, &invalid) {
		t.Errorf("level 9: %v", err)
	}
}

func TestMarkdownFolderComesBack(t *testing.T) {
	d := openSQLite(t)
	awkward(t, d)
	file := export(t, d, knowledge.Markdown)
	if _, report := importFile(t, d, "kb.zip", file, knowledge.ImportOptions{}); report.Unchanged != len(report.Rows) || len(report.Rows) != 9 {
		t.Errorf("into the same database: %s %+v", outcomes(report), report.Rows)
	}
	other := openSQLite(t)
	if _, report := importFile(t, other, "kb.zip", file, knowledge.ImportOptions{}); report.Added != 9 {
		t.Errorf("into an empty one: %s", outcomes(report))
	}
	if first, second := export(t, d, knowledge.JSONL), export(t, other, knowledge.JSONL); first != second {
		t.Errorf("changed on the way:\n%s\n%s", first, second)
	}
}

func TestExportSome(t *testing.T) {
	d := openSQLite(t)
	importText(t, d, knowledge.JSONL, `{"key":"a","category":"x/y","tags":["t"],"question":"甲","answer":"1"}`+"\n"+`{"key":"b","category":"x","question":"乙","answer":"1"}`+"\n"+`{"key":"c","category":"x/z","question":"丙","status":"draft"}`)
	for _, c := range []struct {
		filter knowledge.Filter
		want   int
	}{{knowledge.Filter{}, 3}, {knowledge.Filter{Category: "x/y"}, 1}, {knowledge.Filter{Category: "x", Status: knowledge.Published}, 2}, {knowledge.Filter{Tag: "t"}, 1}, {knowledge.Filter{Tag: "none"}, 0}} {
		if n, err := knowledge.ExportSome(context.Background(), d, c.filter, knowledge.XLSX, io.Discard); err != nil || n != c.want {
			t.Errorf("%+v: %d, %v, want %d", c.filter, n, err, c.want)
		}
	}
}

func FuzzImportMarkdown(f *testing.F) {
	f.Add("---\nkey: a\nsimilar: [b]\nvalid_from: 2026-01-01\n---\nx")
	f.Add("# a\n## b\n![c](d)")
	d := openSQLite(f)
	f.Fuzz(func(t *testing.T, text string) {
		_, _, err := knowledge.ImportFile(context.Background(), d, editor, "a.md", strings.NewReader(text), knowledge.ImportOptions{DryRun: true})
		var invalid *knowledge.Invalid
		if err != nil && !errors.As(err, &invalid) {
			t.Fatal(err)
		}
	})
}
