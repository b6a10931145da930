package handoff

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"huiyin/conversation"
	"huiyin/db"
)

// CannedReply is a ready-made text that agents insert by its shortcut. With actions it is a macro: they are done once
// the text is sent, or at once when it has none.
type CannedReply struct {
	ID                    int64
	Shortcut, Title, Text string
	Language              string // zh, en or empty for any
	Owned                 Owned
	Actions               []Action
	Uses                  int64 // by whoever reads it
	CreatedAt, UpdatedAt  time.Time
}

const (
	maxShortcut   = 40
	maxCannedText = 5000
)

// CannedReplies reads those that an agent sees, by shortcut, with how often they have used each.
func (d *Desk) CannedReplies(ctx context.Context, from db.Querier, a Agent) ([]CannedReply, error) {
	found, err := queryCanned(ctx, from, a.ID, "m.audience <> 'private' OR m.agent_id = ? ORDER BY m.shortcut, m.language, m.id", a.ID)
	return slices.DeleteFunc(found, func(r CannedReply) bool { return !r.Owned.VisibleTo(a) }), err
}

// CannedReply reads one that the agent sees.
func (d *Desk) CannedReply(ctx context.Context, from db.Querier, id int64, a Agent) (CannedReply, error) {
	found, err := queryCanned(ctx, from, a.ID, "m.id = ?", id)
	if err == nil && (len(found) == 0 || !found[0].Owned.VisibleTo(a)) {
		err = fmt.Errorf("canned reply %d: %w", id, conversation.ErrNotFound)
	}
	if err != nil {
		return CannedReply{}, err
	}
	return found[0], nil
}

func queryCanned(ctx context.Context, from db.Querier, reader int64, where string, args ...any) ([]CannedReply, error) {
	rows, err := from.Query(ctx, `SELECT m.id, m.shortcut, m.title, m.text, m.language, m.audience, m.agent_id, m.team_id, m.actions, COALESCE(u.uses, 0),
 m.created_at, m.updated_at FROM macros m LEFT JOIN macro_uses u ON u.macro_id = m.id AND u.agent_id = ? WHERE `+where, append([]any{reader}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("read canned replies: %w", err)
	}
	defer rows.Close()
	var found []CannedReply
	for rows.Next() {
		var r CannedReply
		var actions string
		var created, updated int64
		if err := rows.Scan(&r.ID, &r.Shortcut, &r.Title, &r.Text, &r.Language, &r.Owned.Audience, &r.Owned.AgentID, &r.Owned.TeamID, &actions, &r.Uses,
			&created, &updated); err != nil {
			return nil, fmt.Errorf("read canned replies: %w", err)
		}
		if r.Actions, err = decodeActions(actions); err != nil {
			return nil, fmt.Errorf("read canned reply %d: %w", r.ID, err)
		}
		r.CreatedAt, r.UpdatedAt = db.Time(created), db.Time(updated)
		found = append(found, r)
	}
	return found, rows.Err()
}

func decodeActions(text string) (list []Action, err error) {
	if text == "" {
		return nil, nil
	}
	return list, json.Unmarshal([]byte(text), &list)
}

func encodeActions(list []Action) (string, error) {
	if len(list) == 0 {
		return "", nil
	}
	text, err := json.Marshal(list)
	return string(text), err
}

// CreateCannedReply stores a new one.
func (d *Desk) CreateCannedReply(ctx context.Context, tx *db.Tx, r CannedReply, a Agent) (CannedReply, error) {
	if r.Owned.Audience == "" && a.Role.Leads() {
		r.Owned.Audience = ForAll
	}
	if err := d.claimFor(ctx, tx, &r.Owned, a); err != nil {
		return CannedReply{}, err
	}
	if err := r.clean(); err != nil {
		return CannedReply{}, err
	}
	actions, err := encodeActions(r.Actions)
	if err != nil {
		return CannedReply{}, err
	}
	r.CreatedAt, r.UpdatedAt = tx.Now, tx.Now
	id, inserted, err := tx.InsertNew(ctx, `INSERT INTO macros (shortcut, title, text, language, audience, agent_id, team_id, actions, created_at, updated_at)
 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`, r.Shortcut, r.Title, r.Text, r.Language, string(r.Owned.Audience), r.Owned.keeper(), r.Owned.TeamID,
		actions, db.Millis(tx.Now), db.Millis(tx.Now))
	if err != nil {
		return CannedReply{}, fmt.Errorf("create canned reply: %w", err)
	}
	if !inserted {
		return CannedReply{}, errShortcutTaken()
	}
	r.ID = id
	return r, nil
}

// keeper is whose a shortcut is, so that those for a team or for all do not repeat whoever makes them.
func (o Owned) keeper() int64 {
	if o.Audience == Private {
		return o.AgentID
	}
	return 0
}

// SaveCannedReply writes one that exists.
func (d *Desk) SaveCannedReply(ctx context.Context, tx *db.Tx, r CannedReply, a Agent) error {
	was, err := d.CannedReply(ctx, tx, r.ID, a)
	if err != nil {
		return err
	}
	if !was.Owned.ChangedBy(a) {
		return ErrForbidden
	}
	if r.Owned.Audience == "" {
		r.Owned = was.Owned
	}
	if err := d.claimFor(ctx, tx, &r.Owned, a); err != nil {
		return err
	}
	if err := r.clean(); err != nil {
		return err
	}
	actions, err := encodeActions(r.Actions)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE macros SET shortcut = ?, title = ?, text = ?, language = ?, audience = ?, agent_id = ?, team_id = ?, actions = ?,
 updated_at = ? WHERE id = ?`, r.Shortcut, r.Title, r.Text, r.Language, string(r.Owned.Audience), r.Owned.keeper(), r.Owned.TeamID, actions, db.Millis(tx.Now), r.ID)
	if db.IsUnique(err) {
		return errShortcutTaken()
	}
	return oneCanned(n, err, r.ID, "save")
}

// DeleteCannedReply removes one.
func (d *Desk) DeleteCannedReply(ctx context.Context, tx *db.Tx, id int64, a Agent) error {
	was, err := d.CannedReply(ctx, tx, id, a)
	if err != nil {
		return err
	}
	if !was.Owned.ChangedBy(a) {
		return ErrForbidden
	}
	if _, err := tx.Exec(ctx, "DELETE FROM macro_uses WHERE macro_id = ?", id); err != nil {
		return fmt.Errorf("delete canned reply %d: %w", id, err)
	}
	n, err := tx.Exec(ctx, "DELETE FROM macros WHERE id = ?", id)
	return oneCanned(n, err, id, "delete")
}

// UsedCannedReply counts that an agent has used one, for the order in which it is offered.
func (d *Desk) UsedCannedReply(ctx context.Context, tx *db.Tx, id int64, a Agent) error {
	if _, err := d.CannedReply(ctx, tx, id, a); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO macro_uses (macro_id, agent_id, uses, last_at) VALUES (?, ?, 1, ?)
 ON CONFLICT (macro_id, agent_id) DO UPDATE SET uses = macro_uses.uses + 1, last_at = excluded.last_at`, id, a.ID, db.Millis(tx.Now))
	if err != nil {
		return fmt.Errorf("count use of canned reply %d: %w", id, err)
	}
	return nil
}

func oneCanned(n int64, err error, id int64, what string) error {
	if err != nil {
		return fmt.Errorf("%s canned reply %d: %w", what, id, err)
	}
	if n == 0 {
		return fmt.Errorf("canned reply %d: %w", id, conversation.ErrNotFound)
	}
	return nil
}

func errShortcutTaken() error {
	return &conversation.FieldError{Field: "shortcut", Message: "another reply in this language has this shortcut"}
}

func (r *CannedReply) clean() error {
	r.Shortcut = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(r.Shortcut), "/"))
	r.Title, r.Text = strings.Join(strings.Fields(r.Title), " "), strings.TrimSpace(r.Text)
	switch {
	case r.Shortcut == "" || len([]rune(r.Shortcut)) > maxShortcut || strings.ContainsFunc(r.Shortcut, unicode.IsSpace):
		return &conversation.FieldError{Field: "shortcut", Message: "give a shortcut of at most 40 characters without spaces"}
	case r.Title == "" || len([]rune(r.Title)) > maxName:
		return &conversation.FieldError{Field: "title", Message: "give a title of at most 100 characters"}
	case r.Text == "" && len(r.Actions) == 0 || len([]rune(r.Text)) > maxCannedText:
		return &conversation.FieldError{Field: "text", Message: "write a text of at most 5000 characters"}
	case r.Language != "" && r.Language != "zh" && r.Language != "en":
		return &conversation.FieldError{Field: "language", Message: "the language is zh, en or none"}
	}
	return CheckActions(r.Actions)
}
