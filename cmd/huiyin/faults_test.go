package main

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"huiyin/db/pgtest"
)

// roundTime is the most that passes before the next fault; afterwards is how long the load goes on when all is well again.
const (
	roundTime  = 1500 * time.Millisecond
	afterwards = time.Second
)

// under is a load whose visitors insist while faults come, until the last one is over: what was acknowledged must be there once, in order, shown once
// and answered once.
func under(t *testing.T, base, key string, inbox int64, rounds int, fault func(round int, chance *rand.Rand)) loadReport {
	t.Helper()
	seed := rand.Uint64()
	t.Logf("seed %d, %d rounds", seed, rounds)
	started, ended := make(chan struct{}), make(chan struct{})
	plan := loadPlan{base: base, key: key, inbox: inbox, questions: []string{"怎么开电子发票？", "How do I switch on international roaming?", "PUK 码锁了怎么办？"},
		customers: 60, rate: 60, until: ended, agents: 2, started: sync.OnceFunc(func() { close(started) }),
		patience: 3 * time.Minute, drain: 2 * time.Minute, reconnect: 0.1, repeat: 0.1, seed: seed}
	go func() {
		defer close(ended)
		<-started
		chance := rand.New(rand.NewPCG(seed, 0))
		for round := range rounds {
			time.Sleep(time.Duration(chance.Int64N(int64(roundTime))))
			fault(round, chance)
		}
		time.Sleep(afterwards)
	}()
	report, err := plan.run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s", report.text())
	noteFault(t, report.row(rounds, seed))
	if err := report.verdict(); err != nil {
		t.Error(err)
	}
	if report.HandedOff > 0 || report.Answered != report.Accepted {
		t.Errorf("%d accepted, %d answered", report.Accepted, report.Answered)
	}
	return report
}

// aWhile is how long a fault lasts.
func aWhile(chance *rand.Rand) {
	time.Sleep(time.Duration(chance.Int64N(int64(1500 * time.Millisecond))))
}

func TestFaultsOfPostgreSQL(t *testing.T) {
	t.Parallel()
	to, address := databaseLine(t, pgtest.URL(t))
	s, inbox, key := furnished(t, address)
	faults := []func(chance *rand.Rand){
		func(*rand.Rand) { to.cut() },
		func(chance *rand.Rand) {
			to.set(lineState{away: true})
			to.cut()
			aWhile(chance)
			to.set(lineState{})
		},
		func(chance *rand.Rand) {
			to.set(lineState{delay: 50 * time.Millisecond})
			aWhile(chance)
			to.set(lineState{})
		},
		func(chance *rand.Rand) {
			to.set(lineState{silent: true})
			aWhile(chance)
			to.set(lineState{})
		},
	}
	under(t, s.url(), key, inbox, max(crashRounds(t), len(faults)), func(round int, chance *rand.Rand) { faults[round%len(faults)](chance) })
	t.Logf("%s", s.call("ledger", "check"))
}

// A server that is told to stop ends what it has in hand, within ten seconds, and goes on after the next start.
func TestFaultsOfStopping(t *testing.T) {
	t.Parallel()
	s, inbox, key := furnished(t, "")
	under(t, s.url(), key, inbox, crashRounds(t), func(int, *rand.Rand) { s.stop(); s.start() })
	t.Logf("%s", s.call("ledger", "check"))
}
