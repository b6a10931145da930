package conversation

import (
	"context"
	"fmt"

	"huiyin/db"
)

// Explained reads the newest explanations of what the bot said to customers.
func (s *Store) Explained(ctx context.Context, from db.Querier, limit int) ([]string, error) {
	rows, err := from.Query(ctx, "SELECT explanation FROM messages WHERE sender = 'bot' AND explanation <> '' ORDER BY id DESC LIMIT ?", limit)
	if err != nil {
		return nil, fmt.Errorf("read explanations: %w", err)
	}
	defer rows.Close()
	var found []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, fmt.Errorf("read explanations: %w", err)
		}
		found = append(found, text)
	}
	return found, rows.Err()
}
