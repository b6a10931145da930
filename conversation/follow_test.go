package conversation_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"huiyin/conversation"
	"huiyin/db"
)

func (h house) heads(identityID, from int64, limit int) []conversation.Head {
	h.t.Helper()
	heads, err := h.Heads(context.Background(), h.DB, identityID, from, limit)
	if err != nil {
		h.t.Fatal(err)
	}
	return heads
}

func (h house) marks(id int64, limit int) []conversation.Mark {
	h.t.Helper()
	marks, err := h.Marks(context.Background(), h.DB, id, limit)
	if err != nil {
		h.t.Fatal(err)
	}
	return marks
}

func (h house) set(id int64, how func(*conversation.Conversation)) {
	h.t.Helper()
	h.tx(func(ctx context.Context, tx *db.Tx) error {
		c, err := h.Load(ctx, tx, id)
		if err != nil {
			return err
		}
		how(c)
		return h.Save(ctx, tx, c)
	})
}

func TestHeadsTellHowFarConversationsHaveCome(t *testing.T) {
	onBoth(t, func(h house) {
		first := h.record(conversation.Incoming{Address: "a", Text: "1"}).Conversation
		h.record(conversation.Incoming{Address: "b", Text: "of somebody else"})
		h.set(first.ID, func(c *conversation.Conversation) { c.Status = conversation.Resolved })
		h.pass(365 * 24 * 3600e9)
		second := h.record(conversation.Incoming{Address: "a", Text: "2"}).Conversation
		h.reply(second.ID, conversation.Draft{Sender: conversation.FromBot, Text: "3"})
		h.set(second.ID, func(c *conversation.Conversation) { c.Status, c.TeamID = conversation.Open, 4 })
		heads := h.heads(first.IdentityID, 0, 10)
		if len(heads) != 2 || heads[0].ID != first.ID || heads[0].Status != conversation.Resolved || heads[0].AgentReadSeq != heads[0].LastSeq {
			h.t.Fatalf("%+v", heads)
		}
		if got := heads[1]; got.ID != second.ID || got.LastSeq != 2 || got.Status != conversation.Open || got.TeamID != 4 || got.QueueOrder == 0 {
			h.t.Fatalf("%+v", got)
		}
		if from := h.heads(first.IdentityID, second.ID, 10); !slices.Equal(from, heads[1:]) {
			h.t.Fatalf("from the second on: %+v", from)
		}
		if one := h.heads(first.IdentityID, 0, 1); !slices.Equal(one, heads[:1]) {
			h.t.Fatalf("one: %+v", one)
		}
		for upTo, want := range map[int64][]int64{second.ID: {second.ID, first.ID}, first.ID: {first.ID}, first.ID - 1: nil} {
			if got, err := h.Newest(context.Background(), h.DB, first.IdentityID, upTo, 2); err != nil || !slices.Equal(got, want) {
				h.t.Errorf("the newest up to %d: %v, %v", upTo, got, err)
			}
		}
		if none := h.heads(first.IdentityID+100, 0, 10); len(none) != 0 {
			h.t.Fatalf("of nobody: %+v", none)
		}
	})
}

func TestThreadOfReadsOnlyTheGivenConversations(t *testing.T) {
	onBoth(t, func(h house) {
		first := h.record(conversation.Incoming{Address: "a", Text: "1"}).Conversation
		h.set(first.ID, func(c *conversation.Conversation) { c.Status = conversation.Resolved })
		h.pass(365 * 24 * 3600e9)
		second := h.record(conversation.Incoming{Address: "a", Text: "2"}).Conversation
		h.reply(second.ID, conversation.Draft{Sender: conversation.FromAgent, Text: "note", Private: true})
		h.reply(second.ID, conversation.Draft{Sender: conversation.FromBot, Text: "3"})
		heads := h.heads(first.IdentityID, 0, 10)
		for _, c := range []struct {
			heads []conversation.Head
			after conversation.Spot
			limit int
			want  string
		}{
			{heads, conversation.Spot{}, 10, "1 2 3"},
			{heads, conversation.Spot{}, 2, "1 2"},
			{heads, conversation.Spot{ConversationID: first.ID, Seq: 1}, 10, "2 3"},
			{heads[1:], conversation.Spot{ConversationID: first.ID}, 10, "2 3"},
			{heads[1:], conversation.Spot{ConversationID: second.ID, Seq: 1}, 10, "3"},
			{nil, conversation.Spot{}, 10, ""},
		} {
			found, err := h.ThreadOf(context.Background(), h.DB, c.heads, c.after, c.limit)
			if err != nil {
				h.t.Fatal(err)
			}
			var texts []string
			for _, m := range found {
				texts = append(texts, m.Text)
			}
			if got := strings.Join(texts, " "); got != c.want {
				h.t.Errorf("after %+v: %q, want %q", c.after, got, c.want)
			}
		}
	})
}

func TestMarksTellWhatMayChange(t *testing.T) {
	onBoth(t, func(h house) {
		id := h.record(conversation.Incoming{Address: "a", Text: "1"}).Conversation.ID
		h.reply(id, conversation.Draft{Sender: conversation.FromBot, Text: "2"})
		h.reply(id, conversation.Draft{Sender: conversation.FromAgent, Text: "note", Private: true})
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			if _, err := h.SetHelpful(ctx, tx, id, 2, true); err != nil {
				return err
			}
			return h.MarkAgentRead(ctx, tx, id, 3)
		})
		for _, p := range h.parcels() {
			h.tx(func(ctx context.Context, tx *db.Tx) error { return h.MarkSent(ctx, tx, p, conversation.Sent, "") })
		}
		marks := h.marks(id, 10)
		if len(marks) != 2 || marks[0].Seq != 2 || marks[1].Seq != 1 {
			h.t.Fatalf("not the two that the customer may see, newest first: %+v", marks)
		}
		if m := marks[0]; m.ConversationID != id || m.Sender != conversation.FromBot || m.Delivery != conversation.Sent || m.Helpful == nil || !*m.Helpful {
			h.t.Errorf("the answer: %+v", m)
		}
		if m := marks[1]; m.Sender != conversation.FromContact || m.Helpful != nil || m.AgentReadSeq != 3 {
			h.t.Errorf("the question: %+v", m)
		}
		if one := h.marks(id, 1); len(one) != 1 || one[0].Seq != 2 {
			h.t.Errorf("the newest one: %+v", one)
		}
	})
}

// TestWhatIsReadOftenIsFoundByAnIndex also keeps the condition of a partial index in the queries that need it.
func TestWhatIsReadOftenIsFoundByAnIndex(t *testing.T) {
	onBoth(t, func(h house) {
		several, ids := conversation.SelectAttachmentsOf(1, 2)
		for query, args := range map[string][]any{
			conversation.SelectHeads:       {int64(1), int64(2), 3},
			conversation.SelectMarks:       {int64(1), 30},
			conversation.SelectAttachments: {int64(1)},
			several:                        ids,
		} {
			for _, step := range h.plan(query, args) {
				if strings.HasPrefix(step, "SCAN ") || strings.Contains(step, "Seq Scan on") {
					h.t.Errorf("%s\nreads a whole table: %s", query, step)
				}
			}
		}
	})
}

func TestListsOfAnyLengthAreReadWhole(t *testing.T) {
	onBoth(t, func(h house) {
		ctx := context.Background()
		var ids, contacts, seqs []int64
		var spots []conversation.Spot
		for i := range 70 {
			c := h.record(conversation.Incoming{Address: strings.Repeat("a", i+1), Text: "1"}).Conversation
			ids, contacts, spots = append(ids, c.ID), append(contacts, h.get(c.ID).ContactID), append(spots, conversation.Spot{ConversationID: c.ID, Seq: 1})
		}
		for seq := range int64(70) {
			seqs = append(seqs, h.reply(ids[0], conversation.Draft{Sender: conversation.FromBot, Text: strings.Repeat("x", int(seq)+1)}).Seq)
		}
		for _, n := range []int{0, 1, 2, 3, 5, 64, 65, 70} {
			all, err := h.GetAll(ctx, h.DB, ids[:n])
			if err != nil || len(all) != n {
				h.t.Errorf("%d of %d conversations: %v", len(all), n, err)
			}
			if people, err := h.Contacts(ctx, h.DB, contacts[:n]); err != nil || len(people) != n {
				h.t.Errorf("%d of %d contacts: %v", len(people), n, err)
			}
			if found, err := h.MessagesAt(ctx, h.DB, ids[0], seqs[:n]); err != nil || len(found) != n {
				h.t.Errorf("%d of %d messages: %v", len(found), n, err)
			}
			if found, err := h.MessagesOf(ctx, h.DB, spots[:n]); err != nil || len(found) != n {
				h.t.Errorf("%d of %d spots: %v", len(found), n, err)
			}
		}
	})
}
