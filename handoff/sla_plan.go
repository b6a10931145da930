package handoff

import (
	"time"

	"huiyin/handoff/hours"
)

// This file is a clock's arithmetic. Nothing in it asks what time it is or reads a row.

// The alarms of a clock, in their order; from escalates on it is one for each escalation.
const (
	alarmWarn = iota
	alarmBreach
	alarmEscalates
)

// run lets a clock go on from now, and tells when it warns and when its time is up.
func (c *Clock) run(p Policy, calendar *hours.Calendar, now time.Time) {
	c.State, c.RunningSince, c.PausedFor = ClockRunning, now, ""
	if left := c.Target - c.Used; left > 0 || c.Deadline.IsZero() || c.Deadline.After(now) {
		c.Deadline, _ = calendar.Add(now, left)
	}
	c.WarnAt = time.Time{}
	if after := p.warnAfter(c.Target); after > 0 {
		c.WarnAt, _ = calendar.Add(now, after-c.Used)
	}
}

// settle counts the work since the clock runs, up to now.
func (c *Clock) settle(calendar *hours.Calendar, now time.Time) {
	if c.State == ClockRunning {
		c.Used += calendar.Between(c.RunningSince, now)
		c.RunningSince = now
	}
}

// pause stops a running clock for a while.
func (c *Clock) pause(calendar *hours.Calendar, now time.Time, reason string) {
	c.settle(calendar, now)
	c.State, c.RunningSince, c.PausedFor = ClockPaused, time.Time{}, reason
}

// end stops a clock for good.
func (c *Clock) end(calendar *hours.Calendar, now time.Time, as ClockState) {
	c.settle(calendar, now)
	c.State, c.RunningSince, c.PausedFor, c.EndedAt = as, time.Time{}, "", now
}

// plan gives a clock another policy, target or calendar, as of now, after it was settled. Alarms whose time is to come go
// off for the new plan.
func (c *Clock) plan(p Policy, calendar *hours.Calendar, now time.Time) {
	c.PolicyID, c.PolicyVersion, c.Target = p.ID, p.Version, p.target(c.Kind)
	if c.State == ClockRunning {
		c.run(p, calendar, now)
	}
	switch after := p.warnAfter(c.Target); {
	case after > 0 && c.Used < after:
		c.Alarms, c.WarnedAt, c.BreachedAt = alarmWarn, time.Time{}, time.Time{}
	case c.Used < c.Target:
		c.Alarms, c.BreachedAt = alarmBreach, time.Time{}
	}
}

// alarm is the next alarm of a clock and when it is due; the zero time: none.
func (c *Clock) alarm(p Policy, calendar *hours.Calendar) (which int, due time.Time) {
	if c.State != ClockRunning {
		return c.Alarms, time.Time{}
	}
	which = c.Alarms
	if which == alarmWarn && p.warnAfter(c.Target) == 0 {
		which = alarmBreach
	}
	after := c.Target
	switch steps := p.escalations(c.Kind); {
	case which == alarmWarn:
		after = p.warnAfter(c.Target)
	case which >= alarmEscalates+len(steps):
		return which, time.Time{}
	case which >= alarmEscalates:
		after += time.Duration(steps[which-alarmEscalates].After) * time.Minute
	}
	due, _ = calendar.Add(c.RunningSince, after-c.Used)
	return which, due
}

// ClockMark is how a clock stands, for people.
type ClockMark string

// The marks.
const (
	MarkOK       ClockMark = "ok"
	MarkWarn     ClockMark = "warn"
	MarkBreached ClockMark = "breached"
	MarkPaused   ClockMark = "paused"
)

// Mark is how the clock stands at a time.
func (c Clock) Mark(now time.Time) ClockMark {
	switch {
	case c.State == ClockPaused && c.Used >= c.Target, c.State == ClockRunning && !c.Deadline.IsZero() && !now.Before(c.Deadline):
		return MarkBreached
	case c.State == ClockPaused:
		return MarkPaused
	case !c.WarnAt.IsZero() && !now.Before(c.WarnAt):
		return MarkWarn
	default:
		return MarkOK
	}
}

// Left is how much work a paused clock has left; less than nothing when its target is missed.
func (c Clock) Left() time.Duration { return c.Target - c.Used }
