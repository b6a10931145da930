package webchat

import (
	"context"
	"crypto/rand"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
)

// The ways in which somebody who leaves may be answered.
const (
	byEmail = "email"
	bySMS   = "sms"
)

// replyTo is how a visitor wants to be answered who cannot wait.
type replyTo struct {
	Channel  string `json:"channel"`
	Address  string `json:"address"`
	Text     string `json:"text"`
	Name     string `json:"name"`
	Consent  bool   `json:"consent"`
	ClientID string `json:"client_id"`
	Language string `json:"language"`
}

// postReplyTo keeps where the answer should go: the text becomes a message, the conversation waits for a person, and a
// line tells the agents how to answer.
func postReplyTo(c *call) error {
	var in replyTo
	if err := c.read(&in); err != nil {
		return err
	}
	in.Address, in.Name, in.Text = clean(in.Address), clean(in.Name), strings.TrimSpace(in.Text)
	if in.ClientID == "" {
		in.ClientID = rand.Text()
	}
	if err := in.check(kind().Lines(c.inbox, "leave_message")); err != nil {
		return err
	}
	in.Language = languageTag(in.Language)
	ctx := context.WithoutCancel(c.ctx())
	if in.Text != "" {
		m := messageRequest{ClientID: in.ClientID, Text: in.Text, Language: in.Language}
		if err := m.check(); err != nil {
			return err
		}
		if _, err := c.record(ctx, m, nil); err != nil {
			return err
		}
	}
	if err := c.host.Customer().Human(ctx, c.inbox, c.visitor.Address, in.Language); err != nil {
		return err
	}
	if err := c.noteReplyTo(ctx, in); err != nil {
		return err
	}
	p := conversation.Profile{Name: in.Name, Email: in.Address}
	if in.Channel == bySMS {
		p.Email, p.Phone = "", in.Address
	}
	if err := c.Conversations.Learn(ctx, c.inbox.ID, c.visitor.Address, p); err != nil {
		return err
	}
	return c.done()
}

func (c *call) noteReplyTo(ctx context.Context, in replyTo) error {
	at, err := c.current(ctx)
	if err != nil {
		return err
	}
	data := map[string]string{"channel": in.Channel, "address": in.Address, "consent": c.Now().UTC().Format("2006-01-02T15:04:05Z")}
	if in.Name != "" {
		data["name"] = in.Name
	}
	return c.Conversations.DB.Tx(ctx, func(tx *db.Tx) error {
		loaded, err := c.Conversations.Load(ctx, tx, at)
		if err != nil {
			return err
		}
		if in.Channel == byEmail {
			if err := c.Conversations.AnswerBy(ctx, tx, conversation.Way{ConversationID: at, Address: in.Address, Proven: c.visitor.provenMail(in.Address)}); err != nil {
				return err
			}
		}
		_, err = c.Conversations.Reply(ctx, tx, loaded, conversation.Draft{Sender: conversation.FromSystem, Private: true,
			SourceID: "reply-to:" + c.visitor.Address + "/" + in.ClientID, Content: conversation.Content{Activity: "reply_to", ActivityData: data}})
		return err
	})
}

var mobileShape = regexp.MustCompile(`^\+?[0-9][0-9 ()./-]{5,24}$`)

func (in replyTo) check(offered []string) error {
	switch {
	case !slices.Contains(offered, in.Channel):
		return badRequest("channel", "不支持这种回复方式。", "An answer cannot go that way.")
	case !in.Consent:
		return badRequest("consent", "请先同意我们保存您的联系方式。", "Please agree to our keeping your address.")
	case len(in.Address) > maxField || in.Channel == byEmail && !isEmail(in.Address) || in.Channel == bySMS && !mobileShape.MatchString(in.Address):
		return badRequest("address", "请检查联系方式。", "Please check the address.")
	case utf8.RuneCountInString(in.Name) > maxField || len(in.Language) > maxLanguage:
		return badRequest("too_long", "内容太长。", "A field is too long.")
	case !clientID.MatchString(in.ClientID):
		return badRequest("client_id", "缺少消息编号。", "client_id must be 8 to 64 letters, digits, - or _.")
	}
	return nil
}

// record makes a message durable. One that was sent before its visitor was identified is the same still.
func (c *call) record(ctx context.Context, in messageRequest, files []int64) (conversation.Message, error) {
	if c.visitor.Before != "" {
		m, err := c.Conversations.BySource(ctx, c.Conversations.DB, c.inbox.ID, c.visitor.Before+"/"+in.ClientID)
		if err == nil {
			_, err = c.Conversations.Adopt(ctx, c.inbox, c.visitor.Before, c.visitor.Address, c.visitor.profile(in.Language))
			return m, err
		}
		if problemOf(err) == nil || problemOf(err).Code != notFound().Code {
			return m, err
		}
	}
	recorded, err := c.host.Accept(ctx, c.inbox, channels.Received{Messages: []conversation.Incoming{c.incoming(in, files)}})
	if err != nil {
		return conversation.Message{}, err
	}
	if recorded[0].Started && c.visitor.Verified && c.visitor.Email != "" {
		way := conversation.Way{ConversationID: recorded[0].Message.ConversationID, Address: c.visitor.Email, Proven: true}
		err = c.Conversations.DB.Tx(ctx, func(tx *db.Tx) error { return c.Conversations.AnswerBy(ctx, tx, way) })
	}
	return recorded[0].Message, err
}

// provenMail tells whether the site vouches that the visitor has the address.
func (v visitor) provenMail(address string) bool {
	return v.Verified && strings.EqualFold(v.Email, address)
}
