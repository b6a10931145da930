package knowledge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"huiyin/db"
)

// Format is a form of file that articles are exchanged in.
type Format string

// The formats. A JSONL line is one article; a CSV row is one language of one article.
const (
	CSV   Format = "csv"
	JSONL Format = "jsonl"
)

// The limits of one file.
const (
	MaxFile = 64 << 20
	MaxRows = 100_000
	maxLine = 4 << 20
)

// FormatOf tells the format by the file's name.
func FormatOf(name string) (Format, error) {
	switch ext := strings.ToLower(filepath.Ext(name)); ext {
	case ".csv", ".tsv", ".txt":
		return CSV, nil
	case ".jsonl", ".ndjson":
		return JSONL, nil
	case ".xlsx", ".xls", ".ods":
		return "", &Invalid{"file", "spreadsheets of the form " + ext + " are not supported; save it as CSV (UTF-8), or use JSONL"}
	default:
		return "", &Invalid{"file", "the supported forms are .csv and .jsonl"}
	}
}

// Outcome is what became of one row of a file.
type Outcome string

// The outcomes.
const (
	Added     Outcome = "added"
	Changed   Outcome = "changed"
	Unchanged Outcome = "unchanged"
	Refused   Outcome = "refused"
)

// RowReport tells what became of one article of a file, and why when it was refused.
type RowReport struct {
	Line    int     `json:"line"`
	Key     string  `json:"key"`
	Article int64   `json:"article,omitempty"`
	Outcome Outcome `json:"outcome"`
	Field   string  `json:"field,omitempty"`
	Message string  `json:"message,omitempty"`
}

// Report tells what became of a file, row by row.
type Report struct {
	Added     int         `json:"added"`
	Changed   int         `json:"changed"`
	Unchanged int         `json:"unchanged"`
	Refused   int         `json:"refused"`
	Rows      []RowReport `json:"rows"`
}

func (r *Report) add(rows ...RowReport) {
	for _, row := range rows {
		switch row.Outcome {
		case Added:
			r.Added++
		case Changed:
			r.Changed++
		case Unchanged:
			r.Unchanged++
		case Refused:
			r.Refused++
		}
		r.Rows = append(r.Rows, row)
	}
}

// patch is what one article of a file says. What it leaves unsaid keeps what the article has.
type patch struct {
	line     int
	key      string
	status   Status // empty: as it is; a new article with an answer is published
	category *string
	tags     *[]string
	question map[string]string
	similar  map[string][]string
	answer   map[string]string

	audience              *Audience
	validFrom, validUntil *time.Time
	variants              *[]Variant

	allow   func(before, after Content, live bool) error // nil: everything
	draft   bool                                         // it goes to no customer, whatever status says
	whole   bool                                         // the texts are all there are; else languages not named stay
	refused error                                        // the row cannot be read
}

// reader gives the articles of a file one by one; io.EOF ends it. An error beside a row's own ends the import.
type reader interface{ next() (patch, error) }

// importBatch is how many articles share a transaction.
const importBatch = 20

// ImportOptions say what to do with the articles of a file.
type ImportOptions struct {
	Draft  bool // nothing new reaches the customers: what is imported becomes a draft, beside what is published
	DryRun bool // write nothing, only report
	// Allow refuses, with an Invalid, a row that whoever imports may not write: the content that the article had (the zero
	// one when it is new), the one it gets, and whether customers get it or lose it. nil allows every row.
	Allow func(before, after Content, live bool) error
}

// errRehearsal undoes a transaction of a dry run.
var errRehearsal = errors.New("this was a rehearsal")

// Import reads a file of articles and writes those that can be written. The report tells what became of each, as
// far as the import came when it ends with an error.
func Import(ctx context.Context, d *db.DB, author Author, format Format, file io.Reader) (Report, error) {
	return ImportWith(ctx, d, author, format, file, ImportOptions{})
}

// ImportWith is Import with options.
func ImportWith(ctx context.Context, d *db.DB, author Author, format Format, file io.Reader, o ImportOptions) (Report, error) {
	report := Report{Rows: []RowReport{}}
	in, err := newReader(format, &limited{from: file, left: MaxFile})
	if err != nil {
		return report, err
	}
	for done := false; !done; {
		batch, err := readBatch(in)
		if done = errors.Is(err, io.EOF); err != nil && !done {
			return report, err
		}
		rows, err := importRows(ctx, d, author, batch, o)
		report.add(rows...)
		if err != nil {
			return report, err
		}
		if len(report.Rows) > MaxRows {
			return report, &Invalid{"file", fmt.Sprintf("more than %d articles; divide the file", MaxRows)}
		}
	}
	return report, nil
}

func newReader(format Format, from io.Reader) (reader, error) {
	text := decoded(from)
	switch format {
	case CSV:
		return newCSVReader(text)
	case JSONL:
		return &jsonlReader{lines: lines{from: text}}, nil
	default:
		return nil, &Invalid{"file", "the supported forms are .csv and .jsonl"}
	}
}

func readBatch(in reader) ([]patch, error) {
	var batch []patch
	for len(batch) < importBatch {
		p, err := in.next()
		if err != nil {
			return batch, err
		}
		batch = append(batch, p)
	}
	return batch, nil
}

func importRows(ctx context.Context, d *db.DB, author Author, batch []patch, o ImportOptions) ([]RowReport, error) {
	if len(batch) == 0 {
		return nil, nil
	}
	var rows []RowReport
	err := d.Tx(ctx, func(tx *db.Tx) error {
		rows = make([]RowReport, 0, len(batch))
		for _, p := range batch {
			p.draft, p.allow = o.Draft, o.Allow
			row, err := importRow(ctx, tx, author, p)
			if err != nil {
				return fmt.Errorf("line %d: %w", p.line, err)
			}
			rows = append(rows, row)
		}
		if o.DryRun {
			return errRehearsal
		}
		return nil
	})
	if err != nil && !errors.Is(err, errRehearsal) {
		return nil, err
	}
	return rows, nil
}

// limited is a reader that refuses what is beyond its limit, rather than cutting it off.
type limited struct {
	from io.Reader
	left int64
}

// Read reads up to the limit.
func (l *limited) Read(p []byte) (int, error) {
	n, err := l.from.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return 0, &Invalid{"file", fmt.Sprintf("larger than %d MB; divide the file", MaxFile>>20)}
	}
	return n, err
}
