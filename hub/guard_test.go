package hub_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"huiyin/conversation"
	"huiyin/hub"
)

// nowhere fails when a secret stands readably in any text column of any table.
func (h *house) nowhere(secret string) {
	h.t.Helper()
	ctx := context.Background()
	for _, column := range []string{"messages.text", "messages.html", "messages.content", "messages.explanation", "conversations.preview", "conversations.subject",
		"message_originals.sealed"} {
		table, name, _ := strings.Cut(column, ".")
		var found int
		row := h.DB.QueryRow(ctx, fmt.Sprintf("SELECT COUNT(*) FROM %s WHERE %s LIKE ?", table, name), "%"+secret+"%")
		if err := row.Scan(&found); err != nil || found > 0 {
			h.t.Errorf("%q stands in %s %d times, %v", secret, column, found, err)
		}
	}
}

func TestNumbersAreHiddenBeforeTheyAreStored(t *testing.T) {
	onBoth(t, func(h *house) {
		ctx := context.Background()
		h.start()
		h.talks("网速太慢，我的手机13812345678", "身份证11010519491231002X，卡号4111 1111 1111 1111，怎么开发票")
		for _, secret := range []string{"13812345678", "11010519491231002X", "4111 1111 1111 1111", "4111111111111111", "19491231"} {
			h.nowhere(secret)
		}
		m := h.messages(1)[0]
		if m.Text != "网速太慢，我的手机138****5678" || !m.Content.Hidden || len(m.Content.Entities) != 1 {
			h.t.Fatalf("%q, %+v", m.Text, m.Content)
		}
		if e := m.Content.Entities[0]; e != (conversation.Entity{Kind: "phone", Text: "138****5678", Hidden: true}) {
			h.t.Fatalf("%+v", e)
		}
		o, err := h.Original(ctx, h.DB, m.ID)
		if err != nil || o != (hub.Original{Text: "网速太慢，我的手机13812345678"}) {
			h.t.Fatalf("%+v, %v", o, err)
		}
		answer, _ := h.last(1)
		if _, err := h.Original(ctx, h.DB, answer.ID); !errors.Is(err, conversation.ErrNotFound) {
			h.t.Fatalf("nothing was hidden in the bot's answer: %v", err)
		}
		// the short road of a message that follows another, unread one
		h.asks("li", "再发一次13812345678")
		h.eventually("stored", func() bool { return len(h.messages(1)) >= 5 })
		h.nowhere("13812345678")
	})
}

func TestEntitiesOfTheOrganisation(t *testing.T) {
	onBoth(t, func(h *house) {
		wishes := hub.DefaultWishes()
		wishes.Version, wishes.MaskPhones, wishes.OrderPatterns, wishes.Products = 1, false, []string{`HY-\d{6}`}, []string{"光纤 500"}
		h.Hub.Wishes = func(context.Context) (hub.Wishes, error) { return wishes, nil }
		h.start()
		h.talks("订单HY-123456的光纤 500什么时候装？电话13812345678，退我30元")
		var got []string
		for _, e := range h.messages(1)[0].Content.Entities {
			got = append(got, e.Kind+"="+e.Value)
		}
		if want := "order=HY-123456 product=光纤 500 phone=+8613812345678 amount=30.00 CNY"; strings.Join(got, " ") != want {
			h.t.Fatalf("%q", got)
		}
		if m := h.messages(1)[0]; m.Content.Hidden || !strings.Contains(m.Text, "13812345678") {
			h.t.Fatalf("%+v", m)
		}
	})
}
