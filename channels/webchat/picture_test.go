package webchat_test

import (
	"io"
	"net/http"
	"testing"

	"huiyin/conversation"
)

func TestTheAgentsPicture(t *testing.T) {
	h := build(t, nil)
	c := h.visit()
	m := c.send("question-1", "hello")
	h.say(m.Conversation, conversation.Draft{Sender: conversation.FromAgent, AgentID: 3, Text: "hi"})
	h.say(m.Conversation, conversation.Draft{Sender: conversation.FromAgent, AgentID: 4, Text: "hi too"})
	var page struct {
		Messages []struct {
			Author *struct{ Name, Picture string }
		}
	}
	c.must(http.StatusOK, "GET", "messages", "", &page)
	address := page.Messages[1].Author.Picture
	if address != "/chat/1/agents/3/abc123" || page.Messages[2].Author.Picture != "" {
		t.Fatalf("%+v", page.Messages)
	}
	for path, want := range map[string]int{address: http.StatusOK, "/chat/1/agents/3/abc124": http.StatusNotFound, "/chat/1/agents/4/abc123": http.StatusNotFound,
		"/chat/1/agents/x/abc123": http.StatusNotFound, "/chat/9/agents/3/abc123": http.StatusNotFound, "/chat/1/agents/3/": http.StatusNotFound} {
		answer, err := http.Get(h.server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if err != nil || answer.StatusCode != want {
			t.Errorf("%s: %d %s, %v", path, answer.StatusCode, body, err)
		}
		if want != http.StatusOK {
			continue
		}
		if got := answer.Header; string(body) != "\x89PNG of agent 3" || got.Get("Content-Type") != "image/png" || got.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%q, %v", body, got)
		}
	}
}
