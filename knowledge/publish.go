package knowledge

import (
	"context"
	"fmt"

	"huiyin/db"
)

// Publish gives the newest revision to the customers.
func Publish(ctx context.Context, tx *db.Tx, id, version int64) (Article, error) {
	a, err := edit(ctx, tx, id, version)
	if err != nil {
		return Article{}, err
	}
	if !a.Content.Answers() {
		return Article{}, &Invalid{"answer", "write the answer before publishing"}
	}
	if a.Status == Published && !a.Unpublished() {
		return a, nil
	}
	return setStatus(ctx, tx, id, Published, a.DraftRevision)
}

// Unpublish takes the article away from the customers; it is a draft again.
func Unpublish(ctx context.Context, tx *db.Tx, id, version int64) (Article, error) {
	return withdraw(ctx, tx, id, version, Draft)
}

// Archive takes the article away from the customers and out of the editors' way. SaveDraft or Publish work on
// it as before, and Unpublish brings it back as a draft.
func Archive(ctx context.Context, tx *db.Tx, id, version int64) (Article, error) {
	return withdraw(ctx, tx, id, version, Archived)
}

func withdraw(ctx context.Context, tx *db.Tx, id, version int64, to Status) (Article, error) {
	a, err := edit(ctx, tx, id, version)
	if err != nil {
		return Article{}, err
	}
	if a.Status == to {
		return a, nil
	}
	return setStatus(ctx, tx, id, to, 0)
}

func setStatus(ctx context.Context, tx *db.Tx, id int64, to Status, published int64) (Article, error) {
	_, err := tx.Exec(ctx, "UPDATE articles SET status = ?, published_revision_id = ?, updated_at = ?, version = version + 1 WHERE id = ?",
		string(to), published, db.Millis(tx.Now), id)
	if err != nil {
		return Article{}, fmt.Errorf("set article %d %s: %w", id, to, err)
	}
	if err := logChange(ctx, tx, id); err != nil {
		return Article{}, err
	}
	return Get(ctx, tx, id)
}
