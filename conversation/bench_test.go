//go:build unix

package conversation_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// The benchmarks of this file measure short rounds, lanes taking turns so that the machine's noise hits all alike;
// run them with -benchtime 1x. `make bench` does, and reads the metrics by their names.
const (
	acceptRounds   = 31
	acceptRound    = 100 * time.Millisecond
	acceptVisitors = 2048
)

// acceptText is what a visitor says, about 200 bytes long.
var acceptText = strings.Repeat("你好，我家的宽带从昨天晚上开始就很慢，", 3) + "my order is #20261121."

// BenchmarkAccept compares storing visitors' messages with bare inserts of rows of the same size: grouped by the
// same writer, and in a transaction of its own each.
func BenchmarkAccept(b *testing.B) {
	for _, connections := range []int{2, 16, 64} {
		b.Run(fmt.Sprintf("connections=%d", connections), func(b *testing.B) {
			lanes := []*lane{{name: "record", one: recordLane(b, false)}, {name: "spread", one: recordLane(b, true)},
				{name: "bare", one: bareLane(b)}, {name: "plain", one: plainLane(b)}}
			for b.Loop() {
				for range acceptRounds {
					for _, l := range lanes {
						l.run(b, connections)
					}
				}
			}
			for _, l := range lanes {
				l.report(b)
			}
			compare(b, lanes[0], lanes[2])
		})
	}
}

// BenchmarkAcceptFirst is BenchmarkAccept for the first message of each visitor: contact, identity and conversation are made.
func BenchmarkAcceptFirst(b *testing.B) {
	h := benchHouse(b)
	l := &lane{name: "record", one: func(ctx context.Context, _ int, n int64) error {
		_, err := h.Record(ctx, h.inbox, conversation.Incoming{SourceID: fmt.Sprint("m", n), Address: fmt.Sprint("new", n), Text: acceptText})
		return err
	}}
	for b.Loop() {
		for range acceptRounds {
			l.run(b, 16)
		}
	}
	l.report(b)
}

// storeFunc stores message n for a connection.
type storeFunc func(ctx context.Context, connection int, n int64) error

// lane is one way of storing, measured in several rounds.
type lane struct {
	name  string
	one   storeFunc
	count atomic.Int64
	rates []float64
	costs []float64 // processor time of the whole process for one message, in µs
	p50s  []float64
	p99s  []float64
}

// run lets the connections store as fast as they can for one round.
func (l *lane) run(b *testing.B, connections int) {
	var all sync.WaitGroup
	waits := make([][]time.Duration, connections)
	start, used := time.Now(), processorTime(b)
	for c := range connections {
		all.Go(func() {
			for before := time.Now(); before.Sub(start) < acceptRound; {
				if err := l.one(context.Background(), c, l.count.Add(1)); err != nil {
					b.Error(err)
					return
				}
				now := time.Now()
				waits[c] = append(waits[c], now.Sub(before))
				before = now
			}
		})
	}
	all.Wait()
	took := time.Since(start)
	joined := slices.Concat(waits...)
	l.rates = append(l.rates, float64(len(joined))/took.Seconds())
	l.costs = append(l.costs, float64((processorTime(b)-used).Nanoseconds())/1000/float64(max(1, len(joined))))
	l.add(joined)
}

// processorTime is what the process has used so far.
func processorTime(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// add takes the waits of a round.
func (l *lane) add(waits []time.Duration) {
	slices.Sort(waits)
	l.p50s = append(l.p50s, quantile(waits, 0.50))
	l.p99s = append(l.p99s, quantile(waits, 0.99))
}

func (l *lane) report(b *testing.B) {
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(middle(l.rates), l.name+"/s")
	b.ReportMetric(slices.Min(l.rates), l.name+"-min/s")
	b.ReportMetric(slices.Max(l.rates), l.name+"-max/s")
	b.ReportMetric(middle(l.costs), l.name+"-cpu-µs")
	l.reportWaits(b, l.name+"-")
}

func (l *lane) reportWaits(b *testing.B, prefix string) {
	b.ReportMetric(middle(l.p50s), prefix+"p50-ms")
	b.ReportMetric(middle(l.p99s), prefix+"p99-ms")
	b.ReportMetric(slices.Min(l.p99s), prefix+"p99-min-ms")
	b.ReportMetric(slices.Max(l.p99s), prefix+"p99-max-ms")
}

// compare reports the ratios of ours to bare, round by round.
func compare(b *testing.B, ours, bare *lane) {
	var rates, tails []float64
	for i := range ours.rates {
		rates = append(rates, ours.rates[i]/bare.rates[i])
		tails = append(tails, ours.p99s[i]/bare.p99s[i])
	}
	b.ReportMetric(middle(rates), "ratio")
	b.ReportMetric(slices.Min(rates), "ratio-min")
	b.ReportMetric(slices.Max(rates), "ratio-max")
	b.ReportMetric(middle(tails), "p99-ratio")
	b.ReportMetric(slices.Min(tails), "p99-ratio-min")
	b.ReportMetric(slices.Max(tails), "p99-ratio-max")
}

// quantile is in milliseconds.
func quantile(sorted []time.Duration, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return float64(sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]) / 1e6
}

func middle(values []float64) float64 {
	values = slices.Sorted(slices.Values(values))
	return values[len(values)/2]
}

type benchStore struct {
	*conversation.Store
	inbox conversation.Inbox
	start time.Time
}

func benchHouse(b *testing.B) benchStore { return benchHouseAt(b, benchDB(b, time.Now)) }

func benchHouseAt(b *testing.B, d *db.DB) benchStore {
	ctx := context.Background()
	h := benchStore{Store: &conversation.Store{DB: d}}
	if err := d.Migrate(ctx, conversation.Migrations()); err != nil {
		b.Fatal(err)
	}
	err := d.Tx(ctx, func(tx *db.Tx) (err error) {
		h.inbox, err = h.CreateInbox(ctx, tx, conversation.Inbox{Kind: "webchat", Name: "Web", Bot: true})
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return h
}

func benchDB(b *testing.B, now func() time.Time) *db.DB {
	return openBench(b, filepath.Join(b.TempDir(), "bench.db"), now)
}

func openBench(b *testing.B, url string, now func() time.Time) *db.DB {
	d, err := db.Open(context.Background(), url, db.Options{Now: now})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = d.Close() })
	return d
}

// recordLane stores messages of visitors who have written before: each connection's own, or, when spread, any of the
// visitors in turn.
func recordLane(b *testing.B, spread bool) storeFunc {
	one := benchHouse(b).recordOf
	for n := range acceptVisitors {
		if err := one(context.Background(), n, int64(-1-n)); err != nil {
			b.Fatal(err)
		}
	}
	if !spread {
		return one
	}
	return func(ctx context.Context, _ int, n int64) error { return one(ctx, int(n%acceptVisitors), n) }
}

// barePayload is as long as what Record writes into the row of such a message.
func barePayload(n int64) string {
	return fmt.Sprintf(`web:%016x contact {"client_id":"%016x"} %s`, n, n, acceptText)
}

const (
	bareTable  = "CREATE TABLE bare (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, payload TEXT NOT NULL)"
	bareInsert = "INSERT INTO bare (at, payload) VALUES (?, ?)"
)

// bareLane inserts rows through the same group-committing writer.
func bareLane(b *testing.B) storeFunc {
	d := benchDB(b, time.Now)
	if _, err := d.Pool().Exec(bareTable); err != nil {
		b.Fatal(err)
	}
	return func(ctx context.Context, _ int, n int64) error {
		payload := barePayload(n)
		return d.Tx(ctx, func(tx *db.Tx) error {
			_, err := tx.Insert(ctx, bareInsert, tx.Now.UnixMilli(), payload)
			return err
		})
	}
}

// plainLane inserts each row in a transaction of its own, through database/sql alone.
func plainLane(b *testing.B) storeFunc {
	pool, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "plain.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = pool.Close() })
	pool.SetMaxOpenConns(1)
	if _, err := pool.Exec(bareTable); err != nil {
		b.Fatal(err)
	}
	insert, err := pool.Prepare(bareInsert)
	if err != nil {
		b.Fatal(err)
	}
	return func(ctx context.Context, _ int, n int64) error {
		_, err := insert.ExecContext(ctx, time.Now().UnixMilli(), barePayload(n))
		return err
	}
}
