package admin_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/handoff"
)

// everyMessage is the pace of the messages: 500 a second, whether or not those before have arrived.
const everyMessage = 2 * time.Millisecond

// BenchmarkMessageToScreen measures from the moment a customer's message is due to be sent to when it has reached one of
// fifty open consoles, at 500 messages a second. The quantiles are those of its rounds' middle.
func BenchmarkMessageToScreen(b *testing.B) {
	h := open(b)
	me := h.as(handoff.AgentRole)
	for range 49 {
		go drain(me.follow("", ""))
	}
	watched := me.follow("", "")
	b.ResetTimer()
	start := time.Now()
	due := func(i int) time.Time { return start.Add(time.Duration(i) * everyMessage) }
	took := make(chan []time.Duration, 1)
	go func() { took <- arrivals(watched, b.N, due) }()
	for i := range b.N {
		time.Sleep(time.Until(due(i)))
		go func() {
			if _, err := h.store.Record(b.Context(), h.inbox, conversation.Incoming{Address: fmt.Sprint("c", i%100), Text: fmt.Sprint("m", i)}); err != nil {
				b.Error(err)
			}
		}()
	}
	reportRounds(b, <-took)
}

// arrivals waits for n messages and tells how long each was under way.
func arrivals(watched *reader, n int, due func(int) time.Time) []time.Duration {
	took := make([]time.Duration, n)
	for seen := 0; seen < n; {
		e, open := <-watched.events
		if !open {
			return took
		}
		if e.Message == nil {
			continue
		}
		var i int
		if _, err := fmt.Sscanf(e.Message.Text, "m%d", &i); err == nil {
			took[i] = time.Since(due(i))
			seen++
		}
	}
	return took
}

// reportRounds cuts what was measured into ten rounds and reports the middle, the least and the most of their quantiles.
func reportRounds(b *testing.B, took []time.Duration) {
	b.StopTimer()
	var p50, p99 []float64
	for round := range slices.Chunk(took, max(1, len(took)/10)) {
		slices.Sort(round)
		p50 = append(p50, round[len(round)/2].Seconds()*1000)
		p99 = append(p99, round[len(round)*99/100].Seconds()*1000)
	}
	slices.Sort(p50)
	slices.Sort(p99)
	b.ReportMetric(p50[len(p50)/2], "p50-ms")
	b.ReportMetric(p99[len(p99)/2], "p99-ms")
	b.ReportMetric(p99[0], "p99-min-ms")
	b.ReportMetric(p99[len(p99)-1], "p99-max-ms")
}

func drain(r *reader) {
	for range r.events {
	}
}

// BenchmarkFirstPage measures the inbox's first page over HTTP among many conversations.
func BenchmarkFirstPage(b *testing.B) {
	h := open(b)
	me := h.as(handoff.AgentRole)
	for i := range 2000 {
		h.says(fmt.Sprint("c", i), "hello")
	}
	took := make([]time.Duration, b.N)
	b.ResetTimer()
	for i := range b.N {
		start := time.Now()
		me.do("GET", "/conversations?view=bot", nil).want(200)
		took[i] = time.Since(start)
	}
	reportRounds(b, took)
}
