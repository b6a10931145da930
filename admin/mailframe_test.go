package admin_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

// dot is a GIF of one pixel.
const dot = "GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"

// pictured makes a conversation by mail with a picture in its text.
func (h *house) pictured(text string) *conversation.Conversation {
	h.t.Helper()
	c := h.mailed(conversation.Mail{Subject: "first"})
	stored, err := h.server.Files.Put(strings.NewReader(dot), 1<<20)
	h.must(err)
	h.tx(func(tx *db.Tx) error {
		a, err := h.store.AddAttachment(context.Background(), tx, "provider", "dot.gif", stored)
		if err != nil {
			return err
		}
		inbox, err := h.store.Inbox(context.Background(), tx, c.InboxID)
		if err != nil {
			return err
		}
		_, err = h.store.RecordTx(context.Background(), tx, inbox, conversation.Incoming{Address: "ann@mail.example", Text: "Look", HTML: text, Attachments: []int64{a.ID},
			Mail: &conversation.Mail{QuotedHTML: "<p>before</p>", Inline: map[string]string{"p1": a.Key, "p2": "elsewhere"}}})
		return err
	})
	return c
}

func TestAMailIsADocumentThatCanDoNothing(t *testing.T) {
	h := open(t)
	me := h.as(handoff.AgentRole)
	c := h.pictured(`<p>Look <img data-cid="p1" alt="dot"><img data-cid="p2" alt="gone"><img data-src="https://far.example/x.png" alt="far"><script>alert(1)</script></p>`)
	path := fmt.Sprintf("/conversations/%d/messages/2/mail", c.ID)
	plain := me.do("GET", path, nil).want(http.StatusOK).has(`<img src="data:image/gif;base64,R0lGOD`, `<img alt="gone"`, `<img data-src="https://far.example/x.png" alt="far"`)
	csp := plain.Header.Get("Content-Security-Policy")
	for _, part := range []string{"sandbox allow-popups allow-popups-to-escape-sandbox;", "default-src 'none'", "img-src data:;", "form-action 'none'", "base-uri 'none'"} {
		if !strings.Contains(csp, part) {
			t.Errorf("policy %q lacks %q", csp, part)
		}
	}
	for _, word := range []string{"script", "allow-same-origin", "https:"} {
		if strings.Contains(csp, word) {
			t.Errorf("policy %q has %q", csp, word)
		}
	}
	me.do("GET", path+"?pictures=true", nil).want(http.StatusOK).has(`<img src="https://far.example/x.png" alt="far"`)
	me.do("GET", path+"?history=true&dark=true", nil).want(http.StatusOK).has("<p>before</p>", "color-scheme:dark").lacks("Look")
	me.do("GET", fmt.Sprintf("/conversations/%d/messages/9/mail", c.ID), nil).want(http.StatusNotFound)
}

func TestAMessageThatIsNoMailIsNoDocument(t *testing.T) {
	h := open(t)
	c := h.says("visitor", "hello")
	h.as(handoff.AgentRole).do("GET", fmt.Sprintf("/conversations/%d/messages/1/mail", c.ID), nil).want(http.StatusNotFound)
}

func TestAnotherTeamsMailIsNotFound(t *testing.T) {
	h := open(t)
	_, theirs := h.teams()
	h.as(handoff.AgentRole).do("GET", fmt.Sprintf("/conversations/%d/messages/1/mail", theirs.ID), nil).want(http.StatusNotFound)
}
