package main

import (
	"context"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"huiyin/db/pgtest"
	"huiyin/live/redistest"
)

// nodeInside is a node within the test's own process, whose clock is wrong.
func nodeInside(t *testing.T, beside *server, redis string, wrong time.Duration) *node {
	t.Helper()
	w := beside.where()
	w.Data = t.TempDir()
	if err := copyKey(beside, &server{T: t, data: w.Data}); err != nil {
		t.Fatal(err)
	}
	w.Attachments = beside.data + "/attachments"
	w.now = func() time.Time { return time.Now().Add(wrong) }
	n, err := serveCmd{where: w, Listen: "127.0.0.1:0", Redis: redis, LogLevel: "error"}.build(t.Context(), streams{strings.NewReader(""), io.Discard, io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	n.log = slog.New(slog.DiscardHandler)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- n.serve(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := n.close(); err != nil {
			t.Error(err)
		}
	})
	return n
}

// Three nodes of which one is five minutes ahead and one five minutes behind: visitors write through one and read on another,
// while the right one is killed and frozen. Nothing is lost, doubled or out of order, and the wrong ones say so.
func TestFaultsOfClocks(t *testing.T) {
	t.Parallel()
	redis := redistest.Start(t)
	s, inbox, key := furnished(t, pgtest.URL(t))
	s.kill()
	s.flags = []string{"--redis", redis.URL()}
	s.start()
	ahead, behind := nodeInside(t, s, redis.URL(), 5*time.Minute), nodeInside(t, s, redis.URL(), -5*time.Minute)
	for _, n := range []*node{ahead, behind} {
		if note := readiness(t, n); !strings.HasPrefix(note, "ready\n") || !strings.Contains(note, "of the database's") {
			t.Errorf("the node says %q", note)
		}
	}
	front := balance(t, s.address, ahead.listener.Addr().String(), behind.listener.Addr().String())
	under(t, front.url(), key, inbox, crashRounds(t), func(round int, chance *rand.Rand) {
		if round%2 == 0 {
			s.kill()
			s.start()
			return
		}
		s.freeze(true)
		aWhile(chance)
		s.freeze(false)
	})
	out := s.call("ledger", "check")
	if !strings.Contains(out, "failed 0, uncertain 0") {
		t.Error("something was sent twice or not at all")
	}
	t.Logf("%s", out)
}

func readiness(t *testing.T, n *node) string {
	t.Helper()
	response, err := http.Get("http://" + n.listener.Addr().String() + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
