package main

import (
	"context"
	"time"

	"huiyin/db"
	"huiyin/handoff"
	"huiyin/handoff/hours"
)

// seedHours gives the demo opening hours that no team has, so that the demo serves at any hour a newcomer tries it, and the
// service levels of a company like this one.
func (n *node) seedHours(ctx context.Context, tx *db.Tx) error {
	schedules, err := n.desk.Schedules(ctx, tx)
	if err != nil || len(schedules) > 0 {
		return err
	}
	days, err := hours.ParseFile("china-2026.csv", hours.China2026())
	if err != nil {
		return err
	}
	_, err = n.desk.CreateSchedule(ctx, tx, handoff.Schedule{Name: "营业时间（示例） Office hours (example)", Zone: "Asia/Shanghai",
		Week: "mon-fri 08:30-12:00 13:30-18:00\nsat 09:00-12:00", Days: hours.FormatDays(days)})
	if err != nil {
		return err
	}
	return n.desk.SavePolicies(ctx, tx, demoPolicies(), 0)
}

// seedShifts puts the owner on call for two weeks around the clock: a roster to look at, that takes nobody off duty who tries the
// demo, at whatever hour.
func (n *node) seedShifts(ctx context.Context, tx *db.Tx, owner handoff.Agent) error {
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		return err
	}
	year, month, day := tx.Now.In(shanghai).Date()
	monday := day - (int(tx.Now.In(shanghai).Weekday())+6)%7
	at := func(n int) time.Time { return time.Date(year, month, monday+n, 0, 0, 0, 0, shanghai) }
	known, err := n.desk.Shifts(ctx, tx, at(-100), at(100))
	if err != nil || len(known) > 0 {
		return err
	}
	for i := range 14 {
		if _, err := n.desk.PlanShift(ctx, tx, handoff.Shift{AgentID: owner.ID, StartsAt: at(i), EndsAt: at(i + 1), Note: "值班 On call"}); err != nil {
			return err
		}
	}
	return nil
}

func demoPolicies() []handoff.Policy {
	late := []handoff.Escalation{{After: 0, Action: handoff.NotifyLead}, {After: 5, Action: handoff.RaisePriority, Kinds: []handoff.ClockKind{handoff.FirstResponse}}}
	return []handoff.Policy{
		{Name: "VIP", On: true, Tiers: []string{"五星", "四星", "企业", "5 stars", "4 stars"}, FirstResponse: 5, NextResponse: 10, Resolution: 240, WarnPercent: 80, Escalations: late},
		{Name: "投诉与紧急 Complaints", On: true, Priorities: []string{"high", "urgent"}, FirstResponse: 10, NextResponse: 15, Resolution: 480, WarnPercent: 80, Escalations: late},
		{Name: "标准 Standard", On: true, FirstResponse: 30, NextResponse: 60, Resolution: 1440, WarnPercent: 80, Escalations: late[:1]},
	}
}
