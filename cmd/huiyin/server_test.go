package main

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"huiyin/db/forgetful"
	"huiyin/db/pgtest"
	"huiyin/live/freeport"
)

// asProgram, in the environment, makes the test binary the program itself, so that tests can kill it.
const asProgram = "HUIYIN_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	pgtest.Main(m)
}

// program is the program as a process of its own.
func program(args ...string) *exec.Cmd {
	c := exec.Command(os.Args[0], args...)
	c.Env = append(os.Environ(), asProgram+"=1")
	return c
}

// server is a serving process that may be killed and started again on the same data and port.
type server struct {
	*testing.T
	data, db, address string
	flags             []string        // of serve, beside those that name data and address
	binary            string          // the program; empty: this one
	disk              *forgetful.Disk // that holds the data; nil: the machine's

	process *exec.Cmd
	log     lockedBuffer

	recovery      time.Duration // the longest start
	drain         time.Duration // the longest stop in order
	before, after float64       // MiB of the first process when it began, and of the last
}

// newServer starts a server; databaseURL "" is SQLite in a fresh folder.
func newServer(t *testing.T, databaseURL string, flags ...string) *server {
	t.Helper()
	return startServer(t, &server{data: t.TempDir(), db: databaseURL, flags: flags})
}

func startServer(t *testing.T, s *server) *server {
	t.Helper()
	s.T, s.address = t, freeport.Address(t)
	t.Cleanup(func() {
		s.kill()
		s.noteServer()
		if t.Failed() {
			t.Logf("the server's log:\n%s", s.log.tail())
		}
	})
	s.start()
	return s
}

func (s *server) url() string { return "http://" + s.address }

// on adds the flags that name the server's data.
func (s *server) on(args ...string) []string { return s.where().on(args...) }

func (s *server) where() where { return where{Data: s.data, DB: s.db} }

// call runs a command beside the server; it must go well.
func (s *server) call(args ...string) string {
	s.Helper()
	if s.disk == nil && s.binary == "" {
		return must(s.T, callWith("", s.on(args...)...)).out
	}
	return must(s.T, callApart(s.program(args...))).out
}

// program is the server's own program with a command on its data.
func (s *server) program(args ...string) *exec.Cmd {
	c := program(s.on(args...)...)
	if s.binary != "" {
		c = exec.Command(s.binary, c.Args[1:]...)
	}
	return c
}

// callApart is callWith as a process of its own.
func callApart(c *exec.Cmd) answer {
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil && c.ProcessState == nil {
		return answer{code: -1, errs: err.Error()}
	}
	return answer{c.ProcessState.ExitCode(), out.String(), errs.String()}
}

func (s *server) start() {
	s.Helper()
	s.process = s.program(append([]string{"serve", "--listen", s.address}, s.flags...)...)
	s.process.Stdout, s.process.Stderr = &s.log, &s.log
	if err := s.process.Start(); err != nil {
		s.Fatal(err)
	}
	begun := time.Now()
	for time.Since(begun) < time.Minute {
		time.Sleep(20 * time.Millisecond)
		response, err := http.Get(s.url() + "/readyz")
		if err != nil {
			continue
		}
		_ = response.Body.Close()
		if response.StatusCode == http.StatusOK {
			s.served(time.Since(begun))
			return
		}
	}
	s.Fatalf("the server does not serve:\n%s", s.log.tail())
}

// kill ends the process at once, as a power cut would.
func (s *server) kill() {
	s.after = cmp.Or(resident(s.process.Process.Pid), s.after)
	_ = s.process.Process.Kill()
	_ = s.process.Wait()
}

// stop tells the process to stop, which it does in order.
func (s *server) stop() {
	begun := time.Now()
	s.after = cmp.Or(resident(s.process.Process.Pid), s.after)
	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil {
		s.Error(err)
	}
	if err := s.process.Wait(); err != nil {
		s.Errorf("it does not stop in order: %v", err)
	}
	s.drain = max(s.drain, time.Since(begun))
}

// furnished starts a server with a few articles, an inbox and a key for everything.
func furnished(t *testing.T, databaseURL string) (s *server, inbox int64, key string) {
	t.Helper()
	s = newServer(t, databaseURL)
	inbox, key = s.furnish()
	return s, inbox, key
}

// onDisk is furnished, on SQLite and on a disk that the test can cut off, fill and break.
func onDisk(t *testing.T) (s *server, inbox int64, key string) {
	t.Helper()
	disk := forgetful.Start(t)
	s = startServer(t, &server{disk: disk, data: filepath.Join(disk.Folder(), "data")})
	inbox, key = s.furnish()
	return s, inbox, key
}

func (s *server) furnish() (inbox int64, key string) {
	s.Helper()
	s.call("article", "import", writeFile(s.T, "articles.jsonl", smallKB))
	made := decode[shownInbox](s.T, answer{out: s.call("inbox", "create", "--kind", "webchat", "--name", "Web", "--json")})
	return made.ID, strings.TrimSpace(s.call("apikey", "create", "--name", "test", "--scope", "*"))
}

// lockedBuffer keeps what a process writes.
type lockedBuffer struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.all.Write(p)
}

func (b *lockedBuffer) whole() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.all.String()
}

func (b *lockedBuffer) tail() string {
	text := b.whole()
	if n := len(text); n > 6000 {
		text = fmt.Sprintf("… %s", text[n-6000:])
	}
	return text
}
