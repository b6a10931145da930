package golden

import (
	"context"
	"fmt"
	"time"

	"huiyin/db"
	"huiyin/knowledge"
)

// Night is when all golden questions are asked by themselves.
type Night struct {
	On      bool
	Minute  int // of the day, in the zone of the organisation
	Version int64
	Next    time.Time // zero when it is off
}

// nights is the one row that falls due every night.
func nights() db.Queue { return db.Queue{Table: "golden_night"} }

const nightRow = 1

// ReadNight reads the settings.
func ReadNight(ctx context.Context, from db.Querier) (Night, error) {
	var n Night
	var on int64
	var due *int64
	err := from.QueryRow(ctx, "SELECT nightly, minute, version, due_at FROM golden_night WHERE id = ?", nightRow).Scan(&on, &n.Minute, &n.Version, &due)
	if err != nil {
		return n, fmt.Errorf("read nightly run: %w", err)
	}
	n.On = on != 0
	if due != nil && *due != 0 {
		n.Next = db.Time(*due)
	}
	return n, nil
}

// SaveNight changes when they are asked; the editor had read this version.
func SaveNight(ctx context.Context, tx *db.Tx, n Night, zone *time.Location) (Night, error) {
	if n.Minute < 0 || n.Minute >= 24*60 {
		return n, &knowledge.Invalid{Field: "time", Message: "give a time of the day, such as 03:00"}
	}
	var due any
	on := 0
	if n.On {
		on, due = 1, db.Millis(n.after(tx.Now, zone))
	}
	changed, err := tx.Exec(ctx, "UPDATE golden_night SET nightly = ?, minute = ?, due_at = ?, lease_until = 0, lease_token = '', version = version + 1 WHERE id = ? AND version = ?",
		on, n.Minute, due, nightRow, n.Version)
	if err != nil {
		return n, fmt.Errorf("save nightly run: %w", err)
	}
	if changed == 0 {
		return n, knowledge.ErrConflict
	}
	return ReadNight(ctx, tx)
}

// MoveNight has the questions asked at the same time of the day in another zone.
func MoveNight(ctx context.Context, tx *db.Tx, zone *time.Location) error {
	n, err := ReadNight(ctx, tx)
	if err != nil || n.Next.IsZero() {
		return err
	}
	if _, err := tx.Exec(ctx, "UPDATE golden_night SET due_at = ? WHERE id = ?", db.Millis(n.after(tx.Now, zone)), nightRow); err != nil {
		return fmt.Errorf("move nightly run: %w", err)
	}
	return nil
}

// after is the next time of the day after a moment. In a zone whose clocks jump over it, it is as long after the jump.
func (n Night) after(t time.Time, zone *time.Location) time.Time {
	local := t.In(zone)
	for day := 0; ; day++ {
		next := time.Date(local.Year(), local.Month(), local.Day()+day, n.Minute/60, n.Minute%60, 0, 0, zone)
		if next.After(t) {
			return next
		}
	}
}

// Dusk starts the nightly run when its time has come, on one node, and sets the next time. A time that nobody was there for is made up
// for once.
func Dusk(ctx context.Context, tx *db.Tx, token string, zone *time.Location) error {
	due, err := nights().Claim(ctx, tx, token, time.Minute, 1)
	if err != nil || len(due) == 0 {
		return err
	}
	n, err := ReadNight(ctx, tx)
	if err != nil {
		return err
	}
	counts, err := Count(ctx, tx)
	if err != nil {
		return err
	}
	if counts.Total > 0 && !n.Next.IsZero() { // the first look only sets the time
		if _, err := Start(ctx, tx, Job{Kind: JobRun, Subject: "night", Total: counts.Total}, RunAsked{Nightly: true}); err != nil {
			return err
		}
	}
	return nights().Finish(ctx, tx, due[0], n.after(tx.Now, zone))
}
