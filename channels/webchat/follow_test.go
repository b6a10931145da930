package webchat_test

import (
	"context"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
)

func (h *house) readByAgent(id, seq int64) {
	h.t.Helper()
	err := h.store.DB.Tx(context.Background(), func(tx *db.Tx) error {
		return h.store.MarkAgentRead(context.Background(), tx, id, seq)
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// follow opens a stream that ends with the test.
func (c *client) follow(after string) tuned {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), 20*time.Second)
	c.t.Cleanup(cancel)
	s, err := c.socket(ctx, after)
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(s.close)
	return s
}

func TestAStreamBeginsWithMoreThanItSendsAtOnce(t *testing.T) {
	const total = 250
	h := build(t, nil)
	c := h.visit()
	at := c.send("question-1", "0").Conversation
	for i := 1; i < total; i++ {
		h.say(at, conversation.Draft{Sender: conversation.FromBot, Text: jsonInt(int64(i))})
	}
	s := c.follow("")
	for i := range total {
		f := s.wanted(t, "a message", func(f frame) bool { return true })
		if f.Type != "message" || f.Message.Text != jsonInt(int64(i)) {
			t.Fatalf("frame %d is %+v", i, f)
		}
	}
	s.wanted(t, "the state after them", func(f frame) bool { return f.Type == "state" })
}

func TestPrivateNotesAtTheEndHideNothing(t *testing.T) {
	h := build(t, nil)
	c := h.visit()
	asked := c.send("question-1", "hello")
	s := c.follow(asked.Cursor)
	for _, text := range []string{"first", "second"} {
		for range 3 {
			h.say(asked.Conversation, conversation.Draft{Sender: conversation.FromAgent, Text: "note", Private: true})
		}
		h.say(asked.Conversation, conversation.Draft{Sender: conversation.FromAgent, AgentID: 7, Text: text})
		f := s.wanted(t, text, func(f frame) bool { return f.Type == "message" })
		if f.Message.Text != text || f.Message.Author.Name != "林晓" {
			t.Fatalf("got %+v", f.Message)
		}
	}
}

func TestTheVisitorSeesThatAnAgentHasRead(t *testing.T) {
	h := build(t, nil)
	c := h.visit()
	s := c.follow("")
	asked := c.send("question-1", "hello")
	s.wanted(t, "the own message", func(f frame) bool { return f.Message.Delivery == "sent" })
	h.readByAgent(asked.Conversation, asked.Seq)
	f := s.wanted(t, "that it was read", func(f frame) bool { return f.Type == "message_state" })
	if f.Seq != asked.Seq || f.Delivery != "read" {
		t.Fatalf("got %+v", f)
	}
}

func TestWhatChangesInAnOlderConversationIsTold(t *testing.T) {
	h := build(t, nil)
	c := h.visit()
	old := c.send("question-1", "hello")
	answer := h.say(old.Conversation, conversation.Draft{Sender: conversation.FromBot, Text: "hi", Content: conversation.Content{Rateable: true}})
	s := c.follow("")
	s.wanted(t, "the answer", func(f frame) bool { return f.Message.Text == "hi" })
	h.change(old.Conversation, func(c *conversation.Conversation) {
		c.Status, c.ResolvedAt = conversation.Resolved, time.Now().AddDate(-1, 0, 0)
	})
	newer := c.send("question-2", "again").Conversation
	if newer == old.Conversation {
		t.Fatal("the old conversation goes on")
	}
	s.wanted(t, "the new conversation", func(f frame) bool { return f.Message.Conversation == newer })
	if err := h.Verdict(t.Context(), h.inbox, visitorOf(t, h, newer), old.Conversation, answer.Seq, true); err != nil {
		t.Fatal(err)
	}
	// The notice that there is something to read is the address's, whichever conversation it is about.
	h.live.Pulse(channels.Topic(h.inbox.ID, visitorOf(t, h, newer)))
	f := s.wanted(t, "the verdict", func(f frame) bool { return f.Type == "message_state" && f.Helpful != nil })
	if f.Conversation != old.Conversation || f.Seq != answer.Seq {
		t.Fatalf("got %+v", f)
	}
}

func TestTheStandingIsAskedForOnlyWhenSomethingChanged(t *testing.T) {
	h := build(t, nil)
	c := h.visit()
	asked := c.send("question-1", "hello")
	s := c.follow("")
	s.wanted(t, "the state", func(f frame) bool { return f.Type == "state" })
	before := h.stood.Load()
	for i := range 5 {
		h.say(asked.Conversation, conversation.Draft{Sender: conversation.FromBot, Text: jsonInt(int64(i))})
		s.wanted(t, "the answer", func(f frame) bool { return f.Message.Text == jsonInt(int64(i)) })
	}
	if n := h.stood.Load() - before; n != 0 {
		t.Errorf("asked for %d times, for nothing", n)
	}
	h.change(asked.Conversation, func(c *conversation.Conversation) { c.Status = conversation.Open })
	s.wanted(t, "the place in the queue", func(f frame) bool { return f.Type == "state" && f.State["status"] == "queued" })
	if h.stood.Load() == before {
		t.Error("a change was told of without asking")
	}
}
