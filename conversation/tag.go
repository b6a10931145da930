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

// TagUse is a tag with the number of conversations that have it.
type TagUse struct {
	Tag  string
	Uses int64
}

// maxTags bounds how many tags are read.
const maxTags = 500

// Tags reads the tags in use and those that are kept for use, the most used first.
func (s *Store) Tags(ctx context.Context, from db.Querier) ([]TagUse, error) {
	rows, err := from.Query(ctx, `SELECT t.tag, SUM(t.uses) FROM (SELECT tag, COUNT(*) AS uses FROM conversation_tags GROUP BY tag
 UNION ALL SELECT tag, 0 FROM tag_names) t GROUP BY t.tag ORDER BY SUM(t.uses) DESC, t.tag LIMIT ?`, maxTags)
	if err != nil {
		return nil, fmt.Errorf("read tags: %w", err)
	}
	defer rows.Close()
	var tags []TagUse
	for rows.Next() {
		var t TagUse
		if err := rows.Scan(&t.Tag, &t.Uses); err != nil {
			return nil, err
		}
		tags = append(tags, t)
	}
	return tags, rows.Err()
}

// KeepTag has a tag offered even while no conversation has it.
func (s *Store) KeepTag(ctx context.Context, tx *db.Tx, tag string) (string, error) {
	clean, err := cleanTags([]string{tag})
	if err != nil {
		return "", err
	}
	if len(clean) == 0 {
		return "", &FieldError{"tag", "give the tag a name"}
	}
	_, err = tx.Exec(ctx, "INSERT INTO tag_names (tag, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING", clean[0], db.Millis(tx.Now))
	if err != nil {
		return "", fmt.Errorf("keep tag: %w", err)
	}
	return clean[0], nil
}

// Tagged reads the ids of some conversations that have a tag.
func (s *Store) Tagged(ctx context.Context, from db.Querier, tag string, limit int) ([]int64, error) {
	return s.ids(ctx, from, "SELECT conversation_id FROM conversation_tags WHERE tag = ? ORDER BY conversation_id LIMIT ?", tag, limit)
}

// Retag puts another tag in the place of one, in one conversation; an empty one takes it away. It is no matter of the
// conversation's, so no line is left in it.
func (s *Store) Retag(ctx context.Context, tx *db.Tx, conversationID int64, tag, next string) error {
	c, err := s.Load(ctx, tx, conversationID)
	if err != nil {
		return err
	}
	var tags []string
	for _, t := range c.Tags {
		if t == tag {
			t = next
		}
		if t != "" && !slices.Contains(tags, t) {
			tags = append(tags, t)
		}
	}
	if err := s.SetTags(ctx, tx, c, tags); err != nil {
		return err
	}
	return s.Save(ctx, tx, c)
}

// ForgetTag no longer offers a tag that no conversation has.
func (s *Store) ForgetTag(ctx context.Context, tx *db.Tx, tag string) error {
	if _, err := tx.Exec(ctx, "DELETE FROM tag_names WHERE tag = ?", tag); err != nil {
		return fmt.Errorf("forget tag: %w", err)
	}
	return nil
}
