package simulator

import (
	"encoding/json"
	"slices"
)

// Channel is a channel, or a direct conversation with the app.
type Channel struct {
	ID       string
	Name     string
	Private  bool
	Direct   bool
	Archived bool
	Members  []string
	Messages []*Message // in the order of ts
}

// Message is one message. https://docs.slack.dev/reference/events/message
type Message struct {
	Type        string          `json:"type"`
	Subtype     string          `json:"subtype,omitempty"`
	TS          string          `json:"ts"`
	ThreadTS    string          `json:"thread_ts,omitempty"`
	User        string          `json:"user,omitempty"`
	BotID       string          `json:"bot_id,omitempty"`
	AppID       string          `json:"app_id,omitempty"`
	Text        string          `json:"text"`
	Blocks      json.RawMessage `json:"blocks,omitempty"`
	Attachments json.RawMessage `json:"attachments,omitempty"`
	Metadata    json.RawMessage `json:"metadata,omitempty"`
	Files       []*File         `json:"files,omitempty"`
	Edited      *Edited         `json:"edited,omitempty"`
	ReplyCount  int             `json:"reply_count,omitempty"`
	Broadcast   bool            `json:"-"`
	Deleted     bool            `json:"-"`
	Ephemeral   string          `json:"-"` // the only one who sees it
	Reactions   []Reaction      `json:"reactions,omitempty"`
}

// Edited tells who changed a message and when.
type Edited struct {
	User string `json:"user"`
	TS   string `json:"ts"`
}

// Reaction is an emoji on a message and who gave it.
type Reaction struct {
	Name  string   `json:"name"`
	Users []string `json:"users"`
	Count int      `json:"count"`
}

// Open makes a channel with the bot and the people given in it, and returns its id.
func (w *Workspace) Open(name string, people ...string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := &Channel{ID: w.id("C"), Name: name, Members: append([]string{botUser}, people...)}
	w.channels = append(w.channels, c)
	w.touch()
	return c.ID
}

// Archive archives a channel or brings it back, and tells the app.
func (w *Workspace) Archive(channel, user string, on bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.channel(channel)
	if c == nil || c.Archived == on {
		return
	}
	c.Archived = on
	kind := "channel_archive"
	if !on {
		kind = "channel_unarchive"
	}
	w.happens(map[string]any{"type": kind, "channel": channel, "user": user})
}

// Kick takes the bot out of a channel; Invite brings it back.
func (w *Workspace) Kick(channel string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c := w.channel(channel); c != nil {
		c.Members = slices.DeleteFunc(c.Members, func(id string) bool { return id == botUser })
	}
	w.happens(map[string]any{"type": "member_left_channel", "channel": channel, "user": botUser})
}

// Invite brings somebody, or the bot with the id U0BOT, into a channel.
func (w *Workspace) Invite(channel, user string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c := w.channel(channel); c != nil && !slices.Contains(c.Members, user) {
		c.Members = append(c.Members, user)
	}
	w.happens(map[string]any{"type": "member_joined_channel", "channel": channel, "user": user})
}

// Messages are what a channel holds, without what was deleted: all, or one thread with its root when thread is given.
func (w *Workspace) Messages(channel, thread string) []Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.channel(channel)
	if c == nil {
		return nil
	}
	var found []Message
	for _, m := range c.Messages {
		if !m.Deleted && (thread == "" || m.TS == thread || m.ThreadTS == thread) {
			found = append(found, *m)
		}
	}
	return found
}

// Channels are the channels, in the order in which they were made.
func (w *Workspace) Channels() []Channel {
	w.mu.Lock()
	defer w.mu.Unlock()
	found := make([]Channel, 0, len(w.channels))
	for _, c := range w.channels {
		found = append(found, *c)
	}
	return found
}

// channel finds a channel; the caller holds the lock.
func (w *Workspace) channel(id string) *Channel {
	for _, c := range w.channels {
		if c.ID == id {
			return c
		}
	}
	return nil
}

// direct is the direct conversation of a user with the app; the caller holds the lock.
func (w *Workspace) direct(user string) *Channel {
	for _, c := range w.channels {
		if c.Direct && c.Members[1] == user {
			return c
		}
	}
	c := &Channel{ID: w.id("D"), Direct: true, Members: []string{botUser, user}}
	w.channels = append(w.channels, c)
	return c
}

func (c *Channel) message(ts string) *Message {
	for _, m := range c.Messages {
		if m.TS == ts && !m.Deleted {
			return m
		}
	}
	return nil
}

func (c *Channel) object() map[string]any {
	return map[string]any{"id": c.ID, "name": c.Name, "is_channel": !c.Private && !c.Direct, "is_private": c.Private, "is_im": c.Direct, "is_archived": c.Archived,
		"is_member": slices.Contains(c.Members, botUser), "num_members": len(c.Members)}
}

func (c *Channel) kind() string {
	switch {
	case c.Direct:
		return "im"
	case c.Private:
		return "group"
	}
	return "channel"
}
