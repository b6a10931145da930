package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// reportTo, in the environment, names the file to which each test of a fault adds what it found; scripts/faults-report.mjs puts
// the lines of a test together and writes one row of them.
const reportTo = "HUIYIN_FAULTS_REPORT"

// faultRow is what became of what was accepted while a fault came again and again.
type faultRow struct {
	Fault      string  `json:"fault,omitempty"` // in words; the test's name where empty
	Rounds     int     `json:"rounds,omitempty"`
	Seed       string  `json:"seed,omitempty"`
	Accepted   int     `json:"accepted,omitempty"` // or stored, or queued: what must not be lost
	Lost       int     `json:"lost,omitempty"`
	Doubled    int     `json:"doubled,omitempty"`
	Disordered int     `json:"disordered,omitempty"`
	Uncertain  int     `json:"uncertain,omitempty"`
	Stuck      int     `json:"stuck,omitempty"`
	Recovery   float64 `json:"recovery_s,omitempty"` // the longest, from the end of the fault until it serves again
	Drain      float64 `json:"drain_s,omitempty"`    // the longest stop in order
	Before     float64 `json:"memory_start_mib,omitempty"`
	After      float64 `json:"memory_end_mib,omitempty"`
	Note       string  `json:"note,omitempty"`
}

// noteFault adds a row to the report once the test has ended.
func noteFault(t testing.TB, row faultRow) {
	t.Helper()
	to := os.Getenv(reportTo)
	if to == "" {
		return
	}
	t.Cleanup(func() {
		line := struct {
			Test   string `json:"test"`
			Failed bool   `json:"failed,omitempty"`
			faultRow
		}{t.Name(), t.Failed(), row}
		if err := appendLine(to, line); err != nil {
			t.Error(err)
		}
	})
}

// appendLine adds a line in one write, so that tests side by side do not mix theirs.
func appendLine(to string, value any) error {
	line, err := json.Marshal(value)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(to, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	if _, err = f.Write(append(line, '\n')); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}

// row is what a run under load found.
func (r loadReport) row(rounds int, seed uint64) faultRow {
	return faultRow{Rounds: rounds, Seed: fmt.Sprint(seed), Accepted: r.Accepted, Lost: r.Lost, Doubled: r.Doubled, Disordered: r.Disordered, Stuck: r.Unanswered}
}

// resident is a process's memory in MiB, 0 where the system does not tell.
func resident(pid int) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(text), "VmRSS:")
	number, _, _ := strings.Cut(strings.TrimSpace(after), " ")
	kib, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return 0
	}
	return kib / 1024
}

// noteServer adds what the server itself shows to the row of its test: how long it took to serve again, and its memory.
func (s *server) noteServer() {
	noteFault(s.T, faultRow{Recovery: s.recovery.Seconds(), Drain: s.drain.Seconds(), Before: s.before, After: s.after})
}

// served notes a start that took so long.
func (s *server) served(after time.Duration) {
	s.recovery = max(s.recovery, after)
	if s.before == 0 {
		s.before = resident(s.process.Process.Pid)
	}
}
