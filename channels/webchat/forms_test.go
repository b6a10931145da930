package webchat_test

import (
	"net/http"
	"strings"
	"testing"
)

const orderForm = "name*\nemail\norder_no* | text | 订单号 | Order number\nkind | select | 类别 | Kind | bill, repair"

func TestTheFormIsCheckedHereToo(t *testing.T) {
	h := build(t, map[string]string{"pre_chat": "required", "pre_chat_fields": orderForm, "consent_text": "同意", "consent_text_en": "I agree"})
	c := h.visit()
	const message = `{"client_id":"question-1","text":"hello"}`
	if status, text := c.try("POST", "messages", message); status != 400 || !strings.Contains(text, `"code":"form"`) || !strings.Contains(text, `"field":"name"`) {
		t.Fatalf("before the form: %d %s", status, text)
	}
	c.must(http.StatusBadRequest, "POST", "human", `{}`, nil)
	for name, test := range map[string]struct{ profile, code, field string }{
		"no consent":       {`{"name":"Ann","fields":{"order_no":"1"}}`, "consent", ""},
		"no name":          {`{"fields":{"order_no":"1"},"consent":true}`, "form", "name"},
		"only spaces":      {`{"name":" \u0007 ","fields":{"order_no":"1"},"consent":true}`, "form", "name"},
		"no order":         {`{"name":"Ann","consent":true}`, "form", "order_no"},
		"a long order":     {`{"name":"Ann","fields":{"order_no":"` + strings.Repeat("1", 201) + `"},"consent":true}`, "form", "order_no"},
		"no such kind":     {`{"name":"Ann","fields":{"order_no":"1","kind":"joke"},"consent":true}`, "form", "kind"},
		"an email of none": {`{"name":"Ann","email":"ann","fields":{"order_no":"1"},"consent":true}`, "email", ""},
		"two emails":       {`{"name":"Ann","email":"ann@example.com, bob@example.com","fields":{"order_no":"1"},"consent":true}`, "email", ""},
		"a phone of words": {`{"name":"Ann","phone":"call me","fields":{"order_no":"1"},"consent":true}`, "phone", ""},
	} {
		t.Run(name, func(t *testing.T) {
			status, text := c.try("POST", "session", `{"token":"`+c.token+`","profile":`+test.profile+`}`)
			if status != 400 || !strings.Contains(text, `"code":"`+test.code+`"`) || test.field != "" && !strings.Contains(text, `"field":"`+test.field+`"`) {
				t.Fatalf("%d %s", status, text)
			}
		})
	}
	if said := c.session(`{"token":"` + c.token + `","profile":{"name":"Ann"}}`); said.Introduced {
		t.Error("what a page says of somebody is no form")
	}
	s := c.session(`{"token":"` + c.token + `","profile":{"name":"Ann","fields":{"order_no":" A-17 ","kind":"bill","more":"x"},"consent":true}}`)
	if c.token = s.Token; !s.Introduced {
		t.Fatal("not introduced")
	}
	at, err := h.store.Get(t.Context(), h.store.DB, c.send("question-1", "hello").Conversation)
	if err != nil {
		t.Fatal(err)
	}
	contact, err := h.store.Contact(t.Context(), h.store.DB, at.ContactID)
	if err != nil || contact.Name != "Ann" || contact.Attributes["order_no"] != "A-17" || contact.Attributes["kind"] != "bill" || len(contact.Attributes) != 2 {
		t.Fatalf("%+v %v", contact, err)
	}
	if again := c.session(`{"token":"` + c.token + `"}`); !again.Introduced {
		t.Error("the form is asked for again")
	}
}

// A token must be readable again, however its contents are written inside.
func TestAFormTooLongForAToken(t *testing.T) {
	lines, fields := []string{}, []string{}
	for _, key := range strings.Split("abcdefgh", "") {
		lines, fields = append(lines, key), append(fields, `"`+key+`":"`+strings.Repeat("<", 200)+`"`)
	}
	h := build(t, map[string]string{"pre_chat": "optional", "pre_chat_fields": strings.Join(lines, "\n")})
	c := h.visit()
	long := `{"profile":{"fields":{` + strings.Join(fields, ",") + `}}}`
	if status, text := c.try("POST", "session", long); status != 400 || !strings.Contains(text, "too_long") {
		t.Errorf("status %d: %s", status, text)
	}
	c.token = c.session(strings.ReplaceAll(long, "<", "x")).Token
	c.list("")
}

func TestTheFormIsNotForThoseWhomTheSiteKnows(t *testing.T) {
	h := build(t, map[string]string{"pre_chat": "required", "identity_secret": secret})
	c := h.visit()
	if !c.identify("u1", nil).Introduced {
		t.Error("somebody known must fill in the form")
	}
	c.send("question-1", "hello")
	open := build(t, map[string]string{"pre_chat": "optional", "pre_chat_fields": orderForm})
	open.visit().send("question-1", "hello")
}

func TestTheFormAsItIsShown(t *testing.T) {
	h := build(t, map[string]string{"pre_chat": "optional", "pre_chat_fields": orderForm, "consent_text": "同意", "hours": "mon-sun 00:00-24:00", "time_zone": "UTC",
		"leave_message": "sms", "variables": "--hy-radius: 8px", "greetings": "page=/buy* delay=5 visitors=new | May I help?", "launcher_text_en": "Chat", "position": "left", "sound": "true"})
	c := &client{house: h, inbox: h.inbox.ID}
	_, text := c.try("POST", "session", `{"language":"en"}`)
	for _, want := range []string{`{"key":"order_no","label":"Order number","kind":"text","required":true}`, `"options":["bill","repair"]`, `"consent_text":"同意"`, `"open":true`,
		`"text":"Mon–Sun 00:00–24:00 (UTC+00:00)"`, `"reply_to":["sms"]`, `"--hy-radius":"8px"`, `"pages":["/buy*"]`, `"launcher_text":"Chat"`, `"position":"left"`, `"transcript":"page"`,
		`"rating":true`, `"sound":true`, `"storage":"keep"`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
	answer := c.do("GET", "look?lang=zh-TW", nil, "")
	defer answer.Body.Close()
	if answer.StatusCode != 200 || answer.Header.Get("Cache-Control") != "public, max-age=60" {
		t.Errorf("look: %d %v", answer.StatusCode, answer.Header)
	}
	if _, look := c.try("GET", "look?lang=zh-TW", ""); strings.Contains(look, "token") || strings.Contains(look, "launcher_text") {
		t.Errorf("look: %s", look)
	}
}

func TestWordsOfEachLanguage(t *testing.T) {
	h := build(t, map[string]string{"greeting": "欢迎", "title_tw": "客服中心", "languages": "zh-CN\nzh-TW\nen"})
	for language, want := range map[string][2]string{"zh-TW": {"客服中心", "欢迎"}, "zh-HK": {"客服中心", "欢迎"}, "zh-Hant-TW": {"客服中心", "欢迎"}, "zh-CN": {"在线客服", "欢迎"},
		"zh": {"在线客服", "欢迎"}, "en-GB": {"Customer service", "Hello! I am the assistant. How can I help you?"}, "de": {"Customer service", "Hello! I am the assistant. How can I help you?"}} {
		c := &client{house: h, inbox: h.inbox.ID}
		if got := c.session(`{"language":"` + language + `"}`).Config; got["name"] != want[0] || got["greeting"] != want[1] {
			t.Errorf("%s: %v, %v", language, got["name"], got["greeting"])
		}
	}
}
