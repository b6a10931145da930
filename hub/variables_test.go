package hub_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/hub"
	"huiyin/knowledge"
)

const variables = `{"key":"number","question":{"zh":"我的会话编号是多少"},"answer":{"zh":"{{customer.name}}，编号 {{conversation.number}}，{{inbox.name}}，{{agent.name|小林}}{{没有}}。"},"status":"published"}`

// No customer sees a raw variable, or what their own name would mean in Markdown.
func TestAnswersAreFilledIn(t *testing.T) {
	onBoth(t, func(h *house) {
		ctx := context.Background()
		h.start()
		h.learns(variables)
		tried, err := h.Try(ctx, "我的会话编号是多少", hub.Asker{})
		if err != nil || tried.Text != "客户，编号 —，我们，小林。" {
			h.t.Errorf("tried: %q, %v", tried.Text, err)
		}
		h.annotates("number", "内部：别说")
		h.talks("我的会话编号是多少")
		h.desk(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, "UPDATE contacts SET name = ?", "[王](http://x.example)")
			return err
		})
		h.talks("我的会话编号是多少？")
		var said []string
		for _, m := range h.messages(1) {
			if m.Sender == conversation.FromBot {
				said = append(said, m.Text)
			}
			if whole := fmt.Sprintf("%+v", m); strings.Contains(whole, "别说") || strings.Contains(m.Text, "{{") {
				h.t.Errorf("it reached the customer: %s", whole)
			}
		}
		if len(said) != 2 || said[0] != "客户，编号 1，Wire，小林。" || !strings.HasPrefix(said[1], `\[王\]\(http\:\/\/x\.example\)，编号 1`) {
			h.t.Errorf("said %q", said)
		}
	})
}

// annotates writes a note that no customer may get, and publishes it with its article.
func (h *house) annotates(key, note string) {
	h.t.Helper()
	h.desk(func(ctx context.Context, tx *db.Tx) error {
		a, err := knowledge.ByKey(ctx, tx, key)
		if err != nil {
			return err
		}
		a.Content.Notes = note
		if a, err = knowledge.SaveDraft(ctx, tx, knowledge.Author{Name: "test"}, a.ID, a.Version, a.Content, ""); err != nil {
			return err
		}
		_, err = knowledge.Publish(ctx, tx, a.ID, a.Version)
		return err
	})
}
