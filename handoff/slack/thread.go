package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff/mirror"
)

// state is what is kept of a thread besides where it is.
type state struct {
	Card   string `json:"card,omitempty"`   // the card as it was shown last
	Matter string `json:"matter,omitempty"` // what the customer wanted when they were handed over
	Since  int64  `json:"since,omitempty"`  // when that was
	Spoken string `json:"spoken,omitempty"` // and in which language
	Begun  bool   `json:"begun,omitempty"`  // what was said before is there
}

// shown is what is kept of a message that stands in a thread.
type shown struct {
	Text  string `json:"text,omitempty"`  // what was shown of its delivery
	Files int    `json:"files,omitempty"` // how many of its files are there
	Many  bool   `json:"many,omitempty"`  // it is what was said before the hand-off, in one
}

// ref is where a thread is: the channel and the ts of its root.
func ref(channel, ts string) string { return channel + ":" + ts }

func parseRef(ref string) (channel, ts string) {
	channel, ts, _ = strings.Cut(ref, ":")
	return channel, ts
}

// metadata marks our messages, so that after a crash it can be seen which of them Slack has.
// https://docs.slack.dev/messaging/message-metadata
const metadata = "huiyin_message"

// followed bounds how many of the newest messages of a thread are kept up to date.
const followed = 20

// history is how many messages before the hand-off open a thread.
const history = 10

// Wants tells whether a conversation gets a thread: when it is in human hands and its team has a channel.
func (b *Board) Wants(ctx context.Context, from db.Querier, c *conversation.Conversation) (bool, error) {
	if c.Status != conversation.Open {
		return false, nil
	}
	app, err := b.App(ctx, from)
	return err == nil && app.Enabled && app.channel(c.TeamID) != "", err
}

// thread is one conversation being brought in step.
type thread struct {
	*Board
	*client
	place *mirror.Place
	view  view
	state state
	there map[int64]string // our messages that Slack has, by seq, when that had to be asked
	told  int64            // how far the one goes that tells what was said before, when Slack has it
}

// Show brings a thread in step: the card, what was said since, files, and what became of our messages.
func (b *Board) Show(ctx context.Context, p *mirror.Place) error {
	api, err := b.client(ctx)
	if err != nil {
		return err
	}
	t := &thread{Board: b, client: api, place: p}
	if p.State != "" {
		if err := json.Unmarshal([]byte(p.State), &t.state); err != nil {
			return fmt.Errorf("state of a thread: %w", err)
		}
	}
	if t.view, err = b.look(ctx, p.ConversationID, api.app); err != nil {
		return err
	}
	t.remember()
	if err := t.settle(ctx); err != nil {
		return err
	}
	if t.place.Ref == "" && api.app.channel(t.view.c.TeamID) == "" {
		return nil // its team does not work in Slack
	}
	return t.show(ctx)
}

// show takes the steps in order. A card that has to wait for its turn does not keep back what was said.
func (t *thread) show(ctx context.Context) error {
	if err := t.open(ctx); err != nil {
		return err
	}
	held := t.card(ctx)
	var later *mirror.Later
	if held != nil && (!errors.As(held, &later) || later.Problem != "" || later.Idle) {
		return held
	}
	for _, step := range []func(context.Context) error{t.tell, t.refresh} {
		if err := step(ctx); err != nil {
			return t.failed(ctx, t.channel(), err)
		}
	}
	return held
}

// remember keeps what the customer wanted at the hand-off, so that the card is not shown anew with every message.
func (t *thread) remember() {
	since := db.Millis(t.view.c.QueuedAt)
	if t.state.Matter == "" || t.state.Spoken != t.app.Language || since != 0 && since != t.state.Since {
		t.state.Matter, t.state.Since, t.state.Spoken = t.view.about(), since, t.app.Language
	}
	t.view.matter = t.state.Matter
}

func (t *thread) channel() string { c, _ := parseRef(t.place.Ref); return c }

func (t *thread) save(ctx context.Context) error {
	if err := t.keep(); err != nil {
		return err
	}
	return t.place.Save(ctx)
}

// keep puts the state into the place, to be saved with the next step.
func (t *thread) keep() error {
	text, err := json.Marshal(t.state)
	t.place.State = string(text)
	return err
}

// settle leaves a thread whose channel is not the one of the conversation's team any more, with a word on where it went. A
// new thread begins there; a team that has no channel works in the console, and nothing more is told to the old one.
func (t *thread) settle(ctx context.Context) error {
	want := t.app.channel(t.view.c.TeamID)
	if t.place.Ref == "" || want == t.channel() || t.view.c.Status == conversation.Resolved {
		return nil
	}
	channel, ts := parseRef(t.place.Ref)
	text := t.view.w.movedAway
	if want != "" {
		text = fmt.Sprintf(t.view.w.moved, want)
	}
	err := t.change(ctx, channel, ts, slack.MsgOptionText(text, false), slack.MsgOptionBlocks(section(text)))
	if err != nil && code(err) == "" {
		return err
	}
	return t.leave(ctx)
}

// leave ends the thread; the next one begins with what was said before.
func (t *thread) leave(ctx context.Context) error {
	t.state.Card, t.state.Begun = "", false
	if err := t.keep(); err != nil {
		return err
	}
	return t.place.Leave(ctx)
}

// open posts the root of the thread with its card, and what was said before.
func (t *thread) open(ctx context.Context) error {
	if t.place.Ref != "" {
		return nil
	}
	channel := t.app.channel(t.view.c.TeamID)
	text, blocks := t.view.card()
	ts, err := t.found(ctx, channel, "", 0)
	t.state.Card = "" // one that is found may say what was true then
	if err == nil && ts == "" {
		ts, err = t.post(ctx, channel, "", mark{}, slack.MsgOptionText(text, false), slack.MsgOptionBlocks(blocks...))
		t.state.Card = hash(text, blocks)
	}
	if err != nil {
		return t.failed(ctx, channel, err)
	}
	t.place.Ref, t.there = ref(channel, ts), nil
	if !t.state.Begun {
		t.place.Seq = max(0, t.place.Seq-history)
	}
	return t.save(ctx)
}

// mark says which message of ours one in Slack is: the card's seq is 0.
type mark struct {
	seq  int64
	many bool
}

// post posts a message of ours with its mark.
func (t *thread) post(ctx context.Context, channel, root string, as mark, options ...slack.MsgOption) (ts string, err error) {
	if err := t.pace.wait(ctx, channel, postEach, postBurst); err != nil {
		return "", err
	}
	options = append(options, slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
		slack.MsgOptionMetadata(slack.SlackMetadata{EventType: metadata, EventPayload: map[string]any{"conversation": t.place.ConversationID, "seq": as.seq, "many": as.many}}))
	if root != "" {
		options = append(options, slack.MsgOptionTS(root))
	}
	_, ts, err = t.PostMessageContext(ctx, channel, options...)
	return ts, err
}

// card shows the card anew when it says something else than before.
func (t *thread) card(ctx context.Context) error {
	text, blocks := t.view.card()
	if hash(text, blocks) == t.state.Card {
		return nil
	}
	channel, ts := parseRef(t.place.Ref)
	err := t.change(ctx, channel, ts, slack.MsgOptionText(text, false), slack.MsgOptionBlocks(blocks...))
	switch {
	case gone(err): // somebody deleted the card: the thread begins anew
		return errors.Join(t.leave(ctx), &mirror.Later{Idle: true})
	case err != nil:
		return err
	}
	t.state.Card = hash(text, blocks)
	return t.save(ctx)
}

// updates is the room of chat.update, which Slack counts for the whole workspace.
const updates = "chat.update"

// change changes a message of ours. What Slack refuses for the message itself is returned as it is.
func (t *thread) change(ctx context.Context, channel, ts string, options ...slack.MsgOption) error {
	if err := t.pace.wait(ctx, updates, otherEach, otherBurst); err != nil {
		return err
	}
	_, _, _, err := t.UpdateMessageContext(ctx, channel, ts, options...)
	if gone(err) {
		return err
	}
	return t.failed(ctx, updates, err)
}
