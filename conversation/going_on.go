package conversation

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"huiyin/db"
)

// Merged says where a conversation goes on that was merged into another one of its customer. Its messages and its
// address stay where they are: what was read keeps its order, and the customer's next message there takes it up again.
type Merged struct {
	ConversationID, TargetID, AgentID int64
	At                                time.Time
}

// MergeConversation notes that a conversation goes on in another one. Who may do so, and that they are one customer's, was checked.
func (s *Store) MergeConversation(ctx context.Context, tx *db.Tx, m Merged) error {
	_, err := tx.Exec(ctx, "INSERT INTO merges (conversation_id, target_id, agent_id, at) VALUES (?, ?, ?, ?)",
		m.ConversationID, m.TargetID, m.AgentID, db.Millis(tx.Now))
	if err != nil {
		return fmt.Errorf("merge conversation %d: %w", m.ConversationID, err)
	}
	return nil
}

// EndMerge forgets that a conversation was merged; it may not have been.
func (s *Store) EndMerge(ctx context.Context, tx *db.Tx, conversationID int64) error {
	if _, err := tx.Exec(ctx, "DELETE FROM merges WHERE conversation_id = ?", conversationID); err != nil {
		return fmt.Errorf("end merge of conversation %d: %w", conversationID, err)
	}
	return nil
}

// MergedOf reads which of some conversations were merged, and into which.
func (s *Store) MergedOf(ctx context.Context, from db.Querier, ids []int64) (map[int64]Merged, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	list, args := idMarks(ids)
	rows, err := from.Query(ctx, "SELECT conversation_id, target_id, agent_id, at FROM merges WHERE conversation_id IN ("+list+")", args...)
	if err != nil {
		return nil, fmt.Errorf("read merges: %w", err)
	}
	defer rows.Close()
	found := map[int64]Merged{}
	for rows.Next() {
		var m Merged
		var at int64
		if err := rows.Scan(&m.ConversationID, &m.TargetID, &m.AgentID, &at); err != nil {
			return nil, fmt.Errorf("read merges: %w", err)
		}
		m.At = db.Time(at)
		found[m.ConversationID] = m
	}
	return found, rows.Err()
}

// MergedInto reads the ids of the conversations that were merged into one, oldest first.
func (s *Store) MergedInto(ctx context.Context, from db.Querier, targetID int64) ([]int64, error) {
	return s.ids(ctx, from, "SELECT conversation_id FROM merges WHERE target_id = ? ORDER BY conversation_id", targetID)
}

// rejoin ends the merge of a conversation in which the customer writes again, before the message is taken. The matter is
// still a human's where it went on: then the conversation comes to wait for one too, and the bot keeps out of it.
func (s *Store) rejoin(ctx context.Context, tx *db.Tx, c *Conversation, in Incoming) (after func(), err error) {
	nothing := func() {}
	if c.Status != Resolved || in.event() {
		return nothing, nil
	}
	found, err := s.MergedOf(ctx, tx, []int64{c.ID})
	if err != nil || len(found) == 0 {
		return nothing, err
	}
	target, err := s.Get(ctx, tx, found[c.ID].TargetID)
	if err != nil {
		return nothing, err
	}
	if err := s.EndMerge(ctx, tx, c.ID); err != nil {
		return nothing, err
	}
	if _, err := s.Activity(ctx, tx, c, "unmerged", map[string]string{"into": strconv.FormatInt(target.ID, 10), "reason": "wrote"}, ""); err != nil {
		return nothing, err
	}
	if target.Status != Open && target.Status != Snoozed {
		return nothing, nil
	}
	return func() {
		c.Status, c.AgentID, c.TeamID, c.HandoffReason, c.TurnDue = Open, 0, target.TeamID, "transfer", time.Time{}
	}, nil
}
