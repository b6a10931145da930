package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"huiyin/channels/simulator"
	"huiyin/db/pgtest"
)

// What needs the whole program and WeChat's side of the protocol: each test runs on both databases, over HTTP.

// wechatBase is the first node, its provider and an account there.
type wechatBase struct {
	*server
	sim      *simulator.Simulator
	provider string
	account  *simulator.Account
	inbox    int64
	desk     *http.Client // of an agent who is signed in
}

// onPhones runs a test with an inbox of a kind, once per database.
func onPhones(t *testing.T, kind simulator.Kind, test func(t *testing.T, b *wechatBase), settings ...string) {
	for name, database := range map[string]func(*testing.T) string{"SQLite": func(*testing.T) string { return "" }, "PostgreSQL": func(t *testing.T) string { return pgtest.URL(t) }} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newWeChat(t, database(t), kind, 5*time.Second, settings...))
		})
	}
}

// newWeChat starts a server with an inbox of a kind; wait is how long WeChat waits for the answer to a callback.
func newWeChat(t *testing.T, database string, kind simulator.Kind, wait time.Duration, settings ...string) *wechatBase {
	t.Helper()
	b := &wechatBase{server: newServer(t, database)}
	b.sim = simulator.New(simulator.Options{Wait: wait})
	provider := httptest.NewServer(b.sim)
	t.Cleanup(provider.Close)
	b.provider = provider.URL
	b.sim.At(provider.URL)
	c := simulator.Config{Kind: kind, Name: "test", AppID: "wx0123456789abcdef", Original: "gh_0123456789ab", Secret: "0123456789abcdef0123456789abcdef",
		Token: "token123", AESKey: "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", Mode: simulator.Safe, Servicers: []string{"LiNa"},
		Templates: map[string]string{"T1": "客服回复\n内容：{{thing1.DATA}}\n时间：{{time2.DATA}}"}}
	set := []string{"app_id=" + c.AppID, "app_secret=" + c.Secret, "mode=safe"}
	if kind == simulator.CustomerService {
		c.AppID, c.Original = "ww0123456789abcdef", "wk0123456789"
		set = []string{"corp_id=" + c.AppID, "secret=" + c.Secret, "open_kfid=" + c.Original}
	}
	set = append(append(set, "token="+c.Token, "aes_key="+c.AESKey, "api_base="+provider.URL), settings...)
	args := []string{"inbox", "create", "--kind", string(kind), "--name", "Phones", "--json"}
	for _, s := range set {
		args = append(args, "--set", s)
	}
	b.call("article", "import", writeFile(t, "articles.jsonl", smallKB))
	b.inbox = decode[shownInbox](t, callWith("", b.on(args...)...)).ID
	c.Callbacks = []string{b.hook(b.server)}
	var err error
	if b.account, err = b.sim.Add(c); err != nil {
		t.Fatal(err)
	}
	b.signIn()
	b.eventually("the server knows its articles", func() bool {
		var tried struct{ Decision string }
		b.api(http.MethodPost, "/answers/try", map[string]string{"text": "怎么开电子发票？"}, &tried)
		return tried.Decision == "answer"
	})
	return b
}

func (b *wechatBase) hook(s *server) string { return fmt.Sprintf("%s/hooks/%d", s.url(), b.inbox) }

// signIn makes an agent and signs them in.
func (b *wechatBase) signIn() {
	b.Helper()
	must(b.T, callWith("correct horse battery", b.on("user", "create", "--email", "lin@example.com", "--name", "Lin", "--role", "owner", "--password-stdin")...))
	jar, err := cookiejar.New(nil)
	if err != nil {
		b.Fatal(err)
	}
	b.desk = &http.Client{Jar: jar}
	b.api(http.MethodPost, "/session", map[string]string{"email": "lin@example.com", "password": "correct horse battery"}, nil)
}

// api calls the REST API as the agent.
func (b *wechatBase) api(method, path string, body, into any) {
	b.Helper()
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			b.Fatal(err)
		}
		content = bytes.NewReader(text)
	}
	r, err := http.NewRequest(method, b.url()+"/api/v1"+path, content)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Huiyin", "1")
	response, err := b.desk.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode/100 != 2 {
		b.Fatalf("%s %s: %d %s %v", method, path, response.StatusCode, answer, err)
	}
	if into != nil {
		if err := json.Unmarshal(answer, into); err != nil {
			b.Fatalf("%s %s: %v in %s", method, path, err, answer)
		}
	}
}

// upload puts a file of the agent's on the server and gives its key.
func (b *wechatBase) upload(name, content string) string {
	b.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		b.Fatal(err)
	}
	_, _ = io.WriteString(part, content)
	_ = form.Close()
	r, err := http.NewRequest(http.MethodPost, b.url()+"/api/v1/attachments", &body)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("X-Huiyin", "1")
	response, err := b.desk.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer response.Body.Close()
	var stored struct{ Key string }
	if err := json.NewDecoder(response.Body).Decode(&stored); err != nil || stored.Key == "" {
		b.Fatalf("%d %v", response.StatusCode, err)
	}
	return stored.Key
}

// deskMessage and deskConversation are what the agent sees.
type deskMessage struct {
	Seq         int64
	Sender      string
	Text        string
	Activity    string
	Data        map[string]string `json:"activity_data"`
	Delivery    string
	Reason      string
	Passive     bool
	Attachments []struct{ Name, Type, URL string }
}

type deskConversation struct {
	ID     int64
	Status string
	Budget *struct{ Left, Of int }
}

func (b *wechatBase) conversations() (all []deskConversation) {
	b.Helper()
	var page struct{ Items []deskConversation }
	b.api(http.MethodGet, "/conversations?view=all", nil, &page)
	return page.Items
}

// conversation is the only one there is.
func (b *wechatBase) conversation() deskConversation {
	b.Helper()
	all := b.conversations()
	if len(all) != 1 {
		b.Fatalf("%d conversations", len(all))
	}
	return all[0]
}

func (b *wechatBase) messages() (all []deskMessage) {
	b.Helper()
	b.api(http.MethodGet, fmt.Sprintf("/conversations/%d/messages?limit=100", b.conversation().ID), nil, &all)
	return all
}

func (b *wechatBase) count(sender string) (n int) {
	b.Helper()
	for _, m := range b.messages() {
		if m.Sender == sender && m.Activity == "" {
			n++
		}
	}
	return n
}

// replies writes as the agent.
func (b *wechatBase) replies(texts ...string) {
	b.Helper()
	id := b.conversation().ID
	for _, text := range texts {
		b.api(http.MethodPost, fmt.Sprintf("/conversations/%d/messages", id), map[string]any{"text": text}, nil)
	}
}

// do acts on a phone and waits for the answer.
func (b *wechatBase) do(p *simulator.Phone, act simulator.Act) simulator.Delivery {
	b.Helper()
	d, err := p.Do(context.Background(), act)
	if err != nil {
		b.Fatalf("%s: %v", act.Do, err)
	}
	return d
}

func (b *wechatBase) says(p *simulator.Phone, text string) simulator.Delivery {
	b.Helper()
	return b.do(p, simulator.Act{Do: "text", Text: text})
}

// eventually waits for something that comes by itself.
func (b *wechatBase) eventually(what string, so func() bool) {
	b.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(25 * time.Millisecond) {
		if so() {
			return
		}
	}
	for _, e := range b.sim.Exchanges(0) {
		b.Logf("%s %s %s: %d %.200s %s", e.Way, e.Method, e.Path, e.Status, e.Response, e.Note)
	}
	b.Fatalf("it did not come about: %s", what)
}

// reads waits until a phone shows a text of the account's.
func (b *wechatBase) reads(p *simulator.Phone, text string) {
	b.Helper()
	b.eventually(fmt.Sprintf("the phone shows %q, not only %q", text, p.Said()), func() bool {
		return slices.ContainsFunc(p.Said(), func(said string) bool { return strings.Contains(said, text) })
	})
}

// times counts how often a phone shows a text.
func times(p *simulator.Phone, text string) (n int) {
	for _, said := range p.Said() {
		n += strings.Count(said, text)
	}
	return n
}

// copyKey gives a node the key of another one of the same installation.
func copyKey(from, to *server) error {
	key, err := os.ReadFile(filepath.Join(from.data, "secret.key"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(to.data, "secret.key"), key, 0o600)
}
