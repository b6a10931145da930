package knowledge

import (
	"context"
	"errors"
	"fmt"
	"time"

	"huiyin/db"
)

// Undo says how an import is undone.
type Undo struct {
	By    Author
	Force bool // also articles that were changed since
	// Allow refuses, with an Invalid, an article that whoever undoes may not write; it is left then. nil allows all.
	Allow func(before, after Content, live bool) error
}

// BeginUndo takes a finished import to be undone; RunUndo then does it, and ResumeUndos where its node has died.
func BeginUndo(ctx context.Context, tx *db.Tx, id int64, u Undo) error {
	n, err := tx.Exec(ctx, "UPDATE article_imports SET state = ?, beat_at = ?, kept = 0, problem = '', undo_by = ?, undone_name = ?, undo_force = ? WHERE id = ? AND dry = 0"+
		" AND (state = ? OR state = ? AND kept > 0)", string(ImportUndoing), db.Millis(tx.Now), u.By.ID, u.By.Name, number(u.Force), id, string(ImportDone), string(ImportUndone))
	if err != nil {
		return fmt.Errorf("undo import %d: %w", id, err)
	}
	if n == 0 {
		return ErrImportState
	}
	_, err = tx.Exec(ctx, "UPDATE article_import_rows SET undone = '' WHERE import_id = ? AND undone = 'kept'", id)
	return err
}

// RunUndo gives every article of an import back what it was, and takes away those that the import made: one that was
// never used is deleted, one that was is archived, since what was told to customers stays on record. Articles that were
// changed since are left, unless forced. Customers see all of it at once.
func RunUndo(ctx context.Context, d *db.DB, id int64, u Undo) error {
	if err := takeBackAll(ctx, d, id, ImportUndoing, u); err != nil {
		return err
	}
	return endTakeBack(ctx, d, id, ImportUndoing, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE article_imports SET state = ?, undone_at = ?, undone_name = ?,"+
			" kept = (SELECT COUNT(DISTINCT article_id) FROM article_import_rows r WHERE r.import_id = article_imports.id AND r.undone = 'kept')"+
			" WHERE id = ?", string(ImportUndone), db.Millis(tx.Now), u.By.Name, id)
		return err
	})
}

// takeBack takes back what a failing import has written.
func takeBack(ctx context.Context, d *db.DB, id int64) error {
	if err := takeBackAll(ctx, d, id, ImportFailing, Undo{}); err != nil {
		return err
	}
	return endTakeBack(ctx, d, id, ImportFailing, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE article_imports SET state = ? WHERE id = ?", string(ImportFailed), id)
		return err
	})
}

// endTakeBack gives every article its goal, all at once, deletes those that go, and ends it.
func endTakeBack(ctx context.Context, d *db.DB, id int64, state ImportState, end func(tx *db.Tx) error) error {
	step := func(do func(tx *db.Tx) error) error {
		return d.Tx(ctx, func(tx *db.Tx) error {
			n, err := tx.Exec(ctx, "UPDATE article_imports SET beat_at = ? WHERE id = ? AND state = ?", db.Millis(tx.Now), id, string(state))
			if err == nil && n == 0 {
				err = errTaken
			}
			if err == nil {
				err = do(tx)
			}
			if err != nil {
				return fmt.Errorf("take back import %d: %w", id, err)
			}
			return nil
		})
	}
	if err := step(func(tx *db.Tx) error { return reachGoals(ctx, tx, id) }); err != nil {
		return err
	}
	for last := int64(0); ; {
		next := int64(0)
		err := step(func(tx *db.Tx) (err error) {
			next, err = removeSome(ctx, tx, id, last)
			return err
		})
		if err != nil {
			return err
		}
		if last = next; last == 0 {
			return step(end)
		}
	}
}

func takeBackAll(ctx context.Context, d *db.DB, id int64, state ImportState, u Undo) error {
	for last, more := int64(0), true; more; {
		next := last
		err := d.Tx(ctx, func(tx *db.Tx) error {
			n, err := tx.Exec(ctx, "UPDATE article_imports SET beat_at = ? WHERE id = ? AND state = ?", db.Millis(tx.Now), id, string(state))
			if err != nil {
				return err
			}
			if n == 0 {
				return errTaken
			}
			articles, err := touched(ctx, tx, id, last)
			if more = len(articles) > 0; err != nil {
				return err
			}
			for _, article := range articles {
				if err := takeBackOne(ctx, tx, id, article, u); err != nil {
					return fmt.Errorf("article %d: %w", article, err)
				}
				next = article
			}
			return nil
		})
		last = next
		if err != nil {
			return fmt.Errorf("take back import %d: %w", id, err)
		}
	}
	return nil
}

// touched are the next articles of an import, behind one, that are not taken back yet.
func touched(ctx context.Context, tx *db.Tx, id, after int64) ([]int64, error) {
	rows, err := tx.Query(ctx, "SELECT DISTINCT article_id FROM article_import_rows WHERE import_id = ? AND article_id > ? AND undone = '' AND outcome IN ('added', 'changed')"+
		" ORDER BY article_id LIMIT ?", id, after, importBatch)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []int64
	for rows.Next() {
		var article int64
		if err := rows.Scan(&article); err != nil {
			return nil, err
		}
		list = append(list, article)
	}
	return list, rows.Err()
}

// takeBackOne takes back all that an import did to one article; several rows of its file may have changed it.
func takeBackOne(ctx context.Context, tx *db.Tx, id, article int64, u Undo) error {
	var outcome Outcome
	var was before
	var version int64
	const rows = " FROM article_import_rows WHERE import_id = ? AND article_id = ? AND outcome IN ('added', 'changed') ORDER BY n"
	err := tx.QueryRow(ctx, "SELECT outcome, before_draft, before_published, before_status"+rows+" LIMIT 1", id, article).
		Scan(&outcome, &was.draft, &was.published, &was.status)
	if err != nil {
		return err
	}
	if err := tx.QueryRow(ctx, "SELECT version"+rows+" DESC LIMIT 1", id, article).Scan(&version); err != nil {
		return err
	}
	undone, goal := "yes", goal{}
	a, err := lockArticle(ctx, tx, article)
	if err == nil && a.Version != version && !u.Force {
		undone = "kept"
	} else if err == nil {
		goal, err = restoreTo(ctx, tx, a, u, restoration{made: outcome == Added, untouched: a.Version == version, was: was, note: fmt.Sprintf("import %d undone", id)})
	}
	var invalid *Invalid
	if errors.As(err, &invalid) {
		undone, err = "kept", nil
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if _, err = tx.Exec(ctx, "UPDATE article_import_rows SET undone = ? WHERE import_id = ? AND article_id = ?", undone, id, article); err != nil {
		return err
	}
	if undone == "kept" {
		return nil
	}
	return setGoal(ctx, tx, id, article, goal)
}

// restoration says what an article goes back to.
type restoration struct {
	made      bool // the import made the article
	untouched bool // nobody has changed it since
	was       before
	note      string
}

func restoreTo(ctx context.Context, tx *db.Tx, a Article, u Undo, r restoration) (goal, error) {
	old := Revision{Content: a.Content} // the category that one must be allowed to write in, where there was nothing before
	if !r.made {
		var err error
		if old, err = GetRevision(ctx, tx, r.was.draft); err != nil {
			return goal{}, err
		}
	}
	if u.Allow != nil {
		if err := u.Allow(a.Content, old.Content, a.Status == Published || r.was.status == Published); err != nil {
			return goal{}, err
		}
	}
	if r.made && r.untouched {
		return goal{status: goalRemove, version: a.Version}, nil
	}
	if r.made {
		return goal{status: string(Archived), version: a.Version}, nil
	}
	if err := addRevision(ctx, tx, a.ID, u.By, old.Content, r.note); err != nil {
		return goal{}, err
	}
	published := r.was.published
	if published == r.was.draft {
		now, err := Get(ctx, tx, a.ID)
		if err != nil {
			return goal{}, err
		}
		published = now.DraftRevision
	}
	return goal{string(r.was.status), published, a.Version}, nil
}

// importSilence is how long an import may say nothing before its node is taken for dead.
const importSilence = 20 * time.Second

// dryKept is how long the report of a dry run stays.
const dryKept = 24 * time.Hour

// Allowance tells what whoever undid an import, and is not here any more, may write; it is as Undo.Allow.
type Allowance func(ctx context.Context, by int64) (func(before, after Content, live bool) error, error)

// RecoverImports takes back what imports wrote whose node has died, and goes on with what was being undone. It tells how many
// there were.
func RecoverImports(ctx context.Context, d *db.DB, allowed Allowance) (int, error) {
	var cut, undoing []int64
	err := d.Tx(ctx, func(tx *db.Tx) (err error) {
		silent, now := db.Millis(tx.Now.Add(-importSilence)), db.Millis(tx.Now)
		cut, err = takenOver(ctx, tx, "UPDATE article_imports SET state = ?, beat_at = ?, ended_at = ?, problem = CASE problem WHEN '' THEN 'the import was cut off; nothing of it is left' ELSE problem END"+
			" WHERE state IN ('running', 'failing') AND beat_at < ? RETURNING id", string(ImportFailing), now, now, silent)
		if err == nil {
			undoing, err = takenOver(ctx, tx, "UPDATE article_imports SET beat_at = ? WHERE state = ? AND beat_at < ? RETURNING id", now, string(ImportUndoing), silent)
		}
		if err == nil {
			err = forgetDryRuns(ctx, tx)
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("recover imports: %w", err)
	}
	for _, id := range cut {
		if err := takeBack(ctx, d, id); err != nil {
			return 0, err
		}
	}
	for _, id := range undoing {
		if err := resumeUndo(ctx, d, id, allowed); err != nil {
			return 0, err
		}
	}
	return len(cut) + len(undoing), nil
}

func resumeUndo(ctx context.Context, d *db.DB, id int64, allowed Allowance) error {
	var u Undo
	var force int
	err := d.QueryRow(ctx, "SELECT undo_by, undone_name, undo_force FROM article_imports WHERE id = ?", id).Scan(&u.By.ID, &u.By.Name, &force)
	if err != nil {
		return fmt.Errorf("go on undoing import %d: %w", id, err)
	}
	u.Force = force == 1
	if allowed != nil {
		if u.Allow, err = allowed(ctx, u.By.ID); err != nil {
			return fmt.Errorf("go on undoing import %d: %w", id, err)
		}
	}
	return RunUndo(ctx, d, id, u)
}

func takenOver(ctx context.Context, tx *db.Tx, query string, args ...any) ([]int64, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

func forgetDryRuns(ctx context.Context, tx *db.Tx) error {
	const old = "SELECT id FROM article_imports WHERE dry = 1 AND started_at < ?"
	before := db.Millis(tx.Now.Add(-dryKept))
	if _, err := tx.Exec(ctx, "DELETE FROM article_import_rows WHERE import_id IN ("+old+")", before); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "DELETE FROM article_imports WHERE dry = 1 AND started_at < ?", before)
	return err
}
