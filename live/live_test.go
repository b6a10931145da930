package live_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"huiyin/live"
)

func TestPulsesAreJoinedAndTopicsApart(t *testing.T) {
	hub := live.NewHub(nil)
	s := hub.Subscribe("a", "b")
	other := hub.Subscribe("c")
	defer other.Close()
	for range 5 {
		hub.Pulse("a")
		hub.Pulse("b")
	}
	<-s.Pulses()
	select {
	case <-s.Pulses():
		t.Fatal("pulses were not joined")
	case <-other.Pulses():
		t.Fatal("a pulse of another topic")
	default:
	}
	s.Close()
	hub.Pulse("a")
	select {
	case <-s.Pulses():
		t.Fatal("a pulse after the end")
	default:
	}
}

func TestASlowReaderLosesTheOldestHints(t *testing.T) {
	hub := live.NewHub(nil)
	s := hub.Subscribe("a")
	defer s.Close()
	for i := range 100 {
		hub.Hint("a", []byte(strconv.Itoa(i)))
	}
	var last string
	for len(s.Hints()) > 0 {
		last = string(<-s.Hints())
	}
	if last != "99" {
		t.Fatalf("the newest hint is %s", last)
	}
}

type relay struct{ published []string }

func (r *relay) Publish(topic string, hint []byte) {
	r.published = append(r.published, topic+":"+string(hint))
}

func (r *relay) Want(topic string) { r.published = append(r.published, "want "+topic) }

func (r *relay) Drop(topic string) { r.published = append(r.published, "drop "+topic) }

func (r *relay) Elsewhere(_ context.Context, topic string) bool { return topic == "b" }

func TestARelayHearsWhatIsPublishedHere(t *testing.T) {
	r := &relay{}
	hub := live.NewHub(r)
	first, second := hub.Subscribe("a", "c"), hub.Subscribe("a")
	hub.Pulse("a")
	hub.Hint("a", []byte("typing"))
	hub.Deliver("a", []byte("from another node"))
	if ctx := t.Context(); !hub.Anybody(ctx, "a") || !hub.Anybody(ctx, "b") || hub.Anybody(ctx, "d") {
		t.Error("who reads where")
	}
	first.Close()
	second.Close()
	if got := strings.Join(r.published, ", "); got != "want a, want c, a:, a:typing, drop c, drop a" {
		t.Fatal(got)
	}
}

// log is a source that grows.
type log struct {
	mu   sync.Mutex
	last int
}

func (l *log) add(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last += n
}

func (l *log) after(_ context.Context, cursor string) (frames []live.Frame, next string, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n, err := strconv.Atoi(cursor)
	if err != nil {
		return nil, cursor, err
	}
	for ; n < l.last && len(frames) < 7; n++ {
		frames = append(frames, live.Frame{ID: strconv.Itoa(n + 1), Data: []byte(strconv.Itoa(n + 1))})
	}
	return frames, strconv.Itoa(n), nil
}

func serve(t *testing.T, hub *live.Hub, l *log) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = hub.Serve(w, r, []string{"log"}, live.Options{Cursor: r.URL.Query().Get("after"), Source: l.after, Poll: time.Hour,
			Hint: func(hint []byte) []byte {
				if string(hint) == "secret" {
					return nil
				}
				return hint
			}})
	}))
	t.Cleanup(func() { hub.Stop(); server.Close() })
	return server
}

func TestWebSocketResumesWithoutGapOrRepeat(t *testing.T) {
	hub, l := live.NewHub(nil), &log{}
	server := serve(t, hub, l)
	seen := 0
	for round := range 20 {
		l.add(round)
		conn, _, err := websocket.Dial(t.Context(), fmt.Sprintf("%s?after=%d", server.URL, seen), nil)
		if err != nil {
			t.Fatal(err)
		}
		l.add(3)
		hub.Pulse("log")
		for seen < l.last {
			_, data, err := conn.Read(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if string(data) != strconv.Itoa(seen+1) {
				t.Fatalf("got %s after %d", data, seen)
			}
			seen++
		}
		_ = conn.CloseNow()
	}
}

func TestServerSentEvents(t *testing.T) {
	hub, l := live.NewHub(nil), &log{}
	server := serve(t, hub, l)
	l.add(10)
	response, err := http.Get(server.URL + "?after=8")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if got := response.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Fatal(got)
	}
	lines := bufio.NewScanner(response.Body)
	next := func() string {
		for lines.Scan() {
			if line := lines.Text(); line != "" && !strings.HasPrefix(line, ":") {
				return line
			}
		}
		return "end"
	}
	for _, want := range []string{"id: 9", "data: 9", "id: 10", "data: 10"} {
		if got := next(); got != want {
			t.Fatalf("%q, want %q", got, want)
		}
	}
	hub.Hint("log", []byte("secret"))
	hub.Hint("log", []byte("typing"))
	if got := next(); got != "data: typing" {
		t.Fatal(got)
	}
	hub.Stop()
	if got := next(); got != "end" {
		t.Fatalf("after the stop: %q", got)
	}
}

func TestASourceIsAskedAgainOnlyAfterAFullBatch(t *testing.T) {
	for _, c := range []struct {
		name              string
		batch, has, asked int
	}{
		{"less than a batch", 5, 4, 1},
		{"nothing", 5, 0, 1},
		{"a batch just full", 5, 5, 2},
		{"several", 5, 12, 3},
		{"no batch given", 0, 4, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			asked := 0
			source := func(_ context.Context, cursor string) (frames []live.Frame, next string, err error) {
				asked++
				n, err := strconv.Atoi(cursor)
				for ; n < c.has && len(frames) < 5; n++ {
					frames = append(frames, live.Frame{Data: []byte("x")})
				}
				return frames, strconv.Itoa(n), err
			}
			hub := live.NewHub(nil)
			hub.Stop() // so the stream ends when it has caught up
			w := httptest.NewRecorder()
			err := hub.Serve(w, httptest.NewRequest(http.MethodGet, "/", nil), nil, live.Options{Cursor: "0", Source: source, Batch: c.batch})
			if err != nil || asked != c.asked || strings.Count(w.Body.String(), "data: x") != c.has {
				t.Fatalf("asked %d times, want %d; %v\n%s", asked, c.asked, err, w.Body)
			}
		})
	}
}

func TestAFailingSourceEndsTheStream(t *testing.T) {
	hub := live.NewHub(nil)
	server := serve(t, hub, &log{})
	response, err := http.Get(server.URL + "?after=nonsense")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	scanner := bufio.NewScanner(response.Body)
	for scanner.Scan() {
		if strings.HasPrefix(scanner.Text(), "data:") {
			t.Fatal(scanner.Text())
		}
	}
}
