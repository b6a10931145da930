package conversation

import (
	"context"
	"fmt"

	"huiyin/db"
)

// SaidSince reads what our side has said to the customer after a seq: the bot, or agents other than one.
func (s *Store) SaidSince(ctx context.Context, from db.Querier, conversationID, seq, exceptAgent int64) ([]Message, error) {
	return s.queryMessages(ctx, from, `WHERE m.conversation_id = ? AND m.seq > ? AND m.private = 0
 AND (m.sender = 'bot' OR m.sender = 'agent' AND m.agent_id <> ?) ORDER BY m.seq LIMIT 20`, conversationID, seq, exceptAgent)
}

// HeardSince tells whether the customer has written after a seq.
func (s *Store) HeardSince(ctx context.Context, from db.Querier, conversationID, seq int64) (bool, error) {
	var one int
	err := from.QueryRow(ctx, "SELECT 1 FROM messages m WHERE m.conversation_id = ? AND m.seq > ? AND m.sender = 'contact' AND NOT "+isEvent+" LIMIT 1",
		conversationID, seq).Scan(&one)
	if db.NoRows(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for the customer's answer: %w", err)
	}
	return true, nil
}

// HoldFiles keeps uploaded files that a message waits with from being forgotten; conversation 0 lets go of them.
func (s *Store) HoldFiles(ctx context.Context, tx *db.Tx, conversationID int64, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, "UPDATE attachments SET conversation_id = ? WHERE message_id = 0 AND id IN ("+idList(ids)+")", conversationID)
	if err != nil {
		return fmt.Errorf("hold files: %w", err)
	}
	return nil
}

// AttachmentsByID reads files by their ids, oldest first.
func (s *Store) AttachmentsByID(ctx context.Context, from db.Querier, ids []int64) ([]Attachment, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return s.queryAttachments(ctx, from, "id IN ("+idList(ids)+") ORDER BY id")
}
