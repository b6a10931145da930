package webchat_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
)

func (h *house) resolve(id int64) {
	h.change(id, func(c *conversation.Conversation) { c.Status = conversation.Resolved })
}

func TestRating(t *testing.T) {
	onBoth(t, nil, func(t *testing.T, h *house) {
		c, stranger := h.visit(), h.visit()
		at := c.send("question-1", "hello").Conversation
		id := jsonInt(at)
		rate := func(who *client, body string, status int) {
			t.Helper()
			who.must(status, "POST", "rating", `{"conversation":`+id+`,`+body+`}`, nil)
		}
		rate(c, `"score":5`, http.StatusConflict)
		h.resolve(at)
		if state := c.list("").State; state["can_rate"] != true || state["rating"] != nil {
			t.Fatalf("state %v", state)
		}
		rate(c, `"score":0`, http.StatusBadRequest)
		rate(c, `"score":6`, http.StatusBadRequest)
		rate(c, `"score":1.5`, http.StatusBadRequest)
		rate(c, `"score":4,"comment":"`+strings.Repeat("字", 2001)+`"`, http.StatusBadRequest)
		stranger.send("question-2", "hello")
		rate(stranger, `"score":1`, http.StatusNotFound)
		rate(c, `"score":4,"comment":" slow\u0007\nbut kind ","reason":"waiting"`, http.StatusNoContent)
		rate(c, `"score":5,"comment":"kind"`, http.StatusNoContent)
		if state := c.list("").State; state["can_rate"] != true || state["rating"] != float64(5) {
			t.Fatalf("state %v", state)
		}
		found, err := h.store.Ratings(t.Context(), h.store.DB, []int64{at})
		if err != nil || found[at].Score != 5 || found[at].Comment != "kind" {
			t.Fatalf("%+v %v", found, err)
		}
	})
	off := build(t, map[string]string{"rating": "false"})
	c := off.visit()
	at := c.send("question-1", "hello").Conversation
	off.resolve(at)
	c.must(http.StatusConflict, "POST", "rating", `{"conversation":`+jsonInt(at)+`,"score":5}`, nil)
	if state := c.list("").State; state["can_rate"] != nil {
		t.Fatalf("state %v", state)
	}
}

func TestReplyTo(t *testing.T) {
	onBoth(t, nil, func(t *testing.T, h *house) {
		c := h.visit()
		for name, body := range map[string]string{
			"no consent":       `{"channel":"email","address":"ann@example.com","text":"hi"}`,
			"by pigeon":        `{"channel":"pigeon","address":"roof","consent":true}`,
			"no address":       `{"channel":"email","consent":true}`,
			"an address twice": `{"channel":"email","address":"ann@example.com,bob@example.com","consent":true}`,
			"a named address":  `{"channel":"email","address":"Ann <ann@example.com>","consent":true}`,
			"a header inside":  `{"channel":"email","address":"ann@example.com\r\nBcc: all@example.com","consent":true}`,
			"a word as number": `{"channel":"sms","address":"call me","consent":true}`,
			"a short number":   `{"channel":"sms","address":"110","consent":true}`,
			"an odd id":        `{"channel":"sms","address":"+86 138 0013 8000","consent":true,"client_id":"../x"}`,
			"a long text":      `{"channel":"sms","address":"+86 138 0013 8000","consent":true,"text":"` + strings.Repeat("字", 4001) + `"}`,
		} {
			if status, text := c.try("POST", "reply-to", body); status != http.StatusBadRequest {
				t.Errorf("%s: %d %s", name, status, text)
			}
		}
		h.skew.Store(int64(time.Hour))
		for range 2 {
			c.must(http.StatusNoContent, "POST", "reply-to", `{"channel":"sms","address":"+86 138 0013 8000","name":"Ann","text":"Please call","consent":true,"client_id":"leave-001","language":"en"}`, nil)
		}
		p := c.list("")
		if len(p.Messages) != 1 || p.Messages[0].Text != "Please call" {
			t.Fatalf("the visitor sees %+v", p.Messages)
		}
		all, err := h.store.Messages(t.Context(), h.store.DB, p.Messages[0].Conversation, conversation.Page{Limit: 10})
		if err != nil || len(all) != 2 || all[1].Content.Activity != "reply_to" || all[1].Content.ActivityData["address"] != "+86 138 0013 8000" || !all[1].Private {
			t.Fatalf("%+v %v", all, err)
		}
		at, err := h.store.Get(t.Context(), h.store.DB, p.Messages[0].Conversation)
		if err != nil {
			t.Fatal(err)
		}
		contact, err := h.store.Contact(t.Context(), h.store.DB, at.ContactID)
		if err != nil || contact.Phone != "+86 138 0013 8000" || contact.Name != "Ann" || h.asked.Load() != 2 {
			t.Fatalf("%+v %v, asked %d times", contact, err, h.asked.Load())
		}
	})
}

func TestEarlierConversations(t *testing.T) {
	h := build(t, nil)
	c, stranger := h.visit(), h.visit()
	var ids []int64
	for i := range 23 {
		h.skew.Add(int64(time.Minute))
		m := c.send("question-"+jsonInt(int64(i)), "matter "+jsonInt(int64(i)))
		ids = append(ids, m.Conversation)
		h.say(m.Conversation, conversation.Draft{Sender: conversation.FromAgent, AgentID: 3, Text: "answer " + jsonInt(int64(i))})
		h.change(m.Conversation, func(c *conversation.Conversation) {
			c.AgentID, c.Status, c.ResolvedAt = 3, conversation.Resolved, time.Now().Add(-25*time.Hour)
		})
	}
	var page struct {
		Conversations []struct {
			ID                             int64
			Status, Preview, Agent, Cursor string
			CanRate                        bool `json:"can_rate"`
		}
		More bool
	}
	c.must(http.StatusOK, "GET", "conversations", "", &page)
	if first := page.Conversations[0]; len(page.Conversations) != 20 || !page.More || first.ID != ids[22] || first.Preview != "answer 22" || first.Agent != "林晓" ||
		first.Status != "resolved" || first.Cursor != jsonInt(ids[22])+".2" || !first.CanRate {
		t.Fatalf("%+v", page)
	}
	c.must(http.StatusOK, "GET", "conversations?before="+jsonInt(page.Conversations[19].ID), "", &page)
	if len(page.Conversations) != 3 || page.More {
		t.Fatalf("%+v", page)
	}
	if one := c.list("?conversation=" + jsonInt(ids[4])); len(one.Messages) != 2 || one.Messages[1].Text != "answer 4" {
		t.Fatalf("%+v", one.Messages)
	}
	if rest := c.list("?conversation=" + jsonInt(ids[4]) + "&after=" + jsonInt(ids[4]) + ".1"); len(rest.Messages) != 1 {
		t.Fatalf("%+v", rest.Messages)
	}
	c.must(http.StatusBadRequest, "GET", "conversations?before=x", "", nil)
	stranger.must(http.StatusNotFound, "GET", "messages?conversation="+jsonInt(ids[4]), "", nil)
	stranger.must(http.StatusOK, "GET", "conversations", "", &page)
	if len(page.Conversations) != 0 {
		t.Fatalf("%+v", page)
	}
}

func TestTranscript(t *testing.T) {
	h := build(t, map[string]string{"time_zone": "Asia/Shanghai"})
	c, stranger := h.visit(), h.visit()
	at := c.send("question-1", "<b>hello</b>").Conversation
	h.say(at, conversation.Draft{Sender: conversation.FromAgent, Text: "a secret note", Private: true})
	h.say(at, conversation.Draft{Sender: conversation.FromBot, Text: "**bold** <script>alert(1)</script>", Content: conversation.Content{Markdown: true}})
	h.say(at, conversation.Draft{Sender: conversation.FromAgent, AgentID: 3, Text: "done"})
	for i := range 205 {
		h.say(at, conversation.Draft{Sender: conversation.FromAgent, AgentID: 3, Text: "line " + jsonInt(int64(i))})
	}
	stranger.must(http.StatusNotFound, "POST", "transcript", `{"conversation":`+jsonInt(at)+`}`, nil)
	var given struct {
		URL  string
		Text string `json:"text_url"`
	}
	c.must(http.StatusOK, "POST", "transcript", `{"conversation":`+jsonInt(at)+`,"language":"en"}`, &given)
	anybody := &client{house: h, inbox: h.inbox.ID}
	for address, parts := range map[string][]string{
		given.URL:  {"&lt;b&gt;hello", "<strong>bold</strong>", "<b>林晓</b>", "<b>You</b>", "line 204"},
		given.Text: {"<b>hello</b>", "You: ", "林晓: done", "line 204"},
	} {
		answer := anybody.do("GET", address, nil, "")
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != http.StatusOK {
			t.Fatalf("%v %d %s", err, answer.StatusCode, body)
		}
		for _, want := range parts {
			if !strings.Contains(string(body), want) {
				t.Errorf("no %q in %.600s", want, body)
			}
		}
		if strings.Contains(string(body), "secret note") || strings.Contains(string(body), "<script") {
			t.Errorf("too much in %.600s", body)
		}
		policy := answer.Header.Get("Content-Security-Policy")
		if strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html") && !strings.Contains(policy, "default-src 'none'") {
			t.Errorf("policy %q", policy)
		}
	}
	for name, address := range map[string]string{"another": strings.Replace(given.URL, "/transcript/"+jsonInt(at), "/transcript/2", 1), "another inbox": strings.Replace(given.URL, "/chat/1/", "/chat/2/", 1),
		"another sign": strings.Replace(given.URL, "sign=", "sign=A", 1), "longer": strings.Replace(given.URL, "until=", "until=9", 1), "no sign": "/chat/1/transcript/" + jsonInt(at)} {
		if status, _ := anybody.try("GET", address, ""); status != http.StatusNotFound {
			t.Errorf("%s: status %d", name, status)
		}
	}
	h.skew.Store(int64(2 * time.Hour))
	anybody.must(http.StatusNotFound, "GET", given.URL, "", nil)
}

func TestArticle(t *testing.T) {
	h := build(t, nil)
	c := h.visit()
	var a struct {
		ID                    int64
		Title, HTML, Language string
	}
	c.must(http.StatusOK, "GET", "articles/7?lang=en-GB", "", &a)
	if a.ID != 7 || a.Title != "How to <ask>" || a.Language != "en" || !strings.Contains(a.HTML, "<strong>Ask</strong>") || strings.Contains(a.HTML, "script") {
		t.Fatalf("%+v", a)
	}
	for _, path := range []string{"articles/8", "articles/x", "articles/-7", "articles/07", "articles/"} {
		c.must(http.StatusNotFound, "GET", path, "", nil)
	}
	at := c.send("question-1", "hello").Conversation
	h.say(at, conversation.Draft{Sender: conversation.FromBot, Text: "hi", Content: conversation.Content{ArticleID: 7}})
	h.say(at, conversation.Draft{Sender: conversation.FromAgent, Text: "hi", Content: conversation.Content{ArticleID: 7}})
	if p := c.list(""); p.Messages[1].Article != 7 || p.Messages[2].Article != 0 {
		t.Fatalf("%+v", p.Messages)
	}
}

func TestFeedbackWithAReason(t *testing.T) {
	h := build(t, nil)
	c := h.visit()
	at := c.send("question-1", "hello").Conversation
	m := h.say(at, conversation.Draft{Sender: conversation.FromBot, Text: "hi", Content: conversation.Content{Rateable: true}})
	place := `{"conversation":` + jsonInt(at) + `,"seq":` + jsonInt(m.Seq) + `,"helpful":false`
	c.must(http.StatusNoContent, "POST", "feedback", place+`}`, nil)
	c.must(http.StatusNoContent, "POST", "feedback", place+`,"reason":" too long\u0000 "}`, nil)
	c.must(http.StatusBadRequest, "POST", "feedback", place+`,"reason":"`+strings.Repeat("字", 501)+`"}`, nil)
	if got, err := h.store.Message(t.Context(), h.store.DB, at, m.Seq); err != nil || got.HelpfulReason != "too long" {
		t.Fatalf("%+v %v", got, err)
	}
}
