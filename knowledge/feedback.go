package knowledge

import (
	"context"
	"fmt"

	"huiyin/db"
)

// Used counts one answer given from the article.
func Used(ctx context.Context, tx *db.Tx, id int64) error { return count(ctx, tx, id, "used") }

// Feedback counts a customer's word on whether the article helped.
func Feedback(ctx context.Context, tx *db.Tx, id int64, helped bool) error {
	if helped {
		return count(ctx, tx, id, "helpful")
	}
	return count(ctx, tx, id, "unhelpful")
}

// count leaves the version alone: a customer's click is no edit.
func count(ctx context.Context, tx *db.Tx, id int64, column string) error {
	n, err := tx.Exec(ctx, "UPDATE articles SET "+column+" = "+column+" + 1 WHERE id = ?", id)
	if err != nil {
		return fmt.Errorf("count article %d %s: %w", id, column, err)
	}
	if n == 0 {
		return ErrNotFound
	}
	return nil
}
