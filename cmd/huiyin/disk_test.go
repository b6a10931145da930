package main

import (
	"math/rand/v2"
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
	under(t, s.url(), key, inbox, crashRounds(t), func(round int, chance *rand.Rand) {
		s.disk.Fail(sometimes(chance, syscall.EIO, 0.5, forgetful.Sync))
		aWhile(chance)
		s.kill()
		s.disk.Fail(nil)
		s.start()
		time.Sleep(500 * time.Millisecond)
		s.cut(chance, forgetful.Keep(round%2))
	})
	n := up.reconcile()
	t.Logf("%d files uploaded; %+v", n, s.disk.Counts())
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
