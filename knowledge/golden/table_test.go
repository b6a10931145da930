package golden_test

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"huiyin/db"
	"huiyin/knowledge"
	"huiyin/knowledge/golden"
	"huiyin/knowledge/sheet"
)

func (b *bench) reads(text string) ([]golden.TableRow, []golden.TableFault) {
	b.t.Helper()
	rows, faults, err := golden.ReadTable(context.Background(), b.DB, strings.NewReader(text), int64(len(text)), time.FixedZone("CST", 8*3600))
	b.must(err)
	return rows, faults
}

func TestTables(t *testing.T) {
	onBoth(t, func(b *bench) {
		rows, faults := b.reads("Question,Expected,Date,Language,Tier\n发票,#1,2026-11-30,中文,gold\nhello,,2026/1/2 14:00,English,\n没有,无,,,\n人,handoff,,,\n")
		if len(faults) > 0 || len(rows) != 4 {
			b.t.Fatalf("%+v %+v", rows, faults)
		}
		first := rows[0]
		if first.Number != 2 || first.Wanted == nil || first.Wanted.Article != 1 || first.Asked.Language != "zh" || first.Asked.Tier != "gold" ||
			!first.Asked.At.Equal(time.Date(2026, 11, 29, 16, 0, 0, 0, time.UTC)) {
			b.t.Errorf("%+v", first)
		}
		if rows[1].Wanted != nil || rows[1].Asked.Language != "en" || rows[2].Wanted.Expect != golden.ExpectNone || rows[3].Wanted.Expect != golden.ExpectHandoff {
			b.t.Errorf("%+v", rows)
		}
		if unsaid := golden.Unsaid(rows); len(unsaid) != 1 || unsaid[0].Row != 3 {
			b.t.Errorf("%+v", unsaid)
		}
		for text, field := range map[string]string{
			"question,expected\na,怎么开发票\n": "expected", // two articles have this title
			"question,expected\na,#999\n":  "expected",
			"question,expected\na,#x\n":    "expected",
			"question,date\na,tomorrow\n":  "date",
			"question,language\na,fr\n":    "language",
			"question,expected\n,none\n":   "question",
		} {
			if rows, faults := b.reads(text); len(rows) > 0 || len(faults) != 1 || faults[0].Field != field || faults[0].Row != 2 {
				b.t.Errorf("%q: %+v %+v", text, rows, faults)
			}
		}
		if rows, _ := b.reads("no heading,none\nanother,\n"); len(rows) != 2 || rows[0].Wanted == nil || rows[0].Number != 1 {
			b.t.Errorf("a table without heading: %+v", rows)
		}
		b.comesBack()
	})
}

// comesBack writes a table and reads it again.
func (b *bench) comesBack() {
	b.t.Helper()
	q := asks("=1+1", b.article[0])
	q.At, q.Note = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), "n"
	for _, kind := range []sheet.Kind{sheet.CSV, sheet.XLSX} {
		var out bytes.Buffer
		b.must(golden.WriteTable(context.Background(), b.DB, kind, &out, []golden.Question{q}))
		rows, faults, err := golden.ReadTable(context.Background(), b.DB, bytes.NewReader(out.Bytes()), int64(out.Len()), time.UTC)
		b.must(err)
		if len(faults) > 0 || len(rows) != 1 || rows[0].Asked.Question != "=1+1" || rows[0].Wanted.Article != b.article[0] || !rows[0].Asked.At.Equal(q.At) || rows[0].Note != "n" {
			b.t.Errorf("%s: %+v %+v", kind, rows, faults)
		}
	}
}

func FuzzReadTable(f *testing.F) {
	d, err := db.Open(context.Background(), filepath.Join(f.TempDir(), "f.db"), db.Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = d.Close() })
	if err := d.Migrate(context.Background(), knowledge.Migrations(), golden.Migrations()); err != nil {
		f.Fatal(err)
	}
	for _, text := range []string{"question,expected\na,none\n", "问题\t期望\n发票\t#1\n", "a,b,c,d,e,f,g,h\n\"x", "PK\x03\x04", ""} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		rows, _, err := golden.ReadTable(context.Background(), d, bytes.NewReader(text), int64(len(text)), time.UTC)
		for _, row := range rows {
			if err == nil && (strings.TrimSpace(row.Asked.Question) == "" || row.Number < 1) {
				t.Errorf("%+v", row)
			}
		}
	})
}
