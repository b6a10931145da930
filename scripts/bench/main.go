// Command bench runs the rounds that the project's figures are about, ours and the bare loops beside them, and
// writes a report and a plot into $BENCH_OUT or a new temporary folder. It measures and tells; it changes nothing.
// $BENCH_ONLY, a list of sections with commas between them, measures these alone; $BENCH_BRIEF tries it out in a tenth of
// the time, with figures that mean little.
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

func main() {
	if len(os.Args) == 4 && os.Args[1] == bareArgument {
		fail(serveBare(os.Args[2], os.Args[3]))
	}
	fail(run(os.Stdout, sections(os.Getenv("HUIYIN_BIN")), os.Getenv("BENCH_ONLY")))
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// section is a part of the whole that can be measured alone.
type section struct {
	name    string
	measure func(out io.Writer, f figures) error
}

// sections are all of them in their order. Those of the product's program need it.
func sections(bin string) []section {
	all := []section{
		gotest("accept", "-bench", "Accept", "-benchtime", "1x", "./conversation"),
		gotest("inbox", "-bench", "Inbox|SavedCounts", "-benchtime", "1x", "./conversation"),
		gotest("hub", "-bench", "^Benchmark[^D]", "-benchtime", "1x", "./hub"),
		gotest("decision", "-bench", "Decision", "-benchtime", "3000x", "./hub"),
		gotest("screen", "-bench", "MessageToScreen", "-benchtime", "10000x", "./admin"),
		gotest("first page", "-bench", "FirstPage", "-benchtime", "2000x", "./admin"),
		gotest("channels", "-bench", "Callback|WechatTurn|SMPP|OptOut|Mail|Outbound", "-benchtime", "1x", "./cmd/huiyin"),
		gotest("fan-out", "-bench", "Fanout", "-benchtime", "1x", "./live"),
	}
	if bin == "" {
		return all
	}
	return append(all,
		section{"inbound", func(_ io.Writer, f figures) error { return measureInbound(bin, f) }},
		section{"postgres", func(_ io.Writer, f figures) error { return measurePostgres(bin, f) }},
		section{"start", func(_ io.Writer, f figures) error { return measureBinary(bin, f) }},
		section{"stored", func(_ io.Writer, f figures) error { return measureStored(bin, f) }},
		section{"crowd", func(_ io.Writer, f figures) error { return measureCrowd(bin, f) }},
	)
}

// run measures the sections, all or those named. One that cannot be measured is told in the report and stops no other.
func run(w io.Writer, all []section, only string) error {
	folder, err := outFolder()
	if err != nil {
		return err
	}
	var raw bytes.Buffer
	r := report{Machine: machine(), At: time.Now().UTC(), Figures: figures{}}
	for _, s := range all {
		if only != "" && !slices.Contains(strings.Split(only, ","), s.name) {
			continue
		}
		began := time.Now()
		if err := s.measure(io.MultiWriter(&raw, w), r.Figures); err != nil {
			r.Missing = append(r.Missing, fmt.Sprintf("%s: %v", s.name, err))
		}
		r.Figures.set("Bench", s.name+"-s", time.Since(began).Seconds())
		fmt.Fprintf(w, "== %s: %.0f s\n", s.name, time.Since(began).Seconds())
	}
	r.Figures.derive()
	for name, text := range map[string]string{"bench.txt": raw.String(), "report.md": r.markdown(), "accept.svg": plot(r.Figures)} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(w, "\n%s\nreport and plot: %s\n", r.markdown(), folder)
	return err
}

// lasting is how long something is measured.
func lasting(d time.Duration) time.Duration {
	if os.Getenv("BENCH_BRIEF") != "" {
		return d / 10
	}
	return d
}

// rounds are how often roads take turns.
func rounds(n int) int {
	if os.Getenv("BENCH_BRIEF") != "" {
		return max(1, n/5)
	}
	return n
}

func outFolder() (string, error) {
	if folder := os.Getenv("BENCH_OUT"); folder != "" {
		return folder, os.MkdirAll(folder, 0o755)
	}
	return os.MkdirTemp("", "huiyin-bench-")
}

// gotest is a section of Go's own benchmarks: those that measure whole rounds by themselves run once.
func gotest(name string, args ...string) section {
	return section{name, func(out io.Writer, f figures) error {
		var raw bytes.Buffer
		cmd := exec.Command("go", append([]string{"test", "-run", "^$", "-p", "1", "-timeout", "30m"}, args...)...)
		cmd.Stdout, cmd.Stderr = io.MultiWriter(&raw, out), os.Stderr
		err := cmd.Run()
		for name, metrics := range parse(raw.Bytes()) { // what came before a failure counts
			for unit, value := range metrics {
				f.set(name, unit, value)
			}
		}
		if err != nil {
			return fmt.Errorf("go test %s: %w", strings.Join(args, " "), err)
		}
		return nil
	}}
}

// machine says what the figures were measured on.
func machine() string {
	load, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		load = []byte("unknown")
	}
	return fmt.Sprintf("%d processors, %s/%s, %s, load %s", runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version(),
		strings.TrimSpace(string(load)))
}
