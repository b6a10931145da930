// Package channeltest holds the checks that every channel adapter must pass. It knows the contract of package
// channels and no provider; an adapter's own tests add what its provider asks for.
package channeltest

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"

	"huiyin/channels"
	"huiyin/conversation"
)

// Fixture is an adapter set up against its provider's simulator, or against nothing where it has no provider.
type Fixture struct {
	Adapter channels.Adapter
	Inbox   conversation.Inbox // with settings that work
	Address string             // of a customer who can be written to
	// Arrived counts the messages that have reached customers; nil where the channel itself sends nothing.
	Arrived func() int
	// Callback makes a request as the provider would, signed; nil where the provider does not call. Each call
	// makes the same request again.
	Callback func() *http.Request
}

// Run runs every check that applies to the adapter.
func Run(t *testing.T, f Fixture) {
	t.Run("kind", func(t *testing.T) { checkKind(t, f) })
	t.Run("settings", func(t *testing.T) { checkSettings(t, f) })
	t.Run("send", func(t *testing.T) { checkSend(t, f) })
	t.Run("send with a cancelled context", func(t *testing.T) { checkCancelled(t, f) })
	if same, ok := f.Adapter.(channels.Idempotent); ok && same.Idempotent() {
		t.Run("send again", func(t *testing.T) { checkIdempotent(t, f) })
	}
	hook, ok := f.Adapter.(channels.Webhook)
	if !ok {
		return
	}
	if f.Callback == nil {
		t.Fatal("a webhook needs Fixture.Callback")
	}
	t.Run("callback", func(t *testing.T) { checkCallback(t, f, hook) })
	t.Run("hostile callbacks", func(t *testing.T) { checkHostile(t, f, hook) })
}

var (
	kindName   = regexp.MustCompile(`^[a-z][a-z0-9_]{1,30}$`)
	settingKey = regexp.MustCompile(`^[a-z][a-z0-9_]{1,40}$`)
)

func checkKind(t *testing.T, f Fixture) {
	k := f.Adapter.Kind()
	if !kindName.MatchString(k.Name) {
		t.Errorf("kind %q is not a plain word", k.Name)
	}
	bilingual(t, "title", k.Title)
	seen := map[string]bool{}
	for _, s := range k.Settings {
		if !settingKey.MatchString(s.Key) || seen[s.Key] {
			t.Errorf("setting %q is not a plain word of its own", s.Key)
		}
		seen[s.Key] = true
		bilingual(t, s.Key+" label", s.Label)
		bilingual(t, s.Key+" help", s.Help)
		if s.Secret && s.Default != "" {
			t.Errorf("the secret %s has a default, which everybody knows", s.Key)
		}
		if s.Type == channels.Select && len(s.Options) == 0 {
			t.Errorf("%s: a select without options", s.Key)
		}
		for _, o := range s.Options {
			bilingual(t, s.Key+" option "+o.Value, o.Label)
		}
	}
}

func bilingual(t *testing.T, what string, w channels.Words) {
	t.Helper()
	if strings.TrimSpace(w.Zh) == "" || strings.TrimSpace(w.En) == "" {
		t.Errorf("%s is not in both languages", what)
	}
}

func checkSettings(t *testing.T, f Fixture) {
	k := f.Adapter.Kind()
	if _, err := k.Apply(nil, f.Inbox.Settings); err != nil {
		t.Errorf("settings that work are refused: %v", err)
	}
	if _, err := k.Apply(nil, map[string]string{"no_such_setting": "x"}); err == nil {
		t.Error("an unknown setting is taken")
	}
	for _, s := range k.Settings {
		if s.Default == "" {
			continue
		}
		with := map[string]string{s.Key: s.Default}
		for key, value := range f.Inbox.Settings {
			if key != s.Key {
				with[key] = value
			}
		}
		if _, err := k.Apply(nil, with); err != nil {
			t.Errorf("the default of %s is refused: %v", s.Key, err)
		}
	}
	for key, value := range k.Masked(f.Inbox.Settings) {
		if value != channels.Mask && f.secret(key) {
			t.Errorf("the secret %s is shown", key)
		}
	}
}

func (f Fixture) secret(key string) bool {
	for _, s := range f.Adapter.Kind().Settings {
		if s.Key == key {
			return s.Secret
		}
	}
	return true
}

func (f Fixture) outgoing(id int64, text string) channels.Outgoing {
	return channels.Outgoing{ID: id, Address: f.Address, Message: conversation.Message{ID: id, ConversationID: 1, Seq: id,
		InboxID: f.Inbox.ID, Sender: conversation.FromAgent, Text: text}}
}

func (f Fixture) arrived() int {
	if f.Arrived == nil {
		return 0
	}
	return f.Arrived()
}

// checkSend sends from several workers at once, as the outbox does.
func checkSend(t *testing.T, f Fixture) {
	texts := []string{"hello", "您好，请问有什么可以帮您？😀", strings.Repeat("长", 300), "**Markdown** [link](https://example.com)\n\n- one\n- two", "<script>alert(1)</script>"}
	before := f.arrived()
	var all sync.WaitGroup
	for i, text := range texts {
		all.Go(func() {
			accepted, err := f.Adapter.Send(t.Context(), f.Inbox, f.outgoing(int64(i+1), text))
			if err != nil {
				t.Errorf("%.20q: %v", text, err)
			}
			switch accepted.State {
			case "", conversation.Sent, conversation.Delivered:
			default:
				t.Errorf("%.20q: state %q right after sending", text, accepted.State)
			}
		})
	}
	all.Wait()
	if f.Arrived != nil && f.arrived() < before+len(texts) {
		t.Errorf("%d of %d messages arrived", f.arrived()-before, len(texts))
	}
}

// checkCancelled wants an end soon after the caller has given up: sent, or an error that says so.
func checkCancelled(t *testing.T, f Fixture) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := f.Adapter.Send(ctx, f.Inbox, f.outgoing(100, "late"))
	var refused *channels.SendError
	if err != nil && !errors.Is(err, context.Canceled) && !errors.As(err, &refused) {
		t.Errorf("an error that tells neither a reason nor the cancellation: %v", err)
	}
}

func checkIdempotent(t *testing.T, f Fixture) {
	before := f.arrived()
	for range 3 {
		if _, err := f.Adapter.Send(t.Context(), f.Inbox, f.outgoing(200, "once")); err != nil {
			t.Fatal(err)
		}
	}
	if f.Arrived != nil && f.arrived() != before+1 {
		t.Errorf("one message sent three times arrived %d times", f.arrived()-before)
	}
}

// checkCallback wants the same request to mean the same message, so that a provider's repeat can be recognised.
func checkCallback(t *testing.T, f Fixture, hook channels.Webhook) {
	first, err := hook.Receive(f.Inbox, f.Callback())
	if err != nil {
		t.Fatal(err)
	}
	again, err := hook.Receive(f.Inbox, f.Callback())
	if err != nil {
		t.Fatal(err)
	}
	if first.Ring != nil && again.Ring != nil && len(first.Messages) == 0 {
		return // a bell: what it rings for is asked for
	}
	if len(first.Messages)+len(first.Receipts) == 0 || len(first.Messages) != len(again.Messages) {
		t.Fatalf("%d messages, then %d", len(first.Messages), len(again.Messages))
	}
	for i, m := range first.Messages {
		if m.SourceID == "" || m.SourceID != again.Messages[i].SourceID {
			t.Errorf("message %d: source id %q, then %q", i, m.SourceID, again.Messages[i].SourceID)
		}
		if m.Address == "" {
			t.Errorf("message %d has no sender", i)
		}
	}
}

// checkHostile wants an error, not a panic and not a message, for what is not the provider's.
func checkHostile(t *testing.T, f Fixture, hook channels.Webhook) {
	bodies := []string{"", "{", "[]", "null", `{"a":`, "<xml>", "<xml><ToUserName></xml>", "\x00\xff\xfe", strings.Repeat("[", 10_000), strings.Repeat("a=b&", 10_000)}
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		for _, body := range bodies {
			r := httptest.NewRequest(method, "/hooks/1?signature=x&timestamp=y&nonce=z&msg_signature=w", strings.NewReader(body))
			received, err := hook.Receive(f.Inbox, r)
			if err == nil || len(received.Messages) > 0 {
				t.Errorf("%s %.20q was taken: %+v, %v", method, body, received, err)
			}
		}
	}
	forged := f.Callback()
	for _, name := range []string{"X-Twilio-Signature", "X-Slack-Signature", "X-Huiyin-Signature", "Authorization"} {
		if forged.Header.Get(name) != "" {
			forged.Header.Set(name, "forged")
		}
	}
	query := forged.URL.Query()
	for _, name := range []string{"signature", "msg_signature"} {
		if query.Has(name) {
			query.Set(name, strings.Repeat("0", 40))
		}
	}
	if forged.URL.RawQuery != query.Encode() || forged.Header.Get("Authorization") == "forged" {
		forged.URL.RawQuery = query.Encode()
		if _, err := hook.Receive(f.Inbox, forged); !errors.Is(err, channels.ErrUnauthorized) {
			t.Errorf("a forged signature: %v", err)
		}
	}
}
