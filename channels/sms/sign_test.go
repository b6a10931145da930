package sms

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
)

// The example of https://help.aliyun.com/document_detail/2712195.html.
func TestACS3AsInTheDocumentation(t *testing.T) {
	query := acsQuery(url.Values{"ImageId": {"win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"}, "RegionId": {"cn-shanghai"}})
	r := httptest.NewRequest(http.MethodPost, "https://ecs.cn-shanghai.aliyuncs.com/?"+query, http.NoBody)
	r.URL.Host = "ecs.cn-shanghai.aliyuncs.com"
	signACS3(r, acsCall{action: "RunInstances", version: "2014-05-26", id: "YourAccessKeyId", secret: "YourAccessKeySecret",
		nonce: "3156853299f313e23d1673dc12e1703d", at: time.Date(2023, 10, 26, 10, 22, 32, 0, time.UTC)})
	const want = "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
	if got := r.Header.Get("Authorization"); !strings.HasSuffix(got, "Signature="+want) {
		t.Error(got)
	}
}

// The example of https://www.twilio.com/docs/usage/webhooks/webhooks-security.
func TestTwilioAsInTheDocumentation(t *testing.T) {
	form := url.Values{"CallSid": {"CA1234567890ABCDE"}, "Caller": {"+14158675309"}, "Digits": {"1234"}, "From": {"+14158675309"}, "To": {"+18005551212"}}
	a := NewTwilio(Options{Public: func(conversation.Inbox) string { return "https://mycompany.com/myapp.php" }})
	inbox := conversation.Inbox{Settings: map[string]string{"auth_token": "12345"}}
	r := httptest.NewRequest(http.MethodPost, "/hooks/1?foo=1&bar=2", strings.NewReader(form.Encode()))
	r.Header.Set("X-Twilio-Signature", "RSOYDt4T1cUTdK1PDd93/VVr8B8=")
	if !a.signed(inbox, r, form) {
		t.Error("the documented signature is refused")
	}
	form.Set("Digits", "12345")
	if a.signed(inbox, r, form) {
		t.Error("another digit has the same signature")
	}
}

func TestTC3CoversEverything(t *testing.T) {
	sign := func(secret, action, payload string, at time.Time) string {
		r := httptest.NewRequest(http.MethodPost, "https://sms.tencentcloudapi.com/", nil)
		r.URL.Host = "sms.tencentcloudapi.com"
		signTC3(r, "AKID", secret, "sms", action, []byte(payload), at)
		return r.Header.Get("Authorization")
	}
	at := time.Unix(1551113065, 0)
	want := sign("secret", "SendSms", "{}", at)
	if !strings.HasPrefix(want, "TC3-HMAC-SHA256 Credential=AKID/2019-02-25/sms/tc3_request, SignedHeaders=content-type;host;x-tc-action, Signature=") {
		t.Error(want)
	}
	for name, other := range map[string]string{"secret": sign("other", "SendSms", "{}", at), "action": sign("secret", "PullSms", "{}", at),
		"payload": sign("secret", "SendSms", "{ }", at), "time": sign("secret", "SendSms", "{}", at.Add(time.Second))} {
		if other == want {
			t.Errorf("the %s is not signed", name)
		}
	}
}
