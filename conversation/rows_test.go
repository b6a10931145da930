package conversation_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

func (h house) claim(q db.Queue) (leases []db.Lease) {
	h.t.Helper()
	h.tx(func(ctx context.Context, tx *db.Tx) (err error) {
		leases, err = q.Claim(ctx, tx, fmt.Sprint("token", tx.Now.UnixNano()), time.Minute, 10)
		return err
	})
	return leases
}

func (h house) parcels() []conversation.Parcel {
	h.t.Helper()
	parcels, err := h.Parcels(context.Background(), h.DB, h.claim(conversation.Outbox()))
	if err != nil {
		h.t.Fatal(err)
	}
	return parcels
}

func (h house) agentSays(id int64, text string) conversation.Message {
	return h.reply(id, conversation.Draft{Sender: conversation.FromAgent, AgentID: 7, Text: text})
}

func TestOutboxKeepsTheOrderOfAConversation(t *testing.T) {
	onBoth(t, func(h house) {
		a := h.record(conversation.Incoming{Address: "a", Text: "1"}).Conversation.ID
		b := h.record(conversation.Incoming{Address: "b", Text: "1"}).Conversation.ID
		for i := range 3 {
			h.agentSays(a, fmt.Sprint("a", i))
			h.agentSays(b, fmt.Sprint("b", i))
		}
		var sent []string
		for range 3 {
			parcels := h.parcels()
			if len(parcels) != 2 {
				h.t.Fatalf("%d parcels at once", len(parcels))
			}
			for _, p := range parcels {
				sent = append(sent, p.Address+":"+p.Message.Text)
				h.tx(func(ctx context.Context, tx *db.Tx) error {
					return h.MarkSent(ctx, tx, p, conversation.Sent, "p-"+p.Message.Text)
				})
			}
		}
		if got := strings.Join(sent, " "); got != "a:a0 b:b0 a:a1 b:b1 a:a2 b:b2" {
			h.t.Fatal(got)
		}
		if left := h.parcels(); len(left) != 0 {
			h.t.Fatalf("left over: %+v", left)
		}
	})
}

func TestAFailedMessageHoldsTheNextOnlyWhileItIsRetried(t *testing.T) {
	onBoth(t, func(h house) {
		id := h.record(conversation.Incoming{Address: "a", Text: "1"}).Conversation.ID
		first := h.agentSays(id, "first")
		h.agentSays(id, "second")
		p := h.parcels()[0]
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			return h.MarkRetry(ctx, tx, p, tx.Now.Add(time.Minute), "busy")
		})
		if early := h.parcels(); len(early) != 0 {
			h.t.Fatalf("overtaken by %+v", early)
		}
		h.pass(2 * time.Minute)
		p = h.parcels()[0]
		if p.Message.ID != first.ID || p.Lease.Attempts != 2 || p.Lease.Recovered {
			h.t.Fatalf("%+v", p.Lease)
		}
		h.tx(func(ctx context.Context, tx *db.Tx) error { return h.MarkFailed(ctx, tx, p, "refused") })
		if next := h.parcels(); len(next) != 1 || next[0].Message.Text != "second" {
			h.t.Fatalf("behind the failed one: %+v", next)
		}
		h.tx(func(ctx context.Context, tx *db.Tx) error { return h.Resend(ctx, tx, id, first.Seq) })
		m, err := h.Message(context.Background(), h.DB, id, first.Seq)
		if err != nil || m.Delivery != conversation.Queued {
			h.t.Fatalf("%+v, %v", m, err)
		}
	})
}

func TestALostLeaseWritesNothing(t *testing.T) {
	onBoth(t, func(h house) {
		id := h.record(conversation.Incoming{Address: "a", Text: "1"}).Conversation.ID
		h.agentSays(id, "once")
		slow := h.parcels()[0]
		h.pass(2 * time.Minute)
		fast := h.parcels()[0]
		if !fast.Lease.Recovered {
			h.t.Fatal("the second worker is not told that the first never finished")
		}
		ctx := context.Background()
		err := h.DB.Tx(ctx, func(tx *db.Tx) error { return h.MarkSent(ctx, tx, slow, conversation.Sent, "") })
		if !errors.Is(err, db.ErrLeaseLost) {
			h.t.Fatalf("the slow worker wrote: %v", err)
		}
		h.tx(func(ctx context.Context, tx *db.Tx) error { return h.MarkUncertain(ctx, tx, fast, "unknown") })
	})
}

func TestReceiptsOnlyMoveForward(t *testing.T) {
	onBoth(t, func(h house) {
		ctx := context.Background()
		id := h.record(conversation.Incoming{Address: "a", Text: "1"}).Conversation.ID
		m := h.agentSays(id, "hi")
		p := h.parcels()[0]
		h.tx(func(ctx context.Context, tx *db.Tx) error { return h.MarkSent(ctx, tx, p, conversation.Sent, "x1") })
		for _, step := range []struct{ receipt, want conversation.Delivery }{
			{conversation.Delivered, conversation.Delivered}, {conversation.Failed, conversation.Delivered}, {conversation.Read, conversation.Read},
			{conversation.Delivered, conversation.Read},
		} {
			h.tx(func(ctx context.Context, tx *db.Tx) error {
				return h.Settle(ctx, tx, h.inbox.ID, conversation.Receipt{ProviderID: "x1", State: step.receipt})
			})
			if got, err := h.Message(ctx, h.DB, id, m.Seq); err != nil || got.Delivery != step.want {
				h.t.Fatalf("after %s: %s, %v", step.receipt, got.Delivery, err)
			}
		}
		err := h.DB.Tx(ctx, func(tx *db.Tx) error {
			return h.Settle(ctx, tx, h.inbox.ID, conversation.Receipt{MessageID: 999, State: conversation.Read})
		})
		if !errors.Is(err, conversation.ErrNotFound) {
			h.t.Fatalf("a receipt for nothing: %v", err)
		}
	})
}

func TestReadStateOfBothSides(t *testing.T) {
	onBoth(t, func(h house) {
		ctx := context.Background()
		id := h.record(conversation.Incoming{Address: "a", Text: "1"}).Conversation.ID
		m := h.agentSays(id, "hi")
		p := h.parcels()[0]
		h.tx(func(ctx context.Context, tx *db.Tx) error { return h.MarkSent(ctx, tx, p, conversation.Sent, "") })
		h.tx(func(ctx context.Context, tx *db.Tx) error { return h.MarkContactRead(ctx, tx, id, 1000) })
		h.tx(func(ctx context.Context, tx *db.Tx) error { return h.MarkContactRead(ctx, tx, id, 1) })
		if got, err := h.Message(ctx, h.DB, id, m.Seq); err != nil || got.Delivery != conversation.Read || h.get(id).ContactReadSeq != 2 {
			h.t.Fatalf("%+v, %v", got, err)
		}
		h.record(conversation.Incoming{Address: "a", Text: "2"})
		h.record(conversation.Incoming{Address: "a", Text: "3"})
		h.tx(func(ctx context.Context, tx *db.Tx) error { return h.MarkAgentRead(ctx, tx, id, 3) })
		if c := h.get(id); c.Unread != 1 || c.AgentReadSeq != 3 {
			h.t.Fatalf("%+v", c)
		}
	})
}

func TestVerdictOnlyOnTheBotsAnswers(t *testing.T) {
	onBoth(t, func(h house) {
		id := h.record(conversation.Incoming{Address: "a", Text: "1"}).Conversation.ID
		m := h.reply(id, conversation.Draft{Sender: conversation.FromBot, Text: "answer", Explanation: "{}"})
		for _, step := range []struct {
			seq     int64
			helpful bool
			changed bool
		}{{1, true, false}, {m.Seq, true, true}, {m.Seq, true, false}, {m.Seq, false, true}} {
			h.tx(func(ctx context.Context, tx *db.Tx) error {
				changed, err := h.SetHelpful(ctx, tx, id, step.seq, step.helpful)
				if changed != step.changed {
					h.t.Errorf("%+v: %v", step, changed)
				}
				return err
			})
		}
	})
}

func TestScopeHidesOtherTeams(t *testing.T) {
	onBoth(t, func(h house) {
		ids := map[int64]int64{}
		for team := range int64(3) {
			id := h.record(conversation.Incoming{Address: fmt.Sprint(team), Text: "x"}).Conversation.ID
			h.change(id, func(c *conversation.Conversation) { c.TeamID = team })
			ids[team] = id
		}
		scope := conversation.Scope{AgentID: 7, TeamIDs: []int64{1}}
		list, _, err := h.List(context.Background(), h.DB, conversation.Filter{Scope: scope, Limit: 10})
		if err != nil || len(list) != 2 || !scope.Sees(h.get(ids[0])) || !scope.Sees(h.get(ids[1])) || scope.Sees(h.get(ids[2])) {
			h.t.Fatalf("%d in scope, %v", len(list), err)
		}
		counts, err := h.Counts(context.Background(), h.DB, scope)
		if err != nil || counts[conversation.ViewAll].Total != 2 {
			h.t.Fatalf("%v, %v", counts, err)
		}
		h.change(ids[2], func(c *conversation.Conversation) { c.AgentID = 7 })
		if !scope.Sees(h.get(ids[2])) {
			h.t.Fatal("the own conversation is hidden")
		}
	})
}

func TestFiltersAndSearch(t *testing.T) {
	onBoth(t, func(h house) {
		a := h.record(conversation.Incoming{Address: "a", Text: "x", Profile: conversation.Profile{Name: "Wang 100%", Phone: "13800000001"}}).Conversation.ID
		b := h.record(conversation.Incoming{Address: "b", Text: "x", Profile: conversation.Profile{Name: "李雷", Email: "Li@example.com"}}).Conversation.ID
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			c, err := h.Load(ctx, tx, a)
			if err != nil {
				return err
			}
			if err := h.SetTags(ctx, tx, c, []string{" 宽带 ", "宽带", "urgent  case"}); err != nil {
				return err
			}
			return h.Save(ctx, tx, c)
		})
		for name, test := range map[string]struct {
			filter conversation.Filter
			want   []int64
		}{
			"tag":            {conversation.Filter{Tag: "urgent case"}, []int64{a}},
			"name":           {conversation.Filter{Query: "李"}, []int64{b}},
			"mail":           {conversation.Filter{Query: "li@EXAMPLE"}, []int64{b}},
			"phone":          {conversation.Filter{Query: "1380000"}, []int64{a}},
			"percent sign":   {conversation.Filter{Query: "100%"}, []int64{a}},
			"a lone percent": {conversation.Filter{Query: "%x%"}, nil},
			"number":         {conversation.Filter{Query: fmt.Sprint("#", b)}, []int64{b}},
			"inbox":          {conversation.Filter{InboxID: 999}, nil},
			"status":         {conversation.Filter{Status: conversation.Resolved}, nil},
			"unread":         {conversation.Filter{Unread: true, Query: "李"}, []int64{b}},
		} {
			test.filter.Scope, test.filter.Limit = conversation.Scope{All: true}, 10
			list, _, err := h.List(context.Background(), h.DB, test.filter)
			var got []int64
			for _, c := range list {
				got = append(got, c.ID)
			}
			if err != nil || fmt.Sprint(got) != fmt.Sprint(test.want) {
				h.t.Errorf("%s: %v, %v; want %v", name, got, err, test.want)
			}
		}
		if tags, err := h.Tags(context.Background(), h.DB); err != nil || len(tags) != 2 {
			h.t.Fatalf("%v, %v", tags, err)
		}
	})
}

func TestThreadResumesAcrossConversations(t *testing.T) {
	onBoth(t, func(h house) {
		ctx := context.Background()
		first := h.record(conversation.Incoming{Address: "a", Text: "1"}).Conversation
		h.agentSays(first.ID, "2")
		h.change(first.ID, func(c *conversation.Conversation) { c.Status = conversation.Resolved })
		h.pass(48 * time.Hour)
		second := h.record(conversation.Incoming{Address: "a", Text: "3"}).Conversation
		h.agentSays(second.ID, "4")
		var seen []string
		var conversationID, seq int64
		for {
			page, err := h.Thread(ctx, h.DB, first.IdentityID, conversationID, seq, 1)
			if err != nil {
				h.t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			seen = append(seen, page[0].Text)
			conversationID, seq = page[0].ConversationID, page[0].Seq
		}
		back, err := h.ThreadBefore(ctx, h.DB, first.IdentityID, second.ID, 1, 10)
		if err != nil || strings.Join(seen, "") != "1234" || len(back) != 2 || back[1].Text != "2" {
			h.t.Fatalf("%v, back %v, %v", seen, back, err)
		}
		old := h.get(first.ID)
		if current, err := h.Current(ctx, h.DB, old); err != nil || current {
			h.t.Fatalf("the older conversation is current: %v", err)
		}
	})
}

func TestContactsLearnAndAreSaved(t *testing.T) {
	onBoth(t, func(h house) {
		ctx := context.Background()
		c := h.record(conversation.Incoming{Address: "a", Text: "x", Profile: conversation.Profile{Name: "visitor", Attributes: map[string]string{"page": "/"}}}).Conversation
		for _, p := range []conversation.Profile{{Name: "liar", Email: "a@example.com"}, {Name: "王丽", Verified: true, Attributes: map[string]string{"tier": "gold"}}} {
			if err := h.Learn(ctx, h.inbox.ID, "a", p); err != nil {
				h.t.Fatal(err)
			}
		}
		contact, err := h.Contact(ctx, h.DB, c.ContactID)
		if err != nil || contact.Name != "王丽" || contact.Email != "a@example.com" || len(contact.Attributes) != 2 {
			h.t.Fatalf("%+v, %v", contact, err)
		}
		identities, err := h.Identities(ctx, h.DB, c.ContactID)
		if err != nil || len(identities) != 1 || !identities[0].Verified || identities[0].ConversationID != c.ID {
			h.t.Fatalf("%+v, %v", identities, err)
		}
		if err := h.Learn(ctx, h.inbox.ID, "nobody", conversation.Profile{Name: "x"}); err != nil {
			h.t.Fatal(err)
		}
		if _, err := h.Contact(ctx, h.DB, 999); !errors.Is(err, conversation.ErrNotFound) {
			h.t.Fatal(err)
		}
	})
}

func TestInboxes(t *testing.T) {
	onBoth(t, func(h house) {
		ctx := context.Background()
		got, err := h.Inbox(ctx, h.DB, h.inbox.ID)
		if err != nil || got.Settings["greeting"] != "hi" || got.Sealed != "x" || !got.Bot {
			h.t.Fatalf("%+v, %v", got, err)
		}
		got.Name, got.ArchivedAt = "Old", h.now()
		h.tx(func(ctx context.Context, tx *db.Tx) error { return h.SaveInbox(ctx, tx, got) })
		if _, err := h.Inbox(ctx, h.DB, h.inbox.ID); !errors.Is(err, conversation.ErrNotFound) {
			h.t.Fatalf("an archived inbox is in service: %v", err)
		}
		if all, err := h.AllInboxes(ctx, h.DB); err != nil || len(all) != 1 || all[0].Name != "Old" {
			h.t.Fatalf("%+v, %v", all, err)
		}
	})
}

func TestEventsArePrunedButNumbersGoOn(t *testing.T) {
	onBoth(t, func(h house) {
		ctx := context.Background()
		h.record(conversation.Incoming{Address: "a", Text: "1"})
		h.record(conversation.Incoming{Address: "a", Text: "2"})
		h.pass(time.Hour)
		if err := h.PruneEvents(ctx, h.now()); err != nil {
			h.t.Fatal(err)
		}
		h.record(conversation.Incoming{Address: "a", Text: "3"})
		if first, last, err := h.EventRange(ctx, h.DB); err != nil || first != 2 || last != 3 {
			h.t.Fatalf("%d to %d, %v", first, last, err)
		}
	})
}
