package conversation_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// gets records something of the customer's and gives what may be sent then.
func (h house) opens(id string, in conversation.Incoming) conversation.Budget {
	h.t.Helper()
	in.SourceID, in.Address = id, "li"
	r, err := h.Record(context.Background(), h.inbox, in)
	if err != nil {
		h.t.Fatal(err)
	}
	return h.budget(r.Message.ConversationID)
}

func (h house) budget(id int64) conversation.Budget {
	h.t.Helper()
	ctx := context.Background()
	c, err := h.Get(ctx, h.DB, id)
	if err != nil {
		h.t.Fatal(err)
	}
	all, err := h.Budgets(ctx, h.DB, []int64{c.IdentityID}, h.DB.Now())
	one, err1 := h.Budget(ctx, h.DB, c.IdentityID, h.DB.Now())
	if err != nil || err1 != nil || all[c.IdentityID] != one {
		h.t.Fatal(all, one, err, err1)
	}
	return one
}

// spends charges a message of some cost and tells whether that was allowed.
func (h house) spends(cost, keep int) bool {
	h.t.Helper()
	ctx := context.Background()
	var ok bool
	err := h.DB.Tx(ctx, func(tx *db.Tx) error {
		c, err := h.Load(ctx, tx, 1)
		if err != nil {
			return err
		}
		m, err := h.Reply(ctx, tx, c, conversation.Draft{Sender: conversation.FromAgent, Text: "hello"})
		if err != nil {
			return err
		}
		ok, err = h.Spend(ctx, tx, conversation.Parcel{Message: m, IdentityID: c.IdentityID}, cost, keep)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return ok
}

func TestAllowances(t *testing.T) {
	grant := func(name string, n int, d time.Duration) *conversation.Grant {
		return &conversation.Grant{Name: name, Sends: n, For: d}
	}
	onBoth(t, func(h house) {
		if b := h.opens("1", conversation.Incoming{Text: "hi"}); b != (conversation.Budget{}) || h.spends(1, 0) {
			h.t.Fatalf("%+v", b)
		}
		start := h.now()
		if b := h.opens("2", conversation.Incoming{Text: "hi", Grant: grant("message", 5, 48*time.Hour)}); b.Left != 5 || b.Of != 5 || !b.Until.Equal(start.Add(48*time.Hour)) {
			h.t.Fatalf("%+v", b)
		}
		if !h.spends(2, 0) || h.budget(1).Left != 3 {
			h.t.Fatalf("%+v", h.budget(1))
		}
		if h.spends(3, 1) || h.spends(4, 0) || h.budget(1).Left != 3 {
			h.t.Fatal("more than there is, or the one that is kept")
		}
		h.pass(time.Second)
		if b := h.opens("3", conversation.Incoming{Text: "hi", SentAt: start.Add(-time.Hour), Grant: grant("message", 5, 48*time.Hour)}); b.Left != 3 {
			h.t.Fatalf("a message that comes late opens nothing new: %+v", b)
		}
		if b := h.opens("2", conversation.Incoming{Text: "hi", Grant: grant("message", 5, 48*time.Hour)}); b.Left != 3 {
			h.t.Fatalf("a repeat opens nothing: %+v", b)
		}
		if b := h.opens("4", conversation.Incoming{Activity: "menu", Grant: grant("menu", 3, time.Minute)}); b.Left != 6 || b.Of != 8 {
			h.t.Fatalf("%+v", b)
		}
		if !h.spends(4, 0) || h.budget(1).Left != 2 {
			h.t.Fatalf("%+v", h.budget(1))
		}
		h.pass(time.Minute)
		if b := h.budget(1); b.Left != 2 || b.Of != 5 {
			h.t.Fatalf("what lapses soonest is spent first: %+v", b)
		}
		if b := h.opens("5", conversation.Incoming{Activity: "paid", Grant: grant("payment", 0, time.Hour)}); !b.Unlimited || !h.spends(50, 1) {
			h.t.Fatalf("%+v", b)
		}
		h.pass(time.Hour)
		if b := h.opens("6", conversation.Incoming{Text: "again", Grant: grant("message", 5, 48*time.Hour)}); b.Left != 5 || b.Unlimited {
			h.t.Fatalf("%+v", b)
		}
		if b := h.opens("7", conversation.Incoming{Activity: "unfollowed", Leaves: true}); b != (conversation.Budget{}) {
			h.t.Fatalf("%+v", b)
		}
		h.balances()
	})
}

func (h house) balances() {
	h.t.Helper()
	_, faults, err := h.Ledger(context.Background(), 0)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, f := range faults {
		if !strings.Contains(f.Detail, "no answer") { // nobody answers here
			h.t.Errorf("%+v", f)
		}
	}
}

func TestAnOverdrawnBudgetIsAFault(t *testing.T) {
	onBoth(t, func(h house) {
		h.opens("1", conversation.Incoming{Text: "hi", Grant: &conversation.Grant{Name: "message", Sends: 5, For: time.Hour}})
		ctx := context.Background()
		err := h.DB.Tx(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, "UPDATE grants SET used = 6")
			return err
		})
		if err != nil {
			h.t.Fatal(err)
		}
		_, faults, err := h.Ledger(ctx, h.inbox.ID)
		if err != nil || len(faults) != 1 || !strings.Contains(faults[0].Law, "budget") {
			h.t.Fatalf("%+v, %v", faults, err)
		}
	})
}

func TestEventsOweNobodyAnything(t *testing.T) {
	onBoth(t, func(h house) {
		h.opens("1", conversation.Incoming{Activity: "followed", Data: map[string]string{"scene": "shop"}})
		ctx := context.Background()
		c, err := h.Get(ctx, h.DB, 1)
		if err != nil || c.Unread != 0 || !c.TurnDue.IsZero() || !c.WaitingSince.IsZero() || c.LastSeq != 1 {
			h.t.Fatalf("%+v, %v", c, err)
		}
		err = h.DB.Tx(ctx, func(tx *db.Tx) error {
			c, err := h.Load(ctx, tx, 1)
			if err != nil {
				return err
			}
			c.Status = conversation.Resolved
			return h.Save(ctx, tx, c)
		})
		if err != nil {
			h.t.Fatal(err)
		}
		h.opens("2", conversation.Incoming{Activity: "unfollowed", Leaves: true})
		if c, err = h.Get(ctx, h.DB, 1); err != nil || c.Status != conversation.Resolved || c.LastSeq != 2 {
			h.t.Fatalf("%+v, %v", c, err)
		}
		h.balances()
	})
}
