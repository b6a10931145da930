package simulator_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"huiyin/handoff/slack/simulator"
)

func TestEventsComeOverSocketModeAndAgainUntilAcknowledged(t *testing.T) {
	w, api := workspace(t, true, simulator.Options{Wait: 100 * time.Millisecond, Repeats: []time.Duration{0, 0, 0}})
	ann := w.Join("ann", "Ann", "ann@example.com")
	channel := w.Open("support", ann)
	client, events := connected(t, w, api)
	ts, err := w.Write(ann, channel, "", "hello")
	if err != nil {
		t.Fatal(err)
	}
	first := next(t, events, socketmode.EventTypeEventsAPI)
	again := next(t, events, socketmode.EventTypeEventsAPI) // the first was not acknowledged
	if again.Request.RetryAttempt != 1 || again.Request.RetryReason != "timeout" {
		t.Fatalf("the repeat says attempt %d, %q", again.Request.RetryAttempt, again.Request.RetryReason)
	}
	client.Ack(*again.Request)
	outer := first.Data.(slackevents.EventsAPIEvent)
	said, ok := outer.InnerEvent.Data.(*slackevents.MessageEvent)
	if !ok || said.TimeStamp != ts || said.User != ann || said.Text != "hello" || said.ChannelType != "channel" {
		t.Fatalf("the event is %+v", outer.InnerEvent.Data)
	}
	if idOf(t, first) != idOf(t, again) {
		t.Fatal("the repeat has another event_id")
	}
}

func idOf(t *testing.T, e socketmode.Event) string {
	t.Helper()
	var outer struct {
		EventID string `json:"event_id"`
	}
	if err := json.Unmarshal(e.Request.Payload, &outer); err != nil || outer.EventID == "" {
		t.Fatalf("no event_id in %s: %v", e.Request.Payload, err)
	}
	return outer.EventID
}

func TestTheAppReconnectsWhenSlackAsksForIt(t *testing.T) {
	w, api := workspace(t, true, simulator.Options{})
	connected(t, w, api)
	w.Refresh(false)
	if err := w.Await(soon(t), func() bool { return len(w.Calls("apps.connections.open")) >= 2 && w.Links() > 0 }); err != nil {
		t.Fatal("it did not come back:", err)
	}
}

func TestAButtonOpensADialogWhichShowsErrorsAndCloses(t *testing.T) {
	w, api := workspace(t, true, simulator.Options{})
	ctx := soon(t)
	ann := w.Join("ann", "Ann", "ann@example.com")
	channel := w.Open("support", ann)
	client, events := connected(t, w, api)
	button := slack.NewButtonBlockElement("reply", "17", slack.NewTextBlockObject("plain_text", "Reply", false, false))
	_, card, err := api.PostMessageContext(ctx, channel, slack.MsgOptionBlocks(slack.NewActionBlock("row", button)))
	if err != nil {
		t.Fatal(err)
	}
	answers := []any{map[string]any{}, map[string]any{"response_action": "errors", "errors": map[string]string{"body": "too short"}}, map[string]any{}}
	var work sync.WaitGroup
	defer work.Wait()
	work.Go(func() {
		for _, answer := range answers {
			e := next(t, events, socketmode.EventTypeInteractive)
			callback := e.Data.(slack.InteractionCallback)
			if callback.Type == slack.InteractionTypeBlockActions {
				if _, err := api.OpenViewContext(ctx, callback.TriggerID, dialog()); err != nil {
					t.Error(err)
				}
				if _, err := api.OpenViewContext(ctx, callback.TriggerID, dialog()); err == nil {
					t.Error("a trigger_id was good twice")
				}
			}
			client.Ack(*e.Request, answer)
		}
	})
	if err := w.Press(ann, channel, card, "reply", ""); err != nil {
		t.Fatal(err)
	}
	if err := w.Await(ctx, func() bool { return w.Dialog(ann) != nil }); err != nil {
		t.Fatal("no dialog:", err)
	}
	if err := w.Submit(ann, map[string]any{"text": "x"}); !errors.Is(err, simulator.ErrRefused) || w.Dialog(ann).Errors["body"] != "too short" {
		t.Fatal("the first submission:", err)
	}
	if err := w.Submit(ann, map[string]any{"text": "your bill"}); err != nil || w.Dialog(ann) != nil {
		t.Fatal("the second submission:", err)
	}
}

func dialog() slack.ModalViewRequest {
	plain := func(s string) *slack.TextBlockObject { return slack.NewTextBlockObject("plain_text", s, false, false) }
	input := slack.NewInputBlock("body", plain("Reply"), nil, slack.NewPlainTextInputBlockElement(nil, "text"))
	return slack.ModalViewRequest{Type: slack.VTModal, Title: plain("Reply"), Submit: plain("Send"), CallbackID: "reply", Blocks: slack.Blocks{BlockSet: []slack.Block{input}}}
}

func TestEventsOverHTTPAreSignedAndRepeated(t *testing.T) {
	type call struct{ retry, reason string }
	var mu sync.Mutex
	var calls []call
	app := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		verifier, err := slack.NewSecretsVerifier(r.Header, secret)
		if err != nil {
			t.Error(err)
			return
		}
		if _, err := io.Copy(&verifier, r.Body); err != nil || verifier.Ensure() != nil {
			t.Error("the signature is wrong:", err, verifier.Ensure())
		}
		mu.Lock()
		defer mu.Unlock()
		calls = append(calls, call{r.Header.Get("X-Slack-Retry-Num"), r.Header.Get("X-Slack-Retry-Reason")})
		if len(calls) < 3 {
			rw.WriteHeader(http.StatusInternalServerError)
		}
	}))
	defer app.Close()
	w, _ := workspace(t, false, simulator.Options{Repeats: []time.Duration{0, 0, 0}})
	ann := w.Join("ann", "Ann", "ann@example.com")
	channel := w.Open("support", ann)
	w.Configure(func(a *simulator.App) { a.EventsURL = app.URL })
	if _, err := w.Write(ann, channel, "", "hello"); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(10 * time.Second)
	for {
		mu.Lock()
		n := len(calls)
		mu.Unlock()
		if n == 3 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the event came %d times", n)
		}
		time.Sleep(5 * time.Millisecond)
	}
	want := []call{{}, {"1", "http_error"}, {"2", "http_error"}}
	for i, c := range calls {
		if c != want[i] {
			t.Errorf("attempt %d says %+v, want %+v", i, c, want[i])
		}
	}
}
