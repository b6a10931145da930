package admin_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

// Sample shows an answer in texts of 40 bytes.
func (page) Sample(inbox conversation.Inbox, m conversation.Message) channels.Sample {
	s := channels.Sample{Unit: "bytes", Limit: 40, Used: len(m.Text)}
	for text := inbox.Name + ": " + m.Text; text != ""; text = text[min(len(text), 40):] {
		s.Texts = append(s.Texts, text[:min(len(text), 40)])
	}
	return s
}

// Sample shows an answer as a page.
func (hook) Sample(_ conversation.Inbox, m conversation.Message) channels.Sample {
	return channels.Sample{HTML: channels.RenderMarkdown(m.Text)}
}

func TestAnswersAreShownAsEachChannelSendsThem(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		editor := h.as(handoff.Editor)
		editor.do("POST", "/articles/preview/channels", map[string]any{"language": "en", "markdown": "Dear {{customer.name}}, **ask {{agent.name|Ann}}**"}).want(http.StatusOK).
			has(`"kind":"page"`, `"in_use":true`, `"inbox":"Site"`, `"texts":["Site: Dear Ann Smith, **ask Ann**"]`, `"unit":"bytes"`, `"kind":"hook"`, `"in_use":false`, `\u003cstrong\u003eask Ann`)
		body := invoice()
		body["languages"].(map[string]any)["en"].(map[string]any)["answer"] = strings.Repeat("Long. ", 20)
		editor.do("POST", "/articles/check", map[string]any{"article": body}).want(http.StatusOK).has(`"kind":"too_long"`, `"channel":"page"`, `"parts":4`)
		body["variants"] = []map[string]any{{"channel": "page", "answers": map[string]string{"en": "Short."}}}
		editor.do("POST", "/articles/check", map[string]any{"article": body}).want(http.StatusOK).lacks("too_long")
	})
}

func TestChecksTellOfOtherArticles(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		editor := h.as(handoff.Editor)
		var a article
		editor.do("POST", "/articles", invoice()).want(http.StatusCreated).into(&a)
		follow, stop := context.WithCancel(context.Background())
		t.Cleanup(stop)
		go h.options.Knowledge.Follow(follow)
		for end := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
			if n, _ := h.options.Knowledge.Size(); n == 1 {
				break
			}
			if time.Now().After(end) {
				t.Fatal("the article is not searched")
			}
		}
		body := invoice()
		body["languages"].(map[string]any)["zh"].(map[string]any)["answer"] = "别处 {{谁}}"
		check := func(id int64) *answer {
			return editor.do("POST", "/articles/check", map[string]any{"id": id, "article": body}).want(http.StatusOK)
		}
		check(0).has(`"kind":"conflict"`, fmt.Sprintf(`"article_id":%d`, a.ID), `"title":"怎么开发票？"`, `"kind":"unknown_variable"`, `"text":"谁"`)
		check(a.ID).lacks("conflict", "same_question")
		body["valid_from"], body["valid_until"] = "2020-01-01T00:00:00Z", "2020-02-01T00:00:00Z"
		check(0).has(`"kind":"same_question"`, `"kind":"ended"`).lacks("conflict")
		h.as(handoff.AgentRole).do("POST", "/articles/check", map[string]any{"article": body}).fails(http.StatusForbidden, "forbidden")
	})
}

func TestNotesAndRelated(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		editor := h.as(handoff.Editor)
		var a, other article
		editor.do("POST", "/articles", map[string]any{"languages": map[string]any{"en": map[string]any{"question": "Other?", "similar": []string{}, "answer": "Yes."}}}).into(&other)
		body := invoice()
		body["notes"], body["related"] = "ask finance first", []int64{other.ID, 99}
		editor.do("POST", "/articles", body).want(http.StatusCreated).into(&a)
		editor.do("GET", a.path(""), nil).want(http.StatusOK).has("ask finance first", `"title":"Other?"`, `"gone":true,"id":99`)
		change := invoice()
		change["version"] = a.Version
		change["languages"].(map[string]any)["en"].(map[string]any)["answer"] = "Elsewhere."
		editor.do("PATCH", a.path(""), change).want(http.StatusOK).has("ask finance first", `"title":"Other?"`)
		editor.do("GET", a.path("/revisions"), nil).has("ask finance first")
		editor.do("GET", "/articles/tags", nil).want(http.StatusOK).has(`["bill"]`)
	})
}

func TestTypedTextIsKept(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		editor, lead := h.as(handoff.Editor), h.as(handoff.Lead)
		editor.do("GET", "/articles/typing/0", nil).want(http.StatusOK).has(`"kept":false`)
		editor.do("PUT", "/articles/typing/0", map[string]any{"form": `{"a":1}`, "version": 2}).want(http.StatusOK).has(`"kept":true`, `"at":`)
		editor.do("GET", "/articles/typing/0", nil).has(`"form":"{\"a\":1}"`, `"version":2`)
		lead.do("GET", "/articles/typing/0", nil).has(`"kept":false`)
		editor.do("GET", "/articles", nil).has(`"total":0`)
		editor.do("DELETE", "/articles/typing/0", nil).want(http.StatusNoContent)
		editor.do("GET", "/articles/typing/0", nil).has(`"kept":false`)
		editor.do("PUT", "/articles/typing/-1", map[string]any{"form": "x", "version": 0}).fails(http.StatusNotFound, "not_found")
	})
}

// loaded is what whoever has the cookies of a caller, or nobody, gets of a file.
func (h *house) loaded(c *caller, address string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", address, nil)
	if c != nil {
		r.Header.Set("Cookie", c.header.Get("Cookie"))
	}
	w := httptest.NewRecorder()
	h.server.ServeArticleFile(w, r)
	return w
}

func TestFilesOfAnswers(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		editor, other := h.as(handoff.Editor), h.as(handoff.AgentRole)
		var file struct{ URL string }
		editor.upload("/articles/files", "图 1.png", picture()).want(http.StatusCreated).has(`"picture":true`).into(&file)
		for name, content := range map[string]string{"a.svg": `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`, "a.html": "<html><script>", "a.txt": "<html><script>",
			"a.exe": "MZ\x90\x00\x03", "a.png": "\x89PNG\r\n\x1a\n broken", "a.docx": "not a zip", "empty.txt": ""} {
			editor.upload("/articles/files", name, []byte(content)).fails(http.StatusUnprocessableEntity, "invalid")
		}
		editor.upload("/articles/files", "big.png", append(picture(), make([]byte, 5<<20)...)).fails(http.StatusUnprocessableEntity, "invalid").has("5 MB")
		other.upload("/articles/files", "a.png", picture()).fails(http.StatusForbidden, "forbidden")
		status := func(c *caller, want int, when string) *httptest.ResponseRecorder {
			t.Helper()
			w := h.loaded(c, file.URL)
			if w.Code != want {
				t.Errorf("%s: %d, want %d", when, w.Code, want)
			}
			return w
		}
		status(editor, 200, "whoever uploaded it")
		status(other, 404, "a colleague, before it is saved")
		body := invoice()
		body["languages"].(map[string]any)["en"].(map[string]any)["answer"] = "![pic](" + file.URL + ")"
		var a article
		editor.do("POST", "/articles", body).want(http.StatusCreated).into(&a)
		status(other, 200, "a colleague, of a draft")
		status(nil, 404, "a customer, of a draft")
		h.clock.move(100 * time.Hour)
		h.must(h.store.PruneAttachments(context.Background(), h.options.Files, h.clock.now()))
		editor = h.as(handoff.Editor)
		editor.do("POST", a.path("/publish"), map[string]any{"version": a.Version}).want(http.StatusOK).into(&a)
		w := status(nil, 200, "a customer, once it is published")
		if g := w.Header(); g.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(g.Get("Content-Disposition"), "inline") || !strings.HasPrefix(g.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%v", g)
		}
		editor.do("POST", a.path("/unpublish"), map[string]any{"version": a.Version}).want(http.StatusOK)
		status(nil, 404, "a customer, afterwards")
		if w := h.loaded(nil, "/files/"); w.Code != 404 {
			t.Errorf("no key: %d", w.Code)
		}
	})
}

func TestFilesOfMessagesAreNoFilesOfAnswers(t *testing.T) {
	h := open(t)
	me := h.as(handoff.AgentRole)
	var a struct{ Key string }
	me.upload("/attachments", "a.png", picture()).into(&a)
	c := h.queued("a", "human")
	me.do("POST", fmt.Sprintf("/conversations/%d/messages", c.ID), map[string]any{"text": "", "attachments": []string{a.Key}}).want(http.StatusCreated)
	if w := h.loaded(me, "/files/"+a.Key); w.Code != http.StatusNotFound {
		t.Errorf("%d", w.Code)
	}
}

func TestCustomersQuestionsAreOffered(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		editor, boss := h.as(handoff.Editor), h.as(handoff.Administrator)
		var a article
		editor.do("POST", "/articles", invoice()).want(http.StatusCreated).into(&a)
		asked := func(text, act string, answer, nearest int64, more string) {
			h.decided(text, fmt.Sprintf(`{"asked":%q,"language":"zh","hits":[{"article":%d,"revision":1}],"decision":{"act":%q,"article":%d}%s}`, text, nearest, act, answer, more))
		}
		asked("发票在哪里开呀", "answer", a.ID, a.ID, "")
		asked("发票在哪里开呀？", "answer", a.ID, a.ID, "")
		asked("要抬头怎么办", "ask", 0, a.ID, "")
		asked("怎么开发票", "answer", a.ID, a.ID, "")
		asked("别的问题呢", "answer", a.ID+1, a.ID, "")
		asked("那企业呢", "answer", a.ID, a.ID, `,"context":{"rule":"x"}`)
		asked("嗯", "ask", 0, a.ID, "")
		asked("电子发票发到 13912345678 行吗", "ask", 0, a.ID, "")
		var list []struct {
			Text     string
			Times    int
			Answered bool
		}
		boss.do("GET", a.path("/questions"), nil).want(http.StatusOK).into(&list)
		if got := fmt.Sprint(list); got != "[{电子发票发到 *** 行吗 1 false} {要抬头怎么办 1 false} {发票在哪里开呀？ 2 true}]" {
			t.Errorf("%s", got)
		}
		h.tx(func(tx *db.Tx) error {
			_, err := tx.Exec(context.Background(), "UPDATE conversations SET team_id = 77")
			return err
		})
		editor.do("GET", a.path("/questions"), nil).want(http.StatusOK).has("要抬头怎么办")
		h.as(handoff.Lead).do("GET", a.path("/questions"), nil).want(http.StatusOK).has("[]")
		h.as(handoff.AgentRole).do("GET", a.path("/questions"), nil).fails(http.StatusForbidden, "forbidden")
	})
}

// decided stores an automatic decision on what a customer said.
func (h *house) decided(text, explanation string) {
	h.t.Helper()
	c := h.says("asker", text)
	h.tx(func(tx *db.Tx) error {
		loaded, err := h.store.Load(context.Background(), tx, c.ID)
		if err != nil {
			return err
		}
		_, err = h.store.Reply(context.Background(), tx, loaded, conversation.Draft{Sender: conversation.FromBot, Text: "…", Explanation: explanation})
		return err
	})
}
