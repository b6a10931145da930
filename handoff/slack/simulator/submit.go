package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// ErrRefused is a submission that the app refused with errors at its fields, which stay in the dialog.
var ErrRefused = errors.New("the dialog shows errors")

// Submit submits the dialog that a person has open. values are by action id: text, a list of chosen values, or one.
func (w *Workspace) Submit(user string, values map[string]any) error {
	w.mu.Lock()
	v := w.top(user)
	if v == nil {
		w.mu.Unlock()
		return errGone
	}
	state, err := stateOf(v.Blocks, values)
	if err != nil {
		w.mu.Unlock()
		return err
	}
	v.State = state
	p := w.payload("view_submission", user)
	p["view"], p["response_urls"] = *v, []string{}
	w.mu.Unlock()
	answer, err := w.interact(p)
	if err != nil {
		return fmt.Errorf("we had some trouble connecting: %w", err)
	}
	return w.answered(v, user, answer)
}

// answered carries out what the app answered to a submission.
// https://docs.slack.dev/surfaces/modals#updating_response
func (w *Workspace) answered(v *View, user string, answer []byte) error {
	var said struct {
		Action string         `json:"response_action"`
		Errors map[string]any `json:"errors"`
		View   *View          `json:"view"`
	}
	if len(answer) > 0 && json.Unmarshal(answer, &said) != nil {
		return errors.New("we had some trouble connecting: the app's answer is no JSON")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	defer w.touch()
	v.Errors = nil
	switch said.Action {
	case "errors":
		v.Errors = said.Errors
		return ErrRefused
	case "update":
		if said.View != nil {
			w.replace(v, said.View)
		}
	case "push":
		if said.View != nil {
			said.View.RootViewID, said.View.PreviousViewID = v.RootViewID, v.ID
			w.show(said.View, user)
		}
	case "clear":
		w.closeAll(v.RootViewID)
	default:
		v.Closed = true
	}
	return nil
}

func (w *Workspace) closeAll(root string) {
	for _, v := range w.views {
		if v.RootViewID == root {
			v.Closed = true
		}
	}
}

// Dismiss closes the dialog that a person has open without submitting it.
func (w *Workspace) Dismiss(user string) error {
	w.mu.Lock()
	v := w.top(user)
	if v == nil {
		w.mu.Unlock()
		return errGone
	}
	v.Closed = true
	p := w.payload("view_closed", user)
	p["view"], p["is_cleared"] = *v, false
	w.touch()
	w.mu.Unlock()
	if !v.NotifyOnClose {
		return nil
	}
	_, err := w.interact(p)
	return err
}

// stateOf is the state of a dialog whose inputs hold the values.
func stateOf(blocks json.RawMessage, values map[string]any) (json.RawMessage, error) {
	var inputs []struct {
		Type     string `json:"type"`
		BlockID  string `json:"block_id"`
		Optional bool   `json:"optional"`
		Element  struct {
			Type      string `json:"type"`
			ActionID  string `json:"action_id"`
			Initial   string `json:"initial_value"`
			MaxLength int    `json:"max_length"`
		} `json:"element"`
	}
	if err := json.Unmarshal(blocks, &inputs); err != nil {
		return nil, err
	}
	state := map[string]map[string]any{}
	for _, in := range inputs {
		if in.Type != "input" {
			continue
		}
		value, given := values[in.Element.ActionID]
		if !given && in.Element.Initial != "" {
			value, given = in.Element.Initial, true
		}
		if !given && !in.Optional {
			return nil, fmt.Errorf("%q has to be filled in", in.Element.ActionID)
		}
		if text, ok := value.(string); ok && in.Element.MaxLength > 0 && len([]rune(text)) > in.Element.MaxLength {
			return nil, fmt.Errorf("%q is too long", in.Element.ActionID)
		}
		state[in.BlockID] = map[string]any{in.Element.ActionID: entered(in.Element.Type, value)}
	}
	return json.Marshal(map[string]any{"values": state})
}

// entered is a value in the form that its element has in a state.
func entered(kind string, value any) map[string]any {
	e := map[string]any{"type": kind}
	switch kind {
	case "plain_text_input", "datetimepicker", "number_input", "email_text_input":
		e["value"] = value
	case "users_select":
		e["selected_user"] = value
	case "static_select", "radio_buttons", "external_select":
		if value == nil {
			e["selected_option"] = nil
			break
		}
		e["selected_option"] = option(value)
	case "checkboxes", "multi_static_select":
		options := []any{}
		list, _ := value.([]string)
		for _, one := range list {
			options = append(options, option(one))
		}
		e["selected_options"] = options
	case "file_input":
		files, _ := value.([]*File)
		e["files"] = files
	case "datepicker":
		e["selected_date"] = value
	case "timepicker":
		e["selected_time"] = value
	}
	return e
}

func option(value any) map[string]any {
	return map[string]any{"value": value, "text": textObject{Type: "plain_text", Text: fmt.Sprint(value)}}
}

// serveResponse takes an answer sent to a response_url.
func (w *Workspace) serveResponse(rw http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	var said struct {
		Text            string          `json:"text"`
		Blocks          json.RawMessage `json:"blocks"`
		ResponseType    string          `json:"response_type"`
		ReplaceOriginal bool            `json:"replace_original"`
		DeleteOriginal  bool            `json:"delete_original"`
		ThreadTS        string          `json:"thread_ts"`
	}
	if err != nil || json.Unmarshal(raw, &said) != nil {
		http.Error(rw, "invalid_payload", http.StatusBadRequest)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	a := w.responses[strings.TrimPrefix(r.URL.Path, "/actions/")]
	if a == nil || a.left == 0 || w.now().After(a.until) {
		http.Error(rw, "expired_url", http.StatusNotFound)
		return
	}
	a.left--
	m := &Message{Type: "message", Text: said.Text, Blocks: said.Blocks, User: botUser, BotID: botID, AppID: w.app.ID}
	switch {
	case said.DeleteOriginal && a.message != nil:
		a.message.Deleted = true
	case said.ReplaceOriginal && a.message != nil:
		a.message.Text, a.message.Blocks = said.Text, said.Blocks
	case said.ResponseType == "in_channel":
		m.ThreadTS = said.ThreadTS
		w.post(a.channel, m)
	default:
		w.whisper(a.channel, m, a.user, said.ThreadTS)
	}
	w.touch()
	_, _ = io.WriteString(rw, "ok") // the caller may have gone
}
