package simulator

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	testKey    = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
	testSecret = "a secret"
)

// shop is an account, the provider over HTTP, and the server that its callbacks come to.
type shop struct {
	t       *testing.T
	sim     *Simulator
	account *Account
	api     string
	token   string

	mu      sync.Mutex
	heard   []hookCall
	respond func(n int, h hookCall) (status int, body string) // n counts from 0
}

// hookCall is a callback as it came in.
type hookCall struct {
	method string
	query  url.Values
	body   string
}

func newShop(t *testing.T, config Config) *shop {
	t.Helper()
	s := &shop{t: t, respond: func(int, hookCall) (int, string) { return http.StatusOK, "success" }}
	s.sim = New(Options{Wait: 150 * time.Millisecond})
	provider := httptest.NewServer(s.sim)
	hook := httptest.NewServer(http.HandlerFunc(s.hear))
	t.Cleanup(func() { provider.Close(); hook.Close() })
	s.api = provider.URL
	s.sim.At(provider.URL)
	config.Secret, config.Token, config.AESKey = testSecret, "QDG6eK", testKey
	if config.AppID == "" {
		config.AppID, config.Original = "wx5823bf96d3bd56c7", "gh_0123456789ab"
	}
	config.Callbacks = []string{hook.URL + "/hooks/1"}
	var err error
	if s.account, err = s.sim.Add(config); err != nil {
		t.Fatal(err)
	}
	return s
}

func official(t *testing.T, mode Mode) *shop {
	return newShop(t, Config{Kind: OfficialAccount, Name: "OA", Mode: mode, Templates: map[string]string{"T1": "工单进度\n单号：{{no.DATA}}\n状态：{{state.DATA}}"}})
}

func mini(t *testing.T) *shop {
	return newShop(t, Config{Kind: MiniProgram, Name: "Mini", Mode: Safe, JSON: true, Templates: map[string]string{"T1": "提醒\n内容：{{thing1.DATA}}"}})
}

func kf(t *testing.T) *shop {
	return newShop(t, Config{Kind: CustomerService, Name: "kf", AppID: "wx5823bf96d3bd56c7", Original: "wkDesk", Servicers: []string{"li"}})
}

func (s *shop) hear(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	n := len(s.heard)
	h := hookCall{r.Method, r.URL.Query(), string(body)}
	s.heard = append(s.heard, h)
	respond := s.respond
	s.mu.Unlock()
	status, answer := respond(n, h)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, answer)
}

// answers has callbacks answered so from now on.
func (s *shop) answers(respond func(n int, h hookCall) (int, string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heard, s.respond = nil, respond
}

func (s *shop) calls() []hookCall {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]hookCall(nil), s.heard...)
}

// do acts on a phone and fails the test when the app does not let it.
func (s *shop) do(p *Phone, act Act) Delivery {
	s.t.Helper()
	d, err := p.Do(context.Background(), act)
	if err != nil {
		s.t.Fatalf("%s: %v", act.Do, err)
	}
	return d
}

// follower is a customer who follows and has written.
func (s *shop) follower(name string) *Phone {
	s.t.Helper()
	p := s.account.Phone(name)
	switch s.account.config.Kind {
	case OfficialAccount:
		s.do(p, Act{Do: "follow"})
	case MiniProgram, CustomerService:
		s.do(p, Act{Do: "enter"})
	}
	s.do(p, Act{Do: "text", Text: "你好"})
	return p
}

// authorize gets a token.
func (s *shop) authorize() string {
	s.t.Helper()
	if s.token == "" {
		c := s.account.Config()
		var answer map[string]any
		if c.Kind == CustomerService {
			answer = s.raw(http.MethodGet, "/cgi-bin/gettoken?corpid="+c.AppID+"&corpsecret="+url.QueryEscape(testSecret), "")
		} else {
			answer = s.raw(http.MethodPost, "/cgi-bin/stable_token", fmt.Sprintf(`{"grant_type":"client_credential","appid":%q,"secret":%q}`, c.AppID, testSecret))
		}
		s.token, _ = answer["access_token"].(string)
		if s.token == "" {
			s.t.Fatalf("no token: %v", answer)
		}
	}
	return s.token
}

// call calls the API with the token and gives the answer.
func (s *shop) call(path, body string) map[string]any {
	s.t.Helper()
	method := http.MethodPost
	if body == "" {
		method = http.MethodGet
	}
	join := "?"
	if strings.Contains(path, "?") {
		join = "&"
	}
	return s.raw(method, path+join+"access_token="+s.authorize(), body)
}

func (s *shop) raw(method, path, body string) map[string]any {
	s.t.Helper()
	r, err := http.NewRequest(method, s.api+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.decode(response)
}

func (s *shop) decode(response *http.Response) map[string]any {
	s.t.Helper()
	defer response.Body.Close()
	var answer map[string]any
	d := json.NewDecoder(response.Body)
	d.UseNumber()
	if err := d.Decode(&answer); err != nil {
		s.t.Fatalf("%s: %v", response.Request.URL.Path, err)
	}
	return answer
}

// errcodeOf is the errcode of an answer, 0 when there is none.
func errcodeOf(answer map[string]any) int64 {
	n, _ := answer["errcode"].(json.Number)
	v, _ := n.Int64()
	return v
}

// wants calls and compares the errcode.
func (s *shop) wants(path, body string, errcode int64) map[string]any {
	s.t.Helper()
	answer := s.call(path, body)
	if errcodeOf(answer) != errcode {
		s.t.Errorf("%s %s\n got %v\nwant %d", path, body, answer, errcode)
	}
	return answer
}

// say is a text of the account's to a customer.
func say(p *Phone, text string) string {
	body := &bytes.Buffer{}
	e := json.NewEncoder(body)
	e.SetEscapeHTML(false)
	_ = e.Encode(map[string]any{"touser": p.OpenID(), "open_kfid": p.account.config.Original, "msgtype": "text", "text": map[string]string{"content": text}})
	return body.String()
}

// last is the line at the foot of a screen.
func last(t *testing.T, p *Phone) Line {
	t.Helper()
	screen := p.Screen()
	if len(screen) == 0 {
		t.Fatal("the screen is empty")
	}
	return screen[len(screen)-1]
}
