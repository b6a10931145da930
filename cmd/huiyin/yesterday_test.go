package main

import (
	"strings"
	"testing"

	"huiyin/db/pgtest"
)

// What an earlier version wrote opens in this one. Each file of testdata named by a date is a backup made that day: a
// web chat inbox with a secret, an article, a user and six questions with their answers.
func TestYesterdaysDataOpensToday(t *testing.T) {
	for _, day := range []string{"2026-11-21"} {
		for name, at := range map[string]where{"sqlite": {Data: t.TempDir()}, "postgres": {Data: t.TempDir(), DB: pgtest.URL(t)}} {
			t.Run(day+" "+name, func(t *testing.T) {
				must(t, callWith("", at.on("restore", "testdata/"+day+".zip")...))
				if got := must(t, callWith("", at.on("ledger", "check")...)); !strings.Contains(got.out, "received 6: answered 6") {
					t.Errorf("%+v", got)
				}
				if got := must(t, callWith("", at.on("user", "list")...)); !strings.Contains(got.out, "林晓") {
					t.Errorf("%+v", got)
				}
				converse(t, at, 1, 1, 20)
				must(t, callWith("", at.on("ledger", "check")...))
			})
		}
	}
}
