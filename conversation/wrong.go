package conversation

import (
	"context"
	"fmt"
	"time"

	"huiyin/db"
)

// WrongAnswer is what a person thinks of an automatic answer: that it was wrong.
type WrongAnswer struct {
	Message Message
	Said    string // what the customer had said last before it
	AgentID int64  // 0: a program
	Note    string
	At      time.Time
}

// MarkWrong notes that an automatic answer was wrong; a second mark replaces the first.
func (s *Store) MarkWrong(ctx context.Context, tx *db.Tx, m Message, agentID int64, note string) error {
	if m.Sender != FromBot || m.Explanation == "" {
		return &FieldError{"seq", "this message is no automatic answer"}
	}
	_, err := tx.Exec(ctx, `INSERT INTO answer_marks (message_id, agent_id, note, at) VALUES (?, ?, ?, ?)
 ON CONFLICT (message_id) DO UPDATE SET agent_id = excluded.agent_id, note = excluded.note, at = excluded.at`, m.ID, agentID, note, db.Millis(tx.Now))
	if err != nil {
		return fmt.Errorf("mark answer: %w", err)
	}
	s.note(tx, Event{Kind: EventMessageState, ConversationID: m.ConversationID, Seq: m.Seq})
	return nil
}

// Unmark takes the mark away.
func (s *Store) Unmark(ctx context.Context, tx *db.Tx, m Message) error {
	n, err := tx.Exec(ctx, "DELETE FROM answer_marks WHERE message_id = ?", m.ID)
	if err != nil {
		return fmt.Errorf("unmark answer: %w", err)
	}
	if n > 0 {
		s.note(tx, Event{Kind: EventMessageState, ConversationID: m.ConversationID, Seq: m.Seq})
	}
	return nil
}

const selectWrong = `SELECT k.agent_id, k.note, k.at, COALESCE((SELECT s.text FROM messages s WHERE s.conversation_id = m.conversation_id
 AND s.seq < m.seq AND s.sender = 'contact' ORDER BY s.seq DESC LIMIT 1), ''), m.id, m.conversation_id, m.seq, m.text, m.content
 FROM answer_marks k JOIN messages m ON m.id = k.message_id ORDER BY k.at DESC, k.message_id DESC LIMIT ?`

// WrongAnswers reads the newest marks, with as much of their messages as a list shows.
func (s *Store) WrongAnswers(ctx context.Context, from db.Querier, limit int) ([]WrongAnswer, error) {
	rows, err := from.Query(ctx, selectWrong, limit)
	if err != nil {
		return nil, fmt.Errorf("read marks: %w", err)
	}
	defer rows.Close()
	var found []WrongAnswer
	for rows.Next() {
		var k WrongAnswer
		var at int64
		var content string
		if err := rows.Scan(&k.AgentID, &k.Note, &at, &k.Said, &k.Message.ID, &k.Message.ConversationID, &k.Message.Seq, &k.Message.Text, &content); err != nil {
			return nil, fmt.Errorf("read marks: %w", err)
		}
		k.At = db.Time(at)
		if k.Message.Content, err = decodeContent(content); err != nil {
			return nil, fmt.Errorf("read marks: %w", err)
		}
		found = append(found, k)
	}
	return found, rows.Err()
}
