package main

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"
)

const printed = `goos: linux
pkg: huiyin/conversation
BenchmarkAccept/connections=2-2         	       1	     24044 bare-max/s	 21220 bare/s	         0.62 ratio	2.6 p99-ratio	 13156 record/s
BenchmarkAccept/connections=16-2         	       1	     0.49 ratio	2.5 p99-ratio
BenchmarkTerms 	 1000	 12 ns/op
PASS
ok  	huiyin/conversation	39.555s
`

func TestParse(t *testing.T) {
	f := parse([]byte(printed))
	for _, want := range []struct {
		name, unit string
		value      float64
	}{
		{"Accept/connections=2", "bare-max/s", 24044},
		{"Accept/connections=2", "ratio", 0.62},
		{"Accept/connections=16", "p99-ratio", 2.5},
		{"Terms", "ns/op", 12},
	} {
		if got := f[want.name][want.unit]; got != want.value {
			t.Errorf("%s %s: %v, want %v", want.name, want.unit, got, want.value)
		}
	}
	if len(f) != 3 {
		t.Errorf("%d benchmarks, want 3", len(f))
	}
}

func TestVerdict(t *testing.T) {
	f := figures{"X": {"rate": 0.5, "wait": 3.2}}
	for name, test := range map[string]struct {
		goal           goal
		value, verdict string
	}{
		"just enough":   {goal{"", "X", "rate", 0.5, true}, "0.50", "met"},
		"too slow":      {goal{"", "X", "rate", 0.6, true}, "0.50", "missed"},
		"short enough":  {goal{"", "X", "wait", 4, false}, "3.20", "met"},
		"too long":      {goal{"", "X", "wait", 3, false}, "3.20", "missed"},
		"just enough t": {goal{"", "X", "wait", 3.2, false}, "3.20", "met"},
		"not there":     {goal{"", "Y", "wait", 3, false}, "–", "not measured"},
	} {
		t.Run(name, func(t *testing.T) {
			if value, verdict := test.goal.verdict(f); value != test.value || verdict != test.verdict {
				t.Errorf("%s, %s; want %s, %s", value, verdict, test.value, test.verdict)
			}
		})
	}
}

func TestReportNamesEveryGoal(t *testing.T) {
	text := report{Machine: "2 processors", Figures: parse([]byte(printed))}.markdown()
	for _, g := range goals() {
		if !strings.Contains(text, "| "+g.text+" |") {
			t.Errorf("the report lacks %q", g.text)
		}
	}
	for _, want := range []string{"| ≥ 0.5 | 0.62 | met |", "| ≤ 2.5 | 2.60 | missed |", "| 2 | Store.Record | 13156 ("} {
		if !strings.Contains(text, want) {
			t.Errorf("the report lacks %q", want)
		}
	}
}

func TestPlotIsAPicture(t *testing.T) {
	for name, f := range map[string]figures{"measured": parse([]byte(printed)), "empty": {}} {
		decoder := xml.NewDecoder(strings.NewReader(plot(f)))
		for {
			if _, err := decoder.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
}

func TestResident(t *testing.T) {
	got, err := residentIn("Name:\thuiyin\nVmPeak:\t 9 kB\nVmRSS:\t   20480 kB\n")
	if err != nil || got != 20 {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := residentIn("Name:\tx\n"); err == nil {
		t.Error("no memory found, and no error")
	}
}
