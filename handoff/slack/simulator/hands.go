package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"
)

// What people do in Slack. Each of these brings the app what Slack would bring it.

var errGone = errors.New("there is no such thing")

// Write posts a message as a person, in a thread when thread is given, and returns its ts.
func (w *Workspace) Write(user, channel, thread, text string) (string, error) {
	return w.write(channel, &Message{Type: "message", User: user, Text: text, ThreadTS: thread})
}

// Share posts a file as a person.
func (w *Workspace) Share(user, channel, thread, name, text string, data []byte) (string, error) {
	w.mu.Lock()
	f := w.newFile(name, user)
	f.Data, f.Size = data, len(data)
	w.mu.Unlock()
	return w.write(channel, &Message{Type: "message", Subtype: "file_share", User: user, Text: text, ThreadTS: thread, Files: []*File{f}})
}

func (w *Workspace) write(channel string, m *Message) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch := w.channel(channel)
	if ch == nil || ch.Archived || !slices.Contains(ch.Members, m.User) {
		return "", errGone
	}
	w.post(ch, m)
	return m.TS, nil
}

// Edit changes a person's message.
func (w *Workspace) Edit(channel, ts, text string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch := w.channel(channel)
	if ch == nil || ch.message(ts) == nil {
		return errGone
	}
	m := ch.message(ts)
	before := *m
	m.Text, m.Edited = text, &Edited{User: m.User, TS: w.stamp()}
	w.happens(changedEvent(m, &before, ch, w.stamp()))
	return nil
}

// Erase deletes a message.
func (w *Workspace) Erase(channel, ts string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch := w.channel(channel)
	if ch == nil || ch.message(ts) == nil {
		return errGone
	}
	m := ch.message(ts)
	m.Deleted = true
	w.happens(deletedEvent(m, ch, w.stamp()))
	return nil
}

// person is a user as interactions show it.
func (w *Workspace) person(id string) map[string]any {
	u := w.user(id)
	if u == nil {
		return map[string]any{"id": id, "username": "", "name": "", "team_id": w.team.ID}
	}
	return map[string]any{"id": id, "username": u.Name, "name": u.Name, "team_id": w.team.ID}
}

// base is what all interactions hold; the caller holds the lock.
func (w *Workspace) payload(kind, user string) map[string]any {
	return map[string]any{"type": kind, "token": "legacy", "api_app_id": w.app.ID, "team": map[string]string{"id": w.team.ID, "domain": w.team.Domain},
		"user": w.person(user), "trigger_id": w.trigger(user), "is_enterprise_install": false}
}

// Press presses a button, or picks value in a menu, of a message.
func (w *Workspace) Press(user, channel, ts, action, value string) error {
	w.mu.Lock()
	ch := w.channel(channel)
	if ch == nil || ch.message(ts) == nil {
		w.mu.Unlock()
		return errGone
	}
	m := ch.message(ts)
	e, blockID, ok := find(m.Blocks, action)
	if !ok {
		w.mu.Unlock()
		return fmt.Errorf("message %s has no action %q", ts, action)
	}
	p := w.payload("block_actions", user)
	container := map[string]any{"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": m.Ephemeral != ""}
	if m.ThreadTS != "" {
		container["thread_ts"] = m.ThreadTS
	}
	p["container"], p["message"], p["channel"] = container, m.copied(), map[string]string{"id": channel, "name": ch.Name}
	p["actions"], p["state"] = w.acted(e, blockID, value), map[string]any{"values": map[string]any{}}
	p["response_url"] = w.responder(ch, m, user)
	w.mu.Unlock()
	_, err := w.interact(p)
	return err
}

// acted is the actions of a payload; the caller holds the lock.
func (w *Workspace) acted(e element, blockID, value string) []map[string]any {
	a := map[string]any{"type": e.Type, "action_id": e.ActionID, "block_id": blockID, "action_ts": w.stamp()}
	switch {
	case e.Type == "button":
		a["value"], a["text"] = e.Value, e.Text
	case e.Type == "users_select":
		a["selected_user"] = value
	default:
		a["selected_option"] = map[string]any{"value": value, "text": textObject{Type: "plain_text", Text: value}}
	}
	return []map[string]any{a}
}

// PressView presses a button, or picks value in a menu, of the app home or the open dialog with this id.
func (w *Workspace) PressView(user, view, action, value string) error {
	w.mu.Lock()
	v := w.views[view]
	if v == nil || v.User != user || v.Closed {
		w.mu.Unlock()
		return errGone
	}
	e, blockID, ok := find(v.Blocks, action)
	if !ok {
		w.mu.Unlock()
		return fmt.Errorf("view %s has no action %q", view, action)
	}
	p := w.payload("block_actions", user)
	p["container"], p["view"] = map[string]any{"type": "view", "view_id": v.ID}, *v
	p["actions"] = w.acted(e, blockID, value)
	w.mu.Unlock()
	_, err := w.interact(p)
	return err
}

// OpenHome opens the app's home tab.
func (w *Workspace) OpenHome(user string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	e := map[string]any{"type": "app_home_opened", "user": user, "channel": w.direct(user).ID, "tab": "home", "event_ts": w.stamp()}
	if v := w.homes[user]; v != nil {
		e["view"] = *v
	}
	w.happens(e)
}

// Shortcut uses a shortcut of the app on a message.
func (w *Workspace) Shortcut(user, channel, ts, callback string) error {
	w.mu.Lock()
	ch := w.channel(channel)
	if ch == nil || ch.message(ts) == nil {
		w.mu.Unlock()
		return errGone
	}
	m := ch.message(ts)
	p := w.payload("message_action", user)
	p["callback_id"], p["message_ts"], p["message"], p["action_ts"] = callback, ts, m.copied(), w.stamp()
	p["channel"], p["response_url"] = map[string]string{"id": channel, "name": ch.Name}, w.responder(ch, m, user)
	w.mu.Unlock()
	_, err := w.interact(p)
	return err
}

// Command runs a slash command in a channel; Slack allows none in a thread.
func (w *Workspace) Command(user, channel, command, text string) ([]byte, error) {
	w.mu.Lock()
	ch := w.channel(channel)
	if ch == nil {
		w.mu.Unlock()
		return nil, errGone
	}
	name := ""
	if u := w.user(user); u != nil {
		name = u.Name
	}
	fields := map[string]string{"token": "legacy", "team_id": w.team.ID, "team_domain": w.team.Domain, "channel_id": channel, "channel_name": ch.Name, "user_id": user,
		"user_name": name, "command": command, "text": text, "api_app_id": w.app.ID, "response_url": w.responder(ch, nil, user), "trigger_id": w.trigger(user)}
	app := w.app
	w.mu.Unlock()
	if app.Socket {
		body, err := json.Marshal(fields)
		if err != nil {
			return nil, err
		}
		return w.envelope("slash_commands", body, 0, "")
	}
	form := url.Values{}
	for k, v := range fields {
		form.Set(k, v)
	}
	return w.posted(app.ActionsURL, form.Encode())
}

// Uninstall takes the app out of the workspace: its token is dead.
func (w *Workspace) Uninstall() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.installed = false
	w.happens(map[string]any{"type": "app_uninstalled"})
	w.happens(map[string]any{"type": "tokens_revoked", "tokens": map[string]any{"oauth": []string{}, "bot": []string{botUser}}})
}

// Install brings the app back, with a new bot token.
func (w *Workspace) Install(botToken string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.installed, w.app.BotToken = true, botToken
	w.touch()
}

// responder is a response_url: five answers in half an hour.
// https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
type responder struct {
	channel *Channel
	message *Message
	user    string
	left    int
	until   time.Time
}

func (w *Workspace) responder(ch *Channel, m *Message, user string) string {
	id := w.id("R")
	w.responses[id] = &responder{channel: ch, message: m, user: user, left: 5, until: w.now().Add(30 * time.Minute)}
	return w.base + "/actions/" + id
}
