package knowledge

import (
	"context"
	"fmt"
	"time"

	"huiyin/db"
)

// Typing is what an editor has typed into an article and not saved. It is theirs alone, is no revision, and outlives their browser.
type Typing struct {
	Version int64  // of the article when they began
	Form    string // as their page wrote it down
	At      time.Time
}

// keptTyping is how long typed text is kept that nobody comes back to.
const keptTyping = 90 * 24 * time.Hour

// maxTyping is how much typed text is kept, in bytes.
const maxTyping = 800_000

// KeepTyping keeps what an editor has typed into an article (0: into a new one), in place of what was kept before.
func KeepTyping(ctx context.Context, tx *db.Tx, agent, article int64, t Typing) error {
	if len(t.Form) > maxTyping {
		return &Invalid{"form", "this is too long to be kept"}
	}
	now := db.Millis(tx.Now)
	_, err := tx.Exec(ctx, `INSERT INTO article_typing (agent_id, article_id, version, form, at) VALUES (?, ?, ?, ?, ?)
 ON CONFLICT (agent_id, article_id) DO UPDATE SET version = excluded.version, form = excluded.form, at = excluded.at`, agent, article, t.Version, t.Form, now)
	if err != nil {
		return fmt.Errorf("keep typed text: %w", err)
	}
	if _, err := tx.Exec(ctx, "DELETE FROM article_typing WHERE agent_id = ? AND at < ?", agent, now-keptTyping.Milliseconds()); err != nil {
		return fmt.Errorf("forget old typed text: %w", err)
	}
	return nil
}

// KeptTyping is what an editor has typed and not saved; ErrNotFound when there is nothing.
func KeptTyping(ctx context.Context, from db.Querier, agent, article int64) (Typing, error) {
	var t Typing
	var at int64
	err := from.QueryRow(ctx, "SELECT version, form, at FROM article_typing WHERE agent_id = ? AND article_id = ?", agent, article).Scan(&t.Version, &t.Form, &at)
	if db.NoRows(err) {
		return Typing{}, ErrNotFound
	}
	if err != nil {
		return Typing{}, fmt.Errorf("read typed text: %w", err)
	}
	t.At = db.Time(at)
	return t, nil
}

// ForgetTyping forgets what an editor has typed, once it is saved or given up.
func ForgetTyping(ctx context.Context, tx *db.Tx, agent, article int64) error {
	if _, err := tx.Exec(ctx, "DELETE FROM article_typing WHERE agent_id = ? AND article_id = ?", agent, article); err != nil {
		return fmt.Errorf("forget typed text: %w", err)
	}
	return nil
}
