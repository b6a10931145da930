package webchat_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
)

func TestIdentifyingMidwayKeepsTheConversation(t *testing.T) {
	onBoth(t, identityKeys(), func(t *testing.T, h *house) {
		c := h.visit()
		nameless := c.token
		asked := c.send("question-1", "hello")
		h.say(asked.Conversation, conversation.Draft{Sender: conversation.FromBot, Text: "hi", Explanation: "{}"})
		upload := c.upload("note.txt", []byte("text"))
		c.identify("u1", nil)
		if p := c.list(""); len(p.Messages) != 2 || p.Messages[0].Cursor != asked.Cursor {
			t.Fatalf("the person sees %+v", p.Messages)
		}
		if again := c.send("question-1", "hello"); again.Cursor != asked.Cursor {
			t.Fatalf("sent again it became %s", again.Cursor)
		}
		var answer struct{ Message message }
		c.must(http.StatusCreated, "POST", "messages", `{"client_id":"question-2","text":"and this","attachments":["`+upload.Key+`"]}`, &answer)
		if answer.Message.Conversation != asked.Conversation || len(answer.Message.Attachments) != 1 {
			t.Fatalf("got %+v", answer.Message)
		}
		left := &client{house: h, inbox: h.inbox.ID, token: nameless}
		if p := left.list(""); len(p.Messages) != 0 {
			t.Fatalf("whoever has the old token sees %+v", p.Messages)
		}
		left.identify("u2", nil)
		if p := left.list(""); len(p.Messages) != 0 {
			t.Fatalf("the next person sees %+v", p.Messages)
		}
		if _, faults, err := h.store.Ledger(t.Context(), 0); err != nil || len(faults) > 0 {
			t.Fatalf("%v %+v", err, faults)
		}
	})
}

// TestAMessageUnderWayWhileSomebodySignsIn was recorded for the nameless visitor, and the client does not know it.
func TestAMessageUnderWayWhileSomebodySignsIn(t *testing.T) {
	onBoth(t, identityKeys(), func(t *testing.T, h *house) {
		c := h.visit()
		nameless := &client{house: h, inbox: h.inbox.ID, token: c.token}
		c.identify("u1", nil)
		late := nameless.send("question-1", "hello")
		again := c.send("question-1", "hello")
		if again.Cursor != late.Cursor {
			t.Fatalf("%s became %s", late.Cursor, again.Cursor)
		}
		if p := c.list(""); len(p.Messages) != 1 {
			t.Fatalf("the person sees %+v", p.Messages)
		}
	})
}

func TestAnotherPersonsConversationStaysClosed(t *testing.T) {
	h := build(t, identityKeys())
	owner := h.visit()
	owner.identify("u1", nil)
	owner.send("my-secret-1", "my secret")
	for name, session := range map[string]string{
		"the owner's name without a signature": `{"identity":{"id":"u1","hash":""}}`,
		"another's token":                      `{"identity":{"token":"` + signedAs("u2", nil) + `"}}`,
		"the owner's email, signed for u2":     `{"identity":{"token":"` + signedAs("u2", claims{"email": "wang@example.com", "name": "Wang Li"}) + `"}}`,
		"the owner's address as a profile":     `{"profile":{"name":"Wang Li","email":"wang@example.com"}}`,
		"the owner's id as a token":            `{"token":"user:u1"}`,
		"the owner's token changed":            `{"token":"` + flip(owner.token) + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			c := &client{house: h, inbox: h.inbox.ID}
			status, text := c.try("POST", "session", session)
			if status != http.StatusOK {
				return
			}
			c.token = between(text, `"token":"`, `"`)
			if p := c.list(""); len(p.Messages) != 0 {
				t.Fatalf("sees %+v", p.Messages)
			}
		})
	}
}

// between cuts out of an answer what stands between two marks.
func between(text, before, after string) string {
	_, rest, _ := strings.Cut(text, before)
	found, _, _ := strings.Cut(rest, after)
	return found
}

func TestTokensEnd(t *testing.T) {
	h := build(t, identityKeys())
	nameless, known := h.visit(), h.visit()
	first := nameless.session(`{"token":"` + nameless.token + `"}`)
	nameless.send("question-1", "hello")
	if at := known.identify("u1", nil).ExpiresAt; time.Until(at) > 13*time.Hour || time.Until(at) < 11*time.Hour {
		t.Fatalf("an identity holds until %s", at)
	}
	if left := time.Until(first.ExpiresAt); left < 364*24*time.Hour {
		t.Fatalf("a nameless token holds %s", left)
	}
	h.skew.Store(int64(13 * time.Hour))
	known.must(http.StatusUnauthorized, "GET", "messages", "", nil)
	if next := known.session(`{"token":"` + known.token + `"}`); !strings.HasPrefix(next.Visitor, "visitor:") || next.Returning {
		t.Fatalf("an identity that is over goes on: %+v", next)
	}
	h.skew.Store(int64(300 * 24 * time.Hour))
	renewed := nameless.session(`{"token":"` + nameless.token + `"}`)
	if renewed.Visitor != first.Visitor || !renewed.Returning || !renewed.ExpiresAt.After(first.ExpiresAt.Add(299*24*time.Hour)) {
		t.Fatalf("not renewed: %+v", renewed)
	}
	h.skew.Store(int64(400 * 24 * time.Hour))
	nameless.must(http.StatusUnauthorized, "GET", "messages", "", nil)
	nameless.token = renewed.Token
	if len(nameless.list("").Messages) != 1 {
		t.Fatal("the renewed token does not open the conversation")
	}
}
