package handoff

import (
	"context"

	"huiyin/conversation"
	"huiyin/db"
)

// Resolve ends a conversation. Its owner may, a lead, and when nobody has it anybody in scope. The customer's
// next message within a day takes it up again, with the bot first where there is one.
func (d *Desk) Resolve(ctx context.Context, tx *db.Tx, id int64, agent Agent) (*conversation.Conversation, error) {
	c, agent, err := d.take(ctx, tx, id, agent)
	if err != nil || c.Status == conversation.Resolved {
		return c, err
	}
	if err := d.leave(ctx, tx, c, endResolved); err != nil {
		return nil, err
	}
	if owner(c) == 0 {
		c.AgentID = agent.ID
	}
	c.Status = conversation.Resolved
	_, err = d.Conversations.Activity(ctx, tx, c, "resolved", about(agent), "")
	return c, err
}

// Reopen takes a resolved conversation up again; the agent who does it has it from then on.
func (d *Desk) Reopen(ctx context.Context, tx *db.Tx, id int64, agent Agent) (*conversation.Conversation, error) {
	c, agent, err := d.take(ctx, tx, id, agent)
	if err != nil || c.Status != conversation.Resolved {
		return c, err
	}
	if err := d.newest(ctx, tx, c); err != nil {
		return nil, err
	}
	c.AgentID = 0
	if agent.ID == 0 {
		c.Status = conversation.Open
		d.movedBehind(ctx, tx, c)
	} else if err := d.assign(ctx, tx, c, agent.ID); err != nil {
		return nil, err
	}
	_, err = d.Conversations.Activity(ctx, tx, c, "reopened", about(agent), "")
	return c, err
}
