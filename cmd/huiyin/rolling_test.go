package main

import (
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// oldProgram, in the environment, is the program of an earlier version for the rolling upgrade; without it the nodes are
// of this version, and it is a rolling restart.
const oldProgram = "HUIYIN_TEST_OLD_PROGRAM"

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

// Under load one node after the other is stopped in order and comes back, at first of the earlier version and then of this one:
// nothing is lost, doubled or out of order while both versions work on one database.
func TestFaultsOfARollingUpgrade(t *testing.T) {
	t.Parallel()
	c := startCluster(t)
	for _, n := range c.nodes {
		n.stop()
		n.binary = os.Getenv(oldProgram)
		n.start()
	}
	under(t, c.front.url(), c.key, c.inbox, max(crashRounds(t), 2*len(c.nodes)), func(round int, _ *rand.Rand) {
		n := c.nodes[round%len(c.nodes)]
		n.stop()
		n.binary = ""
		if round/len(c.nodes)%2 == 1 { // and back again, as when an upgrade is undone
			n.binary = os.Getenv(oldProgram)
		}
		n.start()
	})
	t.Logf("%s", c.nodes[0].call("ledger", "check"))
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
