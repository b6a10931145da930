package knowledge_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"huiyin/db"
	"huiyin/knowledge"
	"huiyin/knowledge/sheet"
)

func look(t testing.TB, d *db.DB, name, file string, o knowledge.ImportOptions) (knowledge.Preview, error) {
	t.Helper()
	u, err := knowledge.Spool(name, strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = u.Close() }()
	return knowledge.Look(context.Background(), d, 7, u, o)
}

// columnsAreRemembered looks at a table, maps it, and looks at the next one of that kind.
func columnsAreRemembered(t *testing.T, d *db.DB) {
	file := table(t, sheet.XLSX, []string{"FAQ ID", "标准问", "Reply", "English answer", "Spalte"}, []string{"1", "甲", "一", "one", "?"})
	p, err := look(t, d, "a.xlsx", file, knowledge.ImportOptions{})
	if err != nil || fmt.Sprint(p.Guess) != "map[answer:2 answer.en:3 key:0 question:1]" || fmt.Sprint(p.Rows) != "[[1 甲 一 one ?]]" || len(p.Sheets) != 1 {
		t.Fatalf("%+v, %v", p, err)
	}
	write(t, d, func(tx *db.Tx) error {
		return knowledge.RememberColumns(context.Background(), tx, 7, p.Columns, map[string]int{"question": 1, "answer": 4})
	})
	if p, err = look(t, d, "b.xlsx", file, knowledge.ImportOptions{}); err != nil || fmt.Sprint(p.Guess) != "map[answer:4 question:1]" {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestLook(t *testing.T) {
	d := openSQLite(t)
	for _, c := range []struct{ name, file, want string }{
		{"a.csv", "编号;问题\n1;甲\n", "csv UTF-8 [编号 问题] map[key:0 question:1] [[1 甲]] [] [] false"},
		{"a.jsonl", `{"question":"甲","answer":"一"}` + "\n{}\n", "jsonl  [] map[] [] [{  甲 一} {   }] [] false"},
		{"a.html", "<h1>A</h1><h2>B</h2>b<h2>C</h2>c<h3>D</h3>d", "html  [] map[] [] [{a.html A B b} {a.html A C c\n\n**D**\n\nd}] [1 2 3] false"},
		{"a.csv", "article,key,revision,field,source zh,target en\n1,,1,question,甲,\n", "csv UTF-8 [article key revision field source zh target en] map[key:1] [[1  1 question 甲]] [] [] true"},
	} {
		p, err := look(t, d, c.name, c.file, knowledge.ImportOptions{})
		if got := fmt.Sprint(p.Format, " ", p.Encoding, " ", p.Columns, " ", p.Guess, " ", p.Rows, " ", p.Samples, " ", p.Headings, " ", p.Translation); got != c.want || err != nil {
			t.Errorf("%s: %q, %v\nwant %q", c.name, got, err, c.want)
		}
	}
	for name, file := range map[string]string{"a.csv": "", "a.xlsx": "\xd0\xcf\x11\xe0", "a.pdf": "x", "a.docx": "x", "b.csv": "\n\n"} {
		_, err := look(t, d, name, file, knowledge.ImportOptions{})
		var invalid *knowledge.Invalid
		if !errors.As(err, &invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
