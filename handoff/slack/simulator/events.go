package simulator

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// event is what the app is told of a new message. https://docs.slack.dev/reference/events/message.channels
func event(m *Message, ch *Channel) map[string]any {
	raw, err := json.Marshal(m)
	e := map[string]any{}
	if err == nil {
		err = json.Unmarshal(raw, &e)
	}
	if err != nil { // a message is always an object
		return nil
	}
	delete(e, "reply_count")
	delete(e, "reactions")
	e["channel"], e["channel_type"], e["event_ts"] = ch.ID, ch.kind(), m.TS
	return e
}

func changedEvent(m, before *Message, ch *Channel, ts string) map[string]any {
	return map[string]any{"type": "message", "subtype": "message_changed", "hidden": true, "channel": ch.ID, "channel_type": ch.kind(), "ts": ts, "event_ts": ts,
		"message": m.copied(), "previous_message": before.copied()}
}

func deletedEvent(m *Message, ch *Channel, ts string) map[string]any {
	return map[string]any{"type": "message", "subtype": "message_deleted", "hidden": true, "channel": ch.ID, "channel_type": ch.kind(), "ts": ts, "event_ts": ts,
		"deleted_ts": m.TS, "previous_message": m.copied()}
}

// copied is the message as it is now, whatever becomes of it later.
func (m *Message) copied() Message { return *m }

// happens brings an event to the app, in the background; the caller holds the lock.
func (w *Workspace) happens(e map[string]any) {
	w.touch()
	if !w.installed && e["type"] != "app_uninstalled" && e["type"] != "tokens_revoked" {
		return
	}
	id := w.id("Ev")
	body, err := json.Marshal(map[string]any{"token": "legacy", "team_id": w.team.ID, "api_app_id": w.app.ID, "event": e, "type": "event_callback", "event_id": id,
		"event_time": w.now().Unix(), "authorizations": []map[string]any{{"team_id": w.team.ID, "user_id": botUser, "is_bot": true}}, "is_ext_shared_channel": false})
	if err != nil {
		return // it is made of strings
	}
	w.spawn(func() { w.bring(body) })
}

// spawn runs something that Stop waits for.
func (w *Workspace) spawn(run func()) {
	w.busy.Add(1)
	go func() {
		defer w.busy.Done()
		run()
	}()
}

// bring carries an event to the app until it is acknowledged or given up.
// https://docs.slack.dev/apis/events-api/#retries
func (w *Workspace) bring(body []byte) {
	reason := ""
	for attempt := 0; ; attempt++ {
		var err error
		if reason, err = w.carry(body, attempt, reason); err == nil || attempt >= len(w.repeats) {
			return
		}
		select {
		case <-time.After(w.repeats[attempt]):
		case <-w.ended.Done():
			return
		}
	}
}

func (w *Workspace) carry(body []byte, attempt int, reason string) (failed string, err error) {
	w.mu.Lock()
	app := w.app
	w.mu.Unlock()
	if app.Socket {
		_, err = w.envelope("events_api", body, attempt, reason)
		return "timeout", err
	}
	if app.EventsURL == "" {
		return "", nil
	}
	header := http.Header{"Content-Type": {"application/json"}}
	if attempt > 0 {
		header.Set("X-Slack-Retry-Num", strconv.Itoa(attempt))
		header.Set("X-Slack-Retry-Reason", reason)
	}
	status, _, no, err := w.request(app.EventsURL, header, body)
	switch {
	case err != nil:
		return "http_timeout", err
	case status/100 != 2:
		if no {
			return "", nil
		}
		return "http_error", fmt.Errorf("status %d", status)
	}
	return "", nil
}

// request posts something to the app with Slack's signature. noRetry: the app asked for no repeat.
// https://docs.slack.dev/authentication/verifying-requests-from-slack
func (w *Workspace) request(to string, header http.Header, body []byte) (status int, answer []byte, noRetry bool, err error) {
	ctx, cancel := context.WithTimeout(w.ended, w.wait)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return 0, nil, false, err
	}
	r.Header = header
	at := strconv.FormatInt(w.now().Unix(), 10)
	r.Header.Set("X-Slack-Request-Timestamp", at)
	r.Header.Set("X-Slack-Signature", w.Sign(at, body))
	r.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	response, err := w.client.Do(r)
	if err != nil {
		return 0, nil, false, err
	}
	defer response.Body.Close()
	answer, err = io.ReadAll(io.LimitReader(response.Body, maxBody))
	return response.StatusCode, answer, response.Header.Get("X-Slack-No-Retry") == "1", err
}

// Sign is Slack's signature of a body sent at a time in Unix seconds.
func (w *Workspace) Sign(at string, body []byte) string {
	w.mu.Lock()
	secret := w.app.SigningSecret
	w.mu.Unlock()
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "v0:%s:", at)
	mac.Write(body)
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

// Verify asks the app to prove the request URL, as saving it in the app's settings does.
// https://docs.slack.dev/reference/events/url_verification
func (w *Workspace) Verify(eventsURL string) error {
	body := []byte(`{"token":"legacy","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P","type":"url_verification"}`)
	status, answer, _, err := w.request(eventsURL, http.Header{"Content-Type": {"application/json"}}, body)
	if err != nil {
		return err
	}
	if status != http.StatusOK || !bytes.Contains(answer, []byte("3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P")) {
		return fmt.Errorf("your URL didn't respond with the value of the challenge parameter: status %d", status)
	}
	return nil
}

// interact brings an interaction to the app and returns its answer. It is not repeated: the person sees that it failed.
func (w *Workspace) interact(payload map[string]any) ([]byte, error) {
	body, err := json.Marshal(payload)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	app := w.app
	w.mu.Unlock()
	if app.Socket {
		return w.envelope("interactive", body, 0, "")
	}
	form := url.Values{"payload": {string(body)}}.Encode()
	return w.posted(app.ActionsURL, form)
}

func (w *Workspace) posted(to, form string) ([]byte, error) {
	status, answer, _, err := w.request(to, http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, []byte(form))
	if err != nil {
		return nil, err
	}
	if status != http.StatusOK {
		return nil, fmt.Errorf("the app answered with status %d", status)
	}
	return answer, nil
}
