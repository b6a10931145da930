package webchat

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
)

// postTyping lets whoever looks at the conversation see that the customer writes.
func postTyping(c *call) error {
	if err := c.types(c.ctx()); err != nil {
		return err
	}
	return c.done()
}

func (c *call) types(ctx context.Context) error {
	at, err := c.current(ctx)
	if err != nil || at == 0 {
		return err
	}
	hint, err := json.Marshal(channels.Typing{Kind: typing, From: conversation.FromContact, Conversation: at})
	if err != nil {
		return err
	}
	c.Live.Hint(channels.TopicHints, hint)
	return nil
}

// current is the visitor's newest conversation, or 0.
func (c *call) current(ctx context.Context) (int64, error) {
	i, err := c.Conversations.IdentityAt(ctx, c.Conversations.DB, c.inbox.ID, c.visitor.Address)
	if errors.Is(err, conversation.ErrNotFound) {
		return 0, nil
	}
	return i.ConversationID, err
}

// mark is what a visitor confirms of the messages up to a place.
type mark func(ctx context.Context, tx *db.Tx, conversationID, seq int64) error

// postRead notes how far the visitor has read.
func postRead(c *call) error { return c.postMark(c.Conversations.MarkContactRead) }

// postDelivered notes how far the visitor's browser has got.
func postDelivered(c *call) error { return c.postMark(c.Conversations.MarkDelivered) }

func (c *call) postMark(how mark) error {
	var in struct {
		Cursor string `json:"cursor"`
	}
	if err := c.read(&in); err != nil {
		return err
	}
	if err := c.confirm(c.ctx(), in.Cursor, how); err != nil {
		return err
	}
	return c.done()
}

func (c *call) confirm(ctx context.Context, place string, how mark) error {
	at, err := parseCursor(place)
	if err != nil {
		return err
	}
	if err := c.owns(ctx, at.conversation); err != nil {
		return err
	}
	return c.Conversations.DB.Tx(ctx, func(tx *db.Tx) error { return how(ctx, tx, at.conversation, at.seq) })
}

// owns refuses a conversation that is not the visitor's as if it were not there.
func (c *call) owns(ctx context.Context, conversationID int64) error {
	identity, err := c.identity(ctx)
	if err != nil {
		return err
	}
	found, err := c.Conversations.Get(ctx, c.Conversations.DB, conversationID)
	if err != nil {
		return err
	}
	if identity == 0 || found.IdentityID != identity {
		return notFound()
	}
	return nil
}

// postHuman asks for a person.
func postHuman(c *call) error {
	var in struct {
		Language string `json:"language"`
	}
	if err := c.read(&in); err != nil {
		return err
	}
	if err := c.mayWrite(); err != nil {
		return err
	}
	if err := c.host.Customer().Human(context.WithoutCancel(c.ctx()), c.inbox, c.visitor.Address, languageTag(in.Language)); err != nil {
		return err
	}
	return c.done()
}

func (c *call) done() error {
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}
