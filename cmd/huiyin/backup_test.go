package main

import (
	"archive/zip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/db/pgtest"
)

// contents reads a zip file: name → content.
func contents(t *testing.T, path string) map[string]string {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	all := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all[f.Name] = string(content)
	}
	return all
}

func writeZip(t *testing.T, files map[string]string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "made.zip")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(file)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, files[name])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// converse puts messages into an inbox of the data, each with a file.
func converse(t *testing.T, w where, inboxID int64, from, to int) {
	t.Helper()
	err := w.with(func(ctx context.Context, p *parts) error {
		inbox, err := p.conversations.Inbox(ctx, p.db, inboxID)
		if err != nil {
			return err
		}
		return p.db.Tx(ctx, func(tx *db.Tx) error {
			for n := from; n < to; n++ {
				stored, err := p.files.Put(strings.NewReader(fmt.Sprint("picture ", n%50)), 100)
				if err != nil {
					return err
				}
				a, err := p.conversations.AddAttachment(ctx, tx, "visitor:a", "图.png", stored)
				if err != nil {
					return err
				}
				in := conversation.Incoming{SourceID: fmt.Sprint("s", n), Address: fmt.Sprint("a", n%20), Text: "“broadband” 宽带 \x01 <b>", Attachments: []int64{a.ID}}
				if _, err := p.conversations.RecordTx(ctx, tx, inbox, in); err != nil {
					return err
				}
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// installation is data at rest: an owner, an article, a key, an inbox with a secret and some talk.
func installation(t *testing.T) where {
	t.Helper()
	w := where{Data: t.TempDir()}
	for _, line := range []string{
		"user create --email a@example.com --name A --role owner --password-stdin",
		"apikey create --name k --scope *",
		"article import " + writeFile(t, "a.jsonl", smallKB),
		"inbox create --kind webchat --name Web --set identity_secret=0123456789abcdef",
	} {
		must(t, callWith("correct horse battery", w.on(strings.Fields(line)...)...))
	}
	converse(t, w, 1, 0, 60)
	return w
}

// on adds the flags that name the data.
func (w where) on(args ...string) []string {
	args = append(args, "--data", w.Data, "--db", w.DB)
	if w.Attachments != "" {
		args = append(args, "--attachments", w.Attachments)
	}
	return args
}

func TestBackupTravelsBetweenDatabases(t *testing.T) {
	t.Parallel()
	first := installation(t)
	places := []where{first, {Data: t.TempDir(), DB: pgtest.URL(t)}, {Data: t.TempDir()}}
	var backups []map[string]string
	for i, at := range places {
		file := filepath.Join(t.TempDir(), "backup.zip")
		m := decode[manifest](t, callWith("", at.on("backup", file, "--with-key", "--json")...))
		if m.Attachments != 50 || !m.Key || len(m.Tables) < 10 {
			t.Errorf("manifest %+v", m)
		}
		backups = append(backups, contents(t, file))
		if i+1 < len(places) {
			next := places[i+1]
			must(t, callWith("", next.on("restore", file)...))
			must(t, callWith("", next.on("ledger", "check")...))
		}
	}
	for _, b := range backups[1:] {
		sameBackup(t, backups[0], b)
	}
	for _, at := range places {
		converse(t, at, 1, 60, 80) // numbers go on where they were
		must(t, callWith("", at.on("ledger", "check")...))
		if list := must(t, callWith("", at.on("inbox", "list", "--json")...)); !strings.Contains(list.out, `"identity_secret":"••••••••"`) {
			t.Errorf("the secret cannot be read: %s", list.out)
		}
	}
}

// sameBackup compares every row of every table and every file.
func sameBackup(t *testing.T, a, b map[string]string) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(a)) {
		if strings.HasPrefix(name, "tables/migrations_") || name == "manifest.json" {
			continue // they tell the times of migrating and of the backup
		}
		one, other := a[name], b[name]
		if strings.HasPrefix(name, "tables/") { // rows of one first column stand in any order
			one, other = sorted(one), sorted(other)
		}
		if one != other {
			t.Errorf("%s differs:\n%.300s\n%.300s", name, one, other)
		}
	}
	if len(a) != len(b) {
		t.Errorf("%d tables and files, then %d", len(a), len(b))
	}
}

func sorted(lines string) string { return strings.Join(slices.Sorted(strings.Lines(lines)), "") }

func TestBackupWithoutTheKey(t *testing.T) {
	t.Parallel()
	from, to := installation(t), where{Data: t.TempDir()}
	file := filepath.Join(t.TempDir(), "b.zip")
	must(t, callWith("", from.on("backup", file)...))
	if _, has := contents(t, file)["secret.key"]; has {
		t.Error("the key is in the backup")
	}
	if got := must(t, callWith("", to.on("restore", file)...)); !strings.Contains(got.out, "has no secret.key: put yours into") {
		t.Errorf("%+v", got)
	}
	if got := callWith("", to.on("inbox", "list", "--json")...); got.code != exitFailed || !strings.Contains(got.errs, "restore secret.key or set them again") {
		t.Errorf("%+v", got)
	}
}

func TestBackupUnderLoad(t *testing.T) {
	t.Parallel()
	none := func(*testing.T) string { return "" }
	t.Run("sqlite", func(t *testing.T) { backUpUnderLoad(t, "", func(t *testing.T) string { return pgtest.URL(t) }) })
	t.Run("postgres", func(t *testing.T) { backUpUnderLoad(t, pgtest.URL(t), none) })
}

// backUpUnderLoad restores what it backs up into a database of the other kind, and compares every row and file: of the backup
// with a backup of what was restored, and of the backup with what the server has in the end.
func backUpUnderLoad(t *testing.T, databaseURL string, elsewhere func(t *testing.T) string) {
	s, inbox, key := furnished(t, databaseURL)
	up := uploads(t, s.url(), inbox)
	var taken []map[string]string
	plan := loadPlan{base: s.url(), key: key, inbox: inbox, questions: []string{"怎么开电子发票？"}, customers: 40, rate: 40, duration: 3 * time.Second,
		patience: time.Minute, drain: time.Minute, seed: 1}
	done := make(chan loadReport, 1)
	go func() {
		report, err := plan.run(context.Background())
		if err != nil {
			t.Error(err)
		}
		done <- report
	}()
	for n := range 2 {
		time.Sleep(900 * time.Millisecond)
		before := accounts(t, s.where())[0]
		file := filepath.Join(t.TempDir(), "b.zip")
		s.call("backup", file)
		to := where{Data: t.TempDir(), DB: elsewhere(t)}
		must(t, callWith("", to.on("restore", file)...))
		again := filepath.Join(t.TempDir(), "b.zip")
		must(t, callWith("", to.on("backup", again)...))
		taken = append(taken, contents(t, file))
		sameBackup(t, taken[n], contents(t, again))
		after := accounts(t, to)[0]
		if after.Received < before.Received || after.Received == 0 || after.Stored < before.Stored {
			t.Errorf("backup %d holds less than was there before it: %+v, %+v", n, after, before)
		}
	}
	if report := <-done; report.verdict() != nil {
		t.Errorf("%s", report.text())
	}
	files := up.reconcile()
	file := filepath.Join(t.TempDir(), "b.zip")
	s.call("backup", file)
	last := contents(t, file)
	for _, b := range taken {
		t.Logf("of %d files, %d things in the backup, %d bytes of messages", files, len(b), len(b["tables/messages.jsonl"]))
		for name, content := range b {
			if strings.HasPrefix(name, "attachments/") && last[name] != content {
				t.Errorf("%s is not what the server has", name)
			}
		}
		said, end := words(t, b), words(t, last)
		for id, row := range said {
			if end[id] != row {
				t.Errorf("message %s was %s and is %s", id, row, end[id])
			}
		}
	}
}

// words are what never changes of a backup's messages, by their id.
func words(t *testing.T, backup map[string]string) map[string]string {
	t.Helper()
	var columns []string
	all := map[string]string{}
	for line := range strings.Lines(backup["tables/messages.jsonl"]) {
		if columns == nil {
			if err := json.Unmarshal([]byte(line), &columns); err != nil {
				t.Fatal(err)
			}
			continue
		}
		var row []json.RawMessage
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatal(err)
		}
		text := ""
		for _, c := range []string{"id", "conversation_id", "seq", "sender", "source_id", "text", "created_at"} {
			text += " " + string(row[slices.Index(columns, c)])
		}
		all[string(row[slices.Index(columns, "id")])] = text
	}
	if len(all) == 0 {
		t.Error("no messages in the backup")
	}
	return all
}

// accounts is what the ledger of the data says; it must balance.
func accounts(t *testing.T, w where) []conversation.Account {
	t.Helper()
	l := decode[ledger](t, callWith("", w.on("ledger", "check", "--json")...))
	return l.Accounts
}

func TestCrashDuringBackup(t *testing.T) {
	t.Parallel()
	from := installation(t)
	folder := t.TempDir()
	file := filepath.Join(folder, "b.zip")
	whole, rounds := 0, roundsOr(t, 6)
	k := newKiller(t, rounds)
	for range rounds {
		k.kill(from.on("backup", file)...)
		if !exists(file) {
			continue
		}
		whole++
		to := where{Data: t.TempDir()}
		must(t, callWith("", to.on("restore", file)...))
		if got := accounts(t, to)[0]; got.Received != 60 {
			t.Errorf("after a kill: %+v", got)
		}
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d backups were there after the kill", whole)
	noteFault(t, faultRow{Fault: "kill -9 in a backup", Note: fmt.Sprintf("%d were whole, of the others there is nothing", whole)})
	must(t, callWith("", from.on("backup", file)...))
	must(t, callWith("", from.on("ledger", "check")...))
}

func TestRestoreRefuses(t *testing.T) {
	t.Parallel()
	from := installation(t)
	file := filepath.Join(t.TempDir(), "b.zip")
	must(t, callWith("", from.on("backup", file)...))
	good := contents(t, file)
	changed := func(change func(files map[string]string, m *manifest)) string {
		files := maps.Clone(good)
		var m manifest
		if err := json.Unmarshal([]byte(good["manifest.json"]), &m); err != nil {
			t.Fatal(err)
		}
		change(files, &m)
		text, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		files["manifest.json"] = string(text)
		return writeZip(t, files)
	}
	tests := []struct{ name, file, errs string }{
		{"no zip", writeFile(t, "x.zip", "not a zip"), "open the backup"},
		{"another zip", writeZip(t, map[string]string{"a": "b"}), "no backup of huiyin: it has no manifest"},
		{"another product", changed(func(_ map[string]string, m *manifest) { m.Product = "other" }), "its manifest cannot be read"},
		{"a newer format", changed(func(_ map[string]string, m *manifest) { m.Format++ }), "made by a newer version"},
		{"a newer database", changed(func(_ map[string]string, m *manifest) { m.Versions["conversation"] = 999 }), "made by a newer version (conversation is at 999"},
		{"a table that is missing", changed(func(f map[string]string, _ *manifest) { delete(f, "tables/messages.jsonl") }), "restore messages"},
		{"half a table", changed(func(f map[string]string, _ *manifest) {
			f["tables/messages.jsonl"] = f["tables/messages.jsonl"][:2000]
		}), "restore messages"},
		{"rows left out", changed(func(f map[string]string, _ *manifest) {
			lines := strings.SplitAfter(f["tables/messages.jsonl"], "\n")
			f["tables/messages.jsonl"] = strings.Join(lines[:len(lines)-2], "")
		}), "the backup is not whole"},
		{"a table that is SQL", changed(func(f map[string]string, m *manifest) {
			m.Tables[len(m.Tables)-1].Name = `x" (a) VALUES (1); DROP TABLE messages; --`
		}), "not one of ours"},
		{"a file outside the folder", changed(func(f map[string]string, _ *manifest) { f["attachments/../../outside"] = "x" }), "attachments/../../outside"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			parent := t.TempDir()
			to := where{Data: filepath.Join(parent, "data")}
			got := callWith("", to.on("restore", test.file)...)
			if got.code != exitFailed || !strings.Contains(got.errs, test.errs) || strings.Count(got.errs, "\n") != 1 {
				t.Errorf("%+v", got)
			}
			if left, err := os.ReadDir(parent); err != nil || len(left) > 1 {
				t.Errorf("written beside the folder: %v %v", left, err)
			}
		})
	}
	if got := callWith("", from.on("restore", file)...); got.code != exitFailed || !strings.Contains(got.errs, "holds data already") {
		t.Errorf("over data: %+v", got)
	}
}

func TestRestoreWhileServing(t *testing.T) {
	s, _, _ := furnished(t, "")
	file := filepath.Join(t.TempDir(), "b.zip")
	s.call("backup", file)
	if got := callWith("", s.on("restore", file)...); got.code != exitFailed || !strings.Contains(got.errs, "another huiyin serves from the folder") {
		t.Errorf("%+v", got)
	}
}
