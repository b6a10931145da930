package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"huiyin/db/forgetful"
)

// A sync that failed is not made good by a later one. After it the process is killed and started again, goes on, and the
// power is cut: what was acknowledged after the failure must be there, although what failed stands before it in the log.
func TestFaultsOfSyncing(t *testing.T) {
	t.Parallel()
	s, inbox, key := onDisk(t)
	up := uploads(t, s.url(), inbox)
	under(t, s.url(), key, inbox, roundsOr(t, 2), func(round int, chance *rand.Rand) {
		s.disk.Fail(sometimes(chance, syscall.EIO, 0.5, forgetful.Sync))
		aWhile(chance)
		s.kill()
		s.disk.Fail(nil)
		s.start()
		time.Sleep(500 * time.Millisecond)
		s.cut(chance, forgetful.Keep(round%2))
	})
	n := up.reconcile()
	s.noteDisk("syncs fail, kill -9, power cut", n)
	t.Logf("%s", s.call("ledger", "check"))
}

// sometimes is a fault that comes by chance.
func sometimes(chance *rand.Rand, errno syscall.Errno, share float64, ops ...forgetful.Op) func(forgetful.Op, string) syscall.Errno {
	own := rand.New(rand.NewPCG(chance.Uint64(), 0))
	return func(op forgetful.Op, name string) syscall.Errno {
		for _, o := range ops {
			if o == op && !strings.HasSuffix(name, "-shm") && own.Float64() < share {
				return errno
			}
		}
		return 0
	}
}

// cut cuts the power and starts again.
func (s *server) cut(chance *rand.Rand, keep forgetful.Keep) {
	s.Helper()
	s.kill()
	if err := s.disk.Cut(chance, keep); err != nil {
		s.Fatal(err)
	}
	s.start()
}

// The disk runs full, or fails, at any call, under load. Callers are told to repeat, nothing is half written, and the process
// goes on by itself afterwards. In the end the power is cut.
func TestFaultsOfDisk(t *testing.T) {
	t.Parallel()
	s, inbox, key := onDisk(t)
	up := uploads(t, s.url(), inbox)
	faults := []func(chance *rand.Rand){
		func(chance *rand.Rand) { s.disk.SetRoom(chance.Int64N(200_000)) },
		func(chance *rand.Rand) { s.disk.Fail(sometimes(chance, syscall.ENOSPC, 0.3, forgetful.Write)) },
		func(chance *rand.Rand) {
			s.disk.Fail(sometimes(chance, syscall.EIO, 0.3, forgetful.Write, forgetful.Name))
		},
		func(chance *rand.Rand) { s.disk.Fail(sometimes(chance, syscall.EIO, 0.3, forgetful.Sync)) },
		func(chance *rand.Rand) { s.disk.Fail(sometimes(chance, syscall.EIO, 0.3, forgetful.Read)) },
	}
	under(t, s.url(), key, inbox, crashRounds(t), func(round int, chance *rand.Rand) {
		for n := range 2 {
			faults[(2*round+n)%len(faults)](chance)
			time.Sleep(time.Duration(chance.Int64N(int64(750 * time.Millisecond))))
			s.disk.SetRoom(-1)
			s.disk.Fail(nil)
		}
	})
	s.cut(rand.New(rand.NewPCG(1, 1)), forgetful.Nothing)
	n := up.reconcile()
	s.noteDisk("disk full, EIO at any call", n)
	t.Logf("%s", s.call("ledger", "check"))
	s.neverDied()
}

// neverDied looks for a process that ended by itself.
func (s *server) neverDied() {
	s.Helper()
	text := s.log.whole()
	for _, sign := range []string{"panic", "fatal error", "goroutine "} {
		if at := strings.Index(text, sign); at >= 0 {
			s.Errorf("it died:\n%.6000s", text[at:])
			return
		}
	}
}

// A full disk is told at once where it is asked for, and so is room.
func TestFaultsOfAFullDisk(t *testing.T) {
	t.Parallel()
	s, _, _ := onDisk(t)
	if got := s.says("/readyz"); got != "200 ready" {
		t.Fatal(got)
	}
	s.disk.SetRoom(0)
	s.wait("/readyz", "503 the database cannot store anything")
	for _, what := range []string{"database", "files"} {
		if got := s.says("/metrics"); !strings.Contains(got, `huiyin_storable{what="`+what+`"} 0`) {
			t.Errorf("the metrics do not tell of %s", what)
		}
	}
	s.disk.SetRoom(-1)
	s.wait("/readyz", "200 ready")
	s.disk.Fail(func(op forgetful.Op, name string) syscall.Errno {
		if op != forgetful.Read && name == ".probe" {
			return syscall.EDQUOT
		}
		return 0
	})
	s.wait("/readyz", "200 ready, but files cannot be stored")
	s.disk.Fail(nil)
	s.wait("/readyz", "200 ready")
}

// noteDisk reports what the disk did, and how many files were uploaded.
func (s *server) noteDisk(fault string, files int) {
	s.Helper()
	c := s.disk.Counts()
	s.Logf("%d files uploaded; %+v", files, c)
	noteFault(s.T, faultRow{Fault: fault, Note: fmt.Sprintf("%d files; %d cuts took %d pages and tore %d; %d calls failed", files, c.Cuts, c.LostPages, c.TornPages, c.Failed)})
}

// says is the status and the text of a page.
func (s *server) says(path string) string {
	s.Helper()
	response, err := http.Get(s.url() + path)
	if err != nil {
		s.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		s.Fatal(err)
	}
	return fmt.Sprintf("%d %s", response.StatusCode, strings.TrimSpace(string(text)))
}

// wait waits until a page says something.
func (s *server) wait(path, want string) {
	s.Helper()
	got := ""
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if got = s.says(path); got == want {
			return
		}
	}
	s.Fatalf("%s says %q, not %q", path, got, want)
}
