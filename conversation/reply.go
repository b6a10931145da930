package conversation

import (
	"context"
	"errors"
	"fmt"

	"huiyin/db"
)

// Draft is a message about to be stored on our side of a conversation.
type Draft struct {
	Sender      Sender
	AgentID     int64
	Text, HTML  string
	Content     Content
	Private     bool
	Attachments []int64
	SourceID    string // a repeat with the same one returns the first message
	Explanation string // JSON; of every automatic answer
}

// Reply stores a message of the bot, an agent or the system in a loaded conversation, in the caller's
// transaction, and queues it for delivery unless it is private. Whoever may not reply must have been refused
// before, in this same transaction. The conversation is saved with it.
func (s *Store) Reply(ctx context.Context, tx *db.Tx, c *Conversation, d Draft) (Message, error) {
	if err := d.check(); err != nil {
		return Message{}, err
	}
	before := *c
	c.say(tx, d)
	m := Message{ConversationID: c.ID, Seq: c.LastSeq, InboxID: c.InboxID, Sender: d.Sender, AgentID: d.AgentID,
		Text: d.Text, HTML: d.HTML, Content: d.Content, Private: d.Private, SourceID: d.SourceID,
		Explanation: d.Explanation, CreatedAt: tx.Now}
	if !d.Private {
		m.Delivery = Queued
	}
	err := s.insertMessage(ctx, tx, &m, c.PassiveUntil)
	if errors.Is(err, errDuplicate) {
		*c = before
		return s.bySource(ctx, tx, c.InboxID, d.SourceID)
	}
	if err != nil {
		return Message{}, err
	}
	if err := s.attach(ctx, tx, &m, d.Attachments); err != nil {
		return Message{}, err
	}
	if err := s.invite(ctx, tx, c, m.Content.Mail); err != nil {
		return Message{}, err
	}
	if err := s.write(ctx, tx, c); err != nil {
		return Message{}, err
	}
	s.note(tx, Event{Kind: EventMessage, ConversationID: c.ID, Seq: m.Seq, Sender: d.Sender})
	return m, nil
}

// maxText bounds a message's text, in bytes.
const maxText = 64 << 10

func (d Draft) check() error {
	if d.Text == "" && len(d.Attachments) == 0 && d.Content.Activity == "" {
		return &FieldError{"text", "write something or attach a file"}
	}
	if len(d.Text) > maxText || len(d.HTML) > 4*maxText {
		return &FieldError{"text", "the message is too long"}
	}
	return nil
}

// say applies our own message to the conversation.
func (c *Conversation) say(tx *db.Tx, d Draft) {
	c.LastSeq++
	if d.Sender == FromSystem {
		return
	}
	if d.Sender == FromAgent {
		c.Unread, c.AgentReadSeq = 0, c.LastSeq
	}
	if d.Private {
		return
	}
	c.LastMessageAt, c.LastSender, c.Preview = tx.Now, d.Sender, preview(d.Text)
	if c.Preview == "" && len(d.Attachments) > 0 {
		c.Preview = "📎"
	}
	if !(d.Sender == FromBot && c.Status == Open) {
		c.WaitingSince = db.Time(0)
	}
}

// Activity stores an activity line. It reaches the customer only when text is not empty.
func (s *Store) Activity(ctx context.Context, tx *db.Tx, c *Conversation, kind string, data map[string]string, text string) (Message, error) {
	return s.Reply(ctx, tx, c, Draft{Sender: FromSystem, Text: text, Private: text == "",
		Content: Content{Activity: kind, ActivityData: data}})
}

func (s *Store) bySource(ctx context.Context, from db.Querier, inboxID int64, sourceID string) (Message, error) {
	found, err := s.queryMessages(ctx, from, "WHERE "+ofSource, inboxID, sourceID)
	if err != nil {
		return Message{}, err
	}
	if len(found) == 0 {
		return Message{}, fmt.Errorf("message %q: %w", sourceID, ErrNotFound)
	}
	return found[0], nil
}

// Current tells whether c is the newest conversation of its identity; an older one takes no new messages, unless
// messages say themselves that they belong to it.
func (s *Store) Current(ctx context.Context, from db.Querier, c *Conversation) (bool, error) {
	i, err := s.Identity(ctx, from, c.IdentityID)
	if err != nil || i.ConversationID == c.ID {
		return err == nil, err
	}
	return s.threaded(ctx, from, c.ID)
}
