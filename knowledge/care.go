package knowledge

import (
	"context"
	"fmt"
	"time"

	"huiyin/db"
)

// Care is who looks after an article, and by when they look at it again.
type Care struct {
	Owner    int64     // 0: nobody
	ReviewBy time.Time // zero: never
}

// SetCare changes who looks after an article and by when. A reminder becomes due at that time, one that was due is over.
func SetCare(ctx context.Context, tx *db.Tx, by Author, id int64, c Care) (Article, error) {
	a, err := lockArticle(ctx, tx, id)
	if err != nil {
		return Article{}, err
	}
	c.ReviewBy = wholeSecond(c.ReviewBy)
	if !c.ReviewBy.Equal(a.ReviewBy) {
		if err := remindBy(ctx, tx, by, id, c.ReviewBy); err != nil {
			return Article{}, err
		}
	}
	if _, err := tx.Exec(ctx, "UPDATE articles SET owner_id = ? WHERE id = ?", c.Owner, id); err != nil {
		return Article{}, fmt.Errorf("set owner of article %d: %w", id, err)
	}
	return Get(ctx, tx, id)
}

func remindBy(ctx context.Context, tx *db.Tx, by Author, id int64, at time.Time) error {
	if !at.IsZero() {
		if !at.After(tx.Now) {
			return &Invalid{"review_by", "this time is past"}
		}
		if at.Sub(tx.Now) > maxAhead {
			return &Invalid{"review_by", "at most ten years ahead"}
		}
	}
	if _, err := tx.Exec(ctx, "UPDATE articles SET review_by = ? WHERE id = ?", db.Millis(at), id); err != nil {
		return fmt.Errorf("set review date of article %d: %w", id, err)
	}
	return setTimer(ctx, tx, id, Timer{Kind: RemindTimer, At: at, By: by})
}
