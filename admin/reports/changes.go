package reports

import (
	"context"
	"fmt"
	"slices"
	"time"

	"huiyin/db"
)

// row is a fact with its place, as it is stored.
type row struct {
	conversation, inbox, team int64
	n                         int
	seq                       int64 // of the last message counted, in what customers wrote on a day
	Fact
}

// changes are what a step writes.
type changes struct {
	gone, added []row
	counted     []row // only their values have changed
	sums        sums
}

// changes finds out what a task changes.
func (s *Store) changes(ctx context.Context, do task, zone *time.Location) (changes, error) {
	ids := slices.Clone(do.whole)
	for id := range do.heard {
		ids = append(ids, id)
	}
	old, err := readRows(ctx, s.DB, ids)
	if err != nil {
		return changes{}, err
	}
	fresh, whole, err := s.hearAll(ctx, do, old, zone)
	if err != nil {
		return changes{}, err
	}
	for part := range slices.Chunk(slices.Concat(do.whole, whole), batch) {
		rows, err := s.measure(ctx, part, zone)
		if err != nil {
			return changes{}, err
		}
		for _, r := range rows {
			fresh[r.conversation] = append(fresh[r.conversation], r)
		}
	}
	slices.Sort(ids)
	c := changes{sums: newSums()}
	for _, id := range ids {
		c.compare(old[id], fresh[id])
	}
	return c, c.sums.settle(ctx, s.DB)
}

// hearAll adds what customers wrote to what was measured before; whole are the conversations where that cannot be done.
func (s *Store) hearAll(ctx context.Context, do task, old map[int64][]row, zone *time.Location) (fresh map[int64][]row, whole []int64, err error) {
	var begun []int64
	for id := range do.heard {
		if len(old[id]) == 0 {
			begun = append(begun, id)
		}
	}
	stand, err := s.Conversations.Stands(ctx, s.DB, begun)
	if err != nil {
		return nil, nil, err
	}
	fresh = map[int64][]row{}
	for id, heard := range do.heard {
		at, there := place{inbox: stand[id].InboxID, team: stand[id].TeamID}, stand[id].ID != 0
		if rows := old[id]; len(rows) > 0 {
			at, there = place{inbox: rows[0].inbox, team: rows[0].team}, id <= do.upTo // else by other rules
		}
		if there {
			fresh[id], there = hear(old[id], at, id, heard, zone)
		}
		if !there {
			whole = append(whole, id)
		}
	}
	slices.Sort(whole)
	return fresh, whole, nil
}

// measure measures conversations from their beginning.
func (s *Store) measure(ctx context.Context, ids []int64, zone *time.Location) ([]row, error) {
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
	var rows []row
	for _, t := range traces {
		last := lastHeard(t, zone)
		for n, f := range measure(t, deadlines[t.ID], zone) {
			r := row{conversation: t.ID, inbox: t.InboxID, team: t.TeamID, n: n, Fact: f}
			if f.Kind == Received {
				r.seq = last[f.Day]
			}
			rows = append(rows, r)
		}
	}
	return rows, nil
}

// compare notes how the rows of a conversation change.
func (c *changes) compare(old, fresh []row) {
	for i := range max(len(old), len(fresh)) {
		switch {
		case i < len(old) && i < len(fresh) && old[i] == fresh[i]:
			continue
		case i < len(old) && i < len(fresh) && old[i].alike(fresh[i]):
			c.counted = append(c.counted, fresh[i])
		default:
			c.gone, c.added = append(c.gone, old[min(i, len(old)):min(i+1, len(old))]...), append(c.added, fresh[min(i, len(fresh)):min(i+1, len(fresh))]...)
		}
		if i < len(old) {
			c.sums.add(old[i], -1)
		}
		if i < len(fresh) {
			c.sums.add(fresh[i], 1)
		}
	}
}

// alike tells whether two rows differ by their values at most.
func (r row) alike(o row) bool {
	r.Value, r.seq = o.Value, o.seq
	return r == o
}

// apply writes the changes. It runs behind the turn, so that nobody else changes the rows meanwhile.
func (c *changes) apply(ctx context.Context, tx *db.Tx) error {
	err := deleteRows(ctx, tx, c.gone)
	if err == nil {
		err = insertRows(ctx, tx, c.added)
	}
	if err == nil {
		err = countRows(ctx, tx, c.counted)
	}
	if err == nil {
		err = c.sums.write(ctx, tx)
	}
	if err != nil {
		return fmt.Errorf("keep facts: %w", err)
	}
	return nil
}
