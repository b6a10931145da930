package handoff

import (
	"context"
	"fmt"

	"huiyin/conversation"
	"huiyin/db"
)

const oneOwner = "a conversation has one owner at most, and the assignment says who"

// Ledger names the assignments that break a law, as of one moment; inboxID 0 looks at all inboxes.
func (d *Desk) Ledger(ctx context.Context, inboxID int64) (faults []conversation.Fault, err error) {
	err = d.DB.Snapshot(ctx, func(from db.Querier) error {
		held, err := openAssignments(ctx, from)
		if err != nil {
			return err
		}
		faults, err = d.compare(ctx, from, held, inboxID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("ledger of assignments: %w", err)
	}
	return faults, nil
}

// holding is an open assignment.
type holding struct{ id, conversation, agent int64 }

func openAssignments(ctx context.Context, from db.Querier) ([]holding, error) {
	rows, err := from.Query(ctx, "SELECT id, conversation_id, agent_id FROM assignments WHERE ended_at = 0 ORDER BY conversation_id, id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var held []holding
	for rows.Next() {
		var h holding
		if err := rows.Scan(&h.id, &h.conversation, &h.agent); err != nil {
			return nil, err
		}
		held = append(held, h)
	}
	return held, rows.Err()
}

// compareAtOnce is how many conversations are read by one query.
const compareAtOnce = 500

func (d *Desk) compare(ctx context.Context, from db.Querier, held []holding, inboxID int64) ([]conversation.Fault, error) {
	faults := []conversation.Fault{}
	before := holding{}
	for len(held) > 0 {
		part := held[:min(compareAtOnce, len(held))]
		held = held[len(part):]
		ids := make([]int64, len(part))
		for i, h := range part {
			ids[i] = h.conversation
		}
		all, err := d.Conversations.GetAll(ctx, from, ids)
		if err != nil {
			return nil, err
		}
		for _, h := range part {
			c := all[h.conversation]
			if detail := h.wrong(before, c); detail != "" && (inboxID == 0 || c != nil && c.InboxID == inboxID) {
				faults = append(faults, conversation.Fault{Law: oneOwner, Row: fmt.Sprintf("assignment %d", h.id), Detail: detail})
			}
			before = h
		}
	}
	return faults, nil
}

// wrong says what is wrong with an open assignment, given the one before it in the order of conversations.
func (h holding) wrong(before holding, c *conversation.Conversation) string {
	switch {
	case c == nil:
		return fmt.Sprintf("there is no conversation %d", h.conversation)
	case before.conversation == h.conversation:
		return fmt.Sprintf("conversation %d is agent %d's by assignment %d, and agent %d's by this one", h.conversation, before.agent, before.id, h.agent)
	case c.AgentID != h.agent:
		return fmt.Sprintf("conversation %d is agent %d's, and agent %d's by this assignment", h.conversation, c.AgentID, h.agent)
	}
	return ""
}
