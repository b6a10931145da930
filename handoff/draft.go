package handoff

import (
	"context"
	"errors"
	"fmt"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// TextDraft is what an agent has begun to write in a conversation: a reply or a note. Its version rises with each save, so
// that of two devices the slower one learns that it would write over the other.
type TextDraft struct {
	AgentID, ConversationID int64
	Kind                    string // reply or note
	Text                    string
	ArticleID               int64
	Version                 int64
	UpdatedAt               time.Time
}

// ErrStale refuses to save what was written on an older version than the newest.
var ErrStale = errors.New("another device has saved a newer version")

// maxDraft bounds a draft, in bytes.
const maxDraft = 64 << 10

// keepDrafts is how long a draft is kept that nobody comes back to.
const keepDrafts = 60 * 24 * time.Hour

// Drafts reads what an agent has begun to write; conversation 0: everywhere, where there is text.
func (d *Desk) Drafts(ctx context.Context, from db.Querier, agentID, conversationID int64) ([]TextDraft, error) {
	where, args := "agent_id = ? AND text <> ''", []any{agentID}
	if conversationID != 0 {
		where, args = "agent_id = ? AND conversation_id = ?", append(args, conversationID)
	}
	rows, err := from.Query(ctx, "SELECT conversation_id, kind, text, article_id, version, updated_at FROM drafts WHERE "+where+
		" ORDER BY updated_at DESC, conversation_id, kind LIMIT 500", args...)
	if err != nil {
		return nil, fmt.Errorf("read drafts: %w", err)
	}
	defer rows.Close()
	var found []TextDraft
	for rows.Next() {
		t := TextDraft{AgentID: agentID}
		var updated int64
		if err := rows.Scan(&t.ConversationID, &t.Kind, &t.Text, &t.ArticleID, &t.Version, &updated); err != nil {
			return nil, fmt.Errorf("read drafts: %w", err)
		}
		t.UpdatedAt = db.Time(updated)
		found = append(found, t)
	}
	return found, rows.Err()
}

// SaveDraft keeps a text; t.Version is the one it was written on, 0 for the first. An empty text ends the draft.
func (d *Desk) SaveDraft(ctx context.Context, tx *db.Tx, t TextDraft) (TextDraft, error) {
	if len(t.Text) > maxDraft {
		return t, &conversation.FieldError{Field: "text", Message: "the message is too long"}
	}
	if t.Kind != "reply" && t.Kind != "note" {
		return t, &conversation.FieldError{Field: "kind", Message: "must be reply or note"}
	}
	base := t.Version
	t.Version, t.UpdatedAt = base+1, tx.Now
	var n int64
	var err error
	if base == 0 {
		n, err = tx.Exec(ctx, `INSERT INTO drafts (agent_id, conversation_id, kind, text, article_id, version, updated_at)
 VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`, t.AgentID, t.ConversationID, t.Kind, t.Text, t.ArticleID, t.Version, db.Millis(tx.Now))
	} else {
		n, err = tx.Exec(ctx, `UPDATE drafts SET text = ?, article_id = ?, version = ?, updated_at = ?
 WHERE agent_id = ? AND conversation_id = ? AND kind = ? AND version = ?`, t.Text, t.ArticleID, t.Version, db.Millis(tx.Now),
			t.AgentID, t.ConversationID, t.Kind, base)
	}
	if err != nil {
		return t, fmt.Errorf("save draft: %w", err)
	}
	if n == 0 {
		return t, ErrStale
	}
	return t, nil
}

// PruneDrafts forgets drafts that nobody came back to.
func (d *Desk) PruneDrafts(ctx context.Context) error {
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "DELETE FROM drafts WHERE updated_at < ?", db.Millis(tx.Now.Add(-keepDrafts)))
		return err
	})
}
