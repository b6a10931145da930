package knowledge

import (
	"context"
	"errors"
	"fmt"

	"huiyin/db"
)

// Edit is what an editor has made of an article: the version of the article that they had, the number of the revision
// that they wrote on (0: unknown, then nothing is merged), and what they wrote.
type Edit struct {
	Version int64
	Base    int
	Content Content
	Note    string
}

// SaveOver is SaveDraft that merges what was saved meanwhile when it touches other parts of the text. A Clash, which is an
// ErrConflict, says which parts both have changed; nothing is written then.
func SaveOver(ctx context.Context, tx *db.Tx, author Author, id int64, e Edit) (Article, error) {
	a, err := SaveDraft(ctx, tx, author, id, e.Version, e.Content, e.Note)
	if !errors.Is(err, ErrConflict) || e.Base <= 0 {
		return a, err
	}
	current, err := lockArticle(ctx, tx, id)
	if err != nil {
		return Article{}, err
	}
	if current.Status == Archived || e.Base > current.Revisions {
		return Article{}, ErrConflict
	}
	mine, err := e.Content.Clean()
	if err != nil {
		return Article{}, err
	}
	if e.Base < current.Revisions {
		if mine, err = mergedOnto(ctx, tx, current, e.Base, mine); err != nil {
			return Article{}, err
		}
	}
	return SaveDraft(ctx, tx, author, id, current.Version, mine, e.Note)
}

func mergedOnto(ctx context.Context, tx *db.Tx, current Article, base int, mine Content) (Content, error) {
	old, err := RevisionNumber(ctx, tx, current.ID, base)
	if err != nil {
		return Content{}, err
	}
	merged, clashes, err := Merge(old.Content, mine, current.Content)
	if err == nil && len(clashes) > 0 {
		err = &Clash{clashes}
	}
	return merged, err
}

// RevisionNumber reads an article's revision by its number.
func RevisionNumber(ctx context.Context, from db.Querier, article int64, number int) (Revision, error) {
	r, err := scanRevision(from.QueryRow(ctx, revisionColumns+" WHERE article_id = ? AND number = ?", article, number))
	if db.NoRows(err) {
		return Revision{}, ErrNotFound
	}
	if err != nil {
		return Revision{}, fmt.Errorf("read revision %d of article %d: %w", number, article, err)
	}
	return r, nil
}
