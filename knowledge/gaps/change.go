package gaps

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"huiyin/db"
	"huiyin/knowledge"
)

// State is what people made of a group.
type State string

// The states. A group that is being written is answered as soon as its article is published with what was written for it; one that
// was dismissed is open again when it grows.
const (
	Open      State = "open"
	Writing   State = "writing"
	Done      State = "answered"
	Dismissed State = "dismissed"
)

// Valid tells whether it is one of the states.
func (s State) Valid() bool { return slices.Contains([]State{Open, Writing, Done, Dismissed}, s) }

// ErrConflict refuses a change of a group that somebody else has changed since it was read.
var ErrConflict = errors.New("somebody else changed this group; load it again")

// ErrNotFound is for a group or proposal that is not there.
var ErrNotFound = errors.New("no such group of questions")

// record is a group as it is stored.
type record struct {
	id, agent, article, revision, settledAt, settledN, into, createdAt, version int64
	state                                                                       State
	reason                                                                      string
}

const groupColumns = "SELECT id, state, agent_id, article_id, revision_id, reason, settled_at, settled_n, into_id, created_at, version FROM gap_groups"

type scanner interface{ Scan(into ...any) error }

func scanRecord(row scanner) (record, error) {
	var r record
	err := row.Scan(&r.id, &r.state, &r.agent, &r.article, &r.revision, &r.reason, &r.settledAt, &r.settledN, &r.into, &r.createdAt, &r.version)
	return r, err
}

// load reads a group for a change by somebody who has read this version of it; 0: whichever there is.
func load(ctx context.Context, tx *db.Tx, id, version int64) (record, error) {
	r, err := scanRecord(tx.QueryRow(ctx, groupColumns+" WHERE id = ?"+tx.ForUpdate(), id))
	switch {
	case db.NoRows(err) || err == nil && r.into != 0:
		return r, ErrNotFound
	case err != nil:
		return r, fmt.Errorf("read group %d: %w", id, err)
	case version != 0 && version != r.version:
		return r, ErrConflict
	}
	return r, nil
}

func (r record) save(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `UPDATE gap_groups SET state = ?, judged = 1, agent_id = ?, article_id = ?, revision_id = ?, reason = ?, settled_at = ?, settled_n = ?,
 version = version + 1 WHERE id = ?`, string(r.state), r.agent, r.article, r.revision, r.reason, r.settledAt, r.settledN, r.id)
	return wrap("save group", err)
}

// Assign gives a group to somebody to see to; 0: to nobody.
func (s *Store) Assign(ctx context.Context, tx *db.Tx, id, version, agentID int64) error {
	r, err := load(ctx, tx, id, version)
	if err != nil {
		return err
	}
	r.agent = agentID
	return r.save(ctx, tx)
}

// Dismiss puts a group aside; it comes back when it grows.
func (s *Store) Dismiss(ctx context.Context, tx *db.Tx, id, version int64, reason string) error {
	return s.judge(ctx, tx, id, version, func(r *record) { r.state, r.reason = Dismissed, reason })
}

// Reopen takes a group up again.
func (s *Store) Reopen(ctx context.Context, tx *db.Tx, id, version int64) error {
	return s.judge(ctx, tx, id, version, func(r *record) { r.state, r.reason, r.article, r.revision = Open, "", 0, 0 })
}

// Write notes that an article is being written for a group, and with which of its revisions that began.
func (s *Store) Write(ctx context.Context, tx *db.Tx, id, version int64, a knowledge.Article) error {
	return s.judge(ctx, tx, id, version, func(r *record) { r.state, r.article, r.revision = Writing, a.ID, a.DraftRevision })
}

func (s *Store) judge(ctx context.Context, tx *db.Tx, id, version int64, change func(*record)) error {
	r, err := load(ctx, tx, id, version)
	if err != nil {
		return err
	}
	change(&r)
	r.settledAt = db.Millis(tx.Now)
	if r.settledN, err = size(ctx, tx, id); err != nil {
		return err
	}
	return r.save(ctx, tx)
}

func size(ctx context.Context, from db.Querier, id int64) (n int64, err error) {
	err = from.QueryRow(ctx, "SELECT COUNT(*) FROM gap_turns WHERE group_id = ? AND vain <> ''", id).Scan(&n)
	return n, wrap("count group", err)
}

// Merge makes one group of two; into keeps its name and what was decided about it.
func (s *Store) Merge(ctx context.Context, tx *db.Tx, id, into int64) error {
	if id == into {
		return ErrNotFound
	}
	for _, one := range []int64{min(id, into), max(id, into)} {
		if _, err := load(ctx, tx, one, 0); err != nil {
			return err
		}
	}
	for _, q := range []string{"UPDATE gap_turns SET group_id = ? WHERE group_id = ?", "UPDATE gap_groups SET into_id = ?, judged = 1 WHERE id = ?"} {
		if _, err := tx.Exec(ctx, q, into, id); err != nil {
			return fmt.Errorf("merge groups: %w", err)
		}
	}
	_, err := tx.Exec(ctx, "UPDATE gap_groups SET judged = 1, version = version + 1 WHERE id = ?", into)
	return errors.Join(wrap("merge groups", err), disturb(ctx, tx))
}

// Split takes questions out of a group into one of their own, which grouping leaves apart from then on.
func (s *Store) Split(ctx context.Context, tx *db.Tx, id int64, turns []int64) (into int64, err error) {
	if _, err := load(ctx, tx, id, 0); err != nil {
		return 0, err
	}
	if into, err = newGroup(ctx, tx, Open); err != nil {
		return 0, err
	}
	n, err := tx.Exec(ctx, "UPDATE gap_turns SET group_id = ? WHERE group_id = ? AND message_id IN ("+idList(turns)+")", into, id)
	if err != nil || n == 0 {
		return 0, errors.Join(ErrNotFound, wrap("split group", err))
	}
	if _, err := tx.Exec(ctx, "UPDATE gap_groups SET judged = 1, version = version + 1 WHERE id IN (?, ?)", id, into); err != nil {
		return 0, fmt.Errorf("split group: %w", err)
	}
	return into, disturb(ctx, tx)
}

// disturb has a round that is under way give up, since it knows the groups as they were.
func disturb(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, "UPDATE gap_state SET round = round + 1 WHERE id = 1")
	return wrap("note change of groups", err)
}

// settle notes which groups were answered: their article is published, with what was written for them.
func (s *Store) settle(ctx context.Context) error {
	rows, err := s.DB.Query(ctx, groupColumns+" WHERE state = ? AND into_id = 0", string(Writing))
	if err != nil {
		return fmt.Errorf("read groups being written: %w", err)
	}
	defer rows.Close()
	var waiting []record
	for rows.Next() {
		r, err := scanRecord(rows)
		if err != nil {
			return fmt.Errorf("read groups being written: %w", err)
		}
		waiting = append(waiting, r)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return fmt.Errorf("read groups being written: %w", err)
	}
	for _, r := range waiting {
		a, err := knowledge.Get(ctx, s.DB, r.article)
		if errors.Is(err, knowledge.ErrNotFound) || err == nil && (a.Status != knowledge.Published || a.PublishedRevision < r.revision) {
			continue
		}
		if err == nil {
			err = s.DB.Tx(ctx, func(tx *db.Tx) error {
				return s.judge(ctx, tx, r.id, r.version, func(r *record) { r.state = Done })
			})
		}
		if err != nil && !errors.Is(err, ErrConflict) && !errors.Is(err, ErrNotFound) {
			return err
		}
	}
	return nil
}

// ignoreGone takes an article that is gone for one that says nothing.
func ignoreGone(err error) error {
	if errors.Is(err, knowledge.ErrNotFound) {
		return nil
	}
	return err
}
