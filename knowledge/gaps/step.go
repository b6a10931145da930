package gaps

import (
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
	turns, pairs, err := s.measure(ctx, ids, zone)
	if err != nil {
		return false, err
	}
	err = s.DB.Tx(ctx, func(tx *db.Tx) error {
		ours, err := advance(ctx, tx, was, now, found)
		if err != nil || !ours {
			return err
		}
		if err := replaceTurns(ctx, tx, ids, turns); err != nil {
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

func (s *Store) measure(ctx context.Context, ids []int64, zone *time.Location) (turns []turn, pairs []pair, err error) {
	if len(ids) == 0 {
		return nil, nil, nil
	}
	err = s.Conversations.EachTalk(ctx, s.DB, ids, func(t conversation.Talk, said iter.Seq[conversation.Said]) {
		more, proposed := measure(t, said, zone)
		turns, pairs = append(turns, more...), append(pairs, proposed...)
	})
	return turns, pairs, err
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
