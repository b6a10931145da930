package knowledge

import (
	"context"
	"encoding/json"
	"fmt"

	"huiyin/db"
)

const revisionColumns = "SELECT id, article_id, number, author_id, author_name, at, note, content FROM article_revisions"

// GetRevision reads one revision.
func GetRevision(ctx context.Context, from db.Querier, id int64) (Revision, error) {
	r, err := scanRevision(from.QueryRow(ctx, revisionColumns+" WHERE id = ?", id))
	if db.NoRows(err) {
		return Revision{}, ErrNotFound
	}
	return r, err
}

// Revisions lists an article's revisions, newest first, those with a number below before (0: from the newest).
func Revisions(ctx context.Context, from db.Querier, article int64, before, limit int) ([]Revision, error) {
	if before <= 0 {
		before = 1 << 30
	}
	rows, err := from.Query(ctx, revisionColumns+" WHERE article_id = ? AND number < ? ORDER BY number DESC LIMIT ?",
		article, before, pageSize(limit))
	if err != nil {
		return nil, fmt.Errorf("list revisions: %w", err)
	}
	defer rows.Close()
	list := []Revision{}
	for rows.Next() {
		r, err := scanRevision(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

func scanRevision(row scanner) (Revision, error) {
	var r Revision
	var at int64
	var content string
	if err := row.Scan(&r.ID, &r.Article, &r.Number, &r.Author.ID, &r.Author.Name, &at, &r.Note, &content); err != nil {
		return Revision{}, fmt.Errorf("read revision: %w", err)
	}
	r.At = db.Time(at)
	if err := json.Unmarshal([]byte(content), &r.Content); err != nil {
		return Revision{}, fmt.Errorf("read revision %d: %w", r.ID, err)
	}
	return r, nil
}

// Restore writes an old revision's content as a new draft; nothing of the history is lost.
func Restore(ctx context.Context, tx *db.Tx, author Author, id, version, revision int64) (Article, error) {
	old, err := GetRevision(ctx, tx, revision)
	if err != nil {
		return Article{}, err
	}
	if old.Article != id {
		return Article{}, ErrNotFound
	}
	return SaveDraft(ctx, tx, author, id, version, old.Content, fmt.Sprintf("restored revision %d", old.Number))
}
