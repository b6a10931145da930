package conversation

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"huiyin/db"
)

// Way is how a customer who has left a conversation is answered: at an address on another channel, which they gave for it.
type Way struct {
	ConversationID  int64
	Address         string
	Proven          bool  // the address is known to be theirs
	SentSeq, GotSeq int64 // up to where they were answered so; up to where a device of theirs has what was said
}

// AnswerBy notes how the customer of a conversation wants to be answered when they have left. A proven address stays when a
// typed one comes.
func (s *Store) AnswerBy(ctx context.Context, tx *db.Tx, w Way) error {
	w.Address = strings.ToLower(strings.TrimSpace(w.Address))
	_, err := tx.Exec(ctx, `INSERT INTO answer_ways (conversation_id, address, proven, asked_at) VALUES (?, ?, ?, ?)
 ON CONFLICT (conversation_id) DO UPDATE SET address = excluded.address, proven = excluded.proven, asked_at = excluded.asked_at
 WHERE answer_ways.proven = 0 OR excluded.proven = 1`, w.ConversationID, w.Address, truth(w.Proven), db.Millis(tx.Now))
	return wrap("note the way to answer", err)
}

// WayOf reads how the customer of a conversation is answered; ErrNotFound when nothing was said of it.
func (s *Store) WayOf(ctx context.Context, from db.Querier, conversationID int64) (Way, error) {
	w := Way{ConversationID: conversationID}
	var proven int
	err := from.QueryRow(ctx, `SELECT w.address, w.proven, w.sent_seq, c.contact_got_seq FROM answer_ways w JOIN conversations c ON c.id = w.conversation_id
 WHERE w.conversation_id = ?`, conversationID).Scan(&w.Address, &proven, &w.SentSeq, &w.GotSeq)
	if db.NoRows(err) {
		return w, fmt.Errorf("way to answer conversation %d: %w", conversationID, ErrNotFound)
	}
	w.Proven = proven == 1
	return w, wrap("read the way to answer", err)
}

// Unheard are the conversations with such a way in which an agent wrote last, before a time, and no device of the
// customer's has it.
func (s *Store) Unheard(ctx context.Context, from db.Querier, before time.Time, limit int) ([]int64, error) {
	return s.ids(ctx, from, `SELECT c.id FROM answer_ways w JOIN conversations c ON c.id = w.conversation_id
 WHERE c.last_sender = 'agent' AND c.contact_got_seq < c.last_seq AND w.sent_seq < c.last_seq AND c.last_message_at <= ? ORDER BY c.last_message_at LIMIT ?`, db.Millis(before), limit)
}

// SendOn has a message that no device got go out once more, to an identity on another channel, with what was said before it.
func (s *Store) SendOn(ctx context.Context, tx *db.Tx, c *Conversation, m Message, to Identity) error {
	content, err := m.Content.encode()
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE messages SET delivery = 'queued', reason = '', due_at = ?, attempts = 0, charged = 0, taken = 0, via_identity_id = ?, content = ?
 WHERE id = ? AND delivery IN ('sent', 'delivered', 'uncertain') AND due_at IS NULL AND private = 0`, db.Millis(tx.Now), to.ID, content, m.ID)
	if err != nil {
		return fmt.Errorf("send message %d on: %w", m.ID, err)
	}
	if n == 0 {
		return nil
	}
	if err := s.sentBy(ctx, tx, c.ID, m.Seq); err != nil {
		return err
	}
	s.note(tx, Event{Kind: EventMessageState, ConversationID: c.ID, Seq: m.Seq})
	return nil
}

func (s *Store) sentBy(ctx context.Context, tx *db.Tx, conversationID, seq int64) error {
	_, err := tx.Exec(ctx, "UPDATE answer_ways SET sent_seq = ? WHERE conversation_id = ? AND sent_seq < ?", seq, conversationID, seq)
	return wrap("note what was sent on", err)
}

// Reaching finds or makes the identity of an address on an inbox. A proven address becomes one of the contact's; one that
// is only said to be theirs stays a stranger's, so that who really has it never finds the contact's conversations.
func (s *Store) Reaching(ctx context.Context, tx *db.Tx, inbox Inbox, contactID int64, w Way) (Identity, error) {
	found, err := s.IdentityAt(ctx, tx, inbox.ID, w.Address)
	if err == nil || !errors.Is(err, ErrNotFound) {
		return found, err
	}
	if !w.Proven {
		return s.sender(ctx, tx, inbox, Incoming{Address: w.Address, Profile: Profile{Email: w.Address}})
	}
	found = Identity{InboxID: inbox.ID, Address: w.Address, ContactID: contactID, Verified: true}
	found.ID, err = tx.Insert(ctx, "INSERT INTO identities (inbox_id, address, contact_id, verified, created_at) VALUES (?, ?, ?, 1, ?)",
		inbox.ID, w.Address, contactID, db.Millis(tx.Now))
	return found, wrap("make identity", err)
}

// ReplyBy is Reply with a message that goes to an identity on another channel.
func (s *Store) ReplyBy(ctx context.Context, tx *db.Tx, c *Conversation, to Identity, d Draft) (Message, error) {
	m, err := s.Reply(ctx, tx, c, d)
	if err != nil {
		return m, err
	}
	m.Via, m.ViaIdentity = to.ID, to
	_, err = tx.Exec(ctx, "UPDATE messages SET via_identity_id = ? WHERE id = ?", to.ID, m.ID)
	return m, wrap("choose another way", err)
}

// Recaps counts the records of a conversation that were sent to an address, or of a conversation, since a time.
func (s *Store) Recaps(ctx context.Context, from db.Querier, conversationID int64, identityID int64, since time.Time) (n, toAddress int, err error) {
	row := from.QueryRow(ctx, `SELECT COUNT(CASE WHEN m.conversation_id = ? THEN 1 END), COUNT(*) FROM messages m
 WHERE m.via_identity_id = ? AND m.via_identity_id <> 0 AND m.sender = 'system' AND m.created_at > ?`, conversationID, identityID, db.Millis(since))
	if err := row.Scan(&n, &toAddress); err != nil {
		return 0, 0, fmt.Errorf("count records: %w", err)
	}
	return n, toAddress, nil
}

// LastHeard reads what the customer said last; ErrNotFound when they said nothing.
func (s *Store) LastHeard(ctx context.Context, from db.Querier, conversationID int64) (Message, error) {
	found, err := s.queryMessages(ctx, from, "WHERE m.conversation_id = ? AND m.sender = 'contact' AND NOT "+isEvent+" ORDER BY m.seq DESC LIMIT 1", conversationID)
	if err != nil {
		return Message{}, err
	}
	if len(found) == 0 {
		return Message{}, fmt.Errorf("what the customer said in conversation %d: %w", conversationID, ErrNotFound)
	}
	return found[0], nil
}
