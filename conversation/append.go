package conversation

import (
	"context"
	"fmt"

	"huiyin/db"
)

// Most messages come into a conversation that goes on: nothing changes but what its last message is. This file
// is that short way of Record; whatever is not plain takes the long one, with the same outcome.

const selectGlance = `SELECT i.id, c.id, c.status, c.language, c.last_seq, c.unread, c.waiting_since, COALESCE(c.due_at, 0), c.elsewhere, c.bot_seq
 FROM identities i JOIN conversations c ON c.id = i.conversation_id WHERE i.inbox_id = ? AND i.address = ?`

// glance reads of the sender's newest conversation what a plain message needs; nil when there is none.
func (s *Store) glance(ctx context.Context, tx *db.Tx, inbox Inbox, in Incoming) (*Conversation, error) {
	c := &Conversation{InboxID: inbox.ID, glanced: true}
	var waiting, due int64
	var elsewhere int
	err := tx.Row(ctx, selectGlance+lockConversation(tx), []any{inbox.ID, in.Address},
		&c.IdentityID, &c.ID, (*string)(&c.Status), &c.Language, &c.LastSeq, &c.Unread, &waiting, &due, &elsewhere, &c.BotSeq)
	if db.NoRows(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find conversation: %w", err)
	}
	c.WaitingSince, c.TurnDue, c.Elsewhere = db.Time(waiting), db.Time(due), elsewhere != 0
	return c, nil
}

// plain tells whether the message changes only what append writes: no status, no counter, no field of the conversation.
func (c *Conversation) plain(in Incoming) bool {
	return (c.Status == Pending || c.Status == Open && !c.WaitingSince.IsZero()) && c.Unread > 0 && in.Subject == "" && len(in.Attachments) == 0 &&
		!in.event() && in.Say == "" && !codeLike(in.Text) &&
		(c.Status == Pending || in.Language == "" || in.Language == c.Language) // in the queue it may count for the place
}

// append records a plain message; done is false, and nothing is written, when the message is not plain.
func (s *Store) append(ctx context.Context, tx *db.Tx, inbox Inbox, in Incoming) (r Recorded, done bool, err error) {
	if in.Thread != nil || len(in.Files) > 0 {
		return Recorded{}, false, nil
	}
	c, err := s.glance(ctx, tx, inbox, in)
	if err != nil || c == nil || !c.plain(in) {
		return Recorded{}, false, err
	}
	owed := c.TurnDue
	c.take(tx, inbox, in)
	c.UpdatedAt = tx.Now
	m := c.message(tx, in)
	if err := s.insertIncoming(ctx, tx, &m, in.content); err != nil {
		return Recorded{}, false, err
	}
	if err := s.keepOriginal(ctx, tx, m, in); err != nil {
		return Recorded{}, false, err
	}
	if err := s.follow(ctx, tx, c.IdentityID, m, in); err != nil {
		return Recorded{}, false, err
	}
	if err := s.writeLast(ctx, tx, c, c.TurnDue != owed); err != nil {
		return Recorded{}, false, err
	}
	s.note(tx, Event{Kind: EventMessage, ConversationID: c.ID, Seq: m.Seq, Sender: FromContact, Owed: !c.TurnDue.IsZero()})
	return Recorded{Conversation: c, Message: m}, true, nil
}

const insertIncoming = `INSERT INTO messages (conversation_id, seq, inbox_id, sender, text, html, content, source_id, created_at)
 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`

// insertIncoming is insertMessage for a customer's message, whose other columns keep their defaults.
func (s *Store) insertIncoming(ctx context.Context, tx *db.Tx, m *Message, content string) error {
	return stored(m)(tx.InsertNew(ctx, insertIncoming, m.ConversationID, m.Seq, m.InboxID, string(m.Sender), m.Text, m.HTML,
		content, m.SourceID, db.Millis(m.CreatedAt)))
}

const (
	updateLast = `UPDATE conversations SET last_seq = ?, last_message_at = ?, preview = ?, last_sender = ?, unread = ?,
 waiting_since = ?, updated_at = ?, language = ? WHERE id = ?`
	updateLastDue = `UPDATE conversations SET last_seq = ?, last_message_at = ?, preview = ?, last_sender = ?, unread = ?,
 waiting_since = ?, updated_at = ?, language = ?, due_at = ? WHERE id = ?`
)

// writeLast writes what a plain message changes. The turn is written only when it is new, for the sake of its index.
func (s *Store) writeLast(ctx context.Context, tx *db.Tx, c *Conversation, turn bool) error {
	query, args := updateLast, []any{c.LastSeq, db.Millis(c.LastMessageAt), c.Preview, string(c.LastSender), c.Unread,
		db.Millis(c.WaitingSince), db.Millis(c.UpdatedAt), c.Language, c.ID}
	if turn {
		query, args = updateLastDue, append(args[:8:8], db.Millis(c.TurnDue), c.ID)
	}
	if err := tx.Send(ctx, query, args...); err != nil {
		return fmt.Errorf("save conversation %d: %w", c.ID, err)
	}
	return nil
}
