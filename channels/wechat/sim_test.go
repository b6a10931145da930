package wechat

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/channels/simulator"
	"huiyin/conversation"
)

// shop is an account with the simulated WeChat, which shares no code with the adapter, and the adapter behind its
// callback. Each side follows the documentation by itself, so where they do not understand each other one is wrong.
type shop struct {
	t       *testing.T
	account *simulator.Account
	adapter channels.Adapter
	inbox   conversation.Inbox

	mu       sync.Mutex
	messages []conversation.Incoming
	receipts []conversation.Receipt
	answer   *conversation.Message // goes back in the response, if it can
}

func newShop(t *testing.T, kind simulator.Kind, mode simulator.Mode, more ...string) *shop {
	t.Helper()
	s := &shop{t: t}
	sim := simulator.New(simulator.Options{Wait: time.Second})
	provider, hook := httptest.NewServer(sim), httptest.NewServer(http.HandlerFunc(s.hear))
	t.Cleanup(func() { provider.Close(); hook.Close() })
	sim.At(provider.URL)
	var err error
	s.account, err = sim.Add(simulator.Config{Kind: kind, Name: "shop", AppID: testApp, Secret: "secret", Token: testToken, AESKey: testKey, Mode: mode, JSON: kind == simulator.MiniProgram,
		Original: "gh_10f6c3c3ac5a", Callbacks: []string{hook.URL}, Templates: map[string]string{"T1": "提醒\n内容：{{thing1.DATA}}\n时间：{{time2.DATA}}"}})
	if err != nil {
		t.Fatal(err)
	}
	s.inbox = inbox(append([]string{keyBase, provider.URL, keyMode, string(mode), keyOriginal, "gh_10f6c3c3ac5a"}, more...)...)
	s.adapter = New(Options{Tokens: tokenBox()})
	if kind == simulator.MiniProgram {
		s.adapter = NewMini(Options{Tokens: tokenBox()})
	}
	return s
}

func (s *shop) hear(w http.ResponseWriter, r *http.Request) {
	got, err := s.adapter.(channels.Webhook).Receive(s.inbox, r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages, s.receipts = append(s.messages, got.Messages...), append(s.receipts, got.Receipts...)
	ack := got.Ack
	if got.Passive != nil && s.answer != nil {
		if written, ok := got.Passive.Write(*s.answer); ok {
			ack = written
		}
	}
	w.Header().Set("Content-Type", ack.ContentType)
	_, _ = w.Write(ack.Body)
}

// does acts on the phone and gives what came in last by it.
func (s *shop) does(p *simulator.Phone, act simulator.Act) conversation.Incoming {
	s.t.Helper()
	d, err := p.Do(s.t.Context(), act)
	if err != nil || d.Attempts != 1 || d.Answer != simulator.Success && d.Answer != simulator.Passive {
		s.t.Fatalf("%s: %+v, %v", act.Do, d, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.messages) == 0 || s.messages[len(s.messages)-1].Address != p.OpenID() {
		s.t.Fatalf("%s brought nothing", act.Do)
	}
	return s.messages[len(s.messages)-1]
}

func (s *shop) says(p *simulator.Phone, m conversation.Message) error {
	out := outgoing(m)
	out.Address = p.OpenID()
	out.Open = func(a conversation.Attachment) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader("bytes of " + a.Name)), nil
	}
	_, err := s.adapter.Send(s.t.Context(), s.inbox, out)
	return err
}

// shown is the newest line on a phone.
func shown(p *simulator.Phone) simulator.Line {
	screen := p.Screen()
	return screen[len(screen)-1]
}

func TestSimulatedModes(t *testing.T) {
	for _, kind := range []simulator.Kind{simulator.OfficialAccount, simulator.MiniProgram} {
		for _, mode := range []simulator.Mode{simulator.Plain, simulator.Compatible, simulator.Safe} {
			t.Run(string(kind)+" "+string(mode), func(t *testing.T) {
				s := newShop(t, kind, mode)
				if err := s.account.Verify(t.Context()); err != nil {
					t.Error(err)
				}
				if err := s.adapter.(channels.Checker).Check(t.Context(), s.inbox); err != nil {
					t.Error(err)
				}
				p := s.account.Phone("小王")
				if kind == simulator.OfficialAccount {
					s.does(p, simulator.Act{Do: "follow"})
					s.answer = &conversation.Message{Text: "您好 ]]> & <再见>"}
				}
				if in := s.does(p, simulator.Act{Do: "text", Text: "你好 <b> & ]]> 😀"}); in.Text != "你好 <b> & ]]> 😀" {
					t.Errorf("%+v", in)
				}
				if s.answer != nil && (shown(p).Text != s.answer.Text || shown(p).How != "passive") {
					t.Errorf("%+v", shown(p))
				}
				if err := s.says(p, conversation.Message{Text: "第二条"}); err != nil || shown(p).Text != "第二条" {
					t.Errorf("%+v, %v", shown(p), err)
				}
			})
		}
	}
}

func TestSimulatedCustomer(t *testing.T) {
	s := newShop(t, simulator.OfficialAccount, simulator.Safe, keyGreeting, "欢迎", keyKeywords, "价格=九元")
	p := s.account.Phone("小王")
	if in := s.does(p, simulator.Act{Do: "follow", Scene: "shop-1"}); in.Activity != "subscribed" || in.Data["scene"] != "shop-1" || in.Say != "欢迎" {
		t.Errorf("%+v", in)
	}
	voice := s.does(p, simulator.Act{Do: "voice", Text: "查话费", Content: []byte("#!AMR voice")})
	if voice.Text != "查话费" || len(voice.Media) != 1 || voice.Media[0].Kind != "voice" {
		t.Errorf("%+v", voice)
	}
	for _, act := range []simulator.Act{{Do: "image", Content: []byte("\xff\xd8\xff picture")}, {Do: "voice", Content: []byte("#!AMR voice")}, {Do: "video", Content: []byte("film film")}, {Do: "shortvideo", Content: []byte("short film")}} {
		in := s.does(p, act)
		if len(in.Media) != 1 {
			t.Fatalf("%s: %+v", act.Do, in)
		}
		file, err := s.adapter.(channels.Fetcher).Fetch(t.Context(), s.inbox, in.Media[0])
		if err != nil {
			t.Fatalf("%s: %v", act.Do, err)
		}
		if body, err := io.ReadAll(file.Body); err != nil || !bytes.Equal(body, act.Content) || file.Type == "" {
			t.Errorf("%s: %q %s, %v", act.Do, body, file.Type, err)
		}
	}
	if in := s.does(p, simulator.Act{Do: "location", Text: "海珠", Lat: 23.1, Lng: 113.3}); !strings.HasPrefix(in.Text, "📍 海珠\nhttps://apis.map.qq.com/") {
		t.Errorf("%+v", in)
	}
	if in := s.does(p, simulator.Act{Do: "link", Title: "T", About: "D", URL: "https://x.example/?a=1&b=2"}); in.Text != "T\nD\nhttps://x.example/?a=1&b=2" {
		t.Errorf("%+v", in)
	}
	if in := s.does(p, simulator.Act{Do: "scan", Key: "shop-2"}); in.Activity != "scanned" || in.Data["scene"] != "shop-2" {
		t.Errorf("%+v", in)
	}
	if in := s.does(p, simulator.Act{Do: "text", Text: "价格"}); in.Say != "九元" {
		t.Errorf("%+v", in)
	}
	if in := s.does(p, simulator.Act{Do: "unfollow"}); in.Activity != "unsubscribed" || !in.Leaves {
		t.Errorf("%+v", in)
	}
}

func TestSimulatedMiniProgram(t *testing.T) {
	s := newShop(t, simulator.MiniProgram, simulator.Safe, keyGreeting, "您好")
	p := s.account.Phone("小李")
	if in := s.does(p, simulator.Act{Do: "enter", Scene: "order=7"}); in.Activity != "entered" || in.Data["from"] != "order=7" || in.Say != "您好" || in.Grant.Name != "enter" {
		t.Errorf("%+v", in)
	}
	if in := s.does(p, simulator.Act{Do: "card", Title: "订单", App: "wx1", Page: "pages/order?id=7", Content: []byte("card picture")}); in.Text != "订单\npages/order?id=7" || len(in.Media) != 1 {
		t.Errorf("%+v", in)
	}
	if err := s.says(p, markdown("选一个", conversation.Choice{Label: "甲"}, conversation.Choice{Label: "乙"})); err != nil || shown(p).Text != "选一个\n1. 甲\n2. 乙" {
		t.Errorf("%+v, %v", shown(p), err)
	}
	if err := s.says(p, conversation.Message{Attachments: []conversation.Attachment{{Name: "a.png", Type: "image/png"}}}); err != nil || shown(p).Kind != "image" {
		t.Errorf("%+v, %v", shown(p), err)
	}
	if err := s.adapter.(channels.Typist).Typing(t.Context(), s.inbox, p.OpenID(), true); err != nil || !p.Typing() {
		t.Error("typing", err)
	}
}

func TestSimulatedChoices(t *testing.T) {
	s := newShop(t, simulator.OfficialAccount, simulator.Safe)
	p := s.account.Phone("小王")
	s.does(p, simulator.Act{Do: "follow"})
	m := markdown("您是想问？", conversation.Choice{Label: "查 & 改", Value: "article:12"}, conversation.Choice{Label: "转人工", Value: "human"})
	s.answer = &m
	s.does(p, simulator.Act{Do: "text", Text: "在吗"})
	s.answer = nil
	press := func(how string) {
		line := shown(p)
		if line.Text != "您是想问？" || len(line.Choices) != 2 {
			t.Fatalf("%s: %+v", how, line)
		}
		in := s.does(p, simulator.Act{Do: "choose", Line: line.N, Key: "article:12"})
		if in.Choice != "article:12" || in.Text != "查 & 改" || in.Grant.Name != "menu" {
			t.Errorf("%s: %+v", how, in)
		}
	}
	press("in the response")
	if err := s.says(p, m); err != nil {
		t.Fatal(err)
	}
	press("as a menu message")
}

func TestSimulatedFilesOut(t *testing.T) {
	s := newShop(t, simulator.OfficialAccount, simulator.Safe)
	p := s.account.Phone("小王")
	s.does(p, simulator.Act{Do: "follow"})
	s.does(p, simulator.Act{Do: "text", Text: "x"})
	m := conversation.Message{Text: "三个文件", Attachments: []conversation.Attachment{{Name: "a.png", Type: "image/png"}, {Name: "a.amr", Type: "audio/amr"}, {Name: "a.mp4", Type: "video/mp4"}}}
	if err := s.says(p, m); err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, line := range p.Screen() {
		if line.From == simulator.Business {
			kinds = append(kinds, line.Kind)
		}
	}
	if !slices.Equal(kinds, []string{"text", "image", "voice", "video"}) {
		t.Errorf("%v", kinds)
	}
}

func TestSimulatedCards(t *testing.T) {
	for _, kind := range []simulator.Kind{simulator.OfficialAccount, simulator.MiniProgram} {
		s := newShop(t, kind, simulator.Safe)
		p := s.account.Phone("小王")
		if kind == simulator.OfficialAccount {
			s.does(p, simulator.Act{Do: "follow"})
		}
		s.does(p, simulator.Act{Do: "text", Text: "x"})
		if err := s.says(p, markdown("[官网](https://x.example/?a=1&b=2)")); err != nil || shown(p).Title != "官网" || shown(p).URL != "https://x.example/?a=1&b=2" {
			t.Errorf("%s: page: %+v, %v", kind, shown(p), err)
		}
		app := markdown("[订单](weapp://" + testApp + "/pages/order?id=7)")
		if err := s.says(p, app); err != nil || shown(p).Kind != "miniprogrampage" || shown(p).Page != "pages/order?id=7" || shown(p).App != testApp {
			t.Errorf("%s: app: %+v, %v", kind, shown(p), err)
		}
		app.Attachments = []conversation.Attachment{{Name: "a.png", Type: "image/png"}}
		if err := s.says(p, app); err != nil || shown(p).Kind != "miniprogrampage" {
			t.Errorf("%s: app with a picture: %+v, %v", kind, shown(p), err)
		}
		s.account.Break(simulator.Fault{Do: "code", Code: 45162, Path: "custom/send", Times: 1})
		if err := s.says(p, markdown("[官网](https://x.example)")); err != nil || shown(p).Kind != "text" || !strings.Contains(shown(p).Text, "https://x.example") {
			t.Errorf("%s: an account without cards: %+v, %v", kind, shown(p), err)
		}
	}
}
