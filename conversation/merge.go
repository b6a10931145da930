package conversation

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"huiyin/db"
)

// Evidence is how it is known that two contacts are one person.
type Evidence string

// The kinds of evidence. All but the last are checked against what is stored; a claim that nobody has proven is none.
const (
	SamePerson Evidence = "person"         // the provider names the same person behind both
	SamePhone  Evidence = "verified_phone" // both phones are known to be theirs, and the same
	SameEmail  Evidence = "verified_email"
	ByCode     Evidence = "code"   // a code sent to the one's address was typed back by the other
	ByHand     Evidence = "manual" // somebody says so, and why
)

// Merge is one contact's having been merged into another.
type Merge struct {
	ID, IntoID, FromID int64
	Evidence           Evidence
	Detail             string // what the evidence is, such as the phone; of a merge by hand: the reason
	AgentID            int64
	At                 time.Time
	UndoneAt           time.Time
	UndoneBy           int64
	UndoneWhy          string
}

// What refuses a merge.
var (
	ErrNoEvidence = errors.New("nothing proves that the two are one person")
	ErrMerged     = errors.New("the customer is merged already")
	ErrNotMerged  = errors.New("this merge was taken back already")
)

const maxWhy = 500

// MergeContacts makes one contact of two: identities, conversations and notes are found under into from now on. Each
// conversation goes on replying through its own identity; opt-outs stay with their addresses. Evidence other than ByHand is
// looked up in this transaction, ErrNoEvidence when there is none; one by hand needs a reason. ByCode is for Typed only.
func (s *Store) MergeContacts(ctx context.Context, tx *db.Tx, m Merge) (Merge, error) {
	if err := s.lockTwo(ctx, tx, m.IntoID, m.FromID); err != nil {
		return m, err
	}
	if m.Evidence != ByHand {
		proofs, err := s.proofs(ctx, tx, m.IntoID, m.FromID)
		if err != nil {
			return m, err
		}
		detail, proven := proofs[m.Evidence]
		if !proven {
			return m, ErrNoEvidence
		}
		m.Detail = detail
	} else if err := m.checkReason(m.Detail); err != nil {
		return m, err
	}
	return s.merge(ctx, tx, m)
}

func (m Merge) checkReason(text string) error {
	if strings.TrimSpace(text) == "" || utf8.RuneCountInString(text) > maxWhy {
		return &FieldError{"reason", "say why, in at most 500 characters"}
	}
	return nil
}

// lockTwo locks two contacts in one order, whoever asks, and refuses those that cannot be merged.
func (s *Store) lockTwo(ctx context.Context, tx *db.Tx, a, b int64) error {
	if a == b {
		return &FieldError{"contact_id", "this is the same customer"}
	}
	for _, id := range []int64{min(a, b), max(a, b)} {
		c, err := s.LoadContact(ctx, tx, id)
		if err != nil {
			return err
		}
		if c.RootID != 0 {
			return ErrMerged
		}
	}
	return nil
}

// merge hangs a contact below another. Identities move before conversations: whoever starts a conversation holds its
// identity, so that none is missed.
func (s *Store) merge(ctx context.Context, tx *db.Tx, m Merge) (Merge, error) {
	m.At = tx.Now
	id, err := tx.Insert(ctx, "INSERT INTO contact_merges (into_id, from_id, evidence, detail, agent_id, at) VALUES (?, ?, ?, ?, ?, ?)",
		m.IntoID, m.FromID, string(m.Evidence), m.Detail, m.AgentID, db.Millis(tx.Now))
	if err != nil {
		return m, fmt.Errorf("merge contacts: %w", err)
	}
	m.ID = id
	for _, step := range []struct {
		query string
		args  []any
	}{
		{"UPDATE contacts SET root_id = ? WHERE root_id = ? AND root_id <> 0", []any{m.IntoID, m.FromID}},
		{"UPDATE contacts SET merged_into = ?, root_id = ?, version = version + 1 WHERE id = ?", []any{m.IntoID, m.IntoID, m.FromID}},
		{"UPDATE contacts SET version = version + 1, updated_at = ? WHERE id = ?", []any{db.Millis(tx.Now), m.IntoID}},
		{"UPDATE identities SET home_id = CASE WHEN home_id = 0 THEN contact_id ELSE home_id END, contact_id = ? WHERE contact_id = ?", []any{m.IntoID, m.FromID}},
	} {
		if _, err := tx.Exec(ctx, step.query, step.args...); err != nil {
			return m, fmt.Errorf("merge contacts: %w", err)
		}
	}
	moved, err := s.ids(ctx, tx, "UPDATE conversations SET contact_id = ? WHERE contact_id = ? RETURNING id", m.IntoID, m.FromID)
	if err != nil {
		return m, fmt.Errorf("merge contacts: %w", err)
	}
	s.noteAll(ctx, tx, moved)
	return m, s.noteContact(ctx, tx, m.IntoID)
}

func (s *Store) noteAll(ctx context.Context, tx *db.Tx, conversations []int64) {
	for _, id := range conversations {
		s.note(tx, Event{Kind: EventConversation, ConversationID: id})
	}
}

// Unmerge takes a merge back: everything that belongs to the merged contact's identities, and to those of whoever had been
// merged into it, is theirs again, also what came after the merge.
func (s *Store) Unmerge(ctx context.Context, tx *db.Tx, mergeID, agentID int64, why string) (Merge, error) {
	m, err := s.Merge(ctx, tx, mergeID)
	if err != nil {
		return m, err
	}
	if err := m.checkReason(why); err != nil {
		return m, err
	}
	root, err := s.lockGroup(ctx, tx, m)
	if err != nil {
		return m, err
	}
	if m, err = s.Merge(ctx, tx, mergeID); err != nil || !m.UndoneAt.IsZero() {
		return m, errors.Join(err, ErrNotMerged)
	}
	m.UndoneAt, m.UndoneBy, m.UndoneWhy = tx.Now, agentID, why
	_, err = tx.Exec(ctx, "UPDATE contact_merges SET undone_at = ?, undone_by = ?, undone_why = ? WHERE id = ?", db.Millis(tx.Now), agentID, why, m.ID)
	if err != nil {
		return m, fmt.Errorf("unmerge: %w", err)
	}
	below, err := s.below(ctx, tx, root, m.FromID)
	if err != nil {
		return m, err
	}
	return m, s.part(ctx, tx, root, m.FromID, below)
}

// lockGroup locks the contacts of a merge and the one that stands for them, in the order of their ids.
func (s *Store) lockGroup(ctx context.Context, tx *db.Tx, m Merge) (root int64, err error) {
	for range recordTries {
		if root, err = s.Root(ctx, tx, m.FromID); err != nil {
			return 0, err
		}
		for _, id := range []int64{min(root, m.FromID), max(root, m.FromID)} {
			if _, err := s.LoadContact(ctx, tx, id); err != nil {
				return 0, err
			}
		}
		if again, err := s.Root(ctx, tx, m.FromID); err != nil || again == root {
			return root, err
		}
	}
	return 0, fmt.Errorf("lock contacts of merge %d: %w", m.ID, ErrStale)
}

// below are a contact of a group and all that were merged into it.
func (s *Store) below(ctx context.Context, tx *db.Tx, root, top int64) ([]int64, error) {
	rows, err := tx.Query(ctx, "SELECT id, merged_into FROM contacts WHERE root_id = ? AND root_id <> 0", root)
	if err != nil {
		return nil, fmt.Errorf("read merged contacts: %w", err)
	}
	defer rows.Close()
	children := map[int64][]int64{}
	for rows.Next() {
		var id, into int64
		if err := rows.Scan(&id, &into); err != nil {
			return nil, fmt.Errorf("read merged contacts: %w", err)
		}
		children[into] = append(children[into], id)
	}
	found := []int64{top}
	for i := 0; i < len(found); i++ {
		found = append(found, children[found[i]]...)
	}
	return found, rows.Err()
}

// part makes top stand for itself again, with all below it.
func (s *Store) part(ctx context.Context, tx *db.Tx, root, top int64, below []int64) error {
	list, args := idMarks(below)
	for _, step := range []struct {
		query string
		args  []any
	}{
		{"UPDATE contacts SET root_id = ? WHERE id IN (" + list + ")", append([]any{top}, args...)},
		{"UPDATE contacts SET merged_into = 0, root_id = 0, version = version + 1 WHERE id = ?", []any{top}},
		{"UPDATE contacts SET version = version + 1, updated_at = ? WHERE id = ?", []any{db.Millis(tx.Now), root}},
		{"UPDATE identities SET contact_id = ? WHERE contact_id = ? AND home_id IN (" + list + ")", append([]any{top, root}, args...)},
	} {
		if _, err := tx.Exec(ctx, step.query, step.args...); err != nil {
			return fmt.Errorf("unmerge: %w", err)
		}
	}
	moved, err := s.ids(ctx, tx, `UPDATE conversations SET contact_id = ? WHERE contact_id = ? AND identity_id IN (SELECT id FROM identities WHERE contact_id = ?)
 RETURNING id`, top, root, top)
	if err != nil {
		return fmt.Errorf("unmerge: %w", err)
	}
	s.noteAll(ctx, tx, moved)
	return s.noteContact(ctx, tx, root)
}

const mergeColumns = "id, into_id, from_id, evidence, detail, agent_id, at, undone_at, undone_by, undone_why"

// Merge reads one merge.
func (s *Store) Merge(ctx context.Context, from db.Querier, id int64) (Merge, error) {
	found, err := s.queryMerges(ctx, from, "id = ?", id)
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("merge %d: %w", id, ErrNotFound)
	}
	if err != nil {
		return Merge{}, err
	}
	return found[0], nil
}

// MergesOf reads the merges that hold among a contact and those merged into it, oldest first.
func (s *Store) MergesOf(ctx context.Context, from db.Querier, contactID int64) ([]Merge, error) {
	ids, err := s.group(ctx, from, contactID)
	if err != nil {
		return nil, err
	}
	list, args := idMarks(ids)
	return s.queryMerges(ctx, from, "undone_at = 0 AND into_id IN ("+list+") ORDER BY id", args...)
}

func (s *Store) queryMerges(ctx context.Context, from db.Querier, where string, args ...any) ([]Merge, error) {
	rows, err := from.Query(ctx, "SELECT "+mergeColumns+" FROM contact_merges WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read merges: %w", err)
	}
	defer rows.Close()
	var found []Merge
	for rows.Next() {
		var m Merge
		var at, undone int64
		if err := rows.Scan(&m.ID, &m.IntoID, &m.FromID, &m.Evidence, &m.Detail, &m.AgentID, &at, &undone, &m.UndoneBy, &m.UndoneWhy); err != nil {
			return nil, fmt.Errorf("read merges: %w", err)
		}
		m.At, m.UndoneAt = db.Time(at), db.Time(undone)
		found = append(found, m)
	}
	return found, rows.Err()
}
