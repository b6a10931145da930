package main

import (
	"fmt"
	"strings"
)

// The machines that are worked out: what cloud providers commonly offer. A flush of half a millisecond is a local SSD with
// a battery or a good network disk, one of two a common network disk; a way of 0.3 ms is one zone, of 1 ms two zones.
const (
	zone      = 0.0003
	twoZones  = 0.001
	quickDisk = 0.0005
	slowDisk  = 0.002
)

// report is the tables in Markdown.
func report(k costs) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Costs measured %s on %s.\n\n", k.At, k.Machine)
	b.WriteString(costTable(k))
	b.WriteString("\n## Held against the measurement\n\n" + checkTable(k))
	all := solve(k)
	b.WriteString("\n## One PostgreSQL\n\n" + cellTable(all))
	b.WriteString("\n## Where a cell's time goes at half of what it carries\n\n" + loadTable(k, all))
	b.WriteString("\n## 10 000 messages a second\n\n" + targetTable(k, all))
	b.WriteString("\n## A million open widgets\n\n" + widgetTable(k))
	return b.String()
}

func costTable(k costs) string {
	rows := [][]string{{"what", "cost"},
		{"a turn at an even load: processor of the node, of PostgreSQL; writing transactions", fmt.Sprintf("%s, %s; %.1f", ms(k.Steady.Node), ms(k.Steady.Store), k.Steady.Writes)},
		{"a turn when more is offered than can be done, likewise", fmt.Sprintf("%s, %s; %.1f", ms(k.Busy.Node), ms(k.Busy.Store), k.Busy.Writes)},
		{"a turn: events, round trips in a row", fmt.Sprintf("%.1f, %.0f", k.Events, k.RoundTrips)},
		{"a turn: write-ahead log, rows and indexes", fmt.Sprintf("%.1f KiB, %.1f KiB", k.LogBytes/1024, k.RowBytes/1024)},
		{"the event lock held by a transaction, without the flush", ms(k.Hold)}, {"a flush of this machine's disk", ms(k.Flush)},
		{"following another node's event: node, PostgreSQL", ms(k.Follow) + ", " + ms(k.FollowStore)},
		{"an open, idle widget: memory, processor of the node, of PostgreSQL for each second",
			fmt.Sprintf("%.1f KiB, %.1f µs, %.1f µs", k.SocketBytes/1024, k.Socket*1e6, k.SocketStore*1e6)}}
	return table(rows)
}

// checkTable holds the simulation against what was measured on the one machine that there is.
func checkTable(k costs) string {
	here := cell{Nodes: 1, NodeCores: 2, StoreCore: 2, Flush: 0, Shared: true}
	mid := simulate(here, k, k.Steady, k.MidRate, 30, 1)
	top := most(here, k)
	return table([][]string{{"node, PostgreSQL and generator on two processors", "measured", "simulated"},
		{fmt.Sprintf("durable at %.0f/s, p50", k.MidRate), ms(k.MidAck), ms(mid.AckP50)},
		{"answered, p50", ms(k.MidReply), ms(mid.TurnP50)},
		{"most turns a second", fmt.Sprintf("%.0f", k.Reached), fmt.Sprintf("%.0f", top.Done)}})
}

type setting struct {
	name string
	cell cell
}

func settings() []setting {
	return []setting{
		{"1 node of 4, PostgreSQL of 8, quick disk, one zone", cell{1, 4, 8, zone, quickDisk, false}},
		{"2 nodes", cell{2, 4, 8, zone, quickDisk, false}},
		{"4 nodes", cell{4, 4, 8, zone, quickDisk, false}},
		{"8 nodes", cell{8, 4, 8, zone, quickDisk, false}},
		{"4 nodes, PostgreSQL of 16", cell{4, 4, 16, zone, quickDisk, false}},
		{"4 nodes, two zones", cell{4, 4, 8, twoZones, quickDisk, false}},
		{"4 nodes, slow disk", cell{4, 4, 8, zone, slowDisk, false}},
		{"4 nodes, a disk like this machine's", cell{4, 4, 8, zone, 0.00004, false}},
	}
}

// solved is a setting with the most that it carries.
type solved struct {
	setting
	top course
}

func solve(k costs) (all []solved) {
	for _, s := range settings() {
		all = append(all, solved{s, most(s.cell, k)})
	}
	return all
}

func cellTable(all []solved) string {
	rows := [][]string{{"cell", "turns/s", "messages/s", "durable p50, p99", "answered p50, p99", "what is full first"}}
	for _, s := range all {
		c := s.top
		rows = append(rows, []string{s.name, fmt.Sprintf("%.0f", c.Done), fmt.Sprintf("%.0f", 2*c.Done), ms(c.AckP50) + ", " + ms(c.AckP99), ms(c.TurnP50) + ", " + ms(c.TurnP99),
			fmt.Sprintf("%s (%.0f %%)", c.Busiest, 100*c.Loads[c.Busiest])})
	}
	return table(rows)
}

func loadTable(k costs, all []solved) string {
	rows := [][]string{{"cell", "turns/s", "event lock", "PostgreSQL", "a node", "its connections", "of the nodes: following others", "answered p50, p99"}}
	for _, s := range all {
		rate := s.top.Done / 2
		c := simulate(s.cell, k, k.Busy, rate, turnsToSee/rate, 2)
		share := func(name string) string { return fmt.Sprintf("%.0f %%", 100*c.Loads[name]) }
		rows = append(rows, []string{s.name, fmt.Sprintf("%.0f", c.Done), share("event lock"), share("PostgreSQL's processors"), share("node 1's processors"), share("node 1's connections"),
			fmt.Sprintf("%.0f %%", 100*c.Followed), ms(c.TurnP50) + ", " + ms(c.TurnP99)})
	}
	return table(rows)
}

// targetTable is how many cells 10 000 messages a second need, questions and answers counted, at 60 % of what a cell carries.
func targetTable(k costs, all []solved) string {
	const messages, share = 10_000, 0.6
	rows := [][]string{{"cell", "cells", "nodes", "processors, nodes and PostgreSQL", "write-ahead log, MB/s in all", "rows a day, TB in all"}}
	for _, s := range all[2:] {
		turns := s.top.Done * share
		cells := int(messages/2/turns) + 1
		processors := cells * (s.cell.Nodes*s.cell.NodeCores + s.cell.StoreCore)
		rows = append(rows, []string{s.name, fmt.Sprint(cells), fmt.Sprint(cells * s.cell.Nodes), fmt.Sprint(processors),
			fmt.Sprintf("%.0f", messages/2*k.LogBytes/1e6), fmt.Sprintf("%.1f", messages/2*k.RowBytes*86400/1e12)})
	}
	return table(rows)
}

func widgetTable(k costs) string {
	const widgets = 1e6
	return table([][]string{{"for a million open, idle widgets", ""},
		{"memory of the nodes", fmt.Sprintf("%.1f GiB", widgets*k.SocketBytes/(1<<30))},
		{"processors of the nodes", fmt.Sprintf("%.1f", widgets*k.Socket)},
		{"processors of PostgreSQL", fmt.Sprintf("%.1f", widgets*k.SocketStore)},
		{"all back within five minutes of a restart: joins a second", fmt.Sprintf("%.0f", widgets/300)}})
}

func ms(seconds float64) string {
	switch t := seconds * 1000; {
	case t >= 10:
		return fmt.Sprintf("%.0f ms", t)
	case t >= 0.1:
		return fmt.Sprintf("%.2f ms", t)
	default:
		return fmt.Sprintf("%.0f µs", t*1000)
	}
}

func table(rows [][]string) string {
	var b strings.Builder
	for i, row := range rows {
		b.WriteString("| " + strings.Join(row, " | ") + " |\n")
		if i == 0 {
			b.WriteString("|" + strings.Repeat("---|", len(row)) + "\n")
		}
	}
	return b.String()
}
