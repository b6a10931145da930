package conversation_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

func (h house) adopt(from, to string, p conversation.Profile) bool {
	h.t.Helper()
	p.Proven = true
	moved, err := h.Adopt(context.Background(), h.inbox, from, to, p)
	if err != nil {
		h.t.Fatal(err)
	}
	return moved
}

// at is where an address stands: its contact and the conversation that goes on; 0 when it is not known.
func (h house) at(address string) (contact, goesOn int64) {
	h.t.Helper()
	i, err := h.IdentityAt(context.Background(), h.DB, h.inbox.ID, address)
	if errors.Is(err, conversation.ErrNotFound) {
		return 0, 0
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return i.ContactID, i.ConversationID
}

func (h house) lawful() {
	h.t.Helper()
	_, faults, err := h.Ledger(context.Background(), 0)
	if err != nil || len(faults) > 0 {
		h.t.Fatalf("%v %+v", err, faults)
	}
}

func TestWhoIsIdentifiedMidwayKeepsTheRunningConversation(t *testing.T) {
	onBoth(t, func(h house) {
		ctx := context.Background()
		asked := h.record(conversation.Incoming{Address: "visitor:a", SourceID: "s1", Text: "hello",
			Profile: conversation.Profile{Name: "says Ann", Phone: "123", Attributes: map[string]string{"page": "/", "tier": "none"}}}).Conversation
		h.reply(asked.ID, conversation.Draft{Sender: conversation.FromBot, Text: "hi", Explanation: "{}"})
		if !h.adopt("visitor:a", "user:1", conversation.Profile{Name: "Wang Li", Verified: true, Attributes: map[string]string{"tier": "gold"}}) {
			h.t.Fatal("it stayed")
		}
		contact, goesOn := h.at("user:1")
		if goesOn != asked.ID {
			h.t.Fatalf("goes on in %d", goesOn)
		}
		if c, _ := h.at("visitor:a"); c != 0 {
			h.t.Fatal("the nameless identity is left over")
		}
		if _, err := h.Contact(ctx, h.DB, asked.ContactID); !errors.Is(err, conversation.ErrNotFound) {
			h.t.Fatalf("the nameless contact is left over: %v", err)
		}
		known, err := h.Contact(ctx, h.DB, contact)
		if err != nil || known.Name != "Wang Li" || known.Phone != "123" || known.Attributes["tier"] != "gold" || known.Attributes["page"] != "/" {
			h.t.Fatalf("%+v %v", known, err)
		}
		next := h.record(conversation.Incoming{Address: "user:1", SourceID: "s2", Text: "and now?"})
		if next.Conversation.ID != asked.ID || next.Message.Seq != 4 {
			h.t.Fatalf("%+v", next.Message)
		}
		if again := h.record(conversation.Incoming{Address: "visitor:a", SourceID: "s1", Text: "hello"}); !again.Duplicate {
			h.t.Fatal("a repeat of what was sent before was added")
		}
		h.lawful()
	})
}

func TestWhatStaysWithTheNameless(t *testing.T) {
	type world struct {
		house
		nameless, known *conversation.Conversation
	}
	for name, arrange := range map[string]func(h house) (w world){
		"the person has a conversation that goes on": func(h house) world {
			known := h.record(conversation.Incoming{Address: "user:1", Text: "x", Profile: conversation.Profile{Verified: true}}).Conversation
			return world{h, h.record(conversation.Incoming{Address: "visitor:a", Text: "y"}).Conversation, known}
		},
		"the person has a newer one, though resolved": func(h house) world {
			nameless := h.record(conversation.Incoming{Address: "visitor:a", Text: "y"}).Conversation
			known := h.record(conversation.Incoming{Address: "user:1", Text: "x", Profile: conversation.Profile{Verified: true}}).Conversation
			h.change(known.ID, func(c *conversation.Conversation) { c.Status = conversation.Resolved })
			return world{h, nameless, known}
		},
		"it is long over": func(h house) world {
			nameless := h.record(conversation.Incoming{Address: "visitor:a", Text: "y"}).Conversation
			h.change(nameless.ID, func(c *conversation.Conversation) { c.Status = conversation.Resolved })
			h.pass(25 * time.Hour)
			return world{h, nameless, nil}
		},
		"the first address is proven itself": func(h house) world {
			return world{h, h.record(conversation.Incoming{Address: "visitor:a", Text: "y", Profile: conversation.Profile{Proven: true}}).Conversation, nil}
		},
	} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(h house) {
				w := arrange(h)
				if h.adopt("visitor:a", "user:1", conversation.Profile{Verified: true}) {
					h.t.Fatal("it was handed over")
				}
				if _, goesOn := h.at("visitor:a"); goesOn != w.nameless.ID {
					h.t.Fatalf("the nameless go on in %d", goesOn)
				}
				if w.known != nil {
					if _, goesOn := h.at("user:1"); goesOn != w.known.ID {
						h.t.Fatalf("the person goes on in %d", goesOn)
					}
				}
				h.lawful()
			})
		})
	}
	onBoth(t, func(h house) {
		if h.adopt("visitor:never", "user:1", conversation.Profile{}) || h.adopt("user:1", "user:1", conversation.Profile{}) {
			h.t.Fatal("nothing was handed over as something")
		}
	})
}

func TestOlderConversationsStayWhereTheyAre(t *testing.T) {
	onBoth(t, func(h house) {
		old := h.record(conversation.Incoming{Address: "visitor:a", Text: "long ago"}).Conversation
		h.change(old.ID, func(c *conversation.Conversation) { c.Status = conversation.Resolved })
		earlier := h.record(conversation.Incoming{Address: "user:1", Text: "as myself", Profile: conversation.Profile{Proven: true}}).Conversation
		h.change(earlier.ID, func(c *conversation.Conversation) { c.Status = conversation.Resolved })
		h.pass(48 * time.Hour)
		running := h.record(conversation.Incoming{Address: "visitor:a", Text: "today"}).Conversation
		if running.ID == old.ID || !h.adopt("visitor:a", "user:1", conversation.Profile{}) {
			h.t.Fatal("the running one stayed")
		}
		if _, goesOn := h.at("visitor:a"); goesOn != old.ID {
			h.t.Fatalf("the nameless go on in %d", goesOn)
		}
		if _, goesOn := h.at("user:1"); goesOn != running.ID {
			h.t.Fatalf("the person goes on in %d", goesOn)
		}
		identity := h.get(running.ID).IdentityID
		list, err := h.OfIdentity(context.Background(), h.DB, identity, 1<<62, 10)
		if err != nil || len(list) != 2 || list[0].ID != running.ID || list[1].ID != earlier.ID {
			h.t.Fatalf("%+v %v", list, err)
		}
		h.lawful()
	})
}

func TestHandingOverWhileMessagesCome(t *testing.T) {
	onBoth(t, func(h house) {
		ctx := context.Background()
		h.record(conversation.Incoming{Address: "visitor:a", SourceID: "first", Text: "x"})
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				address := "visitor:a"
				if i%2 == 1 {
					address = "user:1"
				}
				if _, err := h.Record(ctx, h.inbox, conversation.Incoming{Address: address, SourceID: fmt.Sprint("m", i), Text: "x"}); err != nil {
					h.t.Error(err)
				}
			})
			if i%5 == 0 {
				wg.Go(func() {
					if _, err := h.Adopt(ctx, h.inbox, "visitor:a", "user:1", conversation.Profile{Proven: true}); err != nil {
						h.t.Error(err)
					}
				})
			}
		}
		wg.Wait()
		var n int
		if err := h.DB.QueryRow(ctx, "SELECT COUNT(*) FROM messages WHERE sender = 'contact'").Scan(&n); err != nil || n != 21 {
			h.t.Fatalf("%d messages of 21: %v", n, err)
		}
		h.lawful()
	})
}

func TestRatings(t *testing.T) {
	onBoth(t, func(h house) {
		ctx := context.Background()
		c := h.record(conversation.Incoming{Address: "a", Text: "x"}).Conversation
		rate := func(r conversation.Rating) error {
			return h.DB.Tx(ctx, func(tx *db.Tx) error {
				loaded, err := h.Load(ctx, tx, c.ID)
				if err != nil {
					return err
				}
				return h.Rate(ctx, tx, loaded, r)
			})
		}
		want := func(what string, err, want error) {
			h.t.Helper()
			if !errors.Is(err, want) {
				h.t.Fatalf("%s: %v", what, err)
			}
		}
		want("while it goes on", rate(conversation.Rating{Score: 5}), conversation.ErrNotNow)
		h.change(c.ID, func(c *conversation.Conversation) { c.Status = conversation.Resolved })
		for _, bad := range []int{-1, 0, 6} {
			var field *conversation.FieldError
			if err := rate(conversation.Rating{Score: bad}); !errors.As(err, &field) {
				h.t.Fatalf("score %d: %v", bad, err)
			}
		}
		want("over", rate(conversation.Rating{Score: 2, Comment: "slow", Reason: "waiting"}), nil)
		h.pass(23 * time.Hour)
		want("changed within a day", rate(conversation.Rating{Score: 4}), nil)
		found, err := h.Ratings(ctx, h.DB, []int64{c.ID, 99})
		if err != nil || len(found) != 1 || found[c.ID].Score != 4 || found[c.ID].Comment != "" || !found[c.ID].ChangedAt.After(found[c.ID].At) {
			h.t.Fatalf("%+v %v", found, err)
		}
		h.pass(2 * time.Hour)
		want("changed after a day", rate(conversation.Rating{Score: 1}), conversation.ErrNotNow)
		h.change(c.ID, func(c *conversation.Conversation) { c.Status = conversation.Open })
		h.change(c.ID, func(c *conversation.Conversation) { c.Status = conversation.Resolved })
		want("ended anew", rate(conversation.Rating{Score: 3}), nil)
		h.pass(8 * 24 * time.Hour)
		want("long over", rate(conversation.Rating{Score: 3}), conversation.ErrNotNow)
	})
}

func TestDeliveryIsConfirmedByTheDevice(t *testing.T) {
	onBoth(t, func(h house) {
		ctx := context.Background()
		c := h.record(conversation.Incoming{Address: "a", Text: "x"}).Conversation
		first := h.reply(c.ID, conversation.Draft{Sender: conversation.FromBot, Text: "1"})
		got := func(seq int64) {
			h.tx(func(ctx context.Context, tx *db.Tx) error { return h.MarkDelivered(ctx, tx, c.ID, seq) })
		}
		state := func(seq int64) conversation.Delivery {
			m, err := h.Message(ctx, h.DB, c.ID, seq)
			if err != nil {
				h.t.Fatal(err)
			}
			return m.Delivery
		}
		got(1000) // of the future: counts up to what is there, before it is marked sent
		if state(first.Seq) != conversation.Queued {
			h.t.Fatal(state(first.Seq))
		}
		h.sendAll()
		if state(first.Seq) != conversation.Delivered {
			h.t.Fatalf("confirmed before it was marked: %s", state(first.Seq))
		}
		second := h.reply(c.ID, conversation.Draft{Sender: conversation.FromBot, Text: "2"})
		h.sendAll()
		if state(second.Seq) != conversation.Sent {
			h.t.Fatal(state(second.Seq))
		}
		got(second.Seq)
		got(second.Seq)
		if state(second.Seq) != conversation.Delivered {
			h.t.Fatal(state(second.Seq))
		}
		h.tx(func(ctx context.Context, tx *db.Tx) error { return h.MarkContactRead(ctx, tx, c.ID, second.Seq) })
		if state(second.Seq) != conversation.Read {
			h.t.Fatal(state(second.Seq))
		}
	})
}

// sendAll has every due message handed over.
func (h house) sendAll() {
	h.t.Helper()
	h.tx(func(ctx context.Context, tx *db.Tx) error {
		leases, err := conversation.Outbox().Claim(ctx, tx, "t", time.Minute, 10)
		if err != nil {
			return err
		}
		parcels, err := h.Parcels(ctx, tx, leases)
		for _, p := range parcels {
			if err == nil {
				err = h.MarkSent(ctx, tx, p, conversation.Sent, "")
			}
		}
		return err
	})
}

func TestTheReasonOfAVerdict(t *testing.T) {
	onBoth(t, func(h house) {
		c := h.record(conversation.Incoming{Address: "a", Text: "x"}).Conversation
		m := h.reply(c.ID, conversation.Draft{Sender: conversation.FromBot, Text: "1"})
		set := func() {
			h.tx(func(ctx context.Context, tx *db.Tx) error { return h.SetReason(ctx, tx, c.ID, m.Seq, "too long") })
		}
		reason := func() string {
			m, err := h.Message(context.Background(), h.DB, c.ID, m.Seq)
			if err != nil {
				h.t.Fatal(err)
			}
			return m.HelpfulReason
		}
		if set(); reason() != "" {
			h.t.Fatal("a reason without a verdict")
		}
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			_, err := h.SetHelpful(ctx, tx, c.ID, m.Seq, false)
			return err
		})
		if set(); reason() != "too long" {
			h.t.Fatal(reason())
		}
	})
}
