package main

import (
	"cmp"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"huiyin/db/pgtest"
)

// oldProgram, in the environment, is the program of an earlier version for the rolling upgrade; without it the nodes are
// of this version, and it is a rolling restart. oldVersion says which version that is, or why there is none.
const (
	oldProgram = "HUIYIN_TEST_OLD_PROGRAM"
	oldVersion = "HUIYIN_TEST_OLD_VERSION"
)

// readyz is what the server says of its readiness; empty while nobody listens.
func (s *server) readyz() string {
	response, err := http.Get(s.url() + "/readyz")
	if err != nil {
		return ""
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return ""
	}
	return string(text)
}

// An installation of the earlier version is upgraded under load, one node after the other, which brings the database forward while the
// earlier version works on it; then one after the other goes back and comes again. Nothing is lost, doubled or out of order while
// both versions work on one database.
func TestFaultsOfARollingUpgrade(t *testing.T) {
	t.Parallel()
	old := os.Getenv(oldProgram)
	c := clusterOn(t, pgtest.URL(t), old)
	under(t, c.front.url(), c.key, c.inbox, max(crashRounds(t), 2*len(c.nodes)), func(round int, _ *rand.Rand) {
		n := c.nodes[round%len(c.nodes)]
		n.stop()
		n.binary = ""
		if round/len(c.nodes)%2 == 1 { // and back again, as when an upgrade is undone
			n.binary = old
		}
		n.start()
	})
	note := "a rolling restart, without an earlier version: " + cmp.Or(os.Getenv(oldVersion), "none is named")
	if old != "" {
		note = "from and to " + cmp.Or(os.Getenv(oldVersion), old)
	}
	noteFault(t, faultRow{Note: note})
	c.nodes[0].binary = ""
	t.Logf("%s\n%s", note, c.nodes[0].call("ledger", "check"))
}

// A node that is told to stop says that it is not ready while it still answers, so that nobody is sent to a closed door.
func TestNotReadyBeforeTheDoorCloses(t *testing.T) {
	t.Parallel()
	c := startCluster(t)
	s := c.nodes[0]
	for range 10 { // a machine that is busy may miss the moment
		stopped := make(chan struct{})
		go func() { defer close(stopped); s.stop() }()
		told := false
		for open := true; open; {
			select {
			case <-stopped:
				open = false
			case <-time.After(time.Millisecond):
				told = told || strings.HasPrefix(s.readyz(), "stopping")
			}
		}
		s.start()
		if told {
			return
		}
	}
	t.Error("it closes the door without a word")
}
