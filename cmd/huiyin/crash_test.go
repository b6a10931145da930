package main

import (
	"context"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"huiyin/db/pgtest"
)

// crashRounds is how often the server is killed: a few times, or as HUIYIN_CRASH_ROUNDS says.
func crashRounds(t *testing.T) int {
	t.Helper()
	return roundsOr(t, 3)
}

// roundsOr is as many rounds as HUIYIN_CRASH_ROUNDS says, or so few.
func roundsOr(t *testing.T, few int) int {
	t.Helper()
	text := os.Getenv("HUIYIN_CRASH_ROUNDS")
	if text == "" {
		return few
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("HUIYIN_CRASH_ROUNDS must be a number, not %q", text)
	}
	return n
}

func TestCrashOnSQLite(t *testing.T) {
	t.Parallel()
	crash(t, "")
}

func TestCrashOnPostgreSQL(t *testing.T) {
	t.Parallel()
	crash(t, pgtest.URL(t))
}

// crash kills the server at random moments under load and starts it again on the same data, while the same visitors
// go on. What was acknowledged must be there once, in order, shown once and answered, and the ledger must balance.
func crash(t *testing.T, databaseURL string) {
	rounds := crashRounds(t)
	s, inbox, key := furnished(t, databaseURL)
	seed := rand.Uint64()
	t.Logf("seed %d, %d rounds", seed, rounds)
	chance := rand.New(rand.NewPCG(seed, 0))
	killed := make(chan struct{})
	end := sync.OnceFunc(func() { close(killed) })
	defer end()
	plan := loadPlan{base: s.url(), key: key, inbox: inbox, questions: []string{"怎么开电子发票？", "How do I switch on international roaming?", "PUK 码锁了怎么办？"},
		customers: 90, rate: 90, until: killed, agents: 1,
		patience: 2 * time.Minute, drain: time.Minute, reconnect: 0.05, repeat: 0.1, seed: seed}
	done, started := make(chan loadReport), make(chan struct{})
	plan.started = func() { close(started) }
	go func() {
		defer close(done)
		report, err := plan.run(context.Background())
		if err != nil {
			t.Error(err)
			return
		}
		done <- report
	}()
	select {
	case <-started:
	case <-done:
		return
	}
	for range rounds {
		time.Sleep(time.Duration(chance.Int64N(int64(roundTime))))
		s.kill()
		s.start()
	}
	time.Sleep(afterwards)
	end()
	report, ok := <-done
	if !ok {
		return
	}
	t.Logf("%s", report.text())
	noteFault(t, report.row(rounds, seed))
	if err := report.verdict(); err != nil {
		t.Error(err)
	}
	if report.HandedOff > 0 || report.Answered != report.Accepted {
		t.Errorf("%d accepted, %d answered", report.Accepted, report.Answered)
	}
	t.Logf("%s", s.call("ledger", "check"))
}
