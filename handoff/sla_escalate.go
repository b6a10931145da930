package handoff

import (
	"context"
	"errors"
	"fmt"

	"huiyin/conversation"
	"huiyin/db"
)

// escalate does what an escalation is for. The clocks keep the plan by which they came to it: a priority that an escalation
// raises gives nobody less time.
func (d *Desk) escalate(ctx context.Context, tx *db.Tx, c *conversation.Conversation, step Escalation) error {
	switch step.Action {
	case RaisePriority:
		if c.Priority >= conversation.Urgent {
			return nil
		}
		return d.reprioritise(ctx, tx, c, c.Priority+1)
	case ToFront:
		return d.toFront(ctx, tx, c)
	case ToTeam:
		return d.toTeam(ctx, tx, c, step.TeamID)
	default: // the line in the conversation is the notice
		return nil
	}
}

func (d *Desk) reprioritise(ctx context.Context, tx *db.Tx, c *conversation.Conversation, p conversation.Priority) error {
	c.Priority = p
	if err := keepPlans(ctx, tx, c.ID, "priority", int64(p)); err != nil {
		return err
	}
	if c.Queueing() {
		d.movedBehind(ctx, tx, c)
	}
	return d.Conversations.Save(ctx, tx, c)
}

// keepPlans lets the clocks of a conversation take note of a change that does not plan them anew.
func keepPlans(ctx context.Context, tx *db.Tx, conversationID int64, column string, value int64) error {
	_, err := tx.Exec(ctx, "UPDATE sla_clocks SET "+column+" = ? WHERE conversation_id = ? AND state IN ('running', 'paused')", value, conversationID)
	if err != nil {
		return fmt.Errorf("keep plans of conversation %d: %w", conversationID, err)
	}
	return nil
}

// toFront puts a conversation before the others of its team's queue, whoever had it.
func (d *Desk) toFront(ctx context.Context, tx *db.Tx, c *conversation.Conversation) error {
	if c.Status != conversation.Open {
		return nil
	}
	if err := d.reprioritise(ctx, tx, c, conversation.Urgent); err != nil || c.Queueing() {
		return err
	}
	if err := d.end(ctx, tx, c.ID, endRequeued); err != nil {
		return err
	}
	return d.enqueue(ctx, tx, c, c.WaitingSince, activity{kind: "released", data: map[string]string{}, intro: func(w words) string { return w.released }})
}

// toTeam moves a conversation into another team's queue; where that cannot be, it stays.
func (d *Desk) toTeam(ctx context.Context, tx *db.Tx, c *conversation.Conversation, teamID int64) error {
	if c.TeamID == teamID && c.Queueing() {
		return nil
	}
	if _, err := d.Team(ctx, tx, teamID); errors.Is(err, conversation.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	moved, err := d.Transfer(ctx, tx, c.ID, Machine(), Target{TeamID: teamID}, "")
	if err != nil {
		return err
	}
	*c = *moved
	return nil
}
