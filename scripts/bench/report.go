package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// connections are the widths at which accepting is measured, as they stand in the benchmarks' names.
var connections = []string{"2", "16", "64"}

type report struct {
	Machine string
	At      time.Time
	Figures figures
	Missing []string // sections that could not be measured, and why
}

// markdown is the report: goals first, then accepting lane by lane, then every metric.
func (r report) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Benchmarks of %s\n\n%s\n\n", r.At.Format(time.RFC3339), r.Machine)
	b.WriteString("| goal | limit | measured | |\n|---|---|---|---|\n")
	for _, g := range goals() {
		value, verdict := g.verdict(r.Figures)
		fmt.Fprintf(&b, "| %s | %s %g | %s | %s |\n", g.text, map[bool]string{true: "≥", false: "≤"}[g.atLeast], g.limit, value, verdict)
	}
	for _, m := range r.Missing {
		fmt.Fprintf(&b, "\nNot measured to the end: %s\n", m)
	}
	r.inbound(&b)
	r.lanes(&b)
	r.metrics(&b)
	return b.String()
}

// roads are the servers that are asked over HTTP, as their metrics are named and in words.
func roads() [][2]string {
	return [][2]string{{"product", "the product"}, {"sqlite", "group commit, SQLite"}, {"file", "group commit, a file"}, {"echo", "echo, nothing stored"}}
}

func (r report) inbound(b *strings.Builder) {
	b.WriteString("\n## Over HTTP, rounds in turn: median (least–most)\n\n| connections | server | per second | p50 ms | p99 ms |\n|---|---|---|---|---|\n")
	for _, n := range connections {
		m := r.Figures["Inbound/connections="+n]
		for _, road := range roads() {
			fmt.Fprintf(b, "| %s | %s | %.0f (%.0f–%.0f) | %.2f | %.2f (%.2f–%.2f) |\n", n, road[1], m[road[0]+"/s"], m[road[0]+"-min/s"], m[road[0]+"-max/s"],
				m[road[0]+"-p50-ms"], m[road[0]+"-p99-ms"], m[road[0]+"-p99-min-ms"], m[road[0]+"-p99-max-ms"])
		}
	}
}

func (r report) lanes(b *strings.Builder) {
	b.WriteString("\n## Recording without HTTP, rounds in turn: median (least–most)\n\n")
	b.WriteString("| connections | lane | per second | p50 ms | p99 ms | processor µs each |\n|---|---|---|---|---|---|\n")
	for _, n := range connections {
		m := r.Figures["Accept/connections="+n]
		for _, lane := range lanes() {
			fmt.Fprintf(b, "| %s | %s | %.0f (%.0f–%.0f) | %.2f | %.2f (%.2f–%.2f) | %.1f |\n", n, lane.text, m[lane.name+"/s"],
				m[lane.name+"-min/s"], m[lane.name+"-max/s"], m[lane.name+"-p50-ms"], m[lane.name+"-p99-ms"],
				m[lane.name+"-p99-min-ms"], m[lane.name+"-p99-max-ms"], m[lane.name+"-cpu-µs"])
		}
	}
}

func (r report) metrics(b *strings.Builder) {
	b.WriteString("\n## Every metric\n\n| benchmark | metric | value |\n|---|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(r.Figures)) {
		for _, unit := range slices.Sorted(maps.Keys(r.Figures[name])) {
			fmt.Fprintf(b, "| %s | %s | %.4g |\n", name, unit, r.Figures[name][unit])
		}
	}
}

// lane is one way of storing a message, as its metrics are named.
type lane struct{ name, text, colour string }

func lanes() []lane {
	return []lane{{"record", "Store.Record", "#0f766e"}, {"spread", "Store.Record, 2048 conversations", "#7dbfb7"}, {"bare", "bare insert, shared commits", "#64748b"},
		{"plain", "bare insert, a commit each", "#cbd5e1"}}
}

const (
	plotWidth, plotHeight = 720, 360
	plotLeft, plotBottom  = 80, 300
	plotTop               = 40
	barWidth              = 40
)

// plot draws the rates of all lanes as bars, with whiskers from the least to the most.
func plot(f figures) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">`, plotWidth, plotHeight)
	b.WriteString(`<rect width="100%" height="100%" fill="white"/>` + "\n")
	fmt.Fprintf(&b, `<text x="%d" y="20" font-size="14">Messages stored per second</text>`+"\n", plotLeft)
	top := highest(f)
	for _, part := range []float64{0, 0.25, 0.5, 0.75, 1} {
		y := height(part*top, top)
		fmt.Fprintf(&b, `<line x1="%d" x2="%d" y1="%.1f" y2="%.1f" stroke="#e2e8f0"/><text x="%d" y="%.1f" text-anchor="end">%.0f</text>`+"\n",
			plotLeft, plotWidth-20, y, y, plotLeft-8, y+4, part*top)
	}
	for i, n := range connections {
		group(&b, f["Accept/connections="+n], n, plotLeft+20+i*210, top)
	}
	for i, lane := range lanes() {
		x := plotLeft + (i%4)*160
		fmt.Fprintf(&b, `<rect x="%d" y="338" width="10" height="10" fill="%s"/><text x="%d" y="347" font-size="9">%s</text>`+"\n", x, lane.colour, x+14, lane.text)
	}
	b.WriteString("</svg>\n")
	return b.String()
}

func group(b *strings.Builder, m map[string]float64, n string, x int, top float64) {
	for i, lane := range lanes() {
		left, y := x+i*(barWidth+4), height(m[lane.name+"/s"], top)
		fmt.Fprintf(b, `<rect x="%d" y="%.1f" width="%d" height="%.1f" fill="%s"/>`, left, y, barWidth, plotBottom-y, lane.colour)
		middle := left + barWidth/2
		fmt.Fprintf(b, `<line x1="%d" x2="%d" y1="%.1f" y2="%.1f" stroke="black"/>`+"\n", middle, middle,
			height(m[lane.name+"-min/s"], top), height(m[lane.name+"-max/s"], top))
	}
	fmt.Fprintf(b, `<text x="%d" y="%d" text-anchor="middle">%s connections</text>`+"\n", x+2*barWidth, plotBottom+18, n)
}

func height(value, top float64) float64 {
	return plotBottom - value/top*(plotBottom-plotTop)
}

func highest(f figures) float64 {
	top := 1.0
	for _, n := range connections {
		for _, lane := range lanes() {
			top = max(top, f["Accept/connections="+n][lane.name+"-max/s"])
		}
	}
	return top
}
