package handoff

import (
	"context"
	"fmt"

	"huiyin/conversation"
	"huiyin/db"
)

// Role is what a person may do.
type Role string

// The roles. System is not a person's: timers and rules act with it.
const (
	Owner         Role = "owner"
	Administrator Role = "administrator"
	Lead          Role = "lead"
	AgentRole     Role = "agent"
	Editor        Role = "editor"
	System        Role = "system"
)

// Roles are those a person can have, the mightiest first.
func Roles() []Role { return []Role{Owner, Administrator, Lead, AgentRole, Editor} }

// Valid tells whether a person can have the role.
func (r Role) Valid() bool {
	switch r {
	case Owner, Administrator, Lead, AgentRole, Editor:
		return true
	default:
		return false
	}
}

// Serves tells whether people with the role work on conversations.
func (r Role) Serves() bool { return r.Valid() && r != Editor }

// Leads tells whether people with the role may act on a colleague's conversation.
func (r Role) Leads() bool { return r == Owner || r == Administrator || r == Lead || r == System }

// seesAll tells whether people with the role see every team's conversations.
func (r Role) seesAll() bool { return r == Owner || r == Administrator || r == System }

// Machine is the actor of timers and rules. It may do what a lead may, but never owns a conversation.
func Machine() Agent { return Agent{Role: System, Active: true} }

// Scope is what the agent may see: owners and administrators everything; leads and agents what is their teams',
// no team's or their own. That editors see no conversation at all is a matter of Role.Serves.
func Scope(a Agent) conversation.Scope {
	if a.Role.seesAll() {
		return conversation.Scope{All: true, AgentID: a.ID}
	}
	return conversation.Scope{AgentID: a.ID, TeamIDs: a.TeamIDs}
}

// acting is the agent as the database knows it in this transaction, when it may work on the conversation at all.
// What is out of scope is not found, so that nobody learns of another team's conversations.
func (d *Desk) acting(ctx context.Context, tx *db.Tx, a Agent, c *conversation.Conversation) (Agent, error) {
	if a.Role == System {
		return a, nil
	}
	a, err := d.Agent(ctx, tx, a.ID)
	if err != nil {
		return Agent{}, err
	}
	if !a.Active || !a.Role.Serves() {
		return Agent{}, ErrForbidden
	}
	if !Scope(a).Sees(c) {
		return Agent{}, fmt.Errorf("conversation %d: %w", c.ID, conversation.ErrNotFound)
	}
	return a, nil
}

// owner is who has the conversation; 0 when nobody has. A resolved one only remembers who had it last.
func owner(c *conversation.Conversation) int64 {
	if c.Status == conversation.Open || c.Status == conversation.Snoozed {
		return c.AgentID
	}
	return 0
}

// mayChange refuses what only the owner, a lead or, when nobody has it, anybody in scope may do.
func (d *Desk) mayChange(ctx context.Context, tx *db.Tx, c *conversation.Conversation, a Agent) error {
	if has := owner(c); has == 0 || has == a.ID || a.Role.Leads() {
		return nil
	}
	return d.ownedError(ctx, tx, c)
}

func (d *Desk) ownedError(ctx context.Context, from db.Querier, c *conversation.Conversation) error {
	has, err := d.Agent(ctx, from, c.AgentID)
	if err != nil {
		return err
	}
	return &OwnedError{Agent: has}
}

// take loads a conversation for a change by an agent who may make it.
func (d *Desk) take(ctx context.Context, tx *db.Tx, id int64, a Agent) (*conversation.Conversation, Agent, error) {
	c, err := d.Conversations.Load(ctx, tx, id)
	if err != nil {
		return nil, Agent{}, err
	}
	a, err = d.acting(ctx, tx, a, c)
	if err != nil {
		return nil, Agent{}, err
	}
	return c, a, d.mayChange(ctx, tx, c, a)
}
