package webchat

import (
	"context"
	"encoding/json"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
)

// presenceWithin is how long telling that a visitor came or went may take.
const presenceWithin = 5 * time.Second

// comes lets agents see that the visitor has the chat open, when it is the first of their streams.
func (f *follower) comes() {
	if !f.there() {
		f.tellPresence("online")
	}
}

// goes lets agents see that the last of the visitor's streams has ended.
func (f *follower) goes() {
	select {
	case <-f.Live.Stopping():
	default:
		if !f.there() {
			f.tellPresence("offline")
		}
	}
}

func (f *follower) there() bool {
	return f.Live.Anybody(context.Background(), channels.Topic(f.inbox.ID, f.visitor.Address))
}

// tellPresence is for conversations in the hands of people; nobody looks at the others.
func (f *follower) tellPresence(presence string) {
	ctx, cancel := context.WithTimeout(context.Background(), presenceWithin)
	defer cancel()
	at, err := f.current(ctx)
	if err != nil || at == 0 {
		return
	}
	c, err := f.Conversations.Get(ctx, f.Conversations.DB, at)
	if err != nil || c.Status != conversation.Open {
		return
	}
	if hint, err := json.Marshal(channels.Presence{Kind: "presence", Conversation: at, From: conversation.FromContact, Presence: presence}); err == nil {
		f.Live.Hint(channels.TopicHints, hint)
	}
}
