package knowledge

import (
	"context"
	"fmt"

	"huiyin/db"
)

// changesLock orders the writers of the change log, so that its numbers have no gaps in commit order.
const changesLock = 0x6b6e6f77

// change is one line of the log that every node's index follows.
type change struct {
	n       int64
	article int64
	at      int64
}

func logChange(ctx context.Context, tx *db.Tx, article int64) error {
	if err := tx.Lock(ctx, changesLock); err != nil {
		return fmt.Errorf("log change: %w", err)
	}
	_, err := tx.Exec(ctx, "INSERT INTO knowledge_changes (n, article_id, at) SELECT COALESCE(MAX(n), 0) + 1, ?, ? FROM knowledge_changes",
		article, db.Millis(tx.Now))
	if err != nil {
		return fmt.Errorf("log change: %w", err)
	}
	return nil
}

// changesFrom reads the log from change n on, that one included.
func changesFrom(ctx context.Context, from db.Querier, n int64, limit int) ([]change, error) {
	rows, err := from.Query(ctx, "SELECT n, article_id, at FROM knowledge_changes WHERE n >= ? ORDER BY n LIMIT ?", n, limit)
	if err != nil {
		return nil, fmt.Errorf("read change log: %w", err)
	}
	defer rows.Close()
	var list []change
	for rows.Next() {
		var c change
		if err := rows.Scan(&c.n, &c.article, &c.at); err != nil {
			return nil, fmt.Errorf("read change log: %w", err)
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

// lastChange is the newest line of the log; the zero change when there is none.
func lastChange(ctx context.Context, from db.Querier) (change, error) {
	var c change
	err := from.QueryRow(ctx, "SELECT n, article_id, at FROM knowledge_changes ORDER BY n DESC LIMIT 1").Scan(&c.n, &c.article, &c.at)
	if db.NoRows(err) {
		return change{}, nil
	}
	if err != nil {
		return change{}, fmt.Errorf("read change log: %w", err)
	}
	return c, nil
}
