package knowledge

import (
	"context"
	"fmt"
	"strings"

	"huiyin/db"
)

// Mention is an article as another one that names it shows it. Status is "" where there is none any more.
type Mention struct {
	ID       int64
	Title    string
	Status   Status
	Audience Audience // of its newest content
}

// Mentioned reads the articles with these ids, as far as they are there.
func Mentioned(ctx context.Context, from db.Querier, ids []int64) (map[int64]Mention, error) {
	found := map[int64]Mention{}
	if len(ids) == 0 {
		return found, nil
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	rows, err := from.Query(ctx, "SELECT "+articleColumns+articleTables+" WHERE a.id IN (?"+strings.Repeat(", ?", len(ids)-1)+")", args...)
	if err != nil {
		return nil, fmt.Errorf("read related articles: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		a, err := scanArticle(rows)
		if err != nil {
			return nil, err
		}
		found[a.ID] = Mention{ID: a.ID, Title: a.Title, Status: a.Status, Audience: a.Content.Audience}
	}
	return found, rows.Err()
}
