package handoff

import (
	"context"
	"errors"
	"fmt"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// SendDue sends the replies whose time has come, each in a transaction of its own, so that each goes out once however
// many nodes call it. One that may not go out any more is stopped and says why.
func (d *Desk) SendDue(ctx context.Context) error {
	ids, err := d.agentIDs(ctx, "SELECT id FROM later_messages WHERE state = 'waiting' AND send_at <= ? ORDER BY send_at, id LIMIT ?", db.Millis(d.DB.Now()), dueAtOnce)
	if err != nil {
		return err
	}
	var failed error
	for _, id := range ids {
		refused := ""
		err := d.DB.Tx(ctx, func(tx *db.Tx) error { return d.sendDue(ctx, tx, id) })
		if refused = refusal(err); refused != "" {
			err = d.DB.Tx(ctx, func(tx *db.Tx) error { return d.stopLater(ctx, tx, id, refused) })
		}
		failed = errors.Join(failed, err)
	}
	return failed
}

// refusal is why a reply may not go out; empty when nothing is wrong with it, or when it may be tried again.
func refusal(err error) string {
	var owned *OwnedError
	var field *conversation.FieldError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &owned):
		return "owned"
	case errors.Is(err, ErrForbidden), errors.Is(err, conversation.ErrNotFound):
		return "forbidden"
	case errors.Is(err, conversation.ErrNotOpen):
		return "not_current"
	case errors.Is(err, ErrResolved):
		return "resolved"
	case errors.As(err, &field):
		return "invalid"
	}
	return ""
}

func (d *Desk) sendDue(ctx context.Context, tx *db.Tx, id int64) error {
	l, err := d.dueLater(ctx, tx, id)
	if err != nil || l.ID == 0 {
		return err
	}
	c, err := d.Conversations.Load(ctx, tx, l.ConversationID)
	if err != nil {
		return err
	}
	agent, err := d.Agent(ctx, tx, l.AgentID)
	if err != nil {
		return err
	}
	if !l.Undo {
		heard, err := d.Conversations.HeardSince(ctx, tx, c.ID, l.SeenSeq)
		if err != nil {
			return err
		}
		if heard {
			l.State = LaterAsked
			if err := d.saveLater(ctx, tx, l); err != nil {
				return err
			}
			return d.tellLater(ctx, tx, c, agent, "schedule_asked", time.Time{})
		}
	}
	if _, err := d.Say(ctx, tx, c, agent, l.Words); err != nil {
		return fmt.Errorf("send reply for later %d: %w", id, err)
	}
	l.State = LaterSent
	return d.saveLater(ctx, tx, l)
}

// dueLater takes the reply and looks again whether it is due.
func (d *Desk) dueLater(ctx context.Context, tx *db.Tx, id int64) (Later, error) {
	found, err := d.queryLater(ctx, tx, "id = ? AND state = 'waiting' AND send_at <= ?"+tx.ForUpdate(), id, db.Millis(tx.Now))
	if err != nil || len(found) == 0 {
		return Later{}, err
	}
	return found[0], nil
}

func (d *Desk) stopLater(ctx context.Context, tx *db.Tx, id int64, reason string) error {
	l, err := d.dueLater(ctx, tx, id)
	if err != nil || l.ID == 0 {
		return err
	}
	l.State, l.Reason = LaterStopped, reason
	if err := d.saveLater(ctx, tx, l); err != nil {
		return err
	}
	c, err := d.Conversations.Load(ctx, tx, l.ConversationID)
	if errors.Is(err, conversation.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	agent, err := d.Agent(ctx, tx, l.AgentID)
	if err != nil {
		return err
	}
	return d.tellLater(ctx, tx, c, agent, "schedule_stopped", time.Time{})
}
