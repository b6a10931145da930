package conversation

import (
	"context"
	"encoding/json"
	"fmt"

	"huiyin/db"
)

const selectMessages = `SELECT m.id, m.conversation_id, m.seq, m.inbox_id, m.sender, m.agent_id, m.text, m.html, m.content,
 m.private, m.source_id, m.provider_id, m.delivery, m.reason, m.helpful, m.helpful_reason, m.explanation, m.attempts, m.charged, m.taken,
 m.joined_to, m.via_identity_id, m.passive, m.created_at,
 CASE WHEN m.sender = 'bot' AND EXISTS (SELECT 1 FROM answer_marks k WHERE k.message_id = m.id) THEN 1 ELSE 0 END,
 COALESCE((SELECT 1 FROM attachments f WHERE f.message_id = m.id AND f.message_id <> 0 LIMIT 1), 0) FROM messages m `

// Page says which messages of a conversation to read: the newest, or those before or after a seq.
type Page struct {
	Before, After int64
	Limit         int
	Public        bool // only what the customer may see
}

// Messages reads a page of a conversation in the order of seq.
func (s *Store) Messages(ctx context.Context, from db.Querier, conversationID int64, p Page) ([]Message, error) {
	where, args := "WHERE m.conversation_id = ?", []any{conversationID}
	if p.Public {
		where += " AND m.private = 0"
	}
	if p.After > 0 {
		return s.queryMessages(ctx, from, where+" AND m.seq > ? ORDER BY m.seq LIMIT ?", append(args, p.After, p.Limit)...)
	}
	if p.Before > 0 {
		where, args = where+" AND m.seq < ?", append(args, p.Before)
	}
	found, err := s.queryMessages(ctx, from, where+" ORDER BY m.seq DESC LIMIT ?", append(args, p.Limit)...)
	for i, j := 0, len(found)-1; i < j; i, j = i+1, j-1 {
		found[i], found[j] = found[j], found[i]
	}
	return found, err
}

// MessagesAt reads the messages with the given seqs.
func (s *Store) MessagesAt(ctx context.Context, from db.Querier, conversationID int64, seqs []int64) ([]Message, error) {
	if len(seqs) == 0 {
		return nil, nil
	}
	list, args := idMarks(seqs)
	return s.queryMessages(ctx, from, "WHERE m.conversation_id = ? AND m.seq IN ("+list+") ORDER BY m.seq", append([]any{conversationID}, args...)...)
}

// Message reads one message.
func (s *Store) Message(ctx context.Context, from db.Querier, conversationID, seq int64) (Message, error) {
	found, err := s.MessagesAt(ctx, from, conversationID, []int64{seq})
	if err != nil {
		return Message{}, err
	}
	if len(found) == 0 {
		return Message{}, fmt.Errorf("message %d of conversation %d: %w", seq, conversationID, ErrNotFound)
	}
	return found[0], nil
}

func (s *Store) queryMessages(ctx context.Context, from db.Querier, rest string, args ...any) ([]Message, error) {
	found, err := scanMessages(ctx, from, rest, args...)
	if err != nil {
		return nil, fmt.Errorf("read messages: %w", err)
	}
	for i := range found {
		if found[i].Via == 0 {
			continue
		}
		if found[i].ViaIdentity, err = s.Identity(ctx, from, found[i].Via); err != nil {
			return nil, err
		}
	}
	return found, s.fillAttachments(ctx, from, found)
}

func scanMessages(ctx context.Context, from db.Querier, rest string, args ...any) ([]Message, error) {
	rows, err := from.Query(ctx, selectMessages+rest, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []Message
	for rows.Next() {
		m, err := scanMessage(rows)
		if err != nil {
			return nil, err
		}
		found = append(found, m)
	}
	return found, rows.Err()
}

func scanMessage(row scanner, more ...any) (Message, error) {
	var m Message
	var content string
	var created int64
	into := append([]any{&m.ID, &m.ConversationID, &m.Seq, &m.InboxID, &m.Sender, &m.AgentID, &m.Text, &m.HTML, &content,
		&m.Private, &m.SourceID, &m.ProviderID, &m.Delivery, &m.Reason, &m.Helpful, &m.HelpfulReason, &m.Explanation, &m.Attempts, &m.Charged, &m.Taken,
		&m.JoinedTo, &m.Via, &m.Passive, &created, &m.Wrong, &m.files}, more...)
	if err := row.Scan(into...); err != nil {
		return m, err
	}
	m.CreatedAt = db.Time(created)
	var err error
	m.Content, err = decodeContent(content)
	return m, err
}

func decodeContent(text string) (c Content, err error) {
	if text == "" {
		return c, nil
	}
	return c, json.Unmarshal([]byte(text), &c)
}

// SetHelpful stores the customer's verdict on an answer of the bot; changed is false when it was that already.
func (s *Store) SetHelpful(ctx context.Context, tx *db.Tx, conversationID, seq int64, helpful bool) (changed bool, err error) {
	n, err := tx.Exec(ctx, `UPDATE messages SET helpful = ? WHERE conversation_id = ? AND seq = ? AND sender = 'bot' AND private = 0
 AND (helpful IS NULL OR helpful <> ?)`, truth(helpful), conversationID, seq, truth(helpful))
	if err != nil {
		return false, fmt.Errorf("store verdict: %w", err)
	}
	if n > 0 {
		s.note(tx, Event{Kind: EventMessageState, ConversationID: conversationID, Seq: seq})
	}
	return n > 0, nil
}

// MarkAgentRead notes that an agent has seen everything up to seq.
func (s *Store) MarkAgentRead(ctx context.Context, tx *db.Tx, conversationID, seq int64) error {
	c, err := s.Load(ctx, tx, conversationID)
	if err != nil {
		return err
	}
	seq = min(seq, c.LastSeq)
	if seq < c.AgentReadSeq || (seq == c.AgentReadSeq && c.Unread == 0) {
		return nil
	}
	c.AgentReadSeq = seq
	row := tx.QueryRow(ctx, "SELECT COUNT(*) FROM messages m WHERE m.conversation_id = ? AND m.seq > ? AND m.sender = 'contact' AND NOT "+isEvent, c.ID, seq)
	if err := row.Scan(&c.Unread); err != nil {
		return fmt.Errorf("count unread: %w", err)
	}
	return s.Save(ctx, tx, c)
}

// MarkContactRead notes that the customer has seen everything up to seq.
func (s *Store) MarkContactRead(ctx context.Context, tx *db.Tx, conversationID, seq int64) error {
	c, err := s.Load(ctx, tx, conversationID)
	if err != nil {
		return err
	}
	seq = min(seq, c.LastSeq)
	if seq <= c.ContactReadSeq {
		return nil
	}
	_, err = tx.Exec(ctx, `UPDATE messages SET delivery = 'read' WHERE conversation_id = ? AND seq > ? AND seq <= ?
 AND delivery IN ('sent', 'delivered', 'uncertain') AND due_at IS NULL`, c.ID, c.ContactReadSeq, seq)
	if err != nil {
		return fmt.Errorf("mark read: %w", err)
	}
	c.ContactReadSeq = seq
	if err := s.write(ctx, tx, c); err != nil {
		return err
	}
	s.note(tx, Event{Kind: EventMessageState, ConversationID: c.ID, Seq: seq})
	return nil
}

// MarkDelivered notes that the customer's device has everything up to seq.
func (s *Store) MarkDelivered(ctx context.Context, tx *db.Tx, conversationID, seq int64) error {
	n, err := tx.Exec(ctx, `UPDATE conversations SET contact_got_seq = CASE WHEN last_seq < ? THEN last_seq ELSE ? END
 WHERE id = ? AND contact_got_seq < ? AND contact_got_seq < last_seq`, seq, seq, conversationID, seq)
	if err != nil || n == 0 {
		return wrap("mark delivered", err)
	}
	n, err = tx.Exec(ctx, `UPDATE messages SET delivery = 'delivered' WHERE conversation_id = ? AND seq <= ? AND delivery IN ('sent', 'uncertain')
 AND due_at IS NULL`, conversationID, seq)
	if err != nil || n == 0 {
		return wrap("mark delivered", err)
	}
	s.note(tx, Event{Kind: EventMessageState, ConversationID: conversationID, Seq: seq})
	return nil
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
