package handoff

import (
	"context"
	"strconv"

	"huiyin/conversation"
	"huiyin/db"
)

// Merge has a conversation go on in another one of the same customer: it is resolved and points there. Its messages and
// its address stay, and the customer's next message to that address takes it up again.
func (d *Desk) Merge(ctx context.Context, tx *db.Tx, id, into int64, agent Agent) (*conversation.Conversation, error) {
	if id == into {
		return nil, &conversation.FieldError{Field: "into", Message: "name another conversation of this customer"}
	}
	c, target, agent, err := d.takeBoth(ctx, tx, id, into, agent)
	if err != nil {
		return nil, err
	}
	if err := d.mergeable(ctx, tx, c, target); err != nil {
		return nil, err
	}
	if err := d.leave(ctx, tx, c, endResolved); err != nil {
		return nil, err
	}
	if owner(c) == 0 {
		c.AgentID = agent.ID
	}
	if err := d.CancelClocks(ctx, tx, c, "merged"); err != nil {
		return nil, err
	}
	c.Status = conversation.Resolved
	if err := d.Conversations.MergeConversation(ctx, tx, conversation.Merged{ConversationID: id, TargetID: into, AgentID: agent.ID}); err != nil {
		return nil, err
	}
	data := named(agent)
	data["from"] = strconv.FormatInt(id, 10)
	if _, err := d.Conversations.Activity(ctx, tx, target, "merged_in", data, ""); err != nil {
		return nil, err
	}
	data = named(agent)
	data["into"] = strconv.FormatInt(into, 10)
	_, err = d.Conversations.Activity(ctx, tx, c, "merged", data, "")
	return c, err
}

// takeBoth loads two conversations in the order of their ids, so that no two mergers wait for each other.
func (d *Desk) takeBoth(ctx context.Context, tx *db.Tx, id, other int64, agent Agent) (c, o *conversation.Conversation, a Agent, err error) {
	first, second := id, other
	if first > second {
		first, second = second, first
	}
	loaded := map[int64]*conversation.Conversation{}
	for _, n := range []int64{first, second} {
		if loaded[n], a, err = d.take(ctx, tx, n, agent); err != nil {
			return nil, nil, a, err
		}
	}
	return loaded[id], loaded[other], a, nil
}

func (d *Desk) mergeable(ctx context.Context, tx *db.Tx, c, target *conversation.Conversation) error {
	if c.ContactID != target.ContactID {
		return &conversation.FieldError{Field: "into", Message: "it is another customer's; merge the customers first"}
	}
	found, err := d.Conversations.MergedOf(ctx, tx, []int64{c.ID, target.ID})
	if err != nil {
		return err
	}
	if len(found) > 0 {
		return &conversation.FieldError{Field: "into", Message: "one of the two was merged already; undo that first"}
	}
	return nil
}

// Unmerge takes a merged conversation up again; the agent who does it has it from then on.
func (d *Desk) Unmerge(ctx context.Context, tx *db.Tx, id int64, agent Agent) (*conversation.Conversation, error) {
	c, agent, err := d.take(ctx, tx, id, agent)
	if err != nil {
		return nil, err
	}
	found, err := d.Conversations.MergedOf(ctx, tx, []int64{id})
	if err != nil {
		return nil, err
	}
	was, merged := found[id]
	if !merged {
		return c, nil
	}
	if err := d.Conversations.EndMerge(ctx, tx, id); err != nil {
		return nil, err
	}
	data := named(agent)
	data["into"] = strconv.FormatInt(was.TargetID, 10)
	if _, err := d.Conversations.Activity(ctx, tx, c, "unmerged", data, ""); err != nil {
		return nil, err
	}
	current, err := d.Conversations.Current(ctx, tx, c)
	if err != nil || !current {
		return c, err // it stays resolved: the customer has a newer one
	}
	return d.Reopen(ctx, tx, id, agent)
}
