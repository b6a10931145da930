package handoff

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"huiyin/conversation"
	"huiyin/db"
)

// View is a selection of conversations that somebody has given a name. It narrows what its reader may see and never
// widens it.
type View struct {
	ID       int64
	Name     string
	Owned    Owned
	Criteria conversation.Criteria
	Sort     conversation.Sort
}

// maxViews bounds how many views one person makes.
const maxViews = 100

// Views reads the views that an agent sees, by name.
func (d *Desk) Views(ctx context.Context, from db.Querier, a Agent) ([]View, error) {
	found, err := d.queryViews(ctx, from, "audience <> 'private' OR agent_id = ? ORDER BY name, id LIMIT 500", a.ID)
	var visible []View
	for _, v := range found {
		if v.Owned.VisibleTo(a) {
			visible = append(visible, v)
		}
	}
	return visible, err
}

// View reads one that the agent sees.
func (d *Desk) View(ctx context.Context, from db.Querier, id int64, a Agent) (View, error) {
	found, err := d.queryViews(ctx, from, "id = ?", id)
	if err == nil && (len(found) == 0 || !found[0].Owned.VisibleTo(a)) {
		err = fmt.Errorf("view %d: %w", id, conversation.ErrNotFound)
	}
	if err != nil {
		return View{}, err
	}
	return found[0], nil
}

// SaveView stores a new view, or with an id writes an existing one anew.
func (d *Desk) SaveView(ctx context.Context, tx *db.Tx, v View, a Agent) (View, error) {
	if v.ID != 0 {
		was, err := d.View(ctx, tx, v.ID, a)
		if err != nil {
			return v, err
		}
		if !was.Owned.ChangedBy(a) {
			return v, ErrForbidden
		}
		v.Owned.AgentID = was.Owned.AgentID
	}
	if err := d.claimFor(ctx, tx, &v.Owned, a); err != nil {
		return v, err
	}
	v.Name = strings.Join(strings.Fields(v.Name), " ")
	if v.Name == "" || len([]rune(v.Name)) > maxName {
		return v, &conversation.FieldError{Field: "name", Message: "give a name of at most 100 characters"}
	}
	if err := v.Criteria.Check(); err != nil {
		return v, err
	}
	criteria, err := json.Marshal(v.Criteria)
	if err != nil {
		return v, err
	}
	if v.ID == 0 {
		return d.addView(ctx, tx, v, string(criteria))
	}
	_, err = tx.Exec(ctx, "UPDATE views SET name = ?, audience = ?, team_id = ?, criteria = ?, sort = ?, updated_at = ? WHERE id = ?",
		v.Name, string(v.Owned.Audience), v.Owned.TeamID, string(criteria), string(v.Sort), db.Millis(tx.Now), v.ID)
	if err != nil {
		return v, fmt.Errorf("save view %d: %w", v.ID, err)
	}
	return v, nil
}

func (d *Desk) addView(ctx context.Context, tx *db.Tx, v View, criteria string) (View, error) {
	var n int
	if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM views WHERE agent_id = ?", v.Owned.AgentID).Scan(&n); err != nil {
		return v, fmt.Errorf("create view: %w", err)
	}
	if n >= maxViews {
		return v, &conversation.FieldError{Field: "name", Message: "you have 100 views; delete one first"}
	}
	var err error
	v.ID, err = tx.Insert(ctx, "INSERT INTO views (name, audience, agent_id, team_id, criteria, sort, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		v.Name, string(v.Owned.Audience), v.Owned.AgentID, v.Owned.TeamID, criteria, string(v.Sort), db.Millis(tx.Now), db.Millis(tx.Now))
	if err != nil {
		return v, fmt.Errorf("create view: %w", err)
	}
	return v, nil
}

// DeleteView removes a view; the conversations stay.
func (d *Desk) DeleteView(ctx context.Context, tx *db.Tx, id int64, a Agent) error {
	v, err := d.View(ctx, tx, id, a)
	if err != nil {
		return err
	}
	if !v.Owned.ChangedBy(a) {
		return ErrForbidden
	}
	if _, err := tx.Exec(ctx, "DELETE FROM views WHERE id = ?", id); err != nil {
		return fmt.Errorf("delete view %d: %w", id, err)
	}
	return nil
}

func (d *Desk) queryViews(ctx context.Context, from db.Querier, where string, args ...any) ([]View, error) {
	rows, err := from.Query(ctx, "SELECT id, name, audience, agent_id, team_id, criteria, sort FROM views WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read views: %w", err)
	}
	defer rows.Close()
	var found []View
	for rows.Next() {
		var v View
		var criteria string
		if err := rows.Scan(&v.ID, &v.Name, &v.Owned.Audience, &v.Owned.AgentID, &v.Owned.TeamID, &criteria, &v.Sort); err != nil {
			return nil, fmt.Errorf("read views: %w", err)
		}
		if v.Criteria, err = conversation.ParseCriteria([]byte(criteria)); err != nil {
			return nil, fmt.Errorf("read view %d: %w", v.ID, err)
		}
		found = append(found, v)
	}
	return found, rows.Err()
}
