package conversation_test

import (
	"context"
	"slices"
	"testing"

	"huiyin/conversation"
	"huiyin/db"
)

// Attachments are asked for only where there are some, and then none is missing.
func TestMessagesComeWithTheirFiles(t *testing.T) {
	onBoth(t, func(h house) {
		var files []int64
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			for _, name := range []string{"a.txt", "b.txt", "c.txt"} {
				a, err := h.AddAttachment(ctx, tx, "visitor:1", name, conversation.Stored{SHA256: name, Type: "text/plain", Size: 1})
				if err != nil {
					return err
				}
				files = append(files, a.ID)
			}
			return nil
		})
		id := h.record(conversation.Incoming{Address: "v1", Text: "none"}).Conversation.ID
		h.record(conversation.Incoming{Address: "v1", Text: "two", Attachments: files[:2]})
		h.reply(id, conversation.Draft{Sender: conversation.FromBot, Text: "none"})
		h.reply(id, conversation.Draft{Sender: conversation.FromAgent, AgentID: 1, Text: "one", Attachments: files[2:]})
		found, err := h.Messages(context.Background(), h.DB, id, conversation.Page{Limit: 10})
		if err != nil {
			h.t.Fatal(err)
		}
		var names [][]string
		for _, m := range found {
			var of []string
			for _, a := range m.Attachments {
				of = append(of, a.Name)
			}
			names = append(names, of)
		}
		if want := [][]string{nil, {"a.txt", "b.txt"}, nil, {"c.txt"}}; !slices.EqualFunc(names, want, slices.Equal) {
			h.t.Errorf("%q", names)
		}
	})
}

// What is sent is loaded in one go, however many messages are taken at once.
func TestParcelsKeepTheOrderOfTheirLeases(t *testing.T) {
	onBoth(t, func(h house) {
		ctx := context.Background()
		for _, who := range []string{"v1", "v2", "v3"} {
			id := h.record(conversation.Incoming{Address: who, Text: "hello"}).Conversation.ID
			h.reply(id, conversation.Draft{Sender: conversation.FromBot, Text: "good day, " + who})
		}
		leases, err := conversation.Outbox().Take(ctx, h.DB, "t", 1e9, 10)
		if err != nil || len(leases) != 3 {
			h.t.Fatalf("%+v, %v", leases, err)
		}
		slices.Reverse(leases)
		parcels, err := h.Parcels(ctx, h.DB, leases)
		if err != nil || len(parcels) != 3 {
			h.t.Fatalf("%+v, %v", parcels, err)
		}
		for i, p := range parcels {
			if p.Lease != leases[i] || p.Message.ID != leases[i].ID || p.Message.Text != "good day, "+p.Address || p.Inbox.ID != p.Message.InboxID {
				h.t.Errorf("%d: %+v of %+v", i, p, leases[i])
			}
		}
		if _, err := h.Parcels(ctx, h.DB, []db.Lease{{ID: 1 << 40}}); err == nil {
			h.t.Error("a message that is not there was loaded")
		}
	})
}
