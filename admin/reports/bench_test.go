package reports

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/db/pgtest"
	"huiyin/handoff"
)

// benchConversations is how many conversations of 90 days the figures are of: a million, or as HUIYIN_REPORTS says.
func benchConversations(b *testing.B) int {
	text := os.Getenv("HUIYIN_REPORTS")
	if text == "" {
		return 1_000_000
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// BenchmarkReports reads what a page of reports shows, and what is behind a figure, of conversations on 3 inboxes, in 4 teams with
// 50 agents.
func BenchmarkReports(b *testing.B) {
	for name, url := range map[string]func() string{"sqlite": func() string { return filepath.Join(b.TempDir(), "huiyin.db") }, "postgres": func() string { return pgtest.URL(b) }} {
		b.Run(name, func(b *testing.B) {
			s := manyFacts(b, url(), benchConversations(b))
			for _, days := range []int{7, 30, 90} {
				q := Query{From: DayOf(benchLast.AddDate(0, 0, 1-days)), To: DayOf(benchLast), Scope: conversation.Scope{All: true}}
				b.Run(fmt.Sprintf("%d days", days), func(b *testing.B) {
					for b.Loop() {
						if r, err := s.Read(context.Background(), q); err != nil || r.All[Started] == nil {
							b.Fatal(err)
						}
					}
				})
			}
			q := Query{From: DayOf(benchLast.AddDate(0, 0, -89)), To: DayOf(benchLast), Scope: conversation.Scope{TeamIDs: []int64{2}}}
			b.Run("behind", func(b *testing.B) {
				for b.Loop() {
					if list, err := s.Behind(context.Background(), q, Resolved, Behind{}, 50); err != nil || len(list) != 50 {
						b.Fatal(len(list), err)
					}
				}
			})
		})
	}
}

var benchLast = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)

// manyFacts writes facts as measuring leaves them, two for each conversation, and their sums by day.
func manyFacts(b *testing.B, url string, conversations int) *Store {
	ctx := context.Background()
	d, err := db.Open(ctx, url, db.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = d.Close() })
	if err := d.Migrate(ctx, conversation.Migrations(), handoff.Migrations(), Migrations()); err != nil {
		b.Fatal(err)
	}
	zone := func(context.Context) (*time.Location, error) { return time.UTC, nil }
	s := &Store{DB: d, Conversations: &conversation.Store{DB: d}, Zone: zone, Log: slog.New(slog.DiscardHandler)}
	err = d.Tx(ctx, func(tx *db.Tx) error {
		for back := range 90 {
			day, each := DayOf(benchLast.AddDate(0, 0, -back)), conversations/90
			const count = "WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < ?) "
			for n, kind := range []Kind{Started, Resolved} {
				_, err := tx.Exec(ctx, count+`INSERT INTO report_facts (conversation_id, n, kind, day, hour, inbox_id, team_id, agent_id, value)
 SELECT ? + i, ?, ?, ?, i % 24, i % 3 + 1, i % 4 + 1, i % 50 + 1, i % 977 * 1000 FROM c`, each, (89-back)*each, n, string(kind), day)
				if err != nil {
					return err
				}
			}
			for _, kind := range Kinds() {
				_, err := tx.Exec(ctx, count+`INSERT INTO report_days (day, kind, inbox_id, team_id, agent_id, n, total, spread)
 SELECT ?, ?, i % 3 + 1, i % 4 + 1, i, 70, 70000000, '40:20 41:20 42:10 50:10 60:10' FROM c`, 50, day, string(kind))
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err == nil {
		err = d.Tx(ctx, func(tx *db.Tx) error { _, err := tx.Exec(ctx, "ANALYZE"); return err }) // as both databases do by themselves
	}
	if err != nil {
		b.Fatal(err)
	}
	return s
}
