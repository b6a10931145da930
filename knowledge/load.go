package knowledge

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"huiyin/db"
)

// stored is an article as the index reads it from the database.
type stored struct {
	id             int64
	key            string
	status         Status
	live, draft    Content
	liveID, newID  int64
	liveNo, newNo  int
	hasLive, isNew bool
}

const storedColumns = "SELECT a.id, COALESCE(a.external_key, ''), a.status, a.published_revision_id, p.number, p.content," +
	" a.draft_revision_id, d.number, d.content FROM articles a" +
	" JOIN article_revisions d ON d.id = a.draft_revision_id" +
	" LEFT JOIN article_revisions p ON p.id = a.published_revision_id AND a.status = 'published'"

// loadPage is how many articles are read in one query.
const loadPage = 500

// eachStored visits every article that is not archived.
func eachStored(ctx context.Context, from db.Querier, visit func(stored)) error {
	last := int64(0)
	for {
		page, err := storedWhere(ctx, from, " WHERE a.id > ? AND a.status <> 'archived' ORDER BY a.id LIMIT ?", last, loadPage)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, s := range page {
			visit(s)
			last = s.id
		}
	}
}

// storedByID reads one article; nil when it is archived or gone.
func storedByID(ctx context.Context, from db.Querier, id int64) (*stored, error) {
	page, err := storedWhere(ctx, from, " WHERE a.id = ? AND a.status <> 'archived'", id)
	if err != nil || len(page) == 0 {
		return nil, err
	}
	return &page[0], nil
}

func storedWhere(ctx context.Context, from db.Querier, where string, args ...any) ([]stored, error) {
	rows, err := from.Query(ctx, storedColumns+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read articles: %w", err)
	}
	defer rows.Close()
	var list []stored
	for rows.Next() {
		s, err := scanStored(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, rows.Err()
}

func scanStored(row scanner) (stored, error) {
	var s stored
	var number sql.NullInt64
	var live sql.NullString
	var draft string
	err := row.Scan(&s.id, &s.key, &s.status, &s.liveID, &number, &live, &s.newID, &s.newNo, &draft)
	if err != nil {
		return s, fmt.Errorf("read article: %w", err)
	}
	if live.Valid {
		s.hasLive, s.liveNo = true, int(number.Int64)
		if err := json.Unmarshal([]byte(live.String), &s.live); err != nil {
			return s, fmt.Errorf("read article %d: %w", s.id, err)
		}
	}
	if s.isNew = !s.hasLive || s.newID != s.liveID; s.isNew {
		if err := json.Unmarshal([]byte(draft), &s.draft); err != nil {
			return s, fmt.Errorf("read article %d: %w", s.id, err)
		}
	}
	return s, nil
}

// entry makes the searchable form; its terms are numbered in the corpus but not yet counted.
func (s *stored) entry(c *corpus) *entry {
	e := &entry{id: s.id, key: s.key, status: s.status}
	if s.hasLive {
		e.live = c.variant(s.liveID, s.liveNo, s.live)
	}
	if s.isNew {
		e.draft = c.variant(s.newID, s.newNo, s.draft)
	}
	return e
}
