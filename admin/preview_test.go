package admin_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

// Preview counts ten characters to a part.
func (p *platform) Preview(i conversation.Inbox, m conversation.Message) channels.Preview {
	n := len([]rune(m.Text))
	shown := channels.Preview{Text: "【P】" + m.Text, Parts: (n + 9) / 10, Left: (10 - n%10) % 10, Encoding: "UCS-2", Template: i.Settings["secret"], Price: 0.05, Currency: "CNY"}
	if n > 30 {
		shown.Problem = channels.Words{Zh: "太长", En: "too long"}
	}
	return shown
}

func TestPreviewAndOptOutsInTheAPI(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		boss := h.as(handoff.Administrator)
		platformInbox(h, boss, "fine")
		ctx := context.Background()
		inboxes, err := h.store.Inboxes(ctx, h.db)
		h.must(err)
		inbox := inboxes[len(inboxes)-1]
		r, err := h.store.Record(ctx, inbox, conversation.Incoming{Address: "8613800000000", Text: "hi"})
		h.must(err)
		path := fmt.Sprintf("/conversations/%d/preview", r.Conversation.ID)
		var p struct {
			Known    bool
			Text     string
			Parts    int
			Template string
			Problem  *struct{ En string }
		}
		boss.do("POST", path, map[string]string{"text": "你好"}).want(http.StatusOK).into(&p)
		if !p.Known || p.Text != "【P】你好" || p.Parts != 1 || p.Template != "s3cret" || p.Problem != nil {
			t.Fatalf("%+v", p)
		}
		boss.do("POST", path, map[string]string{"text": "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一"}).want(http.StatusOK).into(&p)
		if p.Parts != 4 || p.Problem == nil || p.Problem.En != "too long" {
			t.Fatalf("%+v", p)
		}
		web := h.says("web", "hi")
		p.Known = true
		boss.do("POST", fmt.Sprintf("/conversations/%d/preview", web.ID), map[string]string{"text": "x"}).want(http.StatusOK).into(&p)
		if p.Known {
			t.Fatal("a channel that has nothing to say on it")
		}
		h.tx(func(tx *db.Tx) error {
			return h.store.SetConsent(ctx, tx, inbox.ID, "8613800000000", conversation.OptOut, "TD")
		})
		var contact struct {
			Identities []struct {
				OptedOutAt string `json:"opted_out_at"`
			}
		}
		c, err := h.store.Get(ctx, h.db, r.Conversation.ID)
		h.must(err)
		boss.do("GET", fmt.Sprintf("/contacts/%d", c.ContactID), nil).want(http.StatusOK).into(&contact)
		if len(contact.Identities) != 1 || contact.Identities[0].OptedOutAt == "" {
			t.Fatalf("%+v", contact)
		}
	})
}
