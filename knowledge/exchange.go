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
	"huiyin/knowledge/sheet"
	"huiyin/knowledge/unpack"
)

// Format is a form of file that articles are exchanged in.
type Format string

// The formats. A JSONL line is one article; a row of a table is one language of one article.
const (
	CSV      Format = "csv"
	XLSX     Format = "xlsx"
	JSONL    Format = "jsonl"
	Markdown Format = "markdown" // a file, or a packed folder of files
	HTML     Format = "html"
	Word     Format = "docx"
	ZIP      Format = "zip"   // documents of any form
	XLIFF    Format = "xliff" // translations
)

// The limits of one file.
const (
	MaxFile = 64 << 20
	MaxRows = 100_000
)

// FormatOf tells the format by the file's name.
func FormatOf(name string) (Format, error) {
	switch ext := strings.ToLower(filepath.Ext(name)); ext {
	case ".csv", ".tsv", ".txt":
		return CSV, nil
	case ".xlsx", ".xlsm":
		return XLSX, nil
	case ".jsonl", ".ndjson":
		return JSONL, nil
	case ".md", ".markdown":
		return Markdown, nil
	case ".html", ".htm":
		return HTML, nil
	case ".docx", ".docm":
		return Word, nil
	case ".zip":
		return ZIP, nil
	case ".xlf", ".xliff":
		return XLIFF, nil
	case ".doc", ".rtf", ".odt", ".pdf", ".mhtml", ".mht":
		return "", &Invalid{"file", "documents of the form " + ext + " are not supported; save it as .docx or .html"}
	case ".xls", ".xlsb", ".ods":
		return "", &Invalid{"file", "spreadsheets of the form " + ext + " are not supported; save it as .xlsx or CSV"}
	default:
		return "", errForm
	}
}

// errTooMany refuses a file with more than MaxRows articles.
var errTooMany = &Invalid{"file", fmt.Sprintf("more than %d articles; divide the file", MaxRows)}

// errForm refuses a file of a form that is not known.
var errForm = &Invalid{"file", "the supported forms are .xlsx, .csv, .jsonl, .docx, .html, .md, .zip and .xliff"}

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

	Title  string `json:"title,omitempty"`  // what a person knows it by
	Source string `json:"source,omitempty"` // the file in an archive

	before   before
	goal     Status   // what the article becomes when the whole file is written; empty: it is that already
	revision int64    // of the article, that customers get then
	missing  []string // related articles that are not there
}

// before is what an article was before a row changed it; all zero when there was none.
type before struct {
	draft, published int64
	status           Status
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
	line       int
	key        string
	article    int64       // the article itself; 0: told by key or question
	translated *translated // what it is a translation of
	source     string      // the file in an archive
	pictures   []string    // where pictures of its answer are
	notice     string      // what the report says beside the outcome
	status     Status      // empty: as it is; a new article with an answer is published
	category   *string
	tags       *[]string
	question   map[string]string
	similar    map[string][]string
	answer     map[string]string

	audience              *Audience
	validFrom, validUntil *time.Time
	variants              *[]Variant
	notes                 *string
	related               *[]string // names
	relatedIDs            []int64   // the articles of these names, as far as there are any

	match   Match
	mode    Mode
	allow   func(before, after Content, live bool) error // nil: everything
	staged  *staged                                      // nil: each row has its effect at once
	draft   bool                                         // it goes to no customer, whatever status says
	whole   bool                                         // the texts are all there are; else languages not named stay
	refused error                                        // the row cannot be read
}

// reader gives the articles of a file one by one; io.EOF ends it. An error beside a row's own ends the import.
type reader interface {
	next() (patch, error)
	close() error
}

// importBatch is how many articles share a transaction.
const importBatch = 20

// ImportOptions say what to do with the articles of a file.
type ImportOptions struct {
	Draft  bool // nothing new reaches the customers: what is imported becomes a draft, beside what is published
	DryRun bool // write nothing, only report
	Table  Table
	Match  Match
	Mode   Mode
	// Heading is the level of heading at which documents are divided into questions, 1 to document.MaxLevel; 0: 2.
	Heading int
	// Picture keeps a picture of an archive and gives the address under which articles show it; an Invalid refuses it. nil:
	// no pictures are taken along.
	Picture func(name string, data []byte) (address string, err error)

	within func(tx *db.Tx, rows []RowReport) error // called in the transaction of a batch; may be nil
	staged *staged                                 // what rows above have done; nil: rows have their effect at once
	// Allow refuses, with an Invalid, a row that whoever imports may not write: the content that the article had (the zero
	// one when it is new), the one it gets, and whether customers get it or lose it. nil allows every row.
	Allow func(before, after Content, live bool) error
}

// onto lays the options over what an article of the file says itself.
func (o ImportOptions) onto(p patch) patch {
	p.draft, p.match, p.allow, p.staged = p.draft || o.Draft, o.Match, o.Allow, o.staged
	if p.mode == CreateAndUpdate {
		p.mode = o.Mode
	}
	return p
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
	u, err := Spool("articles."+string(format), file)
	if err != nil {
		return report, err
	}
	defer func() { _ = u.Close() }()
	in, err := newReader(format, u, o)
	if err != nil {
		return report, err
	}
	defer func() { _ = in.close() }()
	err = eachBatch(in, func(batch []patch) error {
		rows, err := importRows(ctx, d, author, batch, o)
		report.add(rows...)
		return err
	})
	return report, err
}

// eachBatch hands the articles of a file on in batches that share a transaction.
func eachBatch(in reader, use func([]patch) error) error {
	for n := 0; ; {
		batch, err := readBatch(in)
		done := errors.Is(err, io.EOF)
		if err != nil && !done {
			return err
		}
		if n += len(batch); n > MaxRows {
			return errTooMany
		}
		if err := use(batch); err != nil || done {
			return err
		}
	}
}

func newReader(format Format, u *Upload, o ImportOptions) (reader, error) {
	switch format {
	case CSV, XLSX:
		book, err := sheet.Open(u, u.Size, tableLimits())
		if err != nil {
			return nil, refusedFile(err)
		}
		return newTableReader(book, o.Table)
	case JSONL:
		text, _ := sheet.Decode(u.text())
		return &jsonlReader{lines: lines{from: text}}, nil
	case Markdown, HTML, Word, ZIP:
		return newDocumentReader(u, o)
	case XLIFF:
		return newXLIFFReader(u.text())
	default:
		return nil, errForm
	}
}

// tableLimits leave room for articles in several languages, each a row.
func tableLimits() sheet.Limits {
	l := sheet.Defaults()
	l.Bytes, l.Rows = MaxFile, 4*MaxRows
	return l
}

// refusedFile tells why a file cannot be read, as a refusal.
func refusedFile(err error) error {
	var fault *unpack.Refused
	if errors.As(err, &fault) {
		return &Invalid{"file", fault.Message}
	}
	return err
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
		o.staged.begin()
		for _, p := range batch {
			p = o.onto(p)
			row, err := importRow(ctx, tx, author, p)
			if err != nil {
				return fmt.Errorf("line %d: %w", p.line, err)
			}
			rows = append(rows, row)
		}
		if o.within != nil {
			return o.within(tx, rows)
		}
		if o.DryRun {
			return errRehearsal
		}
		return nil
	})
	if err != nil && !errors.Is(err, errRehearsal) {
		return nil, err
	}
	o.staged.keep()
	return rows, nil
}
