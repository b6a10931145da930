package knowledge

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"huiyin/db"
	"huiyin/knowledge/sheet"
)

const importColumns = "SELECT id, author_id, author_name, name, format, dry, draft, state, done, added, changed, unchanged, refused, kept, problem," +
	" started_at, ended_at, undone_at, undone_name FROM article_imports"

// GetImport reads one import.
func GetImport(ctx context.Context, from db.Querier, id int64) (ImportInfo, error) {
	i, err := scanImport(from.QueryRow(ctx, importColumns+" WHERE id = ?", id))
	if db.NoRows(err) {
		return ImportInfo{}, ErrNotFound
	}
	if err != nil {
		return ImportInfo{}, fmt.Errorf("read import %d: %w", id, err)
	}
	return i, nil
}

// ListImports lists the imports, dry runs left out, newest first, those before an id (0: from the newest).
func ListImports(ctx context.Context, from db.Querier, before int64, limit int) ([]ImportInfo, error) {
	if before <= 0 {
		before = 1 << 62
	}
	rows, err := from.Query(ctx, importColumns+" WHERE id < ? AND dry = 0 ORDER BY id DESC LIMIT ?", before, pageSize(limit))
	if err != nil {
		return nil, fmt.Errorf("list imports: %w", err)
	}
	defer rows.Close()
	list := []ImportInfo{}
	for rows.Next() {
		i, err := scanImport(rows)
		if err != nil {
			return nil, fmt.Errorf("list imports: %w", err)
		}
		list = append(list, i)
	}
	return list, rows.Err()
}

func scanImport(row scanner) (ImportInfo, error) {
	var i ImportInfo
	var dry, draft int
	var started, ended, undone int64
	err := row.Scan(&i.ID, &i.Author.ID, &i.Author.Name, &i.Name, &i.Format, &dry, &draft, &i.State, &i.Done, &i.Added, &i.Changed, &i.Unchanged,
		&i.Refused, &i.Kept, &i.Problem, &started, &ended, &undone, &i.UndoneBy)
	i.Dry, i.Draft = dry == 1, draft == 1
	i.StartedAt, i.EndedAt, i.UndoneAt = db.Time(started), db.Time(ended), db.Time(undone)
	return i, err
}

// ImportRow is what became of one article of a file.
type ImportRow struct {
	N      int // counted from 1 in the order of the file
	Undone string
	RowReport
}

// ImportRowsFilter chooses rows of an import's report.
type ImportRowsFilter struct {
	Outcome Outcome // empty: all
	Kept    bool    // only those that an undo left
	After   int     // the row where the page before ended
	Limit   int
}

// ImportRows reads a page of what became of the articles of a file.
func ImportRows(ctx context.Context, from db.Querier, id int64, f ImportRowsFilter) ([]ImportRow, error) {
	where, args := " WHERE import_id = ? AND n > ?", []any{id, f.After}
	if f.Outcome != "" {
		where, args = where+" AND outcome = ?", append(args, string(f.Outcome))
	}
	if f.Kept {
		where += " AND undone = 'kept'"
	}
	rows, err := from.Query(ctx, "SELECT n, line, source, article_key, title, article_id, outcome, field, message, undone FROM article_import_rows"+
		where+" ORDER BY n LIMIT ?", append(args, pageSize(f.Limit))...)
	if err != nil {
		return nil, fmt.Errorf("read import %d: %w", id, err)
	}
	defer rows.Close()
	list := []ImportRow{}
	for rows.Next() {
		var r ImportRow
		if err := rows.Scan(&r.N, &r.Line, &r.Source, &r.Key, &r.Title, &r.Article, &r.Outcome, &r.Field, &r.Message, &r.Undone); err != nil {
			return nil, fmt.Errorf("read import %d: %w", id, err)
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

// reportPage is how many rows of a report are read at a time.
const reportPage = 100

// WriteImportReport writes the whole report of an import as a table.
func WriteImportReport(ctx context.Context, from db.Querier, id int64, kind sheet.Kind, to io.Writer) error {
	out, err := sheet.NewWriter(kind, to, "import")
	if err != nil {
		return refusedFile(err)
	}
	if err := out.Row("file", "line", "key", "question", "outcome", "field", "message", "article", "undone"); err != nil {
		return err
	}
	for after := 0; ; {
		page, err := ImportRows(ctx, from, id, ImportRowsFilter{After: after, Limit: reportPage})
		if err != nil {
			return err
		}
		for _, r := range page {
			article := ""
			if r.Article != 0 {
				article = strconv.FormatInt(r.Article, 10)
			}
			if err := out.Row(r.Source, strconv.Itoa(r.Line), r.Key, r.Title, string(r.Outcome), r.Field, r.Message, article, r.Undone); err != nil {
				return err
			}
			after = r.N
		}
		if len(page) == 0 {
			return out.Close()
		}
	}
}

// shownText makes text of a file fit to be stored and shown.
func shownText(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(clip(s, 500), "\ufffd"), "\x00", "")
	return s
}

// Went is an article that customers got from an import, and when.
type Went struct {
	Article int64
	At      time.Time
}

// mostWent bounds how many of them are told.
const mostWent = 2000

// ImportedLive tells which published articles imports changed for the customers in a span of time, newest first; of one article
// (0: all) also that an import brought it.
func ImportedLive(ctx context.Context, from db.Querier, begin, end time.Time, article int64) ([]Went, error) {
	where, args := " AND r.before_status = ?", []any{db.Millis(begin), db.Millis(end), string(Published)}
	if article != 0 {
		where, args[2] = " AND r.article_id = ?", article
	}
	rows, err := from.Query(ctx, "SELECT DISTINCT r.article_id, i.ended_at FROM article_imports i JOIN article_import_rows r ON r.import_id = i.id"+
		" WHERE i.ended_at >= ? AND i.ended_at < ? AND i.state IN ('done', 'undoing', 'undone') AND r.goal_revision > 0 AND r.undone IN ('', 'kept')"+where+
		" ORDER BY i.ended_at DESC, r.article_id LIMIT ?", append(args, mostWent)...)
	if err != nil {
		return nil, fmt.Errorf("read imported articles: %w", err)
	}
	defer rows.Close()
	var list []Went
	for rows.Next() {
		var w Went
		var at int64
		if err := rows.Scan(&w.Article, &at); err != nil {
			return nil, fmt.Errorf("read imported articles: %w", err)
		}
		w.At = db.Time(at)
		list = append(list, w)
	}
	return list, rows.Err()
}
