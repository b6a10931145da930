package knowledge_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"huiyin/db"
	"huiyin/knowledge"
)

func importText(t testing.TB, d *db.DB, format knowledge.Format, text string) knowledge.Report {
	t.Helper()
	report, err := knowledge.Import(context.Background(), d, editor, format, strings.NewReader(text))
	if err != nil {
		t.Fatalf("import: %v\n%s", err, text)
	}
	return report
}

func export(t testing.TB, d *db.DB, format knowledge.Format) string {
	t.Helper()
	var out bytes.Buffer
	if _, err := knowledge.Export(context.Background(), d, format, &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// outcomes are a report in short: "2 added, 3 refused similar.zh".
func outcomes(r knowledge.Report) string {
	var list []string
	for _, row := range r.Rows {
		list = append(list, strings.TrimSpace(fmt.Sprintf("%d %s %s", row.Line, row.Outcome, row.Field)))
	}
	return strings.Join(list, ", ")
}

func TestImportRows(t *testing.T) {
	long := strings.Repeat("长", 501)
	for _, c := range []struct{ name, format, text, want string }{
		{"own form", "jsonl", `{"key":"a","category":"x/y","tags":["t"],"question":{"zh":"问","en":"Q"},"similar":{"zh":["别问"]},"answer":{"zh":"答","en":"A"},"status":"published"}`, "1 added"},
		{"simple form", "jsonl", `{"faq_id":"a","question":"问","answer":"答"}` + "\n\n" + `{"faq_id":7,"question":"How?","answer":"So."}`, "1 added, 3 added"},
		{"the same key twice", "jsonl", `{"key":"a","question":"问","answer":"答"}` + "\n" + `{"key":"a","question":"问","answer":"新答"}` + "\n" + `{"key":"a","question":"问","answer":"新答"}`, "1 added, 2 changed, 3 unchanged"},
		{"without key the question is the name", "jsonl", `{"question":"问","answer":"答"}` + "\n" + `{"question":"问","answer":"新答"}`, "1 added, 2 changed"},
		{"a bad line between good ones", "jsonl", `{"question":"一","answer":"1"}` + "\n{broken\n[]\nnull\n" + `{"question":"二","answer":"2"}`, "1 added, 2 refused line, 3 refused line, 4 refused question, 5 added"},
		{"fields of the wrong kind", "jsonl", `{"question":{"zh":["问"]}}` + "\n" + `{"question":"问","answer":{"zh":"答"}}` + "\n" + `{"question":"问","similar":"x"}` + "\n" + `{"key":5,"question":"问"}`,
			"1 refused question, 2 refused answer, 3 refused similar, 4 refused line"},
		{"refusals name the field", "jsonl", `{"question":{"zh":"问"},"similar":{"zh":["` + long + `"]}}` + "\n" + `{"question":"问","status":"live"}` + "\n" + `{"question":"问","status":"published"}` + "\n" + `{"key":"` + long + `","question":"问"}`,
			"1 refused similar.zh, 2 refused status, 3 refused answer, 4 refused key"},
		{"a line that is too long", "jsonl", `{"question":"` + strings.Repeat("x", 5<<20) + `"}` + "\n" + `{"question":"问","answer":"答"}`, "1 refused file, 2 added"},
		{"csv", "csv", "key,question,answer\na,问,答\n,How?,So.\n", "2 added, 3 added"},
		{"csv with mark, quotes and line breaks", "csv", "\ufeffkey,question,similar,answer\r\na,问,\"一\r\n二\",\"第一行\r\n\"\"第二\"\"行\"\r\nb,问二,三|四,答", "2 added, 5 added"},
		{"csv in Chinese with semicolons", "csv", "编号;分类;标签;问题;相似问题;答案\na;账务;热门、账单;问;;答\n", "2 added"},
		{"csv with tabs", "csv", "question\tanswer\n问\t答\n", "2 added"},
		{"two languages of one article", "csv", "key,language,question,answer\na,zh,问,答\na,en,How?,So.\n", "2 added"},
		{"two languages without key", "csv", "key,language,question,answer\n,zh,问,答\n^,en,How?,So.\n", "2 added"},
		{"nothing above", "csv", "key,question,answer\n^,问,答\na,问二,答\n", "2 refused key, 3 added"},
		{"empty rows and short rows", "csv", "key,question,answer\n\n,,\na\nb,问\n", "4 refused question, 5 added"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := outcomes(importText(t, openSQLite(t), knowledge.Format(c.format), c.text)); got != c.want {
				t.Errorf("%s\nwant %s", got, c.want)
			}
		})
	}
}

func TestImportRefusesWholeFiles(t *testing.T) {
	endless := io.MultiReader(strings.NewReader("key,question\n"), &repeat{text: "k,问\n"})
	for name, c := range map[string]struct {
		format knowledge.Format
		file   io.Reader
	}{
		"empty csv": {knowledge.CSV, strings.NewReader("")}, "csv without header": {knowledge.CSV, strings.NewReader("早,晚\n")},
		"a column twice": {knowledge.CSV, strings.NewReader("question,问题\n")}, "unknown form": {"pdf", strings.NewReader("")},
		"too large": {knowledge.CSV, endless},
	} {
		_, err := knowledge.Import(context.Background(), openSQLite(t), editor, c.format, c.file)
		var invalid *knowledge.Invalid
		if !errors.As(err, &invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// repeat is one cell that never ends.
type repeat struct{ text string }

func (r *repeat) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestFormatOf(t *testing.T) {
	for name, want := range map[string]knowledge.Format{"a.csv": knowledge.CSV, "A.CSV": knowledge.CSV, "b.jsonl": knowledge.JSONL, "c.xlsx": knowledge.XLSX, "c.XLSM": knowledge.XLSX, "c.xls": "", "d": "", "e.pdf": ""} {
		got, err := knowledge.FormatOf(name)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if _, err := knowledge.FormatOf("c.xls"); !strings.Contains(err.Error(), "CSV") || !strings.Contains(err.Error(), ".xlsx") {
		t.Errorf("xls is refused without a way out: %v", err)
	}
}

func TestImportEncodings(t *testing.T) {
	text := "key,question,answer\na,怎么开发票？,登录后开\n"
	for name, enc := range map[string]encoding.Encoding{"GBK": simplifiedchinese.GBK, "GB18030": simplifiedchinese.GB18030,
		"UTF-16": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "UTF-8": unicode.UTF8, "UTF-8 with mark": unicode.UTF8BOM} {
		coded, err := enc.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		d := openSQLite(t)
		importText(t, d, knowledge.CSV, coded)
		if a, err := knowledge.ByKey(context.Background(), d, "a"); err != nil || a.Title != "怎么开发票？" {
			t.Errorf("%s: %q, %v", name, a.Title, err)
		}
	}
}

// awkward are contents that a careless exchange would change.
func awkward(t *testing.T, d *db.DB) {
	telecom(t, d)
	create(t, d, "", content("=SUM(A1)", "- 第一\n- 第二\n\n\"引号\", 逗号", "一|二", "'=3"))
	c := content("@问", "+答", "只有一个|竖线")
	c.Tags = []string{"a,b"}
	create(t, d, "-key", c)
	c = content("问 <b>", "'单引号")
	c.Tags = []string{"x|y", "z"}
	a := publish(t, d, create(t, d, "both", c))
	if _, err := save(d, a, content("草稿", "草稿")); err != nil {
		t.Fatal(err)
	}
	gone := create(t, d, "gone", content("归档", "答"))
	write(t, d, func(tx *db.Tx) error {
		_, err := knowledge.Archive(context.Background(), tx, gone.ID, gone.Version)
		return err
	})
	create(t, d, "", knowledge.Content{Question: map[string]string{"zh": "双语", "en": "Bilingual"}, Answer: map[string]string{"en": "Only English"}})
}

func TestRoundTripChangesNothing(t *testing.T) {
	for _, format := range []knowledge.Format{knowledge.CSV, knowledge.XLSX, knowledge.JSONL} {
		d := openSQLite(t)
		awkward(t, d)
		first := export(t, d, format)
		report := importText(t, d, format, first)
		if report.Unchanged != len(report.Rows) || len(report.Rows) != 9 {
			t.Errorf("%s into the same database: %s\n%s", format, outcomes(report), first)
		}
		other := openSQLite(t)
		if report := importText(t, other, format, first); report.Added != 9 {
			t.Errorf("%s into an empty database: %s", format, outcomes(report))
		}
		if second := export(t, other, format); second != first && format != knowledge.XLSX {
			t.Errorf("%s changed on the way:\n%s\n%s", format, first, second)
		}
	}
}

func TestImportKeepsWhatAFileDoesNotSay(t *testing.T) {
	d := openSQLite(t)
	importText(t, d, knowledge.JSONL, `{"key":"a","category":"c","tags":["t"],"question":{"zh":"问","en":"Q"},"similar":{"zh":["旧"]},"answer":{"zh":"答","en":"A"},"status":"published"}`)
	importText(t, d, knowledge.JSONL, `{"faq_id":"a","question":"问","answer":"新答"}`)
	importText(t, d, knowledge.CSV, "key,language,question,answer\na,en,Q,New answer\n")
	a, err := knowledge.ByKey(context.Background(), d, "a")
	if err != nil || a.Content.Category != "c" || len(a.Content.Tags) != 1 || len(a.Content.Similar["zh"]) != 1 ||
		a.Content.Answer["zh"] != "新答" || a.Content.Answer["en"] != "New answer" || a.Status != knowledge.Published || a.Unpublished() {
		t.Errorf("%+v, %v", a, err)
	}
}

// filesComeBack is the part of the exchange that depends on the database.
func filesComeBack(t *testing.T, d *db.DB) {
	var file strings.Builder
	for i := range 95 {
		fmt.Fprintf(&file, `{"key":"k%d","question":"问题 %d","answer":"答"}`+"\n", i, i)
		if i%10 == 0 {
			file.WriteString("{}\n")
		}
	}
	if r := importText(t, d, knowledge.JSONL, file.String()); r.Added != 95 || r.Refused != 10 {
		t.Errorf("%d added, %d refused", r.Added, r.Refused)
	}
	if r := importText(t, d, knowledge.CSV, export(t, d, knowledge.CSV)); r.Unchanged != 95 || r.Refused != 0 {
		t.Errorf("coming back: %s", outcomes(r))
	}
	x, _ := openIndex(t, t.TempDir(), d)
	if got := top(ask(t, x, "问题 42", knowledge.Options{})); got != "k42" {
		t.Errorf("found %q", got)
	}
}

func fuzzImport(f *testing.F, format knowledge.Format, seeds ...string) {
	for _, s := range seeds {
		f.Add(s)
	}
	d := openSQLite(f)
	f.Fuzz(func(t *testing.T, text string) {
		report, err := knowledge.Import(context.Background(), d, editor, format, strings.NewReader(text))
		var invalid *knowledge.Invalid
		if err != nil && !errors.As(err, &invalid) {
			t.Fatalf("%v", err)
		}
		for _, row := range report.Rows {
			if row.Outcome == knowledge.Refused && row.Message == "" {
				t.Errorf("line %d is refused without a word", row.Line)
			}
		}
		var out bytes.Buffer
		if _, err := knowledge.Export(context.Background(), d, format, &out); err != nil {
			t.Fatal(err)
		}
		again, err := knowledge.Import(context.Background(), d, editor, format, &out)
		if err != nil || again.Refused+again.Added+again.Changed > 0 {
			t.Fatalf("what was exported does not come back unchanged: %s, %v", outcomes(again), err)
		}
		write(t, d, func(tx *db.Tx) (err error) {
			for _, table := range []string{"article_tags", "article_revisions", "articles"} {
				if _, err = tx.Exec(context.Background(), "DELETE FROM "+table); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

func FuzzImportCSV(f *testing.F) {
	fuzzImport(f, knowledge.CSV, "key,language,question,similar,answer\na,zh,问,一|二,答\n^,en,Q,,A\n", "question\n\"a\nb\"", "问题;标签\n'=1;a|b,c", "\ufeffquestion\tanswer\nx\ty", "\xff\xfeq", "question,status,key\nx,archived,^",
		"key,question,answer,audience,valid_from,valid_until,variants\na,问,答,内部,2026-01-01,2027-01-01T00:00:00+08:00,\"[{\"\"tier\"\":\"\"v\"\",\"\"answer\"\":{\"\"zh\"\":\"\"x\"\"}}]\"")
}

func FuzzImportJSONL(f *testing.F) {
	fuzzImport(f, knowledge.JSONL, `{"key":"a","question":{"zh":"问"},"similar":{"zh":["x"]},"answer":{"zh":"答"},"tags":["t"],"status":"draft"}`, `{"faq_id":1,"question":"q","answer":"a"}`, "null\n[]\n{", `{"question":{"zz-Zz":"x"}}`,
		`{"question":"q","answer":"a","audience":"internal","valid_from":"2026-01-01T00:00:00.5Z","variants":[{"channel":"c","answer":{"en":"b"}}]}`)
}
