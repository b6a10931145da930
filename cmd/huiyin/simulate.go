package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"huiyin/handoff"
	"huiyin/handoff/routing"
	"huiyin/handoff/simulate"
)

type simulateCmd struct {
	Routing simulateRoutingCmd `cmd:"" help:"Play a day under two settings of routing, and put waits and loads side by side."`
}

// simulateRoutingCmd compares two ways of routing on one day.
type simulateRoutingCmd struct {
	where `embed:""`
	A     string `default:"current" placeholder:"FILE" help:"Settings as JSON (rules of GET /routing/settings); current: those in the data; shipped: those of a new installation."`
	B     string `default:"shipped" placeholder:"FILE" help:"The settings to compare with."`
	Day   string `placeholder:"DATE" help:"A day of the data, like 2026-11-20; without it a day is generated."`
	Zone  string `default:"Asia/Shanghai" help:"Where the day begins and ends."`

	Customers int           `default:"1500" help:"Of a generated day."`
	Agents    int           `default:"12" help:"Of a generated day."`
	Teams     []int64       `help:"Among which a generated day is spread; none: conversations without a team."`
	Kinds     []string      `help:"Kinds of channels of a generated day, by default all there are."`
	Handling  time.Duration `default:"8m" help:"How long an agent holds a conversation, on average."`
	Patience  time.Duration `default:"15m" help:"After which customers give up, on average."`

	Accept time.Duration `default:"5s" help:"From an offer to its acceptance."`
	Notice time.Duration `default:"20s" help:"Until an agent takes the next customer where nothing is offered."`
	Misses float64       `default:"0.03" help:"Share of offers that nobody answers."`
	Target time.Duration `default:"60s" help:"Within which a customer should be with an agent."`
	Seed   uint64        `default:"1" help:"The same seed gives the same day."`
	JSON   bool          `name:"json" help:"Print one JSON object."`
}

// comparison is what the command prints.
type comparison struct {
	Day       string          `json:"day"`
	Customers int             `json:"customers"`
	Agents    int             `json:"agents"`
	A         simulate.Result `json:"a"`
	B         simulate.Result `json:"b"`
}

// Run plays the day twice and prints both.
func (c simulateRoutingCmd) Run(std streams) error {
	if c.Customers < 0 || c.Customers > 1_000_000 || c.Agents < 0 || c.Agents > 10_000 || c.Handling <= 0 || c.Patience < 0 {
		return usageError{fmt.Errorf("choose up to 1000000 customers and 10000 agents, and times above zero")}
	}
	if c.Day == "" && c.A != "current" && c.B != "current" { // nothing of it needs data
		return c.compare(context.Background(), std, nil)
	}
	return c.withExisting(func(ctx context.Context, p *parts) error { return c.compare(ctx, std, p) })
}

func (c simulateRoutingCmd) compare(ctx context.Context, std streams, p *parts) error {
	a, err := readRules(ctx, p, c.A)
	if err != nil {
		return err
	}
	b, err := readRules(ctx, p, c.B)
	if err != nil {
		return err
	}
	units, err := usualUnits(p)
	if err != nil {
		return err
	}
	if c.Kinds == nil {
		c.Kinds = slices.Sorted(maps.Keys(units))
	}
	day, name, err := c.day(ctx, p)
	if err != nil {
		return err
	}
	h := simulate.Habits{Accept: c.Accept, Notice: c.Notice, Misses: c.Misses, Target: c.Target, Seed: c.Seed, Units: units}
	result := comparison{Day: name, Customers: len(day.Arrivals), Agents: len(day.Workers), A: simulate.Run(a, day, h), B: simulate.Run(b, day, h)}
	return std.print(c.JSON, result, "%s", result.text(c))
}

// readRules reads settings from a file, from the data or as they are shipped.
func readRules(ctx context.Context, p *parts, from string) (routing.Settings, error) {
	switch from {
	case "shipped":
		return routing.Shipped(), nil
	case "current":
		s, err := p.desk().Routing(ctx, p.db)
		return s.Settings, err
	}
	text, err := os.ReadFile(from)
	if err != nil {
		return routing.Settings{}, fmt.Errorf("read settings: %w; name a file, current or shipped", err)
	}
	s, err := handoff.ParseRouting(text)
	if err != nil {
		return s, fmt.Errorf("%s: %w", from, err)
	}
	return s, nil
}

// usualUnits are what conversations cost by kind of channel where the settings say nothing.
func usualUnits(p *parts) (map[string]int, error) {
	all, err := spoken(p)
	if err != nil {
		return nil, err
	}
	units := map[string]int{}
	for _, a := range all {
		units[a.Kind().Name] = a.Kind().Units
	}
	return units, nil
}

// day is the recorded day that was named, or a generated one.
func (c simulateRoutingCmd) day(ctx context.Context, p *parts) (simulate.Day, string, error) {
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return simulate.Day{}, "", usageError{fmt.Errorf("there is no time zone %q", c.Zone)}
	}
	if c.Day == "" {
		plan := simulate.Plan{From: time.Date(2026, 1, 5, 8, 0, 0, 0, zone), Customers: c.Customers, Agents: c.Agents, Teams: c.Teams, Kinds: c.Kinds,
			Handling: c.Handling, Patience: c.Patience, Seed: c.Seed}
		return simulate.Generate(plan), fmt.Sprintf("generated, seed %d", c.Seed), nil
	}
	from, err := time.ParseInLocation(time.DateOnly, c.Day, zone)
	if err != nil {
		return simulate.Day{}, "", usageError{fmt.Errorf("write the day like 2026-11-20, not %q", c.Day)}
	}
	arrivals, crew, err := p.desk().Recorded(ctx, p.db, from, from.AddDate(0, 0, 1))
	if err != nil {
		return simulate.Day{}, "", err
	}
	if len(arrivals) == 0 {
		return simulate.Day{}, "", fmt.Errorf("nobody asked for a person on %s; choose another --day, or leave it out", c.Day)
	}
	return recorded(arrivals, crew), c.Day, nil
}

// recorded gives a past day the shape of one to be played.
func recorded(arrivals []handoff.Past, crew []handoff.AtWork) (day simulate.Day) {
	for _, a := range arrivals {
		day.Arrivals = append(day.Arrivals, simulate.Arrival{At: a.At, Case: a.Case, Work: a.Work, Patience: a.GaveUp})
	}
	for _, w := range crew {
		day.Workers = append(day.Workers, simulate.Worker{Agent: w.Agent, Teams: w.Teams, Shifts: []simulate.Span{{From: w.From, Until: w.Until}}})
	}
	return day
}

// text puts both results side by side.
func (r comparison) text(c simulateRoutingCmd) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d customers, %d agents\n\n%-34s %14s %14s\n", r.Day, r.Customers, r.Agents, "", "A "+c.A, "B "+c.B)
	line := func(name, format string, of func(simulate.Result) any) {
		fmt.Fprintf(&b, "%-34s %14s %14s\n", name, fmt.Sprintf(format, of(r.A)), fmt.Sprintf(format, of(r.B)))
	}
	line("served", "%d", func(r simulate.Result) any { return r.Served })
	line("gave up", "%d", func(r simulate.Result) any { return r.Abandoned })
	line("told other ways", "%d", func(r simulate.Result) any { return r.TurnedAway })
	line("left waiting", "%d", func(r simulate.Result) any { return r.Left })
	for _, w := range []struct {
		name string
		of   func(simulate.Waits) float64
	}{{"mean", func(w simulate.Waits) float64 { return w.Mean }}, {"p50", func(w simulate.Waits) float64 { return w.P50 }},
		{"p90", func(w simulate.Waits) float64 { return w.P90 }}, {"p99", func(w simulate.Waits) float64 { return w.P99 }}, {"longest", func(w simulate.Waits) float64 { return w.Most }}} {
		line("wait, "+w.name, "%s", func(r simulate.Result) any { return seconds(w.of(r.Wait)) })
	}
	line("with an agent within "+c.Target.String(), "%.1f %%", func(r simulate.Result) any { return 100 * r.OnTime })
	line("offers, of them missed", "%s", func(r simulate.Result) any { return fmt.Sprintf("%d, %d", r.Offers, r.Missed) })
	line("agents' load: mean", "%.0f %%", func(r simulate.Result) any { return 100 * r.Load.Mean })
	line("agents' load: least to most", "%s", func(r simulate.Result) any { return fmt.Sprintf("%.0f–%.0f %%", 100*r.Load.Least, 100*r.Load.Most) })
	for i, t := range r.A.Tiers {
		if i < len(r.B.Tiers) && t.Tier != "" {
			fmt.Fprintf(&b, "%-34s %14s %14s\n", "tier "+t.Tier+": wait, p90", seconds(t.Wait.P90), seconds(r.B.Tiers[i].Wait.P90))
		}
	}
	return b.String()
}

func seconds(s float64) string {
	return (time.Duration(s*1000) * time.Millisecond).Round(time.Second).String()
}
