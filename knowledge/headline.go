package knowledge

import (
	"context"
	"fmt"
	"time"

	"huiyin/db"
)

// Headline is what lists over all articles need of one: no text.
type Headline struct {
	ID                             int64
	Title, Category                string
	CreatedAt, UpdatedAt, ReviewBy time.Time // ReviewBy zero: never
}

// Headlines reads all published articles, those that nobody touched for longest first.
func Headlines(ctx context.Context, from db.Querier) ([]Headline, error) {
	rows, err := from.Query(ctx, "SELECT id, title, category, created_at, updated_at, review_by FROM articles WHERE status = ? ORDER BY updated_at, id", string(Published))
	if err != nil {
		return nil, fmt.Errorf("list headlines: %w", err)
	}
	defer rows.Close()
	var list []Headline
	for rows.Next() {
		var h Headline
		var created, updated, review int64
		if err := rows.Scan(&h.ID, &h.Title, &h.Category, &created, &updated, &review); err != nil {
			return nil, fmt.Errorf("list headlines: %w", err)
		}
		h.CreatedAt, h.UpdatedAt = db.Time(created), db.Time(updated)
		if review != 0 {
			h.ReviewBy = db.Time(review)
		}
		list = append(list, h)
	}
	return list, rows.Err()
}
