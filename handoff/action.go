package handoff

import (
	"context"
	"slices"
	"strings"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// Action is one thing done to a conversation: by hand to several at once, or by a macro once its text is sent.
type Action struct {
	Kind     string    `json:"kind"`
	Tags     []string  `json:"tags,omitempty"`
	Priority string    `json:"priority,omitempty"`
	TeamID   int64     `json:"team_id,omitempty"`
	AgentID  int64     `json:"agent_id,omitempty"`
	To       string    `json:"to,omitempty"`      // of release
	Until    time.Time `json:"until,omitzero"`    // of snooze
	Minutes  int       `json:"minutes,omitempty"` // of snooze: so long from now
	Text     string    `json:"text,omitempty"`    // a note, or why something is done
}

// The kinds of actions.
const (
	ActClaim    = "claim"
	ActTransfer = "transfer"
	ActRelease  = "release"
	ActTag      = "tag"
	ActUntag    = "untag"
	ActPriority = "priority"
	ActResolve  = "resolve"
	ActReopen   = "reopen"
	ActSnooze   = "snooze"
	ActWake     = "wake"
	ActRead     = "read"
	ActNote     = "note"
)

// MaxActions bounds how many actions a macro has, or are done at once.
const MaxActions = 10

// Check refuses an action that could never be done.
func (a Action) Check() error {
	wrong := func(field, words string) error { return &conversation.FieldError{Field: field, Message: words} }
	switch a.Kind {
	case ActClaim, ActResolve, ActReopen, ActWake, ActRead:
	case ActRelease:
		if a.To != string(ToQueue) && a.To != string(ToBot) {
			return wrong("to", "give it back to queue or bot")
		}
	case ActTransfer:
		if a.TeamID == 0 && a.AgentID == 0 {
			return wrong("agent_id", "name a team or an agent")
		}
	case ActTag, ActUntag:
		if len(a.Tags) == 0 {
			return wrong("tags", "name a tag")
		}
	case ActPriority:
		if _, ok := conversation.ParsePriority(a.Priority); !ok {
			return wrong("priority", "must be one of low, normal, high, urgent")
		}
	case ActSnooze:
		if a.Minutes < 0 || time.Duration(a.Minutes)*time.Minute > maxSnooze {
			return wrong("minutes", "choose a time from now to a year ahead")
		}
	case ActNote:
		if strings.TrimSpace(a.Text) == "" {
			return wrong("text", "write something")
		}
	default:
		return wrong("kind", "there is no such action")
	}
	return nil
}

// CheckActions refuses a list of actions with one that could never be done, or too many.
func CheckActions(list []Action) error {
	if len(list) > MaxActions {
		return &conversation.FieldError{Field: "actions", Message: "at most 10 actions go together"}
	}
	for _, a := range list {
		if err := a.Check(); err != nil {
			return err
		}
	}
	return nil
}

// Act does one thing to a conversation, if the agent may.
func (d *Desk) Act(ctx context.Context, tx *db.Tx, id int64, agent Agent, a Action) (*conversation.Conversation, error) {
	if err := a.Check(); err != nil {
		return nil, err
	}
	switch a.Kind {
	case ActClaim:
		return d.Claim(ctx, tx, id, agent, agent.Role.Leads())
	case ActTransfer:
		return d.Transfer(ctx, tx, id, agent, Target{TeamID: a.TeamID, AgentID: a.AgentID}, a.Text)
	case ActRelease:
		return d.Release(ctx, tx, id, agent, Destination(a.To))
	case ActResolve:
		return d.Resolve(ctx, tx, id, agent)
	case ActReopen:
		return d.Reopen(ctx, tx, id, agent)
	case ActSnooze:
		until := a.Until
		if a.Minutes > 0 {
			until = tx.Now.Add(time.Duration(a.Minutes) * time.Minute)
		}
		return d.SnoozeFor(ctx, tx, id, agent, Snooze{Until: until, Reason: a.Text})
	case ActWake:
		return d.Unsnooze(ctx, tx, id, agent)
	}
	return d.label(ctx, tx, id, agent, a)
}

// label does what everybody in scope may do, whoever has the conversation.
func (d *Desk) label(ctx context.Context, tx *db.Tx, id int64, agent Agent, a Action) (*conversation.Conversation, error) {
	c, err := d.Conversations.Load(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if agent, err = d.acting(ctx, tx, agent, c); err != nil {
		return nil, err
	}
	switch a.Kind {
	case ActTag:
		err = d.retag(ctx, tx, c, agent, append(slices.Clone(c.Tags), a.Tags...))
	case ActUntag:
		err = d.retag(ctx, tx, c, agent, without(c.Tags, a.Tags))
	case ActPriority:
		err = d.prioritise(ctx, tx, c, agent, a.Priority)
	case ActRead:
		if err = d.Conversations.MarkAgentRead(ctx, tx, id, c.LastSeq); err == nil {
			c, err = d.Conversations.Load(ctx, tx, id)
		}
	case ActNote:
		_, err = d.Conversations.Reply(ctx, tx, c, conversation.Draft{Sender: sender(agent), AgentID: agent.ID, Text: strings.TrimSpace(a.Text), Private: true})
	}
	return c, err
}

func (d *Desk) retag(ctx context.Context, tx *db.Tx, c *conversation.Conversation, agent Agent, tags []string) error {
	before := slices.Clone(c.Tags)
	if err := d.Conversations.SetTags(ctx, tx, c, tags); err != nil {
		return err
	}
	if slices.Equal(before, c.Tags) {
		return nil
	}
	data := named(agent)
	data["added"], data["removed"] = strings.Join(without(c.Tags, before), ", "), strings.Join(without(before, c.Tags), ", ")
	_, err := d.Conversations.Activity(ctx, tx, c, "tagged", data, "")
	return err
}

func (d *Desk) prioritise(ctx context.Context, tx *db.Tx, c *conversation.Conversation, agent Agent, word string) error {
	priority, _ := conversation.ParsePriority(word)
	if priority == c.Priority {
		return nil
	}
	if c.Queueing() {
		before := *c
		d.movedBehind(ctx, tx, &before)
	}
	c.Priority = priority
	data := named(agent)
	data["priority"] = word
	_, err := d.Conversations.Activity(ctx, tx, c, "prioritised", data, "")
	return err
}

// named is about, also for a program that acts with a key and has a name but no account.
func named(a Agent) map[string]string {
	data := about(a)
	if a.Name != "" {
		data["agent"] = a.Name
	}
	return data
}

func without(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(other, s) })
}
