package main

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func someCosts() costs {
	return costs{At: "2026-11-22", Machine: "a machine", Steady: turnCosts{0.002, 0.002, 0.001, 4}, Busy: turnCosts{0.002, 0.002, 0.001, 4}, Events: 3, RoundTrips: 40, LogBytes: 8192, RowBytes: 4096,
		Hold: 0.0001, Flush: 0.00005, Follow: 0.0001, FollowStore: 0.00002, SocketBytes: 9000, Socket: 5e-6, SocketStore: 2e-6,
		Offered: 3000, Reached: 200, MidRate: 50, MidAck: 0.002, MidReply: 0.008}
}

// Each limit in turn is made the narrow one; the most that a cell carries is then known by hand.
func TestACellIsFullWhereItsNarrowPlaceIs(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*cell, *costs)
		want   float64
		full   string
	}{
		"the lock":            {func(c *cell, _ *costs) { c.Flush = 0.0024 }, 1 / (4 * 0.0025), "event lock"},
		"PostgreSQL":          {func(_ *cell, k *costs) { k.Busy.Store = 0.04 }, 8 / 0.04, "PostgreSQL's processors"},
		"the nodes":           {func(_ *cell, k *costs) { k.Busy.Node = 0.08 }, 8 / 0.08, "node 1's processors"},
		"the way to the rows": {func(c *cell, _ *costs) { c.RoundTrip = 0.01 }, 2 * 20 / (40 * 0.01), "node 1's connections"},
	} {
		t.Run(name, func(t *testing.T) {
			cell, k := cell{Nodes: 2, NodeCores: 4, StoreCore: 8, RoundTrip: 0.0001}, someCosts()
			k.Hold, k.Follow, k.FollowStore = 0.0001, 0, 0
			c.change(&cell, &k)
			got := most(cell, k)
			if got.Done < 0.8*c.want || got.Done > 1.02*c.want {
				t.Errorf("it carries %.0f turns a second, by hand %.0f", got.Done, c.want)
			}
			if got.Busiest != c.full && (!strings.HasPrefix(c.full, "node 1") || !strings.HasPrefix(got.Busiest, "node ")) {
				t.Errorf("full first: %s (%v)", got.Busiest, got.Loads)
			}
		})
	}
}

func TestAnIdleCellTakesItsBareTime(t *testing.T) {
	k := someCosts()
	c := simulate(cell{Nodes: 2, NodeCores: 4, StoreCore: 8, RoundTrip: 0.001, Flush: 0.001}, k, k.Steady, 5, 600, 3)
	bare := k.Steady.Node + k.Steady.Store + 40*0.001 + 4*(k.Hold+0.001)
	if c.TurnP50 < 0.9*bare || c.TurnP50 > 1.1*bare || c.AckP50 >= c.TurnP50/3 {
		t.Errorf("a turn takes %s (bare %s), durable after %s", ms(c.TurnP50), ms(bare), ms(c.AckP50))
	}
	if again := simulate(cell{Nodes: 2, NodeCores: 4, StoreCore: 8, RoundTrip: 0.001, Flush: 0.001}, k, k.Steady, 5, 600, 3); again.TurnP99 != c.TurnP99 {
		t.Error("the same seed gives another course")
	}
	if math.Abs(c.Done-5) > 0.5 || c.Followed <= 0 {
		t.Errorf("%.2f turns a second, %.4f of the nodes follow", c.Done, c.Followed)
	}
}

func TestMoreNodesFollowMore(t *testing.T) {
	k := someCosts()
	two := simulate(cell{Nodes: 2, NodeCores: 4, StoreCore: 8}, k, k.Steady, 100, 20, 1)
	eight := simulate(cell{Nodes: 8, NodeCores: 4, StoreCore: 8}, k, k.Steady, 100, 20, 1)
	if ratio := 8 * eight.Followed / (2 * two.Followed); ratio < 6 || ratio > 8 {
		t.Errorf("eight nodes follow %.1f times as much as two, want 7", ratio)
	}
}

func TestTheReportHasEveryTable(t *testing.T) {
	text := report(someCosts())
	for _, want := range []string{"Costs measured 2026-11-22 on a machine.", "## Held against the measurement", "## One PostgreSQL", "## 10 000 messages a second", "## A million open widgets", "| 8 nodes |", "8.4 GiB"} {
		if !strings.Contains(text, want) {
			t.Errorf("the report lacks %q", want)
		}
	}
	if strings.Contains(text, "NaN") {
		t.Errorf("a figure is none:\n%s", text)
	}
}

func TestCostsAreReadBack(t *testing.T) {
	file := filepath.Join(t.TempDir(), "costs.json")
	if err := someCosts().write(file); err != nil {
		t.Fatal(err)
	}
	k, err := readCosts(file)
	if err != nil || k != someCosts() {
		t.Errorf("%+v, %v", k, err)
	}
	for name, text := range map[string]string{"no JSON": "costs", "a cost is missing": `{"steady": {"node_s": 0.002}}`} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readCosts(file); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if err := run([]string{filepath.Join(t.TempDir(), "none.json")}, os.Stderr); err == nil || !strings.Contains(err.Error(), "scale measure") {
		t.Errorf("no file: %v", err)
	}
	if err := run([]string{"measure", file}, os.Stderr); err == nil || !strings.Contains(err.Error(), "HUIYIN_BIN") {
		t.Errorf("no program to measure: %v", err)
	}
}

// The costs that docs/scale.md is made of can be read, and the page holds what they give.
func TestThePageIsWhatTheCostsGive(t *testing.T) {
	k, err := readCosts("costs.json")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "scale.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{costTable(k), widgetTable(k)} {
		if !strings.Contains(string(page), part) {
			t.Errorf("docs/scale.md lacks this; write it again with `go run ./scripts/scale`:\n%s", part)
		}
	}
}
