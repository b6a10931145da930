package knowledge

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"huiyin/db"
)

// A file names related articles by their keys, or by their questions where they have none: numbers mean nothing elsewhere.

// nameRelated gives those names, in the order of the article.
func nameRelated(ctx context.Context, from db.Querier, ids []int64) ([]string, error) {
	var names []string
	for _, id := range ids {
		var key, title string
		err := from.QueryRow(ctx, "SELECT COALESCE(external_key, ''), title FROM articles WHERE id = ?", id).Scan(&key, &title)
		if db.NoRows(err) {
			continue // it is gone; nobody gets it any more
		}
		if err != nil {
			return nil, fmt.Errorf("read related articles: %w", err)
		}
		if key == "" {
			key = title
		}
		names = append(names, key)
	}
	return names, nil
}

// findRelated gives the articles of such names, and the names that there is no article of.
func findRelated(ctx context.Context, tx *db.Tx, names []string) (ids []int64, missing []string, err error) {
	for _, name := range names {
		if name = strings.Join(strings.Fields(name), " "); name == "" {
			continue
		}
		var id int64
		err := tx.QueryRow(ctx, "SELECT id FROM articles WHERE external_key = ?", name).Scan(&id)
		if db.NoRows(err) {
			err = tx.QueryRow(ctx, "SELECT id FROM articles WHERE title = ? ORDER BY id LIMIT 1", name).Scan(&id)
		}
		switch {
		case db.NoRows(err):
			missing = append(missing, name)
		case err != nil:
			return nil, nil, fmt.Errorf("look for related article: %w", err)
		default:
			ids = append(ids, id)
		}
	}
	return ids, missing, nil
}

// relatedNames reads the names of a JSONL line; a number is a key that its writer had no quotes for.
func relatedNames(raw json.RawMessage) (*[]string, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return nil, &Invalid{"related", `write a list of keys, as in ["…", "…"]`}
	}
	names := []string{}
	for _, one := range list {
		names = append(names, plainID(one))
	}
	return &names, nil
}

// related is a row that names articles which were not there when it was read; a row below may have made them.
type related struct {
	n   int // of the row
	row patch
}

// relate looks for the related articles again when every row is written.
func (i *Importing) relate(ctx context.Context) error {
	for list := i.related; len(list) > 0; {
		batch := list[:min(len(list), importBatch)]
		list = list[len(batch):]
		err := i.db.Tx(ctx, func(tx *db.Tx) error {
			i.staged.begin()
			sum := ImportInfo{Changed: i.Changed, Unchanged: i.Unchanged}
			for _, r := range batch {
				if err := i.relateRow(ctx, tx, r, &sum); err != nil {
					return fmt.Errorf("line %d: %w", r.row.line, err)
				}
			}
			n, err := tx.Exec(ctx, "UPDATE article_imports SET changed = ?, unchanged = ?, beat_at = ? WHERE id = ? AND state = ?",
				sum.Changed, sum.Unchanged, db.Millis(tx.Now), i.ID, string(ImportRunning))
			if err == nil && n == 0 {
				err = errTaken
			}
			tx.OnCommit(func() { i.Changed, i.Unchanged = sum.Changed, sum.Unchanged })
			return err
		})
		if err != nil {
			return fmt.Errorf("relate articles: %w", err)
		}
		i.staged.keep()
	}
	return nil
}

func (i *Importing) relateRow(ctx context.Context, tx *db.Tx, r related, sum *ImportInfo) error {
	row, err := importRow(ctx, tx, i.Author, i.stagedOptions().onto(r.row))
	if err != nil {
		return err
	}
	said := row.Message
	if len(row.missing) > 0 {
		said = "there is no related article " + strings.Join(row.missing, ", ")
	}
	if said != "" {
		_, err := tx.Exec(ctx, "UPDATE article_import_rows SET message = CASE message WHEN '' THEN '' ELSE message || '; ' END || ? WHERE import_id = ? AND n = ?", shownText(said), i.ID, r.n)
		if err != nil {
			return err
		}
	}
	if row.Outcome != Changed {
		return nil
	}
	n, err := tx.Exec(ctx, "UPDATE article_import_rows SET outcome = 'changed', before_draft = ?, before_published = ?, before_status = ? WHERE import_id = ? AND n = ? AND outcome = 'unchanged'",
		row.before.draft, row.before.published, string(row.before.status), i.ID, r.n)
	if err != nil {
		return err
	}
	sum.Changed, sum.Unchanged = sum.Changed+int(n), sum.Unchanged-int(n)
	now, err := Get(ctx, tx, row.Article)
	if err != nil {
		return err
	}
	return setGoal(ctx, tx, i.ID, row.Article, goal{string(row.goal), row.revision, now.Version})
}

// unrelated are the rows of a batch, the first of which is row n, that name articles which are not there.
func unrelated(n int, batch []patch, rows []RowReport) []related {
	var list []related
	for at, row := range rows {
		if len(row.missing) == 0 || row.Article == 0 || row.Outcome == Refused {
			continue
		}
		p := batch[at]
		list = append(list, related{n + at, patch{line: p.line, article: row.Article, draft: p.draft, related: p.related, mode: UpdateOnly}})
	}
	return list
}
