package simulator

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
)

const signName = "星桥通信"

// cloudShop is an account with a cloud whose callbacks are taken.
func cloudShop(t *testing.T, kind Kind) *shop {
	t.Helper()
	c := Config{Kind: kind, Name: "texts", AppID: "AC123", Original: "+15550001", Sign: signName, Repeats: []time.Duration{time.Millisecond, time.Millisecond},
		Templates: map[string]string{"T1": "您好，${content}"}}
	if kind == Tencent {
		c.Templates = map[string]string{"T1": "您好，{1}"}
	}
	s := newShop(t, c)
	s.answers(func(int, hookCall) (int, string) { return http.StatusOK, `{"code":0,"result":0}` })
	return s
}

// ask sends a request and gives its status and answer, or the error.
func (s *shop) ask(r *http.Request) (int, string) {
	s.t.Helper()
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err.Error()
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return response.StatusCode, err.Error()
	}
	return response.StatusCode, string(body)
}

func (s *shop) twilio(form url.Values) (int, string) {
	s.t.Helper()
	r, err := http.NewRequest(http.MethodPost, s.api+"/2010-04-01/Accounts/AC123/Messages.json", strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	r.SetBasicAuth("AC123", testSecret)
	return s.ask(r)
}

// aliyun signs and sends; spoil changes the request after it was signed.
func (s *shop) aliyun(action string, query url.Values, spoil func(*http.Request)) (int, string) {
	s.t.Helper()
	r, err := http.NewRequest(http.MethodPost, s.api+"/?"+query.Encode(), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	now := time.Now().UTC()
	for name, value := range map[string]string{"x-acs-action": action, "x-acs-version": "2017-05-25", "x-acs-date": now.Format(acsFormat),
		"x-acs-signature-nonce": strconv.FormatInt(now.UnixNano(), 10), "x-acs-content-sha256": digest(nil)} {
		r.Header.Set(name, value)
	}
	signed := []string{"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"}
	copied := r.Clone(context.Background())
	copied.Host, copied.RequestURI = r.URL.Host, "/"
	r.Header.Set("Authorization", "ACS3-HMAC-SHA256 Credential=AC123,SignedHeaders="+strings.Join(signed, ";")+",Signature="+acsSignature(copied, signed, testSecret))
	if spoil != nil {
		spoil(r)
	}
	return s.ask(r)
}

func (s *shop) tencent(action string, in any, spoil func(*http.Request)) (int, string) {
	s.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		s.t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, s.api+"/", strings.NewReader(string(body)))
	if err != nil {
		s.t.Fatal(err)
	}
	now := time.Now().UTC()
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("X-TC-Action", action)
	r.Header.Set("X-TC-Version", "2021-01-11")
	r.Header.Set("X-TC-Timestamp", strconv.FormatInt(now.Unix(), 10))
	copied := r.Clone(context.Background())
	copied.Host = r.URL.Host
	scope := now.Format("2006-01-02") + "/sms/tc3_request"
	c := &apiCall{sim: s.sim, account: s.account, r: copied, body: body}
	r.Header.Set("Authorization", "TC3-HMAC-SHA256 Credential=AC123/"+scope+", SignedHeaders=content-type;host;x-tc-action, Signature="+tcSignature(c, "content-type;host;x-tc-action", scope))
	if spoil != nil {
		spoil(r)
	}
	return s.ask(r)
}

// The example of https://help.aliyun.com/document_detail/2712195.html.
func TestACS3AsDocumented(t *testing.T) {
	r, err := http.NewRequest(http.MethodPost, "https://ecs.cn-shanghai.aliyuncs.com/?RegionId=cn-shanghai&ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.RequestURI = "/"
	for name, value := range map[string]string{"x-acs-action": "RunInstances", "x-acs-version": "2014-05-26", "x-acs-date": "2023-10-26T10:22:32Z",
		"x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d", "x-acs-content-sha256": digest(nil)} {
		r.Header.Set(name, value)
	}
	got := acsSignature(r, []string{"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"}, "YourAccessKeySecret")
	if got != "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0" {
		t.Error(got)
	}
}

// The example of https://www.twilio.com/docs/usage/webhooks/webhooks-security.
func TestTwilioSignsAsDocumented(t *testing.T) {
	form := url.Values{"CallSid": {"CA1234567890ABCDE"}, "Caller": {"+14158675309"}, "Digits": {"1234"}, "From": {"+14158675309"}, "To": {"+18005551212"}}
	if got := twilioSeal("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", form); got != "RSOYDt4T1cUTdK1PDd93/VVr8B8=" {
		t.Error(got)
	}
}

func TestAlibabaCloudTakesAndRefuses(t *testing.T) {
	s := cloudShop(t, Aliyun)
	good := func() url.Values {
		return url.Values{"PhoneNumbers": {"13800000001"}, "SignName": {signName}, "TemplateCode": {"T1"}, "TemplateParam": {`{"content":"a+b c*~ é"}`}, "OutId": {"7"}}
	}
	for name, c := range map[string]struct {
		change func(url.Values)
		spoil  func(*http.Request)
		want   string
	}{
		"all is well":        {nil, nil, `"Code":"OK"`},
		"an unknown number":  {func(v url.Values) { v.Set("PhoneNumbers", "12") }, nil, "isv.MOBILE_NUMBER_ILLEGAL"},
		"another signature":  {func(v url.Values) { v.Set("SignName", "别人") }, nil, "isv.SMS_SIGNATURE_ILLEGAL"},
		"another template":   {func(v url.Values) { v.Set("TemplateCode", "T2") }, nil, "isv.SMS_TEMPLATE_ILLEGAL"},
		"no JSON":            {func(v url.Values) { v.Set("TemplateParam", "x") }, nil, "isv.INVALID_JSON_PARAM"},
		"a variable is left": {func(v url.Values) { v.Set("TemplateParam", "{}") }, nil, "isv.TEMPLATE_MISSING_PARAMETERS"},
		"changed under way": {nil, func(r *http.Request) {
			r.URL.RawQuery = strings.Replace(r.URL.RawQuery, "13800000001", "13800000002", 1)
		}, "SignatureDoesNotMatch"},
		"a body slipped in":    {nil, func(r *http.Request) { r.Body, r.ContentLength = io.NopCloser(strings.NewReader("x")), 1 }, "SignatureDoesNotMatch"},
		"no authorization":     {nil, func(r *http.Request) { r.Header.Del("Authorization") }, "MissingParameter"},
		"another key":          {nil, func(r *http.Request) { edit(r, "AC123", "AC124") }, "InvalidAccessKeyId.NotFound"},
		"an old request":       {nil, func(r *http.Request) { r.Header.Set("X-Acs-Date", "2020-01-01T00:00:00Z") }, "InvalidTimeStamp.Expired"},
		"a header not signed":  {nil, func(r *http.Request) { edit(r, ";x-acs-version", "") }, "IncompleteSignature"},
		"another action":       {nil, func(r *http.Request) { r.Header.Set("X-Acs-Action", "QuerySmsSign") }, "SignatureDoesNotMatch"},
		"half an authenticity": {nil, func(r *http.Request) { r.Header.Set("Authorization", "ACS3-HMAC-SHA256 Credential=AC123") }, "IncompleteSignature"},
	} {
		query := good()
		if c.change != nil {
			c.change(query)
		}
		if _, body := s.aliyun("SendSms", query, c.spoil); !strings.Contains(body, c.want) {
			t.Errorf("%s: %s", name, body)
		}
	}
	if said := s.account.Phone("8613800000001").Said(); len(said) != 1 || said[0] != "【星桥通信】您好，a+b c*~ é" {
		t.Errorf("%q", said)
	}
	if _, body := s.aliyun("QuerySmsSign", url.Values{"SignName": {signName}}, nil); !strings.Contains(body, `"SignStatus":1`) {
		t.Error(body)
	}
	if status, body := s.aliyun("Nothing", nil, nil); status != http.StatusNotFound {
		t.Error(body)
	}
}

// edit changes what the authorization says.
func edit(r *http.Request, from, to string) {
	r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), from, to, 1))
}

func TestAlibabaCloudTakesARequestOnce(t *testing.T) {
	s := cloudShop(t, Aliyun)
	var first http.Header
	_, _ = s.aliyun("QuerySmsSign", url.Values{"SignName": {signName}}, func(r *http.Request) { first = r.Header })
	if _, body := s.aliyun("QuerySmsSign", url.Values{"SignName": {signName}}, func(r *http.Request) { r.Header = first }); !strings.Contains(body, "SignatureNonceUsed") {
		t.Error(body)
	}
}

func TestTencentCloudTakesAndRefuses(t *testing.T) {
	s := cloudShop(t, Tencent)
	good := func() map[string]any {
		return map[string]any{"PhoneNumberSet": []string{"+8613800000001"}, "SmsSdkAppId": "+15550001", "SignName": signName, "TemplateId": "T1", "TemplateParamSet": []string{"再见"}}
	}
	for name, c := range map[string]struct {
		field string
		value any
		spoil func(*http.Request)
		want  string
	}{
		"all is well":       {"", nil, nil, `"Code":"Ok"`},
		"an unknown number": {"PhoneNumberSet", []string{"12"}, nil, "IncorrectPhoneNumber"},
		"no number":         {"PhoneNumberSet", []string{}, nil, "InvalidParameterValue"},
		"another app":       {"SmsSdkAppId", "x", nil, "SmsSdkAppIdVerifyFail"},
		"another signature": {"SignName", "别人", nil, "SignatureIncorrectOrUnapproved"},
		"another template":  {"TemplateId", "T2", nil, "TemplateIncorrectOrUnapproved"},
		"too many values":   {"TemplateParamSet", []string{"a", "b"}, nil, "NotMatchApprovedTemplate"},
		"another key":       {"", nil, func(r *http.Request) { edit(r, "AC123", "AC124") }, "SecretIdNotFound"},
		"an old request":    {"", nil, func(r *http.Request) { r.Header.Set("X-TC-Timestamp", "1551113065") }, "SignatureExpire"},
		"another service":   {"", nil, func(r *http.Request) { edit(r, "/sms/", "/cvm/") }, "SignatureFailure"},
		"another type":      {"", nil, func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, "SignatureFailure"},
		"no scheme":         {"", nil, func(r *http.Request) { edit(r, "TC3-", "TC2-") }, "SignatureFailure"},
		"another version":   {"", nil, func(r *http.Request) { r.Header.Set("X-TC-Version", "2019-07-11") }, "NoSuchVersion"},
	} {
		in := good()
		if c.field != "" {
			in[c.field] = c.value
		}
		if _, body := s.tencent("SendSms", in, c.spoil); !strings.Contains(body, c.want) {
			t.Errorf("%s: %s", name, body)
		}
	}
	if said := s.account.Phone("8613800000001").Said(); len(said) != 1 || said[0] != "【星桥通信】您好，再见" {
		t.Errorf("%q", said)
	}
	for action, want := range map[string]string{"DescribeSmsTemplateList": "RequestId", "Nothing": "InvalidAction"} {
		if _, body := s.tencent(action, good(), nil); !strings.Contains(body, want) {
			t.Error(body)
		}
	}
}

func TestTwilioTakesAndRefuses(t *testing.T) {
	s := cloudShop(t, Twilio)
	for name, c := range map[string]struct {
		field, value, want string
	}{
		"all is well":         {"", "", `"status":"queued"`},
		"nobody":              {"To", "", "21604"},
		"no number":           {"To", "+12", "21211"},
		"without a plus":      {"To", "8613800000001", "21211"},
		"no sender":           {"From", "", "21603"},
		"another sender":      {"From", "+1999", "21660"},
		"nothing":             {"Body", "", "21602"},
		"more than is taken":  {"Body", strings.Repeat("x", longest+1), "21617"},
		"as much as is taken": {"Body", strings.Repeat("x", longest), `"num_segments":"11"`},
	} {
		form := url.Values{"To": {"+8613800000001"}, "From": {"+15550001"}, "Body": {"hello"}}
		if c.field != "" {
			form.Set(c.field, c.value)
		}
		if _, body := s.twilio(form); !strings.Contains(body, c.want) {
			t.Errorf("%s: %s", name, body)
		}
	}
	r, _ := http.NewRequest(http.MethodGet, s.api+"/2010-04-01/Accounts/AC123.json", nil)
	if status, _ := s.ask(r); status != http.StatusUnauthorized {
		t.Error(status)
	}
	r.SetBasicAuth("AC123", testSecret)
	if _, body := s.ask(r); !strings.Contains(body, "active") {
		t.Error(body)
	}
}

// Who sends STOP to a cloud that keeps opt-outs gets nothing more until START.
func TestTheCloudItselfKeepsOptOuts(t *testing.T) {
	s := cloudShop(t, Twilio)
	s.account.Configure(func(c *Config) { c.Blocks = true })
	p := s.account.Phone("li")
	form := url.Values{"To": {"+" + p.Number()}, "From": {"+15550001"}, "Body": {"hello"}}
	for _, step := range []struct{ says, want string }{{"hi", "queued"}, {" stop", "21610"}, {"hello?", "21610"}, {"START", "queued"}} {
		s.do(p, Act{Do: "text", Text: step.says})
		if _, body := s.twilio(form); !strings.Contains(body, step.want) {
			t.Errorf("after %q: %s", step.says, body)
		}
	}
}

// Each cloud says in its own words that it is busy.
func TestCloudsFailOnDemand(t *testing.T) {
	for kind, c := range map[Kind]struct {
		fault Fault
		want  string
	}{
		Aliyun:  {Fault{Do: "code", Text: "isv.BUSINESS_LIMIT_CONTROL"}, "isv.BUSINESS_LIMIT_CONTROL"},
		Tencent: {Fault{Do: "code", Text: "RequestLimitExceeded"}, `"Error":{"Code":"RequestLimitExceeded"`},
		Twilio:  {Fault{Do: "code", Code: 429, Text: "20429"}, `"code":20429`},
	} {
		s := cloudShop(t, kind)
		for _, f := range []struct {
			fault Fault
			want  string
		}{{c.fault, c.want}, {Fault{Do: "html"}, "<html>"}, {Fault{Do: "half"}, "EOF"}, {Fault{Do: "cut"}, "EOF"}} {
			f.fault.Times = 1
			s.account.Break(f.fault)
			var body string
			switch kind {
			case Aliyun:
				_, body = s.aliyun("QuerySmsSign", url.Values{"SignName": {signName}}, nil)
			case Tencent:
				_, body = s.tencent("DescribeSmsTemplateList", map[string]any{}, nil)
			default:
				_, body = s.twilio(url.Values{"To": {"+8613800000001"}, "From": {"+15550001"}, "Body": {"x"}})
			}
			if !strings.Contains(body, f.want) {
				t.Errorf("%s, %s: %s", kind, f.fault.Do, body)
			}
		}
	}
}

// FuzzCloudRequests: whatever is asked, the clouds answer and take nothing that is not signed.
func FuzzCloudRequests(f *testing.F) {
	f.Add("ACS3-HMAC-SHA256 Credential=AC123,SignedHeaders=host,Signature=x", "SendSms", "", "{}")
	f.Add("TC3-HMAC-SHA256 Credential=AC123/2020-01-01/sms/tc3_request, SignedHeaders=host, Signature=x", "", "SendSms", "{}")
	f.Add("Basic "+base64.StdEncoding.EncodeToString([]byte("AC123:x")), "", "", "To=1")
	f.Fuzz(func(t *testing.T, authorization, acs, tc, body string) {
		s := New(Options{})
		for _, kind := range []Kind{Aliyun, Tencent, Twilio} {
			if _, err := s.Add(Config{Kind: kind, AppID: "AC123", Secret: hex.EncodeToString([]byte("never guessed"))}); err != nil {
				t.Fatal(err)
			}
		}
		r, err := http.NewRequest(http.MethodPost, "http://x/", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header["Authorization"], r.Header["X-Acs-Action"], r.Header["X-Tc-Action"] = []string{authorization}, []string{acs}, []string{tc}
		for _, by := range []cloud{aliyunCloud{}, tencentCloud{}, twilioCloud{}} {
			if (by.enter(&apiCall{sim: s, r: r, query: url.Values{}, body: []byte(body)})) == nil {
				t.Errorf("%T let it in: %q", by, authorization)
			}
		}
	})
}
