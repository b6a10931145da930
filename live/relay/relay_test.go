package relay_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"huiyin/live"
	"huiyin/live/redistest"
	"huiyin/live/relay"
)

// node is one node's hub with its line to the others.
type node struct {
	*live.Hub
	line *relay.Relay
}

func start(t *testing.T, address, installation string) node {
	t.Helper()
	r, err := relay.Open(address, installation, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	n := node{live.NewHub(r), r}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); r.Run(ctx, n.Hub) }()
	t.Cleanup(func() { cancel(); <-ended })
	return n
}

func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if so() {
			return
		}
	}
	t.Fatalf("it did not come about: %s", what)
}

func (n node) connected(t *testing.T) {
	t.Helper()
	eventually(t, "connected", n.line.Connected)
}

// reads subscribes, and waits until the topic is heard on the line, which shows as a pulse.
func (n node) reads(t *testing.T, topic string) *live.Subscription {
	t.Helper()
	s := n.Subscribe(topic)
	t.Cleanup(s.Close)
	pulse(t, s)
	return s
}

func pulse(t *testing.T, s *live.Subscription) {
	t.Helper()
	select {
	case <-s.Pulses():
	case <-time.After(30 * time.Second):
		t.Fatal("no pulse")
	}
}

func hint(t *testing.T, s *live.Subscription, want string) {
	t.Helper()
	select {
	case got := <-s.Hints():
		if string(got) != want {
			t.Fatalf("got %q, not %q", got, want)
		}
	case <-time.After(30 * time.Second):
		t.Fatalf("no hint %q", want)
	}
}

func silent(t *testing.T, s *live.Subscription) {
	t.Helper()
	select {
	case <-s.Pulses():
		t.Error("a pulse")
	case got := <-s.Hints():
		t.Errorf("a hint %q", got)
	default:
	}
}

func TestNodesHearEachOther(t *testing.T) {
	redis := redistest.Start(t)
	a, b, stranger := start(t, redis.URL(), "one"), start(t, redis.URL(), "one"), start(t, redis.URL(), "two")
	for _, n := range []node{a, b, stranger} {
		n.connected(t)
	}
	here, there, elsewhere := a.reads(t, "conversation:1"), b.reads(t, "conversation:1"), stranger.reads(t, "conversation:1")
	other := b.reads(t, "conversation:2")
	a.Pulse("conversation:1")
	pulse(t, here)
	pulse(t, there)
	for n := range 100 {
		a.Hint("conversation:1", fmt.Appendf(nil, "typing %d", n))
		hint(t, there, fmt.Sprint("typing ", n))
		hint(t, here, fmt.Sprint("typing ", n))
	}
	b.Hint("conversation:1", []byte("回"))
	hint(t, here, "回")
	hint(t, there, "回")
	for _, s := range []*live.Subscription{here, there, elsewhere, other} {
		silent(t, s)
	}
}

func TestReadersElsewhereAreKnown(t *testing.T) {
	redis := redistest.Start(t)
	a, b := start(t, redis.URL(), "one"), start(t, redis.URL(), "one")
	a.connected(t)
	b.connected(t)
	s := b.Subscribe("visitor:1")
	eventually(t, "a sees b's reader", func() bool { return a.Anybody(t.Context(), "visitor:1") })
	pulse(t, s)
	if b.line.Elsewhere(t.Context(), "visitor:1") {
		t.Error("its own reader is elsewhere")
	}
	own := a.reads(t, "visitor:1")
	s.Close()
	eventually(t, "b's reader has gone", func() bool { return !a.line.Elsewhere(t.Context(), "visitor:1") })
	if !a.Anybody(t.Context(), "visitor:1") {
		t.Error("its own reader is nobody")
	}
	own.Close()
	eventually(t, "nobody is left", func() bool { return !b.Anybody(t.Context(), "visitor:1") })
}

func TestRedisGoesAndComesBack(t *testing.T) {
	for name, c := range map[string]struct{ away, back func(*redistest.Server) }{
		"killed":  {(*redistest.Server).Stop, (*redistest.Server).Again},
		"frozen":  {(*redistest.Server).Freeze, (*redistest.Server).Thaw},
		"cut off": {func(s *redistest.Server) { _, _ = s.Do("CLIENT KILL TYPE pubsub") }, func(*redistest.Server) {}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			redis := redistest.Start(t)
			a, b := start(t, redis.URL(), "one"), start(t, redis.URL(), "one")
			a.connected(t)
			b.connected(t)
			there := b.reads(t, "conversation:1")
			c.away(redis)
			if name != "cut off" {
				eventually(t, "b notices", func() bool { return !b.line.Connected() })
				for range 10_000 { // nobody waits for Redis
					a.Pulse("conversation:1")
				}
				if a.Anybody(t.Context(), "conversation:1") {
					t.Error("who is elsewhere is not known now")
				}
			}
			c.back(redis)
			pulse(t, there) // whatever was missed
			eventually(t, "a's words arrive again", func() bool {
				a.Hint("conversation:1", []byte("again"))
				select {
				case got := <-there.Hints():
					return string(got) == "again"
				case <-time.After(20 * time.Millisecond):
					return false
				}
			})
		})
	}
}

func TestRedisThatIsNotThereYet(t *testing.T) {
	redis := redistest.Start(t)
	redis.Stop()
	n := start(t, redis.URL(), "one")
	s := n.Subscribe("a")
	n.Hint("a", []byte("here it works"))
	hint(t, s, "here it works")
	redis.Again()
	n.connected(t)
	pulse(t, s)
}

func TestAddresses(t *testing.T) {
	for address, fine := range map[string]bool{"redis://127.0.0.1:6379/1": true, "rediss://u:p@redis.example:6380": true, "127.0.0.1:6379": false, "http://x": false, "": false} {
		if _, err := relay.Open(address, "i", slog.New(slog.DiscardHandler)); (err == nil) != fine {
			t.Errorf("%s: %v", address, err)
		}
	}
}
