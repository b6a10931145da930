package main

import (
	"bufio"
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

func TestCopyRows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "small.db")
	pool, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	for _, statement := range []string{
		"CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT)",
		"CREATE TABLE identities (id INTEGER PRIMARY KEY, contact_id INTEGER, conversation_id INTEGER, address TEXT UNIQUE)",
		"CREATE TABLE conversations (id INTEGER PRIMARY KEY, contact_id INTEGER, identity_id INTEGER, due_at INTEGER)",
		"CREATE TABLE messages (id INTEGER PRIMARY KEY, conversation_id INTEGER, seq INTEGER, source_id TEXT UNIQUE, due_at INTEGER, text TEXT)",
		"CREATE TABLE tallies (total INTEGER, unread INTEGER)",
		"INSERT INTO contacts VALUES (1, 'a'), (2, 'b')",
		"INSERT INTO identities VALUES (1, 1, 2, 'x'), (2, 2, 1, 'y')",
		"INSERT INTO conversations VALUES (1, 2, 2, 7), (2, 1, 1, NULL)",
		"INSERT INTO messages VALUES (1, 1, 1, 's1', 9, 'hello'), (2, 1, 2, 's2', NULL, 'again'), (3, 2, 1, 's3', NULL, 'hi')",
		"INSERT INTO tallies VALUES (2, 1)",
	} {
		if _, err := pool.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := copyRows(path, 5); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]int{
		"SELECT COUNT(*) FROM messages":                               15,
		"SELECT COUNT(*) FROM conversations WHERE due_at IS NOT NULL": 1,
		"SELECT total FROM tallies":                                   10,
		"SELECT COUNT(*) FROM identities i JOIN conversations c ON c.id = i.conversation_id AND c.identity_id = i.id AND c.contact_id = i.contact_id": 10,
		"SELECT COUNT(*) FROM messages m JOIN conversations c ON c.id = m.conversation_id WHERE m.text = 'again' AND m.seq = 2":                       5,
	} {
		var got int
		if err := pool.QueryRow(query).Scan(&got); err != nil || got != want {
			t.Errorf("%s: %d, want %d, %v", query, got, want, err)
		}
	}
	if err := copyRows(filepath.Join(t.TempDir(), "none.db"), 2); err == nil {
		t.Error("nothing is there to copy, and nothing is wrong")
	}
}

func TestArticlesAreLinesOfJSON(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.jsonl")
	if err := writeArticles(path, 300); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	seen := map[string]bool{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var a struct{ Question map[string]string }
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil || a.Question["zh"] == "" || seen[a.Question["zh"]] {
			t.Fatalf("%s: %v", lines.Text(), err)
		}
		seen[a.Question["zh"]] = true
	}
	if len(seen) != 300 {
		t.Errorf("%d articles", len(seen))
	}
}
