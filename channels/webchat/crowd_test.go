package webchat_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
)

// TestOneMessageSentByManyAtOnce is what tabs without locks and impatient proxies do.
func TestOneMessageSentByManyAtOnce(t *testing.T) {
	h := build(t, nil)
	c := h.visit()
	var all sync.WaitGroup
	var mu sync.Mutex
	cursors := map[string]int{}
	for range 15 {
		all.Go(func() {
			m := c.send("the-same-one", "hello")
			mu.Lock()
			defer mu.Unlock()
			cursors[m.Cursor]++
		})
	}
	all.Wait()
	if len(cursors) != 1 || len(c.list("").Messages) != 1 {
		t.Fatalf("one message became %v", cursors)
	}
}

// TestAllDevicesSeeTheSame follows one identified visitor on a socket and by events, while both write.
func TestAllDevicesSeeTheSame(t *testing.T) {
	h := build(t, map[string]string{"identity_secret": secret})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	identity := `{"identity":{"id":"u1","hash":"` + hashOf(secret, "u1") + `"}}`
	desk, phone := h.visit(), h.visit()
	desk.token, phone.token = desk.session(identity).Token, phone.session(identity).Token
	first, err := desk.socket(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	defer first.close()
	second, err := phone.events(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	defer second.close()
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() { desk.send("from-desk-"+jsonInt(int64(i)), "desk") })
		all.Go(func() { phone.send("from-phone-"+jsonInt(int64(i)), "phone") })
	}
	all.Wait()
	seen := func(s tuned) (places []string) {
		for range 16 {
			places = append(places, s.wanted(t, "a message", func(f frame) bool { return f.Type == "message" }).Message.Cursor)
		}
		return places
	}
	if a, b := strings.Join(seen(first), " "), strings.Join(seen(second), " "); a != b {
		t.Fatalf("the desk saw %s\nthe phone saw %s", a, b)
	}
}

func TestStreamShowsThatItLives(t *testing.T) {
	h := build(t, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	c := h.visit()
	asked := c.send("question-1", "hello")
	s, err := c.socket(ctx, asked.Cursor)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	s.wanted(t, "the state", func(f frame) bool { return f.Type == "state" })
	h.skew.Store(int64(time.Minute))
	h.live.Pulse(channels.Topic(h.inbox.ID, visitorOf(t, h, asked.Conversation)))
	beat := s.wanted(t, "a sign of life", func(f frame) bool { return f.Type != "message_state" })
	if beat.Type != "cursor" || beat.Cursor != asked.Cursor {
		t.Fatalf("got %+v", beat)
	}
}

func TestStreamTellsWhatChangedMeanwhile(t *testing.T) {
	h := build(t, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	c := h.visit()
	asked := c.send("question-1", "hello")
	answer := h.say(asked.Conversation, conversation.Draft{Sender: conversation.FromBot, Text: "hi", Content: conversation.Content{Rateable: true}})
	at := c.list("").Cursor
	if err := h.Verdict(ctx, h.inbox, visitorOf(t, h, asked.Conversation), asked.Conversation, answer.Seq, false); err != nil {
		t.Fatal(err)
	}
	s, err := c.events(ctx, at)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	f := s.wanted(t, "the verdict given while away", func(f frame) bool { return f.Type == "message_state" && f.Seq == answer.Seq })
	if f.Helpful == nil || *f.Helpful {
		t.Fatalf("got %+v", f)
	}
}

func TestStreamOfAStranger(t *testing.T) {
	h := build(t, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	mine, stranger := h.visit(), h.visit()
	theirs, err := stranger.socket(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	defer theirs.close()
	mine.send("my-secret-1", "my secret")
	stranger.send("my-own-word", "my own")
	f := theirs.wanted(t, "a message", func(f frame) bool { return f.Type == "message" })
	if f.Message.Text != "my own" {
		t.Fatalf("a stranger sees %q", f.Message.Text)
	}
	forged := &client{house: h, inbox: h.inbox.ID, token: flip(mine.token)}
	if _, err := forged.socket(ctx, ""); err == nil {
		t.Fatal("a forged token opens a stream")
	}
}

func TestSignalsTakeNoNonsense(t *testing.T) {
	c := build(t, nil).visit()
	for _, path := range []string{"read", "feedback", "human", "messages", "session"} {
		for _, body := range []string{"", "null null", "[1]", `"x"`, "{\"a\":", strings.Repeat("[", 5000)} {
			if status, text := c.try("POST", path, body); status != http.StatusBadRequest {
				t.Errorf("%s %.20q: status %d: %s", path, body, status, text)
			}
		}
	}
}

// BenchmarkMessage is one visitor's message, from the request to the durable answer.
func BenchmarkMessage(b *testing.B) {
	h := build(b, nil)
	c := h.visit()
	n := 0
	for b.Loop() {
		n++
		h.skew.Add(int64(time.Second))
		c.send("message-"+jsonInt(int64(n)), "我的宽带断了")
	}
}

// BenchmarkMessageToStream is the same until it stands on the visitor's other screen.
func BenchmarkMessageToStream(b *testing.B) {
	h := build(b, nil)
	c := h.visit()
	s, err := c.socket(b.Context(), "")
	if err != nil {
		b.Fatal(err)
	}
	defer s.close()
	n := 0
	for b.Loop() {
		n++
		h.skew.Add(int64(time.Second))
		id := "message-" + jsonInt(int64(n))
		c.send(id, "我的宽带断了")
		for {
			if data, err := s.next(); err != nil || strings.Contains(data, id) {
				break
			}
		}
	}
}
