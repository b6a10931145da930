package webchat_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestRefusals(t *testing.T) {
	h := build(t, map[string]string{"origins": "https://shop.example\nhttps://*.wide.example"})
	c := h.visit()
	c.send("question-1", "hello")
	long := strings.Repeat("长", 4001)
	for name, test := range map[string]struct {
		method, path, body string
		status             int
	}{
		"no such inbox":           {"POST", "/chat/99/session", `{}`, 404},
		"an inbox of mail":        {"POST", "/chat/3/session", `{}`, 404},
		"an inbox that is a word": {"POST", "/chat/x/session", `{}`, 404},
		"a number with a sign":    {"POST", "/chat/+1/session", `{}`, 404},
		"no such path":            {"GET", "nothing", "", 404},
		"no such file of ours":    {"GET", "/chat/assets/../../go.mod", "", 404},
		"the wrong method":        {"GET", "session", "", 404},
		"not JSON":                {"POST", "session", `{`, 400},
		"two bodies":              {"POST", "session", `{}{}`, 400},
		"a list":                  {"POST", "session", `[]`, 400},
		"a large body":            {"POST", "messages", `{"text":"` + strings.Repeat("a", 70<<10) + `"}`, 413},
		"no client id":            {"POST", "messages", `{"text":"x"}`, 400},
		"an odd client id":        {"POST", "messages", `{"client_id":"../../etc","text":"x"}`, 400},
		"an empty message":        {"POST", "messages", `{"client_id":"abcdefgh","text":"  "}`, 400},
		"a long message":          {"POST", "messages", `{"client_id":"abcdefgh","text":"` + long + `"}`, 400},
		"a zero byte":             {"POST", "messages", `{"client_id":"abcdefgh","text":"a\u0000b"}`, 400},
		"too many files":          {"POST", "messages", `{"client_id":"abcdefgh","attachments":["1","2","3","4","5","6"]}`, 400},
		"a file that is not":      {"POST", "messages", `{"client_id":"abcdefgh","attachments":["NOSUCHKEY"]}`, 400},
		"a long choice":           {"POST", "messages", `{"client_id":"abcdefgh","text":"x","choice":"` + strings.Repeat("c", 300) + `"}`, 400},
		"a cursor of words":       {"GET", "messages?after=yesterday", "", 400},
		"a negative cursor":       {"GET", "messages?after=-1.0", "", 400},
		"a huge cursor":           {"GET", "messages?before=99999999999999999999.1", "", 400},
		"a stream from nowhere":   {"GET", "stream?after=x", "", 400},
		"read without a place":    {"POST", "read", `{"cursor":""}`, 404},
		"feedback without word":   {"POST", "feedback", `{"conversation":1,"seq":1}`, 400},
		"feedback of text":        {"POST", "feedback", `{"conversation":"1 OR 1=1","seq":1,"helpful":true}`, 400},
		"no form":                 {"POST", "files", `{}`, 400},
		"a file key of a path":    {"GET", "files/..%2F..%2Fsecret.key", "", 404},
	} {
		t.Run(name, func(t *testing.T) {
			status, text := c.try(test.method, test.path, test.body)
			if status != test.status {
				t.Fatalf("status %d, want %d: %s", status, test.status, text)
			}
			if strings.Contains(text, "sqlite") || strings.Contains(text, ".go:") {
				t.Errorf("the answer tells too much: %s", text)
			}
		})
	}
	if n := len(c.list("").Messages); n != 1 {
		t.Errorf("%d messages are stored, want the one that was right", n)
	}
}

func TestStrangers(t *testing.T) {
	h := build(t, nil)
	mine := h.visit()
	mine.send("question-1", "hello")
	elsewhere := &client{house: h, inbox: h.other.ID}
	elsewhere.token = elsewhere.session(`{}`).Token
	for name, token := range map[string]string{
		"none":                 "",
		"nonsense":             "nonsense",
		"without signature":    strings.SplitAfter(mine.token, ".")[0],
		"with another's":       strings.SplitAfter(mine.token, ".")[0] + strings.Split(h.visit().token, ".")[1],
		"of another inbox":     elsewhere.token,
		"a changed letter":     flip(mine.token),
		"longer than any":      strings.Repeat("a", 5000) + "." + strings.Repeat("b", 43),
		"an empty one, signed": "e30.",
	} {
		t.Run(name, func(t *testing.T) {
			c := &client{house: h, inbox: h.inbox.ID, token: token}
			for _, call := range [][3]string{{"GET", "messages", ""}, {"POST", "messages", `{"client_id":"abcdefgh","text":"x"}`}, {"POST", "human", `{}`},
				{"POST", "typing", `{}`}, {"POST", "read", `{"cursor":"1.1"}`}, {"POST", "files", ""}, {"GET", "stream", ""}} {
				if status, text := c.try(call[0], call[1], call[2]); status != http.StatusUnauthorized || !strings.Contains(text, `"code":"unknown_visitor"`) {
					t.Errorf("%s %s: status %d: %s", call[0], call[1], status, text)
				}
			}
			c.token = ""
			got := c.session(`{"token":"` + token + `"}`)
			if got.Token == mine.token || got.Cursor != "0.0" {
				t.Errorf("a stranger became the visitor: %+v", got)
			}
		})
	}
	if again := mine.session(`{"token":"` + mine.token + `"}`); again.Token != mine.token || again.Cursor != "1.1" {
		t.Errorf("the visitor is not known again: %+v", again)
	}
}

func flip(token string) string {
	other := byte('A')
	if token[5] == other {
		other = 'B'
	}
	return token[:5] + string(other) + token[6:]
}

func TestOrigins(t *testing.T) {
	h := build(t, map[string]string{"origins": "https://shop.example\nhttps://*.wide.example\nhttp://localhost:3000"})
	for origin, allowed := range map[string]bool{
		"":                             true,
		"https://shop.example":         true,
		"https://shop.example:443":     true,
		"https://SHOP.example":         true,
		"https://a.wide.example":       true,
		"https://a.b.wide.example":     true,
		"http://localhost:3000":        true,
		"https://wide.example":         false,
		"http://shop.example":          false,
		"https://shop.example:8443":    false,
		"https://shop.example.evil.tw": false,
		"https://evilshop.example":     false,
		"https://evilwide.example":     false,
		"null":                         false,
		"file://":                      false,
		"%%%":                          false,
	} {
		t.Run(origin, func(t *testing.T) {
			c := &client{house: h, inbox: h.inbox.ID, origin: origin}
			answer := c.do("POST", "session", strings.NewReader(`{}`), "application/json")
			defer answer.Body.Close()
			if ok := answer.StatusCode == http.StatusOK; ok != allowed {
				t.Fatalf("status %d", answer.StatusCode)
			}
			asked := c.do("OPTIONS", "messages", nil, "")
			defer asked.Body.Close()
			for what, got := range map[string]string{"the answer": answer.Header.Get("Access-Control-Allow-Origin"), "the preflight's": asked.Header.Get("Access-Control-Allow-Origin")} {
				if got != origin {
					t.Errorf("%q may read %s", got, what)
				}
			}
			if asked.StatusCode != http.StatusNoContent {
				t.Errorf("preflight: status %d", asked.StatusCode)
			}
		})
	}
	own := &client{house: h, inbox: h.inbox.ID, origin: h.server.URL}
	own.session(`{}`)
	sneaky := &client{house: h, inbox: h.inbox.ID, header: http.Header{"Sec-Fetch-Site": {"cross-site"}}}
	sneaky.must(http.StatusForbidden, "POST", "session", `{}`, nil)
	socket := h.visit()
	socket.origin = "https://evil.example"
	socket.header = http.Header{"Upgrade": {"websocket"}, "Connection": {"Upgrade"}, "Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {"dGhlIHNhbXBsZSBub25jZQ=="}}
	socket.must(http.StatusForbidden, "GET", "stream", "", nil)
}

func TestLimits(t *testing.T) {
	c := build(t, nil).visit()
	refused := 0
	for i := range 30 {
		status, text := c.try("POST", "messages", `{"client_id":"message-`+jsonInt(int64(i))+`x","text":"x"}`)
		if status == http.StatusTooManyRequests {
			refused++
			if !strings.Contains(text, "too_many") {
				t.Fatal(text)
			}
		}
	}
	if refused < 5 || refused > 10 {
		t.Fatalf("%d of 30 messages at once were refused, want about 10", refused)
	}
	answer := c.do("POST", "messages", strings.NewReader(`{}`), "application/json")
	defer answer.Body.Close()
	if answer.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	c.skew.Store(int64(1e12))
	c.send("much-later", "x")
}

func TestAddressLimit(t *testing.T) {
	h := build(t, nil)
	c := &client{house: h, inbox: h.inbox.ID, header: http.Header{"X-Forwarded-For": {"1.2.3.4, 203.0.113.7"}}}
	last := 0
	for range 200 {
		if last, _ = c.try("POST", "session", `{}`); last != http.StatusOK {
			break
		}
	}
	if last != http.StatusTooManyRequests {
		t.Fatal("an address may begin any number of visits")
	}
	c.header = http.Header{"X-Forwarded-For": {"203.0.113.7, 198.51.100.9"}}
	c.session(`{}`)
}

func TestWordsAreTheVisitors(t *testing.T) {
	h := build(t, nil)
	c := h.visit()
	for language, want := range map[string]string{"zh-CN,zh;q=0.9": "请输入内容", "en-GB": "Write something", "": "Write something"} {
		c.header = http.Header{"Accept-Language": {language}}
		if _, text := c.try("POST", "messages", `{"client_id":"abcdefgh","text":""}`); !strings.Contains(text, want) {
			t.Errorf("%q is told %s", language, text)
		}
	}
}
