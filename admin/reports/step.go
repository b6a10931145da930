package reports

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// state is how far the measuring has come.
type state struct {
	turn, rules, event, measured int64 // measured: conversations up to it are measured at least once
	zone                         string
	at                           time.Time
}

func readState(ctx context.Context, from db.Querier) (st state, found bool, err error) {
	var at int64
	err = from.QueryRow(ctx, "SELECT turn, zone, rules, event, measured, at FROM report_state WHERE id = 1").Scan(&st.turn, &st.zone, &st.rules, &st.event, &st.measured, &at)
	if db.NoRows(err) {
		return state{}, false, nil
	}
	if err != nil {
		return state{}, false, fmt.Errorf("read state of reports: %w", err)
	}
	st.at = db.Time(at)
	return st, true, nil
}

// step measures some conversations: those that changed since the last one, and some of those that were never measured. What
// it reads is read before its transaction; what changes meanwhile has a later event, and so is measured again. Nobody else changes
// the facts meanwhile: then the turn would be another.
func (s *Store) step(ctx context.Context) (more bool, err error) {
	zone, err := s.Zone(ctx)
	if err != nil {
		return false, err
	}
	was, found, err := readState(ctx, s.DB)
	if err != nil {
		return false, err
	}
	now, do, more, err := s.next(ctx, was, found, zone)
	if err != nil || found && do.nothing() && now == was {
		return false, err
	}
	c, err := s.changes(ctx, do, zone)
	if err != nil {
		return false, err
	}
	err = s.DB.Tx(ctx, func(tx *db.Tx) error {
		ours, err := advance(ctx, tx, was, now, found)
		if err != nil || !ours {
			return err
		}
		return c.apply(ctx, tx)
	})
	return more, err
}

// task is what a step measures: some conversations from their beginning, and what customers wrote in others.
type task struct {
	whole []int64
	heard map[int64][]conversation.Heard
	upTo  int64 // conversations up to it are measured by the rules that hold
}

func (t task) nothing() bool { return len(t.whole)+len(t.heard) == 0 }

// next is what to measure, and how far that brings us.
func (s *Store) next(ctx context.Context, was state, found bool, zone *time.Location) (now state, do task, more bool, err error) {
	first, last, err := s.Conversations.EventRange(ctx, s.DB)
	if err != nil {
		return was, do, false, err
	}
	now = was
	if !found || was.zone != zone.String() || was.rules != rules || was.event+1 < first || was.event > last {
		now.zone, now.rules, now.measured = zone.String(), rules, 0
		now.event = last
		if found && was.event+1 >= first && was.event <= last {
			now.event = was.event
		}
	}
	done, err := s.Conversations.Doings(ctx, now.event, last, cmp.Or(s.page, eventPage), batch)
	if err != nil {
		return was, do, false, err
	}
	do = task{whole: done.Whole, heard: done.Heard, upTo: now.measured}
	now.event = done.Event
	fresh, err := s.Conversations.Unmeasured(ctx, s.DB, now.measured, done, batch, now.event >= last)
	if err != nil {
		return was, do, false, err
	}
	now.measured, do.whole = fresh.UpTo, append(do.whole, fresh.Whole...)
	slices.Sort(do.whole)
	return now, do, now.event < last || fresh.More, nil
}

// advance takes the step for this node; ours is false when another one has made it.
func advance(ctx context.Context, tx *db.Tx, was, now state, found bool) (ours bool, err error) {
	var n int64
	if !found {
		n, err = tx.Exec(ctx, "INSERT INTO report_state (id, turn, zone, rules, event, measured, at) VALUES (1, 1, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
			now.zone, now.rules, now.event, now.measured, db.Millis(tx.Now))
	} else {
		n, err = tx.Exec(ctx, "UPDATE report_state SET turn = turn + 1, zone = ?, rules = ?, event = ?, measured = ?, at = ? WHERE id = 1 AND turn = ?",
			now.zone, now.rules, now.event, now.measured, db.Millis(tx.Now), was.turn)
	}
	if err != nil {
		return false, fmt.Errorf("advance reports: %w", err)
	}
	return n > 0, nil
}
