package handoff

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"huiyin/conversation"
	"huiyin/db"
)

// Join lets somebody answer the customer of a conversation beside its owner, who stays the one owner. A lead joins by right;
// anybody else when the owner, or a lead, asks them to. It ends when the conversation goes to somebody else or is over.
func (d *Desk) Join(ctx context.Context, tx *db.Tx, id int64, actor Agent, who int64) (*conversation.Conversation, error) {
	c, err := d.Conversations.Load(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if actor, err = d.acting(ctx, tx, actor, c); err != nil {
		return nil, err
	}
	has := owner(c)
	if has == 0 {
		return nil, &conversation.FieldError{Field: "id", Message: "nobody has this conversation; take it"}
	}
	if !actor.Role.Leads() && actor.ID != has {
		return nil, ErrForbidden
	}
	guest, err := d.Agent(ctx, tx, who)
	if err != nil {
		return nil, asField(err, "agent_id", "there is no such agent")
	}
	if !guest.Active || !guest.Role.Serves() || !Scope(guest).Sees(c) || guest.ID == has {
		return nil, &conversation.FieldError{Field: "agent_id", Message: guest.Name + " cannot join this conversation"}
	}
	n, err := tx.Exec(ctx, `INSERT INTO joined (conversation_id, agent_id, owner_id, at) VALUES (?, ?, ?, ?)
 ON CONFLICT (conversation_id, agent_id) DO UPDATE SET owner_id = excluded.owner_id, at = excluded.at WHERE joined.owner_id <> excluded.owner_id`,
		c.ID, guest.ID, has, db.Millis(tx.Now))
	if err != nil {
		return nil, fmt.Errorf("join conversation %d: %w", c.ID, err)
	}
	if n == 0 {
		return c, nil
	}
	data := about(actor)
	data["to_agent"], data["to_agent_id"] = guest.Name, strconv.FormatInt(guest.ID, 10)
	_, err = d.Conversations.Activity(ctx, tx, c, "joined", data, "")
	return c, err
}

// Joined tells whether somebody may answer the customer beside the owner now.
func (d *Desk) Joined(ctx context.Context, from db.Querier, c *conversation.Conversation, agentID int64) (bool, error) {
	has := owner(c)
	if has == 0 {
		return false, nil
	}
	var n int
	err := from.QueryRow(ctx, "SELECT COUNT(*) FROM joined WHERE conversation_id = ? AND agent_id = ? AND owner_id = ?", c.ID, agentID, has).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("read who joined conversation %d: %w", c.ID, err)
	}
	return n > 0, nil
}

// unlessJoined lets a refusal pass for who has joined.
func (d *Desk) unlessJoined(ctx context.Context, tx *db.Tx, c *conversation.Conversation, agent Agent, refused error) error {
	var owned *OwnedError
	if !errors.As(refused, &owned) {
		return refused
	}
	joined, err := d.Joined(ctx, tx, c, agent.ID)
	if err != nil || joined {
		return err
	}
	return refused
}
