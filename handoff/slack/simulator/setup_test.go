package simulator_test

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"huiyin/handoff/slack/simulator"
)

const (
	botToken = "xoxb-1"
	appToken = "xapp-1"
	secret   = "8f742231b10e8888abcd99yyyzzz85a5"
)

// workspace starts a Slack with an app and a client of Slack's own library.
func workspace(t *testing.T, socket bool, o simulator.Options) (*simulator.Workspace, *slack.Client) {
	t.Helper()
	w := simulator.New(o, simulator.App{ID: "A1", Name: "Huiyin", BotToken: botToken, AppToken: appToken, SigningSecret: secret, Socket: socket})
	server := httptest.NewServer(w)
	w.At(server.URL)
	t.Cleanup(func() { w.Stop(); server.Close() })
	return w, slack.New(botToken, slack.OptionAPIURL(server.URL+"/api/"), slack.OptionAppLevelToken(appToken))
}

func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// connected runs Slack's own Socket Mode client; what comes is sent to the channel.
func connected(t *testing.T, w *simulator.Workspace, api *slack.Client) (*socketmode.Client, <-chan socketmode.Event) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	client := socketmode.New(api)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = client.RunContext(ctx) // it ends with the test
	}()
	t.Cleanup(func() { cancel(); <-done })
	if err := w.Await(soon(t), func() bool { return w.Links() > 0 }); err != nil {
		t.Fatal("no connection:", err)
	}
	return client, client.Events
}

// next is the next event of a type.
func next(t *testing.T, from <-chan socketmode.Event, kind socketmode.EventType) socketmode.Event {
	t.Helper()
	late := time.After(10 * time.Second)
	for {
		select {
		case e := <-from:
			if e.Type == kind {
				return e
			}
		case <-late:
			t.Fatalf("no event of type %s", kind)
		}
	}
}
