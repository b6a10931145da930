package conversation

import (
	"context"
	"fmt"

	"huiyin/db"
)

// lookedThrough is how many of the newest messages are searched for decisions.
const lookedThrough = 200_000

// ExplainedWith reads the newest automatic decisions whose explanation holds a part, such as an article's id.
func (s *Store) ExplainedWith(ctx context.Context, from db.Querier, part string, limit int) ([]ExplainedTurn, error) {
	rows, err := from.Query(ctx, `SELECT id, conversation_id, seq, created_at, explanation FROM messages
 WHERE sender = 'bot' AND explanation LIKE ? ESCAPE '!' AND id > (SELECT COALESCE(MAX(id), 0) FROM messages) - ? ORDER BY id DESC LIMIT ?`,
		"%"+likeEscape(part)+"%", lookedThrough, limit)
	if err != nil {
		return nil, fmt.Errorf("read explanations: %w", err)
	}
	return readExplained(rows)
}
