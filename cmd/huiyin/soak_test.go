package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"huiyin/db/pgtest"
)

// soakFor is how long the soak lasts: seconds, or as HUIYIN_SOAK says.
func soakFor(t *testing.T) time.Duration {
	t.Helper()
	text := os.Getenv("HUIYIN_SOAK")
	if text == "" {
		return 4 * time.Second
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < time.Second {
		t.Fatalf("HUIYIN_SOAK must be a time such as 2h, not %q", text)
	}
	return d
}

// untilWarm is how long a soak lasts at least for its memory to be judged: in a shorter one the node is still becoming warm.
const untilWarm = 10 * time.Minute

// soakFault is something that goes wrong and is right again when do returns.
type soakFault struct {
	name string
	do   func(chance *rand.Rand)
}

// faults are those that the first node lives through, and the second does not always.
func (c *cluster) faults(database *line) []soakFault {
	first, second := c.nodes[0], c.nodes[1]
	return []soakFault{
		{"the other node killed", func(*rand.Rand) { second.kill(); second.start() }},
		{"the other node stopped", func(*rand.Rand) { second.stop(); second.start() }},
		{"the other node frozen", func(chance *rand.Rand) { second.freeze(true); aWhile(chance); second.freeze(false) }},
		{"the node frozen", func(chance *rand.Rand) { first.freeze(true); aWhile(chance); first.freeze(false) }},
		{"Redis away", func(chance *rand.Rand) { c.redis.Stop(); aWhile(chance); c.redis.Again() }},
		{"Redis emptied", func(*rand.Rand) { _, _ = c.redis.Do("FLUSHALL"); _, _ = c.redis.Do("CLIENT KILL TYPE pubsub") }},
		{"PostgreSQL's line cut", func(*rand.Rand) { database.cut() }},
		{"PostgreSQL away", func(chance *rand.Rand) {
			database.set(lineState{away: true})
			database.cut()
			aWhile(chance)
			database.set(lineState{})
		}},
		{"PostgreSQL slow", func(chance *rand.Rand) {
			database.set(lineState{delay: 50 * time.Millisecond})
			aWhile(chance)
			database.set(lineState{})
		}},
		{"PostgreSQL silent", func(chance *rand.Rand) {
			database.set(lineState{silent: true})
			aWhile(chance)
			database.set(lineState{})
		}},
	}
}

// Two nodes under load, and one fault after the other at random, for as long as HUIYIN_SOAK says. Nothing accepted is lost, doubled or
// left unanswered; the memory and the goroutines of the node that is never killed are watched, and once it is warm they stay.
func TestSoak(t *testing.T) {
	t.Parallel()
	lasts := soakFor(t)
	database, address := databaseLine(t, pgtest.URL(t))
	c := clusterOn(t, address, "")
	seed := rand.Uint64()
	t.Logf("seed %d, %v", seed, lasts)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	begun, ended := make(chan struct{}), make(chan struct{})
	count := map[string]int{}
	done := 0
	go func() {
		defer close(ended)
		<-begun
		chance, faults := rand.New(rand.NewPCG(seed, 0)), c.faults(database)
		for end := time.Now().Add(lasts); time.Now().Before(end); done++ {
			f := faults[chance.IntN(len(faults))]
			f.do(chance)
			count[f.name]++
			time.Sleep(time.Duration(chance.Int64N(int64(3 * time.Second))))
		}
	}()
	watched := make(chan watch)
	go func() { <-begun; watched <- watchNode(ctx, c.nodes[0].url(), max(lasts/240, 250*time.Millisecond)) }()
	plan := loadPlan{base: c.front.url(), key: c.key, inbox: c.inbox, questions: []string{"怎么开电子发票？", "How do I switch on international roaming?", "PUK 码锁了怎么办？"},
		customers: 60, rate: 20, duration: lasts, agents: 2, started: func() { close(begun) },
		patience: 3 * time.Minute, drain: 2 * time.Minute, reconnect: 0.1, repeat: 0.1, seed: seed}
	report, err := plan.run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	<-ended
	stop()
	w := <-watched
	t.Logf("%s", report.text())
	row := report.row(done, seed)
	row.Note = w.text() + fmt.Sprint("; ", count)
	noteFault(t, row)
	t.Logf("%d faults: %s", done, row.Note)
	if err := report.verdict(); err != nil {
		t.Error(err)
	}
	if err := w.verdict(); err != nil && lasts >= untilWarm {
		t.Error(err)
	}
	if report.HandedOff > 0 || report.Answered != report.Accepted {
		t.Errorf("%d accepted, %d answered", report.Accepted, report.Answered)
	}
	t.Logf("%s", c.nodes[0].call("ledger", "check"))
}
