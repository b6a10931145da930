package knowledge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"huiyin/db"
)

// ImportState is where an import stands.
type ImportState string

// The states. What a running import has written is taken back when it fails, and when its node dies.
const (
	ImportRunning ImportState = "running"
	ImportChecked ImportState = "checked" // a dry run that has ended
	ImportDone    ImportState = "done"
	ImportFailing ImportState = "failing" // what it wrote is being taken back
	ImportFailed  ImportState = "failed"  // nothing of it is left
	ImportUndoing ImportState = "undoing"
	ImportUndone  ImportState = "undone"
)

// ImportInfo is one import of a file: who, when, how far, and what became of it.
type ImportInfo struct {
	ID        int64
	Author    Author
	Name      string // of the file
	Format    Format
	Dry       bool // nothing was to be written
	Draft     bool // nothing was to be published
	State     ImportState
	Done      int // articles of the file that are dealt with
	Added     int
	Changed   int
	Unchanged int
	Refused   int
	Kept      int // articles that an undo left, because they had been changed since
	Problem   string
	StartedAt time.Time
	EndedAt   time.Time
	UndoneAt  time.Time
	UndoneBy  string
}

// ErrImportState means that an import is not in a state in which this can be done to it.
var ErrImportState = errors.New("this import cannot be undone: it is not finished, or it is undone already")

// ErrStopping is the cause of a context that ends because the program does: there is no time to take back what an import
// has written, and RecoverImports will.
var ErrStopping = errors.New("the program is ending")

// errTaken means that another node has taken over, because this one was silent for too long.
var errTaken = errors.New("the import was given up because it had come to a halt")

// BeginImport opens a file and notes that its import begins. What cannot be read at all is refused here.
func BeginImport(ctx context.Context, d *db.DB, author Author, u *Upload, o ImportOptions) (*Importing, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	format, err := FormatOf(u.Name)
	if err != nil {
		return nil, err
	}
	if err := refuseTooMany(format, u, o); err != nil {
		return nil, err
	}
	in, err := newReader(format, u, o)
	if err != nil {
		return nil, err
	}
	i := &Importing{db: d, in: in, options: o, ImportInfo: ImportInfo{Author: author, Name: clip(u.Name, 200), Format: format, Dry: o.DryRun, Draft: o.Draft, State: ImportRunning}}
	err = d.Tx(ctx, func(tx *db.Tx) (err error) {
		i.StartedAt = tx.Now
		now := db.Millis(tx.Now)
		i.ID, err = tx.Insert(ctx, "INSERT INTO article_imports (author_id, author_name, name, format, dry, draft, state, started_at, beat_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
			author.ID, author.Name, i.Name, string(format), number(o.DryRun), number(o.Draft), string(ImportRunning), now, now)
		return err
	})
	if err != nil {
		_ = in.close()
		return nil, fmt.Errorf("begin import: %w", err)
	}
	return i, nil
}

// refuseTooMany counts the articles of a file that is read quickly, so that one with too many is refused before the first is
// written and not after the last that would be allowed. What else is wrong with it is told where it is read.
func refuseTooMany(format Format, u *Upload, o ImportOptions) error {
	if format != CSV && format != XLSX && format != JSONL {
		return nil
	}
	in, err := newReader(format, u, o)
	if err != nil {
		return err
	}
	if n, _ := countUpTo(in, MaxRows+1); n > MaxRows {
		return errTooMany
	}
	return nil
}

// Importing is an import under way on this node.
type Importing struct {
	ImportInfo
	db      *db.DB
	in      reader
	options ImportOptions
	seen    map[string]bool // keys of a dry run, whose batches do not see each other
	staged  staged
	related []related // rows to be looked at again when all are written
}

// Run imports the whole file: as drafts first, and all at once for the customers when the last row is written. When it fails, what it had written is taken back, now or, when the database is away too,
// by whoever calls RecoverImports.
func (i *Importing) Run(ctx context.Context) (Report, error) {
	defer func() { _ = i.in.close() }()
	report := Report{Rows: []RowReport{}}
	err := eachBatch(i.in, func(batch []patch) error {
		first := i.Done + 1
		rows, err := importRowsNoting(ctx, i, batch)
		report.add(rows...)
		if !i.Dry {
			i.related = append(i.related, unrelated(first, batch, rows)...)
		}
		return err
	})
	if err == nil {
		err = i.relate(ctx)
	}
	end := ImportDone
	if i.Dry {
		end = ImportChecked
	}
	if err == nil {
		err = i.finish(ctx, end, "")
	}
	if err == nil {
		return report, nil
	}
	if errors.Is(context.Cause(ctx), ErrStopping) {
		return report, ErrStopping
	}
	ctx = context.WithoutCancel(ctx)
	if failed := i.finish(ctx, ImportFailing, err.Error()); failed != nil {
		return report, errors.Join(err, failed)
	}
	return report, errors.Join(err, takeBack(ctx, i.db, i.ID))
}

// importRowsNoting writes a batch and what became of it in one transaction; of a dry run only the latter stays.
func importRowsNoting(ctx context.Context, i *Importing, batch []patch) ([]RowReport, error) {
	if i.Dry {
		rows, err := importRows(ctx, i.db, i.Author, batch, i.options)
		if err != nil {
			return nil, err
		}
		i.tellRepeats(rows)
		return rows, i.db.Tx(ctx, func(tx *db.Tx) error { return i.note(ctx, tx, rows) })
	}
	o := i.stagedOptions()
	o.within = func(tx *db.Tx, rows []RowReport) error { return i.note(ctx, tx, rows) }
	return importRows(ctx, i.db, i.Author, batch, o)
}

// stagedOptions are for rows that have their effect when all are written.
func (i *Importing) stagedOptions() ImportOptions {
	o := i.options
	o.staged = &i.staged
	return o
}

// tellRepeats says of a row whose key stood in the file before that it will change what that row adds.
func (i *Importing) tellRepeats(rows []RowReport) {
	if i.seen == nil {
		i.seen = map[string]bool{}
	}
	for at, r := range rows {
		if r.Key == "" || r.Outcome == Refused {
			continue
		}
		if r.Outcome == Added && i.seen[r.Key] {
			rows[at].Outcome = Changed
		}
		i.seen[r.Key] = true
	}
}

// note writes what became of a batch. It fails when another node has taken over.
func (i *Importing) note(ctx context.Context, tx *db.Tx, rows []RowReport) error {
	var sum Report
	sum.add(rows...)
	n, err := tx.Exec(ctx, "UPDATE article_imports SET done = ?, added = ?, changed = ?, unchanged = ?, refused = ?, beat_at = ? WHERE id = ? AND state = ?",
		i.Done+len(rows), i.Added+sum.Added, i.Changed+sum.Changed, i.Unchanged+sum.Unchanged, i.Refused+sum.Refused, db.Millis(tx.Now), i.ID, string(ImportRunning))
	if err != nil {
		return fmt.Errorf("note import: %w", err)
	}
	if n == 0 {
		return errTaken
	}
	for at, row := range rows {
		if err := i.noteRow(ctx, tx, i.Done+at+1, row); err != nil {
			return err
		}
	}
	tx.OnCommit(func() {
		i.Done, i.Added, i.Changed, i.Unchanged, i.Refused = i.Done+len(rows), i.Added+sum.Added, i.Changed+sum.Changed, i.Unchanged+sum.Unchanged, i.Refused+sum.Refused
	})
	return nil
}

func (i *Importing) noteRow(ctx context.Context, tx *db.Tx, n int, r RowReport) error {
	version := int64(0)
	if !i.Dry && (r.Outcome == Added || r.Outcome == Changed) {
		if err := tx.QueryRow(ctx, "SELECT version FROM articles WHERE id = ?", r.Article).Scan(&version); err != nil {
			return fmt.Errorf("note import: %w", err)
		}
	}
	if i.Dry && r.Outcome == Added {
		r.Article = 0 // it was never there
	}
	if !i.Dry && r.Outcome == Changed {
		if _, err := tx.Exec(ctx, "UPDATE article_import_rows SET goal = '', goal_revision = 0 WHERE import_id = ? AND article_id = ? AND n < ?", i.ID, r.Article, n); err != nil {
			return fmt.Errorf("note import: %w", err)
		}
	}
	_, err := tx.Exec(ctx, "INSERT INTO article_import_rows (import_id, n, line, source, article_key, title, article_id, outcome, field, message,"+
		" before_draft, before_published, before_status, version, goal, goal_revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		i.ID, n, r.Line, shownText(r.Source), shownText(r.Key), r.Title, r.Article, string(r.Outcome), r.Field, shownText(r.Message),
		r.before.draft, r.before.published, string(r.before.status), version, string(r.goal), r.revision)
	if err != nil {
		return fmt.Errorf("note import: %w", err)
	}
	return nil
}

func (i *Importing) finish(ctx context.Context, to ImportState, problem string) error {
	return i.db.Tx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, "UPDATE article_imports SET state = ?, problem = ?, ended_at = ? WHERE id = ? AND state = ?",
			string(to), shownText(problem), db.Millis(tx.Now), i.ID, string(ImportRunning))
		if err != nil {
			return fmt.Errorf("end import: %w", err)
		}
		if n == 0 {
			return errTaken
		}
		if to == ImportDone {
			if err := leaveOvertaken(ctx, tx, i.ID); err != nil {
				return fmt.Errorf("import %d at once: %w", i.ID, err)
			}
			if err := reachGoals(ctx, tx, i.ID); err != nil {
				return err
			}
		}
		tx.OnCommit(func() { i.State, i.Problem, i.EndedAt = to, problem, tx.Now })
		return nil
	})
}

// ImportFile imports a file and waits until it is done; the import is noted, so that it can be undone.
func ImportFile(ctx context.Context, d *db.DB, author Author, name string, file io.Reader, o ImportOptions) (ImportInfo, Report, error) {
	u, err := Spool(name, file)
	if err != nil {
		return ImportInfo{}, Report{}, err
	}
	defer func() { _ = u.Close() }()
	i, err := BeginImport(ctx, d, author, u, o)
	if err != nil {
		return ImportInfo{}, Report{}, err
	}
	report, err := i.Run(ctx)
	return i.ImportInfo, report, err
}
