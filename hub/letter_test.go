package hub_test

import (
	"context"
	"strings"
	"testing"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/knowledge"
)

// letterbox is a channel whose customers write letters.
type letterbox struct{ *wire }

func (letterbox) Kind() channels.Kind { return channels.Kind{Name: "letterbox"} }

func (letterbox) Restraint(conversation.Inbox) channels.Restraint { return channels.Restraint{} }

// letters makes the house's inbox one of letters.
func (h *house) letters() { h.t.Helper(); h.lettersOf("letterbox") }

func (h *house) lettersOf(kind string) {
	h.t.Helper()
	err := h.DB.Tx(context.Background(), func(tx *db.Tx) (err error) {
		h.inbox, err = h.Conversations.CreateInbox(context.Background(), tx, conversation.Inbox{Kind: kind, Name: "Letters", Bot: true})
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	h.start()
}

func TestALetterIsAnsweredWithAllThereIs(t *testing.T) {
	onBoth(t, func(h *house) {
		h.letters()
		h.asks("li", "怎么开发票")
		h.gets("li: 在 App 里开。")
		further := h.messages(1)[1].Content.Further
		if len(further) != 1 || further[0].Label != "发票丢了怎么补" || !strings.HasPrefix(further[0].Value, "article:") {
			h.t.Fatalf("further: %+v", further)
		}
	})
	onBoth(t, func(h *house) {
		h.start()
		h.asks("li", "怎么开发票")
		h.gets("li: 在 App 里开。")
		if further := h.messages(1)[1].Content.Further; len(further) != 0 {
			h.t.Fatalf("a chat names further articles: %+v", further)
		}
	})
}

func TestAReplySaysThatALetterDidNotHelp(t *testing.T) {
	for said, unhelpful := range map[string]bool{
		"没有解决。灯还是红的\n\n安安": true, "“没有解决”": true, "Not solved": true, "谢谢，解决了": false, "没有解决方案的电话吗": false,
	} {
		t.Run(said, func(t *testing.T) {
			onBoth(t, func(h *house) {
				h.letters()
				h.asks("li", "网速太慢")
				h.gets("li: 请重启光猫。")
				h.asks("li", said)
				h.eventually("a reply", func() bool { return len(h.messages(1)) > 3 })
				c := h.conversation(1)
				article, err := knowledge.ByKey(context.Background(), h.DB, "slow")
				if err != nil {
					h.t.Fatal(err)
				}
				if got := c.Queueing() && c.HandoffReason == "unhelpful" && article.Unhelpful == 1; got != unhelpful {
					h.t.Fatalf("queueing %v for %q, article unhelpful %d", c.Queueing(), c.HandoffReason, article.Unhelpful)
				}
			})
		})
	}
}
