package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// loadReport is what a load run found. Times are milliseconds; replies and acknowledgements are counted from the
// moment at which the message was due, so that a slow server cannot hide behind a generator that waits for it.
type loadReport struct {
	URL       string  `json:"url"`
	Inbox     int64   `json:"inbox"`
	Kind      string  `json:"kind"`
	Mode      string  `json:"mode,omitempty"` // how WeChat's callbacks are encrypted
	Customers int     `json:"customers"`
	Rate      float64 `json:"rate"`
	Seconds   float64 `json:"seconds"`

	Scheduled int     `json:"scheduled"`
	Accepted  int     `json:"accepted"`
	PerSecond float64 `json:"accepted_per_s"`
	Failed    int     `json:"failed"`
	Retried   int     `json:"retried"`
	Throttled int     `json:"throttled"`

	Repeated    int `json:"repeated"`
	Reconnected int `json:"reconnected"`

	Ack    percentiles `json:"ack_ms"`
	Reply  percentiles `json:"reply_ms"`
	Agents agentReport `json:"agents"`

	Answered   int      `json:"answered"`
	Passive    int      `json:"passive,omitempty"` // of them in the response to WeChat's callback
	HandedOff  int      `json:"handed_off"`        // after a human was called the bot is silent
	Lost       int      `json:"lost"`
	Doubled    int      `json:"doubled"`
	Disordered int      `json:"disordered"`
	Unanswered int      `json:"unanswered"`
	Faults     []string `json:"faults"`

	Late     percentiles `json:"generator_late_ms"`
	KeptPace bool        `json:"generator_kept_pace"`
}

type agentReport struct {
	Following int         `json:"following"`
	Events    int         `json:"events"`
	Ms        percentiles `json:"ms"`
}

type percentiles struct {
	Count int     `json:"count"`
	P50   float64 `json:"p50"`
	P95   float64 `json:"p95"`
	P99   float64 `json:"p99"`
	Max   float64 `json:"max"`
}

func percentilesOf(times []time.Duration) percentiles {
	if len(times) == 0 {
		return percentiles{}
	}
	slices.Sort(times)
	at := func(share float64) float64 {
		return float64(times[min(len(times)-1, int(share*float64(len(times))))].Microseconds()) / 1000
	}
	return percentiles{Count: len(times), P50: at(.5), P95: at(.95), P99: at(.99), Max: at(1)}
}

// lateAllowed is how late the generator may be for one message in a hundred before its figures are worth nothing.
const lateAllowed = 10.0

// reconcile reads back what the server has and compares it with what was sent.
func (r *loadRun) reconcile(ctx context.Context, took time.Duration) (loadReport, error) {
	report := loadReport{URL: r.base, Inbox: r.inbox, Kind: "webchat", Customers: r.customers, Rate: r.rate, Seconds: took.Seconds(), Scheduled: len(r.late), Faults: []string{}}
	accounts := make([]visitorAccount, len(r.visitors))
	errs := make([]error, len(r.visitors))
	seats := make(chan struct{}, sessionsAtOnce)
	var all sync.WaitGroup
	for i, v := range r.visitors {
		seats <- struct{}{}
		all.Go(func() {
			defer func() { <-seats }()
			accounts[i], errs[i] = v.reconcile(ctx)
		})
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		return report, fmt.Errorf("read back what was sent: %w", err)
	}
	var acks, replies []time.Duration
	for _, a := range accounts {
		report.add(a)
		acks, replies = append(acks, a.acks...), append(replies, a.replies...)
	}
	report.Ack, report.Reply, report.Late = percentilesOf(acks), percentilesOf(replies), percentilesOf(r.late)
	report.KeptPace = report.Late.P99 <= lateAllowed
	report.PerSecond = float64(report.Accepted) / max(took.Seconds(), 1e-9)
	r.settleAgents(ctx, report.Accepted)
	r.reconcileAgents(&report)
	slices.SortFunc(report.Faults, cmp.Compare)
	return report, nil
}

func (r *loadReport) add(a visitorAccount) {
	r.Accepted += a.accepted
	r.Failed += a.failed
	r.Retried += a.retried
	r.Throttled += a.throttled
	r.Repeated += a.repeated
	r.Reconnected += a.reconnected
	r.Answered += a.answered
	r.HandedOff += a.handedOff
	for _, f := range a.faults {
		r.fault(f)
	}
}

// fault counts a fault by its first word.
func (r *loadReport) fault(f string) {
	r.Faults = append(r.Faults, f)
	switch word, _, _ := strings.Cut(f, ":"); word {
	case "lost":
		r.Lost++
	case "doubled":
		r.Doubled++
	case "disordered":
		r.Disordered++
	case "unanswered":
		r.Unanswered++
	}
}

// settleAgents lets the agents' streams bring what is still on its way.
func (r *loadRun) settleAgents(ctx context.Context, accepted int) {
	for end := time.Now().Add(settleWithin); time.Now().Before(end) && ctx.Err() == nil; sleep(ctx, 10*time.Millisecond) {
		if !slices.ContainsFunc(r.agents, func(a *loadAgent) bool { return a.shown() < accepted }) {
			return
		}
	}
}

// reconcileAgents compares what each agent was shown with what was acknowledged.
func (r *loadRun) reconcileAgents(report *loadReport) {
	var times []time.Duration
	for n, a := range r.agents {
		a.mu.Lock()
		for _, v := range r.visitors {
			for _, s := range v.sent {
				switch shown := a.seen[s.id]; {
				case shown > 1:
					report.fault(fmt.Sprintf("doubled: agent %d was shown message %s %d times", n+1, s.id, shown))
				case shown == 0 && !s.acked.IsZero() && !a.reset:
					report.fault(fmt.Sprintf("lost: agent %d was not shown message %s", n+1, s.id))
				}
			}
		}
		report.Agents.Events += len(a.times)
		times = append(times, a.times...)
		a.mu.Unlock()
	}
	report.Agents.Following, report.Agents.Ms = len(r.agents), percentilesOf(times)
}

// verdict is an error when something was lost, doubled, out of order or left unanswered, or nothing was accepted.
func (r loadReport) verdict() error {
	switch {
	case len(r.Faults) > 0:
		return fmt.Errorf("%d lost, %d doubled, %d out of order, %d unanswered; the faults are named above", r.Lost, r.Doubled, r.Disordered, r.Unanswered)
	case r.Accepted == 0:
		return errors.New("no message was accepted; look at the server's log")
	case r.Failed > 0:
		return fmt.Errorf("%d messages were not accepted in time; nothing that was accepted is lost", r.Failed)
	}
	return nil
}

func (r loadReport) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, inbox %d (%s): %d customers, %g messages/s for %.1f s\n", r.URL, r.Inbox, strings.TrimSpace(r.Kind+" "+r.Mode), r.Customers, r.Rate, r.Seconds)
	fmt.Fprintf(&b, "accepted     %d of %d, %.1f/s; %d failed, %d requests tried again, %d of them throttled\n", r.Accepted, r.Scheduled, r.PerSecond, r.Failed, r.Retried, r.Throttled)
	fmt.Fprintf(&b, "to the acknowledgement  %s\n", r.Ack)
	fmt.Fprintf(&b, "to the bot's reply      %s\n", r.Reply)
	if r.Agents.Following > 0 {
		fmt.Fprintf(&b, "to %d agents' screens    %s\n", r.Agents.Following, r.Agents.Ms)
	}
	if r.Kind == "wechat" {
		fmt.Fprintf(&b, "in the callback's response  %d of %d answers\n", r.Passive, r.Answered)
	}
	fmt.Fprintf(&b, "provoked     %d messages posted again, %d streams reopened\n", r.Repeated, r.Reconnected)
	fmt.Fprintf(&b, "reconciled   %d answered, %d left to a human; %d lost, %d doubled, %d out of order, %d unanswered\n",
		r.Answered, r.HandedOff, r.Lost, r.Doubled, r.Disordered, r.Unanswered)
	const shown = 20
	for i, f := range r.Faults {
		if i == shown {
			fmt.Fprintf(&b, "FAULT … and %d more\n", len(r.Faults)-shown)
			break
		}
		fmt.Fprintf(&b, "FAULT %s\n", f)
	}
	if r.KeptPace {
		fmt.Fprintf(&b, "the generator kept pace (p99 %.1f ms late)\n", r.Late.P99)
	} else {
		fmt.Fprintf(&b, "THE GENERATOR COULD NOT KEEP PACE (p99 %.1f ms late): the times above are partly its own; use a lower rate or another machine\n", r.Late.P99)
	}
	return b.String()
}

// String is a line of figures.
func (p percentiles) String() string {
	return fmt.Sprintf("p50 %.1f ms  p95 %.1f ms  p99 %.1f ms  max %.1f ms  (%d)", p.P50, p.P95, p.P99, p.Max, p.Count)
}
