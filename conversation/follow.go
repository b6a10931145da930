package conversation

import (
	"context"
	"fmt"

	"huiyin/db"
)

// A customer's screen is followed by looking often and mostly finding nothing new. This file is what it looks at:
// how far the conversations have come, and what may still change about messages that it has. Neither reads a text.

// Head is how far a conversation has come, and in whose hands it is.
type Head struct {
	ID, LastSeq, AgentReadSeq int64
	Status                    Status
	TeamID, AgentID           int64
	QueueOrder                int64 // place in the queue as one rising number; 0 when not queueing
}

const selectHeads = `SELECT c.id, c.last_seq, c.agent_read_seq, c.status, c.team_id, c.agent_id, c.queue_order
 FROM identities i JOIN conversations c ON c.contact_id = i.contact_id AND c.identity_id = i.id
 WHERE i.id = ? AND c.id >= ? ORDER BY c.id LIMIT ?`

// Heads reads how far the conversations of an identity have come, from the given one on in their order.
func (s *Store) Heads(ctx context.Context, from db.Querier, identityID, conversationID int64, limit int) ([]Head, error) {
	rows, err := from.Query(ctx, selectHeads, identityID, conversationID, limit)
	if err != nil {
		return nil, fmt.Errorf("read heads: %w", err)
	}
	defer rows.Close()
	var heads []Head
	for rows.Next() {
		var h Head
		if err := rows.Scan(&h.ID, &h.LastSeq, &h.AgentReadSeq, &h.Status, &h.TeamID, &h.AgentID, &h.QueueOrder); err != nil {
			return nil, fmt.Errorf("read heads: %w", err)
		}
		heads = append(heads, h)
	}
	return heads, rows.Err()
}

// ThreadOf is Thread in conversations whose heads are known, so that those without news need not be given.
func (s *Store) ThreadOf(ctx context.Context, from db.Querier, heads []Head, after Spot, limit int) ([]Message, error) {
	ids := make([]int64, len(heads))
	for i, h := range heads {
		ids[i] = h.ID
	}
	return s.thread(ctx, from, ids, after, limit)
}

// Mark is what may change about a message after the customer has it.
type Mark struct {
	Spot
	Sender       Sender
	Delivery     Delivery
	Helpful      *bool
	AgentReadSeq int64 // of its conversation
}

const selectMarks = `SELECT m.conversation_id, m.seq, m.sender, m.delivery, m.helpful, c.agent_read_seq
 FROM messages m JOIN conversations c ON c.id = m.conversation_id
 WHERE m.conversation_id = ? AND m.private = 0 ORDER BY m.seq DESC LIMIT ?`

// Marks reads the marks of the newest messages that the customer may see in a conversation, newest first.
func (s *Store) Marks(ctx context.Context, from db.Querier, conversationID int64, limit int) ([]Mark, error) {
	rows, err := from.Query(ctx, selectMarks, conversationID, limit)
	if err != nil {
		return nil, fmt.Errorf("read marks: %w", err)
	}
	defer rows.Close()
	marks := make([]Mark, 0, limit)
	for rows.Next() {
		var m Mark
		if err := rows.Scan(&m.ConversationID, &m.Seq, &m.Sender, &m.Delivery, &m.Helpful, &m.AgentReadSeq); err != nil {
			return nil, fmt.Errorf("read marks: %w", err)
		}
		marks = append(marks, m)
	}
	return marks, rows.Err()
}
