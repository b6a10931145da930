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

// postbox is a channel of mails.
type postbox struct{}

// Kind describes it.
func (postbox) Kind() channels.Kind { return channels.Kind{Name: "postbox"} }

// Send takes everything.
func (postbox) Send(context.Context, conversation.Inbox, channels.Outgoing) (channels.Accepted, error) {
	return channels.Accepted{}, nil
}

// Restraint is none.
func (postbox) Restraint(conversation.Inbox) channels.Restraint { return channels.Restraint{} }

// mailed makes a conversation by mail.
func (h *house) mailed(in conversation.Mail) *conversation.Conversation {
	h.t.Helper()
	var inbox conversation.Inbox
	h.tx(func(tx *db.Tx) (err error) {
		inbox, err = h.store.CreateInbox(context.Background(), tx, conversation.Inbox{Kind: "postbox", Name: "Support", Settings: map[string]string{"address": "help@shop.example"}})
		return err
	})
	r, err := h.store.Record(context.Background(), inbox, conversation.Incoming{Address: "ann@mail.example", Text: "Hello", HTML: `<p>Hello<img src="cid:p1"></p>`, Subject: in.Subject, Mail: &in})
	h.must(err)
	return r.Conversation
}

func TestAMailIsShownAsOne(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		c := h.mailed(conversation.Mail{Subject: "Invoice", From: []conversation.MailAddress{{Name: "Ann", Address: "ann@mail.example"}},
			Cc: []conversation.MailAddress{{Address: "bob@mail.example"}}, Quoted: "> before", Automatic: conversation.MailAutoReply,
			Verdicts: &conversation.MailVerdicts{DMARC: "pass", Domain: "mail.example", Aligned: true}, Invitation: &conversation.MailInvitation{Summary: "Visit"}})
		me := h.as(handoff.AgentRole)
		me.do("GET", fmt.Sprintf("/conversations/%d/messages", c.ID), nil).want(http.StatusOK).
			has(`"subject":"Invoice"`, `"from":[{"address":"ann@mail.example","name":"Ann"}]`, `"cc":[{"address":"bob@mail.example"}]`, `"quoted":"\u003e before"`,
				`"automatic":"auto_reply"`, `"proven":true`, `"summary":"Visit"`, `cid:p1`)
		me.do("GET", fmt.Sprintf("/conversations/%d", c.ID), nil).has(`"subject":"Invoice"`, `"mail_address":"help@shop.example"`)
		me.do("GET", fmt.Sprintf("/conversations/%d", h.queued("a", "human").ID), nil).lacks("mail_address")
	})
}

func TestTheMailAsItCameIsNoAttachment(t *testing.T) {
	h := open(t)
	me := h.as(handoff.AgentRole)
	var ids []int64
	h.tx(func(tx *db.Tx) error {
		for _, name := range []string{"bill.pdf", "mail.eml"} {
			a, err := h.store.AddAttachment(context.Background(), tx, "provider", name, conversation.Stored{SHA256: fmt.Sprintf("%064d", len(ids)), Size: 1, Type: "message/rfc822"})
			if err != nil {
				return err
			}
			ids = append(ids, a.ID)
		}
		return nil
	})
	var inbox conversation.Inbox
	h.tx(func(tx *db.Tx) (err error) {
		inbox, err = h.store.CreateInbox(context.Background(), tx, conversation.Inbox{Kind: "postbox", Name: "Support"})
		return err
	})
	r, err := h.store.Record(context.Background(), inbox, conversation.Incoming{Address: "ann@mail.example", Text: "Hi", Attachments: ids, Mail: &conversation.Mail{RawID: ids[1]}})
	h.must(err)
	me.do("GET", fmt.Sprintf("/conversations/%d/messages", r.Conversation.ID), nil).has(`"bill.pdf"`, `"raw_url":"/api/v1/attachments/`).lacks(`mail.eml`)
}

func TestAReplyByMailNamesItsReceivers(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me := h.as(handoff.AgentRole)
		path := fmt.Sprintf("/conversations/%d/messages", h.mailed(conversation.Mail{Subject: "Invoice"}).ID)
		type object = map[string]any
		to := func(address string) []object { return []object{{"address": address}} }
		me.do("POST", path, object{"text": "Here", "mail": object{"subject": " The\r\ninvoice ", "to": []object{{"address": "ann@mail.example", "name": "Ann"}, {"address": "ANN@mail.example"}}, "cc": to("bob@mail.example")}}).
			want(http.StatusCreated).has(`"subject":"The invoice"`, `"to":[{"address":"ann@mail.example","name":"Ann"}]`, `"cc":[{"address":"bob@mail.example"}]`)
		for name, mail := range map[string]object{
			"no address":        {"to": to("nobody")},
			"a header injected": {"to": to("a@b.example\r\nBcc: c@d.example")},
			"a name beside it":  {"to": to("Ann <ann@mail.example>")},
			"copies alone":      {"cc": to("bob@mail.example")},
		} {
			t.Log(name)
			me.do("POST", path, object{"text": "x", "mail": mail}).fails(http.StatusUnprocessableEntity, "invalid")
		}
		me.do("POST", path, object{"text": "x", "private": true, "mail": object{"subject": "x"}}).fails(http.StatusUnprocessableEntity, "invalid")
		chat := fmt.Sprintf("/conversations/%d/messages", h.queued("a", "human").ID)
		me.do("POST", chat, object{"text": "x", "mail": object{"to": to("ann@mail.example")}}).fails(http.StatusUnprocessableEntity, "invalid")
		many := []object{}
		for i := range 30 {
			many = append(many, object{"address": fmt.Sprintf("a%d@mail.example", i)})
		}
		me.do("POST", path, object{"text": "x", "mail": object{"to": many[:25], "cc": many}}).fails(http.StatusUnprocessableEntity, "invalid")
	})
}
