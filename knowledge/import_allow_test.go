package knowledge_test

import (
	"context"
	"strings"
	"testing"

	"huiyin/db"
	"huiyin/knowledge"
)

func TestImportKeepsToTheRules(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { importRules(t, openSQLite(t)) })
	t.Run("postgres", func(t *testing.T) { importRules(t, openPostgres(t)) })
}

func importRules(t *testing.T, d *db.DB) {
	const lines = `{"key":"a","category":"bills","question":{"en":"Bill?"},"answer":{"en":"In the app."}}
{"key":"b","category":"sim","question":{"en":"SIM?"},"answer":{"en":"In the shop."}}
`
	load := func(text string, o knowledge.ImportOptions) knowledge.Report {
		t.Helper()
		r, err := knowledge.ImportWith(context.Background(), d, editor, knowledge.JSONL, strings.NewReader(text), o)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	only := func(category string) knowledge.ImportOptions {
		return knowledge.ImportOptions{Allow: func(before, after knowledge.Content, live bool) error {
			if after.Category != category || before.Category != "" && before.Category != category || !live {
				return &knowledge.Invalid{Field: "category", Message: "not yours"}
			}
			return nil
		}}
	}
	if r := load(lines, only("bills")); r.Added != 1 || r.Refused != 1 || r.Rows[1].Field != "category" {
		t.Fatalf("%+v", r)
	}
	load(lines, knowledge.ImportOptions{})
	moved := strings.ReplaceAll(lines, `"sim"`, `"bills"`)
	if r := load(moved, only("bills")); r.Unchanged != 1 || r.Refused != 1 {
		t.Fatalf("moved out of another's category: %+v", r)
	}
	eyes(t, d, true)
	changed := strings.ReplaceAll(lines, "In the", "At the")
	if r := load(changed, knowledge.ImportOptions{}); r.Refused != 2 || r.Rows[0].Field != "status" {
		t.Fatalf("published without approval: %+v", r)
	}
	if r := load(changed, knowledge.ImportOptions{Draft: true}); r.Changed != 2 {
		t.Fatalf("as drafts: %+v", r)
	}
	if r := load(lines, knowledge.ImportOptions{}); r.Unchanged != 2 {
		t.Fatalf("what is live already: %+v", r)
	}
}
