package hub_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
)

// leaves has a visitor ask on the page, give an address, and go; an agent answers. It is the conversation's inbox of letters
// that comes back.
func (h *house) leaves(proven bool) conversation.Inbox {
	h.t.Helper()
	page := h.inbox
	h.letters()
	letters := h.inbox
	h.inbox = page
	h.asks("li", "转人工")
	h.eventually("queued", func() bool { return h.conversation(1).Queueing() })
	h.claims(1)
	h.desk(func(ctx context.Context, tx *db.Tx) error {
		page.Settings = map[string]string{channels.SettingAwayAfter: "3"}
		if err := h.Conversations.SaveInbox(ctx, tx, page); err != nil {
			return err
		}
		return h.Conversations.AnswerBy(ctx, tx, conversation.Way{ConversationID: 1, Address: " Li@mail.example", Proven: proven})
	})
	return letters
}

func (h *house) writes1(text string) {
	h.t.Helper()
	h.desk(func(ctx context.Context, tx *db.Tx) error {
		c, err := h.Conversations.Load(ctx, tx, 1)
		if err != nil {
			return err
		}
		_, err = h.Conversations.Reply(ctx, tx, c, conversation.Draft{Sender: conversation.FromAgent, AgentID: h.agent.ID, Text: text})
		return err
	})
	h.gets("li: " + text)
}

func TestWhatNoPageGotGoesByMail(t *testing.T) {
	onBoth(t, func(h *house) {
		letters := h.leaves(false)
		h.writes1("您好，请稍等")
		h.writes1("已经为您处理好了")
		h.later(4 * time.Minute)
		h.gets("li@mail.example: 已经为您处理好了")
		if strings.Contains(h.wire.all(), "li@mail.example: 您好") {
			h.t.Fatalf("two mails for one: %s", h.wire.all())
		}
		all := h.messages(1)
		last := all[len(all)-1]
		if last.Via == 0 || last.Content.Recap == nil || last.Content.Recap.Own {
			h.t.Fatalf("%+v", last)
		}
		to, err := h.Conversations.IdentityAt(context.Background(), h.DB, letters.ID, "li@mail.example")
		if err != nil || to.ContactID == h.conversation(1).ContactID || to.Verified {
			h.t.Fatalf("an address that was only typed became the contact's: %+v, %v", to, err)
		}
		h.eventually("sent", func() bool { return h.messages(1)[len(all)-1].Delivery == conversation.Sent })
	})
}

func TestWhatThePageGotDoesNotGoByMail(t *testing.T) {
	onBoth(t, func(h *house) {
		h.leaves(true)
		h.writes1("您好")
		h.desk(func(ctx context.Context, tx *db.Tx) error { return h.Conversations.MarkDelivered(ctx, tx, 1, 100) })
		h.later(4 * time.Minute)
		ids, err := h.Conversations.Unheard(context.Background(), h.DB, h.DB.Now(), 10)
		if err != nil || len(ids) != 0 {
			h.t.Fatalf("%v, %v", ids, err)
		}
	})
}

func TestARecordGoesToTheGivenAddressOnly(t *testing.T) {
	for name, proven := range map[string]bool{"typed": false, "proven": true} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(h *house) {
				letters := h.leaves(proven)
				ctx, r := context.Background(), h.Customer().(channels.Recorder)
				if to, err := r.RecordTo(ctx, h.inbox, "li", 1); err != nil || to != "li@mail.example" {
					h.t.Fatalf("%q, %v", to, err)
				}
				if err := r.Record(ctx, h.inbox, "li", 1); err != nil {
					h.t.Fatal(err)
				}
				h.gets("li@mail.example: 对话记录已发送到 li@mail.example")
				if err := r.Record(ctx, h.inbox, "li", 1); !errors.Is(err, channels.ErrTooOften) {
					h.t.Fatalf("again at once: %v", err)
				}
				h.asks("mallory", "hello")
				for _, who := range []string{"mallory", "nobody"} {
					if err := r.Record(ctx, h.inbox, who, 1); !errors.Is(err, conversation.ErrNotFound) {
						h.t.Fatalf("%s: %v", who, err)
					}
				}
				if err := r.Record(ctx, h.inbox, "mallory", 2); !errors.Is(err, conversation.ErrNotFound) {
					h.t.Fatalf("without an address: %v", err)
				}
				to, err := h.Conversations.IdentityAt(ctx, h.DB, letters.ID, "li@mail.example")
				if err != nil || (to.ContactID == h.conversation(1).ContactID) != proven {
					h.t.Fatalf("%+v, %v", to, err)
				}
				all := h.messages(1)
				if got := all[len(all)-1]; got.Content.Recap == nil || got.Content.Recap.Own != proven || !got.Content.Recap.Whole {
					h.t.Fatalf("%+v", got)
				}
			})
		})
	}
}
