package wecom

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/channels/channeltest"
	"huiyin/channels/simulator"
	"huiyin/conversation"
)

// desk is an account at the simulated provider, with the adapter behind its callback. It asks as the hub does: at a
// ring, until there is no more, and takes each message once.
type desk struct {
	t       *testing.T
	sim     *simulator.Simulator
	account *simulator.Account
	adapter *Adapter
	inbox   conversation.Inbox

	mu       sync.Mutex
	cursor   string
	taken    map[string]bool
	messages []conversation.Incoming
	receipts []conversation.Receipt
	rings    int
}

func newDesk(t *testing.T, more ...string) *desk {
	t.Helper()
	d := &desk{t: t, sim: simulator.New(simulator.Options{Wait: 2 * time.Second}), taken: map[string]bool{}}
	provider := httptest.NewServer(d.sim)
	hook := httptest.NewServer(http.HandlerFunc(d.hear))
	t.Cleanup(func() { provider.Close(); hook.Close() })
	d.sim.At(provider.URL)
	var err error
	d.account, err = d.sim.Add(simulator.Config{Kind: simulator.CustomerService, Name: "客服", AppID: testCorp, Secret: testSecret, Token: testToken,
		AESKey: testKey, Original: testAccount, Callbacks: []string{hook.URL}, Servicers: []string{"zhangsan"}})
	if err != nil {
		t.Fatal(err)
	}
	d.adapter = New(Options{Tokens: memory()})
	d.inbox = inboxAt(provider.URL, more...)
	return d
}

// hear takes a callback: what a ring is for is asked for at once, so that a test finds it.
func (d *desk) hear(w http.ResponseWriter, r *http.Request) {
	got, err := d.adapter.Receive(d.inbox, r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	if got.Ring != nil {
		d.mu.Lock()
		d.rings++
		d.mu.Unlock()
		if err := d.pull(got.Ring.Hint); err != nil {
			d.t.Logf("pull: %v", err)
		}
	}
	_, _ = w.Write(got.Ack.Body)
}

func (d *desk) pull(hint string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for {
		got, err := d.adapter.Poll(d.t.Context(), d.inbox, channels.Pull{Cursor: d.cursor, Hint: hint})
		if err != nil {
			return err
		}
		for _, m := range got.Messages {
			if !d.taken[m.SourceID] {
				d.taken[m.SourceID] = true
				d.messages = append(d.messages, m)
			}
		}
		d.receipts = append(d.receipts, got.Receipts...)
		if d.cursor = got.Cursor; !got.More {
			return nil
		}
	}
}

func (d *desk) does(p *simulator.Phone, act simulator.Act) {
	d.t.Helper()
	if _, err := p.Do(d.t.Context(), act); err != nil {
		d.t.Fatal(err)
	}
}

// last is the newest message or event that came in.
func (d *desk) last() conversation.Incoming {
	d.t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.messages) == 0 {
		d.t.Fatal("nothing came in")
	}
	return d.messages[len(d.messages)-1]
}

func (d *desk) says(p *simulator.Phone, id int64, m conversation.Message) (channels.Accepted, error) {
	m.ID = id
	return d.adapter.Send(d.t.Context(), d.inbox, channels.Outgoing{ID: id, Address: p.OpenID(), Message: m,
		Open: func(conversation.Attachment) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader("\x89PNG\r\n\x1a\nbytes")), nil
		}})
}

func TestContract(t *testing.T) {
	d := newDesk(t)
	p := d.account.Phone("customer")
	for range 3 { // enough for what the checks send: the provider allows five after each
		d.does(p, simulator.Act{Do: "text", Text: "hi"})
	}
	arrived := func() int {
		d.does(p, simulator.Act{Do: "text", Text: "again"})
		return len(p.Said())
	}
	callback := func() *http.Request {
		r := posted(sealed(t, bell(testAccount)))
		return r
	}
	a := New(Options{Tokens: memory(), Now: func() time.Time { return now }})
	channeltest.Run(t, channeltest.Fixture{Adapter: a, Inbox: d.inbox, Address: p.OpenID(), Arrived: arrived, Callback: callback})
}

func TestTalkWithTheSimulator(t *testing.T) {
	d := newDesk(t, keyWelcome, "您好！", keyMenu, "怎么退货？")
	p := d.account.Phone("小明")
	d.does(p, simulator.Act{Do: "enter", Scene: "store_1"})
	in := d.last()
	if in.Activity != ActivityEntered || in.Data["scene"] != "store_1" || in.Ticket == "" {
		t.Fatalf("%+v", in)
	}
	if _, err := d.says(p, 1, conversation.Message{Text: in.Say, Content: conversation.Content{Markdown: true, Ticket: in.Ticket}}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.says(p, 1, conversation.Message{Text: in.Say, Content: conversation.Content{Ticket: in.Ticket}}); err == nil {
		t.Error("a code was good twice")
	}
	d.does(p, simulator.Act{Do: "text", Text: "你好"})
	if in = d.last(); in.Text != "你好" || in.Profile.Name != "小明" || in.Address != p.OpenID() || in.Profile.Attributes["unionid"] != p.UnionID() {
		t.Fatalf("%+v", in)
	}
	choices := []conversation.Choice{{Label: "怎么开发票？", Value: "article:12"}, {Label: "转人工", Value: "human"}}
	if _, err := d.says(p, 2, conversation.Message{Text: "您想问：", Content: conversation.Content{Choices: choices}}); err != nil {
		t.Fatal(err)
	}
	screen := p.Screen()
	d.does(p, simulator.Act{Do: "choose", Key: "human", Line: screen[len(screen)-1].N})
	if in = d.last(); in.Choice != "human" || in.Text != "转人工" {
		t.Errorf("%+v", in)
	}
	if said := p.Said(); len(said) != 2 || !strings.Contains(said[0], "您好！") {
		t.Errorf("on the phone: %q", said)
	}
}

func TestFilesBothWays(t *testing.T) {
	d := newDesk(t)
	p := d.account.Phone("a")
	d.does(p, simulator.Act{Do: "image", Type: "image/png", Name: "a.png", Content: []byte("\x89PNG\r\n\x1a\npicture")})
	in := d.last()
	if len(in.Media) != 1 || in.Media[0].Kind != "image" {
		t.Fatalf("%+v", in)
	}
	file, err := d.adapter.Fetch(t.Context(), d.inbox, in.Media[0])
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(file.Body)
	_ = file.Body.Close()
	if !strings.HasSuffix(string(body), "picture") {
		t.Errorf("%q of type %s", body, file.Type)
	}
	if _, err := d.says(p, 1, conversation.Message{Attachments: []conversation.Attachment{file2("b.png")}}); err != nil {
		t.Fatal(err)
	}
	if screen := p.Screen(); screen[len(screen)-1].Kind != "image" {
		t.Errorf("%+v", screen[len(screen)-1])
	}
}

func file2(name string) conversation.Attachment {
	return conversation.Attachment{Name: name, Type: "image/png", Size: 13}
}

func TestQuota(t *testing.T) {
	d := newDesk(t)
	p := d.account.Phone("a")
	d.does(p, simulator.Act{Do: "text", Text: "hi"})
	for i := range 5 {
		if _, err := d.says(p, int64(i+1), conversation.Message{Text: "answer"}); err != nil {
			t.Fatal(err)
		}
	}
	var refused *channels.SendError
	if _, err := d.says(p, 6, conversation.Message{Text: "one more"}); !errors.As(err, &refused) || !refused.Shut {
		t.Errorf("the sixth: %v", err)
	}
	if _, err := d.says(p, 3, conversation.Message{Text: "answer"}); err != nil || len(p.Said()) != 5 {
		t.Errorf("the third again: %v, %d on the phone", err, len(p.Said()))
	}
	d.sim.Later(49 * time.Hour)
	d.does(p, simulator.Act{Do: "text", Text: "hello?"})
	d.sim.Later(49 * time.Hour)
	if _, err := d.says(p, 7, conversation.Message{Text: "late"}); !errors.As(err, &refused) || !refused.Shut {
		t.Errorf("late: %v", err)
	}
}

func TestTakenOverInTheApp(t *testing.T) {
	d := newDesk(t)
	p := d.account.Phone("a")
	d.does(p, simulator.Act{Do: "text", Text: "hi"})
	if _, err := p.TakeOver(t.Context(), "zhangsan"); err != nil {
		t.Fatal(err)
	}
	if in := d.last(); in.Activity != ActivityTaken || in.Data["by"] != "zhangsan" {
		t.Errorf("%+v", in)
	}
	if _, err := p.Speak(t.Context(), "我来帮您"); err != nil {
		t.Fatal(err)
	}
	if in := d.last(); in.Activity != ActivityColleague || in.Data["text"] != "我来帮您" {
		t.Errorf("%+v", in)
	}
	var refused *channels.SendError
	if _, err := d.says(p, 1, conversation.Message{Text: "me too"}); !errors.As(err, &refused) || refused.Retry || !strings.Contains(refused.Reason, "zhangsan") {
		t.Errorf("%v", err)
	}
	if _, err := p.End(t.Context()); err != nil {
		t.Fatal(err)
	}
	if in := d.last(); in.Activity != ActivityEnded {
		t.Errorf("%+v", in)
	}
	if _, err := d.says(p, 2, conversation.Message{Text: "now?"}); !errors.As(err, &refused) || !refused.Shut {
		t.Errorf("after the end: %v", err)
	}
	d.does(p, simulator.Act{Do: "text", Text: "once more"})
	if _, err := d.says(p, 3, conversation.Message{Text: "here"}); err != nil {
		t.Error(err)
	}
}

func TestRefusedByTheCustomer(t *testing.T) {
	d := newDesk(t)
	p := d.account.Phone("a")
	d.does(p, simulator.Act{Do: "text", Text: "hi"})
	p.Refuse(1)
	got, err := d.says(p, 1, conversation.Message{Text: "answer"})
	if err != nil {
		t.Fatal(err)
	}
	for range 100 {
		if err := d.pull(""); err == nil && len(d.receipts) > 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if len(d.receipts) == 0 || d.receipts[0].ProviderID != got.ProviderID || d.receipts[0].State != conversation.Failed {
		t.Errorf("%+v of %+v", d.receipts, got)
	}
}

func TestAfterAStop(t *testing.T) {
	d := newDesk(t)
	d.account.Configure(func(c *simulator.Config) { c.Callbacks = []string{"http://127.0.0.1:1"} })
	p := d.account.Phone("a")
	var want []string
	for i := range 30 {
		text := strings.Repeat("x", i+1)
		want = append(want, text)
		start, err := p.Start(simulator.Act{Do: "text", Text: text})
		if err != nil {
			t.Fatal(err)
		}
		_ = start // nobody hears the bell
	}
	d.account.EmptyPages(2)
	if err := d.pull(""); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range d.messages {
		got = append(got, m.Text)
	}
	if !slices.Equal(got, want) {
		t.Errorf("caught up with %d of %d", len(got), len(want))
	}
}

func TestFaultsOfTheProvider(t *testing.T) {
	d := newDesk(t)
	p := d.account.Phone("a")
	d.does(p, simulator.Act{Do: "text", Text: "hi"})
	for i, f := range []simulator.Fault{{Do: "html"}, {Do: "half"}, {Do: "status", Code: 502}, {Do: "drop"}, {Do: "cut"}, {Do: "code", Code: 42001}, {Do: "code", Code: -1}} {
		f.Path, f.Times = "kf/send_msg", 1
		d.account.Break(f)
		id := int64(100 + i)
		_, err := d.says(p, id, conversation.Message{Text: "answer"})
		var refused *channels.SendError
		if err != nil && (!errors.As(err, &refused) || !refused.Retry) {
			t.Errorf("%s: %v", f.Do, err)
		}
		if _, err := d.says(p, id, conversation.Message{Text: "answer"}); err != nil {
			t.Errorf("%s, again: %v", f.Do, err)
		}
		d.does(p, simulator.Act{Do: "text", Text: "and?"})
		if n := len(p.Said()); n != i+1 {
			t.Errorf("%s: %d on the phone, not %d", f.Do, n, i+1)
		}
	}
}
