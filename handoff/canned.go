package handoff

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	"huiyin/conversation"
	"huiyin/db"
)

// CannedReply is a ready-made text that agents insert by its shortcut.
type CannedReply struct {
	ID                    int64
	Shortcut, Title, Text string
	Language              string // zh, en or empty for any
	CreatedAt, UpdatedAt  time.Time
}

const (
	maxShortcut   = 40
	maxCannedText = 5000
)

// CannedReplies reads all of them by shortcut.
func (d *Desk) CannedReplies(ctx context.Context, from db.Querier) ([]CannedReply, error) {
	return queryCanned(ctx, from, "1 = 1 ORDER BY shortcut, language")
}

// CannedReply reads one.
func (d *Desk) CannedReply(ctx context.Context, from db.Querier, id int64) (CannedReply, error) {
	found, err := queryCanned(ctx, from, "id = ?", id)
	if err != nil {
		return CannedReply{}, err
	}
	if len(found) == 0 {
		return CannedReply{}, fmt.Errorf("canned reply %d: %w", id, conversation.ErrNotFound)
	}
	return found[0], nil
}

func queryCanned(ctx context.Context, from db.Querier, where string, args ...any) ([]CannedReply, error) {
	rows, err := from.Query(ctx, "SELECT id, shortcut, title, text, language, created_at, updated_at FROM canned_replies WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read canned replies: %w", err)
	}
	defer rows.Close()
	var found []CannedReply
	for rows.Next() {
		var r CannedReply
		var created, updated int64
		if err := rows.Scan(&r.ID, &r.Shortcut, &r.Title, &r.Text, &r.Language, &created, &updated); err != nil {
			return nil, fmt.Errorf("read canned replies: %w", err)
		}
		r.CreatedAt, r.UpdatedAt = db.Time(created), db.Time(updated)
		found = append(found, r)
	}
	return found, rows.Err()
}

// CreateCannedReply stores a new one.
func (d *Desk) CreateCannedReply(ctx context.Context, tx *db.Tx, r CannedReply) (CannedReply, error) {
	if err := r.clean(); err != nil {
		return CannedReply{}, err
	}
	r.CreatedAt, r.UpdatedAt = tx.Now, tx.Now
	id, inserted, err := tx.InsertNew(ctx, `INSERT INTO canned_replies (shortcut, title, text, language, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)
 ON CONFLICT DO NOTHING`, r.Shortcut, r.Title, r.Text, r.Language, db.Millis(tx.Now), db.Millis(tx.Now))
	if err != nil {
		return CannedReply{}, fmt.Errorf("create canned reply: %w", err)
	}
	if !inserted {
		return CannedReply{}, errShortcutTaken()
	}
	r.ID = id
	return r, nil
}

// SaveCannedReply writes one that exists.
func (d *Desk) SaveCannedReply(ctx context.Context, tx *db.Tx, r CannedReply) error {
	if err := r.clean(); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, "UPDATE canned_replies SET shortcut = ?, title = ?, text = ?, language = ?, updated_at = ? WHERE id = ?",
		r.Shortcut, r.Title, r.Text, r.Language, db.Millis(tx.Now), r.ID)
	if db.IsUnique(err) {
		return errShortcutTaken()
	}
	return oneCanned(n, err, r.ID, "save")
}

// DeleteCannedReply removes one.
func (d *Desk) DeleteCannedReply(ctx context.Context, tx *db.Tx, id int64) error {
	n, err := tx.Exec(ctx, "DELETE FROM canned_replies WHERE id = ?", id)
	return oneCanned(n, err, id, "delete")
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
	case r.Text == "" || len([]rune(r.Text)) > maxCannedText:
		return &conversation.FieldError{Field: "text", Message: "write a text of at most 5000 characters"}
	case r.Language != "" && r.Language != "zh" && r.Language != "en":
		return &conversation.FieldError{Field: "language", Message: "the language is zh, en or none"}
	}
	return nil
}
