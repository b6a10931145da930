package handoff

import (
	"context"
	"fmt"

	"huiyin/conversation"
	"huiyin/db"
)

// Wishes are how a person wants the desk to be.
type Wishes struct {
	UndoSeconds int // for how long a reply can be taken back; 0: it goes out at once
}

// Wishes reads how a person wants the desk to be.
func (d *Desk) Wishes(ctx context.Context, from db.Querier, agentID int64) (Wishes, error) {
	w := Wishes{}
	err := from.QueryRow(ctx, "SELECT undo_seconds FROM desk_wishes WHERE agent_id = ?", agentID).Scan(&w.UndoSeconds)
	if err != nil && !db.NoRows(err) {
		return w, fmt.Errorf("read wishes: %w", err)
	}
	return w, nil
}

// SaveWishes writes how a person wants the desk to be.
func (d *Desk) SaveWishes(ctx context.Context, tx *db.Tx, agentID int64, w Wishes) error {
	if w.UndoSeconds < 0 || w.UndoSeconds > 20 {
		return &conversation.FieldError{Field: "undo_seconds", Message: "a reply can be held for 20 seconds at most"}
	}
	_, err := tx.Exec(ctx, "INSERT INTO desk_wishes (agent_id, undo_seconds) VALUES (?, ?) ON CONFLICT (agent_id) DO UPDATE SET undo_seconds = excluded.undo_seconds",
		agentID, w.UndoSeconds)
	if err != nil {
		return fmt.Errorf("save wishes: %w", err)
	}
	return nil
}
