package main

import (
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestOneSectionStopsNoOther(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("BENCH_OUT", folder)
	measure := func(name string, err error) section {
		return section{name, func(_ io.Writer, f figures) error {
			f.set(name, "x", 1)
			return err
		}}
	}
	var out strings.Builder
	all := []section{measure("one", errors.New("no server")), measure("two", nil), measure("three", nil)}
	if err := run(&out, all, "one,two"); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "report.md"))
	if err != nil {
		t.Fatal(err)
	}
	for part, want := range map[string]bool{"Not measured to the end: one: no server": true, "| one | x | 1 |": true, "| two | x | 1 |": true, "| three |": false} {
		if strings.Contains(string(text), part) != want {
			t.Errorf("%q: %v", part, !want)
		}
	}
}

func TestPlanKeepsTheRate(t *testing.T) {
	due := plan(1000, 10*time.Second, rand.New(rand.NewPCG(1, 2)))
	if len(due) < 9_000 || len(due) > 11_000 || !slices.IsSorted(due) || due[len(due)-1] >= 10*time.Second {
		t.Errorf("%d moments", len(due))
	}
}

// TestOpenLoopCountsFromThePlan holds every answer up: with one connection the line behind it is counted.
func TestOpenLoopCountsFromThePlan(t *testing.T) {
	const held = 5 * time.Millisecond
	address := answering(t, func(w http.ResponseWriter, _ *http.Request) { time.Sleep(held); w.WriteHeader(http.StatusOK) })
	waits, err := openLoop(address, 1, 1000, 100*time.Millisecond, bareRequests(address, "/"))
	if err != nil || len(waits) == 0 {
		t.Fatal(len(waits), err)
	}
	if line := time.Duration(len(waits)/2) * held; waits[len(waits)-1] < line-100*time.Millisecond {
		t.Errorf("the last of %d waited %s, with %s before it", len(waits), waits[len(waits)-1], line)
	}
	if _, err := openLoop("127.0.0.1:1", 1, 1000, time.Millisecond, nil); err == nil {
		t.Error("nobody listens, and nothing is wrong")
	}
}

func TestPgbenchRate(t *testing.T) {
	rate, mean, err := pgbenchRate("number of failed transactions: 0 (0.000%)\nlatency average = 0.482 ms\ninitial connection time = 21 ms\ntps = 33170.512 (without initial connection time)\n")
	if rate != 33170.512 || mean != 0.482 || err != nil {
		t.Errorf("%v %v %v", rate, mean, err)
	}
	if _, _, err := pgbenchRate("pgbench: error: no such file"); err == nil {
		t.Error("no rate, and nothing is wrong")
	}
}

func TestMessagesFitTheirRequests(t *testing.T) {
	people := &visitors{address: "host", tokens: []string{"a", "b"}}
	first, second := string(people.request()), string(people.request())
	if first == second || !strings.Contains(first, "Bearer b") || !strings.Contains(second, "Bearer a") {
		t.Errorf("%s\n%s", first, second)
	}
	if head, body, _ := strings.Cut(first, "\r\n\r\n"); !strings.Contains(head, "Content-Length: ") || !strings.Contains(body, `"client_id":"c0`) {
		t.Errorf("%s", first)
	}
}
