package handoff

import (
	"context"
	"errors"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// Copied is what became of shifts that were to be planned again.
type Copied struct{ Planned, Skipped int }

// maxCopied is how many shifts are planned again at once.
const maxCopied = 1000

// CopyShifts plans the shifts that begin between two times again some days later, at the same time of the day where they are
// worked, for the agents that may be planned. Who has a shift then, or serves no more, is skipped.
func (d *Desk) CopyShifts(ctx context.Context, tx *db.Tx, from, to time.Time, days int, zone *time.Location, may func(agentID int64) bool) (Copied, error) {
	if days < 1 || days > 100 {
		return Copied{}, &conversation.FieldError{Field: "days", Message: "copy to 1 to 100 days later"}
	}
	found, err := d.Shifts(ctx, tx, from, to)
	if err != nil {
		return Copied{}, err
	}
	if len(found) > maxCopied {
		return Copied{}, &conversation.FieldError{Field: "to", Message: "these are too many shifts at once"}
	}
	var done Copied
	for _, s := range found {
		if s.StartsAt.Before(from) || !may(s.AgentID) {
			continue
		}
		later := func(at time.Time) time.Time { return at.In(zone).AddDate(0, 0, days) }
		_, err := d.PlanShift(ctx, tx, Shift{AgentID: s.AgentID, StartsAt: later(s.StartsAt), EndsAt: later(s.EndsAt), Note: s.Note})
		var refused *conversation.FieldError
		switch {
		case err == nil:
			done.Planned++
		case errors.As(err, &refused):
			done.Skipped++
		default:
			return Copied{}, err
		}
	}
	return done, nil
}
