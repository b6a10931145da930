package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"huiyin/conversation"
)

const (
	outboundReplies = 3000
	outboundRounds  = 3
	outboundWithin  = time.Minute
)

// BenchmarkOutbound has replies that wait in the outbox sent to a provider over HTTP (Twilio's protocol, the provider is a
// server of this process): each is leased durably before it goes out, and marked durably when the provider has it. Run it
// with -benchtime 1x.
func BenchmarkOutbound(b *testing.B) {
	for b.Loop() {
		var rates []float64
		for range outboundRounds {
			rates = append(rates, outboundRound(b))
		}
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(middleOf(rates), "sent/s")
	}
}

// outboundRound gives how many replies a second were sent and marked.
func outboundRound(b *testing.B) float64 {
	var taken atomic.Int64
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusCreated)
		_, _ = fmt.Fprintf(w, `{"sid":"SM%032x"}`, taken.Add(1))
	}))
	defer provider.Close()
	n := benchNode(b)
	id := n.benchInbox(b, "sms_twilio", map[string]string{"account_sid": "AC1", "auth_token": "secret", "from": "+8610690001", "api_base": provider.URL,
		"number_rate": "100000/1s"})
	inbox, err := n.hub.Inbox(context.Background(), id)
	if err != nil {
		b.Fatal(err)
	}
	var writing sync.WaitGroup
	for part := range 32 {
		writing.Go(func() {
			for i := part; i < outboundReplies; i += 32 {
				_, err := n.conversations.Record(context.Background(), inbox, conversation.Incoming{SourceID: fmt.Sprint("in", i), Address: fmt.Sprint("86138", 10_000_000+i), Text: "我家的宽带很慢"})
				if err != nil {
					b.Error(err)
				}
			}
		})
	}
	writing.Wait()
	n.queueReplies(b, id, outboundReplies)
	ctx, stop := context.WithCancel(context.Background())
	var working sync.WaitGroup
	defer working.Wait()
	defer stop()
	start := time.Now()
	working.Go(func() { n.hub.Run(ctx) })
	for sent := 0; sent < outboundReplies; time.Sleep(5 * time.Millisecond) {
		if time.Since(start) > outboundWithin {
			b.Fatalf("%d of %d sent, %d at the provider", sent, outboundReplies, taken.Load())
		}
		if err := n.db.QueryRow(ctx, "SELECT COUNT(*) FROM messages WHERE inbox_id = ? AND delivery = 'sent'", id).Scan(&sent); err != nil {
			b.Fatal(err)
		}
	}
	if taken.Load() != outboundReplies {
		b.Errorf("%d at the provider", taken.Load())
	}
	return outboundReplies / time.Since(start).Seconds()
}
