package mirror

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"huiyin/live"
)

// settings are versioned settings that say what to work on; "" for nothing, "broken" when they cannot be read.
type settings struct {
	mu      sync.Mutex
	version int64
	says    string
	begun   []string
	running int
	failed  int
	live    *live.Hub
}

func (s *settings) set(says string) {
	s.mu.Lock()
	s.version, s.says = s.version+1, says
	s.mu.Unlock()
	s.live.Pulse("settings")
}

func (s *settings) configured() Configured {
	return Configured{Live: s.live, Topic: "settings", Failed: func(error) { s.mu.Lock(); s.failed++; s.mu.Unlock() },
		Version: func(context.Context) (int64, error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			return s.version, nil
		},
		Work: func(context.Context) (int64, func(context.Context), error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			switch s.says {
			case "broken":
				return 0, nil, errors.New("broken")
			case "":
				return s.version, nil, nil
			}
			return s.version, s.work(s.says), nil
		}}
}

func (s *settings) work(says string) func(context.Context) {
	return func(ctx context.Context) {
		s.mu.Lock()
		s.begun = append(s.begun, says)
		s.running++
		s.mu.Unlock()
		<-ctx.Done()
		s.mu.Lock()
		s.running--
		s.mu.Unlock()
	}
}

func (s *settings) await(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		s.mu.Lock()
		ok := is()
		s.mu.Unlock()
		if ok {
			return
		}
	}
	t.Fatalf("%s did not come about; begun %q, running %d, failed %d", what, s.begun, s.running, s.failed)
}

func TestWorkFollowsTheSettings(t *testing.T) {
	s := &settings{live: live.NewHub(nil), says: "first"}
	ctx, end := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); s.configured().Run(ctx) }()
	s.await(t, "the first work", func() bool { return fmt.Sprint(s.begun) == "[first]" && s.running == 1 })
	s.set("second")
	s.await(t, "the second work alone", func() bool { return fmt.Sprint(s.begun) == "[first second]" && s.running == 1 })
	s.live.Pulse("settings") // nothing has changed
	s.set("")
	s.await(t, "no work", func() bool { return s.running == 0 })
	s.set("broken")
	s.await(t, "the failure being told", func() bool { return s.failed > 0 })
	s.set("third")
	s.await(t, "the third work", func() bool { return fmt.Sprint(s.begun) == "[first second third]" && s.running == 1 })
	end()
	<-done
	if s.running != 0 {
		t.Fatal("work goes on after the end")
	}
}
