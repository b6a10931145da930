package sms

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"huiyin/channels"
	"huiyin/channels/channeltest"
	"huiyin/conversation"
)

func twilioSignature(address string, form url.Values) string {
	text := address
	var keys []string
	for k := range form {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		text += k + form.Get(k)
	}
	mac := hmac.New(sha1.New, []byte("token"))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func TestContract(t *testing.T) {
	c := newCloud(t)
	for name, p := range providers(c, nil) {
		t.Run(name, func(t *testing.T) {
			before := len(c.all())
			channeltest.Run(t, channeltest.Fixture{Adapter: p.adapter, Inbox: p.inbox, Address: "8613800138000",
				Arrived:  func() int { return len(c.all()) - before },
				Callback: func() *http.Request { return p.text("1", "13800138000", "你好") }})
		})
	}
}

func TestTextsComeIn(t *testing.T) {
	for name, p := range providers(newCloud(t), nil) {
		for _, c := range []struct {
			text    string
			consent conversation.Consent
			say     string
		}{
			{"你好 😀", "", ""}, {"ＴＤ", conversation.OptOut, "您已退订"}, {"怎么退订", "", ""}, {"恢复订阅", conversation.OptIn, "您已恢复"},
		} {
			got, err := p.adapter.Receive(p.inbox, p.text("42", "13800138000", c.text))
			if err != nil || len(got.Messages) != 1 {
				t.Fatalf("%s %q: %+v, %v", name, c.text, got, err)
			}
			in := got.Messages[0]
			if in.Text != c.text || in.Address != "8613800138000" || in.Consent != c.consent || !strings.HasPrefix(in.Say, c.say) || (c.say == "") != (in.Say == "") || in.SourceID == "" {
				t.Errorf("%s %q: %+v", name, c.text, in)
			}
			again, err := p.adapter.Receive(p.inbox, p.text("42", "13800138000", c.text))
			if err != nil || again.Messages[0].SourceID != in.SourceID {
				t.Errorf("%s: a repeat is another message: %+v, %v", name, again, err)
			}
		}
		one, _ := p.adapter.Receive(p.inbox, p.text("1", "13800138000", "a"))
		two, _ := p.adapter.Receive(p.inbox, p.text("2", "13800138000", "a"))
		if one.Messages[0].SourceID == two.Messages[0].SourceID {
			t.Errorf("%s: two texts are one", name)
		}
	}
}

func TestReceiptsComeIn(t *testing.T) {
	for name, p := range providers(newCloud(t), nil) {
		for state, want := range map[string]conversation.Delivery{"ok": conversation.Delivered, "30003": conversation.Failed} {
			got, err := p.adapter.Receive(p.inbox, p.receipt("x1", state))
			if err != nil || len(got.Receipts) != 1 || got.Receipts[0].ProviderID != "x1" || got.Receipts[0].State != want {
				t.Fatalf("%s: %+v, %v", name, got, err)
			}
			if (want == conversation.Failed) != strings.Contains(got.Receipts[0].Reason, "30003") {
				t.Errorf("%s: %+v", name, got.Receipts[0])
			}
			if len(got.Ack.Body) == 0 {
				t.Errorf("%s: %+v", name, got.Ack)
			}
		}
	}
}

// forgeries are what the clouds that sign nothing are protected from, and what is no push at all.
func forgeries() map[string]*http.Request {
	good := `[{"phone_number":"13800138000","content":"hi","sequence_id":1}]`
	post := func(target, body string) *http.Request {
		return httptest.NewRequest(http.MethodPost, target, strings.NewReader(body))
	}
	from := func(address string) *http.Request {
		r := post("/hooks/1?secret="+secretWord, good)
		r.RemoteAddr = address
		return r
	}
	all := map[string]*http.Request{
		"no secret": post("/hooks/1", good), "an empty secret": post("/hooks/1?secret=", good), "half the secret": post("/hooks/1?secret="+secretWord[:10], good),
		"the secret and more": post("/hooks/1?secret="+secretWord+"x", good), "the secret second": post("/hooks/1?secret=x&secret="+secretWord, good),
		"the secret in the body": post("/hooks/1", "secret="+secretWord), "another case": post("/hooks/1?secret="+strings.ToUpper(secretWord), good),
		"the secret under another name": post("/hooks/1?Secret="+secretWord, good), "a wildcard": post("/hooks/1?secret=*", good),
		"a null": post("/hooks/1?secret=%00"+secretWord, good), "a list": post("/hooks/1?secret[]="+secretWord, good), "spaces": post("/hooks/1?secret=%20"+secretWord, good),
		"another network": from("8.8.8.8:1"), "no address": from(""), "a neighbour": from("100.64.1.1:1"),
	}
	proxied := from("10.0.0.1:1")
	proxied.Header.Set("X-Forwarded-For", "203.0.113.9, 8.8.4.4")
	all["a claimed address"] = proxied
	for name, body := range map[string]string{"nothing": "", "no JSON": "hello", "a number": "7", "a string": `"x"`, "null in an array": "[null]", "an empty push": "[{}]",
		"an array of arrays": "[[]]", "half": good[:20], "text and numbers": `[{"phone_number":7,"content":{}}]`, "no number": `[{"phone_number":"","content":"x"}]`,
		"letters for a number": `[{"phone_number":"bank","content":"x"}]`, "deep": strings.Repeat("[", 20000), "a form": "phone_number=1&content=x", "XML": "<a/>"} {
		all[name] = post("/hooks/1?secret="+secretWord, body)
		all[name].RemoteAddr = "203.0.113.7:1"
	}
	return all
}

func TestForgedPushes(t *testing.T) {
	for name, p := range providers(newCloud(t), map[string]string{"callback_addresses": "203.0.113.0/24\n2001:db8::1"}) {
		if name == "twilio" {
			continue
		}
		cases := forgeries()
		if len(cases) < 25 {
			t.Fatalf("only %d forgeries", len(cases))
		}
		for what, r := range cases {
			got, err := p.adapter.Receive(p.inbox, r)
			if err == nil || len(got.Messages)+len(got.Receipts) > 0 {
				t.Errorf("%s, %s: %+v, %v", name, what, got, err)
			}
			var field *conversation.FieldError
			if !errors.Is(err, channels.ErrUnauthorized) && !errors.As(err, &field) {
				t.Errorf("%s, %s: the provider would repeat it for ever: %v", name, what, err)
			}
		}
		real := p.text("1", "13800138000", "hi")
		real.RemoteAddr = "203.0.113.7:1"
		if _, err := p.adapter.Receive(p.inbox, real); err != nil {
			t.Errorf("%s: a real one is refused: %v", name, err)
		}
	}
}

func TestForgedTwilio(t *testing.T) {
	p := providers(newCloud(t), nil)["twilio"]
	form := func() url.Values {
		return url.Values{"AccountSid": {"AC1"}, "MessageSid": {"SM1"}, "From": {"+8613800138000"}, "Body": {"hi"}}
	}
	for name, change := range map[string]func(f url.Values, r *http.Request){
		"no signature": func(f url.Values, r *http.Request) { r.Header.Del("X-Twilio-Signature") },
		"an empty one": func(f url.Values, r *http.Request) { r.Header.Set("X-Twilio-Signature", "") },
		"no base64":    func(f url.Values, r *http.Request) { r.Header.Set("X-Twilio-Signature", "!!!") },
		"half": func(f url.Values, r *http.Request) {
			r.Header.Set("X-Twilio-Signature", r.Header.Get("X-Twilio-Signature")[:12])
		},
		"another address":     func(f url.Values, r *http.Request) { sign(r, "https://evil.example/hooks/1", f) },
		"plain http":          func(f url.Values, r *http.Request) { sign(r, "http://hub.example/hooks/1", f) },
		"another inbox":       func(f url.Values, r *http.Request) { sign(r, "https://hub.example/hooks/2", f) },
		"a query that is not": func(f url.Values, r *http.Request) { r.URL.RawQuery = "x=1" },
		"another account":     func(f url.Values, r *http.Request) { f.Set("AccountSid", "AC2"); rewrite(r, f); sign(r, publicURL, f) },
		"no account":          func(f url.Values, r *http.Request) { f.Del("AccountSid"); rewrite(r, f); sign(r, publicURL, f) },
	} {
		f := form()
		r := twilioCall(f)
		change(f, r)
		if got, err := p.adapter.Receive(p.inbox, r); !errors.Is(err, channels.ErrUnauthorized) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	for _, field := range []string{"MessageSid", "From", "Body", "To", "MessageStatus", "ErrorCode", "NumMedia", "MediaUrl0", "FromCountry", "ApiVersion"} {
		f := form()
		r := twilioCall(f)
		f.Set(field, f.Get(field)+"x")
		rewrite(r, f)
		if got, err := p.adapter.Receive(p.inbox, r); !errors.Is(err, channels.ErrUnauthorized) {
			t.Errorf("%s changed: %+v, %v", field, got, err)
		}
	}
	for name, body := range map[string]string{"no message": "AccountSid=AC1&From=%2B1415", "no form": "%zz=%zz", "a number of letters": "AccountSid=AC1&MessageSid=1&From=whatsapp", "bytes": "\x00\xff"} {
		r := httptest.NewRequest(http.MethodPost, "/hooks/1", strings.NewReader(body))
		f, _ := url.ParseQuery(body)
		sign(r, publicURL, f)
		if got, err := p.adapter.Receive(p.inbox, r); err == nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
	f := form()
	f.Set("Body", "  hi there \n")
	if got, err := p.adapter.Receive(p.inbox, twilioCall(f)); err != nil || got.Messages[0].Text != "hi there" {
		t.Errorf("fields are signed as they came: %+v, %v", got, err)
	}
}

func sign(r *http.Request, address string, f url.Values) {
	r.Header.Set("X-Twilio-Signature", twilioSignature(address, f))
}

func rewrite(r *http.Request, f url.Values) {
	*r = *httptest.NewRequest(http.MethodPost, "/hooks/1", strings.NewReader(f.Encode())).WithContext(r.Context())
	r.Header.Set("X-Twilio-Signature", "")
}

func FuzzReceive(f *testing.F) {
	for _, body := range []string{`[{"phone_number":"13800138000","content":"hi","sequence_id":1}]`, `{"mobile":"1","text":"x","time":1}`, "AccountSid=AC1", "[]", "\xff"} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		for _, p := range providers(&cloud{Server: &httptest.Server{}}, nil) {
			r := secretCall(body)
			form, _ := url.ParseQuery(body)
			sign(r, publicURL+"?secret="+secretWord, form)
			got, err := p.adapter.Receive(p.inbox, r)
			if err != nil && len(got.Messages) > 0 {
				t.Fatal(got, err)
			}
			for _, m := range got.Messages {
				if m.Address == "" || m.SourceID == "" {
					t.Fatalf("%+v", m)
				}
			}
		}
	})
}
