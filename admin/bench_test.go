package admin_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/handoff"
)

// BenchmarkMessageToScreen measures from the moment a customer's message is sent to when it has reached one of
// fifty open consoles, at 500 messages a second.
func BenchmarkMessageToScreen(b *testing.B) {
	h := open(b)
	me := h.as(handoff.AgentRole)
	for range 49 {
		go drain(me.follow("", ""))
	}
	watched := me.follow("", "")
	sent := make([]time.Time, b.N)
	took := make([]time.Duration, b.N)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n := 0; n < b.N; {
			e, open := <-watched.events
			if !open {
				return
			}
			if e.Message != nil && strings.HasPrefix(e.Message.Text, "m") {
				var i int
				if _, err := fmt.Sscanf(e.Message.Text, "m%d", &i); err == nil {
					took[i] = time.Since(sent[i])
					n++
				}
			}
		}
	}()
	b.ResetTimer()
	ticker := time.NewTicker(2 * time.Millisecond)
	defer ticker.Stop()
	for i := range b.N {
		<-ticker.C
		sent[i] = time.Now()
		go func() {
			if _, err := h.store.Record(b.Context(), h.inbox, conversation.Incoming{Address: fmt.Sprint("c", i%100), Text: fmt.Sprint("m", i)}); err != nil {
				b.Error(err)
			}
		}()
	}
	<-done
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(took[b.N/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[b.N*99/100].Microseconds())/1000, "p99-ms")
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
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(took[b.N/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[b.N*99/100].Microseconds())/1000, "p99-ms")
}
