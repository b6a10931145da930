package knowledge

import (
	"context"
	"fmt"
	"strings"
	"time"

	"huiyin/db"
)

// Comment is what somebody says to the others who work on an article, about one revision of it.
type Comment struct {
	ID         int64
	Article    int64
	Revision   int64  // id
	Number     int    // of the revision
	Place      string // the field it is about, such as answer.zh; empty: the whole
	Text       string
	Author     Author
	At         time.Time
	ResolvedBy string
	ResolvedAt time.Time // zero: it is open
}

// The limits of comments.
const (
	MaxWords    = 2000
	maxComments = 200
	maxPlace    = 60
)

// AddComment writes a comment about the newest revision.
func AddComment(ctx context.Context, tx *db.Tx, by Author, article int64, place, text string) (Comment, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return Comment{}, &Invalid{"text", "write something"}
	}
	if err := checkText("text", text, MaxWords); err != nil {
		return Comment{}, err
	}
	if err := checkText("place", place, maxPlace); err != nil {
		return Comment{}, err
	}
	a, err := Get(ctx, tx, article)
	if err != nil {
		return Comment{}, err
	}
	id, err := tx.Insert(ctx, "INSERT INTO article_comments (article_id, revision_id, place, text, author_id, author_name, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
		article, a.DraftRevision, place, text, by.ID, by.Name, db.Millis(tx.Now))
	if err != nil {
		return Comment{}, fmt.Errorf("write comment: %w", err)
	}
	return Comment{ID: id, Article: article, Revision: a.DraftRevision, Number: a.Revisions, Place: place, Text: text, Author: by, At: tx.Now}, nil
}

// Comments lists the newest comments on an article, oldest first.
func Comments(ctx context.Context, from db.Querier, article int64) ([]Comment, error) {
	rows, err := from.Query(ctx, "SELECT c.id, c.article_id, c.revision_id, r.number, c.place, c.text, c.author_id, c.author_name, c.at, c.resolved_name, c.resolved_at"+
		" FROM (SELECT * FROM article_comments WHERE article_id = ? ORDER BY id DESC LIMIT ?) c JOIN article_revisions r ON r.id = c.revision_id ORDER BY c.id",
		article, maxComments)
	if err != nil {
		return nil, fmt.Errorf("read comments: %w", err)
	}
	defer rows.Close()
	list := []Comment{}
	for rows.Next() {
		var c Comment
		var at, resolved int64
		if err := rows.Scan(&c.ID, &c.Article, &c.Revision, &c.Number, &c.Place, &c.Text, &c.Author.ID, &c.Author.Name, &at, &c.ResolvedBy, &resolved); err != nil {
			return nil, fmt.Errorf("read comments: %w", err)
		}
		c.At, c.ResolvedAt = db.Time(at), db.Time(resolved)
		list = append(list, c)
	}
	return list, rows.Err()
}

// ResolveComment notes that a comment is settled, or that it is not.
func ResolveComment(ctx context.Context, tx *db.Tx, by Author, article, id int64, resolved bool) error {
	name, at := "", int64(0)
	if resolved {
		name, at = by.Name, db.Millis(tx.Now)
	}
	n, err := tx.Exec(ctx, "UPDATE article_comments SET resolved_name = ?, resolved_at = ? WHERE id = ? AND article_id = ?", name, at, id, article)
	if err != nil {
		return fmt.Errorf("resolve comment: %w", err)
	}
	if n == 0 {
		return ErrNotFound
	}
	return nil
}

// OpenComments counts the comments on an article that are not settled.
func OpenComments(ctx context.Context, from db.Querier, article int64) (n int, err error) {
	err = from.QueryRow(ctx, "SELECT COUNT(*) FROM article_comments WHERE article_id = ? AND resolved_at = 0", article).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count comments: %w", err)
	}
	return n, nil
}
