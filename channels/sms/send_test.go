package sms

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
)

func outgoing(text string) channels.Outgoing {
	return channels.Outgoing{ID: 7, Address: "8613800138000", Heard: time.Date(2026, 11, 21, 3, 59, 0, 0, time.UTC),
		Message: conversation.Message{ID: 7, Sender: conversation.FromBot, Text: text}}
}

func TestTextsGoOut(t *testing.T) {
	c := newCloud(t)
	for name, want := range map[string]string{"twilio": "+8613800138000: 【星桥】您好", "aliyun": `13800138000: {"content":"您好"}`, "tencent": "+8613800138000: 您好"} {
		p := providers(c, nil)[name]
		accepted, err := p.adapter.Send(context.Background(), p.inbox, outgoing("您好"))
		if err != nil || accepted.ProviderID == "" {
			t.Fatalf("%s: %+v, %v", name, accepted, err)
		}
		if all := c.all(); all[len(all)-1] != want {
			t.Errorf("%s: %q", name, all[len(all)-1])
		}
	}
}

func TestRefusals(t *testing.T) {
	says := func(status int, body string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) { w.WriteHeader(status); fmt.Fprint(w, body) }
	}
	twilio := func(status, code int) func(http.ResponseWriter) {
		return says(status, fmt.Sprintf(`{"code":%d,"message":"m","status":%d}`, code, status))
	}
	aliyun := func(code string) func(http.ResponseWriter) { return says(200, `{"Code":"`+code+`","Message":"m"}`) }
	tencent := func(code string) func(http.ResponseWriter) {
		return says(200, `{"Response":{"SendStatusSet":[{"Code":"`+code+`","Message":"m"}]}}`)
	}
	broken := func(w http.ResponseWriter) { panic(http.ErrAbortHandler) }
	const final, retry, dark = "final", "retry", "uncertain"
	for _, c := range []struct {
		cloud  string
		answer func(http.ResponseWriter)
		want   string
		words  string
	}{
		{"twilio", twilio(400, 21610), final, "opted out"}, {"twilio", twilio(400, 21211), final, "no number"}, {"twilio", twilio(400, 21608), final, "permissions"},
		{"twilio", twilio(401, 20003), retry, "access"}, {"twilio", twilio(429, 20429), retry, "rate"}, {"twilio", twilio(500, 20500), dark, "may or may not"},
		{"twilio", twilio(400, 99999), final, "refused"}, {"twilio", says(200, `{"sid":""}`), final, "refused"},
		{"aliyun", aliyun("isv.BUSINESS_LIMIT_CONTROL"), retry, "limit"}, {"aliyun", aliyun("Throttling.User"), retry, "busy"}, {"aliyun", aliyun("isv.MOBILE_NUMBER_ILLEGAL"), final, "no number"},
		{"aliyun", aliyun("isv.AMOUNT_NOT_ENOUGH"), retry, "credit"}, {"aliyun", aliyun("isv.SMS_TEMPLATE_ILLEGAL"), final, "template"},
		{"aliyun", aliyun("isv.SMS_SIGNATURE_ILLEGAL"), final, "signature"}, {"aliyun", aliyun("isv.BLACK_KEY_CONTROL_LIMIT"), final, "word"},
		{"aliyun", aliyun("SignatureDoesNotMatch"), retry, "AccessKey"}, {"aliyun", aliyun("isv.WHATEVER"), final, "refused"}, {"aliyun", says(500, `{"Code":"InternalError"}`), dark, "may or may not"},
		{"tencent", tencent("LimitExceeded.PhoneNumberDailyLimit"), retry, "number"}, {"tencent", tencent("LimitExceeded.DeliveryFrequencyLimit"), retry, "rate"},
		{"tencent", tencent("FailedOperation.InsufficientBalanceInSmsPackage"), retry, "no texts left"}, {"tencent", tencent("FailedOperation.PhoneNumberInBlacklist"), final, "opted out"},
		{"tencent", tencent("FailedOperation.ContainSensitiveWord"), final, "word"}, {"tencent", tencent("FailedOperation.SignatureIncorrectOrUnapproved"), final, "signature"},
		{"tencent", tencent("FailedOperation.TemplateParamSetNotMatchApprovedTemplate"), final, "template"}, {"tencent", tencent("InvalidParameterValue.IncorrectPhoneNumber"), final, "no number"},
		{"tencent", says(200, `{"Response":{"Error":{"Code":"AuthFailure.SignatureFailure","Message":"m"}}}`), retry, "SecretId"}, {"tencent", tencent("InternalError.Timeout"), dark, "may or may not"},
		{"tencent", says(200, `{"Response":{"SendStatusSet":[]}}`), dark, "cannot be read"},
		{"*", leaveAlone(429), retry, "overloaded"}, {"*", leaveAlone(503), retry, "overloaded"},
		{"*", says(502, "<html>bad gateway</html>"), retry, "overloaded"}, {"*", says(429, "slow down"), retry, "overloaded"}, {"*", says(403, "<html>blocked</html>"), final, "403"},
		{"*", says(200, "<html>login</html>"), dark, "cannot be read"}, {"*", says(200, `{"Code":`), dark, "cannot be read"}, {"*", broken, dark, "did not answer"},
	} {
		for _, name := range []string{"twilio", "aliyun", "tencent"} {
			if c.cloud != "*" && c.cloud != name {
				continue
			}
			cloud := newCloud(t)
			cloud.next = c.answer
			p := providers(cloud, nil)[name]
			_, err := p.adapter.Send(context.Background(), p.inbox, outgoing("hi"))
			var e *channels.SendError
			if !errors.As(err, &e) {
				t.Errorf("%s %s: %v", name, c.words, err)
				continue
			}
			got := final
			switch {
			case e.Uncertain:
				got = dark
			case e.Retry:
				got = retry
			}
			if strings.Contains(e.Reason, "overloaded") && strings.Contains(e.Error(), "alone") && e.After != 90*time.Second {
				t.Errorf("%s waits %v", name, e.After)
			}
			if got != c.want || !strings.Contains(e.Reason, c.words) {
				t.Errorf("%s: %s %q, want %s with %q", name, got, e.Reason, c.want, c.words)
			}
		}
	}
}

func TestNothingIsSentThatMayNot(t *testing.T) {
	night := map[string]string{"quiet_hours": "11:00-13:00", "time_zone": "Asia/Shanghai"} // it is noon there
	for name, c := range map[string]struct {
		settings  map[string]string
		change    func(*channels.Outgoing)
		postponed bool
	}{
		"quiet hours": {night, func(o *channels.Outgoing) { o.Heard = o.Heard.Add(-24 * time.Hour) }, true},
		"a file":      {nil, func(o *channels.Outgoing) { o.Message.Attachments = []conversation.Attachment{{Name: "a.pdf"}} }, false},
		"nothing":     {nil, func(o *channels.Outgoing) { o.Message.Text = " " }, false},
	} {
		cloud := newCloud(t)
		for cloudName, p := range providers(cloud, c.settings) {
			out := outgoing("hi")
			c.change(&out)
			_, err := p.adapter.Send(context.Background(), p.inbox, out)
			var e *channels.SendError
			if !errors.As(err, &e) || e.Postponed != c.postponed || len(cloud.all()) > 0 {
				t.Errorf("%s, %s: %v", cloudName, name, err)
			}
		}
	}
	cloud := newCloud(t)
	p := providers(cloud, map[string]string{"number_rate": "2/1h"})["twilio"]
	for i := range 3 {
		_, err := p.adapter.Send(context.Background(), p.inbox, outgoing("hi"))
		if (err != nil) != (i == 2) {
			t.Errorf("text %d: %v", i, err)
		}
	}
	p = providers(cloud, map[string]string{"template_limit": "4"})["aliyun"]
	if _, err := p.adapter.Send(context.Background(), p.inbox, outgoing("五个字符了")); err == nil {
		t.Error("longer than the template's variable")
	}
}

func TestPreview(t *testing.T) {
	for name, want := range map[string]string{"twilio": "【星桥】**您好** Li", "aliyun": "【星桥】尊敬的客户，**您好** Li。回T退订", "tencent": "【星桥】尊敬的客户，**您好** Li。回T退订"} {
		settings := map[string]string{"price": "0.05"}
		if name != "twilio" {
			settings["template_text"] = "尊敬的客户，{content}。回T退订"
		}
		p := providers(newCloud(t), settings)[name]
		got := p.adapter.(channels.Previewer).Preview(p.inbox, conversation.Message{Sender: conversation.FromAgent, Text: "**您好** Li"})
		if got.Text != want || got.Parts != 1 || got.Encoding != "UCS-2" || got.Price != 0.05 || got.Currency != "CNY" || got.Left <= 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestCheck(t *testing.T) {
	cloud := newCloud(t)
	for name, p := range providers(cloud, nil) {
		if err := p.adapter.(channels.Checker).Check(context.Background(), p.inbox); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	refusals := map[string]string{"twilio": `{"code":20003}`, "aliyun": `{"Code":"SignatureDoesNotMatch"}`, "tencent": `{"Response":{"Error":{"Code":"AuthFailure"}}}`}
	for name, p := range providers(cloud, nil) {
		cloud.next = func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprint(w, refusals[name])
		}
		if err := p.adapter.(channels.Checker).Check(context.Background(), p.inbox); err == nil || !strings.Contains(err.Error(), "access") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// leaveAlone is an answer that says for how long.
func leaveAlone(status int) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.Header().Set("Retry-After", "90")
		w.WriteHeader(status)
		fmt.Fprint(w, `{"code":1,"message":"leave me alone"}`)
	}
}
