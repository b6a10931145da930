package conversation_test

import (
	"context"
	"reflect"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// TestTheShortWayLeavesWhatTheLongOneDoes sends the same messages both ways and compares what is stored.
func TestTheShortWayLeavesWhatTheLongOneDoes(t *testing.T) {
	change := map[string]func(c *conversation.Conversation){
		"the bot has answered":   func(c *conversation.Conversation) { c.TurnDue, c.WaitingSince = time.Time{}, time.Time{} },
		"an agent has it":        func(c *conversation.Conversation) { c.Status, c.AgentID = conversation.Open, 7 },
		"an agent has read it":   func(c *conversation.Conversation) { c.Status, c.AgentID, c.Unread = conversation.Open, 7, 0 },
		"it waits in the queue":  func(c *conversation.Conversation) { c.Status = conversation.Open },
		"it sleeps":              func(c *conversation.Conversation) { c.Status, c.AgentID = conversation.Snoozed, 7 },
		"it is resolved":         func(c *conversation.Conversation) { c.Status = conversation.Resolved },
		"nothing happened since": func(*conversation.Conversation) {},
	}
	messages := []conversation.Incoming{
		{Text: "第一", ClientID: "c1"}, {Text: "  two\nlines ", Choice: "human"}, {Text: "三", Language: "zh"},
		{Text: "again", Language: "zh"}, {HTML: "<b>x</b>", Subject: "Re: bill"}, {Activity: "subscribed"},
	}
	for name, change := range change {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(h house) {
				var stored [2][]any
				for way := range stored {
					inbox := h.makeInbox(true)
					start := h.now()
					for i, in := range messages {
						in.Address, in.SourceID = "v", string(rune('a'+i))
						h.pass(time.Second)
						id := h.sent(inbox, in, way == 1)
						if i == 1 {
							h.change(id, change)
						}
						stored[way] = append(stored[way], h.story(id, inbox)...)
					}
					h.pass(start.Sub(h.now()))
				}
				if !reflect.DeepEqual(stored[0], stored[1]) {
					h.t.Errorf("by Record:\n%+v\nby RecordTx:\n%+v", stored[0], stored[1])
				}
				h.eventsRise()
			})
		})
	}
}

func (h house) sent(inbox conversation.Inbox, in conversation.Incoming, long bool) (id int64) {
	h.t.Helper()
	if !long {
		r, err := h.Record(context.Background(), inbox, in)
		if err != nil {
			h.t.Fatal(err)
		}
		return r.Conversation.ID
	}
	h.tx(func(ctx context.Context, tx *db.Tx) error {
		r, err := h.RecordTx(ctx, tx, inbox, in)
		if err == nil {
			id = r.Conversation.ID
		}
		return err
	})
	return id
}

// story is what is stored of a conversation, without what tells the two ways' conversations apart.
func (h house) story(id int64, inbox conversation.Inbox) []any {
	c := *h.get(id)
	c.ID, c.InboxID, c.ContactID, c.IdentityID = 0, 0, 0, 0
	messages, err := h.Messages(context.Background(), h.DB, id, conversation.Page{Limit: 100})
	if err != nil {
		h.t.Fatal(err)
	}
	for i := range messages {
		m := &messages[i]
		m.ID, m.ConversationID, m.InboxID = 0, 0, 0
	}
	var total, unread int64
	row := h.DB.QueryRow(context.Background(), "SELECT SUM(total), SUM(unread) FROM tallies WHERE inbox_id = ?", inbox.ID)
	if err := row.Scan(&total, &unread); err != nil {
		h.t.Fatal(err)
	}
	return []any{conversation.Comparable(&c), messages, total, unread}
}

func TestWhatRecordReadInPartIsNotSaved(t *testing.T) {
	onBoth(t, func(h house) {
		h.record(conversation.Incoming{Address: "v", Text: "1"})
		glanced := h.record(conversation.Incoming{Address: "v", Text: "2"}).Conversation
		err := h.DB.Tx(context.Background(), func(tx *db.Tx) error { return h.Save(context.Background(), tx, glanced) })
		if err == nil {
			h.t.Error("a conversation that was read in part was saved")
		}
		if c := h.get(glanced.ID); c.LastSeq != 2 || c.ContactID == 0 {
			h.t.Errorf("%+v", c)
		}
	})
}

func TestARepeatInAConversationThatGoesOn(t *testing.T) {
	onBoth(t, func(h house) {
		for _, source := range []string{"a", "b"} {
			h.record(conversation.Incoming{Address: "v", Text: source, SourceID: source})
		}
		again := h.record(conversation.Incoming{Address: "v", Text: "b", SourceID: "b"})
		if c := h.get(again.Conversation.ID); !again.Duplicate || again.Message.Seq != 2 || c.LastSeq != 2 || c.Unread != 2 {
			h.t.Errorf("%+v; %+v", again, c)
		}
		h.eventsRise()
	})
}
