package slack

import (
	"context"
	"errors"
	"fmt"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

const (
	dutyEach = 20 * time.Second // more often than an agent without a sign of life counts as gone
	dutyLast = 10 * time.Hour   // who has done nothing in Slack for so long has gone home without saying so
)

// SetDuty is an agent's word in Slack on being at the desk. While on duty, Slack's connection is their sign of life.
func (b *Board) setDuty(ctx context.Context, agentID int64, on bool) error {
	err := b.DB.Tx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE slack_users SET on_duty = ?, acted_at = ? WHERE agent_id = ?", truth(on), db.Millis(tx.Now), agentID)
		if err != nil {
			return fmt.Errorf("set duty: %w", err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	presence := handoff.Away
	if on {
		presence = handoff.Online
	}
	return b.Desk.SetPresence(ctx, agentID, presence)
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// acted notes that an agent has done something in Slack.
func (b *Board) acted(ctx context.Context, agentID int64) error {
	err := b.DB.Tx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE slack_users SET acted_at = ? WHERE agent_id = ?", db.Millis(tx.Now), agentID)
		return err
	})
	if err != nil {
		return fmt.Errorf("note sign of life: %w", err)
	}
	return b.Desk.Seen(ctx, agentID)
}

// keepDuty gives signs of life for the agents who are on duty in Slack.
func (b *Board) keepDuty(ctx context.Context) {
	tick := time.NewTicker(dutyEach)
	defer tick.Stop()
	for {
		if err := b.seeOnDuty(ctx); err != nil && ctx.Err() == nil {
			b.Log.Error("agents on duty in Slack not seen; trying again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (b *Board) seeOnDuty(ctx context.Context) error {
	since := b.DB.Now().Add(-dutyLast)
	rows, err := b.DB.Query(ctx, "SELECT agent_id, acted_at FROM slack_users WHERE on_duty = 1")
	if err != nil {
		return fmt.Errorf("read duty: %w", err)
	}
	var here, left []int64
	for rows.Next() {
		var id, acted int64
		if err := rows.Scan(&id, &acted); err != nil {
			rows.Close()
			return fmt.Errorf("read duty: %w", err)
		}
		if db.Time(acted).Before(since) {
			left = append(left, id)
		} else {
			here = append(here, id)
		}
	}
	rows.Close()
	failures := []error{rows.Err()}
	for _, id := range here {
		err := b.Desk.Seen(ctx, id)
		if errors.Is(err, conversation.ErrNotFound) { // an agent no more
			left = append(left, id)
		} else {
			failures = append(failures, err)
		}
	}
	for _, id := range left {
		err := b.setDuty(ctx, id, false)
		if !errors.Is(err, conversation.ErrNotFound) {
			failures = append(failures, err)
		}
	}
	return errors.Join(failures...)
}
