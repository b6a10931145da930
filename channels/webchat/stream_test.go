package webchat_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"huiyin/channels"
	"huiyin/conversation"
)

type frame struct {
	Type              string
	Message           message
	State             map[string]any
	From, Cursor      string
	Conversation, Seq int64
	Delivery          string
	Helpful           *bool
}

// tuned is an open stream of either kind.
type tuned struct {
	next  func() (string, error)
	close func()
}

func (c *client) socket(ctx context.Context, after string) (tuned, error) {
	url := "ws" + strings.TrimPrefix(c.url("stream?after="+after), "http")
	conn, _, err := websocket.Dial(ctx, url, &websocket.DialOptions{Subprotocols: []string{"huiyin.v1", "token." + c.token}})
	if err != nil {
		return tuned{}, err
	}
	if conn.Subprotocol() != "huiyin.v1" {
		return tuned{}, fmt.Errorf("subprotocol %q", conn.Subprotocol())
	}
	return tuned{close: func() { _ = conn.CloseNow() }, next: func() (string, error) {
		_, data, err := conn.Read(ctx)
		return string(data), err
	}}, nil
}

func (c *client) events(ctx context.Context, after string) (tuned, error) {
	ctx, cancel := context.WithCancel(ctx)
	r, err := http.NewRequestWithContext(ctx, "GET", c.url("stream?after="+after), nil)
	if err != nil {
		cancel()
		return tuned{}, err
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		cancel()
		return tuned{}, err
	}
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, 1<<20)
	return tuned{close: func() { cancel(); answer.Body.Close() }, next: func() (string, error) {
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				return data, nil
			}
		}
		return "", fmt.Errorf("the stream ended: %w", lines.Err())
	}}, nil
}

// wanted reads frames until one is as wanted.
func (s tuned) wanted(t *testing.T, what string, is func(frame) bool) frame {
	t.Helper()
	for {
		data, err := s.next()
		if err != nil {
			t.Fatalf("waiting for %s: %v", what, err)
		}
		var f frame
		if err := json.Unmarshal([]byte(data), &f); err != nil {
			t.Fatalf("%v in %s", err, data)
		}
		if is(f) {
			return f
		}
	}
}

func TestStream(t *testing.T) {
	h := build(t, nil)
	for name, open := range map[string]func(*client, context.Context, string) (tuned, error){"socket": (*client).socket, "events": (*client).events} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			c := h.visit()
			s, err := open(c, ctx, "")
			if err != nil {
				t.Fatal(err)
			}
			defer s.close()
			s.wanted(t, "the state before the first message", func(f frame) bool { return f.Type == "state" && f.State["status"] == "none" })
			asked := c.send("question-1", "hello")
			s.wanted(t, "the own message", func(f frame) bool { return f.Message.ClientID == "question-1" })
			s.wanted(t, "the state", func(f frame) bool { return f.Type == "state" && f.State["status"] == "bot" })
			h.live.Hint(channels.Topic(h.inbox.ID, visitorOf(t, h, asked.Conversation)), []byte(`{"kind":"typing","from":"agent","name":"x"}`))
			s.wanted(t, "typing", func(f frame) bool { return f.Type == "typing" && f.From == "agent" })
			h.say(asked.Conversation, conversation.Draft{Sender: conversation.FromAgent, Text: "psst", Private: true})
			answer := h.say(asked.Conversation, conversation.Draft{Sender: conversation.FromBot, Text: "hi", Content: conversation.Content{Rateable: true}})
			s.wanted(t, "the answer", func(f frame) bool {
				if f.Message.Text == "psst" {
					t.Error("a private note reached the visitor")
				}
				return f.Message.Text == "hi"
			})
			if err := h.Verdict(ctx, h.inbox, visitorOf(t, h, asked.Conversation), asked.Conversation, answer.Seq, true); err != nil {
				t.Fatal(err)
			}
			s.wanted(t, "the verdict", func(f frame) bool {
				return f.Type == "message_state" && f.Seq == answer.Seq && f.Helpful != nil && *f.Helpful
			})
			h.change(asked.Conversation, func(c *conversation.Conversation) { c.Status = conversation.Open })
			s.wanted(t, "the place in the queue", func(f frame) bool { return f.Type == "state" && f.State["queue_position"] == float64(3) })
		})
	}
}

func visitorOf(t *testing.T, h *house, conversationID int64) string {
	t.Helper()
	c, err := h.store.Get(t.Context(), h.store.DB, conversationID)
	if err != nil {
		t.Fatal(err)
	}
	i, err := h.store.Identity(t.Context(), h.store.DB, c.IdentityID)
	if err != nil {
		t.Fatal(err)
	}
	return i.Address
}

// TestResume breaks the stream again and again while messages are written on both sides, some of them in a new
// conversation. The client resumes from the last place it has: it must see every message once, in order.
func TestResume(t *testing.T) {
	const total = 120
	h := build(t, nil)
	c := h.visit()
	first := c.send("message-0", "0")
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	var writing sync.WaitGroup
	writing.Go(func() {
		at := first.Conversation
		for i := 1; i < total; i++ {
			switch {
			case i%10 == 5:
				h.skew.Add(int64(time.Minute))
				at = c.send(fmt.Sprintf("message-%d", i), jsonInt(int64(i))).Conversation
			case i%3 == 0:
				h.say(at, conversation.Draft{Sender: conversation.FromAgent, Text: "note", Private: true})
				fallthrough
			default:
				h.say(at, conversation.Draft{Sender: conversation.FromBot, Text: jsonInt(int64(i))})
			}
		}
	})
	chance := rand.New(rand.NewPCG(1, 2))
	var seen []string
	at := ""
	for round := 0; len(seen) < total && ctx.Err() == nil; round++ {
		open := c.socket
		if round%3 == 2 {
			open = c.events
		}
		s, err := open(ctx, at)
		if err != nil {
			t.Fatal(err)
		}
		for range 1 + chance.IntN(8) {
			f := s.wanted(t, "a message", func(f frame) bool { return f.Type == "message" })
			seen, at = append(seen, f.Message.Text), f.Message.Cursor
			if len(seen) == total {
				break
			}
		}
		s.close()
	}
	writing.Wait()
	for i, text := range seen {
		if text != jsonInt(int64(i)) {
			t.Fatalf("message %d is %s: %v", i, text, seen)
		}
	}
	if all := c.list("?after=" + at); len(seen) != total || len(all.Messages) != 0 {
		t.Fatalf("%d of %d seen, %d left", len(seen), total, len(all.Messages))
	}
	if slices.Contains(seen, "note") {
		t.Error("a note was seen")
	}
}

func TestSocketsAreCounted(t *testing.T) {
	c := build(t, nil).visit()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var open []tuned
	for range 8 {
		s, err := c.socket(ctx, "")
		if err != nil {
			t.Fatal(err)
		}
		open = append(open, s)
	}
	if _, err := c.socket(ctx, ""); err == nil {
		t.Fatal("a visitor may hold any number of sockets")
	}
	for _, s := range open {
		s.close()
	}
	for ctx.Err() == nil {
		if s, err := c.socket(ctx, ""); err == nil {
			s.close()
			return
		}
	}
	t.Fatal("closed sockets still count")
}
