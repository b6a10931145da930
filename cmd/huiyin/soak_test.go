package main

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"strings"
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
// left unanswered; the memory and the goroutines of the node that is never killed are watched, and their slope is told.
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
	if report.HandedOff > 0 || report.Answered != report.Accepted {
		t.Errorf("%d accepted, %d answered", report.Accepted, report.Answered)
	}
	t.Logf("%s", c.nodes[0].call("ledger", "check"))
}

// watch is what a node's own figures were over time.
type watch struct{ at, resident, heap, goroutines []float64 }

// watchNode reads a node's figures until ctx ends; when it does not answer, the next time.
func watchNode(ctx context.Context, base string, every time.Duration) (w watch) {
	began := time.Now()
	client := &http.Client{Timeout: 5 * time.Second}
	for ctx.Err() == nil {
		figures := figuresOf(client, base)
		if figures["go_goroutines"] > 0 {
			w.at = append(w.at, time.Since(began).Hours())
			w.resident = append(w.resident, figures["process_resident_memory_bytes"]/(1<<20))
			w.heap = append(w.heap, figures["go_memstats_heap_inuse_bytes"]/(1<<20))
			w.goroutines = append(w.goroutines, figures["go_goroutines"])
		}
		sleep(ctx, every)
	}
	return w
}

func figuresOf(client *http.Client, base string) map[string]float64 {
	figures := map[string]float64{}
	response, err := client.Get(base + "/metrics")
	if err != nil {
		return figures
	}
	defer response.Body.Close()
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), " ")
		if n, err := strconv.ParseFloat(value, 64); err == nil {
			figures[name] = n
		}
	}
	return figures
}

// text tells each figure at the start, in the middle and at the end, and its slope over the second half.
func (w watch) text() string {
	if len(w.at) < 4 {
		return fmt.Sprintf("%d samples", len(w.at))
	}
	half, last := len(w.at)/2, len(w.at)-1
	of := func(name string, y []float64) string {
		return fmt.Sprintf("%s %.0f, %.0f, %.0f, slope %+.1f an hour", name, y[0], y[half], y[last], slope(w.at[half:], y[half:]))
	}
	return strings.Join([]string{fmt.Sprintf("%d samples", len(w.at)), of("resident MiB", w.resident), of("heap MiB", w.heap), of("goroutines", w.goroutines)}, "; ")
}

// slope is that of the straight line through points, by least squares.
func slope(x, y []float64) float64 {
	var meanX, meanY, over, under float64
	for n := range x {
		meanX, meanY = meanX+x[n]/float64(len(x)), meanY+y[n]/float64(len(y))
	}
	for n := range x {
		over += (x[n] - meanX) * (y[n] - meanY)
		under += (x[n] - meanX) * (x[n] - meanX)
	}
	if under == 0 {
		return 0
	}
	return over / under
}

func TestSlope(t *testing.T) {
	for _, c := range []struct {
		name string
		x, y []float64
		want float64
	}{
		{"rising", []float64{0, 1, 2}, []float64{5, 7, 9}, 2},
		{"flat", []float64{0, 1, 2}, []float64{4, 4, 4}, 0},
		{"flat with noise", []float64{0, 1, 2, 3}, []float64{4, 6, 6, 4}, 0},
		{"one moment", []float64{1, 1}, []float64{4, 6}, 0},
	} {
		if got := slope(c.x, c.y); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
