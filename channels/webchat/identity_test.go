package webchat_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"
)

const secret = "sixteen letters at least"

func hashOf(secret, id string) string { return hex.EncodeToString(hmacOf(secret, id)) }

func hmacOf(secret, text string) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

func TestIdentity(t *testing.T) {
	h := build(t, map[string]string{"identity_secret": secret})
	for name, test := range map[string]struct {
		identity string
		status   int
	}{
		"signed":                  {`{"id":"u1","name":"Wang Li","email":"wang@example.com","hash":"` + hashOf(secret, "u1") + `"}`, 200},
		"in capitals":             {`{"id":"u1","hash":"` + strings.ToUpper(hashOf(secret, "u1")) + `"}`, 200},
		"not signed":              {`{"id":"u1"}`, 403},
		"another's signature":     {`{"id":"u1","hash":"` + hashOf(secret, "u2") + `"}`, 403},
		"another secret":          {`{"id":"u1","hash":"` + hashOf("guess", "u1") + `"}`, 403},
		"half a signature":        {`{"id":"u1","hash":"` + hashOf(secret, "u1")[:32] + `"}`, 403},
		"no id":                   {`{"hash":"` + hashOf(secret, "") + `"}`, 400},
		"a long id":               {`{"id":"` + strings.Repeat("u", 200) + `","hash":"00"}`, 400},
		"an id with a line end":   {`{"id":"u1\n","hash":"` + hashOf(secret, "u1\n") + `"}`, 400},
		"a long name":             {`{"id":"u1","name":"` + strings.Repeat("n", 300) + `","hash":"` + hashOf(secret, "u1") + `"}`, 400},
		"an email that is none":   {`{"id":"u1","email":"wang","hash":"` + hashOf(secret, "u1") + `"}`, 400},
		"a name that is a number": {`{"id":"u1","name":7,"hash":"` + hashOf(secret, "u1") + `"}`, 400},
	} {
		t.Run(name, func(t *testing.T) {
			c := &client{house: h, inbox: h.inbox.ID}
			if status, text := c.try("POST", "session", `{"identity":`+test.identity+`}`); status != test.status {
				t.Fatalf("status %d, want %d: %s", status, test.status, text)
			}
		})
	}
	bare := &client{house: h, inbox: h.other.ID}
	bare.must(http.StatusForbidden, "POST", "session", `{"identity":{"id":"u1","hash":"`+hashOf("", "u1")+`"}}`, nil)
}

func TestIdentifiedVisitorIsOneOnAllDevices(t *testing.T) {
	h := build(t, map[string]string{"identity_secret": secret})
	identity := `{"identity":{"id":"u1","name":"Wang Li","email":"wang@example.com","hash":"` + hashOf(secret, "u1") + `"}}`
	desk, phone := h.visit(), h.visit()
	desk.token = desk.session(identity).Token
	asked := desk.send("from-the-desk", "hello")
	phone.token = phone.session(identity).Token
	if p := phone.list(""); len(p.Messages) != 1 || p.Messages[0].Cursor != asked.Cursor {
		t.Fatalf("the phone sees %+v", p)
	}
	c, err := h.store.Get(t.Context(), h.store.DB, asked.Conversation)
	if err != nil {
		t.Fatal(err)
	}
	contact, err := h.store.Contact(t.Context(), h.store.DB, c.ContactID)
	if err != nil || contact.Name != "Wang Li" || contact.Email != "wang@example.com" {
		t.Fatalf("contact %+v, %v", contact, err)
	}
	if phone.session(`{"token":"` + phone.token + `","profile":{"name":"Mallory"}}`); nameOf(h, t, c.ContactID) != "Wang Li" {
		t.Error("an unproved name went over a proved one")
	}
}

func TestPreChat(t *testing.T) {
	h := build(t, map[string]string{"pre_chat": "required"})
	c := h.visit()
	c.token = c.session(`{"token":"` + c.token + `","profile":{"name":" Ann\u0007 Smith ","email":"ann@example.com","phone":"123"}}`).Token
	asked := c.send("question-1", "hello")
	found, err := h.store.Get(t.Context(), h.store.DB, asked.Conversation)
	if err != nil {
		t.Fatal(err)
	}
	if got := nameOf(h, t, found.ContactID); got != "Ann Smith" {
		t.Errorf("name %q", got)
	}
	c.must(http.StatusBadRequest, "POST", "session", `{"token":"`+c.token+`","profile":{"email":"@"}}`, nil)
}

func nameOf(h *house, t *testing.T, contactID int64) string {
	t.Helper()
	contact, err := h.store.Contact(t.Context(), h.store.DB, contactID)
	if err != nil {
		t.Fatal(err)
	}
	return contact.Name
}

func TestConfigSpeaksTheVisitorsLanguage(t *testing.T) {
	h := build(t, map[string]string{"greeting": "欢迎", "greeting_en": "Welcome", "quick_replies": "查话费\n报修", "color": "#0a7d4f", "theme": "dark"})
	for language, want := range map[string]string{"zh-CN": "欢迎", "zh-TW": "欢迎", "en": "Welcome", "fr": "Welcome", "": "Welcome"} {
		c := &client{house: h, inbox: h.inbox.ID}
		got := c.session(`{"language":"` + language + `"}`).Config
		if got["greeting"] != want || got["color"] != "#0a7d4f" || got["theme"] != "dark" || got["bot"] != true {
			t.Errorf("%q: %v", language, got)
		}
	}
	only := build(t, map[string]string{"languages": "zh-CN"})
	c := &client{house: only, inbox: only.inbox.ID}
	if got := c.session(`{"language":"en"}`).Config; got["greeting"] != "您好！我是智能助手，请问有什么可以帮您？" {
		t.Errorf("an inbox of one language speaks %v", got["greeting"])
	}
}
