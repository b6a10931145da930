// Command bench runs the rounds that the project's figures are about, ours and the bare loops beside them, and
// writes a report and a plot into $BENCH_OUT or a new temporary folder. It measures and tells; it changes nothing.
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// runs are the benchmarks with how long each goes on: those that measure whole rounds by themselves run once.
var runs = [][]string{
	{"-bench", ".", "-benchtime", "1x", "./conversation"},
	{"-bench", "^Benchmark[^D]", "-benchtime", "1x", "./hub"},
	{"-bench", "Decision", "-benchtime", "3000x", "./hub"},
	{"-bench", "MessageToScreen", "-benchtime", "10000x", "./admin"},
	{"-bench", "FirstPage", "-benchtime", "2000x", "./admin"},
	{"-bench", "Callback|WechatTurn|SMPP|OptOut|Mail", "-benchtime", "1x", "./cmd/huiyin"},
}

func main() {
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(w io.Writer) error {
	folder, err := outFolder()
	if err != nil {
		return err
	}
	raw, err := benchmarks(w)
	if err != nil {
		return err
	}
	figures := parse(raw)
	if bin := os.Getenv("HUIYIN_BIN"); bin != "" {
		if err := measureBinary(bin, figures); err != nil {
			return err
		}
		if err := measureCrowd(bin, figures); err != nil {
			return err
		}
	}
	report := report{Machine: machine(), At: time.Now().UTC(), Figures: figures}
	for name, text := range map[string]string{"bench.txt": string(raw), "report.md": report.markdown(), "accept.svg": plot(figures)} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(w, "\n%s\nreport and plot: %s\n", report.markdown(), folder)
	return err
}

func outFolder() (string, error) {
	if folder := os.Getenv("BENCH_OUT"); folder != "" {
		return folder, os.MkdirAll(folder, 0o755)
	}
	return os.MkdirTemp("", "huiyin-bench-")
}

// benchmarks runs them one package after another, so that none disturbs the other.
func benchmarks(w io.Writer) ([]byte, error) {
	var raw bytes.Buffer
	for _, run := range runs {
		args := append([]string{"test", "-run", "^$", "-p", "1", "-timeout", "30m"}, run...)
		cmd := exec.Command("go", args...)
		cmd.Stdout, cmd.Stderr = io.MultiWriter(&raw, w), os.Stderr
		if err := cmd.Run(); err != nil {
			return nil, fmt.Errorf("go %s: %w", strings.Join(args, " "), err)
		}
	}
	return raw.Bytes(), nil
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
