package reports

import (
	"context"
	"fmt"
	"slices"
	"time"

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
// it reads is read before its transaction; what changes meanwhile has a later event, and so is measured again.
func (s *Store) step(ctx context.Context) (more bool, err error) {
	zone, err := s.Zone(ctx)
	if err != nil {
		return false, err
	}
	was, found, err := readState(ctx, s.DB)
	if err != nil {
		return false, err
	}
	now, ids, more, err := s.next(ctx, was, found, zone)
	if err != nil || found && len(ids) == 0 && now == was {
		return false, err
	}
	list, err := s.measure(ctx, ids, zone)
	if err != nil {
		return false, err
	}
	err = s.DB.Tx(ctx, func(tx *db.Tx) error {
		ours, err := advance(ctx, tx, was, now, found)
		if err != nil || !ours {
			return err
		}
		return replace(ctx, tx, ids, list)
	})
	return more, err
}

// next is what to measure, and how far that brings us.
func (s *Store) next(ctx context.Context, was state, found bool, zone *time.Location) (now state, ids []int64, more bool, err error) {
	first, last, err := s.Conversations.EventRange(ctx, s.DB)
	if err != nil {
		return was, nil, false, err
	}
	now = was
	if !found || was.zone != zone.String() || was.rules != rules || was.event+1 < first || was.event > last {
		now.zone, now.rules, now.measured = zone.String(), rules, 0
		now.event = last
		if found && was.event+1 >= first && was.event <= last {
			now.event = was.event
		}
	}
	events, err := s.Conversations.Events(ctx, s.DB, now.event, eventPage)
	if err != nil {
		return was, nil, false, err
	}
	for _, e := range events {
		if !slices.Contains(ids, e.ConversationID) {
			if len(ids) == batch {
				break
			}
			ids = append(ids, e.ConversationID)
		}
		now.event = e.N
	}
	fresh, err := s.Conversations.IDsAfter(ctx, s.DB, now.measured, batch-len(ids))
	for _, id := range fresh {
		now.measured = id
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return now, ids, now.event < last || len(fresh) > 0, err
}

func (s *Store) measure(ctx context.Context, ids []int64, zone *time.Location) ([]measured, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	traces, err := s.Conversations.Traces(ctx, s.DB, ids)
	if err != nil {
		return nil, err
	}
	var deadlines map[int64][]Deadline
	if s.Deadlines != nil {
		if deadlines, err = s.Deadlines(ctx, s.DB, ids); err != nil {
			return nil, err
		}
	}
	list := make([]measured, len(traces))
	for i, t := range traces {
		list[i] = measured{id: t.ID, inbox: t.InboxID, team: t.TeamID, facts: measure(t, deadlines[t.ID], zone)}
	}
	return list, nil
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
