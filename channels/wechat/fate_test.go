package wechat

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
)

func TestErrcodes(t *testing.T) {
	for _, c := range []struct {
		code        int
		retry, shut bool
		after       time.Duration
	}{
		{45015, false, true, 0}, {45047, false, true, 0}, {48001, false, false, 0}, {40003, false, false, 0}, {45002, false, false, 0}, {43004, false, false, 0},
		{-1, true, false, 0}, {45009, true, false, 30 * time.Minute}, {45011, true, false, time.Minute}, {40001, true, false, time.Minute}, {42001, true, false, time.Minute},
		{40014, true, false, time.Minute}, {40164, true, false, 2 * time.Minute}, {40125, true, false, 2 * time.Minute}, {12345, false, false, 0},
	} {
		t.Run(fmt.Sprint(c.code), func(t *testing.T) {
			p := newPlatform(t)
			p.on(customSend, say(fmt.Sprintf(`{"errcode":%d,"errmsg":"out of luck rid: 1-2"}`, c.code)))
			_, err := New(testOptions()).Send(t.Context(), inbox(keyBase, p.URL), outgoing(conversation.Message{Text: "x"}))
			var got *channels.SendError
			if !errors.As(err, &got) || got.Retry != c.retry || got.Shut != c.shut || got.After != c.after || got.Uncertain || !strings.Contains(got.Reason, fmt.Sprint(c.code)) {
				t.Errorf("%+v", err)
			}
			if strings.Contains(got.Error(), "TOKEN") {
				t.Errorf("the token is told: %v", got)
			}
		})
	}
}

// TestBadProvider: what WeChat may have is not sent again, what it cannot have is.
func TestBadProvider(t *testing.T) {
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	broken := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, `{"errcode":0`)
	}
	hangUp := func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }
	for name, c := range map[string]struct {
		answer    http.HandlerFunc
		uncertain bool
	}{
		"HTML":             {say("<html>login</html>"), true},
		"nothing":          {say(""), true},
		"half":             {say(`{"errcode":0,"err`), true},
		"a broken answer":  {broken, true},
		"hung up":          {hangUp, true},
		"a bad gateway":    {status(502), true},
		"a gateway's wait": {status(504), true},
		"an error inside":  {status(500), true},
		"overloaded":       {status(503), false},
		"too many":         {status(429), false},
		"not found":        {status(404), false},
		"forbidden":        {status(403), false},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlatform(t)
			p.on(customSend, c.answer)
			_, err := New(testOptions()).Send(t.Context(), inbox(keyBase, p.URL), outgoing(conversation.Message{Text: "x"}))
			var got *channels.SendError
			if !errors.As(err, &got) || got.Uncertain != c.uncertain || got.Retry == c.uncertain {
				t.Errorf("%+v", err)
			}
			if n := len(p.heard(customSend)); n != 1 {
				t.Errorf("sent %d times", n)
			}
		})
	}
}

func TestProviderOutOfReach(t *testing.T) {
	_, err := New(testOptions()).Send(t.Context(), inbox(keyBase, "http://127.0.0.1:1"), outgoing(conversation.Message{Text: "x"}))
	var got *channels.SendError
	if !errors.As(err, &got) || !got.Retry || got.Uncertain || strings.Contains(err.Error(), "secret") {
		t.Errorf("%+v", err)
	}
}

func TestSlowProvider(t *testing.T) {
	for name, c := range map[string]struct {
		path      string
		uncertain bool
	}{"at the message": {customSend, true}, "at the token": {"/cgi-bin/stable_token", false}, "at the upload": {"/cgi-bin/media/upload", false}} {
		t.Run(name, func(t *testing.T) {
			p := newPlatform(t)
			ctx, cancel := context.WithCancel(t.Context())
			p.on(c.path, func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() })
			m := conversation.Message{Text: "x"}
			if c.path == "/cgi-bin/media/upload" {
				m = conversation.Message{Attachments: []conversation.Attachment{{Type: "image/png"}}}
			}
			_, err := New(testOptions()).Send(ctx, inbox(keyBase, p.URL), outgoing(m))
			var got *channels.SendError
			if !errors.As(err, &got) || got.Uncertain != c.uncertain || !errors.Is(err, context.Canceled) {
				t.Errorf("%+v", err)
			}
		})
	}
}

func TestTokenIsRenewedOnce(t *testing.T) {
	for _, code := range []int{40001, 40014, 42001} {
		p := newPlatform(t)
		p.on(customSend, say(fmt.Sprintf(`{"errcode":%d,"errmsg":"old"}`, code)), say(`{"errcode":0}`))
		if _, err := New(testOptions()).Send(t.Context(), inbox(keyBase, p.URL), outgoing(conversation.Message{Text: "x"})); err != nil {
			t.Errorf("%d: %v", code, err)
		}
		sent := p.heard(customSend)
		if len(sent) != 2 || sent[0].token != "TOKEN_1" || sent[1].token != "TOKEN_2" {
			t.Errorf("%d: %+v", code, sent)
		}
	}
}

// TestRefusedStableToken: when WeChat goes on giving the token that it refuses, a new one is forced.
func TestRefusedStableToken(t *testing.T) {
	p := newPlatform(t)
	same := say(`{"access_token":"SAME","expires_in":7200}`)
	p.on("/cgi-bin/stable_token", same, same, say(`{"access_token":"NEW","expires_in":7200}`))
	p.on(customSend, say(`{"errcode":40001}`), say(`{"errcode":0}`))
	if _, err := New(testOptions()).Send(t.Context(), inbox(keyBase, p.URL), outgoing(conversation.Message{Text: "x"})); err != nil {
		t.Fatal(err)
	}
	asked := p.heard("/cgi-bin/stable_token")
	if len(asked) != 3 || strings.Contains(string(asked[1].body), "true") || !strings.Contains(string(asked[2].body), `"force_refresh":true`) {
		t.Errorf("%d tokens", len(asked))
	}
	if sent := p.heard(customSend); sent[1].token != "NEW" {
		t.Errorf("%+v", sent[1])
	}
}

func TestTokenTroubles(t *testing.T) {
	for name, c := range map[string]struct{ answer, reason string }{
		"whitelist": {`{"errcode":40164,"errmsg":"invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist rid: 1"}`, "whitelist"},
		"secret":    {`{"errcode":40125,"errmsg":"invalid appsecret"}`, "AppSecret"},
		"nothing":   {`{}`, "reached"},
		"HTML":      {`<html>`, "reached"},
	} {
		p := newPlatform(t)
		p.on("/cgi-bin/stable_token", say(c.answer))
		_, err := New(testOptions()).Send(t.Context(), inbox(keyBase, p.URL), outgoing(conversation.Message{Text: "x"}))
		var got *channels.SendError
		if !errors.As(err, &got) || !got.Retry || got.Uncertain || !strings.Contains(got.Reason, c.reason) {
			t.Errorf("%s: %+v", name, err)
		}
	}
}

func TestTyping(t *testing.T) {
	p := newPlatform(t)
	in := inbox(keyBase, p.URL)
	if err := New(testOptions()).Typing(t.Context(), in, testOpenID, true); err != nil {
		t.Error(err)
	}
	if err := NewMini(testOptions()).Typing(t.Context(), in, testOpenID, false); err != nil {
		t.Error(err)
	}
	if got := p.heard("/cgi-bin/message/custom/typing"); len(got) != 1 || got[0].custom()["command"] != "Typing" {
		t.Errorf("%+v", got)
	}
	if got := p.heard("/cgi-bin/message/custom/business/typing"); len(got) != 1 || got[0].custom()["command"] != "CancelTyping" {
		t.Errorf("%+v", got)
	}
	for code, fine := range map[int]bool{45080: true, 45081: true, 45072: true, 48001: false} {
		p.on("/cgi-bin/message/custom/typing", say(fmt.Sprintf(`{"errcode":%d}`, code)))
		if err := New(testOptions()).Typing(t.Context(), in, testOpenID, true); (err == nil) != fine {
			t.Errorf("%d: %v", code, err)
		}
	}
}

// TestReasonsAreTranslated: the console shows reasons in the reader's words by a table that must know each of ours.
func TestReasonsAreTranslated(t *testing.T) {
	table, err := os.ReadFile("../../admin/console/src/i18n/channels.ts")
	if err != nil {
		t.Fatal(err)
	}
	known := strings.ReplaceAll(string(table), `\'`, "'")
	for code := -1; code < 100_000; code++ {
		if f, ok := fateOf(code); ok && !strings.Contains(known, "'failed."+f.words+"'") {
			t.Errorf("the console has no words for %q (errcode %d)", f.words, code)
		}
	}
}
