package webchat_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"huiyin/channels/channeltest"
	"huiyin/conversation"
)

func TestContract(t *testing.T) {
	h := build(t, map[string]string{"origins": "https://shop.example", "identity_secret": "sixteen letters at least"})
	channeltest.Run(t, channeltest.Fixture{Adapter: h.adapter(), Inbox: h.inbox, Address: "visitor:1"})
}

func TestSettings(t *testing.T) {
	h := build(t, nil)
	for name, test := range map[string]struct{ key, value, refused string }{
		"sites":                   {"origins", "https://a.example\nhttp://localhost:3000\nhttps://*.b.example", ""},
		"a path is no site":       {"origins", "https://a.example/shop", "not a site"},
		"no scheme":               {"origins", "a.example", "not a site"},
		"a star in the middle":    {"origins", "https://a.*.example", "not a site"},
		"another scheme":          {"origins", "javascript://a.example", "not a site"},
		"a short secret":          {"identity_secret", "short", "at least 16"},
		"known languages":         {"languages", "en\nzh-CN", ""},
		"an unknown language":     {"languages", "fr", "knows zh-CN, zh-TW and en"},
		"six quick replies":       {"quick_replies", strings.Repeat("a\n", 6), ""},
		"more than the room has":  {"quick_replies_en", strings.Repeat("a\n", 7), "more than 6"},
		"pre-chat is one of some": {"pre_chat", "always", "one of the choices"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := h.adapter().Kind().Apply(nil, map[string]string{test.key: test.value})
			if test.refused == "" && err != nil {
				t.Fatal(err)
			}
			if test.refused != "" && (err == nil || !strings.Contains(err.Error(), test.refused)) {
				t.Fatalf("error %v, want one with %q", err, test.refused)
			}
		})
	}
}

func TestConversation(t *testing.T) {
	h := build(t, nil)
	c := h.visit()
	if p := c.list(""); len(p.Messages) != 0 || p.Cursor != "0.0" || p.State["status"] != "none" {
		t.Fatalf("before the first message: %+v", p)
	}
	asked := c.send("question-1", "  My internet is down <b>now</b>  ")
	if asked.Text != "My internet is down <b>now</b>" || asked.HTML != "" || asked.From != "contact" || asked.ClientID != "question-1" || asked.Delivery != "sent" {
		t.Fatalf("what the visitor wrote: %+v", asked)
	}
	h.say(asked.Conversation, conversation.Draft{Sender: conversation.FromBot, Explanation: `{"secret":1}`,
		Text:    "Restart **it** <script>alert(1)</script> [here](javascript:alert(1)) or https://a.example",
		Content: conversation.Content{Markdown: true, Rateable: true, Choices: []conversation.Choice{{Label: "Yes", Value: "y"}}}})
	h.say(asked.Conversation, conversation.Draft{Sender: conversation.FromAgent, AgentID: 7, Text: "a note", Private: true})
	h.say(asked.Conversation, conversation.Draft{Sender: conversation.FromSystem, Text: "You are next", Content: conversation.Content{
		Activity: "queued", ActivityData: map[string]string{"reason": "angry"}}})
	h.say(asked.Conversation, conversation.Draft{Sender: conversation.FromAgent, AgentID: 7, Text: "Hi"})

	p := c.list("?after=" + asked.Cursor)
	if len(p.Messages) != 3 || p.More {
		t.Fatalf("%d messages, want the answer, the activity and the agent's: %+v", len(p.Messages), p.Messages)
	}
	answer, activity, agent := p.Messages[0], p.Messages[1], p.Messages[2]
	if !answer.CanRate || len(answer.Choices) != 1 || answer.Explanation != "" || activity.ActivityData != nil {
		t.Errorf("answer %+v, activity %+v", answer, activity)
	}
	if !strings.Contains(answer.HTML, "<strong>it</strong>") || !strings.Contains(answer.HTML, `href="https://a.example"`) ||
		strings.Contains(answer.HTML, "<script") || strings.Contains(answer.HTML, "javascript:") {
		t.Errorf("html %s", answer.HTML)
	}
	if agent.Author.Name != "林晓" || p.Cursor != agent.Cursor {
		t.Errorf("agent %+v, cursor %s", agent, p.Cursor)
	}
	if mine := c.list("").Messages[0]; mine.Delivery != "read" {
		t.Errorf("the agent answered, and still the visitor's message is %q", mine.Delivery)
	}
}

func TestSameClientIDIsOneMessage(t *testing.T) {
	c := build(t, nil).visit()
	key := c.upload("a.png", png).Key
	body := `{"client_id":"the-same-1","text":"once","attachments":["` + key + `"]}`
	var first, again struct{ Message message }
	c.must(http.StatusCreated, "POST", "messages", body, &first)
	c.must(http.StatusCreated, "POST", "messages", body, &again)
	if first.Message.Cursor != again.Message.Cursor || len(c.list("").Messages) != 1 {
		t.Fatalf("%+v, then %+v", first, again)
	}
	if other := c.house.visit(); other.send("the-same-1", "mine").Conversation == first.Message.Conversation {
		t.Fatal("another visitor's message was taken for this one's")
	}
}

func TestPages(t *testing.T) {
	c := build(t, nil).visit()
	first := c.send("message-0", "0")
	for i := range 70 {
		c.house.say(first.Conversation, conversation.Draft{Sender: conversation.FromBot, Text: jsonInt(int64(i + 1))})
	}
	var backwards []string
	for p := c.list(""); ; p = c.list("?before=" + p.Messages[0].Cursor) {
		var texts []string
		for _, m := range p.Messages {
			texts = append(texts, m.Text)
		}
		backwards = append(texts, backwards...)
		if !p.More {
			break
		}
	}
	var forwards []string
	for p := c.list("?after=0.0"); ; p = c.list("?after=" + p.Cursor) {
		for _, m := range p.Messages {
			forwards = append(forwards, m.Text)
		}
		if !p.More {
			break
		}
	}
	if got := strings.Join(backwards, " "); len(backwards) != 71 || got != strings.Join(forwards, " ") || !strings.HasPrefix(got, "0 1 2 ") {
		t.Fatalf("backwards %v\nforwards %v", backwards, forwards)
	}
}

func TestSignals(t *testing.T) {
	h := build(t, nil)
	c := h.visit()
	c.must(http.StatusNoContent, "POST", "human", `{"language":"en"}`, nil)
	if h.asked.Load() != 1 {
		t.Error("no person was asked for")
	}
	c.must(http.StatusNoContent, "POST", "typing", `{}`, nil)
	asked := c.send("question-1", "hello")
	answer := h.say(asked.Conversation, conversation.Draft{Sender: conversation.FromBot, Text: "hi", Content: conversation.Content{Rateable: true}})
	desk := h.live.Subscribe("hints")
	defer desk.Close()
	c.must(http.StatusNoContent, "POST", "typing", `{}`, nil)
	var hint map[string]any
	if err := json.Unmarshal(<-desk.Hints(), &hint); err != nil || hint["kind"] != "typing" || hint["from"] != "contact" || hint["conversation_id"] != float64(asked.Conversation) {
		t.Errorf("hint %v, %v", hint, err)
	}
	c.must(http.StatusNoContent, "POST", "feedback", `{"conversation":`+jsonInt(asked.Conversation)+`,"seq":`+jsonInt(answer.Seq)+`,"helpful":true}`, nil)
	c.must(http.StatusNoContent, "POST", "read", `{"cursor":"`+asked.Cursor+`"}`, nil)
	if p := c.list(""); p.Messages[1].Helpful == nil || !*p.Messages[1].Helpful {
		t.Errorf("the verdict is not shown: %+v", p.Messages[1])
	}
	stranger := h.visit()
	for path, body := range map[string]string{
		"feedback": `{"conversation":` + jsonInt(asked.Conversation) + `,"seq":2,"helpful":false}`,
		"read":     `{"cursor":"` + asked.Cursor + `"}`,
	} {
		stranger.must(http.StatusNotFound, "POST", path, body, nil)
	}
}

func TestStandingIsTold(t *testing.T) {
	h := build(t, nil)
	c := h.visit()
	asked := c.send("question-1", "hello")
	h.change(asked.Conversation, func(c *conversation.Conversation) { c.Status = conversation.Open })
	state := c.list("").State
	if state["status"] != "queued" || state["queue_position"] != float64(3) || state["wait_seconds"] != float64((2*time.Minute).Seconds()) || state["team_online"] != true {
		t.Fatalf("state %v", state)
	}
}
