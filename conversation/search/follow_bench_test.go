package search_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"huiyin/db"
	"huiyin/db/pgtest"
)

// threads and messages are how many there are to follow.
const threads, messages = 3000, 60_000

// BenchmarkFollow says what following the event log costs in processor time: messages of conversations that go on
// arrive in portions as large as what gathers at a low, at a middle and at a high rate, and the index takes up each.
//
//	go test ./conversation/search -bench Follow -benchtime 1x -run -
func BenchmarkFollow(b *testing.B) {
	for _, name := range []string{"sqlite", "postgres"} {
		for _, portion := range []int{30, 450, 1500} {
			b.Run(fmt.Sprint(name, "-", portion), func(b *testing.B) {
				url := b.TempDir() + "/huiyin.db"
				if name == "postgres" {
					url = pgtest.URL(b)
				}
				h := open(b, url)
				h.fill(threads*10, 10)
				h.settle()
				h.followed(b, portion, messages)
			})
		}
	}
}

// followed has the index follow so many messages and reports what each cost, and how long searches take afterwards.
func (h *house) followed(b *testing.B, portion, messages int) {
	r, words := rand.New(rand.NewPCG(3, 4)), matters()
	var used time.Duration
	var events int64 // of the log
	for range messages / portion {
		h.tx(func(ctx context.Context, tx *db.Tx) error { return h.more(ctx, tx, &events, portion, r, words) })
		before := processorTime(b)
		h.settle()
		used += processorTime(b) - before
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(used.Nanoseconds())/1000/float64(messages/portion*portion), "cpu-µs/message")
	asked, before := h.asked(), processorTime(b)
	took := make([]time.Duration, 0, 5*len(asked))
	for range 5 {
		for _, q := range asked {
			began := time.Now()
			h.found(q)
			took = append(took, time.Since(began))
		}
	}
	b.ReportMetric(float64((processorTime(b)-before).Nanoseconds())/1000/float64(len(took)), "cpu-µs/search")
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	if info, err := os.Stat(h.folder + "/messages.sqlite"); err == nil {
		b.ReportMetric(float64(info.Size())/(1<<20), "index-MiB")
	}
}

// more adds messages to conversations at random, in the order in which their events are numbered.
func (h *house) more(ctx context.Context, tx *db.Tx, events *int64, n int, r *rand.Rand, words []string) error {
	for range n {
		c := 1 + r.Int64N(threads)
		text := words[r.IntN(len(words))] + "，" + strings.ReplaceAll(words[r.IntN(len(words))], "-", " ")
		if r.IntN(10) == 0 {
			text += " HY" + strconv.Itoa(10_000_000+r.IntN(90_000_000))
		}
		*events++
		if _, err := tx.Exec(ctx, "UPDATE conversations SET last_seq = last_seq + 1 WHERE id = ?", c); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO messages (conversation_id, seq, inbox_id, sender, text, created_at)
 SELECT id, last_seq, inbox_id, 'contact', ?, ? FROM conversations WHERE id = ?`, text, db.Millis(h.at), c); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO events (n, at, kind, conversation_id, seq)
 SELECT (SELECT COALESCE(MAX(n), 0) + 1 FROM events), ?, 'message', id, last_seq FROM conversations WHERE id = ?`, db.Millis(h.at), c); err != nil {
			return err
		}
	}
	return nil
}

// processorTime is what the process has used so far.
func processorTime(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
