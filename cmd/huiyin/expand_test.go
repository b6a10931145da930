package main

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

// contracts is what a node of the version before could not live with while both serve one database: something that it uses
// is gone or has another name, or a row that it writes is refused.
var contracts = regexp.MustCompile(`(?is)\bDROP\s+(TABLE|COLUMN)\b|\bRENAME\b|\bADD\s+COLUMN\s+(\w+)\s+[^,;]*\bNOT\s+NULL\b[^,;]*`)

// contracted are the migrations of before there was this rule.
var contracted = map[string]bool{"handoff/0006_desk.sql": true}

// A migration only adds, so that nodes of two versions can serve one database during an upgrade. What is no longer used goes
// in a version after the one that stopped using it: its migration is named in contracted, with the version in its comment.
func TestMigrationsOnlyAdd(t *testing.T) {
	for _, domain := range migrations() {
		names, err := fs.Glob(domain.Files, "*.sql")
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %q, %v", domain.Domain, names, err)
		}
		for _, name := range names {
			text, err := fs.ReadFile(domain.Files, name)
			if err != nil {
				t.Fatal(err)
			}
			if what := takesAway(string(text)); what != "" && !contracted[domain.Domain+"/"+name] {
				t.Errorf("%s/%s: %q is no use to a node of the version before", domain.Domain, name, what)
			}
		}
	}
}

func takesAway(migration string) string {
	for _, found := range contracts.FindAllString(migration, -1) {
		if !strings.Contains(strings.ToUpper(found), "DEFAULT") {
			return found
		}
	}
	return ""
}

func TestWhatTakesAway(t *testing.T) {
	for text, takes := range map[string]bool{
		"ALTER TABLE a ADD COLUMN b INTEGER NOT NULL DEFAULT 0;": false, "ALTER TABLE a ADD COLUMN b TEXT;": false, "CREATE TABLE a (b TEXT NOT NULL);": false,
		"ALTER TABLE a ADD COLUMN b INTEGER NOT NULL;": true, "ALTER TABLE a DROP COLUMN b;": true, "drop table a;": true, "ALTER TABLE a RENAME TO b": true,
	} {
		if got := takesAway(text) != ""; got != takes {
			t.Errorf("%s: %v", text, got)
		}
	}
}
