package slack

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

// path is how a text leaves a thread for the customer. There are no others.
type path string

const (
	byDialog   path = "dialog"   // the Reply button's dialog was submitted
	byShortcut path = "shortcut" // the dialog of the shortcut on a message was submitted
	byPrefix   path = "prefix"   // a message in the thread began with the prefix that an administrator has set
)

// outgoing is what an agent sends to a customer.
type outgoing struct {
	by           path
	source       string // unlike any other; a repeat sends nothing
	conversation int64
	agent        int64
	text         string
	files        []int64
	seen         int64 // the last message that the agent has seen
}

// newerError stops a reply because somebody has answered since the agent last looked.
type newerError struct {
	seq        int64
	name, text string
}

func (e *newerError) Error() string { return e.name + " has answered meanwhile" }

// send is the only way by which a text leaves a thread. In one transaction it checks that the agent may answer, and
// stores the reply; from there it goes the way of every reply.
func (b *Board) send(ctx context.Context, o outgoing) error {
	return b.act(ctx, o.agent, func(tx *db.Tx, agent handoff.Agent) error {
		c, err := b.Conversations.Load(ctx, tx, o.conversation)
		if err != nil {
			return err
		}
		if o.seen > 0 {
			if err := b.refuseBlind(ctx, tx, c, o); err != nil {
				return err
			}
		}
		if err := b.Desk.MayReply(ctx, tx, c, agent); err != nil {
			return err
		}
		_, err = b.Conversations.Reply(ctx, tx, c, conversation.Draft{Sender: conversation.FromAgent, AgentID: agent.ID, Text: strings.TrimSpace(o.text),
			Attachments: o.files, SourceID: sentSource + string(o.by) + ":" + o.source})
		return err
	})
}

// How messages that come from Slack are named, so that a repeat adds nothing and a note is not shown where it was written.
const (
	sentSource = "slack-sent:"
	noteSource = "slack-note:"
)

// refuseBlind stops a reply that was written before a colleague's newer one was seen.
func (b *Board) refuseBlind(ctx context.Context, tx *db.Tx, c *conversation.Conversation, o outgoing) error {
	newer, err := b.Conversations.Messages(ctx, tx, c.ID, conversation.Page{After: o.seen, Limit: 50, Public: true})
	if err != nil {
		return err
	}
	for i := len(newer) - 1; i >= 0; i-- {
		m := newer[i]
		if m.Sender != conversation.FromAgent || m.AgentID == o.agent {
			continue
		}
		colleague, err := b.Desk.Agent(ctx, tx, m.AgentID)
		if err != nil && !errors.Is(err, conversation.ErrNotFound) {
			return err
		}
		return &newerError{seq: c.LastSeq, name: colleague.Name, text: m.Text}
	}
	return nil
}

// act does something as an agent in one transaction, as the desk knows them there, and is a sign of life of theirs.
func (b *Board) act(ctx context.Context, agentID int64, do func(*db.Tx, handoff.Agent) error) error {
	err := b.DB.Tx(ctx, func(tx *db.Tx) error {
		agent, err := b.Desk.Agent(ctx, tx, agentID)
		if err != nil {
			return err
		}
		if !agent.Active || !agent.Role.Serves() {
			return handoff.ErrForbidden
		}
		return do(tx, agent)
	})
	if err != nil {
		return err
	}
	return b.acted(ctx, agentID)
}

// explain says an error to the person in Slack; "" for one that is nobody's fault there.
func (w phrases) explain(err error) string {
	var owned *handoff.OwnedError
	var field *conversation.FieldError
	var file *fileError
	switch {
	case errors.As(err, &owned):
		return fmt.Sprintf(w.ownedBy, owned.Agent.Name)
	case errors.As(err, &file):
		return fmt.Sprintf(w.fileTrouble, file.name, file.err)
	case errors.As(err, &field) && field.Field == "text" && strings.Contains(field.Message, "too long"):
		return w.tooLong
	case errors.As(err, &field) && field.Field == "text":
		return w.empty
	case errors.As(err, &field):
		return field.Message
	case errors.Is(err, handoff.ErrForbidden):
		return w.notAllowed
	case errors.Is(err, handoff.ErrResolved), errors.Is(err, conversation.ErrNotOpen):
		return w.resolvedNow
	case errors.Is(err, conversation.ErrNotFound):
		return w.notHere
	}
	return ""
}
