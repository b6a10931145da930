package knowledge_test

import (
	"context"
	"strings"
	"testing"

	"huiyin/knowledge"
)

func TestImportOptions(t *testing.T) {
	const first = `{"key":"a","question":"问","answer":"答"}`
	const second = `{"key":"a","question":"问","answer":"新答"}`
	for _, c := range []struct {
		name, before, text string
		options            knowledge.ImportOptions
		want               string
		status             knowledge.Status
		unpublished        bool
	}{
		{"a dry run adds nothing", "", first, knowledge.ImportOptions{DryRun: true}, "1 added", "", false},
		{"a dry run changes nothing", first, second, knowledge.ImportOptions{DryRun: true}, "1 changed", knowledge.Published, false},
		{"a draft is not published", "", first, knowledge.ImportOptions{Draft: true}, "1 added", knowledge.Draft, true},
		{"a draft stands beside what is published", first, second, knowledge.ImportOptions{Draft: true}, "1 changed", knowledge.Published, true},
		{"a draft does what the file says no more than a draft may", "", `{"key":"a","question":"问","answer":"答","status":"published"}`,
			knowledge.ImportOptions{Draft: true}, "1 added", knowledge.Draft, true},
		{"without options it is published", first, second, knowledge.ImportOptions{}, "1 changed", knowledge.Published, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := openSQLite(t)
			if c.before != "" {
				importText(t, d, knowledge.JSONL, c.before)
			}
			report, err := knowledge.ImportWith(context.Background(), d, editor, knowledge.JSONL, strings.NewReader(c.text), c.options)
			if err != nil || outcomes(report) != c.want {
				t.Fatalf("%s, %v, want %s", outcomes(report), err, c.want)
			}
			a, err := knowledge.ByKey(context.Background(), d, "a")
			if c.status == "" {
				if err == nil {
					t.Fatal("a dry run has written")
				}
				return
			}
			if err != nil || a.Status != c.status || a.Unpublished() != c.unpublished {
				t.Errorf("%s, unpublished %v, %v", a.Status, a.Unpublished(), err)
			}
		})
	}
}
