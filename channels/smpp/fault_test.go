package smpp

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/channels/simulator"
	"huiyin/conversation"
)

// why is a send's error.
func why(err error) *channels.SendError {
	var e *channels.SendError
	if errors.As(err, &e) {
		return e
	}
	return &channels.SendError{}
}

func TestLostResponseIsUncertainAndSettledByItsReceipt(t *testing.T) {
	for name, v := range map[string]simulator.Verdict{"silence": {Silent: true, State: "-"}, "the connection broke": {Hang: true, State: "-"}} {
		s := newStage(t, simulator.SMSCOptions{Submit: func(m simulator.ShortMessage) simulator.Verdict { return v }}, nil)
		s.listen()
		_, err := s.send(41, "hello")
		if !why(err).Uncertain {
			t.Fatalf("%s: %v", name, err)
		}
		ref := s.centre.Texts()[0].Parameters[0x0204]
		s.centre.Bring(simulator.ShortMessage{From: "8613800138000", To: "10690001", Class: 4, Data: []byte("id:77 stat:DELIVRD"), Parameters: map[uint16][]byte{0x0204: ref}})
		s.until("the receipt", func() bool { return len(s.settled()) == 1 })
		if r := s.settled()[0]; r.MessageID != 41 || r.State != conversation.Delivered {
			t.Errorf("%s: %+v", name, r)
		}
		if s.centre.Shown() != 1 {
			t.Errorf("%s: sent %d times", name, s.centre.Shown())
		}
	}
}

func TestReceiptInsteadOfTheResponse(t *testing.T) {
	s := newStage(t, simulator.SMSCOptions{Submit: func(m simulator.ShortMessage) simulator.Verdict { return simulator.Verdict{Silent: true, ID: "0A"} }}, nil)
	s.listen()
	accepted, err := s.send(1, "hello")
	if err != nil || accepted.ProviderID != "a" {
		t.Errorf("%+v, %v", accepted, err)
	}
}

func TestUncertainLongText(t *testing.T) {
	var n atomic.Int32
	s := newStage(t, simulator.SMSCOptions{Submit: func(m simulator.ShortMessage) simulator.Verdict {
		return simulator.Verdict{Silent: n.Add(1) == 2, State: "-"}
	}}, nil)
	s.listen()
	_, err := s.send(5, strings.Repeat("long ", 60))
	if e := why(err); !e.Uncertain || e.Taken != 1 {
		t.Fatal(err)
	}
	for i, m := range s.centre.Texts() {
		s.centre.Bring(simulator.ShortMessage{From: "8613800138000", To: "10690001", Class: 4, Data: fmt.Appendf(nil, "id:%d stat:DELIVRD", i+1),
			Parameters: map[uint16][]byte{0x0204: m.Parameters[0x0204]}})
		s.until("its receipt", func() bool { return len(s.settled()) == i+1 })
		if got := s.settled()[i].MessageID; got != map[int]int64{1: 5}[i] {
			t.Errorf("after part %d: %d", i+1, got)
		}
	}
}

func TestThrottled(t *testing.T) {
	var n atomic.Int32
	s := newStage(t, simulator.SMSCOptions{Submit: func(m simulator.ShortMessage) simulator.Verdict {
		if k := n.Add(1); k <= 2 {
			return simulator.Verdict{Status: []uint32{0x58, 0x14}[k-1]}
		}
		return simulator.Verdict{}
	}}, nil)
	var mu sync.Mutex
	now := time.Now()
	s.a.Now = func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	forward := func(d time.Duration) { mu.Lock(); now = now.Add(d); mu.Unlock() }
	s.a.texts.Now = s.a.Now
	s.listen()
	_, err := s.send(1, "hello")
	if e := why(err); !e.Postponed || e.After != time.Second || e.Uncertain {
		t.Fatalf("%+v", e)
	}
	if _, err := s.send(2, "hello"); !why(err).Postponed || n.Load() != 1 {
		t.Errorf("sent all the same: %v", err)
	}
	forward(time.Second)
	if _, err := s.send(1, "hello"); why(err).After != 2*time.Second {
		t.Errorf("not slower: %v", err)
	}
	forward(2 * time.Second)
	if _, err := s.send(1, "hello"); err != nil || s.centre.Shown() != 1 {
		t.Errorf("%v, %d", err, s.centre.Shown())
	}
}

func TestRefusedMidway(t *testing.T) {
	var n atomic.Int32
	s := newStage(t, simulator.SMSCOptions{Submit: func(m simulator.ShortMessage) simulator.Verdict {
		if n.Add(1) == 2 {
			return simulator.Verdict{Status: 8}
		}
		return simulator.Verdict{}
	}}, nil)
	s.listen()
	text := strings.Repeat("长短信😀", 40)
	_, err := s.send(300, text)
	e := why(err)
	if !e.Retry || e.Taken != 1 {
		t.Fatal(err)
	}
	out := outgoing(300, text)
	out.Skip = e.Taken
	if _, err := s.a.Send(t.Context(), s.inbox, out); err != nil {
		t.Fatal(err)
	}
	if got := s.centre.Said("8613800138000"); len(got) != 1 || got[0] != text {
		t.Errorf("%q", got)
	}
}

func TestGoneInMidWindow(t *testing.T) {
	var n atomic.Int32
	s := newStage(t, simulator.SMSCOptions{Submit: func(m simulator.ShortMessage) simulator.Verdict {
		return simulator.Verdict{Silent: n.Add(1) > 10, State: "-"}
	}}, nil)
	s.listen()
	var sure, unsure, again atomic.Int32
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			_, err := s.send(int64(i+1), fmt.Sprint("text ", i))
			switch e := why(err); {
			case err == nil:
				sure.Add(1)
			case e.Uncertain:
				unsure.Add(1)
			case e.Retry || e.Postponed:
				again.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	s.until("the window to fill", func() bool { return n.Load() == 40 })
	s.centre.Break()
	all.Wait()
	if sure.Load() != 10 || unsure.Load() != 30 || again.Load() != 0 || s.centre.Shown() != 40 {
		t.Errorf("%d sure, %d uncertain, %d again, %d on phones", sure.Load(), unsure.Load(), again.Load(), s.centre.Shown())
	}
	s.until("the next connection", func() bool { return s.centre.Binds() == 2 })
}

func TestWhatWasNotAnsweredComesAgainOnce(t *testing.T) {
	s := newStage(t, simulator.SMSCOptions{Window: 50}, nil)
	s.slow = 30 * time.Millisecond
	s.listen()
	var all []<-chan uint32
	for n := range 200 {
		all = append(all, s.centre.Bring(simulator.ShortMessage{From: fmt.Sprint("1380013", 1000+n%20), To: "10690001", Data: fmt.Append(nil, "text ", n)}))
		if n%50 == 49 {
			time.Sleep(20 * time.Millisecond)
			s.centre.Break()
		}
	}
	for _, status := range all {
		if got := <-status; got != 0 {
			t.Errorf("status %x", got)
		}
	}
	words := s.words()
	slices.Sort(words)
	if len(words) != 200 || len(slices.Compact(words)) != 200 {
		t.Errorf("%d texts", len(words))
	}
}

func TestPartsAcrossConnections(t *testing.T) {
	s := newStage(t, simulator.SMSCOptions{}, map[string]string{keyJoin: "60"})
	s.listen()
	text := "长短信😀" + strings.Repeat("字", 20)
	parts := simulator.Parts("13800138000", "10690001", text, 3, 5)
	var all []<-chan uint32
	for i, n := range []int{4, 0, 2} {
		all = append(all, s.centre.Bring(parts[n]))
		time.Sleep(20 * time.Millisecond)
		if len(all[i]) > 0 {
			t.Fatal("a part was acknowledged before the whole was durable")
		}
	}
	s.centre.Break()
	for _, n := range []int{1, 3} {
		all = append(all, s.centre.Bring(parts[n]))
	}
	for _, status := range all {
		if got := <-status; got != 0 {
			t.Errorf("status %x", got)
		}
	}
	if got := s.words(); len(got) != 1 || got[0] != text {
		t.Errorf("%q", got)
	}
}

func TestIncompleteIsTakenWithAMark(t *testing.T) {
	s := newStage(t, simulator.SMSCOptions{Window: 1}, nil)
	s.listen()
	parts := simulator.Parts("13800138000", "10690001", "你好世界", 3, 2)
	first, second := s.centre.Bring(parts[0]), s.centre.Bring(parts[1])
	if <-first != 0 || <-second != 0 {
		t.Error("not acknowledged")
	}
	if got := strings.Join(s.words(), "|"); got != "[1/2 …] 你好…|[1/2 …] …世界" {
		t.Errorf("%s", got)
	}
}

func TestDamagedPDUsDoNotEndTheConnection(t *testing.T) {
	s := newStage(t, simulator.SMSCOptions{}, nil)
	s.listen()
	if status := <-s.centre.Bring(simulator.ShortMessage{From: "13800138000", To: "10690001", Class: 0x40, Data: []byte{200, 1}}); status != 1 {
		t.Errorf("status %x", status)
	}
	if status := <-s.centre.Bring(simulator.ShortMessage{From: "BANK", To: "10690001", Data: []byte("hi")}); status != 0x65 {
		t.Errorf("from no number: status %x", status)
	}
	if status := <-s.centre.Bring(simulator.ShortMessage{From: "13800138000", To: "10690001", Data: []byte("hi")}); status != 0 || s.centre.Binds() != 1 {
		t.Errorf("status %x, %d binds", status, s.centre.Binds())
	}
}

func TestEndAnswersWhatWasRead(t *testing.T) {
	s := newStage(t, simulator.SMSCOptions{Window: 100}, nil)
	s.slow = 50 * time.Millisecond
	end := s.listen()
	var all []<-chan uint32
	for n := range 60 {
		all = append(all, s.centre.Bring(simulator.ShortMessage{From: fmt.Sprint("1380013", 1000+n), To: "10690001", Data: []byte("hi")}))
	}
	s.until("some to be taken", func() bool { return len(s.words()) > 0 })
	end()
	taken := len(s.words())
	time.Sleep(100 * time.Millisecond)
	if len(s.words()) != taken {
		t.Error("something was taken after the end")
	}
	s.slow = 0
	s.listen()
	for _, status := range all {
		<-status
	}
	if got := len(s.words()); got != 60 {
		t.Errorf("%d texts", got)
	}
}

func TestQuietCentreIsLeft(t *testing.T) {
	s := newStage(t, simulator.SMSCOptions{}, nil)
	s.listen()
	time.Sleep(700 * time.Millisecond) // several enquire_link
	if s.centre.Binds() != 1 {
		t.Errorf("%d binds", s.centre.Binds())
	}
}

func TestSettingsChangedWhileSending(t *testing.T) {
	s := newStage(t, simulator.SMSCOptions{}, nil)
	if _, err := s.send(1, "hello"); err != nil {
		t.Fatal(err)
	}
	s.inbox.Settings[keyWindow] = "3"
	if _, err := s.send(2, "hello"); err != nil || s.centre.Binds() != 2 {
		t.Errorf("%v, %d binds", err, s.centre.Binds())
	}
	s.until("the end of the first", func() bool { return s.centre.Linked() == 1 })
}

func TestOutOfReach(t *testing.T) {
	t.Parallel()
	s := newStage(t, simulator.SMSCOptions{}, nil)
	s.centre.Close()
	if _, err := s.send(1, "hello"); !why(err).Retry || why(err).Uncertain {
		t.Errorf("%+v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := s.a.Listen(ctx, s.inbox, channels.Pull{}, s.accept); err == nil || ctx.Err() != nil {
		t.Errorf("%v", err)
	}
}

func TestBoundElsewhere(t *testing.T) {
	s := newStage(t, simulator.SMSCOptions{Bind: func(uint32) uint32 { return 5 }}, nil)
	if _, err := s.send(1, "hello"); !why(err).Postponed {
		t.Errorf("%v", err)
	}
}
