package handoff

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"huiyin/conversation"
	"huiyin/db"
)

// Policies reads the policies in their order: of those that fit a conversation the first counts.
func (d *Desk) Policies(ctx context.Context, from db.Querier) ([]Policy, error) {
	return queryPolicies(ctx, from, "p.version = v.version AND p.deleted_at = 0 ORDER BY p.place, p.id")
}

// PolicyVersion reads a policy as it was in one of its versions.
func (d *Desk) PolicyVersion(ctx context.Context, from db.Querier, id, version int64) (Policy, error) {
	found, err := queryPolicies(ctx, from, "v.policy_id = ? AND v.version = ?", id, version)
	if err != nil {
		return Policy{}, err
	}
	if len(found) == 0 {
		return Policy{}, fmt.Errorf("version %d of policy %d: %w", version, id, conversation.ErrNotFound)
	}
	return found[0], nil
}

// PolicyHistory reads every version of a policy, the newest first.
func (d *Desk) PolicyHistory(ctx context.Context, from db.Querier, id int64) ([]Policy, error) {
	return queryPolicies(ctx, from, "v.policy_id = ? ORDER BY v.version DESC", id)
}

func queryPolicies(ctx context.Context, from db.Querier, where string, args ...any) ([]Policy, error) {
	rows, err := from.Query(ctx, "SELECT p.id, v.version, v.policy FROM sla_policies p JOIN sla_versions v ON v.policy_id = p.id WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read policies: %w", err)
	}
	defer rows.Close()
	var found []Policy
	for rows.Next() {
		var p Policy
		var id, version int64
		var text string
		if err := rows.Scan(&id, &version, &text); err != nil {
			return nil, fmt.Errorf("read policies: %w", err)
		}
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			return nil, fmt.Errorf("read policy %d: %w", id, err)
		}
		p.ID, p.Version = id, version
		found = append(found, p)
	}
	return found, rows.Err()
}

// PoliciesMark tells one list of policies from another.
func PoliciesMark(list []Policy) string {
	var mark strings.Builder
	for _, p := range list {
		fmt.Fprintf(&mark, "%d.%d ", p.ID, p.Version)
	}
	return strings.TrimSpace(mark.String())
}

// PoliciesAre refuses a change that is made on top of another list than the one that holds.
func (d *Desk) PoliciesAre(ctx context.Context, tx *db.Tx, mark string) error {
	if err := tx.Lock(ctx, policiesLock); err != nil {
		return fmt.Errorf("read policies: %w", err)
	}
	list, err := d.Policies(ctx, tx)
	if err == nil && PoliciesMark(list) != mark {
		err = ErrChanged
	}
	return err
}

// policiesLock is held while the policies are saved, so that two lists do not mix.
const policiesLock = 7041

// SavePolicies makes the list the policies that hold, in its order. One that is changed gets a new version, one that is
// missing holds no more; clocks that run keep the version they were planned with.
func (d *Desk) SavePolicies(ctx context.Context, tx *db.Tx, list []Policy, agentID int64) error {
	if len(list) > maxPolicies {
		return &conversation.FieldError{Field: "policies", Message: "there are at most 50 policies"}
	}
	if err := tx.Lock(ctx, policiesLock); err != nil {
		return fmt.Errorf("save policies: %w", err)
	}
	before, err := d.Policies(ctx, tx)
	if err != nil {
		return err
	}
	for place := range list {
		if err := list[place].clean("policies[" + strconv.Itoa(place) + "]."); err != nil {
			return err
		}
		if err := d.savePolicy(ctx, tx, before, &list[place], place, agentID); err != nil {
			return err
		}
	}
	for _, old := range before {
		if !slices.ContainsFunc(list, func(p Policy) bool { return p.ID == old.ID }) {
			if _, err := tx.Exec(ctx, "UPDATE sla_policies SET deleted_at = ? WHERE id = ?", db.Millis(tx.Now), old.ID); err != nil {
				return fmt.Errorf("save policies: %w", err)
			}
		}
	}
	return nil
}

func (d *Desk) savePolicy(ctx context.Context, tx *db.Tx, before []Policy, p *Policy, place int, agentID int64) (err error) {
	text, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("save policy %d: %w", p.ID, err)
	}
	i := slices.IndexFunc(before, func(old Policy) bool { return old.ID == p.ID })
	switch {
	case p.ID == 0:
		p.Version = 1
		if p.ID, err = tx.Insert(ctx, "INSERT INTO sla_policies (place, version) VALUES (?, 1)", place); err != nil {
			return fmt.Errorf("save policy: %w", err)
		}
	case i < 0:
		return &conversation.FieldError{Field: "policies", Message: fmt.Sprintf("there is no policy %d any more; load the page again", p.ID)}
	default:
		same, err := before[i].is(text)
		if err != nil {
			return err
		}
		if p.Version = before[i].Version; !same {
			p.Version++
		}
		if _, err := tx.Exec(ctx, "UPDATE sla_policies SET place = ?, version = ? WHERE id = ?", place, p.Version, p.ID); err != nil {
			return fmt.Errorf("save policy %d: %w", p.ID, err)
		}
		if same {
			return nil
		}
	}
	_, err = tx.Exec(ctx, "INSERT INTO sla_versions (policy_id, version, policy, agent_id, at) VALUES (?, ?, ?, ?, ?)",
		p.ID, p.Version, string(text), agentID, db.Millis(tx.Now))
	if err != nil {
		return fmt.Errorf("save policy %d: %w", p.ID, err)
	}
	return nil
}

// is tells whether the text is this policy's.
func (p Policy) is(text []byte) (bool, error) {
	own, err := json.Marshal(p)
	if err != nil {
		return false, fmt.Errorf("compare policy %d: %w", p.ID, err)
	}
	return string(own) == string(text), nil
}
