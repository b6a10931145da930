package db_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"huiyin/db"
	"huiyin/db/forgetful"
)

// copying is the environment of a process that does what it is told with the database there.
const copying = "HUIYIN_TEST_COPYING"

// A part of the log is copied while somebody reads, and the sync that is to make it durable fails later. Whatever is copied after that, a
// power cut loses nothing that was acknowledged.
func TestACopyingWhoseSyncFails(t *testing.T) {
	if path := os.Getenv(copying); path != "" {
		obey(t, openAt(t, path))
		return
	}
	for _, how := range [][2]string{{"copy", "copy"}, {"beside", "copy"}, {"copy", "beside"}} {
		t.Run(how[0]+" then "+how[1], func(t *testing.T) { copyFails(t, how[0], how[1]) })
	}
}

func copyFails(t *testing.T, part, rest string) {
	disk := forgetful.Start(t)
	path := disk.Folder() + "/notes.db"
	p := startCopying(t, path)
	p.does(t, "write a", "ok")
	p.does(t, "read", "ok")
	p.does(t, "write b", "ok")
	p.does(t, part, "ok") // what was there when the reader came
	p.does(t, "leave", "ok")
	disk.Fail(func(op forgetful.Op, name string) syscall.Errno {
		if op == forgetful.Sync && name == "notes.db" {
			return syscall.EIO
		}
		return 0
	})
	p.does(t, rest, "failed")
	disk.Fail(nil)
	p.does(t, "copy", "ok")
	p.does(t, "write c", "ok") // the log begins anew, over what was copied
	p.kill(t)
	if err := disk.Cut(rand.New(rand.NewPCG(1, 1)), forgetful.Nothing); err != nil {
		t.Fatal(err)
	}
	p = startCopying(t, path)
	defer p.kill(t)
	p.does(t, "check", fmt.Sprint("ok ", 3*notesEach))
}

// The log does not grow without end: the writer copies it back once it is long.
func TestALongLogIsCopied(t *testing.T) {
	path := t.TempDir() + "/notes.db"
	d := openAt(t, path)
	for n := range 40 {
		if err := insertNote(d, fmt.Sprint(n, strings.Repeat("long, ", 100_000))); err != nil { // and once more in the index
			t.Fatal(err)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Size() < 30<<20 {
		t.Errorf("the database has %d bytes, %v", info.Size(), err)
	}
}

const notesEach = 50

// obey does what the lines of the standard input say, and answers with a line each.
func obey(t *testing.T, d *db.DB) {
	leave := make(chan struct{})
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		what, which, _ := strings.Cut(in.Text(), " ")
		var err error
		said := "ok"
		switch what {
		case "write":
			for n := range notesEach {
				if err == nil {
					err = insertNote(d, fmt.Sprint(which, n, strings.Repeat(" and a page of its own", 200)))
				}
			}
		case "read":
			began := make(chan struct{})
			go func() {
				_ = d.Snapshot(context.Background(), func(from db.Querier) error {
					countNotes(t, from)
					close(began)
					<-leave
					return nil
				})
				close(leave)
			}()
			<-began
		case "leave":
			leave <- struct{}{}
			<-leave
		case "copy":
			err = d.CopyLog()
		case "beside":
			err = d.CopyLogBeside()
		case "check":
			if err = d.QueryRow(context.Background(), "PRAGMA integrity_check").Scan(&said); err == nil {
				said = fmt.Sprint(said, " ", countNotes(t, d))
			}
		}
		if err != nil {
			said = "failed: " + err.Error()
		}
		fmt.Println("> " + said)
	}
}

// copier is a process that obeys.
type copier struct {
	cmd *exec.Cmd
	in  io.Writer
	out *bufio.Scanner
}

func startCopying(t *testing.T, path string) *copier {
	t.Helper()
	p := &copier{cmd: exec.Command(os.Args[0], "-test.run=^TestACopyingWhoseSyncFails$")}
	p.cmd.Env = append(os.Environ(), copying+"="+path)
	in, err := p.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.in, p.out, p.cmd.Stderr = in, bufio.NewScanner(out), os.Stderr
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	return p
}

// does has the process do something, and compares how its answer begins.
func (p *copier) does(t *testing.T, what, want string) {
	t.Helper()
	if _, err := fmt.Fprintln(p.in, what); err != nil {
		t.Fatal(err)
	}
	for p.out.Scan() {
		if said, ok := strings.CutPrefix(p.out.Text(), "> "); ok {
			if !strings.HasPrefix(said, want) {
				t.Fatalf("%s: %q, not %q", what, said, want)
			}
			return
		}
	}
	t.Fatal("the process has ended at:", what)
}

func (p *copier) kill(t *testing.T) {
	t.Helper()
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait() // it was killed, which is no news
}
