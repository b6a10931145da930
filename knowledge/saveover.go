package knowledge

import (
	"context"
	"errors"
	"fmt"

	"huiyin/db"
)

// Edit is what an editor has made of an article, and the version of the article that they had read.
type Edit struct {
	Version int64
	Content Content
	Note    string
}

// SaveOver is SaveDraft that merges what was saved meanwhile when it touches other parts of the text. A Clash, which is an
// ErrConflict, says which parts both have changed; nothing is written then.
func SaveOver(ctx context.Context, tx *db.Tx, author Author, id int64, e Edit) (Article, error) {
	a, err := SaveDraft(ctx, tx, author, id, e.Version, e.Content, e.Note)
	if !errors.Is(err, ErrConflict) {
		return a, err
	}
	current, err := lockArticle(ctx, tx, id)
	if err != nil {
		return Article{}, err
	}
	base, err := revisionAt(ctx, tx, id, e.Version)
	if current.Status == Archived || errors.Is(err, ErrNotFound) {
		return Article{}, ErrConflict
	}
	if err != nil {
		return Article{}, err
	}
	mine, err := e.Content.Clean()
	if err == nil && base.ID != current.DraftRevision {
		mine, err = mergedOnto(base, mine, current)
	}
	if err != nil {
		return Article{}, err
	}
	return SaveDraft(ctx, tx, author, id, current.Version, mine, e.Note)
}

func mergedOnto(base Revision, mine Content, current Article) (Content, error) {
	merged, clashes, err := Merge(base.Content, mine, current.Content)
	if err == nil && len(clashes) > 0 {
		err = &Clash{clashes}
	}
	return merged, err
}

// revisionAt is the revision that was the newest one when the article had a version.
func revisionAt(ctx context.Context, from db.Querier, article, version int64) (Revision, error) {
	return oneRevision(from.QueryRow(ctx, revisionColumns+" WHERE article_id = ? AND version > 0 AND version <= ? ORDER BY number DESC LIMIT 1", article, version))
}

// RevisionNumber reads an article's revision by its number.
func RevisionNumber(ctx context.Context, from db.Querier, article int64, number int) (Revision, error) {
	r, err := oneRevision(from.QueryRow(ctx, revisionColumns+" WHERE article_id = ? AND number = ?", article, number))
	if err != nil {
		return Revision{}, fmt.Errorf("revision %d of article %d: %w", number, article, err)
	}
	return r, nil
}

func oneRevision(row scanner) (Revision, error) {
	r, err := scanRevision(row)
	if db.NoRows(err) {
		return Revision{}, ErrNotFound
	}
	return r, err
}
