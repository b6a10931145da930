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
	at, err := c.current()
	if err != nil {
		return err
	}
	if at != 0 {
		hint, err := json.Marshal(channels.Typing{Kind: typing, From: conversation.FromContact, Conversation: at})
		if err != nil {
			return err
		}
		c.Live.Hint(channels.TopicHints, hint)
	}
	return c.done()
}

// current is the visitor's newest conversation, or 0.
func (c *call) current() (int64, error) {
	i, err := c.Conversations.IdentityAt(c.ctx(), c.Conversations.DB, c.inbox.ID, c.visitor.Address)
	if errors.Is(err, conversation.ErrNotFound) {
		return 0, nil
	}
	return i.ConversationID, err
}

// postRead notes how far the visitor has read.
func postRead(c *call) error {
	var in struct {
		Cursor string `json:"cursor"`
	}
	if err := c.read(&in); err != nil {
		return err
	}
	at, err := parseCursor(in.Cursor)
	if err != nil {
		return err
	}
	if err := c.owns(at.conversation); err != nil {
		return err
	}
	err = c.Conversations.DB.Tx(c.ctx(), func(tx *db.Tx) error {
		return c.Conversations.MarkContactRead(c.ctx(), tx, at.conversation, at.seq)
	})
	if err != nil {
		return err
	}
	return c.done()
}

// owns refuses a conversation that is not the visitor's as if it were not there.
func (c *call) owns(conversationID int64) error {
	identity, err := c.identity()
	if err != nil {
		return err
	}
	found, err := c.Conversations.Get(c.ctx(), c.Conversations.DB, conversationID)
	if err != nil {
		return err
	}
	if identity == 0 || found.IdentityID != identity {
		return notFound()
	}
	return nil
}

// postFeedback takes the visitor's word on whether an answer helped.
func postFeedback(c *call) error {
	var in struct {
		Conversation int64 `json:"conversation"`
		Seq          int64 `json:"seq"`
		Helpful      *bool `json:"helpful"`
	}
	if err := c.read(&in); err != nil {
		return err
	}
	if in.Helpful == nil {
		return badRequest("helpful", "缺少评价。", "helpful must be true or false.")
	}
	if err := c.host.Customer().Verdict(c.ctx(), c.inbox, c.visitor.Address, in.Conversation, in.Seq, *in.Helpful); err != nil {
		return err
	}
	return c.done()
}

// postHuman asks for a person.
func postHuman(c *call) error {
	var in struct {
		Language string `json:"language"`
	}
	if err := c.read(&in); err != nil {
		return err
	}
	if err := c.host.Customer().Human(context.WithoutCancel(c.ctx()), c.inbox, c.visitor.Address, in.Language); err != nil {
		return err
	}
	return c.done()
}

func (c *call) done() error {
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}
