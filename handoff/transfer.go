package handoff

import (
	"context"
	"errors"
	"strconv"

	"huiyin/conversation"
	"huiyin/db"
)

// Target is to whom a conversation is transferred: a team's queue, an agent, or an agent in a team.
type Target struct{ TeamID, AgentID int64 }

// Transfer hands a conversation to a team's queue or to an agent, with a private note for whoever gets it.
func (d *Desk) Transfer(ctx context.Context, tx *db.Tx, id int64, agent Agent, to Target, note string) (*conversation.Conversation, error) {
	c, agent, err := d.take(ctx, tx, id, agent)
	if err != nil {
		return nil, err
	}
	if c.Status == conversation.Resolved {
		return nil, ErrResolved
	}
	team, receiver, err := d.target(ctx, tx, c, to)
	if err != nil {
		return nil, err
	}
	if receiver.ID != 0 {
		if err := d.given(ctx, tx, receiver.ID); err != nil {
			return nil, err
		}
	}
	if err := d.leavesQueue(ctx, tx, c, receiver.ID); err != nil {
		return nil, err
	}
	if err := d.end(ctx, tx, c.ID, endTransferred); err != nil {
		return nil, err
	}
	if to.TeamID != 0 {
		c.TeamID = to.TeamID
	}
	data := about(agent)
	if team.ID != 0 {
		data["team"] = team.Name
	}
	if receiver.ID == 0 {
		err = d.transferToTeam(ctx, tx, c, data)
	} else {
		err = d.transferToAgent(ctx, tx, c, receiver, data)
	}
	if err != nil || note == "" {
		return c, err
	}
	_, err = d.Conversations.Reply(ctx, tx, c, conversation.Draft{Sender: sender(agent), AgentID: agent.ID, Text: note, Private: true})
	return c, err
}

func sender(a Agent) conversation.Sender {
	if a.ID == 0 {
		return conversation.FromSystem
	}
	return conversation.FromAgent
}

func (d *Desk) transferToTeam(ctx context.Context, tx *db.Tx, c *conversation.Conversation, data map[string]string) error {
	c.HandoffReason = string(Transferred)
	if err := d.forgetPlace(ctx, tx, c.ID); err != nil {
		return err
	}
	if err := d.waitsAnew(ctx, tx, c.ID); err != nil {
		return err
	}
	return d.enqueue(ctx, tx, c, c.WaitingSince, activity{kind: "transferred", data: data, intro: func(w words) string { return w.transferred }})
}

func (d *Desk) transferToAgent(ctx context.Context, tx *db.Tx, c *conversation.Conversation, to Agent, data map[string]string) error {
	if err := d.assign(ctx, tx, c, to.ID); err != nil {
		return err
	}
	data["to_agent"], data["to_agent_id"] = to.Name, strconv.FormatInt(to.ID, 10)
	_, err := d.Conversations.Activity(ctx, tx, c, "transferred", data, wordsFor(c.Language).claimed(to.Name))
	return err
}

// target reads the team and the agent named, and refuses those who cannot get the conversation.
func (d *Desk) target(ctx context.Context, tx *db.Tx, c *conversation.Conversation, to Target) (team Team, a Agent, err error) {
	if to.TeamID != 0 {
		if team, err = d.Team(ctx, tx, to.TeamID); err != nil {
			return Team{}, Agent{}, asField(err, "team_id", "there is no such team")
		}
	}
	if to.AgentID == 0 {
		return team, Agent{}, refuseTeam(c, to)
	}
	if a, err = d.Agent(ctx, tx, to.AgentID); err != nil {
		return Team{}, Agent{}, asField(err, "agent_id", "there is no such agent")
	}
	return team, a, refuseAgent(c, a)
}

func refuseTeam(c *conversation.Conversation, to Target) error {
	switch {
	case to.TeamID == 0:
		return &conversation.FieldError{Field: "agent_id", Message: "name a team or an agent"}
	case c.Queueing() && c.TeamID == to.TeamID:
		return &conversation.FieldError{Field: "team_id", Message: "it is in this team's queue already"}
	}
	return nil
}

func refuseAgent(c *conversation.Conversation, a Agent) error {
	switch {
	case !a.Active || !a.Role.Serves():
		return &conversation.FieldError{Field: "agent_id", Message: a.Name + " does not take conversations"}
	case owner(c) == a.ID:
		return &conversation.FieldError{Field: "agent_id", Message: a.Name + " has it already"}
	}
	return nil
}

func asField(err error, field, message string) error {
	if errors.Is(err, conversation.ErrNotFound) {
		return &conversation.FieldError{Field: field, Message: message}
	}
	return err
}
