package main

import (
	"archive/zip"
	"context"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"huiyin/db"
	"huiyin/db/pgtest"
)

// killer starts commands and kills them at random moments, which reach from the beginning to a little past the end.
type killer struct {
	*testing.T
	chance        *rand.Rand
	longest, most time.Duration // how late a kill comes at most; as late as the longest command that was seen, if not less
}

func newKiller(t *testing.T, rounds int) *killer {
	t.Helper()
	seed := rand.Uint64()
	t.Logf("seed %d, %d rounds", seed, rounds)
	noteFault(t, faultRow{Rounds: rounds, Seed: fmt.Sprint(seed)})
	return &killer{t, rand.New(rand.NewPCG(seed, 0)), 200 * time.Millisecond, 10 * time.Second}
}

// kill tells whether the command had ended before.
func (k *killer) kill(args ...string) (ended bool) {
	k.Helper()
	c := program(args...)
	if err := c.Start(); err != nil {
		k.Fatal(err)
	}
	began, done := time.Now(), make(chan error, 1)
	go func() { done <- c.Wait() }()
	select {
	case err := <-done:
		k.longest = time.Since(began) * 9 / 8
		if err != nil {
			k.Errorf("%s: %v", args[0], err)
		}
		return true
	case <-time.After(time.Duration(k.chance.Int64N(int64(k.longest)))):
		_ = c.Process.Kill()
		<-done
		k.longest = min(k.most, max(k.longest, time.Since(began)*5/4))
		return false
	}
}

const oldBackup = "testdata/2026-11-21.zip"

// ofThatDay puts the old backup into a database as it was that day, and does not bring it forward.
func ofThatDay(t *testing.T, at where) {
	t.Helper()
	ctx := context.Background()
	z, err := zip.OpenReader(oldBackup)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	m, err := readManifest(z)
	if err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(ctx, at.url(), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := (restoreCmd{where: at}).unpack(z); err != nil {
		t.Fatal(err)
	}
	if err := d.MigrateTo(ctx, m.Versions, migrations()...); err != nil {
		t.Fatal(err)
	}
	err = d.Restore(ctx, m.Tables, func(table string) (io.ReadCloser, error) { return z.Open("tables/" + table + ".jsonl") })
	if err != nil {
		t.Fatal(err)
	}
}

// A migration that is killed leaves a database that the next start brings forward, to the same rows as in one go.
func TestCrashDuringMigration(t *testing.T) {
	for name, database := range map[string]func(t *testing.T) string{"sqlite": func(*testing.T) string { return "" }, "postgres": func(t *testing.T) string { return pgtest.URL(t) }} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			whole := where{Data: t.TempDir(), DB: database(t)}
			ofThatDay(t, whole)
			must(t, callWith("", whole.on("migrate")...))
			want := digests(t, whole)
			rounds, cut := roundsOr(t, 2), 0
			k := newKiller(t, rounds)
			for range rounds {
				at := where{Data: t.TempDir(), DB: database(t)}
				ofThatDay(t, at)
				for range 2 { // the second time in what the first left
					if !k.kill(at.on("migrate")...) {
						cut++
					}
				}
				must(t, callWith("", at.on("migrate")...))
				if got := digests(t, at); !maps.Equal(got, want) {
					t.Errorf("after a kill there is %v, in one go %v", got, want)
				}
				must(t, callWith("", at.on("ledger", "check")...))
			}
			t.Logf("killed %d times", cut)
			noteFault(t, faultRow{Fault: "kill -9 in a migration, " + name, Note: fmt.Sprintf("killed %d times", cut)})
		})
	}
}

// A restore that is killed leaves nothing, or all, or a database that says what it is and is not opened.
func TestCrashDuringRestore(t *testing.T) {
	from := installation(t)
	file := filepath.Join(t.TempDir(), "b.zip")
	must(t, callWith("", from.on("backup", file, "--with-key")...))
	want := digests(t, from)
	for name, database := range map[string]func(t *testing.T) string{"sqlite": func(*testing.T) string { return "" }, "postgres": func(t *testing.T) string { return pgtest.URL(t) }} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rounds, left := roundsOr(t, 4), map[string]int{}
			k := newKiller(t, rounds)
			for range rounds {
				at := where{Data: filepath.Join(t.TempDir(), "data"), DB: database(t)}
				k.kill(at.on("restore", file)...)
				left[restored(t, at, file, want)]++
			}
			t.Logf("left behind: %v", left)
			noteFault(t, faultRow{Fault: "kill -9 in a restore, " + name, Note: fmt.Sprint("left behind: ", left)})
		})
	}
}

// restored tells what a restore left: nothing, a part that is refused, or all.
func restored(t *testing.T, at where, file string, want map[string]db.TableDigest) string {
	t.Helper()
	d, err := db.Open(context.Background(), at.url(), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	empty, err := d.Empty(context.Background())
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if empty {
		must(t, callWith("", at.on("restore", file)...))
		return "nothing"
	}
	checked := callWith("", at.on("ledger", "check")...)
	if checked.code == 0 {
		if got := digests(t, at); !maps.Equal(got, want) {
			t.Errorf("restored without a word: %v, not %v", got, want)
		}
		files, err := filepath.Glob(filepath.Join(at.Data, "attachments", "*", "*", "*"))
		if err != nil || len(files) != 50 {
			t.Errorf("%d files, %v", len(files), err)
		}
		return "all"
	}
	again := callWith("", at.on("restore", file)...)
	for _, got := range []answer{checked, again} {
		if got.code != exitFailed || !strings.Contains(got.errs, "was broken off") {
			t.Errorf("%+v", got)
		}
	}
	if at.DB == "" {
		if err := os.RemoveAll(at.Data); err != nil {
			t.Fatal(err)
		}
		must(t, callWith("", at.on("restore", file)...))
	}
	return "a part"
}
