package handoff

import (
	"context"
	"errors"
	"fmt"

	"huiyin/conversation"
	"huiyin/db"
)

// awaySilent is why an agent is away who did not answer offers.
const awaySilent = "silent"

// expire ends the offers that nobody answered in time. The customer goes before those who came at the same time, and the agent
// is set away after as many as the settings say.
func (d *Desk) expire(ctx context.Context) error {
	due, err := d.queryOffers(ctx, d.DB, "ended_at = 0 AND expires_at <= ? ORDER BY expires_at, id LIMIT ?", db.Millis(d.DB.Now()), swept)
	if err != nil {
		return err
	}
	var failed error
	for _, o := range due {
		err := d.DB.Tx(ctx, func(tx *db.Tx) error { return d.runOut(ctx, tx, o) })
		if err != nil && !errors.Is(err, conversation.ErrNotFound) {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

func (d *Desk) runOut(ctx context.Context, tx *db.Tx, o Offer) error {
	c, err := d.Conversations.Load(ctx, tx, o.ConversationID)
	if err != nil {
		return err
	}
	missed, gone, err := d.lockMissed(ctx, tx, o.AgentID)
	if err != nil {
		return err
	}
	s, err := d.Routing(ctx, tx)
	if err != nil {
		return err
	}
	o.Away = s.AwayAfter > 0 && missed+1 >= s.AwayAfter && !gone
	how := Silent
	if gone { // it is not the agent who is silent: nobody is there
		how = Withdrawn
	}
	if ended, err := d.endOffer(ctx, tx, o, how); err != nil || !ended {
		return err
	}
	if err := d.noteSilence(ctx, tx, o, gone); err != nil {
		return err
	}
	if !c.Queueing() {
		return nil
	}
	w, err := d.waitOf(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	w.returned = true
	if err := d.saveWait(ctx, tx, c.ID, w); err != nil {
		return err
	}
	return d.Conversations.Save(ctx, tx, c)
}

// lockMissed reads how many offers in a row an agent has missed, and whether the agent is gone, with the row locked.
func (d *Desk) lockMissed(ctx context.Context, tx *db.Tx, agentID int64) (missed int, gone bool, err error) {
	err = tx.QueryRow(ctx, "SELECT missed FROM agents WHERE id = ?"+tx.ForUpdate(), agentID).Scan(&missed)
	if err != nil {
		return 0, false, fmt.Errorf("lock agent %d: %w", agentID, err)
	}
	a, err := d.Agent(ctx, tx, agentID)
	return missed, a.Presence == Offline, err
}

func (d *Desk) noteSilence(ctx context.Context, tx *db.Tx, o Offer, gone bool) error {
	if gone {
		return nil
	}
	query, args := "UPDATE agents SET missed = missed + 1 WHERE id = ?", []any{o.AgentID}
	if o.Away {
		query, args = "UPDATE agents SET missed = 0, presence = ?, presence_at = ?, away_why = ? WHERE id = ?", []any{string(Away), db.Millis(tx.Now), awaySilent, o.AgentID}
	}
	if _, err := tx.Exec(ctx, query, args...); err != nil {
		return fmt.Errorf("note silence of agent %d: %w", o.AgentID, err)
	}
	if o.Away {
		return d.cameOrWent(ctx, tx, o.AgentID)
	}
	return nil
}
