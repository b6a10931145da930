package handoff

import (
	"context"
	"strconv"

	"huiyin/conversation"
	"huiyin/db"
)

// Claim makes the agent the owner of a conversation. When somebody else has it the answer is an *OwnedError,
// unless takeOver is set and the agent may take over. Claiming what one has already only prolongs the lease.
// From the commit on the bot has nothing more to say in it.
func (d *Desk) Claim(ctx context.Context, tx *db.Tx, conversationID int64, agent Agent, takeOver bool) (*conversation.Conversation, error) {
	c, err := d.Conversations.Load(ctx, tx, conversationID)
	if err != nil {
		return nil, err
	}
	agent, err = d.acting(ctx, tx, agent, c)
	if err != nil {
		return nil, err
	}
	return c, d.claim(ctx, tx, c, agent, takeOver)
}

func (d *Desk) claim(ctx context.Context, tx *db.Tx, c *conversation.Conversation, agent Agent, takeOver bool) error {
	if agent.ID == 0 {
		return ErrForbidden
	}
	has := owner(c)
	if has == agent.ID {
		return d.renew(ctx, tx, c.ID)
	}
	if has != 0 && !takeOver {
		return d.ownedError(ctx, tx, c)
	}
	if has != 0 && !agent.Role.Leads() {
		return ErrForbidden
	}
	if err := d.newest(ctx, tx, c); err != nil {
		return err
	}
	return d.own(ctx, tx, c, agent, endTakenOver)
}

// own gives the conversation to the agent, whoever had it, and tells the customer who is there.
func (d *Desk) own(ctx context.Context, tx *db.Tx, c *conversation.Conversation, agent Agent, endReason string) error {
	if err := d.given(ctx, tx, agent.ID); err != nil {
		return err
	}
	if err := d.leavesQueue(ctx, tx, c, agent.ID); err != nil {
		return err
	}
	if err := d.end(ctx, tx, c.ID, endReason); err != nil {
		return err
	}
	if err := d.assign(ctx, tx, c, agent.ID); err != nil {
		return err
	}
	_, err := d.Conversations.Activity(ctx, tx, c, "claimed", about(agent), wordsFor(c.Language).claimed(agent.Name))
	return err
}

// newest refuses to take up a resolved conversation whose customer has begun a newer one since.
func (d *Desk) newest(ctx context.Context, from db.Querier, c *conversation.Conversation) error {
	if c.Status != conversation.Resolved {
		return nil
	}
	current, err := d.Conversations.Current(ctx, from, c)
	if err == nil && !current {
		err = conversation.ErrNotOpen
	}
	return err
}

// MayReply checks, in the reply's own transaction, that the agent may write to the customer of a loaded
// conversation. One that nobody has is claimed by it; one that a colleague has gives an *OwnedError, unless the agent
// has joined it.
func (d *Desk) MayReply(ctx context.Context, tx *db.Tx, c *conversation.Conversation, agent Agent) error {
	agent, err := d.acting(ctx, tx, agent, c)
	if err != nil {
		return err
	}
	return d.unlessJoined(ctx, tx, c, agent, d.claim(ctx, tx, c, agent, false))
}

// MayNote checks that the agent may write a private note in the conversation: everybody in scope may.
func (d *Desk) MayNote(ctx context.Context, tx *db.Tx, c *conversation.Conversation, agent Agent) error {
	_, err := d.acting(ctx, tx, agent, c)
	return err
}

// about is the data of an activity line that an agent caused.
func about(a Agent) map[string]string {
	if a.ID == 0 {
		return map[string]string{}
	}
	return map[string]string{"agent": a.Name, "agent_id": strconv.FormatInt(a.ID, 10)}
}
