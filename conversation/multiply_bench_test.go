//go:build unix

package conversation_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"huiyin/conversation"
	"huiyin/db"
)

// A large house for benchmarks is a small one of the product's own making, whose rows are copied by the database: what each
// copy is about has ids, addresses and times of its own.

// copied are the columns of a table that differ from copy to copy, k.n being the number of the copy: a second passes for each
// conversation.
func copied(conversations, messages int64) map[string]map[string]string {
	id := fmt.Sprintf(" + k.n * %d", conversations)
	later := fmt.Sprintf(" + k.n * %d", conversations*1000)
	return map[string]map[string]string{
		"contacts":   {"id": "id" + id},
		"identities": {"id": "id" + id, "contact_id": "contact_id" + id, "conversation_id": "conversation_id" + id, "address": "address || '-' || k.n"},
		"conversations": {"id": "id" + id, "contact_id": "contact_id" + id, "identity_id": "identity_id" + id, "last_message_at": "last_message_at" + later,
			"queue_order":   "CASE WHEN queue_order = 0 THEN 0 ELSE queue_order" + later + " END",
			"waiting_since": "CASE WHEN waiting_since = 0 THEN 0 ELSE waiting_since" + later + " END"},
		"messages": {"id": fmt.Sprintf("id + k.n * %d", messages), "conversation_id": "conversation_id" + id, "source_id": "CASE WHEN source_id = '' THEN '' ELSE source_id || '-' || k.n END"},
	}
}

// multiply makes a house so many times as large.
func (h benchStore) multiply(b *testing.B, times int64) {
	ctx := context.Background()
	var conversations, messages int64
	for table, most := range map[string]*int64{"conversations": &conversations, "messages": &messages} {
		if err := h.DB.QueryRow(ctx, "SELECT MAX(id) FROM "+table).Scan(most); err != nil {
			b.Fatal(err)
		}
	}
	changes := copied(conversations, messages)
	for _, table := range []string{"contacts", "identities", "conversations", "messages"} { // each points to those before it
		change := changes[table]
		rows, err := h.DB.Query(ctx, "SELECT * FROM "+table+" WHERE 1 = 0")
		if err != nil {
			b.Fatal(err)
		}
		columns, err := rows.Columns()
		rows.Close()
		if err != nil {
			b.Fatal(err)
		}
		values := make([]string, len(columns))
		for i, c := range columns {
			if values[i] = change[c]; values[i] == "" {
				values[i] = c
			}
		}
		h.must(b, "INSERT INTO "+table+" ("+strings.Join(columns, ", ")+") WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < "+
			fmt.Sprint(times-1)+") SELECT "+strings.Join(values, ", ")+" FROM "+table+", k")
	}
	h.must(b, fmt.Sprintf("UPDATE tallies SET total = total * %d, unread = unread * %d", times, times))
	if h.DB.Dialect() == db.Postgres {
		h.must(b, "ANALYZE")
	}
}

func (h benchStore) must(b *testing.B, statement string) {
	err := h.DB.Tx(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(context.Background(), statement)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
}

const (
	storedEach  = 10 // messages of each visitor before the copies
	storedTimes = 49
)

// BenchmarkAcceptStored compares recording where a million messages of a hundred thousand visitors are stored with recording
// where there are but a few, 16 at a time.
func BenchmarkAcceptStored(b *testing.B) {
	house := func(times int64) storeFunc {
		h := benchHouse(b)
		one := h.recordOf
		for n := range int64(acceptVisitors * storedEach) {
			if err := one(context.Background(), int(n%acceptVisitors), -1-n); err != nil {
				b.Fatal(err)
			}
		}
		if times > 1 {
			h.multiply(b, times)
		}
		return func(ctx context.Context, _ int, n int64) error { return one(ctx, int(n*7919%acceptVisitors), n) }
	}
	full, empty := &lane{name: "full", one: house(storedTimes)}, &lane{name: "empty", one: house(1)}
	for b.Loop() {
		for range acceptRounds {
			full.run(b, 16)
			empty.run(b, 16)
		}
	}
	full.report(b)
	empty.report(b)
	compare(b, full, empty)
}

// recordOf stores message n of a visitor.
func (h benchStore) recordOf(ctx context.Context, visitor int, n int64) error {
	_, err := h.Record(ctx, h.inbox, conversation.Incoming{SourceID: fmt.Sprintf("web:%016x", n), Text: acceptText,
		Address: fmt.Sprintf("v-%08d", visitor), ClientID: fmt.Sprintf("%016x", n)})
	return err
}
