package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// flock are visitors who have the chat open, say nothing and come back by the widget's rule when the line is lost.
type flock struct {
	*server
	inbox int64
	api   loadAPI
	seed  uint64

	mu     sync.Mutex
	opened []time.Time // each stream that came to stand
	tries  []time.Time // each that was tried
	here   int
	moved  *sync.Cond
}

// comeBack and backOff are the widget's, of one who does not talk: channels/webchat/widget/src/core/backoff.ts.
func comeBack(chance float64) time.Duration {
	const soonest, latest = 500 * time.Millisecond, 8 * time.Second
	return soonest + time.Duration(float64(latest-soonest)*chance)
}

func backOff(tries int, chance float64) time.Duration {
	const first, longest = time.Second, 30 * time.Second
	full := min(longest, first<<max(0, min(tries, 16)-1))
	return time.Duration(float64(full) * (0.5 + chance/2))
}

// All sockets come back after a restart, spread over the time that the widget's back-off gives them, while others write.
func TestFaultsOfAHerd(t *testing.T) {
	t.Parallel()
	sockets := 300
	if os.Getenv("HUIYIN_CRASH_ROUNDS") != "" {
		sockets = 9000
	}
	s, _, key := furnished(t, "")
	made := decode[shownInbox](t, callWith("", s.on("inbox", "create", "--kind", "webchat", "--name", "Crowd", "--no-bot", "--json")...))
	f := &flock{server: s, inbox: made.ID, api: loadAPI{base: s.url(), key: key, client: loadClient()}, seed: rand.Uint64()}
	f.moved = sync.NewCond(&f.mu)
	ctx, stop := context.WithCancel(context.Background())
	var all sync.WaitGroup
	defer all.Wait()
	defer stop()
	t.Logf("seed %d", f.seed)
	f.comes(ctx, &all, sockets)
	for name, restart := range map[string]func(){"after kill -9": s.kill, "after SIGTERM": s.stop} {
		f.restarted(ctx, name, sockets, restart)
	}
}

// comes has so many visitors open a stream each.
func (f *flock) comes(ctx context.Context, all *sync.WaitGroup, sockets int) {
	f.Helper()
	tokens := make(chan string)
	var opening sync.WaitGroup
	const openers = 16
	for first := range openers {
		opening.Go(func() {
			for n := first; n < sockets; n += openers {
				tokens <- f.session(ctx)
			}
		})
	}
	go func() { opening.Wait(); close(tokens) }()
	n := uint64(0)
	for token := range tokens {
		n++
		chance := rand.New(rand.NewPCG(f.seed, n))
		all.Go(func() { f.stays(ctx, token, chance) })
	}
	f.until(int(n))
}

// session begins a visit, as often as it takes.
func (f *flock) session(ctx context.Context) string {
	var session struct{ Token string }
	for ctx.Err() == nil {
		if f.api.call(ctx, http.MethodPost, fmt.Sprintf("/chat/%d/session", f.inbox), "", map[string]string{"language": "en"}, &session) == nil {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	return session.Token
}

// stays keeps a stream open until ctx ends.
func (f *flock) stays(ctx context.Context, token string, chance *rand.Rand) {
	for tries := 0; ctx.Err() == nil; {
		f.mu.Lock()
		f.tries = append(f.tries, time.Now())
		f.mu.Unlock()
		conn, err := dial(ctx, f.url()+fmt.Sprintf("/chat/%d/stream", f.inbox), f.api.client, websocket.DialOptions{Subprotocols: []string{"huiyin.v1", "token." + token}})
		if tries++; err != nil {
			sleep(ctx, backOff(tries, chance.Float64()))
			continue
		}
		f.step(1)
		tries = 1
		for err == nil {
			_, _, err = conn.Read(ctx)
		}
		_ = conn.CloseNow()
		f.step(-1)
		sleep(ctx, comeBack(chance.Float64()))
	}
}

func (f *flock) step(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.here += n; n > 0 {
		f.opened = append(f.opened, time.Now())
	}
	f.moved.Broadcast()
}

// until waits until so many are there.
func (f *flock) until(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	late := time.AfterFunc(5*time.Minute, func() { f.Errorf("not all came back"); f.step(1 << 30) })
	defer late.Stop()
	for f.here < n {
		f.moved.Wait()
	}
}

// restarted ends the server and starts it again, and tells how all came back.
func (f *flock) restarted(ctx context.Context, name string, sockets int, end func()) {
	f.Helper()
	token := f.session(ctx)
	f.mu.Lock()
	f.opened, f.tries = nil, nil
	f.mu.Unlock()
	end()
	f.mu.Lock()
	for f.here > 0 {
		f.moved.Wait()
	}
	f.mu.Unlock()
	f.start()
	began, used := time.Now(), processorSeconds(f.process.Process.Pid)
	talking, hush := context.WithCancel(ctx)
	times := make(chan []time.Duration)
	go func() { times <- f.talks(talking, token) }()
	f.until(sockets)
	back := time.Since(began)
	used = processorSeconds(f.process.Process.Pid) - used
	hush()
	said := percentilesOf(<-times)
	f.mu.Lock()
	defer f.mu.Unlock()
	note := fmt.Sprintf("%s: %d sockets, all back after %.1f s, at most %d tries and %d openings within a second, %.1f s of processor; a message meanwhile %s",
		name, sockets, back.Seconds(), mostWithin(f.tries, time.Second), mostWithin(f.opened, time.Second), used, said)
	f.Log(note)
	if said.Count == 0 {
		f.Error("nobody could write meanwhile")
	}
	f.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
		noteFault(t, faultRow{Rounds: 1, Seed: fmt.Sprint(f.seed), Accepted: said.Count, Recovery: back.Seconds(), Note: note})
	})
}

// talks writes one message after the other and takes the times to the acknowledgements.
func (f *flock) talks(ctx context.Context, token string) (times []time.Duration) {
	for n := 0; ctx.Err() == nil || n == 0; n++ {
		if n%10 == 9 {
			token = f.session(ctx) // one visitor may not write so much
		}
		began := time.Now()
		err := f.api.call(context.WithoutCancel(ctx), http.MethodPost, fmt.Sprintf("/chat/%d/messages", f.inbox), token, map[string]string{"client_id": fmt.Sprint("herd-", began.UnixNano()), "text": "hello"}, nil)
		if err == nil {
			times = append(times, time.Since(began))
		}
		sleep(ctx, 20*time.Millisecond)
	}
	return times
}

// mostWithin is how many of the times lie within one span at most.
func mostWithin(all []time.Time, span time.Duration) (most int) {
	slices.SortFunc(all, time.Time.Compare)
	from := 0
	for n, at := range all {
		for at.Sub(all[from]) > span {
			from++
		}
		most = max(most, n-from+1)
	}
	return most
}

// processorSeconds is what a process has used of the processors; 0 where the system does not tell. Its unit is USER_HZ of Linux.
func processorSeconds(pid int) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	return (user + system) / 100
}
