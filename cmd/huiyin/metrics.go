package main

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
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
	if n.relay != nil {
		registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "huiyin_redis_connected", Help: "1 while the other nodes are heard."}, n.relay.Up),
			prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "huiyin_hints_dropped_total", Help: "Pulses and hints that did not reach Redis."}, n.relay.Dropped))
	}
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
}
