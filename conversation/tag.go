package conversation

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"huiyin/db"
)

// SetTags replaces the tags of a loaded conversation; the caller saves it.
func (s *Store) SetTags(ctx context.Context, tx *db.Tx, c *Conversation, tags []string) error {
	clean, err := cleanTags(tags)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "DELETE FROM conversation_tags WHERE conversation_id = ?", c.ID); err != nil {
		return fmt.Errorf("set tags: %w", err)
	}
	for _, t := range clean {
		if _, err := tx.Exec(ctx, "INSERT INTO conversation_tags (conversation_id, tag) VALUES (?, ?)", c.ID, t); err != nil {
			return fmt.Errorf("set tags: %w", err)
		}
	}
	c.Tags = clean
	return nil
}

func cleanTags(tags []string) ([]string, error) {
	var clean []string
	for _, t := range tags {
		t = strings.Join(strings.Fields(t), " ")
		if len([]rune(t)) > 50 {
			return nil, &FieldError{"tags", "a tag has at most 50 characters"}
		}
		if t != "" && !slices.Contains(clean, t) {
			clean = append(clean, t)
		}
	}
	if len(clean) > 20 {
		return nil, &FieldError{"tags", "a conversation has at most 20 tags"}
	}
	return clean, nil
}

// Tags reads the tags in use, the most used first.
func (s *Store) Tags(ctx context.Context, from db.Querier) ([]string, error) {
	rows, err := from.Query(ctx, "SELECT tag FROM conversation_tags GROUP BY tag ORDER BY COUNT(*) DESC, tag LIMIT 200")
	if err != nil {
		return nil, fmt.Errorf("read tags: %w", err)
	}
	defer rows.Close()
	var tags []string
	for rows.Next() {
		var t string
		if err := rows.Scan(&t); err != nil {
			return nil, err
		}
		tags = append(tags, t)
	}
	return tags, rows.Err()
}
