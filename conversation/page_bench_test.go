//go:build unix

package conversation_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/db/pgtest"
)

const (
	inboxConversations = 10_000 // which the product makes; the database copies them
	inboxLimit         = 50
	inboxRounds        = 9
	inboxPages         = 200
)

// BenchmarkInboxPage measures the inbox among 100 000 and a million conversations: the first page of each view with all
// counters and the contacts' names, and pages far below it. Run it with -benchtime 1x.
func BenchmarkInboxPage(b *testing.B) {
	for _, on := range []string{"sqlite", "postgres"} {
		for _, times := range []int64{10, 100} {
			b.Run(fmt.Sprintf("%s/%dk", on, times*inboxConversations/1000), func(b *testing.B) {
				url := filepath.Join(b.TempDir(), "bench.db")
				if on == "postgres" {
					url = pgtest.URL(b)
				}
				h := crowdedHouse(b, url)
				h.multiply(b, times)
				h.pages(b, times*inboxConversations)
			})
		}
	}
}

func (h benchStore) pages(b *testing.B, conversations int64) {
	scopes := []conversation.Scope{{All: true, AgentID: 3}, {AgentID: 3, TeamIDs: []int64{1, 2}}}
	views := []conversation.View{conversation.ViewAll, conversation.ViewMine, conversation.ViewQueue, conversation.ViewBot, conversation.ViewSnoozed, conversation.ViewResolved}
	for _, deep := range []bool{false, true} {
		b.Run(map[bool]string{false: "first", true: "deep"}[deep], func(b *testing.B) {
			for b.Loop() {
				l := &lane{}
				for r := range inboxRounds {
					var took []time.Duration
					for i := r * inboxPages; i < (r+1)*inboxPages; i++ {
						f := conversation.Filter{View: views[i%len(views)], Scope: scopes[i/len(views)%len(scopes)], Limit: inboxLimit}
						if i%5 == 4 {
							f.InboxID = int64(i%3 + 1)
						}
						if deep {
							f.After = h.somewhere(f.View, int64(i)*104729%conversations+1)
						}
						took = append(took, h.page(b, f))
					}
					l.add(took)
				}
				b.ReportMetric(0, "ns/op")
				l.reportWaits(b, "")
			}
		})
	}
}

// page reads what the console's list shows and tells how long it took.
func (h benchStore) page(b *testing.B, f conversation.Filter) time.Duration {
	ctx := context.Background()
	start := time.Now()
	found, _, err := h.List(ctx, h.DB, f)
	if err != nil {
		b.Fatal(err)
	}
	var ids []int64
	for _, c := range found {
		ids = append(ids, c.ContactID)
	}
	if _, err := h.Contacts(ctx, h.DB, ids); err != nil {
		b.Fatal(err)
	}
	if _, err := h.Counts(ctx, h.DB, f.Scope); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}

// somewhere is a place deep in the list.
func (h benchStore) somewhere(v conversation.View, id int64) conversation.Place {
	if v == conversation.ViewQueue {
		return conversation.Place{Key: 2e14 + h.start.UnixMilli() + id*1000, ID: id}
	}
	return conversation.Place{Key: h.start.UnixMilli() + id*1000, ID: id}
}

// crowdedHouse holds conversations of three inboxes and four teams, most of them resolved, one a second.
func crowdedHouse(b *testing.B, url string) benchStore {
	var mu sync.Mutex
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	start := at
	h := benchHouseAt(b, openBench(b, url, func() time.Time { mu.Lock(); defer mu.Unlock(); return at }))
	h.start = start
	inboxes := []conversation.Inbox{h.inbox, h.more(b), h.more(b)}
	for from := 0; from < inboxConversations; from += 100 {
		err := h.DB.Tx(context.Background(), func(tx *db.Tx) error {
			for i := from; i < from+100; i++ {
				tx.Now = start.Add(time.Duration(i) * time.Second)
				if err := h.past(tx, inboxes[i%3], i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	at = start.Add(inboxConversations * time.Second)
	return h
}

func (h benchStore) past(tx *db.Tx, inbox conversation.Inbox, i int) error {
	ctx := context.Background()
	r, err := h.RecordTx(ctx, tx, inbox, conversation.Incoming{SourceID: fmt.Sprint("s", i), Address: fmt.Sprint("v", i), Text: acceptText,
		Profile: conversation.Profile{Name: fmt.Sprint("王", i)}})
	if err != nil {
		return err
	}
	c := r.Conversation
	c.TeamID = int64(i % 4)
	switch {
	case i%20 == 0:
		c.Status = conversation.Open
	case i%20 == 1:
		c.Status, c.AgentID, c.Unread = conversation.Open, int64(i/20%9+1), i/180%2
	case i%50 == 2:
		c.Status, c.AgentID = conversation.Snoozed, int64(i/50%9+1)
	case i%10 != 3:
		c.Status = conversation.Resolved
	}
	return h.Save(ctx, tx, c)
}

func (h benchStore) more(b *testing.B) (inbox conversation.Inbox) {
	err := h.DB.Tx(context.Background(), func(tx *db.Tx) (err error) {
		inbox, err = h.CreateInbox(context.Background(), tx, conversation.Inbox{Kind: "webchat", Name: "More", Bot: true})
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return inbox
}

// BenchmarkSavedCounts measures the counts of twenty saved views of every kind among 100 000 conversations, and pages
// sorted by wait and by priority. Run it with -benchtime 1x.
func BenchmarkSavedCounts(b *testing.B) {
	h := crowdedHouse(b, filepath.Join(b.TempDir(), "bench.db"))
	h.multiply(b, 10)
	scope := conversation.Scope{AgentID: 3, TeamIDs: []int64{1, 2}}
	live := []conversation.Status{conversation.Open, conversation.Snoozed}
	var views []conversation.Criteria
	for i := range 5 {
		views = append(views, conversation.Criteria{Status: live, Inboxes: []int64{int64(i%3 + 1)}}, conversation.Criteria{Status: live, Priorities: []string{"high", "urgent"}, Unread: i%2 == 0},
			conversation.Criteria{WaitingMinutes: 10 * (i + 1)}, conversation.Criteria{Tags: []string{fmt.Sprint("tag", i)}, Status: live})
	}
	past := []conversation.Criteria{{Languages: []string{"en"}}}
	counted := func(list []conversation.Criteria) func(*testing.B) {
		return func(b *testing.B) {
			l := &lane{}
			for b.Loop() {
				for range inboxRounds {
					var took []time.Duration
					for range 40 {
						start := time.Now()
						if _, err := h.CountEach(context.Background(), h.DB, scope, list, h.DB.Now()); err != nil {
							b.Fatal(err)
						}
						took = append(took, time.Since(start))
					}
					l.add(took)
				}
			}
			b.ReportMetric(0, "ns/op")
			l.reportWaits(b, "")
		}
	}
	b.Run("twenty", counted(views))
	b.Run("past", counted(past))
	for _, sort := range []conversation.Sort{conversation.ByWaiting, conversation.ByPriority} {
		b.Run("by "+string(sort), func(b *testing.B) {
			l := &lane{}
			for b.Loop() {
				for range inboxRounds {
					var took []time.Duration
					for range 40 {
						took = append(took, h.page(b, conversation.Filter{Scope: scope, Sort: sort, Limit: inboxLimit, Now: h.DB.Now()}))
					}
					l.add(took)
				}
			}
			b.ReportMetric(0, "ns/op")
			l.reportWaits(b, "")
		})
	}
}
