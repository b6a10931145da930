package simulator

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// What a customer writes, and what became of a text, come to the callback in the cloud's words.
func TestTheCloudsCallbacks(t *testing.T) {
	for kind, want := range map[Kind][]string{
		Aliyun:  {`"content":"你好"`, `"phone_number":"1`, `"sequence_id":`, `"dest_code":"+15550001"`},
		Tencent: {`"text":"你好"`, `"nationcode":"86"`, `"mobile":"1`, `"time":`},
		Twilio:  {"Body=%E4%BD%A0%E5%A5%BD", "From=%2B86139", "MessageSid=SM", "AccountSid=AC123"},
	} {
		s := cloudShop(t, kind)
		p := s.account.Phone("li")
		if d := s.do(p, Act{Do: "text", Text: "你好"}); d.Answer != Success || d.Attempts != 1 {
			t.Errorf("%s: %+v", kind, d)
		}
		for _, part := range want {
			if got := s.calls()[0].body; !strings.Contains(got, part) {
				t.Errorf("%s: %s has no %s", kind, got, part)
			}
		}
		if line := last(t, p); line.From != Customer || line.Parts != 1 || line.Encoding != "UCS-2" {
			t.Errorf("%s: %+v", kind, line)
		}
		if d, err := p.Repeat(context.Background()); err != nil || d.Answer != Success || s.calls()[1].body != s.calls()[0].body {
			t.Errorf("%s: %+v %v", kind, d, err)
		}
		for _, impossible := range []Act{{Do: "follow"}, {Do: "text", Text: " "}, {Do: "image"}} {
			if _, err := p.Start(impossible); err == nil {
				t.Errorf("%s: %+v", kind, impossible)
			}
		}
	}
}

// A callback is brought again until its answer says that it was taken: by the Chinese clouds; Twilio only where it got no connection.
func TestCallbacksAreRepeated(t *testing.T) {
	for name, c := range map[string]struct {
		kind     Kind
		respond  func(n int, h hookCall) (int, string)
		attempts int
		answer   Answer
	}{
		"Alibaba Cloud, 500 then 0":    {Aliyun, func(n int, _ hookCall) (int, string) { return 500 - 300*min(n, 1), `{"code":0}` }, 2, Success},
		"Alibaba Cloud, another code":  {Aliyun, func(int, hookCall) (int, string) { return 200, `{"code":1}` }, 3, Wrong},
		"Alibaba Cloud, no code":       {Aliyun, func(int, hookCall) (int, string) { return 200, `{}` }, 3, Wrong},
		"Tencent Cloud, no JSON":       {Tencent, func(int, hookCall) (int, string) { return 200, `ok` }, 3, Wrong},
		"Tencent Cloud, its own field": {Tencent, func(int, hookCall) (int, string) { return 200, `{"result":0,"code":5}` }, 1, Success},
		"Twilio, any 2xx":              {Twilio, func(int, hookCall) (int, string) { return 204, `` }, 1, Success},
		"Twilio, 500":                  {Twilio, func(int, hookCall) (int, string) { return 500, `` }, 1, Wrong},
	} {
		s := cloudShop(t, c.kind)
		s.answers(c.respond)
		if d := s.do(s.account.Phone("li"), Act{Do: "text", Text: "x"}); d.Attempts != c.attempts || d.Answer != c.answer {
			t.Errorf("%s: %+v", name, d)
		}
	}
	s := cloudShop(t, Twilio)
	s.account.Configure(func(c *Config) { c.Callbacks, c.Repeats = []string{"http://127.0.0.1:1/"}, nil })
	if d := s.do(s.account.Phone("li"), Act{Do: "text", Text: "x"}); d.Attempts != 2 || d.Answer != None {
		t.Errorf("%+v", d)
	}
}

func TestHowOftenACloudTries(t *testing.T) {
	for kind, want := range map[Kind]int{Aliyun: 3, Tencent: 3, Twilio: 1} {
		if got := (Config{Kind: kind}).repeatsOf(); len(got) != want {
			t.Errorf("%s: %v", kind, got)
		}
	}
}

func TestReceipts(t *testing.T) {
	for _, away := range []bool{false, true} {
		s := cloudShop(t, Twilio)
		p := s.account.Phone("li")
		if away {
			p.Away(1)
		}
		_, _ = s.twilio(url.Values{"To": {"+" + p.Number()}, "From": {"+15550001"}, "Body": {"hello"}, "StatusCallback": {s.account.Config().Callbacks[0] + "?a=1"}})
		ctx, stop := context.WithTimeout(context.Background(), 5*time.Second)
		if err := s.sim.Await(ctx, func() bool { return len(s.calls()) == 1 && (away || p.Screen()[0].State == "delivered") }); err != nil {
			t.Fatal(err)
		}
		stop()
		status := map[bool]string{false: "delivered", true: "undelivered"}[away]
		if h := s.calls()[0]; !strings.Contains(h.body, "MessageStatus="+status) || h.query.Get("a") != "1" {
			t.Errorf("%+v", h)
		}
		if got := len(p.Said()); got != map[bool]int{false: 1, true: 0}[away] {
			t.Errorf("%d texts are on the phone", got)
		}
	}
}

func TestReportsOfTheChineseClouds(t *testing.T) {
	s := cloudShop(t, Aliyun)
	s.account.Phone("8613800000001").Away(1)
	for _, want := range []string{`"success":false`, `"success":true`} {
		s.answers(func(int, hookCall) (int, string) { return http.StatusOK, `{"code":0}` })
		_, _ = s.aliyun("SendSms", url.Values{"PhoneNumbers": {"13800000001"}, "SignName": {signName}, "TemplateCode": {"T1"}, "TemplateParam": {`{"content":"x"}`}, "OutId": {"7"}}, nil)
		s.reports(want, `"out_id":"7"`, `"phone_number":"13800000001"`)
	}
	s = cloudShop(t, Tencent)
	s.account.Phone("8613800000001").Away(1)
	for _, want := range []string{`"report_status":"FAIL"`, `"report_status":"SUCCESS"`} {
		s.answers(func(int, hookCall) (int, string) { return http.StatusOK, `{"result":0}` })
		_, _ = s.tencent("SendSms", map[string]any{"PhoneNumberSet": []string{"+8613800000001"}, "SmsSdkAppId": "+15550001", "SignName": signName, "TemplateId": "T1", "TemplateParamSet": []string{"x"}}, nil)
		s.reports(want, `"sid":"2433:`)
	}
}

// reports waits for a report and compares what it says.
func (s *shop) reports(want ...string) {
	s.t.Helper()
	ctx, stop := context.WithTimeout(context.Background(), 5*time.Second)
	defer stop()
	if err := s.sim.Await(ctx, func() bool { return len(s.calls()) == 1 }); err != nil {
		s.t.Fatal(err)
	}
	for _, part := range want {
		if got := s.calls()[0].body; !strings.Contains(got, part) {
			s.t.Errorf("%s has no %s", got, part)
		}
	}
}
