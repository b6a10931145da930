package knowledge

import (
	"context"
	"fmt"

	"huiyin/db"
)

// maxKnownTags bounds the tags that are offered.
const maxKnownTags = 500

// Tags are the tags of articles, the most used first.
func Tags(ctx context.Context, from db.Querier) ([]string, error) {
	rows, err := from.Query(ctx, "SELECT tag FROM article_tags GROUP BY tag ORDER BY COUNT(*) DESC, tag LIMIT ?", maxKnownTags)
	if err != nil {
		return nil, fmt.Errorf("list tags: %w", err)
	}
	defer rows.Close()
	list := []string{}
	for rows.Next() {
		var tag string
		if err := rows.Scan(&tag); err != nil {
			return nil, fmt.Errorf("list tags: %w", err)
		}
		list = append(list, tag)
	}
	return list, rows.Err()
}

// Wording is a question in the form in which two that differ only in case, width and punctuation are the same.
func Wording(text string) string { return normalize(text) }
