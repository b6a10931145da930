package handoff

import (
	"context"
	"crypto/rand"
	"errors"
	"strconv"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

const (
	alarmLease = 30 * time.Second // so long a dead node keeps an alarm from the others
	alarmBatch = 100
)

func clockQueue() db.Queue { return db.Queue{Table: "sla_clocks"} }

// SoundAlarms does what clocks fall due for: warn, note that a target is missed, escalate. Each alarm goes off once, on
// whichever node takes it; what fell due while no node lived goes off now. Call it every second.
func (d *Desk) SoundAlarms(ctx context.Context) error {
	for {
		var leases []db.Lease
		err := d.DB.Tx(ctx, func(tx *db.Tx) (err error) {
			leases, err = clockQueue().Claim(ctx, tx, rand.Text(), alarmLease, alarmBatch)
			return err
		})
		if err != nil || len(leases) == 0 {
			return err
		}
		var failed error
		for _, l := range leases {
			err := d.DB.Tx(ctx, func(tx *db.Tx) error { return d.sound(ctx, tx, l) })
			if err != nil && !errors.Is(err, db.ErrLeaseLost) {
				failed = errors.Join(failed, err)
			}
		}
		if failed != nil {
			return failed
		}
	}
}

// sound lets the next alarm of one clock go off, in one transaction with what it does.
func (d *Desk) sound(ctx context.Context, tx *db.Tx, l db.Lease) error {
	found, err := queryClocks(ctx, tx, "id = ?", l.ID)
	if err != nil || len(found) == 0 {
		return err
	}
	c, err := d.Conversations.Load(ctx, tx, found[0].ConversationID)
	if err != nil {
		return err
	}
	if err := clockQueue().Finish(ctx, tx, l, time.Time{}); err != nil {
		return err
	}
	if found, err = queryClocks(ctx, tx, "id = ?"+tx.ForUpdate(), l.ID); err != nil {
		return err
	}
	clock := &found[0]
	by, err := d.planOf(ctx, tx, clock)
	if err != nil {
		return err
	}
	which, due := clock.alarm(by.policy, by.calendar)
	if due.IsZero() || due.After(tx.Now) {
		return saveClock(ctx, tx, clock, due)
	}
	clock.settle(by.calendar, tx.Now)
	clock.Alarms = which + 1
	switch which {
	case alarmWarn:
		clock.WarnedAt = tx.Now
	case alarmBreach:
		clock.BreachedAt = tx.Now
	}
	return d.soundAs(ctx, tx, c, clock, by, which)
}

// soundAs writes down that an alarm has gone off, and does what it is for.
func (d *Desk) soundAs(ctx context.Context, tx *db.Tx, c *conversation.Conversation, clock *Clock, by plan, which int) error {
	data := map[string]string{"clock": string(clock.Kind), "policy": by.policy.Name, "minutes": strconv.Itoa(int(clock.Target / time.Minute))}
	if which < alarmEscalates {
		what := [...]string{"warned", "breached"}[which]
		if err := d.saveAndNote(ctx, tx, c, clock, by, what, ""); err != nil {
			return err
		}
		_, err := d.Conversations.Activity(ctx, tx, c, "sla_"+what, data, "")
		return err
	}
	step := by.policy.escalations(clock.Kind)[which-alarmEscalates]
	if err := d.saveAndNote(ctx, tx, c, clock, by, "escalated", string(step.Action)); err != nil {
		return err
	}
	data["action"] = string(step.Action)
	if step.Action == ToTeam {
		if team, err := d.Team(ctx, tx, step.TeamID); err == nil {
			data["team"] = team.Name
		}
	}
	if _, err := d.Conversations.Activity(ctx, tx, c, "sla_escalated", data, ""); err != nil {
		return err
	}
	return d.escalate(ctx, tx, c, step)
}
