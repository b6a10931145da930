package handoff

import (
	"context"
	"errors"

	"huiyin/db"
	"huiyin/handoff/routing"
)

// overflow passes customers who have waited too long, or whom nobody is there for, to the team that helps out.
func (d *Desk) overflow(ctx context.Context, s routing.Settings, team int64) error {
	t := s.Team(team)
	if t.OverflowTeam == 0 || !(t.OverflowUnstaffed || t.OverflowMinutes > 0) {
		return nil
	}
	ids, err := d.Conversations.Queue(ctx, d.DB, team, routedMost)
	if err != nil {
		return err
	}
	cases, err := d.cases(ctx, d.DB, s, ids)
	if err != nil {
		return err
	}
	on := map[int64]bool{}
	for _, id := range []int64{team, t.OverflowTeam} {
		n, err := d.Online(ctx, d.DB, id)
		if err != nil {
			return err
		}
		on[id] = n > 0
	}
	staffed := func(id int64) bool { return on[id] }
	var failed error
	for _, c := range cases {
		if to, why, _ := routing.Overflow(s, d.DB.Now(), staffed, c); to != 0 {
			err := d.DB.Tx(ctx, func(tx *db.Tx) error { return d.passOn(ctx, tx, c, to, why) })
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

// passOn moves a waiting customer to another team's queue, with the time since which the customer waits. Nothing is sent: the
// place shows where it shows by itself, and is told when asked for.
func (d *Desk) passOn(ctx context.Context, tx *db.Tx, was routing.Case, to int64, why string) error {
	c, err := d.Conversations.Load(ctx, tx, was.ID)
	if err != nil || !c.Queueing() || c.TeamID != was.Team {
		return err
	}
	team, err := d.Team(ctx, tx, to)
	if err != nil {
		return err
	}
	w, err := d.waitOf(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	if err := d.leavesQueue(ctx, tx, c, 0); err != nil {
		return err
	}
	w.been, w.nudged = append(w.been, c.TeamID), false
	if err := d.saveWait(ctx, tx, c.ID, w); err != nil {
		return err
	}
	c.TeamID = to
	if _, err := d.Conversations.Activity(ctx, tx, c, "overflowed", map[string]string{"team": team.Name, "reason": why}, ""); err != nil {
		return err
	}
	d.movedBehind(ctx, tx, c)
	d.mayRoute(tx)
	return nil
}
