package knowledge

import (
	"context"
	"fmt"
	"time"

	"huiyin/db"
)

// Visitor is somebody who has an article open.
type Visitor struct {
	ID      int64
	Name    string
	Writing bool // they have words there that are not saved
}

// VisitFor is how long somebody is taken to be there after they were last heard of.
const VisitFor = 40 * time.Second

// Visit notes that somebody has an article open and tells who else has.
func Visit(ctx context.Context, tx *db.Tx, article int64, v Visitor) ([]Visitor, error) {
	_, err := tx.Exec(ctx, "INSERT INTO article_visitors (article_id, agent_id, name, writing, seen_at) VALUES (?, ?, ?, ?, ?)"+
		" ON CONFLICT (article_id, agent_id) DO UPDATE SET name = excluded.name, writing = excluded.writing, seen_at = excluded.seen_at",
		article, v.ID, v.Name, number(v.Writing), db.Millis(tx.Now))
	if err != nil {
		return nil, fmt.Errorf("note visitor: %w", err)
	}
	rows, err := tx.Query(ctx, "SELECT agent_id, name, writing FROM article_visitors WHERE article_id = ? AND agent_id <> ? AND seen_at > ? ORDER BY name, agent_id",
		article, v.ID, db.Millis(tx.Now.Add(-VisitFor)))
	if err != nil {
		return nil, fmt.Errorf("read visitors: %w", err)
	}
	defer rows.Close()
	others := []Visitor{}
	for rows.Next() {
		var o Visitor
		var writing int
		if err := rows.Scan(&o.ID, &o.Name, &writing); err != nil {
			return nil, fmt.Errorf("read visitors: %w", err)
		}
		o.Writing = writing == 1
		others = append(others, o)
	}
	return others, rows.Err()
}

// Leave notes that somebody has closed an article, and forgets who has long been gone.
func Leave(ctx context.Context, tx *db.Tx, article, agent int64) error {
	_, err := tx.Exec(ctx, "DELETE FROM article_visitors WHERE article_id = ? AND (agent_id = ? OR seen_at < ?)",
		article, agent, db.Millis(tx.Now.Add(-VisitFor)))
	if err != nil {
		return fmt.Errorf("forget visitor: %w", err)
	}
	return nil
}
