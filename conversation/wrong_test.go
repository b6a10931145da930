package conversation_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"huiyin/conversation"
	"huiyin/db"
)

func TestWrongAnswers(t *testing.T) {
	onBoth(t, func(h house) {
		ctx := context.Background()
		id := h.record(conversation.Incoming{Address: "a", Text: "为什么这么慢"}).Conversation.ID
		answer := h.reply(id, conversation.Draft{Sender: conversation.FromBot, Text: "重启", Explanation: `{"rule":"x"}`, Content: conversation.Content{ArticleID: 4}})
		agents := h.agentSays(id, "hello")
		var field *conversation.FieldError
		err := h.DB.Tx(ctx, func(tx *db.Tx) error { return h.MarkWrong(ctx, tx, agents, 7, "") })
		if !errors.As(err, &field) {
			h.t.Fatalf("a person's message is no automatic answer: %v", err)
		}
		for _, note := range []string{"first", "second"} {
			h.tx(func(ctx context.Context, tx *db.Tx) error { return h.MarkWrong(ctx, tx, answer, 7, note) })
		}
		list, err := h.WrongAnswers(ctx, h.DB, 10)
		if err != nil || len(list) != 1 || list[0].Said != "为什么这么慢" || list[0].Note != "second" || list[0].AgentID != 7 ||
			list[0].Message.Text != "重启" || list[0].Message.Content.ArticleID != 4 || list[0].Message.Seq != answer.Seq {
			h.t.Fatalf("%+v, %v", list, err)
		}
		m, err := h.Message(ctx, h.DB, id, answer.Seq)
		if err != nil || !m.Wrong {
			h.t.Fatalf("%+v, %v", m, err)
		}
		for range 2 {
			h.tx(func(ctx context.Context, tx *db.Tx) error { return h.Unmark(ctx, tx, answer) })
		}
		if list, err := h.WrongAnswers(ctx, h.DB, 10); err != nil || len(list) != 0 {
			h.t.Fatalf("%+v, %v", list, err)
		}
		explained, err := h.Explained(ctx, h.DB, 10)
		if err != nil || !slices.Equal(explained, []string{`{"rule":"x"}`}) {
			h.t.Fatalf("%q, %v", explained, err)
		}
	})
}
