package main

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"huiyin/db"
	"huiyin/db/pgtest"
)

func TestMoveToPostgreSQL(t *testing.T) {
	t.Parallel()
	old := installation(t)
	before := digests(t, old)
	to := pgtest.URL(t)
	m := decode[moved](t, callWith("", "move", "--data", old.Data, "--to", to, "--json"))
	if m.Attachments != 50 || m.Tables != len(before) || m.Rows < 200 || exists(old.url()) || !exists(m.Kept) {
		t.Errorf("%+v", m)
	}
	next := where{Data: old.Data, DB: to}
	if after := digests(t, next); !maps.Equal(before, after) {
		t.Errorf("before %v, after %v", before, after)
	}
	must(t, callWith("", next.on("ledger", "check")...))
	converse(t, next, 1, 60, 70) // the ids go on
	if left, err := filepath.Glob(filepath.Join(old.Data, ".move-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func digests(t *testing.T, w where) (all map[string]db.TableDigest) {
	t.Helper()
	err := w.with(func(ctx context.Context, p *parts) (err error) {
		all, err = p.db.Digests(ctx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestMoveRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(t *testing.T, old where, to string)
		to      string
		says    string
	}{
		"another kind of database": {to: "elsewhere.db", says: "--to must be postgres://"},
		"a server that is away":    {to: "postgres://nobody@127.0.0.1:1/none", says: "127.0.0.1"},
		"a database in use": {says: "holds tables already", prepare: func(t *testing.T, _ where, to string) {
			must(t, callWith("", "migrate", "--data", t.TempDir(), "--db", to))
		}},
		"a server at work": {says: "another huiyin serves", prepare: func(t *testing.T, old where, _ string) {
			lock, err := lockFolder(old.Data)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = lock.Close() })
		}},
		"a file that is lost": {says: "of an attachment", prepare: func(t *testing.T, old where, _ string) { spoil(t, old, os.Remove) }},
		"a file that is damaged": {says: "other bytes", prepare: func(t *testing.T, old where, _ string) {
			spoil(t, old, func(path string) error { return os.WriteFile(path, []byte("other"), 0o600) })
		}},
	} {
		t.Run(name, func(t *testing.T) {
			old := installation(t)
			if c.to == "" {
				c.to = pgtest.URL(t)
			}
			if c.prepare != nil {
				c.prepare(t, old, c.to)
			}
			r := callWith("", "move", "--data", old.Data, "--to", c.to)
			if r.code == 0 || !strings.Contains(r.errs, c.says) || !exists(old.url()) {
				t.Errorf("code %d, %s", r.code, r.errs)
			}
		})
	}
}

// spoil does something to one of the files.
func spoil(t *testing.T, w where, do func(path string) error) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(w.Data, "attachments", "*", "*", "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	if err := do(files[0]); err != nil {
		t.Fatal(err)
	}
}
