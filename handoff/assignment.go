package handoff

import (
	"context"
	"fmt"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// How an assignment ended.
const (
	endReleased    = "released"
	endTransferred = "transferred"
	endTakenOver   = "taken_over"
	endResolved    = "resolved"
	endRequeued    = "requeued"
)

// notWaited marks an assignment that tells nothing about how long customers wait.
const notWaited = -1

// leaseFrom is until when an agent seen just now keeps a conversation without another sign of life.
func (d *Desk) leaseFrom(now time.Time) int64 { return db.Millis(now.Add(offlineAfter + d.Absence)) }

// assign makes the agent the owner in the loaded conversation and writes the assignment. The caller saves the
// conversation. Whoever had it before must have lost it to end.
func (d *Desk) assign(ctx context.Context, tx *db.Tx, c *conversation.Conversation, agentID int64) error {
	waited, err := d.waited(ctx, tx, c)
	if err != nil {
		return err
	}
	c.Status, c.AgentID = conversation.Open, agentID
	_, err = tx.Insert(ctx, `INSERT INTO assignments (conversation_id, agent_id, team_id, claimed_at, lease_until, waited) VALUES (?, ?, ?, ?, ?, ?)`,
		c.ID, agentID, c.TeamID, db.Millis(tx.Now), d.leaseFrom(tx.Now), waited)
	if err != nil {
		return fmt.Errorf("assign conversation %d: %w", c.ID, err)
	}
	if err := d.forgetWait(ctx, tx, c.ID); err != nil {
		return err
	}
	return d.forgetPlace(ctx, tx, c.ID)
}

// waited is how long the customer has been in the queue, in milliseconds; a wait that began with nobody on duty
// would spoil the estimate for those who come in office hours, so it does not count.
func (d *Desk) waited(ctx context.Context, tx *db.Tx, c *conversation.Conversation) (int64, error) {
	if !c.Queueing() || c.QueuedAt.IsZero() {
		return notWaited, nil
	}
	told, err := d.placeTold(ctx, tx, c.ID)
	if err != nil || (!told.at.IsZero() && !told.staffed) {
		return notWaited, err
	}
	return max(0, tx.Now.Sub(c.QueuedAt).Milliseconds()), nil
}

// end closes whatever assignment of the conversation is open.
func (d *Desk) end(ctx context.Context, tx *db.Tx, conversationID int64, reason string) error {
	d.mayRoute(tx)
	_, err := tx.Exec(ctx, "UPDATE assignments SET ended_at = ?, end_reason = ? WHERE conversation_id = ? AND ended_at = 0",
		db.Millis(tx.Now), reason, conversationID)
	if err != nil {
		return fmt.Errorf("end assignment of conversation %d: %w", conversationID, err)
	}
	return nil
}

// renew prolongs the lease on one conversation: its owner has just done something with it.
func (d *Desk) renew(ctx context.Context, tx *db.Tx, conversationID int64) error {
	until := d.leaseFrom(tx.Now)
	_, err := tx.Exec(ctx, "UPDATE assignments SET lease_until = ? WHERE conversation_id = ? AND ended_at = 0 AND lease_until < ?",
		until, conversationID, until)
	if err != nil {
		return fmt.Errorf("renew lease on conversation %d: %w", conversationID, err)
	}
	return nil
}

func (d *Desk) renewAll(ctx context.Context, tx *db.Tx, agentID int64) error {
	until := d.leaseFrom(tx.Now)
	_, err := tx.Exec(ctx, "UPDATE assignments SET lease_until = ? WHERE agent_id = ? AND ended_at = 0 AND lease_until < ?", until, agentID, until)
	if err != nil {
		return fmt.Errorf("renew leases of agent %d: %w", agentID, err)
	}
	return nil
}

// Assignment is one time that an agent had a conversation.
type Assignment struct {
	ID, ConversationID, AgentID, TeamID int64
	ClaimedAt, LeaseUntil, EndedAt      time.Time // EndedAt is zero while the agent has it
	EndReason                           string
}

// Assignments reads who had a conversation, in order.
func (d *Desk) Assignments(ctx context.Context, from db.Querier, conversationID int64) ([]Assignment, error) {
	rows, err := from.Query(ctx, `SELECT id, conversation_id, agent_id, team_id, claimed_at, lease_until, ended_at, end_reason
 FROM assignments WHERE conversation_id = ? ORDER BY id`, conversationID)
	if err != nil {
		return nil, fmt.Errorf("read assignments: %w", err)
	}
	defer rows.Close()
	var found []Assignment
	for rows.Next() {
		var a Assignment
		var claimed, lease, ended int64
		if err := rows.Scan(&a.ID, &a.ConversationID, &a.AgentID, &a.TeamID, &claimed, &lease, &ended, &a.EndReason); err != nil {
			return nil, fmt.Errorf("read assignments: %w", err)
		}
		a.ClaimedAt, a.LeaseUntil, a.EndedAt = db.Time(claimed), db.Time(lease), db.Time(ended)
		found = append(found, a)
	}
	return found, rows.Err()
}
