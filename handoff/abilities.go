package handoff

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff/routing"
)

// Abilities are what an agent can take on.
type Abilities struct {
	Skills    map[string]int `json:"skills,omitempty"`    // levels from 1 to routing.MaxLevel
	Languages []string       `json:"languages,omitempty"` // empty: whatever is spoken here
	Capacity  int            `json:"capacity,omitempty"`  // units; 0: as everybody
	Most      map[string]int `json:"most,omitempty"`      // conversations at a time by kind of channel
	StandIn   int64          `json:"stand_in,omitempty"`  // who serves the agent's own customers meanwhile
}

const (
	maxSkills    = 50
	maxLanguages = 20
)

// Abilities reads what everybody can take on.
func (d *Desk) Abilities(ctx context.Context, from db.Querier) (map[int64]Abilities, error) {
	rows, err := from.Query(ctx, "SELECT id, abilities FROM agents")
	if err != nil {
		return nil, fmt.Errorf("read abilities: %w", err)
	}
	defer rows.Close()
	found := map[int64]Abilities{}
	for rows.Next() {
		var id int64
		var text string
		if err := rows.Scan(&id, &text); err != nil {
			return nil, fmt.Errorf("read abilities: %w", err)
		}
		if found[id], err = readAbilities(text); err != nil {
			return nil, fmt.Errorf("abilities of agent %d: %w", id, err)
		}
	}
	return found, rows.Err()
}

func readAbilities(text string) (a Abilities, err error) {
	if text == "" || text == "{}" {
		return a, nil
	}
	err = json.Unmarshal([]byte(text), &a)
	return a, err
}

// keptAbilities bounds the texts of abilities that stay parsed.
const keptAbilities = 2000

// knownAbilities is readAbilities for what is read at every decision. What it gives is shared and may not be changed.
func (d *Desk) knownAbilities(text string) (Abilities, error) {
	d.mu.Lock()
	a, known := d.able[text]
	d.mu.Unlock()
	if known {
		return a, nil
	}
	a, err := readAbilities(text)
	if err != nil {
		return a, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.able == nil || len(d.able) >= keptAbilities {
		d.able = map[string]Abilities{}
	}
	d.able[text] = a
	return a, nil
}

// SaveAbilities writes what an agent can take on.
func (d *Desk) SaveAbilities(ctx context.Context, tx *db.Tx, agentID int64, a Abilities) error {
	if err := a.clean(); err != nil {
		return err
	}
	if a.StandIn != 0 {
		deputy, err := d.Agent(ctx, tx, a.StandIn)
		if err != nil || !deputy.Active || !deputy.Role.Serves() || a.StandIn == agentID {
			return &conversation.FieldError{Field: "abilities.stand_in", Message: "this is no colleague who takes conversations"}
		}
	}
	text, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("abilities: %w", err)
	}
	n, err := tx.Exec(ctx, "UPDATE agents SET abilities = ?, updated_at = ? WHERE id = ?", string(text), db.Millis(tx.Now), agentID)
	if err != nil {
		return fmt.Errorf("save abilities: %w", err)
	}
	if n == 0 {
		return fmt.Errorf("agent %d: %w", agentID, conversation.ErrNotFound)
	}
	d.mayRoute(tx)
	return nil
}

func (a *Abilities) clean() error {
	skills := map[string]int{}
	for name, level := range a.Skills {
		name = strings.ToLower(strings.TrimSpace(name))
		if name == "" || len([]rune(name)) > 60 || level < 1 || level > routing.MaxLevel {
			return &conversation.FieldError{Field: "abilities.skills", Message: fmt.Sprintf("name each skill and give it a level from 1 to %d", routing.MaxLevel)}
		}
		skills[name] = level
	}
	languages := []string{}
	for _, l := range a.Languages {
		if l = strings.TrimSpace(l); l != "" && !slices.Contains(languages, l) {
			languages = append(languages, l)
		}
	}
	a.Skills, a.Languages, a.Most = skills, languages, maps.Clone(a.Most)
	switch {
	case len(skills) > maxSkills || len(languages) > maxLanguages:
		return &conversation.FieldError{Field: "abilities.skills", Message: "that is too many"}
	case a.Capacity < 0 || a.Capacity > routing.MaxCapacity:
		return &conversation.FieldError{Field: "abilities.capacity", Message: fmt.Sprintf("choose a number from 0 to %d", routing.MaxCapacity)}
	}
	for kind, n := range a.Most {
		if n < 0 || n > routing.MaxCapacity {
			return &conversation.FieldError{Field: "abilities.most", Message: kind + ": that is too many"}
		}
	}
	return nil
}
