package forgetful_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"huiyin/db/forgetful"
)

// on does things in a disk's folder; a step that fails ends the test.
type on struct {
	*testing.T
	*forgetful.Disk
}

func start(t *testing.T) on { return on{t, forgetful.Start(t)} }

func (o on) path(name string) string { return filepath.Join(o.Folder(), name) }

func (o on) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

func (o on) write(name, text string) {
	o.Helper()
	o.must(os.WriteFile(o.path(name), []byte(text), 0o600))
}

func (o on) sync(name string) {
	o.Helper()
	o.must(syncing(o.path(name)))
}

func syncing(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

func (o on) cut(keep forgetful.Keep) {
	o.Helper()
	o.must(o.Cut(rand.New(rand.NewPCG(1, 1)), keep))
}

// holds tells what a file holds; a file that is not there holds "-".
func (o on) holds(name string) string {
	o.Helper()
	content, err := os.ReadFile(o.path(name))
	if errors.Is(err, os.ErrNotExist) {
		return "-"
	}
	o.must(err)
	return string(content)
}

func TestWhatACutLeaves(t *testing.T) {
	for _, test := range []struct {
		name string
		do   func(o on)
		a, b string // what the files hold after the cut
	}{
		{"nothing was synced", func(o on) { o.write("a", "1") }, "-", "-"},
		{"the file was synced, its name was not", func(o on) { o.write("a", "1"); o.sync("a") }, "-", "-"},
		{"the name was synced, the file was not", func(o on) { o.write("a", "1"); o.sync("") }, "", "-"},
		{"both were synced", func(o on) { o.write("a", "1"); o.sync("a"); o.sync("") }, "1", "-"},
		{"written again", func(o on) { o.write("a", "1"); o.sync("a"); o.sync(""); o.write("a", "2") }, "1", "-"},
		{"written again and synced", func(o on) { o.write("a", "123"); o.sync("a"); o.sync(""); o.write("a", "4"); o.sync("a") }, "4", "-"},
		{"renamed", func(o on) { o.write("a", "1"); o.sync("a"); o.sync(""); o.must(os.Rename(o.path("a"), o.path("b"))) }, "1", "-"},
		{"renamed and synced", func(o on) {
			o.write("a", "1")
			o.sync("a")
			o.must(os.Rename(o.path("a"), o.path("b")))
			o.sync("")
		}, "-", "1"},
		{"removed", func(o on) { o.write("a", "1"); o.sync("a"); o.sync(""); o.must(os.Remove(o.path("a"))) }, "1", "-"},
		{"linked, synced and the first name removed", func(o on) {
			o.write("a", "1")
			o.sync("a")
			o.must(os.Link(o.path("a"), o.path("b")))
			o.sync("")
			o.must(os.Remove(o.path("a")))
			if got := o.holds("b"); got != "1" {
				o.Errorf("b holds %q", got)
			}
		}, "1", "1"},
		{"cut short", func(o on) { o.write("a", "123"); o.sync("a"); o.sync(""); o.must(os.Truncate(o.path("a"), 1)) }, "123", "-"},
		{"cut short and synced", func(o on) {
			o.write("a", "123")
			o.sync("")
			o.must(os.Truncate(o.path("a"), 1))
			o.must(os.Truncate(o.path("a"), 2))
			o.sync("a")
		}, "1\x00", "-"},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := start(t)
			test.do(o)
			o.cut(forgetful.Nothing)
			if a, b := o.holds("a"), o.holds("b"); a != test.a || b != test.b {
				t.Errorf("a holds %q, b holds %q; want %q and %q", a, b, test.a, test.b)
			}
		})
	}
}

// Whatever else survives, the bytes that were synced and not written since are there.
func TestSyncedBytesSurviveEveryCut(t *testing.T) {
	o := start(t)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	chance := rand.New(rand.NewPCG(seed, 0))
	const size = 40_000
	o.write("a", "")
	o.sync("")
	safe, since := make([]byte, size), make([]bool, size) // since: written after the last sync
	o.must(os.WriteFile(o.path("a"), safe, 0o600))
	o.sync("a")
	for range 30 {
		file, err := os.OpenFile(o.path("a"), os.O_RDWR, 0)
		o.must(err)
		for range chance.IntN(20) {
			at := chance.IntN(size)
			part := bytes.Repeat([]byte{byte(1 + chance.IntN(255))}, 1+chance.IntN(min(9000, size-at)))
			_, err := file.WriteAt(part, int64(at))
			o.must(err)
			for i := range part {
				since[at+i] = true
			}
			if chance.IntN(4) == 0 {
				o.must(file.Sync())
				safe, err = os.ReadFile(o.path("a"))
				o.must(err)
				clear(since)
			}
		}
		o.must(file.Close())
		o.must(o.Cut(chance, forgetful.Some))
		found := []byte(o.holds("a"))
		for i := range since {
			if !since[i] && found[i] != safe[i] {
				t.Fatalf("byte %d is %d, synced was %d", i, found[i], safe[i])
			}
		}
		safe = found
		clear(since)
	}
	if c := o.Counts(); c.LostPages == 0 || c.TornPages == 0 || c.Cuts != 30 {
		t.Errorf("%+v", c)
	}
}

func TestAFailedSyncLoses(t *testing.T) {
	o := start(t)
	o.write("a", "1")
	o.sync("a")
	o.sync("")
	o.write("a", "2")
	o.Fail(func(op forgetful.Op, _ string) syscall.Errno {
		if op == forgetful.Sync {
			return syscall.EIO
		}
		return 0
	})
	if err := syncing(o.path("a")); !errors.Is(err, syscall.EIO) {
		t.Fatal(err)
	}
	o.Fail(nil)
	o.sync("a") // says yes, and has nothing to write
	if got := o.holds("a"); got != "2" {
		t.Errorf("before the cut: %q", got)
	}
	o.cut(forgetful.Nothing)
	if got := o.holds("a"); got == "2" {
		t.Errorf("after the cut: %q", got)
	}
}

func TestFullAndFaulty(t *testing.T) {
	o := start(t)
	o.write("a", "1")
	o.SetRoom(8192)
	if err := os.WriteFile(o.path("b"), make([]byte, 20_000), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("a full disk: %v", err)
	}
	if n := len(o.holds("b")); n != 8192 {
		t.Errorf("%d bytes fitted in", n)
	}
	o.write("a", "2") // takes no more room than it had
	o.must(os.Remove(o.path("b")))
	o.must(os.WriteFile(o.path("c"), make([]byte, 8192), 0o600))
	o.SetRoom(-1)
	o.write("b", "3")
	for _, op := range []forgetful.Op{forgetful.Write, forgetful.Name, forgetful.Read} {
		o.Fail(func(at forgetful.Op, _ string) syscall.Errno {
			if at == op {
				return syscall.EIO
			}
			return 0
		})
		_, read := os.ReadFile(o.path("b"))
		failed := errors.Join(read, os.WriteFile(o.path("new for "+string(op)), []byte("x"), 0o600))
		if !errors.Is(failed, syscall.EIO) {
			t.Errorf("%s: %v", op, failed)
		}
		o.Fail(nil)
	}
}
