package conversation_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"huiyin/conversation"
	"huiyin/db"
)

// TestManyAtOnceAreEachStoredOnce lets many people write at the same time, each message several times over, among them
// some that are not plain and one that no database takes. Everybody gets the fate of their own message.
func TestManyAtOnceAreEachStoredOnce(t *testing.T) {
	const people, said, times = 12, 6, 2
	onBoth(t, func(h house) {
		inbox := h.makeInbox(true)
		var mu sync.Mutex
		fresh := map[string]int{}
		var all sync.WaitGroup
		for p := range people {
			all.Go(func() {
				for n := range said * times {
					in := conversation.Incoming{Address: fmt.Sprint("v", p), SourceID: fmt.Sprint("m", p, "-", n/times), Text: fmt.Sprint("text ", n)}
					if n/times == 3 {
						in.Subject = "a matter" // not plain
					}
					r, err := h.Record(context.Background(), inbox, in)
					if err != nil || r.Message.SourceID != in.SourceID {
						h.t.Errorf("%+v: %v", r.Message, err)
						return
					}
					mu.Lock()
					if !r.Duplicate {
						fresh[in.SourceID]++
					}
					mu.Unlock()
				}
			})
		}
		all.Go(func() {
			for range said {
				_, err := h.Record(context.Background(), inbox, conversation.Incoming{Address: "v0", SourceID: "broken", Text: "a\x00b", HTML: "\xff"})
				if err == nil && h.DB.Dialect() == db.Postgres {
					h.t.Error("what PostgreSQL cannot store is stored")
				}
			}
		})
		all.Wait()
		if len(fresh) != people*said {
			h.t.Errorf("%d messages, want %d", len(fresh), people*said)
		}
		for source, n := range fresh {
			if n != 1 {
				h.t.Errorf("%s was new %d times", source, n)
			}
		}
		_, faults, err := h.Ledger(context.Background(), 0)
		if err != nil || len(faults) > 0 {
			h.t.Errorf("%+v %v", faults, err)
		}
		h.eventsRise()
	})
}

// TestNobodyWaitsForAConversationInOtherHands holds one customer's conversation: the messages of others are stored meanwhile.
func TestNobodyWaitsForAConversationInOtherHands(t *testing.T) {
	onBoth(t, func(h house) {
		if h.DB.Dialect() != db.Postgres {
			return // SQLite's writer takes one transaction after the other
		}
		inbox := h.makeInbox(true)
		record := func(address string, n int) error {
			_, err := h.Record(context.Background(), inbox, conversation.Incoming{Address: address, SourceID: fmt.Sprint(address, n), Text: "hello"})
			return err
		}
		held, err := h.Record(context.Background(), inbox, conversation.Incoming{Address: "held", SourceID: "first", Text: "hello"})
		if err != nil {
			h.t.Fatal(err)
		}
		if err := record("free", 0); err != nil {
			h.t.Fatal(err)
		}
		blocked := make(chan error, 1)
		undone := errors.New("undone")
		err = h.DB.Tx(context.Background(), func(tx *db.Tx) error {
			if _, err := h.Load(context.Background(), tx, held.Conversation.ID); err != nil {
				return err
			}
			go func() { blocked <- record("held", 1) }()
			for n := range 5 {
				if err := record("free", n+1); err != nil {
					return err
				}
			}
			return undone
		})
		if !errors.Is(err, undone) {
			h.t.Fatal(err)
		}
		if err := <-blocked; err != nil {
			h.t.Error(err)
		}
		if c := h.get(held.Conversation.ID); c.LastSeq != 2 {
			h.t.Errorf("seq %d", c.LastSeq)
		}
	})
}
