package sms

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
)

// cloud answers as the three providers do; it takes the first text to each address, or what next says.
type cloud struct {
	*httptest.Server
	mu    sync.Mutex
	sent  []string
	heads []http.Header
	next  func(w http.ResponseWriter) // nil: the text is taken
}

func newCloud(t *testing.T) *cloud {
	c := &cloud{}
	c.Server = httptest.NewServer(http.HandlerFunc(c.serve))
	t.Cleanup(c.Close)
	return c
}

func (c *cloud) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.next != nil {
		c.next(w)
		return
	}
	c.heads = append(c.heads, r.Header)
	switch {
	case strings.HasSuffix(r.URL.Path, "/Messages.json"):
		form, _ := url.ParseQuery(string(body))
		c.sent = append(c.sent, form.Get("To")+": "+form.Get("Body"))
		w.WriteHeader(http.StatusCreated)
		fmt.Fprintf(w, `{"sid":"SM%d","status":"queued"}`, len(c.sent))
	case strings.HasSuffix(r.URL.Path, ".json"):
		fmt.Fprint(w, `{"status":"active"}`)
	case r.Header.Get("x-acs-action") == "SendSms":
		c.sent = append(c.sent, r.URL.Query().Get("PhoneNumbers")+": "+r.URL.Query().Get("TemplateParam"))
		fmt.Fprintf(w, `{"Code":"OK","Message":"OK","BizId":"biz%d"}`, len(c.sent))
	case r.Header.Get("X-TC-Action") == "SendSms":
		var in struct{ PhoneNumberSet, TemplateParamSet []string }
		_ = json.Unmarshal(body, &in)
		c.sent = append(c.sent, in.PhoneNumberSet[0]+": "+in.TemplateParamSet[0])
		fmt.Fprintf(w, `{"Response":{"SendStatusSet":[{"SerialNo":"no%d","Code":"Ok"}]}}`, len(c.sent))
	default:
		fmt.Fprint(w, `{"Code":"OK","Response":{}}`)
	}
}

func (c *cloud) all() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sent
}

const (
	secretWord = "0123456789abcdef0123"
	publicURL  = "https://hub.example/hooks/1"
)

// provider is one of the clouds with an inbox, and how it calls back.
type provider struct {
	adapter channels.Webhook
	inbox   conversation.Inbox
	text    func(id, from, text string) *http.Request // a customer's
	receipt func(id, state string) *http.Request      // "ok" or an error
}

func providers(c *cloud, more map[string]string) map[string]provider {
	o := Options{Now: func() time.Time { return time.Date(2026, 11, 21, 4, 0, 0, 0, time.UTC) }, Public: func(conversation.Inbox) string { return publicURL },
		Random: func() string { return "nonce" }, Article: func(id int64) string { return fmt.Sprintf("https://x.cn/a/%d", id) }}
	inbox := func(settings map[string]string) conversation.Inbox {
		all := map[string]string{"api_base": c.URL, "callback_secret": secretWord, "template_id": "1234", "sign_name": "星桥", "number_rate": "1000/1s"}
		maps.Copy(all, settings)
		maps.Copy(all, more)
		return conversation.Inbox{ID: 1, Settings: all}
	}
	twilio := inbox(map[string]string{"account_sid": "AC1", "auth_token": "token", "from": "+15005550006"})
	delete(twilio.Settings, "callback_secret")
	delete(twilio.Settings, "template_id")
	return map[string]provider{
		"twilio": {NewTwilio(o), twilio,
			func(id, from, text string) *http.Request {
				return twilioCall(url.Values{"AccountSid": {"AC1"}, "MessageSid": {id}, "From": {from}, "To": {"+15005550006"}, "Body": {text}})
			},
			func(id, state string) *http.Request {
				form := url.Values{"AccountSid": {"AC1"}, "MessageSid": {id}, "MessageStatus": {"delivered"}}
				if state != "ok" {
					form.Set("MessageStatus", "undelivered")
					form.Set("ErrorCode", state)
				}
				return twilioCall(form)
			}},
		"aliyun": {NewAliyun(o), inbox(map[string]string{"access_key_id": "id", "access_key_secret": "secret"}),
			func(id, from, text string) *http.Request {
				return secretCall(fmt.Sprintf(`[{"phone_number":%q,"content":%q,"send_time":"2026-11-21 12:00:00","dest_code":"10690","sequence_id":%s}]`, from, text, id))
			},
			func(id, state string) *http.Request {
				return secretCall(fmt.Sprintf(`[{"phone_number":"13800138000","success":%t,"err_code":%q,"biz_id":%q,"out_id":"7"}]`, state == "ok", state, id))
			}},
		"tencent": {NewTencent(o), inbox(map[string]string{"secret_id": "id", "secret_key": "key", "sdk_app_id": "14"}),
			func(id, from, text string) *http.Request {
				return secretCall(fmt.Sprintf(`{"mobile":%q,"nationcode":"86","sign":"星桥","extend":"","text":%q,"time":%s}`, from, text, id))
			},
			func(id, state string) *http.Request {
				status := "SUCCESS"
				if state != "ok" {
					status = "FAIL"
				}
				return secretCall(fmt.Sprintf(`[{"mobile":"13800138000","nationcode":"86","report_status":%q,"errmsg":%q,"sid":%q}]`, status, state, id))
			}},
	}
}

func secretCall(body string) *http.Request {
	return httptest.NewRequest(http.MethodPost, "/hooks/1?secret="+secretWord, strings.NewReader(body))
}

func twilioCall(form url.Values) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/hooks/1", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Twilio-Signature", twilioSignature(publicURL, form))
	return r
}
