package conversation_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"huiyin/conversation"
	"huiyin/db"
)

func openSQLite(t *testing.T) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), filepath.Join(t.TempDir(), "huiyin.db"), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if err := d.Migrate(context.Background(), conversation.Migrations()); err != nil {
		t.Fatal(err)
	}
	return d
}

func makeInbox(t *testing.T, s *conversation.Store) conversation.Inbox {
	t.Helper()
	var inbox conversation.Inbox
	err := s.DB.Tx(context.Background(), func(tx *db.Tx) (err error) {
		inbox, err = s.CreateInbox(context.Background(), tx, conversation.Inbox{Kind: "webchat", Name: "Web", Bot: true})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return inbox
}

func TestRecordNumbersEverythingOnce(t *testing.T) {
	ctx := context.Background()
	s := &conversation.Store{DB: openSQLite(t)}
	inbox := makeInbox(t, s)
	var wg sync.WaitGroup
	for i := range 100 {
		for range 2 { // the provider repeats each
			wg.Add(1)
			go func() {
				defer wg.Done()
				in := conversation.Incoming{SourceID: fmt.Sprint("m", i), Address: fmt.Sprint("visitor", i%5), Text: "宽带断了"}
				if _, err := s.Record(ctx, inbox, in); err != nil {
					t.Error(err)
				}
			}()
		}
	}
	wg.Wait()
	events, err := s.Events(ctx, s.DB, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range events {
		if e.N != int64(i+1) {
			t.Fatalf("event %d has number %d", i, e.N)
		}
	}
	list, _, err := s.List(ctx, s.DB, conversation.Filter{Scope: conversation.Scope{All: true}, Limit: 10})
	if err != nil || len(list) != 5 {
		t.Fatalf("%d conversations, %v", len(list), err)
	}
	for _, c := range list {
		messages, err := s.Messages(ctx, s.DB, c.ID, conversation.Page{Limit: 100})
		if err != nil || len(messages) != 20 || c.LastSeq != 20 || c.Unread != 20 {
			t.Fatalf("conversation %d: %d messages, last %d, unread %d, %v", c.ID, len(messages), c.LastSeq, c.Unread, err)
		}
		for i, m := range messages {
			if m.Seq != int64(i+1) {
				t.Fatalf("seq %d at %d", m.Seq, i)
			}
		}
	}
	counts, err := s.Counts(ctx, s.DB, conversation.Scope{All: true})
	if err != nil || counts[conversation.ViewBot] != (conversation.Count{Total: 5, Unread: 5}) {
		t.Fatalf("counts %v, %v", counts, err)
	}
}
