package gaps

import (
	"cmp"
	"context"
	"fmt"
	"iter"
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
	err = from.QueryRow(ctx, "SELECT turn, zone, rules, event, measured, at FROM gap_state WHERE id = 1").Scan(&st.turn, &st.zone, &st.rules, &st.event, &st.measured, &at)
	if db.NoRows(err) {
		return state{}, false, nil
	}
	if err != nil {
		return state{}, false, fmt.Errorf("read state of gaps: %w", err)
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
	old, turns, pairs, err := s.measure(ctx, ids, zone)
	if err != nil {
		return false, err
	}
	err = s.DB.Tx(ctx, func(tx *db.Tx) error {
		ours, err := advance(ctx, tx, was, now, found)
		if err != nil || !ours {
			return err
		}
		if err := replaceTurns(ctx, tx, old, turns); err != nil {
			return err
		}
		return replacePairs(ctx, tx, ids, pairs)
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
	done, err := s.Conversations.Doings(ctx, now.event, last, cmp.Or(s.page, eventPage), batch)
	if err != nil {
		return was, nil, false, err
	}
	fresh, err := s.Conversations.Unmeasured(ctx, s.DB, now.measured, done, batch, done.Event >= last)
	if err != nil {
		return was, nil, false, err
	}
	ids, err = s.concerned(ctx, done, now.measured)
	ids = slices.Concat(done.Whole, ids, fresh.Whole)
	slices.Sort(ids)
	now.event, now.measured = done.Event, fresh.UpTo
	return now, ids, now.event < last || fresh.More, err
}

// concerned are the conversations whose turns may change because customers wrote: those that have turns, and those of which nobody knows
// yet, measured being how far the others go. Where nothing has been decided so far, nothing comes of a customer's words alone.
func (s *Store) concerned(ctx context.Context, done conversation.Doings, measured int64) (ids []int64, err error) {
	var known []int64
	for id, heard := range done.Heard {
		if id <= measured || heard[0].Seq == 1 {
			known = append(known, id)
		} else {
			ids = append(ids, id)
		}
	}
	if len(known) == 0 {
		return ids, nil
	}
	slices.Sort(known)
	rows, err := s.DB.Query(ctx, "SELECT DISTINCT conversation_id FROM gap_turns WHERE conversation_id IN ("+idList(known)+")")
	if err != nil {
		return nil, fmt.Errorf("look for turns: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("look for turns: %w", err)
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// measure measures conversations from their beginning; old is what was measured of them before. While it holds, the turn stands as well.
func (s *Store) measure(ctx context.Context, ids []int64, zone *time.Location) (old, turns []turn, pairs []pair, err error) {
	for part := range slices.Chunk(ids, batch) {
		before, err := readTurns(ctx, s.DB, "conversation_id IN ("+idList(part)+")")
		if err != nil {
			return nil, nil, nil, err
		}
		old = append(old, before...)
		err = s.Conversations.EachTalk(ctx, s.DB, part, func(t conversation.Talk, said iter.Seq[conversation.Said]) {
			more, proposed := measure(t, said, zone)
			turns, pairs = append(turns, more...), append(pairs, proposed...)
		})
		if err != nil {
			return nil, nil, nil, err
		}
	}
	return old, turns, pairs, nil
}

// advance takes the step for this node; ours is false when another one has made it.
func advance(ctx context.Context, tx *db.Tx, was, now state, found bool) (ours bool, err error) {
	var n int64
	if !found {
		n, err = tx.Exec(ctx, "INSERT INTO gap_state (id, turn, round, zone, rules, event, measured, at) VALUES (1, 1, 0, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
			now.zone, now.rules, now.event, now.measured, db.Millis(tx.Now))
	} else {
		n, err = tx.Exec(ctx, "UPDATE gap_state SET turn = turn + 1, zone = ?, rules = ?, event = ?, measured = ?, at = ? WHERE id = 1 AND turn = ?",
			now.zone, now.rules, now.event, now.measured, db.Millis(tx.Now), was.turn)
	}
	if err != nil {
		return false, fmt.Errorf("advance gaps: %w", err)
	}
	return n > 0, nil
}

// Rebuild has every conversation measured anew at the next steps; what people made of the groups stays.
func (s *Store) Rebuild(ctx context.Context) error {
	return s.DB.Tx(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, "UPDATE gap_state SET measured = 0, turn = turn + 1 WHERE id = 1"); err != nil {
			return fmt.Errorf("measure gaps anew: %w", err)
		}
		return nil
	})
}
