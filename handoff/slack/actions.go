package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"huiyin/db"
	"huiyin/handoff"
)

// interaction is what we heed of an interaction. https://docs.slack.dev/reference/interaction-payloads
type interaction struct {
	Type       string `json:"type"`
	CallbackID string `json:"callback_id"`
	TriggerID  string `json:"trigger_id"`
	Team       struct {
		ID string `json:"id"`
	} `json:"team"`
	User struct {
		ID string `json:"id"`
	} `json:"user"`
	Channel struct {
		ID string `json:"id"`
	} `json:"channel"`
	Message event `json:"message"`
	Actions []struct {
		ActionID string `json:"action_id"`
		Value    string `json:"value"`
	} `json:"actions"`
	View struct {
		ID              string `json:"id"`
		CallbackID      string `json:"callback_id"`
		PrivateMetadata string `json:"private_metadata"`
		State           struct {
			Values map[string]map[string]entered `json:"values"`
		} `json:"state"`
	} `json:"view"`
}

// entered is what was entered into one element of a dialog.
type entered struct {
	Value    string       `json:"value"`
	Selected *choice      `json:"selected_option"`
	Files    []sharedFile `json:"files"`
}

type choice struct {
	Value string `json:"value"`
}

// value is what was entered into the only element of a block.
func (in interaction) value(block string) string {
	for _, e := range in.View.State.Values[block] {
		if e.Selected != nil {
			return e.Selected.Value
		}
		return e.Value
	}
	return ""
}

// interact does what somebody asks for with a button, a shortcut or a dialog, and gives the answer to it; nil for none.
func (b *Board) interact(ctx context.Context, payload []byte) any {
	var in interaction
	if err := json.Unmarshal(payload, &in); err != nil {
		return nil
	}
	api, err := b.client(ctx)
	if err != nil || in.Team.ID != api.team {
		b.Log.Warn("an interaction in Slack was not heeded", "type", in.Type, "error", err)
		return nil
	}
	p := &press{Board: b, client: api, in: in, w: phrasesFor(api.app.Language)}
	if p.agent, err = b.agentOf(ctx, in.User.ID); err != nil {
		b.Log.Error("an interaction in Slack was not heeded", "type", in.Type, "error", err)
		return nil
	}
	switch in.Type {
	case "block_actions":
		p.buttons(ctx)
	case "message_action":
		p.shortcut(ctx)
	case "view_submission":
		return p.submitted(ctx)
	}
	return nil
}

// press is one interaction under way.
type press struct {
	*Board
	*client
	in    interaction
	agent int64 // 0: not linked
	w     phrases
}

func (p *press) buttons(ctx context.Context) {
	for _, a := range p.in.Actions {
		id, _ := strconv.ParseInt(a.Value, 10, 64) // 0 for buttons without a conversation
		if err := p.button(ctx, a.ActionID, id); err != nil {
			p.tell(ctx, err)
		}
	}
}

func (p *press) button(ctx context.Context, action string, id int64) error {
	switch {
	case action == actOpen:
		return nil
	case action == actLink:
		return p.open(ctx, p.linkDialog())
	case p.agent == 0:
		if err := p.open(ctx, p.linkDialog()); err != nil {
			return err
		}
		return errNotLinked
	case action == actOnline, action == actAway:
		if err := p.setDuty(ctx, p.agent, action == actOnline); err != nil {
			return err
		}
		return p.showHome(ctx, p.client, p.in.User.ID, "")
	case id == 0:
		return nil
	}
	switch action {
	case actReply:
		return p.openReply(ctx, id, byDialog, "", nil)
	case actTransfer:
		return p.openTransfer(ctx, id)
	case actSnooze:
		return p.openSnooze(ctx, id)
	}
	return p.change(ctx, action, id)
}

// change does what a button does without a dialog.
func (p *press) change(ctx context.Context, action string, id int64) error {
	err := p.act(ctx, p.agent, func(tx *db.Tx, agent handoff.Agent) (err error) {
		switch action {
		case actClaim:
			_, err = p.Desk.Claim(ctx, tx, id, agent, false)
		case actRelease:
			_, err = p.Desk.Release(ctx, tx, id, agent, handoff.ToQueue)
		case actResolve:
			_, err = p.Desk.Resolve(ctx, tx, id, agent)
		case actReopen:
			_, err = p.Desk.Reopen(ctx, tx, id, agent)
		}
		return err
	})
	if err == nil && p.atHome() {
		return p.showHome(ctx, p.client, p.in.User.ID, "")
	}
	return err
}

// atHome tells whether it was pressed in the app home.
func (p *press) atHome() bool { return p.in.Channel.ID == "" }

// tell says to the person what went wrong, where they pressed.
func (p *press) tell(ctx context.Context, failure error) {
	text := p.w.explain(failure)
	if errors.Is(failure, errNotLinked) {
		text = p.w.notLinked
	}
	if text == "" {
		text = fmt.Sprintf(p.w.failed, failure)
		p.Log.Error("what was pressed in Slack was not done", "error", failure)
	}
	ctx = context.WithoutCancel(ctx)
	var err error
	if p.atHome() { // there is no thread to say it in
		err = p.showHome(ctx, p.client, p.in.User.ID, text)
	} else {
		err = p.tellUser(ctx, p.client, p.in.User.ID, ref(p.in.Channel.ID, or(p.in.Message.ThreadTS, p.in.Message.TS)), text)
	}
	if err != nil {
		p.Log.Warn("a user in Slack was not told what went wrong", "error", err)
	}
}

// shortcut is "send to customer" on a message in a thread: the text is shown once more before it goes.
func (p *press) shortcut(ctx context.Context) {
	if p.in.CallbackID != shortcutSend {
		return
	}
	m := p.in.Message
	id, err := p.at(ctx, p.client, p.in.Channel.ID, m.ThreadTS)
	switch {
	case err != nil:
	case id == 0 || m.BotID != "" || m.TS == m.ThreadTS:
		err = errors.New(p.w.notColleagues)
	case p.agent == 0:
		err = errNotLinked
	default:
		err = p.openReply(ctx, id, byShortcut, p.readable(ctx, m.Text), m.Files)
	}
	if err != nil {
		p.tell(ctx, err)
	}
}

// command is what we heed of a slash command. Slack lets nobody use one in a thread.
// https://docs.slack.dev/interactivity/implementing-slash-commands
type command struct {
	User    string `json:"user_id"`
	Team    string `json:"team_id"`
	Command string `json:"command"`
	Text    string `json:"text"`
}

func (b *Board) command(ctx context.Context, c command) any {
	app, err := b.App(ctx, b.DB)
	if err != nil {
		return nil
	}
	if api, err := b.client(ctx); err != nil || api.team != c.Team {
		b.Log.Warn("a command in Slack was not heeded", "team", c.Team, "error", err)
		return nil
	}
	w := phrasesFor(app.Language)
	verb, rest, _ := strings.Cut(strings.TrimSpace(c.Text), " ")
	text := w.commands
	agent, err := b.agentOf(ctx, c.User)
	switch {
	case err != nil:
	case verb == "link":
		text, err = b.linked(ctx, w, c.User, rest)
	case (verb == "online" || verb == "away") && agent == 0:
		text = w.notLinked
	case verb == "online" || verb == "away":
		text, err = w.done, b.setDuty(ctx, agent, verb == "online")
	}
	if err != nil {
		b.Log.Error("a command in Slack was not carried out", "error", err)
		text = fmt.Sprintf(w.failed, err)
	}
	return map[string]string{"response_type": "ephemeral", "text": text}
}

func (b *Board) linked(ctx context.Context, w phrases, user, typed string) (string, error) {
	agent, err := b.link(ctx, user, typed)
	if errors.Is(err, errBadCode) {
		return w.badCode, nil
	}
	return fmt.Sprintf(w.linked, agent), err
}
