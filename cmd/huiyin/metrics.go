package main

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"huiyin/conversation"
	"huiyin/db"
)

// metrics serves the figures of this node in Prometheus' form.
func (n *node) metrics() http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	s := n.hub.Stats()
	for _, c := range []struct {
		name, help string
		value      func() float64
	}{
		{"huiyin_messages_received_total", "Messages of customers made durable by this node.", s.Received},
		{"huiyin_messages_repeated_total", "Repeats of providers and browsers that added nothing.", s.Repeated},
		{"huiyin_turns_answered_total", "Turns that the bot answered itself.", s.Answered},
		{"huiyin_turns_handed_off_total", "Turns in which the bot gave the conversation to a human.", s.HandedOff},
		{"huiyin_deliveries_sent_total", "Messages that a provider took.", s.Sent},
		{"huiyin_deliveries_failed_total", "Messages given up, or with an unknown outcome.", s.Failed},
	} {
		registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: c.name, Help: c.help}, c.value))
	}
	registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "huiyin_clock_skew_seconds", Help: "By how much this machine's clock is ahead of the database server's."},
		func() float64 { return n.db.Skew().Seconds() }))
	if n.relay != nil {
		registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "huiyin_redis_connected", Help: "1 while the other nodes are heard."}, n.relay.Up),
			prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "huiyin_hints_dropped_total", Help: "Pulses and hints that did not reach Redis."}, n.relay.Dropped))
	}
	registry.MustRegister(&backlogs{of: n.db, queues: map[string]db.Queue{"turns": conversation.Turns(), "deliveries": conversation.Outbox(),
		"files": conversation.MediaQueue(), "polls": conversation.Pulls()}})
	registry.MustRegister(storables{n.storage})
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
}

// backlogs shows the work that is due in the database and that no node has in hand. It is the same on every node.
type backlogs struct {
	of     *db.DB
	queues map[string]db.Queue
}

// backlogWithin bounds how long a scrape waits for the database.
const backlogWithin = 2 * time.Second

func (b *backlogs) figures() (up, due, oldest *prometheus.Desc) {
	return prometheus.NewDesc("huiyin_database_up", "1 when the database answered this scrape.", nil, nil),
		prometheus.NewDesc("huiyin_backlog", "Rows that are due and that no node has in hand.", []string{"queue"}, nil),
		prometheus.NewDesc("huiyin_backlog_oldest_seconds", "For how long the oldest of them has been due.", []string{"queue"}, nil)
}

// Describe names the figures.
func (b *backlogs) Describe(to chan<- *prometheus.Desc) {
	up, due, oldest := b.figures()
	to <- up
	to <- due
	to <- oldest
}

// Collect reads them.
func (b *backlogs) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), backlogWithin)
	defer cancel()
	up, due, oldest := b.figures()
	answers := 1.0
	for name, q := range b.queues {
		n, since, err := q.Backlog(ctx, b.of, b.of.Now())
		if err != nil {
			answers = 0
			continue
		}
		to <- prometheus.MustNewConstMetric(due, prometheus.GaugeValue, float64(n), name)
		to <- prometheus.MustNewConstMetric(oldest, prometheus.GaugeValue, since.Seconds(), name)
	}
	to <- prometheus.MustNewConstMetric(up, prometheus.GaugeValue, answers)
}

// storables shows what can be written to.
type storables struct{ of *storage }

func (s storables) figure() *prometheus.Desc {
	return prometheus.NewDesc("huiyin_storable", "1 when a write into it has just succeeded (of files in a bucket: when the bucket answers, too).", []string{"what"}, nil)
}

// Describe names the figure.
func (s storables) Describe(to chan<- *prometheus.Desc) { to <- s.figure() }

// Collect tries to write.
func (s storables) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), backlogWithin)
	defer cancel()
	found, err := s.of.ask(ctx)
	for what, failed := range map[string]error{"database": found.database, "files": found.away()} {
		value := 1.0
		if err != nil || failed != nil {
			value = 0
		}
		to <- prometheus.MustNewConstMetric(s.figure(), prometheus.GaugeValue, value, what)
	}
}
