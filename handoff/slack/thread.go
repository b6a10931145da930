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
	for _, step := range []func(context.Context) error{t.open, t.card, t.tell, t.refresh} {
		if err := step(ctx); err != nil {
			return b.failed(ctx, t.channel(), err)
		}
	}
	return nil
}

// remember keeps what the customer wanted at the hand-off, so that the card is not shown anew with every message.
func (t *thread) remember() {
	if since := db.Millis(t.view.c.QueuedAt); t.state.Matter == "" || since != 0 && since != t.state.Since {
		t.state.Matter, t.state.Since = t.view.about(), since
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

// settle moves to another channel when the conversation's team has another one now: a new thread begins there.
func (t *thread) settle(ctx context.Context) error {
	want := t.app.channel(t.view.c.TeamID)
	if t.place.Ref == "" || want == "" || want == t.channel() || t.view.c.Status == conversation.Resolved {
		return nil
	}
	channel, ts := parseRef(t.place.Ref)
	text := fmt.Sprintf(t.view.w.moved, want)
	_, _, _, err := t.UpdateMessageContext(ctx, channel, ts, slack.MsgOptionText(text, false), slack.MsgOptionBlocks(section(text)))
	if err != nil && code(err) == "" {
		return t.failed(ctx, channel, err)
	}
	t.place.Ref, t.state.Card = "", ""
	return t.save(ctx)
}

// open posts the root of the thread with its card, and what was said before.
func (t *thread) open(ctx context.Context) error {
	if t.place.Ref != "" {
		return nil
	}
	channel := t.app.channel(t.view.c.TeamID)
	if channel == "" {
		return &mirror.Later{After: pauseChannel, Problem: "no channel is set for this team"}
	}
	text, blocks := t.view.card()
	ts, err := t.found(ctx, channel, "", 0)
	if err == nil && ts == "" {
		ts, err = t.post(ctx, channel, "", mark{}, slack.MsgOptionText(text, false), slack.MsgOptionBlocks(blocks...))
	}
	if err != nil {
		return t.failed(ctx, channel, err)
	}
	t.place.Ref, t.state.Card, t.there = ref(channel, ts), hash(text, blocks), nil
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

// found looks for a message of ours that Slack may have taken before a crash, or whose answer was lost.
func (t *thread) found(ctx context.Context, channel, root string, seq int64) (ts string, err error) {
	if !t.place.Unsure {
		return "", nil
	}
	if t.there == nil {
		if t.there, err = t.ours(ctx, channel, root); err != nil {
			return "", err
		}
	}
	return t.there[seq], nil
}

// ours are the messages of ours that stand in the thread, or without one the cards in the channel, by seq.
func (t *thread) ours(ctx context.Context, channel, root string) (map[int64]string, error) {
	messages, err := t.replies(ctx, channel, root)
	if err != nil {
		return nil, err
	}
	there := map[int64]string{}
	for _, m := range messages {
		p := m.Metadata.EventPayload
		if m.Metadata.EventType != metadata || number(p["conversation"]) != t.place.ConversationID {
			continue
		}
		there[number(p["seq"])] = m.Timestamp
		if p["many"] == true {
			t.told = number(p["seq"])
		}
	}
	return there, nil
}

func (t *thread) replies(ctx context.Context, channel, root string) (all []slack.Message, err error) {
	if root == "" {
		page, err := t.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: channel, Limit: 100, IncludeAllMetadata: true})
		if err != nil {
			return nil, err
		}
		return page.Messages, nil
	}
	cursor := ""
	for {
		page, more, next, err := t.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{ChannelID: channel, Timestamp: root, Cursor: cursor, Limit: 200, IncludeAllMetadata: true})
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if !more {
			return all, nil
		}
		cursor = next
	}
}

func number(v any) int64 {
	f, _ := v.(float64)
	return int64(f)
}

// tell posts what was said since, in order. What was said before the hand-off is one message.
func (t *thread) tell(ctx context.Context) error {
	for t.place.Seq < t.view.c.LastSeq {
		messages, err := t.Conversations.Messages(ctx, t.DB, t.place.ConversationID, conversation.Page{After: t.place.Seq, Limit: 50})
		if err != nil {
			return err
		}
		if len(messages) == 0 {
			return nil
		}
		begins := !t.state.Begun && len(messages) > 1
		t.state.Begun = true // saved with the first that is told
		if begins {
			if err := t.tellHistory(ctx, messages); err != nil {
				return err
			}
			continue
		}
		for _, m := range messages {
			if err := t.tellOne(ctx, m); err != nil {
				return err
			}
		}
	}
	return nil
}

// tellHistory posts several messages as one.
func (t *thread) tellHistory(ctx context.Context, messages []conversation.Message) error {
	var lines []string
	all := messages[len(messages)-1]
	all.Attachments = nil
	for _, m := range messages {
		if line := t.view.line(m); line != "" {
			lines = append(lines, line)
		}
		all.Attachments = append(all.Attachments, m.Attachments...)
	}
	if len(lines) == 0 {
		t.place.Seq = all.Seq
		return t.save(ctx)
	}
	channel, root := parseRef(t.place.Ref)
	if _, err := t.found(ctx, channel, root, all.Seq); err != nil {
		return err
	}
	if t.told > 0 { // it was posted before, when less had been said
		all.Seq, all.Attachments = t.told, nil
	}
	return t.put(ctx, all, strings.Join(lines, "\n"), shown{Many: true})
}

func (t *thread) tellOne(ctx context.Context, m conversation.Message) error {
	text := t.view.line(m)
	if text == "" {
		t.place.Seq = m.Seq
		return t.save(ctx)
	}
	return t.put(ctx, m, text, shown{Text: t.view.delivery(m)})
}

// put posts a message into the thread, once, and then its files.
func (t *thread) put(ctx context.Context, m conversation.Message, text string, as shown) error {
	channel, root := parseRef(t.place.Ref)
	ts, err := t.found(ctx, channel, root, m.Seq)
	if err == nil && ts == "" {
		ts, err = t.post(ctx, channel, root, mark{seq: m.Seq, many: as.Many}, message(text, as.Text)...)
	}
	if err != nil {
		return err
	}
	note, err := json.Marshal(as)
	if err != nil {
		return err
	}
	post := mirror.Post{Seq: m.Seq, Ref: ts, Shown: string(note)}
	if err := t.keep(); err != nil {
		return err
	}
	if err := t.place.Posted(ctx, post); err != nil {
		return err
	}
	return t.share(ctx, m, post)
}

// refresh shows what became of our newest messages, and files that came later.
func (t *thread) refresh(ctx context.Context) error {
	posts, err := t.place.Posts(ctx, followed)
	if err != nil || len(posts) == 0 {
		return err
	}
	seqs := make([]int64, len(posts))
	for i, p := range posts {
		seqs[i] = p.Seq
	}
	messages, err := t.Conversations.MessagesAt(ctx, t.DB, t.place.ConversationID, seqs)
	if err != nil {
		return err
	}
	for i, m := range messages {
		if err := t.update(ctx, m, posts[i]); err != nil {
			return err
		}
	}
	return nil
}

func (t *thread) update(ctx context.Context, m conversation.Message, post mirror.Post) error {
	var was shown
	if err := json.Unmarshal([]byte(post.Shown), &was); err != nil {
		return fmt.Errorf("state of a message in a thread: %w", err)
	}
	if was.Many {
		return nil
	}
	if now := t.view.delivery(m); now != was.Text {
		if err := t.pace.wait(ctx, "chat.update", otherEach, otherBurst); err != nil {
			return err
		}
		_, _, _, err := t.UpdateMessageContext(ctx, t.channel(), post.Ref, message(t.view.line(m), now)...)
		if err != nil && !gone(err) {
			return err
		}
		was.Text = now
		note, err := json.Marshal(was)
		if err != nil {
			return err
		}
		post.Shown = string(note)
		if err := t.place.Posted(ctx, post); err != nil {
			return err
		}
	}
	return t.share(ctx, m, post)
}

// card shows the card anew when it says something else than before.
func (t *thread) card(ctx context.Context) error {
	text, blocks := t.view.card()
	if hash(text, blocks) == t.state.Card {
		return nil
	}
	if err := t.pace.wait(ctx, "chat.update", otherEach, otherBurst); err != nil {
		return err
	}
	channel, ts := parseRef(t.place.Ref)
	_, _, _, err := t.UpdateMessageContext(ctx, channel, ts, slack.MsgOptionText(text, false), slack.MsgOptionBlocks(blocks...))
	switch {
	case gone(err):
		t.place.Ref, t.state.Card = "", "" // somebody deleted the card: the thread begins anew
		return errors.Join(t.save(ctx), &mirror.Later{Idle: true})
	case err != nil:
		return err
	}
	t.state.Card = hash(text, blocks)
	return t.save(ctx)
}
