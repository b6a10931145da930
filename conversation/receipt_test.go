package conversation_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// sends claims the oldest message and has the provider take it under these ids.
func (h house) sends(ids ...string) {
	h.t.Helper()
	h.tx(func(ctx context.Context, tx *db.Tx) error {
		leases, err := conversation.Outbox().Claim(ctx, tx, "worker", time.Minute, 1)
		if err != nil || len(leases) != 1 {
			h.t.Fatal(leases, err)
		}
		parcels, err := h.Parcels(ctx, tx, leases)
		if err != nil {
			return err
		}
		return h.MarkSent(ctx, tx, parcels[0], conversation.Sent, ids...)
	})
}

func (h house) receives(r conversation.Receipt) {
	h.t.Helper()
	h.tx(func(ctx context.Context, tx *db.Tx) error { return h.Settle(ctx, tx, h.inbox.ID, r) })
}

func TestReceipts(t *testing.T) {
	type receipts = []conversation.Receipt
	delivered, failed := conversation.Delivered, conversation.Failed
	for name, c := range map[string]struct {
		early receipts
		ids   []string
		late  receipts
		want  conversation.Delivery
	}{
		"in order":                     {nil, []string{"a"}, receipts{{ProviderID: "a", State: delivered}}, delivered},
		"before the send is known":     {receipts{{ProviderID: "a", State: delivered}}, []string{"a"}, nil, delivered},
		"twice before, the last holds": {receipts{{ProviderID: "a", State: conversation.Sent}, {ProviderID: "a", State: failed}}, []string{"a"}, nil, failed},
		"of another message":           {receipts{{ProviderID: "b", State: failed}}, []string{"a"}, nil, conversation.Sent},
		"of one part of three":         {nil, []string{"a", "b", "c"}, receipts{{ProviderID: "b", State: delivered}}, conversation.Sent},
		"of all parts":                 {nil, []string{"a", "b"}, receipts{{ProviderID: "b", State: delivered}, {ProviderID: "a", State: delivered}}, delivered},
		"of all parts, some early":     {receipts{{ProviderID: "b", State: delivered}}, []string{"a", "b"}, receipts{{ProviderID: "a", State: delivered}}, delivered},
		"one part failed":              {nil, []string{"a", "b"}, receipts{{ProviderID: "a", State: delivered}, {ProviderID: "b", State: failed, Reason: "no coverage"}}, failed},
		"delivered after a failure":    {nil, []string{"a"}, receipts{{ProviderID: "a", State: failed}, {ProviderID: "a", State: delivered}}, delivered},
		"a failure after delivery":     {nil, []string{"a"}, receipts{{ProviderID: "a", State: delivered}, {ProviderID: "a", State: failed}}, delivered},
	} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(h house) {
				id := h.record(conversation.Incoming{SourceID: "1", Address: "8613800000000", Text: "hi"}).Conversation.ID
				m := h.reply(id, conversation.Draft{Sender: conversation.FromAgent, Text: "hello"})
				for _, r := range c.early {
					h.receives(r)
				}
				h.sends(c.ids...)
				for _, r := range c.late {
					h.receives(r)
				}
				if got, err := h.Message(context.Background(), h.DB, id, m.Seq); err != nil || got.Delivery != c.want {
					h.t.Fatalf("%s, %v", got.Delivery, err)
				}
				if err := h.PruneReceipts(context.Background(), h.now().Add(time.Hour)); err != nil {
					h.t.Fatal(err)
				}
			})
		})
	}
}

// A receipt that comes in the moment in which its message becomes known to have been taken is not lost between the two.
func TestAReceiptInTheSameMoment(t *testing.T) {
	onBoth(t, func(h house) {
		ctx := context.Background()
		id := h.record(conversation.Incoming{SourceID: "1", Address: "8613800000000", Text: "hi"}).Conversation.ID
		for n := range 30 {
			m := h.reply(id, conversation.Draft{Sender: conversation.FromAgent, Text: "hello"})
			name := fmt.Sprint("id", n)
			var receipt sync.WaitGroup
			receipt.Go(func() {
				err := h.DB.Tx(ctx, func(tx *db.Tx) error {
					return h.Settle(ctx, tx, h.inbox.ID, conversation.Receipt{ProviderID: name, State: conversation.Delivered})
				})
				if err != nil {
					h.t.Error(err)
				}
			})
			h.sends(name)
			receipt.Wait()
			if got, err := h.Message(ctx, h.DB, id, m.Seq); err != nil || got.Delivery != conversation.Delivered {
				h.t.Fatalf("round %d: %s, %v", n, got.Delivery, err)
			}
		}
	})
}

// The provider that gives our own id back settles a message whose sending ended in the dark, or is just under way.
func TestAReceiptByOurIDSettlesWhatNobodyKnew(t *testing.T) {
	onBoth(t, func(h house) {
		id := h.record(conversation.Incoming{SourceID: "1", Address: "8613800000000", Text: "hi"}).Conversation.ID
		m := h.reply(id, conversation.Draft{Sender: conversation.FromAgent, Text: "hello"})
		h.receives(conversation.Receipt{MessageID: m.ID, ProviderID: "x", State: conversation.Delivered})
		if due, err := conversation.Outbox().Due(context.Background(), h.DB, h.DB.Now().Add(time.Hour)); err != nil || due {
			h.t.Fatal("it is sent again", due, err)
		}
		if got, _ := h.Message(context.Background(), h.DB, id, m.Seq); got.Delivery != conversation.Delivered {
			h.t.Fatalf("%+v", got)
		}
		err := h.DB.Tx(context.Background(), func(tx *db.Tx) error {
			return h.Settle(context.Background(), tx, h.inbox.ID+1, conversation.Receipt{MessageID: m.ID, State: conversation.Failed})
		})
		if err == nil {
			h.t.Fatal("another inbox's receipt")
		}
	})
}

func TestConsent(t *testing.T) {
	onBoth(t, func(h house) {
		ctx := context.Background()
		says := func(id, text string, c conversation.Consent) *conversation.Conversation {
			return h.get(h.record(conversation.Incoming{SourceID: id, Address: "8613800000000", Text: text, Consent: c}).Conversation.ID)
		}
		out := func() bool {
			at, err := h.OptedOut(ctx, h.DB, h.inbox.ID, "8613800000000")
			if err != nil {
				h.t.Fatal(err)
			}
			return !at.IsZero()
		}
		if c := says("1", "TD", conversation.OptOut); !out() || !c.TurnDue.IsZero() || c.Unread != 0 {
			h.t.Fatalf("%v %+v", out(), c)
		}
		h.reply(1, conversation.Draft{Sender: conversation.FromAgent, Text: "hello"})
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			leases, err := conversation.Outbox().Claim(ctx, tx, "worker", time.Minute, 1)
			if err != nil {
				return err
			}
			parcels, err := h.Parcels(ctx, tx, leases)
			if err != nil || !parcels[0].OptedOut {
				h.t.Fatalf("%+v, %v", parcels, err)
			}
			return nil
		})
		says("2", "START", conversation.OptIn)
		says("1", "TD", conversation.OptOut) // the provider's repeat
		if out() {
			h.t.Fatal("still out")
		}
		if at, err := h.OptedOut(ctx, h.DB, h.inbox.ID+1, "8613800000000"); err != nil || !at.IsZero() {
			h.t.Fatal(at, err)
		}
	})
}
