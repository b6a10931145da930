package webchat

import (
	"context"
	"encoding/json"
	"errors"
)

// word is what a client says over the WebSocket; each may be said by a request instead.
type word struct {
	Type   string `json:"type"`
	Cursor string `json:"cursor"`
}

var errTooManyWords = errors.New("too many words")

// hear takes a word. What is not known is for newer servers and let pass; what fails is said again by the client.
func (f *follower) hear(ctx context.Context, text []byte) (look bool, err error) {
	if wait, ok := f.take("word "+f.visitor.Address, visitorSignals); !ok && wait > 0 {
		return false, errTooManyWords
	}
	var w word
	if json.Unmarshal(text, &w) != nil {
		return false, nil
	}
	switch w.Type {
	case "ping":
		f.asked.Store(true)
		return true, nil
	case typing:
		err = f.types(ctx)
	case "delivered":
		err = f.confirm(ctx, w.Cursor, f.Conversations.MarkDelivered)
	case "read":
		err = f.confirm(ctx, w.Cursor, f.Conversations.MarkContactRead)
	}
	if err != nil && problemOf(err) == nil {
		f.Log.Warn("a word over a web chat's stream was lost", "type", w.Type, "error", err)
	}
	return false, nil
}
