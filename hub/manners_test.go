package hub_test

import (
	"context"
	"strings"
	"testing"

	"huiyin/conversation"
	"huiyin/db"
)

func TestManners(t *testing.T) {
	onBoth(t, func(h *house) {
		h.start()
		for _, c := range []struct{ who, says, gets string }{
			{"a", "谢谢", "不客气"},
			{"b", "thanks a lot", "You are welcome"},
			{"c", "再见", "感谢您的咨询"},
			{"d", "bye", "Thank you for getting in touch"},
			{"e", "😀😀", "我在的。"},
			{"f", "？？？", "我在的。"},
			{"g", "傻逼", "很抱歉让您不愉快"},
			{"h", "you stupid bot", "I am sorry that you are upset"},
			{"i", "", "文件已经收到"},
		} {
			h.asks(c.who, c.says)
			h.gets(c.who + ": " + c.gets)
		}
	})
}

func TestAbuseAgainGoesToAHuman(t *testing.T) {
	onBoth(t, func(h *house) {
		h.start()
		h.talks("傻逼")
		if h.conversation(1).Queueing() {
			t.Fatal("handed over at the first insult")
		}
		h.talks("网速太慢", "滚")
		h.eventually("queued", func() bool { return h.conversation(1).HandoffReason == "anger" })
		if _, e := h.last(1); e.Rule != "abusive again and again" {
			h.t.Fatalf("%+v", e.Rule)
		}
	})
}

func TestARecordingIsAcknowledgedAsOne(t *testing.T) {
	onBoth(t, func(h *house) {
		ctx := context.Background()
		var id int64
		h.desk(func(ctx context.Context, tx *db.Tx) (err error) {
			id, err = tx.Insert(ctx, `INSERT INTO attachments (key, owner, sha256, name, type, size, created_at) VALUES ('k', 'visitor:li', 'x', 'a.amr', 'audio/amr', 1, ?)`, db.Millis(tx.Now))
			return err
		})
		_, err := h.Conversations.Record(ctx, h.inbox, conversation.Incoming{Address: "li", Language: "en", Attachments: []int64{id}})
		if err != nil {
			h.t.Fatal(err)
		}
		h.start()
		h.gets("li: I have your voice message")
	})
}

func TestAChoiceInWords(t *testing.T) {
	for say, want := range map[string]string{"第二个": "li: 可以补开。", "②": "li: 可以补开。", "丢了那个": "li: 可以补开。", "1.": "li: 在 App 里开。"} {
		onBoth(t, func(h *house) {
			h.start()
			h.asks("li", "你好")
			h.gets("li: 您好")
			h.desk(func(ctx context.Context, tx *db.Tx) error { return h.offers(ctx, tx, "article:2", "article:3") })
			h.asks("li", say)
			h.gets(want)
			if _, e := h.last(1); e.Context == nil || !strings.HasPrefix(e.Context.Rule, "chose by its ") || e.Context.Said != say {
				h.t.Fatalf("%+v", e.Context)
			}
		})
	}
}

// offers has the bot offer two articles in the first conversation.
func (h *house) offers(ctx context.Context, tx *db.Tx, first, second string) error {
	c, err := h.Conversations.Load(ctx, tx, 1)
	if err != nil {
		return err
	}
	_, err = h.Conversations.Reply(ctx, tx, c, conversation.Draft{Sender: conversation.FromBot, Text: "which?", Explanation: "{}",
		Content: conversation.Content{Choices: []conversation.Choice{{Label: "怎么开发票", Value: first}, {Label: "发票丢了怎么补", Value: second}, {Label: "都不是", Value: "none"}}}})
	return err
}
