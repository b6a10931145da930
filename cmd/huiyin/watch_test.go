package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// watch is what a node's own figures were over time.
type watch struct{ at, resident, live, goroutines []float64 }

// watchNode reads a node's figures until ctx ends; when it does not answer, the next time.
func watchNode(ctx context.Context, base string, every time.Duration) (w watch) {
	began := time.Now()
	client := &http.Client{Timeout: 5 * time.Second}
	for ctx.Err() == nil {
		figures := figuresOf(client, base)
		if figures["go_goroutines"] > 0 {
			w.at = append(w.at, time.Since(began).Hours())
			w.resident = append(w.resident, figures["process_resident_memory_bytes"]/(1<<20))
			w.live = append(w.live, liveHeap(figures))
			w.goroutines = append(w.goroutines, figures["go_goroutines"])
		}
		sleep(ctx, every)
	}
	return w
}

// liveHeap is what the last collection found in use, in MiB: with GOGC at 100 the next one comes at twice of that. What is resident
// says less: the garbage since then is in it, and what the runtime has not yet given back after the highest peak.
func liveHeap(figures map[string]float64) float64 {
	return figures["go_memstats_next_gc_bytes"] / 2 / (1 << 20)
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

// text tells each figure at the start, in the middle and at the end, its peak, and its slope over the second half.
func (w watch) text() string {
	if len(w.at) < 4 {
		return fmt.Sprintf("%d samples", len(w.at))
	}
	half, last := len(w.at)/2, len(w.at)-1
	of := func(name string, y []float64) string {
		return fmt.Sprintf("%s %.0f, %.0f, %.0f, at most %.0f, slope %+.1f an hour", name, y[0], y[half], y[last], slices.Max(y), slope(w.at[half:], y[half:]))
	}
	return strings.Join([]string{fmt.Sprintf("%d samples", len(w.at)), of("live heap MiB", w.live), of("goroutines", w.goroutines), of("resident MiB", w.resident)}, "; ")
}

// Of a node that is warm the live heap and the goroutines stay within these bounds of what they were, and their peaks within those.
const (
	samplesToJudge = 60
	growth         = 1.25
	roomMiB        = 16
	roomGoroutines = 100 // requests that wait while PostgreSQL does not answer
	peakMiB        = 96  // what comes at once when it answers again
)

// verdict tells what has grown. A figure goes up and down with the faults, so that medians are compared: that of the last quarter with
// that of the second one, in which the node has become warm.
func (w watch) verdict() error {
	if len(w.at) < samplesToJudge {
		return nil
	}
	var all []error
	grown := func(name string, y []float64, room float64) {
		if before, after := median(y[len(y)/4:len(y)/2]), median(y[len(y)*3/4:]); after > before*growth+room {
			all = append(all, fmt.Errorf("%s grew from %.0f to %.0f", name, before, after))
		}
	}
	grown("live heap", w.live, roomMiB)
	grown("goroutines", w.goroutines, roomGoroutines)
	if most, usual := slices.Max(w.live), median(w.live); most > 2*usual+peakMiB {
		all = append(all, fmt.Errorf("the live heap was %.0f MiB at once, where it is %.0f", most, usual))
	}
	return errors.Join(all...)
}

func median(y []float64) float64 {
	sorted := slices.Sorted(slices.Values(y))
	return sorted[len(sorted)/2]
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

func TestWatch(t *testing.T) {
	figure := func(of func(n int) float64) (y []float64) {
		for n := range 80 {
			y = append(y, of(n))
		}
		return y
	}
	saw := figure(func(n int) float64 { return 60 + float64(n%7)*10 })
	for _, c := range []struct {
		name             string
		live, goroutines []float64
		want             string
	}{
		{"up and down", saw, saw, ""},
		{"warming up", figure(func(n int) float64 { return 10 + min(float64(n), 20)*5 }), saw, ""},
		{"a leak", figure(func(n int) float64 { return 60 + float64(n)*2 }), saw, "live heap grew from 120 to 200"},
		{"goroutines that stay", saw, figure(func(n int) float64 { return 100 + float64(n)*10 }), "goroutines grew from 400 to 800"},
		{"one peak", figure(func(n int) float64 { return 60 + float64(n/79)*300 }), saw, "at once"},
		{"too short to tell", []float64{1, 100}, saw, ""},
	} {
		err := watch{at: c.live, resident: c.live, live: c.live, goroutines: c.goroutines}.verdict()
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	if got := liveHeap(map[string]float64{"go_memstats_next_gc_bytes": 128 << 20}); got != 64 {
		t.Errorf("%v MiB", got)
	}
}
