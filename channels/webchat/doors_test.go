package webchat_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"io"
	"math/bits"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"huiyin/conversation"
)

func TestThePage(t *testing.T) {
	h := build(t, map[string]string{"origins": "https://shop.example\nhttps://*.wide.example", "title_en": `Help & "more"`})
	anybody := &client{house: h, inbox: h.inbox.ID, header: http.Header{"Accept-Language": {"en-GB,en"}}}
	for name, test := range map[string]struct {
		path   string
		status int
		has    []string
		not    []string
		policy []string
	}{
		"as it is":        {"/chat/1", 200, []string{`lang="en"`, `data-inbox="1"`, `data-mode="page"`, `<title>Help &amp; &#34;more&#34;</title>`}, []string{"data-lang", "data-ask", "<script>"}, []string{"frame-ancestors 'self' https://shop.example https://*.wide.example", "script-src 'self'", "connect-src 'self'", "default-src 'none'"}},
		"in Chinese":      {"/chat/1?lang=zh-TW&ask=%E9%80%80%E8%B4%A7", 200, []string{`lang="zh-TW"`, `data-lang="zh-TW"`, `data-ask="退货"`}, nil, nil},
		"an attack":       {"/chat/1?lang=%22%3E%3Cscript%3E&ask=%22%20onload=alert(1)%20x=%22%3C/script%3E%3Cscript%3Ealert(1)%3C/script%3E", 200, []string{"&#34; onload="}, []string{"<script>", `" onload`}, nil},
		"of any site":     {"/chat/2", 200, nil, nil, []string{"frame-ancestors *"}},
		"no such inbox":   {"/chat/99", 404, nil, []string{"<script"}, nil},
		"an inbox's name": {"/chat/web", 404, nil, nil, nil},
		"an email inbox":  {"/chat/3", 404, nil, nil, nil},
		"the preview":     {"/chat/preview", 200, []string{`data-mode="preview"`, `data-inbox="preview"`}, nil, []string{"frame-ancestors 'self';", "connect-src 'none'"}},
	} {
		t.Run(name, func(t *testing.T) {
			answer := anybody.do("GET", test.path, nil, "")
			defer answer.Body.Close()
			body, err := io.ReadAll(answer.Body)
			if err != nil || answer.StatusCode != test.status {
				t.Fatalf("%v %d %s", err, answer.StatusCode, body)
			}
			for _, want := range test.has {
				if !strings.Contains(string(body), want) {
					t.Errorf("no %q in %s", want, body)
				}
			}
			for _, never := range test.not {
				if strings.Contains(string(body), never) {
					t.Errorf("%q in %s", never, body)
				}
			}
			policy := answer.Header.Get("Content-Security-Policy")
			for _, want := range test.policy {
				if !strings.Contains(policy, want) {
					t.Errorf("no %q in %s", want, policy)
				}
			}
			if strings.Contains(policy, "unsafe") {
				t.Errorf("policy %s", policy)
			}
		})
	}
}

type challenge struct {
	Code      string
	Challenge struct {
		Salt string
		Bits int
	}
}

func (c *client) challenge() (p challenge) {
	c.t.Helper()
	c.header = http.Header{}
	c.must(http.StatusPreconditionRequired, "POST", "session", `{}`, &p)
	return p
}

// solve finds the number that a browser would.
func (p challenge) solve() string { return p.first(true) }

// first is the first number that is a solution, or that is none.
func (p challenge) first(solution bool) string {
	for n := 0; ; n++ {
		proof := p.Challenge.Salt + "." + strconv.Itoa(n)
		sum := sha256.Sum256([]byte(proof))
		if (bits.LeadingZeros16(uint16(sum[0])<<8|uint16(sum[1])) >= p.Challenge.Bits) == solution {
			return proof
		}
	}
}

func TestProofOfWork(t *testing.T) {
	h := build(t, map[string]string{"proof_of_work": "true", "identity_secret": secret})
	c := &client{house: h, inbox: h.inbox.ID}
	p := c.challenge()
	if p.Code != "proof" || p.Challenge.Bits != 16 {
		t.Fatalf("%+v", p)
	}
	good := p.solve()
	old := c.challenge().solve()
	for name, proof := range map[string]string{"no number": p.Challenge.Salt, "too little work": p.first(false), "a salt of one's own": "9999999999~x~y.1", "nothing": ".", "words": "let me in",
		"longer life": "9" + good, "very long": strings.Repeat("a", 10_000), "a cut salt": good[3:]} {
		c.header = http.Header{"Huiyin-Proof": {proof}}
		if status, text := c.try("POST", "session", `{}`); status != http.StatusPreconditionRequired {
			t.Errorf("%s: %d %s", name, status, text)
		}
	}
	c.header = http.Header{"Huiyin-Proof": {good}}
	s := c.session(`{}`)
	c.must(http.StatusPreconditionRequired, "POST", "session", `{}`, nil) // used
	c.header = http.Header{}
	if again := c.session(`{"token":"` + s.Token + `"}`); again.Visitor != s.Visitor {
		t.Error("who is known must work again")
	}
	c.session(`{"identity":{"token":"` + signedAs("u1", nil) + `"}}`)
	h.skew.Store(int64(6 * time.Minute))
	c.header = http.Header{"Huiyin-Proof": {old}}
	c.must(http.StatusPreconditionRequired, "POST", "session", `{}`, nil)
}

func TestWordsOverTheSocket(t *testing.T) {
	h := build(t, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	c, stranger := h.visit(), h.visit()
	at := c.send("question-1", "hello").Conversation
	m := h.say(at, conversation.Draft{Sender: conversation.FromAgent, Text: "hi"})
	if err := h.sendQueued(); err != nil {
		t.Fatal(err)
	}
	open := func(c *client) (*websocket.Conn, tuned) {
		conn, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(c.url("stream"), "http"), &websocket.DialOptions{Subprotocols: []string{"huiyin.v1", "token." + c.token}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.CloseNow() })
		return conn, tuned{next: func() (string, error) { _, data, err := conn.Read(ctx); return string(data), err }}
	}
	say := func(conn *websocket.Conn, text string) {
		if err := conn.Write(ctx, websocket.MessageText, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	conn, s := open(c)
	s.wanted(t, "the state", func(f frame) bool { return f.Type == "state" })
	say(conn, `{"type":"ping"}`)
	s.wanted(t, "a sign of life", func(f frame) bool { return f.Type == "cursor" && f.Cursor == jsonInt(at)+"."+jsonInt(m.Seq) })
	theirs, _ := open(stranger)
	place := jsonInt(at) + "." + jsonInt(m.Seq)
	for _, text := range []string{`{"type":"read","cursor":"` + place + `"}`, `{"type":"delivered","cursor":"` + place + `"}`, `{"type":"dance"}`, `[]`, `nonsense`, `{"type":"read","cursor":"x"}`} {
		say(theirs, text)
	}
	desk := h.live.Subscribe("hints")
	defer desk.Close()
	say(conn, `{"type":"typing"}`)
	var hint struct {
		Kind, From   string
		Conversation int64 `json:"conversation_id"`
	}
	if err := json.Unmarshal(<-desk.Hints(), &hint); err != nil || hint.Kind != "typing" || hint.From != "contact" || hint.Conversation != at {
		t.Fatalf("%+v %v", hint, err)
	}
	say(conn, `{"type":"delivered","cursor":"`+place+`"}`)
	s.wanted(t, "that it has arrived", func(f frame) bool { return f.Type == "message_state" && f.Seq == m.Seq && f.Delivery == "delivered" })
	say(conn, `{"type":"read","cursor":"`+jsonInt(at)+`.99999"}`)
	s.wanted(t, "that it was read", func(f frame) bool { return f.Type == "message_state" && f.Seq == m.Seq && f.Delivery == "read" })
	for range 60 {
		if conn.Write(ctx, websocket.MessageText, []byte(`{"type":"typing"}`)) != nil {
			break
		}
	}
	for {
		_, _, err := conn.Read(ctx)
		if err != nil {
			if websocket.CloseStatus(err) != websocket.StatusPolicyViolation {
				t.Fatalf("a flood of words ends with %v", err)
			}
			return
		}
	}
}

func TestWaitingForNews(t *testing.T) {
	h := build(t, nil)
	c := h.visit()
	asked := c.send("question-1", "hello")
	if p := c.list("?after=&wait=25"); len(p.Messages) != 1 {
		t.Fatalf("what is there is not waited for: %+v", p)
	}
	got := make(chan page)
	go func() { got <- c.list("?after=" + asked.Cursor + "&wait=25") }()
	for h.live.Listeners("address:1:"+visitorOf(t, h, asked.Conversation)) == 0 {
		time.Sleep(time.Millisecond)
	}
	h.say(asked.Conversation, conversation.Draft{Sender: conversation.FromBot, Text: "hi"})
	if p := <-got; len(p.Messages) != 1 || p.Messages[0].Text != "hi" {
		t.Fatalf("%+v", p)
	}
}

func TestFilesFromAnOriginOfTheirOwn(t *testing.T) {
	h := build(t, map[string]string{"files_origin": "https://files.example"})
	c := h.visit()
	f := c.upload("note.txt", []byte("text"))
	direct := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := direct.Get(h.server.URL + f.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if got := answer.Header.Get("Location"); answer.StatusCode != http.StatusTemporaryRedirect || got != "https://files.example"+f.URL {
		t.Fatalf("%d %s", answer.StatusCode, got)
	}
	request, err := http.NewRequest(http.MethodGet, h.server.URL+f.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = "files.example"
	there, err := direct.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer there.Body.Close()
	if there.StatusCode != http.StatusOK || there.Header.Get("Content-Disposition") != `attachment; filename=note.txt` {
		t.Fatalf("%d %v", there.StatusCode, there.Header)
	}
}

func TestAgentsSeeWhoIsThere(t *testing.T) {
	h := build(t, nil)
	c := h.visit()
	at := c.send("question-1", "hello").Conversation
	desk := h.live.Subscribe("hints")
	defer desk.Close()
	quiet := c.follow("")
	quiet.wanted(t, "the state", func(f frame) bool { return f.Type == "state" })
	quiet.close()
	for h.live.Listeners("address:1:"+visitorOf(t, h, at)) > 0 {
		time.Sleep(time.Millisecond)
	}
	h.change(at, func(c *conversation.Conversation) { c.Status = conversation.Open })
	first := c.follow("")
	first.wanted(t, "the state", func(f frame) bool { return f.Type == "state" })
	second := c.follow("")
	second.wanted(t, "the state", func(f frame) bool { return f.Type == "state" })
	first.close()
	second.close()
	for _, want := range []string{"online", "offline"} {
		var hint struct {
			Kind, From, Presence string
			Conversation         int64 `json:"conversation_id"`
		}
		if err := json.Unmarshal(<-desk.Hints(), &hint); err != nil || hint.Kind != "presence" || hint.From != "contact" || hint.Presence != want || hint.Conversation != at {
			t.Fatalf("%+v %v, want %s", hint, err, want)
		}
	}
}
