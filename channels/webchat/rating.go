package webchat

import (
	"errors"
	"net/http"

	"huiyin/conversation"
	"huiyin/db"
)

// postRating takes what the visitor thinks of a conversation of theirs that is over.
func postRating(c *call) error {
	var in struct {
		Conversation int64  `json:"conversation"`
		Score        int    `json:"score"`
		Comment      string `json:"comment"`
		Reason       string `json:"reason"`
	}
	if err := c.read(&in); err != nil {
		return err
	}
	if in.Score < 1 || in.Score > 5 {
		return badRequest("score", "请给 1 到 5 分。", "The score is 1 to 5.")
	}
	if kind().Value(c.inbox, "rating") != "true" {
		return notNow()
	}
	if err := c.owns(c.ctx(), in.Conversation); err != nil {
		return err
	}
	err := c.Conversations.DB.Tx(c.ctx(), func(tx *db.Tx) error {
		loaded, err := c.Conversations.Load(c.ctx(), tx, in.Conversation)
		if err != nil {
			return err
		}
		return c.Conversations.Rate(c.ctx(), tx, loaded, conversation.Rating{Score: in.Score, Comment: tidy(in.Comment), Reason: clean(in.Reason)})
	})
	if errors.Is(err, conversation.ErrNotNow) {
		return notNow()
	}
	if err != nil {
		return err
	}
	return c.done()
}

func notNow() error {
	return refusal(http.StatusConflict, "not_now", "现在不能评分。", "This conversation cannot be rated now.")
}

// postFeedback takes the visitor's word on whether an answer helped, and why.
func postFeedback(c *call) error {
	var in struct {
		Conversation int64  `json:"conversation"`
		Seq          int64  `json:"seq"`
		Helpful      *bool  `json:"helpful"`
		Reason       string `json:"reason"`
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
	if in.Reason = clean(in.Reason); in.Reason != "" {
		err := c.Conversations.DB.Tx(c.ctx(), func(tx *db.Tx) error {
			return c.Conversations.SetReason(c.ctx(), tx, in.Conversation, in.Seq, in.Reason)
		})
		if err != nil {
			return err
		}
	}
	return c.done()
}
