package smpp

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/channels/channeltest"
	"huiyin/channels/simulator"
	"huiyin/conversation"
)

// stage is an adapter against a centre.
type stage struct {
	*testing.T
	centre *simulator.SMSC
	a      *Adapter
	inbox  conversation.Inbox

	mu       sync.Mutex
	texts    []conversation.Incoming
	receipts []conversation.Receipt
	cursor   string
	fail     error // of the next accepts
	slow     time.Duration
}

func newStage(t *testing.T, o simulator.SMSCOptions, with map[string]string) *stage {
	t.Helper()
	o.SystemID, o.Password = "shop", "secret"
	centre, err := simulator.NewSMSC(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(centre.Close)
	host, port := centre.Address()
	s := &stage{T: t, centre: centre, a: New(Options{Patience: time.Second, Enquire: 200 * time.Millisecond})}
	s.inbox = conversation.Inbox{ID: 1, Kind: "sms_smpp", Settings: map[string]string{"host": host, "port": port, "system_id": "shop", "password": "secret",
		"source_addr": "10690001", "number_rate": "100000/1s", "join_seconds": "1", "window": "64"}}
	for k, v := range with {
		s.inbox.Settings[k] = v
	}
	return s
}

// accept is the hub: it drops repeats.
func (s *stage) accept(ctx context.Context, in channels.Received) error {
	time.Sleep(s.slow)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		return s.fail
	}
	for _, m := range in.Messages {
		if !s.has(m.SourceID) {
			s.texts = append(s.texts, m)
		}
	}
	s.receipts = append(s.receipts, in.Receipts...)
	s.cursor = cmp.Or(in.Cursor, s.cursor)
	return nil
}

func (s *stage) at() channels.Pull {
	s.mu.Lock()
	defer s.mu.Unlock()
	return channels.Pull{Cursor: s.cursor}
}

func (s *stage) has(id string) bool {
	for _, m := range s.texts {
		if m.SourceID == id {
			return true
		}
	}
	return false
}

func (s *stage) failing(err error) {
	s.mu.Lock()
	s.fail = err
	s.mu.Unlock()
}

// listen starts the listener; what it gives back ends it.
func (s *stage) listen() (end func()) {
	s.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			if err := s.a.Listen(ctx, s.inbox, s.at(), s.accept); err != nil && ctx.Err() == nil {
				time.Sleep(50 * time.Millisecond)
			}
		}
	}()
	end = sync.OnceFunc(func() { cancel(); <-done })
	s.Cleanup(end)
	s.until("a connection", func() bool { l, _ := s.a.line(1).state(); return l && s.a.line(1).live(read(s.a.kind, s.inbox)) != nil })
	return end
}

func (s *stage) until(what string, true func() bool) {
	s.Helper()
	for end := time.Now().Add(10 * time.Second); !true(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			s.Fatalf("%s did not come", what)
		}
	}
}

func (s *stage) send(id int64, text string) (channels.Accepted, error) {
	return s.a.Send(s.Context(), s.inbox, outgoing(id, text))
}

func outgoing(id int64, text string) channels.Outgoing {
	return channels.Outgoing{ID: id, Address: "8613800138000", Message: conversation.Message{ID: id, Sender: conversation.FromAgent, Text: text}}
}

func (s *stage) words() (all []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.texts {
		all = append(all, m.Text)
	}
	return all
}

func (s *stage) settled() []conversation.Receipt {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]conversation.Receipt(nil), s.receipts...)
}

func TestContract(t *testing.T) {
	for _, payload := range []string{payloadUDH, payloadSAR, payloadMessage} {
		s := newStage(t, simulator.SMSCOptions{}, map[string]string{keyPayload: payload})
		s.listen()
		channeltest.Run(t, channeltest.Fixture{Adapter: s.a, Inbox: s.inbox, Address: "8613800138000", Arrived: s.centre.Shown})
	}
}

func TestSendWithoutListening(t *testing.T) {
	s := newStage(t, simulator.SMSCOptions{}, nil)
	for n := range 3 {
		if _, err := s.send(int64(n), "hello"); err != nil {
			t.Fatal(err)
		}
	}
	if s.centre.Binds() != 1 || s.centre.Shown() != 3 {
		t.Errorf("%d binds, %d texts", s.centre.Binds(), s.centre.Shown())
	}
	s.listen() // takes over
	if _, err := s.send(9, "hello"); err != nil || s.centre.Binds() != 2 {
		t.Errorf("%v, %d binds", err, s.centre.Binds())
	}
	s.until("the end of the first connection", func() bool { return s.centre.Linked() == 1 })
}

func TestApart(t *testing.T) {
	s := newStage(t, simulator.SMSCOptions{}, map[string]string{keyBind: bindApart})
	end := s.listen()
	if _, err := s.send(1, "hello"); err != nil || s.centre.Binds() != 2 {
		t.Errorf("%v, %d binds", err, s.centre.Binds())
	}
	if status := <-s.centre.Bring(simulator.ShortMessage{From: "13800138000", To: "10690001", Data: []byte("hi")}); status != 0 {
		t.Errorf("status %x", status)
	}
	end()
	s.until("both to be unbound", func() bool { return s.centre.Linked() == 0 })
}

func TestTextsThatCome(t *testing.T) {
	s := newStage(t, simulator.SMSCOptions{}, nil)
	s.listen()
	for _, m := range []simulator.ShortMessage{{Data: []byte("hello")}, {Coding: 8, Data: simulator.Ucs2("退订")}, {Parameters: map[uint16][]byte{0x0424: []byte("long")}}} {
		m.From, m.To = "13800138000", "10690001"
		if status := <-s.centre.Bring(m); status != 0 {
			t.Errorf("status %x", status)
		}
	}
	if got := strings.Join(s.words(), "|"); got != "hello|退订|long" {
		t.Errorf("%s", got)
	}
	if s.texts[0].Address != "8613800138000" || s.texts[1].Consent != conversation.OptOut || s.texts[1].Say == "" {
		t.Errorf("%+v", s.texts)
	}
}

func TestOnlyWhatIsDurableIsAnswered(t *testing.T) {
	s := newStage(t, simulator.SMSCOptions{}, nil)
	s.listen()
	s.failing(errors.New("the disk is full"))
	status := s.centre.Bring(simulator.ShortMessage{From: "13800138000", To: "10690001", Data: []byte("hi")})
	time.Sleep(250 * time.Millisecond)
	if len(status) > 0 {
		t.Fatal("acknowledged and not durable")
	}
	s.failing(nil)
	if <-status != 0 || len(s.words()) != 1 {
		t.Errorf("%q", s.words())
	}
}

func TestReceipts(t *testing.T) {
	s := newStage(t, simulator.SMSCOptions{Submit: func(m simulator.ShortMessage) simulator.Verdict {
		return simulator.Verdict{State: map[bool]string{true: "UNDELIV"}[strings.Contains(string(m.Data), "bad")], Early: true}
	}}, nil)
	s.listen()
	good, err := s.send(1, strings.Repeat("long ", 60))
	if err != nil || len(good.Parts) != 2 {
		t.Fatal(good, err)
	}
	bad, err := s.send(2, "bad")
	if err != nil {
		t.Fatal(err)
	}
	s.until("three receipts", func() bool { return len(s.settled()) == 3 })
	states := map[string]conversation.Delivery{}
	for _, r := range s.settled() {
		states[r.ProviderID] = r.State
	}
	if states[good.Parts[0]] != conversation.Delivered || states[good.Parts[1]] != conversation.Delivered || states[bad.ProviderID] != conversation.Failed {
		t.Errorf("%v; %v, %v", states, good, bad)
	}
}

func TestCheck(t *testing.T) {
	s := newStage(t, simulator.SMSCOptions{}, nil)
	if err := s.a.Check(t.Context(), s.inbox); err != nil {
		t.Error(err)
	}
	for key, want := range map[string]string{keyPassword: "password", keySystem: "system id"} {
		wrong := newStage(t, simulator.SMSCOptions{}, map[string]string{key: "other"})
		if err := wrong.a.Check(t.Context(), wrong.inbox); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", key, err)
		}
		if err := wrong.a.Listen(t.Context(), wrong.inbox, channels.Pull{}, wrong.accept); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", key, err)
		}
	}
	s.listen()
	if err := s.a.Check(t.Context(), s.inbox); err != nil || s.centre.Binds() != 2 {
		t.Error(err, s.centre.Binds())
	}
}
