package simulator

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// What chat.postMessage allows. https://docs.slack.dev/reference/methods/chat.postMessage
const (
	maxText   = 40000
	maxBlocks = 50
)

// place is the channel that a call names, when the bot may write to it.
func (c *apiCall) place() (*Channel, *refusal) {
	id := c.arg("channel")
	ch := c.w.channel(id)
	if ch == nil && c.w.user(id) != nil {
		ch = c.w.direct(id)
	}
	switch {
	case ch == nil:
		return nil, refuse("channel_not_found")
	case ch.Archived:
		return nil, refuse("is_archived")
	case !ch.Direct && !slices.Contains(ch.Members, botUser):
		return nil, refuse("not_in_channel")
	}
	return ch, nil
}

// body is the message that a call's arguments make.
func (c *apiCall) body() (*Message, *refusal) {
	m := &Message{Type: "message", Text: c.arg("text"), Blocks: c.raw("blocks"), Attachments: c.raw("attachments"), Metadata: c.raw("metadata"),
		User: botUser, BotID: botID, AppID: c.w.app.ID}
	switch {
	case utf8.RuneCountInString(m.Text) > maxText:
		return nil, refuse("msg_too_long")
	case m.Text == "" && len(m.Blocks) == 0 && len(m.Attachments) == 0:
		return nil, refuse("no_text")
	case c.arg("blocks") != "" && m.Blocks == nil:
		return nil, refuse("invalid_blocks_format")
	}
	return m, checkBlocks(m.Blocks)
}

func (c *apiCall) postMessage() (map[string]any, *refusal) {
	ch, no := c.place()
	if no != nil {
		return nil, no
	}
	m, no := c.body()
	if no != nil {
		return nil, no
	}
	if m.ThreadTS, no = ch.root(c.arg("thread_ts")); no != nil {
		return nil, no
	}
	m.Broadcast = c.arg("reply_broadcast") == "true"
	c.w.post(ch, m)
	return map[string]any{"channel": ch.ID, "ts": m.TS, "message": m}, nil
}

// root is the message a reply belongs to.
func (c *Channel) root(ts string) (string, *refusal) {
	if ts == "" {
		return "", nil
	}
	m := c.message(ts)
	if m == nil {
		return "", refuse("thread_not_found")
	}
	if m.ThreadTS != "" {
		return m.ThreadTS, nil
	}
	return m.TS, nil
}

// post puts a message into a channel and tells the app, as Slack does also of the app's own; the caller holds the lock.
func (w *Workspace) post(ch *Channel, m *Message) {
	m.TS = w.stamp()
	ch.Messages = append(ch.Messages, m)
	if m.ThreadTS != "" {
		if root := ch.message(m.ThreadTS); root != nil {
			root.ReplyCount++
			if root.ThreadTS == "" {
				root.ThreadTS = root.TS
			}
		}
	}
	w.happens(event(m, ch))
}

func (c *apiCall) postEphemeral() (map[string]any, *refusal) {
	if c.w.channel(c.arg("channel")) == nil { // it opens no direct conversation by a user's id
		return nil, refuse("channel_not_found")
	}
	ch, no := c.place()
	if no != nil {
		return nil, no
	}
	m, no := c.body()
	if no != nil {
		return nil, no
	}
	user := c.arg("user")
	if !slices.Contains(ch.Members, user) {
		return nil, refuse("user_not_in_channel")
	}
	c.w.whisper(ch, m, user, c.arg("thread_ts"))
	return map[string]any{"message_ts": m.TS}, nil
}

// whisper shows a message to one person alone; the caller holds the lock.
func (w *Workspace) whisper(ch *Channel, m *Message, user, thread string) {
	m.TS, m.Ephemeral, m.ThreadTS = w.stamp(), user, thread
	ch.Messages = append(ch.Messages, m)
	w.touch()
}

func (c *apiCall) update() (map[string]any, *refusal) {
	ch, no := c.place()
	if no != nil {
		return nil, no
	}
	m := ch.message(c.arg("ts"))
	if m == nil {
		return nil, refuse("message_not_found")
	}
	if m.BotID != botID {
		return nil, refuse("cant_update_message")
	}
	next, no := c.body()
	if no != nil {
		return nil, no
	}
	before := *m
	m.Text, m.Blocks, m.Attachments = next.Text, next.Blocks, next.Attachments
	m.Edited = &Edited{User: botUser, TS: c.w.stamp()}
	c.w.happens(changedEvent(m, &before, ch, c.w.stamp()))
	return map[string]any{"channel": ch.ID, "ts": m.TS, "text": m.Text, "message": m}, nil
}

func (c *apiCall) remove() (map[string]any, *refusal) {
	ch, no := c.place()
	if no != nil {
		return nil, no
	}
	m := ch.message(c.arg("ts"))
	if m == nil {
		return nil, refuse("message_not_found")
	}
	if m.BotID != botID {
		return nil, refuse("cant_delete_message")
	}
	m.Deleted = true
	c.w.happens(deletedEvent(m, ch, c.w.stamp()))
	return map[string]any{"channel": ch.ID, "ts": m.TS}, nil
}

func (c *apiCall) permalink() (map[string]any, *refusal) {
	ch := c.w.channel(c.arg("channel"))
	if ch == nil {
		return nil, refuse("channel_not_found")
	}
	ts := c.arg("message_ts")
	if ch.message(ts) == nil {
		return nil, refuse("message_not_found")
	}
	link := "https://" + c.w.team.Domain + ".slack.com/archives/" + ch.ID + "/p" + strings.ReplaceAll(ts, ".", "")
	return map[string]any{"channel": ch.ID, "permalink": link}, nil
}

func (c *apiCall) react() (map[string]any, *refusal) {
	m, no := c.reacted()
	if no != nil {
		return nil, no
	}
	for _, r := range m.Reactions {
		if r.Name == c.arg("name") && slices.Contains(r.Users, botUser) {
			return nil, refuse("already_reacted")
		}
	}
	m.Reactions = append(m.Reactions, Reaction{Name: c.arg("name"), Users: []string{botUser}, Count: 1})
	c.w.touch()
	return nil, nil
}

func (c *apiCall) unreact() (map[string]any, *refusal) {
	m, no := c.reacted()
	if no != nil {
		return nil, no
	}
	had := len(m.Reactions)
	m.Reactions = slices.DeleteFunc(m.Reactions, func(r Reaction) bool { return r.Name == c.arg("name") })
	if len(m.Reactions) == had {
		return nil, refuse("no_reaction")
	}
	c.w.touch()
	return nil, nil
}

func (c *apiCall) reacted() (*Message, *refusal) {
	ch, no := c.place()
	if no != nil {
		return nil, no
	}
	m := ch.message(c.arg("timestamp"))
	if m == nil {
		return nil, refuse("message_not_found")
	}
	return m, nil
}
