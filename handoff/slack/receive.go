package slack

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"huiyin/db"
)

const (
	maxRequest  = 1 << 20
	answerUntil = 2500 * time.Millisecond // Slack waits three seconds
)

// ServeEvents takes what Slack's Events API brings; what is answered with 200 is durable.
// https://docs.slack.dev/apis/events-api/
func (b *Board) ServeEvents(w http.ResponseWriter, r *http.Request) {
	body, ok := b.verified(w, r)
	if !ok {
		return
	}
	var outer struct{ Type, Challenge string }
	if err := json.Unmarshal(body, &outer); err != nil {
		http.Error(w, "this is no event", http.StatusBadRequest)
		return
	}
	if outer.Type == "url_verification" {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, outer.Challenge) // Slack may have gone
		return
	}
	if err := b.keep(r.Context(), body); err != nil {
		b.Log.Error("event of Slack's not stored; Slack repeats it", "error", err)
		http.Error(w, "not stored", http.StatusServiceUnavailable)
	}
}

// ServeActions takes interactions and commands, and answers them.
// https://docs.slack.dev/interactivity/handling-user-interaction
func (b *Board) ServeActions(w http.ResponseWriter, r *http.Request) {
	body, ok := b.verified(w, r)
	if !ok {
		return
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		http.Error(w, "this is no form", http.StatusBadRequest)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), answerUntil)
	defer cancel()
	var answer any
	if payload := form.Get("payload"); payload != "" {
		answer = b.interact(ctx, []byte(payload))
	} else {
		answer = b.command(ctx, command{User: form.Get("user_id"), Team: form.Get("team_id"), Command: form.Get("command"), Text: form.Get("text")})
	}
	if answer == nil {
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		return // Slack has gone
	}
}

// verified reads a request and checks Slack's signature and its age.
// https://docs.slack.dev/authentication/verifying-requests-from-slack
func (b *Board) verified(w http.ResponseWriter, r *http.Request) (body []byte, ok bool) {
	app, err := b.App(r.Context(), b.DB)
	if err != nil {
		http.Error(w, "not now", http.StatusServiceUnavailable)
		return nil, false
	}
	if !app.Enabled || app.Socket || app.SigningSecret == "" {
		http.NotFound(w, r)
		return nil, false
	}
	body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		http.Error(w, "the request is too large", http.StatusRequestEntityTooLarge)
		return nil, false
	}
	verifier, err := slack.NewSecretsVerifier(r.Header, app.SigningSecret)
	if err == nil {
		_, err = verifier.Write(body)
	}
	if err == nil {
		err = verifier.Ensure()
	}
	if err != nil {
		http.Error(w, "the request is not signed by Slack", http.StatusUnauthorized)
		return nil, false
	}
	return body, true
}

// keep stores an event, so that it may be acknowledged; a repeat adds nothing.
func (b *Board) keep(ctx context.Context, body []byte) error {
	var outer struct {
		ID    string `json:"event_id"`
		Type  string `json:"type"`
		Event struct {
			Channel json.RawMessage `json:"channel"` // an object in some events
		} `json:"event"`
	}
	if err := json.Unmarshal(body, &outer); err != nil || outer.Type != "event_callback" || outer.ID == "" {
		return nil // nothing that we heed
	}
	var channel string
	if json.Unmarshal(outer.Event.Channel, &channel) != nil {
		channel = ""
	}
	return b.enqueue(ctx, outer.ID, channel, body)
}

func (b *Board) enqueue(ctx context.Context, id, channel string, body []byte) error {
	return b.DB.Tx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO slack_events (event_id, channel, body, at, due_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (event_id) DO NOTHING",
			id, channel, string(body), db.Millis(tx.Now), db.Millis(tx.Now))
		tx.OnCommit(func() { b.Live.Pulse(topicEvents) })
		return err
	})
}

// connect keeps a connection of Socket Mode until ctx ends.
func (b *Board) connect(ctx context.Context, app App) {
	for ctx.Err() == nil {
		c := b.newClient(app)
		socket := socketmode.New(c.Client)
		running, stop := context.WithCancel(ctx)
		done := make(chan error, 1)
		go func() { done <- socket.RunContext(running) }()
		err := b.converse(running, socket, done)
		stop()
		if ctx.Err() != nil {
			return
		}
		b.trouble(ctx, socketWords(err))
		b.Log.Warn("Slack's connection ended; trying again", "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(pauseChannel):
		}
	}
}

// converse heeds what comes over a connection until it ends for good; the library reconnects by itself meanwhile.
func (b *Board) converse(ctx context.Context, socket *socketmode.Client, done <-chan error) error {
	for {
		select {
		case err := <-done:
			return errors.Join(err, ctx.Err())
		case e := <-socket.Events:
			switch e.Type {
			case socketmode.EventTypeConnected:
				b.trouble(ctx, "")
			case socketmode.EventTypeConnectionError:
				b.Log.Warn("no connection with Slack; trying again", "error", e.Data)
			}
			if e.Request != nil {
				go b.received(ctx, socket, e)
			}
		}
	}
}

// received heeds one envelope and acknowledges it; an event only once it is durable.
func (b *Board) received(ctx context.Context, socket *socketmode.Client, e socketmode.Event) {
	var answer any
	switch e.Type {
	case socketmode.EventTypeEventsAPI:
		if err := b.keep(ctx, e.Request.Payload); err != nil {
			b.Log.Error("event of Slack's not stored; Slack repeats it", "error", err)
			return
		}
	case socketmode.EventTypeInteractive:
		within, cancel := context.WithTimeout(ctx, answerUntil)
		answer = b.interact(within, e.Request.Payload)
		cancel()
	case socketmode.EventTypeSlashCommand:
		var c command
		if err := json.Unmarshal(e.Request.Payload, &c); err == nil {
			within, cancel := context.WithTimeout(ctx, answerUntil)
			answer = b.command(within, c)
			cancel()
		}
	default:
		return
	}
	var err error
	if answer == nil {
		err = socket.Ack(*e.Request)
	} else {
		err = socket.Ack(*e.Request, answer)
	}
	if err != nil {
		b.Log.Warn("not acknowledged to Slack, which repeats it", "error", err)
	}
}
